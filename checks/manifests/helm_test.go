package manifests

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"
)

// The charts under k8s/helm, with Helm itself.

const (
	charts  = root + "/helm"
	release = "shop"
)

// helm is the path of Helm's command, compiled where it is not in Go's cache.
var helm = sync.OnceValues(func() (string, error) {
	command := exec.Command("go", "-C", "../helm", "tool", "-n", "helm")
	command.Stderr = os.Stderr
	output, err := command.Output()
	return strings.TrimSpace(string(output)), err
})

// helmed is a command that finds Helm, and no settings of the user's.
func helmed(t *testing.T, dir, name string, args ...string) *exec.Cmd {
	t.Helper()
	path, err := helm()
	if err != nil {
		t.Fatal(err)
	}
	home := t.TempDir()
	command := exec.Command(name, args...)
	if name == "helm" {
		command = exec.Command(path, args...)
	}
	command.Dir = dir
	command.Env = append(os.Environ(), "PATH="+filepath.Dir(path)+":"+os.Getenv("PATH"),
		"HELM_CACHE_HOME="+home, "HELM_CONFIG_HOME="+home, "HELM_DATA_HOME="+home)
	return command
}

// template is what `helm template` makes of a chart, for the oldest Kubernetes that every chart is for.
func template(t *testing.T, chart string, args ...string) ([]*unstructured.Unstructured, error) {
	t.Helper()
	command := helmed(t, ".", "helm", append([]string{"template", release, chart, "--namespace", "ml-workflow", "--kube-version", "1.36"}, args...)...)
	output, err := command.Output()
	var failed *exec.ExitError
	if errors.As(err, &failed) {
		return nil, errors.New(string(failed.Stderr))
	}
	return split(t, output), err
}

func split(t *testing.T, text []byte) []*unstructured.Unstructured {
	t.Helper()
	var objects []*unstructured.Unstructured
	for _, document := range bytes.Split(text, []byte("\n---\n")) {
		object := &unstructured.Unstructured{}
		if err := yaml.UnmarshalStrict(document, &object.Object); err != nil {
			t.Fatalf("%v: %s", err, document)
		}
		if object.Object != nil {
			objects = append(objects, object)
		}
	}
	return objects
}

// values are those of a chart that has the library among its dependencies.
type values map[string]any

func (v values) with(key string, value any) values {
	changed := values{key: value}
	for key, value := range v {
		if _, ok := changed[key]; !ok {
			changed[key] = value
		}
	}
	return changed
}

// image is what each chart must be told.
func image() values {
	return values{"image": values{"repository": "postern"}}
}

// consumer is a chart of somebody's own: it has the library, templates, and values for the library.
func consumer(t *testing.T, templates map[string]string, library values) string {
	t.Helper()
	chart := t.TempDir()
	if err := os.CopyFS(filepath.Join(chart, "charts/postern"), os.DirFS(filepath.Join(charts, "postern"))); err != nil {
		t.Fatal(err)
	}
	text, err := yaml.Marshal(values{"postern": library})
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{
		"Chart.yaml":             "{apiVersion: v2, name: consumer, version: 1.0.0, dependencies: [{name: postern, version: 0.1.0}]}",
		"values.yaml":            string(text),
		"templates/postern.yaml": `{{ include "postern.objects" . }}`,
	}
	for name, template := range templates {
		all["templates/"+name] = template
	}
	for name, text := range all {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(chart, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(chart, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return chart
}

// wrapped is a template that adds Postern to the workload.
func wrapped(name, workload string) string {
	return "{{- define \"" + name + "\" }}\n" + workload + "{{- end }}\n{{ include \"postern.workload\" (list . \"" + name + "\") }}\n"
}

// consumed is what is made of workloads, each with Postern.
func consumed(t *testing.T, workloads map[string]string, library values) []*unstructured.Unstructured {
	t.Helper()
	templates := map[string]string{}
	for name, workload := range workloads {
		templates[name+".yaml"] = wrapped(name, workload)
	}
	objects, err := template(t, consumer(t, templates, library))
	if err != nil {
		t.Fatal(err)
	}
	return objects
}
