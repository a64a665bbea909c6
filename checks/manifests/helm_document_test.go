package manifests

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"
)

const helmPage = "docs/helm.md"

// helmCommands are those the page shows. Those of kubectl and cosign need a cluster and a registry: they are not run.
func helmCommands(t *testing.T) []string {
	t.Helper()
	joined := strings.ReplaceAll(file(t, filepath.Join(root, "..", helmPage)), " \\\n        ", " ")
	var found []string
	for _, command := range regexp.MustCompile(`(?m)^    (helm .*)$`).FindAllStringSubmatch(joined, -1) {
		found = append(found, command[1])
	}
	return found
}

// reader is somebody who does what the page says, in a directory beside a clone.
type reader struct {
	t   *testing.T
	dir string
}

func (r reader) run(command string) []byte {
	r.t.Helper()
	// What is installed in a cluster is made without one, for a version that has what it needs.
	command = strings.Replace(command, "helm upgrade --install ", "helm template --kube-version 1.36 ", 1)
	output, err := helmed(r.t, r.dir, "sh", "-c", command).Output()
	if err != nil {
		r.t.Fatalf("%s: %v", command, err)
	}
	return output
}

func (r reader) change(name string, change func(before string) string) {
	r.t.Helper()
	path := filepath.Join(r.dir, name)
	before, _ := os.ReadFile(path)
	if err := os.WriteFile(path, []byte(change(string(before))), 0o644); err != nil {
		r.t.Fatal(err)
	}
}

func (r reader) appended(name, first string) {
	r.t.Helper()
	r.change(name, func(before string) string { return before + shown(r.t, helmPage, first) + "\n" })
}

// fresh is a reader's own chart, as Helm creates it, up to the values; and what was made of it before.
func fresh(t *testing.T) (reader, []*unstructured.Unstructured) {
	t.Helper()
	r := reader{t, filepath.Dir(beside(t, nil))}
	r.run(helmCommands(t)[0])
	before := split(t, r.run("helm template my-app my-app"))
	r.appended("my-app/Chart.yaml", "dependencies:\n      - name: postern\n        version: 0.1.0")
	r.change("my-app/templates/deployment.yaml", func(before string) string {
		return strings.Replace(strings.TrimPrefix(shown(t, helmPage, `{{- define "my-app.deployment" }}`), "\n"), "...\n", before, 1)
	})
	r.appended("my-app/templates/postern.yaml", `{{ include "postern.objects" . }}`)
	return r, before
}

func TestThePagesChartMakesThePodThatKustomizeMakesOfIt(t *testing.T) {
	t.Parallel()
	r, before := fresh(t)
	r.appended("my-app/values.yaml", "postern:\n      image:\n        repository: registry.example.com/postern   # the image that you pushed")
	commands := helmCommands(t)
	same(t, []string{
		"helm create my-app", "helm dependency update my-app", "helm template my-app my-app --namespace my-namespace",
		"helm upgrade --install my-app my-app --namespace my-namespace", "helm show values postern/k8s/helm/postern",
		"helm upgrade --install postern-injection postern/k8s/helm/postern-injection --set image.repository=registry.example.com/postern",
	}, commands)
	r.run(commands[1])
	rendered := split(t, r.run(commands[2]))
	same(t, rendered, split(t, r.run(commands[3])))
	same(t, []string{"DATABASE_URL"}, allowed(t, rendered, "system:serviceaccount:my-namespace:my-app"))

	index := slices.IndexFunc(before, func(object *unstructured.Unstructured) bool { return object.GetKind() == "Deployment" })
	deployment := before[index].Object
	for _, path := range [][]string{{"metadata", "labels"}, {"spec", "template", "metadata", "labels"}} {
		set(t, before[index], "true", append(path, "postern.dev/inject")...)
	}
	text, err := yaml.Marshal(deployment)
	if err != nil {
		t.Fatal(err)
	}
	byKustomize := build(t, beside(t, map[string]string{"deployment.yaml": string(text), "postern.yaml": "", "kustomization.yaml": `
resources: [deployment.yaml]
components: [../k8s/components/sidecar, ../k8s/components/kubernetes-secret]
configMapGenerator: [{name: postern, files: [postern.yaml]}, {name: postern-env, literals: []}]
images: [{name: postern, newName: registry.example.com/postern, newTag: 0.1.0}]
`}))
	expected := alike(pods(t, byKustomize)["my-app"])
	volumeOf(expected, "postern-secrets").Secret.SecretName = "my-app-secrets"
	same(t, expected, alike(pods(t, rendered)["my-app"]))
}

func TestThePagesValuesForAManagerAreRight(t *testing.T) {
	t.Parallel()
	r, _ := fresh(t)
	r.appended("my-app/values.yaml", "postern:\n      image:\n        repository: registry.example.com/postern\n      components: [vault]")
	r.run(helmCommands(t)[1])
	rendered := split(t, r.run(helmCommands(t)[2]))
	same(t, any("vault"), contents(t, rendered)["postern-env/SECRETS_BACKEND"])
	same(t, []string{"DATABASE_URL"}, allowed(t, rendered, "system:serviceaccount:my-namespace:my-app"))
	pod := pods(t, rendered)["my-app"]
	same(t, pushed, postern(t, pod).Image)
	if err := Sidecar(pod); err != nil {
		t.Error(err)
	}
}

func TestThePagesPartsMakeThePodOfThePagesWorkload(t *testing.T) {
	byParts := strings.TrimPrefix(shown(t, helmPage, "apiVersion: apps/v1"), "\n") + "\n"
	var plain []string
	skipped := regexp.MustCompile(`include "postern|^ +(annotations|initContainers|env|volumeMounts|volumes):|automountServiceAccountToken|enableServiceLinks`)
	for _, line := range strings.Split(byParts, "\n") {
		if !skipped.MatchString(line) {
			plain = append(plain, line)
		}
	}
	library := image().with("components", []string{"vault-clients", "files"})
	made, err := template(t, consumer(t, map[string]string{"it.yaml": byParts}, library))
	if err != nil {
		t.Fatal(err)
	}
	same(t, pods(t, consumed(t, map[string]string{"it": strings.Join(plain, "\n")}, library))["my-app"], pods(t, made)["my-app"])
}

func TestThePagesChartForInjectionHasThePagesImage(t *testing.T) {
	r := reader{t, filepath.Dir(beside(t, nil))}
	commands := helmCommands(t)
	policy, err := yaml.Marshal(split(t, r.run(commands[len(commands)-1])))
	if err != nil || !strings.Contains(string(policy), pushed) {
		t.Error(err)
	}
	if shownValues := string(r.run(commands[len(commands)-2])); shownValues != file(t, charts+"/postern/values.yaml")+"\n" {
		t.Error(shownValues)
	}
}

func TestThePageNamesEveryValueAndComponent(t *testing.T) {
	page := file(t, filepath.Join(root, "..", helmPage))
	properties := readMap(t, charts+"/postern/values.schema.json")["properties"].(map[string]any)
	names := properties["components"].(map[string]any)["items"].(map[string]any)["enum"].([]any)
	for name := range properties {
		if name != "global" {
			names = append(names, name)
		}
	}
	for _, name := range names {
		if !regexp.MustCompile("`" + name.(string) + "[`.]").MatchString(page) {
			t.Errorf("the page says nothing of %s", name)
		}
	}
}
