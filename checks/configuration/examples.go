package configuration

import (
	"regexp"
	"strings"
)

var (
	start  = regexp.MustCompile(`^( *)postern:( .*)?$`)
	inLine = regexp.MustCompile(`'(postern: \{.*\})'`)
)

// Examples are the settings that a page shows, in blocks and as words of commands.
func Examples(page string) []string {
	var found []string
	lines := strings.Split(page, "\n")
	for i, line := range lines {
		if match := inLine.FindStringSubmatch(line); match != nil {
			found = append(found, match[1])
		}
		match := start.FindStringSubmatch(line)
		if match == nil {
			continue
		}
		block := []string{line}
		for _, next := range lines[i+1:] {
			if next != "" && !strings.HasPrefix(next, match[1]+" ") {
				break
			}
			block = append(block, next)
		}
		found = append(found, strings.Join(block, "\n"))
	}
	return found
}
