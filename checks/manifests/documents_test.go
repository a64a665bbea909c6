package manifests

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	admissionv1 "k8s.io/api/admissionregistration/v1"
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

func TestTheKustomizationForOnesOwnWorkloadIsRight(t *testing.T) {
	built := pods(t, build(t, beside(t, map[string]string{
		"kustomization.yaml": shown(t, "docs/kubernetes.md", "apiVersion: kustomize.config.k8s.io/v1beta1"),
		"my-job.yaml":        file(t, workloads+"/plain/workloads.yaml"),
		"postern.yaml":       file(t, own+"/postern.yaml"),
	})))
	same(t, pushed, postern(t, built["job"]).Image)
}

func TestTheKustomizationForStagingAtAManagerIsRight(t *testing.T) {
	objects := build(t, beside(t, map[string]string{
		"kustomization.yaml": shown(t, "docs/kubernetes.md", "resources: [../k8s/overlays/staging]"),
	}))
	environment := map[string]string{}
	for _, object := range objects {
		if err := Validate(object); err != nil {
			t.Error(err)
		}
		if strings.HasPrefix(object.GetName(), "postern-env-") {
			environment = data(t, object)
		}
	}
	same(t, "staging", environment["ENVIRONMENT"])
	same(t, "aws", environment["SECRETS_BACKEND"])
	same(t, "arn:aws:iam::111122223333:role/postern-trainer-staging", environment["AWS_ROLE_ARN"])
	if err := Sidecar(pods(t, objects)["trainer"]); err != nil {
		t.Error(err)
	}
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
