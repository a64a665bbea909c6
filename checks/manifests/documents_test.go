package manifests

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	admissionv1 "k8s.io/api/admissionregistration/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// What the documents say to write is built as it stands there: in a directory beside k8s/, or beside a clone.

const pushed = "registry.example.com/postern:0.1.0"

// shown are the lines of a document that are indented as code, from one on to an empty one.
func shown(t *testing.T, document, first string) string {
	t.Helper()
	_, rest, found := strings.Cut(file(t, filepath.Join(root, "..", document)), "\n    "+first+"\n")
	if !found {
		t.Fatalf("%s does not show: %s", document, first)
	}
	block, _, _ := strings.Cut(rest, "\n\n")
	return strings.ReplaceAll("\n"+first+"\n"+block, "\n    ", "\n")
}

// beside is a new directory with the files, beside k8s/ and a clone.
func beside(t *testing.T, files map[string]string) string {
	t.Helper()
	parent := t.TempDir()
	for _, copied := range []string{"k8s", "postern/k8s"} {
		if err := os.CopyFS(filepath.Join(parent, copied), os.DirFS(root)); err != nil {
			t.Fatal(err)
		}
	}
	dir := filepath.Join(parent, "mine")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func file(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// environmentOf is Postern's environment from the ConfigMap.
func environmentOf(t *testing.T, objects []*unstructured.Unstructured) map[string]string {
	t.Helper()
	for _, object := range objects {
		if strings.HasPrefix(object.GetName(), "postern-env-") {
			return data(t, object)
		}
	}
	t.Fatal("no ConfigMap postern-env")
	return nil
}

func TestTheOverlayForOnesOwnRegistryIsRightInEveryDocument(t *testing.T) {
	for _, document := range []string{"README.md", "docs/kubernetes.md"} {
		t.Run(document, func(t *testing.T) {
			_, overlay, _ := strings.Cut(shown(t, document, "cat >mine/kustomization.yaml <<'END'"), "<<'END'\n")
			overlay, _, ended := strings.Cut(overlay, "\nEND")
			if !ended {
				t.Fatal(overlay)
			}
			objects := build(t, beside(t, map[string]string{"kustomization.yaml": overlay}))
			for _, object := range objects {
				if err := Validate(object); err != nil {
					t.Error(err)
				}
			}
			same(t, pushed, postern(t, pods(t, objects)["trainer"]).Image)
		})
	}
}

func TestTheFirstPodPrintsTheLengthOfTheSecretThatIsCreated(t *testing.T) {
	page := file(t, filepath.Join(root, "../docs/kubernetes.md"))
	_, value, _ := strings.Cut(page, "--from-literal=DATABASE_URL=")
	value, _, _ = strings.Cut(value, "\n")
	if printed := fmt.Sprintf("\n    DATABASE_URL: %d characters\n", len(value)); !strings.Contains(page, printed) {
		t.Errorf("the page does not show: %s", printed)
	}
}

// ownWorkload are the files that the page shows for a workload that is not the example.
func ownWorkload(t *testing.T) map[string]string {
	t.Helper()
	page := "docs/kubernetes.md"
	return map[string]string{
		"kustomization.yaml": shown(t, page, "apiVersion: kustomize.config.k8s.io/v1beta1"),
		"my-job.yaml":        shown(t, page, "apiVersion: v1\n    kind: ServiceAccount"),
		"postern.yaml":       shown(t, page, "postern:\n      auth:"),
	}
}

func TestTheKustomizationForOnesOwnWorkloadIsRight(t *testing.T) {
	files := ownWorkload(t)
	objects := build(t, beside(t, files))
	for _, object := range objects {
		if err := Validate(object); err != nil {
			t.Error(err)
		}
		same(t, "my-namespace", object.GetNamespace())
	}
	job := pods(t, objects)["my-job"]
	if err := Sidecar(job); err != nil {
		t.Error(err)
	}
	same(t, pushed, postern(t, job).Image)
	same(t, "true", job.Labels["postern.dev/inject"])
	if caller := `"system:serviceaccount:my-namespace:` + job.Spec.ServiceAccountName + `"`; !strings.Contains(files["postern.yaml"], caller) {
		t.Errorf("the policy does not name %s", caller)
	}
}

func TestAWorkloadWithoutTheLabelIsBuiltWithoutPostern(t *testing.T) {
	files := ownWorkload(t)
	files["my-job.yaml"] = strings.Replace(files["my-job.yaml"], `labels: {postern.dev/inject: "true"}`, "labels: {}", 1)
	if job := pods(t, build(t, beside(t, files)))["my-job"]; len(job.Spec.InitContainers) != 0 {
		t.Errorf("%v", job.Spec.InitContainers)
	}
}

// The rows of the table: a component, its variables and its backend.
var manager = regexp.MustCompile("(?m)^\\| `([a-z-]+)` \\| ([A-Z_`, ]+) \\| `(([a-z]+): \\{name: .*\\})` \\|$")

func TestTheOtherManagersForOnesOwnWorkloadAreRight(t *testing.T) {
	rows := manager.FindAllStringSubmatch(file(t, filepath.Join(root, "../docs/kubernetes.md")), -1)
	if len(rows) != 4 {
		t.Fatalf("there are %d managers", len(rows))
	}
	for _, row := range rows {
		t.Run(row[1], func(t *testing.T) {
			files := ownWorkload(t)
			kustomization := strings.Replace(files["kustomization.yaml"], "components/vault\n", "components/"+row[1]+"\n", 1)
			before, rest, _ := strings.Cut(kustomization, "      - VAULT_ADDR=")
			_, after, _ := strings.Cut(rest, "AUTH_ROLE=my-job\n")
			variables := strings.Split(strings.ReplaceAll(row[2], "`", ""), ", ")
			for _, name := range variables {
				before += "      - " + name + "=made-up\n"
			}
			files["kustomization.yaml"] = before + after
			objects := build(t, beside(t, files))
			environment := environmentOf(t, objects)
			same(t, row[4], environment["SECRETS_BACKEND"])
			same(t, "production", environment["ENVIRONMENT"])
			for _, name := range variables {
				same(t, "made-up", environment[name])
			}
			// The overlay for the same manager sets the same variables.
			overlay := environmentOf(t, build(t, filepath.Join(root, "overlays", row[1])))
			same(t, len(overlay), len(environment))
			if err := Sidecar(pods(t, objects)["my-job"]); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestTheKustomizationForStagingAtAManagerIsRight(t *testing.T) {
	objects := build(t, beside(t, map[string]string{
		"kustomization.yaml": shown(t, "docs/kubernetes.md", "resources: [../k8s/overlays/staging]"),
	}))
	for _, object := range objects {
		if err := Validate(object); err != nil {
			t.Error(err)
		}
	}
	environment := environmentOf(t, objects)
	same(t, "staging", environment["ENVIRONMENT"])
	same(t, "aws", environment["SECRETS_BACKEND"])
	same(t, "arn:aws:iam::111122223333:role/postern-trainer-staging", environment["AWS_ROLE_ARN"])
	trainer := pods(t, objects)["trainer"]
	same(t, pushed, postern(t, trainer).Image)
	if err := Sidecar(trainer); err != nil {
		t.Error(err)
	}
}

func TestTheKustomizationForTheValuesOfAnOverlayIsRight(t *testing.T) {
	objects := build(t, beside(t, map[string]string{
		"kustomization.yaml": shown(t, "docs/kubernetes.md", "resources: [../k8s/overlays/vault]"),
	}))
	same(t, "https://vault.example:8200", environmentOf(t, objects)["VAULT_ADDR"])
	same(t, pushed, postern(t, pods(t, objects)["trainer"]).Image)
}

func TestTheKustomizationForTheStoreOfAnOverlayIsRight(t *testing.T) {
	objects := build(t, beside(t, map[string]string{
		"kustomization.yaml": shown(t, "docs/kubernetes.md", "resources: [../k8s/overlays/external-secrets]"),
	}))
	for _, object := range objects {
		if err := Validate(object); err != nil {
			t.Error(err)
		}
		if object.GetKind() == "ExternalSecret" {
			store, _, err := unstructured.NestedString(object.Object, "spec", "secretStoreRef", "name")
			if err != nil {
				t.Error(err)
			}
			same(t, "my-store", store)
		}
	}
}

func TestTheKustomizationThatMountsAnAuthorityIsRight(t *testing.T) {
	objects := build(t, beside(t, map[string]string{
		"kustomization.yaml": shown(t, "docs/kubernetes.md", "namespace: ml-workflow"),
		"ca.crt":             "made up",
	}))
	for _, object := range objects {
		if err := Validate(object); err != nil {
			t.Error(err)
		}
	}
	trainer := pods(t, objects)["trainer"]
	if err := errors.Join(Sidecar(trainer), Restricted(trainer)); err != nil {
		t.Error(err)
	}
	variable := environmentOf(t, objects)["VAULT_CACERT"]
	for _, mount := range postern(t, trainer).VolumeMounts {
		if mount.MountPath == filepath.Dir(variable) {
			authority := volumeOf(trainer, mount.Name).ConfigMap.Name
			for _, object := range objects {
				if object.GetName() == authority {
					same(t, "made up", data(t, object)[filepath.Base(variable)])
					return
				}
			}
		}
	}
	t.Errorf("nothing is mounted at %s", variable)
}

func TestTheKustomizationForInjectionIsRight(t *testing.T) {
	objects := build(t, beside(t, map[string]string{
		"kustomization.yaml": shown(t, "docs/kubernetes.md", "resources:\n      - ../postern/k8s/injection"),
	}))
	for _, object := range objects {
		if err := Validate(object); err != nil {
			t.Error(err)
		}
	}
	pod, err := Admit(only[admissionv1.MutatingAdmissionPolicy](t, objects, "MutatingAdmissionPolicy"), unpatched(t, "deployment"))
	if err != nil {
		t.Fatal(err)
	}
	same(t, pushed, postern(t, pod).Image)
}
