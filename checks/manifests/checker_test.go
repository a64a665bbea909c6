package manifests

import (
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// The checks themselves: a manifest that is broken must not pass.

func deployment(t *testing.T) *unstructured.Unstructured {
	t.Helper()
	for _, object := range build(t, root+"/base") {
		if object.GetKind() == "Deployment" {
			return object
		}
	}
	t.Fatal("no deployment")
	return nil
}

func refused(t *testing.T, err error, why string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), why) {
		t.Errorf("not refused because of %s: %v", why, err)
	}
}

func set(t *testing.T, object *unstructured.Unstructured, value any, path ...string) {
	t.Helper()
	if err := unstructured.SetNestedField(object.Object, value, path...); err != nil {
		t.Fatal(err)
	}
}

func TestABrokenOverlayDoesNotBuild(t *testing.T) {
	_, err := Build("testdata/broken")
	refused(t, err, "no-such-file.yaml")
}

func TestAnUnknownFieldIsRefused(t *testing.T) {
	object := deployment(t)
	set(t, object, true, "spec", "template", "spec", "automountServiceAccountTokens")
	refused(t, Validate(object), "automountServiceAccountTokens")
}

func TestAValueOfTheWrongTypeIsRefused(t *testing.T) {
	object := deployment(t)
	set(t, object, "two", "spec", "replicas")
	refused(t, Validate(object), "replicas")
}

func TestAKindWithoutASchemaIsRefused(t *testing.T) {
	object := deployment(t)
	object.SetKind("Deploymint")
	refused(t, Validate(object), "could not find schema")
}

func TestAPodThatMayRunAsRootIsRefused(t *testing.T) {
	object := deployment(t)
	set(t, object, false, "spec", "template", "spec", "securityContext", "runAsNonRoot")
	pod, err := PodOf(object)
	if err != nil {
		t.Fatal(err)
	}
	refused(t, Restricted(pod), "runAsNonRoot")
}

func TestAnExpressionThatDoesNotCompileIsRefused(t *testing.T) {
	broken := injection(t)
	broken.Spec.Mutations[0].ApplyConfiguration.Expression = "Object{spec: object.spek}"
	_, err := Admit(broken, unpatched(t, "deployment"))
	refused(t, err, "spek")
}
