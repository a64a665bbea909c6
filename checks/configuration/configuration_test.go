package configuration

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
)

const (
	root = "../.."
	path = root + "/docs/postern.schema.json"
	// Has a backend that only the tests have.
	ofTests = root + "/src/test/resources/postern-test.yaml"
	// The migration guide shows it, for readers to copy to where the schema is not: it names the address that docs/configuration.md has.
	toCopy  = root + "/docs/migration/postern.yaml"
	address = "https://raw.githubusercontent.com/OWNER/postern/v1.2.3/docs/postern.schema.json"
	// Shows values of the chart, which has a schema of its own.
	ofChart = root + "/docs/helm.md"
)

var (
	settings = regexp.MustCompile(`(?m)^postern:`)
	modeline = regexp.MustCompile(`\A# yaml-language-server: \$schema=(\S+)\n`)
)

func schema(t *testing.T) *Schema {
	t.Helper()
	loaded, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	return loaded
}

// files are the files of the repository with such an ending, by their paths.
func files(t *testing.T, endings ...string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && slices.Contains([]string{".git", "target", "node_modules"}, entry.Name()) {
			return fs.SkipDir
		}
		if entry.Type().IsRegular() && slices.Contains(endings, filepath.Ext(path)) {
			text, err := os.ReadFile(path)
			found[path] = string(text)
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// examples are the files with settings.
func examples(t *testing.T) map[string]string {
	t.Helper()
	found := files(t, ".yaml", ".yml")
	for path, text := range found {
		if path == ofTests || !settings.MatchString(text) {
			delete(found, path)
		}
	}
	if len(found) < 8 {
		t.Fatal("where are the examples?", found)
	}
	return found
}

func TestEveryExampleFitsTheSchema(t *testing.T) {
	schema := schema(t)
	for path, text := range examples(t) {
		if faults, err := schema.Faults(text); err != nil || faults != nil {
			t.Error(path, faults, err)
		}
	}
}

func TestEveryExampleOfADocumentFitsTheSchema(t *testing.T) {
	schema, count := schema(t), 0
	for path, page := range files(t, ".md") {
		if path == ofChart {
			continue
		}
		for _, example := range Examples(page) {
			count++
			if faults, err := schema.Faults(example); err != nil || faults != nil {
				t.Errorf("%s: %v %v\n%s", path, faults, err, example)
			}
		}
	}
	if count < 20 {
		t.Errorf("only %d examples", count)
	}
}

func TestEveryExampleNamesTheSchema(t *testing.T) {
	for example, text := range examples(t) {
		named := modeline.FindStringSubmatch(text)
		if example == toCopy && named != nil && named[1] == address {
			continue
		}
		if named == nil || filepath.Join(filepath.Dir(example), named[1]) != filepath.Clean(path) {
			t.Errorf("%s does not name the schema in its first line", example)
		}
	}
}

func TestAWrongFileIsRefusedWhereItIsWrong(t *testing.T) {
	schema := schema(t)
	for _, wrong := range []struct{ text, place string }{
		{"postern: {cach: {ttl: 3s}}", "postern"},
		{"postern: {cache: {tll: 3s}}", "postern.cache"},
		{"postern: {cache: {ttl: soon}}", "postern.cache.ttl"},
		{"postern: {cache: {ttl: -1}}", "postern.cache.ttl"},
		{"postern: {cache: {ttls: {A: [3s]}}}", "postern.cache.ttls.A"},
		{"postern: {cache: {max-bytes: 16MB}}", "postern.cache.max-bytes"},
		{"postern: {cache: {prefetch: []}}", "postern.cache.prefetch"},
		{"postern: {http: {port: 70000}}", "postern.http.port"},
		{"postern: {http: {max-requests: 0}}", "postern.http.max-requests"},
		{"postern: {audit: {sink: nowhere}}", "postern.audit.sink"},
		{"postern: {audit: {fsync: ture}}", "postern.audit.fsync"},
		{"postern: {backend: awz}", "postern.backend"},
		{"postern: {backends: {evn: {timeout: 3s}}}", "postern.backends"},
		{"postern: {backends: {aws: {vault-url: x}}}", "postern.backends.aws"},
		{"postern: {compatible: {vault: {mounts: {kv: {version: 3}}}}}", "postern.compatible.vault.mounts.kv.version"},
		{"postern: {files: {app: {secrets: {A: x}}}}", "postern.files.app"},
		{"postern: {policy: {r: {callers: [token-file]}}}", "postern.policy.r"},
		{"postern: {policy: {r: {callers: [token-file], alow: [A], allow: [A]}}}", "postern.policy.r"},
		{"postern: {policy: {}}", "postern.policy"},
		{"postern:", "postern"},
		{"postern: {backend: env}\nquarkus: {log: {level: DEBUG}}", ""},
		{"cache: {ttl: 3s}", ""},
	} {
		if faults, err := schema.Faults(wrong.text); err != nil || !slices.Equal(faults, []string{wrong.place}) {
			t.Errorf("%s: %q %v", wrong.text, faults, err)
		}
	}
}

func TestTheExamplesOfAPageAreFound(t *testing.T) {
	page := "Text\n\n    cat >postern.yaml <<'END'\n    postern:\n      cache:\n\n        ttl: 3s\n    END\n" +
		"    echo 'postern: {backend: env}' | tee x\n\n```yaml\npostern: {backend: aws}\n```\n"
	want := []string{"    postern:\n      cache:\n\n        ttl: 3s", "postern: {backend: env}", "postern: {backend: aws}"}
	if found := Examples(page); !slices.Equal(found, want) {
		t.Errorf("%q", found)
	}
}
