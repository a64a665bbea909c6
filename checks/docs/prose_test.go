package docs

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	// A comment, a text block, a string or a character, whichever begins first.
	lexeme    = regexp.MustCompile(`(?s)/\*.*?\*/|//[^\n]*|"""\n.*?"""|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)+'`)
	margin    = regexp.MustCompile(`(?m)^[ \t]*\*? ?`)
	inlineTag = regexp.MustCompile(`\{@\w+\s+([^}]*)\}`)
	paragraph = regexp.MustCompile(`</?(?:p|ul|ol|li|pre)>|^@\w+`)
	escape    = regexp.MustCompile(`%[ntsdx]|\\[nt"]`)
	plus      = regexp.MustCompile(`^\s*\+\s*$`)
	note      = regexp.MustCompile(`^\s*(?:summary|description): +(.*)$`)
)

// prose is what people read of a source, as a page for the linter.
type prose struct {
	page bytes.Buffer
	// The source's line for each line of the page.
	lines []int
}

func (p *prose) add(line int, text string) {
	p.page.WriteString(strings.TrimSpace(text) + "\n")
	p.lines = append(p.lines, line)
}

// ofJava takes comments, and strings of more than a word.
func ofJava(source string) *prose {
	p := &prose{}
	end := 0
	for _, at := range lexeme.FindAllStringIndex(source, -1) {
		text, line := source[at[0]:at[1]], 1+strings.Count(source[:at[0]], "\n")
		switch {
		case strings.HasPrefix(text, "/"):
			text = strings.TrimRight(strings.TrimLeft(text, "/*"), "/* ")
			text = inlineTag.ReplaceAllString(margin.ReplaceAllString(text, ""), "`$1`")
			p.add(line, "")
			for i, words := range strings.Split(text, "\n") {
				if paragraph.MatchString(words) {
					p.add(line+i, "")
				}
				p.add(line+i, paragraph.ReplaceAllString(words, ""))
			}
		case strings.HasPrefix(text, `"`) && strings.Contains(strings.TrimSpace(text), " "):
			if !plus.MatchString(source[end:at[0]]) {
				p.add(line, "")
			}
			p.add(line, escape.ReplaceAllString(strings.Trim(text, `"`), " "))
		}
		end = at[1]
	}
	return p
}

// ofRules takes what alerts say.
func ofRules(source string) *prose {
	p := &prose{}
	for i, line := range strings.Split(source, "\n") {
		if match := note.FindStringSubmatch(line); match != nil {
			p.add(i+1, match[1])
			p.add(i+1, "")
		}
	}
	return p
}

func ofPage(source string) *prose {
	p := &prose{}
	p.page.WriteString(source)
	for i := range strings.Count(source, "\n") + 1 {
		p.lines = append(p.lines, i+1)
	}
	return p
}

// read what people read, by the paths of the sources.
func proseOf(t *testing.T) map[string]*prose {
	t.Helper()
	found := map[string]*prose{}
	for path, page := range pages(t) {
		found[path] = ofPage(page)
	}
	for directory, of := range map[string]func(string) *prose{"src/main/java": ofJava, "k8s/monitoring": ofRules} {
		err := filepath.WalkDir(filepath.Join(root, directory), func(path string, entry fs.DirEntry, err error) error {
			if extension := filepath.Ext(path); err == nil && (extension == ".java" || extension == ".yaml") {
				found[path] = of(read(t, path))
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return found
}

type alert struct {
	Line           int
	Match, Message string
}

// lint asks Vale (https://vale.sh) about texts, with the rules in checks/prose.
func lint(t *testing.T, texts map[string]*prose) map[string][]alert {
	t.Helper()
	directory, sources := t.TempDir(), map[string]string{}
	for path, text := range texts {
		name := filepath.Join(directory, strings.ReplaceAll(strings.TrimPrefix(path, root), "/", "_")+".md")
		if err := os.WriteFile(name, text.page.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		sources[name] = path
	}
	vale := exec.Command("go", "tool", "vale", "--config=vale.ini", "--output=JSON", "--no-exit", directory)
	vale.Dir = "../prose"
	vale.Stderr = os.Stderr
	output, err := vale.Output()
	if err != nil {
		t.Fatal(err)
	}
	var alerts map[string][]alert
	if err := json.Unmarshal(output, &alerts); err != nil {
		t.Fatalf("%v: %s", err, output)
	}
	found := map[string][]alert{}
	for name, each := range alerts {
		path := sources[name]
		for _, one := range each {
			one.Line = texts[path].lines[one.Line-1]
			found[path] = append(found[path], one)
		}
	}
	return found
}

func TestProseIsPlainEnglish(t *testing.T) {
	for path, alerts := range lint(t, proseOf(t)) {
		for _, one := range alerts {
			t.Errorf("%s:%d: %s", path, one.Line, strings.ReplaceAll(one.Message, "\n", " "))
		}
	}
}

func TestForeignProseIsFound(t *testing.T) {
	long := strings.Repeat("word ", 31) + "."
	for name, text := range map[string]*prose{
		"page":    ofPage("# Heading\n\nFine.\n\nThe key is no setting.\n"),
		"wrapped": ofPage("# Heading\n\nFine.\n\nA secret of\nwhich we know.\n"),
		"long":    ofPage("# Heading\n\nFine.\n\n" + long + "\n"),
		"Comment": ofJava("class A {\n    /** Fine.\n     *\n     *\n     * Whoever asks. */\n}\n"),
		"Param":   ofJava("class A {\n    /**\n     * Fine\n     *\n     * @param a whoever asks */\n}\n"),
		"String":  ofJava("class A {\n\n\n    String a = \"a b\";\n    String b = \"at the\" + \" most one\";\n}\n"),
		"rules":   ofRules("a:\n  b:\n    summary: fine\n    c: d\n    description: Whoever asks.\n"),
	} {
		found := lint(t, map[string]*prose{name: text})[name]
		if len(found) != 1 || found[0].Line != 5 {
			t.Errorf("%s: %v", name, found)
		}
	}
}

func TestLinesOfPagesAreShort(t *testing.T) {
	for path, page := range pages(t) {
		outside := fence.ReplaceAllStringFunc(page, func(code string) string {
			return strings.Repeat("\n", strings.Count(code, "\n"))
		})
		for i, line := range strings.Split(outside, "\n") {
			if len([]rune(line)) > 120 && !strings.HasPrefix(strings.TrimSpace(line), "|") && !strings.HasPrefix(line, "    ") {
				t.Errorf("%s:%d is longer than 120 characters", path, i+1)
			}
		}
	}
}
