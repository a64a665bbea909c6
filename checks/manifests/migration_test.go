package manifests

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

const trainer = "system:serviceaccount:ml-workflow:trainer"

// read are the names that the examples of the migration guide ask for: all of them for the same ones.
func read(t *testing.T) []string {
	t.Helper()
	examples, err := filepath.Glob(filepath.Join(root, "../docs/migration/config.*"))
	if err != nil || len(examples) != 4 {
		t.Fatal(examples, err)
	}
	var names []string
	for _, example := range examples {
		list := regexp.MustCompile(`(?mi)^(?:.*\bnames = |postern_export ).*$`).FindString(file(t, example))
		found := regexp.MustCompile(`[A-Z]+(?:_[A-Z]+)+`).FindAllString(list, -1)
		if len(found) < 6 || names != nil && !slices.Equal(names, found) {
			t.Fatalf("%s reads %v, and another %v", example, found, names)
		}
		names = found
	}
	return names
}

// allowed are the names that Postern's settings among the objects allow a caller.
func allowed(t *testing.T, objects []*unstructured.Unstructured, caller string) []string {
	t.Helper()
	var names []string
	for _, object := range objects {
		text, found := "", false
		if object.GetKind() == "ConfigMap" {
			text, found = data(t, object)["postern.yaml"]
		}
		if !found {
			continue
		}
		for _, rule := range settings(t, text)["policy"].(map[string]any) {
			if rule := rule.(map[string]any); slices.Contains(rule["callers"].([]any), any(caller)) {
				for _, name := range rule["allow"].([]any) {
					names = append(names, name.(string))
				}
			}
		}
	}
	return names
}

func TestEveryOverlayAllowsWhatTheExamplesOfTheMigrationGuideRead(t *testing.T) {
	overlays, err := filepath.Glob(root + "/overlays/*")
	if err != nil || len(overlays) < 9 {
		t.Fatal(overlays, err)
	}
	for _, dir := range append(overlays, root+"/base") {
		same(t, read(t), allowed(t, build(t, dir), trainer))
	}
}

func TestExternalSecretsSyncsWhatTheExamplesOfTheMigrationGuideRead(t *testing.T) {
	for _, object := range build(t, root+"/overlays/external-secrets") {
		if object.GetKind() != "ExternalSecret" {
			continue
		}
		entries, _, err := unstructured.NestedSlice(object.Object, "spec", "data")
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, entry := range entries {
			names = append(names, entry.(map[string]any)["secretKey"].(string))
		}
		same(t, read(t), names)
		return
	}
	t.Error("no ExternalSecret")
}

// Staging has one caller more, which production does not know.
func TestStagingAllowsASecondServiceAccountAndProductionDoesNot(t *testing.T) {
	debug := strings.Replace(trainer, ":trainer", ":debug", 1)
	same(t, []string{"**"}, allowed(t, build(t, root+"/overlays/staging"), debug))
	same(t, 0, len(allowed(t, build(t, root+"/overlays/production"), debug)))
}
