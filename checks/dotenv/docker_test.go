// Package dotenv reads what Postern writes for docker run --env-file, with Docker's own parser.
package dotenv

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/docker/cli/pkg/kvfile"
)

func TestDockerReadsTheTableAsPosternWritesIt(t *testing.T) {
	text, err := os.ReadFile("../../src/test/resources/dotenv/docker.json")
	if err != nil {
		t.Fatal(err)
	}
	var table []struct {
		Value string
		Line  *string
	}
	if err := json.Unmarshal(text, &table); err != nil || len(table) < 20 {
		t.Fatal(len(table), err)
	}
	for _, row := range table {
		line := "A=" + row.Value + "\n"
		if row.Line != nil {
			line = *row.Line
		}
		path := filepath.Join(t.TempDir(), "env")
		if err := os.WriteFile(path, []byte(line), 0o600); err != nil {
			t.Fatal(err)
		}
		read, err := kvfile.Parse(path, nil)
		held := err == nil && len(read) == 1 && read[0] == "A="+row.Value
		if held != (row.Line != nil) {
			t.Errorf("%.40q: held by Docker: %t, %v", row.Value, held, err)
		}
	}
}
