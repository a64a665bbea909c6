package manifests

import (
	"os"
	"os/exec"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

const monitoring = root + "/monitoring"

func rules(t *testing.T) *unstructured.Unstructured {
	t.Helper()
	return &unstructured.Unstructured{Object: readMap(t, monitoring+"/prometheus-rule.yaml")}
}

func TestThePrometheusRuleIsWhatItsSchemaDescribes(t *testing.T) {
	if err := Validate(rules(t)); err != nil {
		t.Error(err)
	}
}

func TestAPrometheusRuleWithAMisspeltFieldIsRefused(t *testing.T) {
	object := rules(t)
	groups, _, err := unstructured.NestedSlice(object.Object, "spec", "groups")
	if err != nil || len(groups) == 0 {
		t.Fatal(groups, err)
	}
	groups[0].(map[string]any)["rules"].([]any)[0].(map[string]any)["exprs"] = "vector(1)"
	set(t, object, groups, "spec", "groups")
	refused(t, Validate(object), "exprs")
}

func TestThePrometheusRuleIsWhatTheRulesMakeOfIt(t *testing.T) {
	printed, err := exec.Command(monitoring + "/prometheus-rule").Output()
	if err != nil {
		t.Fatal(err)
	}
	kept, err := os.ReadFile(monitoring + "/prometheus-rule.yaml")
	if err != nil {
		t.Fatal(err)
	}
	same(t, string(kept), string(printed))
}

func TestTheDashboardIsInAConfigMapThatGrafanasSidecarFinds(t *testing.T) {
	for _, object := range build(t, monitoring) {
		if err := Validate(object); err != nil {
			t.Error(err)
		}
		if object.GetKind() != "ConfigMap" {
			continue
		}
		same(t, object.GetLabels()["grafana_dashboard"], "1")
		dashboard, err := os.ReadFile(monitoring + "/dashboard.json")
		if err != nil {
			t.Fatal(err)
		}
		made, _, err := unstructured.NestedString(object.Object, "data", "postern.json")
		if err != nil {
			t.Fatal(err)
		}
		same(t, made, string(dashboard))
		return
	}
	t.Error("there is no ConfigMap")
}
