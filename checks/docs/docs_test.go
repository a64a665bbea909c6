// Package docs checks the documents: where their links lead, and that the code they show is the code that is tested.
package docs

import (
	"bytes"
	"go/format"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const root = "../.."

var (
	fence   = regexp.MustCompile("(?ms)^```.*?^```$")
	code    = regexp.MustCompile("`[^`\n]*`")
	link    = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	heading = regexp.MustCompile(`(?m)^#+ +(.+)$`)
	// Perhaps below packages, perhaps with a method: `Gate`, `api.listener.Gate`, `Policy.faults`.
	class   = regexp.MustCompile("`(?:[a-z]+\\.)*([A-Z]+[a-z][A-Za-z]*)(?:\\.([a-z][A-Za-z]+))?(?:\\(\\))?`")
	dropped = regexp.MustCompile(`[^\pL\pN _-]`)
)

// pages are the documents of the project, by their paths.
func pages(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	for _, pattern := range []string{"*.md", "docs/*.md", "docs/*/*.md", "*/README.md"} {
		paths, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			found[path] = read(t, path)
		}
	}
	if len(found) < 10 {
		t.Fatal("where are the documents?")
	}
	return found
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// anchors are the fragments that GitHub gives to the headings of a page.
func anchors(page string) map[string]bool {
	found := map[string]bool{}
	for _, match := range heading.FindAllStringSubmatch(fence.ReplaceAllString(page, ""), -1) {
		text := link.ReplaceAllString(match[1], "]")
		found[strings.ReplaceAll(dropped.ReplaceAllString(strings.ToLower(text), ""), " ", "-")] = true
	}
	return found
}

func TestEveryRelativeLinkLeadsSomewhere(t *testing.T) {
	links := 0
	for path, page := range pages(t) {
		for _, match := range link.FindAllStringSubmatch(code.ReplaceAllString(fence.ReplaceAllString(page, ""), ""), -1) {
			target, fragment, _ := strings.Cut(match[1], "#")
			if strings.Contains(target, "://") {
				continue
			}
			links++
			at := path
			if target != "" {
				at = filepath.Join(filepath.Dir(path), target)
			}
			if _, err := os.Stat(at); err != nil {
				t.Errorf("%s: %s leads nowhere", path, match[1])
			} else if fragment != "" && strings.HasSuffix(at, ".md") && !anchors(read(t, at))[fragment] {
				t.Errorf("%s: %s has no such heading", path, match[1])
			}
		}
	}
	if links < 50 {
		t.Errorf("only %d links", links)
	}
}

func TestTheMigrationGuideShowsTheExamplesThatAreTested(t *testing.T) {
	page := read(t, root+"/docs/migration.md")
	for _, pattern := range []string{"docs/migration/*.*", "docs/migration/before/*.*"} {
		examples, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil || len(examples) < 4 {
			t.Fatal(pattern, err)
		}
		for _, example := range examples {
			if !strings.Contains(page, "\n"+read(t, example)+"```\n") {
				t.Errorf("%s is not shown as it is", example)
			}
		}
	}
}

func TestTheExamplesInGoAreFormatted(t *testing.T) {
	for _, example := range []string{"docs/migration/config.go", "docs/migration/before/config.go", "clients/go/postern.go"} {
		text := read(t, root+"/"+example)
		formatted, err := format.Source([]byte(text))
		if err != nil || !bytes.Equal(formatted, []byte(text)) {
			t.Error(example, err)
		}
	}
}

var (
	onCommandLine = regexp.MustCompile(`(?:-H|--header)[= ]*["']?Authorization: Bearer +\$`)
	command       = regexp.MustCompile(`\bcurl\b[^\n]*http://[^\n]*/secrets\b`)
	evaluation    = regexp.MustCompile(`\beval +"`)
)

// unsafe says what is wrong with a text that shows how to read secrets, or nothing.
func unsafe(text string) []string {
	var found []string
	joined := strings.ReplaceAll(text, "\\\n", " ")
	if match := onCommandLine.FindString(joined); match != "" {
		found = append(found, "every user of the machine sees the token: "+match)
	}
	for _, match := range command.FindAllString(joined, -1) {
		if !strings.Contains(match, "-K ") && !strings.Contains(match, "--noproxy") {
			found = append(found, "a proxy may get the token: "+match)
		}
	}
	for _, at := range evaluation.FindAllStringIndex(joined, -1) {
		if !strings.Contains(joined[max(0, at[0]-300):at[0]], "--unix-socket") {
			found = append(found, "it evaluates what an unproven server says")
		}
	}
	return found
}

func TestNothingShowsTheTokenToOthersOrEvaluatesWhatAStrangerSays(t *testing.T) {
	texts := pages(t)
	for _, directory := range []string{"docs", "k8s", "docker", "dist", ".github", "bench", "clients"} {
		err := filepath.WalkDir(filepath.Join(root, directory), func(path string, entry os.DirEntry, err error) error {
			if err == nil && entry.Type().IsRegular() {
				texts[path] = read(t, path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for path, text := range texts {
		for _, fault := range unsafe(text) {
			t.Errorf("%s: %s", path, fault)
		}
	}
}

func TestAnUnsafeExampleIsFound(t *testing.T) {
	for _, text := range []string{
		`curl --noproxy '*' -H "Authorization: Bearer $(cat t)" http://127.0.0.1:7740/secrets/A`,
		"curl -K t \\\n --header \"Authorization: Bearer $TOKEN\" http://127.0.0.1:7740/secrets/A",
		`curl -H @header http://127.0.0.1:7740/secrets/A`,
		`eval "$(curl -K t 'http://127.0.0.1:7740/secrets?name=A')"`,
	} {
		if len(unsafe(text)) != 1 {
			t.Error(text, unsafe(text))
		}
	}
}

func TestEveryClassOfTheArchitectureExists(t *testing.T) {
	sources := map[string]string{}
	err := filepath.WalkDir(root+"/src", func(path string, entry fs.DirEntry, err error) error {
		if name, isClass := strings.CutSuffix(filepath.Base(path), ".java"); isClass {
			sources[name] += read(t, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range class.FindAllStringSubmatch(read(t, root+"/docs/architecture.md"), -1) {
		source, known := sources[name[1]]
		if !known {
			t.Errorf("there is no class %s", name[1])
		} else if name[2] != "" && !strings.Contains(source, " "+name[2]+"(") {
			t.Errorf("there is no method %s.%s", name[1], name[2])
		}
	}
}

func TestTheReadmeIsShort(t *testing.T) {
	lines := strings.Split(strings.TrimSuffix(read(t, root+"/README.md"), "\n"), "\n")
	if len(lines) > 150 {
		t.Errorf("README.md has %d lines, and may have 150", len(lines))
	}
	for number, line := range lines {
		if length := len([]rune(line)); length >= 120 {
			t.Errorf("README.md:%d has %d characters, and may have 119", number+1, length)
		}
	}
}

func TestEveryAlertIsInTheDocuments(t *testing.T) {
	alerts := regexp.MustCompile(`alert: (\w+)`).FindAllStringSubmatch(
		read(t, root+"/k8s/monitoring/postern.rules.yaml"), -1)
	if len(alerts) < 10 {
		t.Fatalf("where are the alerts? %v", alerts)
	}
	for _, alert := range alerts {
		if !strings.Contains(read(t, root+"/docs/monitoring.md"), "`"+alert[1]+"`") {
			t.Errorf("docs/monitoring.md says nothing of %s", alert[1])
		}
		if !strings.Contains(read(t, root+"/docs/runbook.md"), "\n## "+alert[1]+"\n") {
			t.Errorf("docs/runbook.md says nothing of %s", alert[1])
		}
	}
}

func TestEveryErrorHasAnAnswerInTroubleshooting(t *testing.T) {
	codes := regexp.MustCompile(`[A-Z_]+\("([a-z-]+)"\)`).FindAllStringSubmatch(
		read(t, root+"/src/main/java/dev/postern/access/FaultCode.java"), -1)
	if len(codes) < 15 {
		t.Fatalf("where are the codes? %v", codes)
	}
	page := read(t, root+"/docs/troubleshooting.md")
	for _, code := range codes {
		if !strings.Contains(page, "`"+code[1]+"`") {
			t.Errorf("docs/troubleshooting.md says nothing of %s", code[1])
		}
	}
}
