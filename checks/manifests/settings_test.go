package manifests

import (
	"path/filepath"
	"testing"

	"dev.postern/checks/configuration"
)

func TestTheSettingsOfEveryOverlayFitTheSchema(t *testing.T) {
	schema, err := configuration.Load(root + "/../docs/postern.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	overlays, err := filepath.Glob(root + "/overlays/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, dir := range append(overlays, root+"/base") {
		count := 0
		for _, object := range build(t, dir) {
			if object.GetKind() != "ConfigMap" {
				continue
			}
			if text, found := data(t, object)["postern.yaml"]; found {
				count++
				if faults, err := schema.Faults(text); err != nil || faults != nil {
					t.Error(dir, faults, err)
				}
			}
		}
		if count != 1 {
			t.Errorf("%s has %d postern.yaml", dir, count)
		}
	}
}
