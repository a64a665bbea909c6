package manifests

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"
)

func same(t *testing.T, a, b any) {
	t.Helper()
	if diff := cmp.Diff(a, b); diff != "" {
		t.Error(diff)
	}
}

func readMap(t *testing.T, file string) map[string]any {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return parsed(t, string(text))
}

func parsed(t *testing.T, text string) map[string]any {
	t.Helper()
	content := map[string]any{}
	if err := yaml.Unmarshal([]byte(text), &content); err != nil {
		t.Fatal(err)
	}
	return content
}

func settings(t *testing.T, text string) map[string]any {
	t.Helper()
	return parsed(t, text)["postern"].(map[string]any)
}

func data(t *testing.T, object *unstructured.Unstructured) map[string]string {
	t.Helper()
	found, _, err := unstructured.NestedStringMap(object.Object, "data")
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// renamed is an object with other names in place of those of generated ConfigMaps.
func renamed(t *testing.T, object map[string]any, names map[string]string) map[string]any {
	t.Helper()
	text, err := yaml.Marshal(object)
	if err != nil {
		t.Fatal(err)
	}
	changed := string(text)
	for from, to := range names {
		changed = strings.ReplaceAll(changed, from, to)
	}
	return parsed(t, changed)
}
