package manifests

import (
	"cmp"
	"errors"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"
)

// What kustomize adds to the name of a ConfigMap, or Helm.
var added = regexp.MustCompile(`^(?:` + release + `|my-app)-|-[0-9a-z]{10}$`)

// alike is a pod without what may tell Helm's from kustomize's: names of ConfigMaps, marks of the release, and orders that mean nothing.
func alike(pod *corev1.Pod) *corev1.Pod {
	pod = pod.DeepCopy()
	pod.Namespace = ""
	delete(pod.Labels, "postern.dev/release")
	delete(pod.Annotations, "checksum/postern")
	if len(pod.Annotations) == 0 {
		pod.Annotations = nil
	}
	for _, containers := range [][]corev1.Container{pod.Spec.InitContainers, pod.Spec.Containers} {
		for _, container := range containers {
			slices.SortFunc(container.Env, func(a, b corev1.EnvVar) int { return cmp.Compare(a.Name, b.Name) })
			slices.SortFunc(container.VolumeMounts, func(a, b corev1.VolumeMount) int { return cmp.Compare(a.MountPath, b.MountPath) })
			for _, from := range container.EnvFrom {
				from.ConfigMapRef.Name = added.ReplaceAllString(from.ConfigMapRef.Name, "")
			}
		}
	}
	slices.SortFunc(pod.Spec.Volumes, func(a, b corev1.Volume) int { return cmp.Compare(a.Name, b.Name) })
	for _, volume := range pod.Spec.Volumes {
		if volume.ConfigMap != nil {
			volume.ConfigMap.Name = added.ReplaceAllString(volume.ConfigMap.Name, "")
		}
	}
	return pod
}

// sound tells whether objects are valid, and their pods restricted, with Postern as it is meant.
func sound(t *testing.T, objects []*unstructured.Unstructured) {
	t.Helper()
	for _, object := range objects {
		if err := Validate(object); err != nil {
			t.Error(err)
		}
	}
	for name, pod := range pods(t, objects) {
		if err := errors.Join(Restricted(pod), Sidecar(pod)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		same(t, release, pod.Labels["postern.dev/release"])
	}
}

// overlay says which values of the chart an overlay is.
type overlay struct {
	settings    string // whose postern.yaml it has
	environment string
	components  []string
	env         map[string]string
	annotations string
}

var overlays = map[string]overlay{
	"kubernetes-secret": {"base", "development", []string{"kubernetes-secret"}, nil, ""},
	"external-secrets":  {"base", "production", []string{"kubernetes-secret"}, nil, ""},
	"staging":           {"overlays/staging", "staging", nil, nil, ""},
	"production":        {"overlays/production", "production", nil, nil, ""},
	"gke":               {"overlays/production", "production", []string{"gke"}, map[string]string{"GCP_PROJECT_ID": "my-project"}, ""},
	"eks-pod-identity": {"overlays/production", "production", []string{"eks-pod-identity"}, map[string]string{"AWS_REGION": "us-east-1"},
		"eks.amazonaws.com/skip-containers: trainer"},
	"eks-irsa": {"overlays/production", "production", []string{"eks-irsa"}, map[string]string{
		"AWS_REGION": "us-east-1", "AWS_ROLE_ARN": "arn:aws:iam::111122223333:role/postern-trainer-production"}, ""},
	"aks": {"overlays/production", "production", []string{"aks"}, map[string]string{
		"AZURE_KEY_VAULT_URL": "https://ml-workflow.vault.azure.net", "AZURE_CLIENT_ID": "00000000-0000-0000-0000-000000000000",
		"AZURE_TENANT_ID": "00000000-0000-0000-0000-000000000000"}, ""},
	"vault": {"overlays/production", "production", []string{"vault"}, map[string]string{
		"VAULT_ADDR": "https://vault.vault.svc:8200", "POSTERN_BACKENDS_VAULT_AUTH_ROLE": "postern-trainer-production"}, ""},
}

func (o overlay) values(t *testing.T) values {
	t.Helper()
	env := map[string]string{"ENVIRONMENT": o.environment}
	for name, value := range o.env {
		env[name] = value
	}
	return image().
		with("components", append([]string{"network-policy"}, o.components...)).
		with("kubernetesSecret", "ml-workflow-secrets").
		with("config", settings(t, file(t, filepath.Join(root, o.settings, "postern.yaml")))).
		with("env", env)
}

func TestTheChartMakesThePodTheSettingsAndThePolicyOfEveryOverlay(t *testing.T) {
	t.Parallel()
	found, err := filepath.Glob(root + "/overlays/*")
	if err != nil || len(found) != len(overlays) {
		t.Fatal(found, err)
	}
	for _, dir := range found {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			t.Parallel()
			overlay := overlays[filepath.Base(dir)]
			trainer := file(t, root+"/base/trainer.yaml")
			if overlay.annotations != "" {
				trainer = strings.Replace(trainer, "  template:\n    metadata:\n", "  template:\n    metadata:\n      annotations: {"+overlay.annotations+"}\n", 1)
			}
			byHelm := consumed(t, map[string]string{"trainer": trainer}, overlay.values(t))
			byKustomize := build(t, dir)
			sound(t, byHelm)
			pod := pods(t, byHelm)["trainer"]
			if err := Guarded(pod, byHelm); err != nil {
				t.Error(err)
			}
			same(t, alike(pods(t, byKustomize)["trainer"]), alike(pod))
			same(t, contents(t, byKustomize), contents(t, byHelm))
			same(t, admitting(t, byKustomize), admitting(t, byHelm))
		})
	}
}

// contents are those of the ConfigMaps, by what their names have in common.
func contents(t *testing.T, objects []*unstructured.Unstructured) map[string]any {
	t.Helper()
	found := map[string]any{}
	for _, object := range objects {
		if object.GetKind() == "ConfigMap" {
			for key, value := range data(t, object) {
				name := added.ReplaceAllString(object.GetName(), "") + "/" + key
				found[name] = value
				if key == "postern.yaml" {
					found[name] = parsed(t, value)
				}
			}
		}
	}
	if len(found) < 2 {
		t.Fatal(found)
	}
	return found
}

// admitting are the rules of the only NetworkPolicy.
func admitting(t *testing.T, objects []*unstructured.Unstructured) any {
	t.Helper()
	for _, object := range objects {
		if object.GetKind() == "NetworkPolicy" {
			return object.Object["spec"].(map[string]any)["ingress"]
		}
	}
	t.Fatal("no NetworkPolicy")
	return nil
}

// labelled are the workloads of testdata that ask for Postern.
func labelled(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	for _, object := range split(t, []byte(file(t, workloads+"/plain/workloads.yaml"))) {
		if object.GetLabels()["postern.dev/inject"] == "true" {
			text, err := yaml.Marshal(object.Object)
			if err != nil {
				t.Fatal(err)
			}
			found[object.GetName()] = string(text)
		}
	}
	if len(found) != 6 {
		t.Fatal(found)
	}
	return found
}

func TestTheChartMakesThePodsOfEveryComponentForEveryKindOfWorkload(t *testing.T) {
	t.Parallel()
	for dir, library := range map[string]values{
		workloads: image(),
		files:     image().with("components", []string{"files"}),
		clients:   image().with("components", []string{"vault-clients", "aws-clients"}),
		own: image().
			with("components", []string{"network-policy", "pod-monitor", "kubernetes-secret", "aks", "eks-irsa", "eks-pod-identity", "gke", "vault"}).
			with("kubernetesSecret", "ml-workflow-secrets").
			with("env", values{"AWS_ROLE_ARN": "x", "AZURE_CLIENT_ID": "x", "AZURE_TENANT_ID": "x"}),
	} {
		t.Run(dir, func(t *testing.T) {
			t.Parallel()
			byHelm := consumed(t, labelled(t), library)
			sound(t, byHelm)
			byKustomize := pods(t, build(t, dir))
			for name, pod := range pods(t, byHelm) {
				expected := alike(byKustomize[name])
				expected.Spec.InitContainers[0].Image += ":0.1.0"
				same(t, expected, alike(pod))
			}
			if dir == own {
				if err := Scraped(pods(t, byHelm)["deployment"], byHelm); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

func TestTheChartsForEachComponentOfKustomize(t *testing.T) {
	found, err := filepath.Glob(root + "/components/*")
	if err != nil {
		t.Fatal(err)
	}
	var names []any
	for _, dir := range found {
		// The sidecar is always there, and an ExternalSecret is the user's own template.
		if name := filepath.Base(dir); name != "sidecar" && name != "external-secrets" {
			names = append(names, name)
		}
	}
	known := readMap(t, charts+"/postern/values.schema.json")["properties"].(map[string]any)["components"].(map[string]any)["items"].(map[string]any)["enum"].([]any)
	slices.SortFunc(known, func(a, b any) int { return cmp.Compare(a.(string), b.(string)) })
	same(t, names, known)
}

// A pod, as Helm's tests are, and what other controllers make of a template.
func TestTheChartAddsPosternToOtherKindsWithAPod(t *testing.T) {
	deployment := parsed(t, labelled(t)["bare"])
	template := deployment["spec"].(map[string]any)["template"].(map[string]any)
	rollout := map[string]any{"apiVersion": "argoproj.io/v1alpha1", "kind": "Rollout", "metadata": deployment["metadata"], "spec": deployment["spec"]}
	pod := map[string]any{"apiVersion": "v1", "kind": "Pod", "metadata": map[string]any{"name": "alone", "labels": template["metadata"].(map[string]any)["labels"]}, "spec": template["spec"]}
	expected := alike(pods(t, consumed(t, map[string]string{"bare": labelled(t)["bare"]}, image()))["bare"])
	for _, object := range []map[string]any{rollout, pod} {
		text, err := yaml.Marshal(object)
		if err != nil {
			t.Fatal(err)
		}
		for _, made := range consumed(t, map[string]string{"it": string(text)}, image()) {
			if made.GetKind() == "Rollout" {
				made.SetKind("Deployment")
			}
			if found, err := PodOf(made); err != nil {
				t.Error(err)
			} else if found != nil {
				same(t, expected.Spec, alike(found).Spec)
				same(t, expected.Labels, alike(found).Labels)
			}
		}
	}
}

func TestTheChartKeepsWhatAContainerAlreadySets(t *testing.T) {
	workload := strings.Replace(labelled(t)["bare"], "        name: one\n", `        name: one
        env: [{name: VAULT_ADDR, value: "https://vault.example:8200"}]
        volumeMounts: [{name: postern-token, mountPath: /var/run/secrets/postern, readOnly: true}]
`, 1)
	container := pods(t, consumed(t, map[string]string{"it": workload}, image().with("components", []string{"vault-clients"})))["bare"].Spec.Containers[0]
	same(t, []corev1.EnvVar{{Name: "VAULT_ADDR", Value: "https://vault.example:8200"}}, container.Env)
	same(t, []corev1.VolumeMount{{Name: "postern-token", MountPath: "/var/run/secrets/postern", ReadOnly: true}}, container.VolumeMounts)
}

// Of what is read and written again, numbers are the first to suffer.
func TestTheChartKeepsLargeNumbers(t *testing.T) {
	settings := data(t, consumed(t, nil, image().with("config", values{"cache": values{"max-entries": 10000000}}))[0])["postern.yaml"]
	if !strings.Contains(settings, "max-entries: 10000000\n") {
		t.Error(settings)
	}
	workload := strings.Replace(labelled(t)["bare"], "runAsUser: 1000", "runAsUser: 1000650000", 1)
	same(t, int64(1000650000), *pods(t, consumed(t, map[string]string{"it": workload}, image()))["bare"].Spec.SecurityContext.RunAsUser)
}

func TestATemplateThatMakesNothingStillMakesNothing(t *testing.T) {
	same(t, 0, len(pods(t, consumed(t, map[string]string{"it": "{{- if .Values.absent }}\n" + labelled(t)["bare"] + "{{- end }}\n"}, image()))))
}

func TestAWorkloadThatCannotHavePosternIsRefused(t *testing.T) {
	bare := labelled(t)["bare"]
	for why, workload := range map[string]string{
		"it has more than one object":       bare + "---\n" + bare,
		"it has no pod with containers":     "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: it}\n",
		"it already has Postern":            strings.Replace(bare, "      containers:", "      initContainers: [{name: postern, image: postern}]\n      containers:", 1),
		"it: error converting YAML to JSON": "a: b: c\n",
	} {
		_, err := template(t, consumer(t, map[string]string{"it.yaml": wrapped("it", workload)}, image()))
		refused(t, err, "postern.workload: "+why)
	}
}

// Rules are read again while Postern runs; nothing else is.
func TestAChangeOfSettingsReplacesPodsAndAChangeOfRulesDoesNot(t *testing.T) {
	checksum := func(library values) string {
		return pods(t, consumed(t, map[string]string{"it": labelled(t)["bare"]}, library))["bare"].Annotations["checksum/postern"]
	}
	before := checksum(image())
	if len(before) != 64 {
		t.Fatal(before)
	}
	same(t, before, checksum(image().with("config", values{"policy": values{"a": values{"callers": []string{"*"}}}})))
	for _, changed := range []values{
		image().with("config", values{"secrets": values{"A": "b"}}),
		image().with("env", values{"ENVIRONMENT": "production"}),
		image().with("components", []string{"gke"}),
	} {
		if checksum(changed) == before {
			t.Error(changed)
		}
	}
}

func TestSettingsMayNameTheReleaseAndItsServiceAccount(t *testing.T) {
	caller := `system:serviceaccount:{{ .Release.Namespace }}:{{ include "account" . }}`
	chart := consumer(t, map[string]string{"_account.tpl": `{{ define "account" }}{{ .Release.Name }}{{ end }}`},
		image().with("config", values{"policy": values{"it": values{"callers": []string{caller}, "allow": []string{"A"}}}}).
			with("env", values{"AWS_ROLE_SESSION_NAME": "{{ .Release.Name }}", "POSTERN_HTTP_PORT": "77{{ len .Release.Name }}0"}))
	objects, err := template(t, chart)
	if err != nil {
		t.Fatal(err)
	}
	same(t, []string{"A"}, allowed(t, objects, "system:serviceaccount:ml-workflow:"+release))
	same(t, any(release), contents(t, objects)["postern-env/AWS_ROLE_SESSION_NAME"])
	same(t, any("7740"), contents(t, objects)["postern-env/POSTERN_HTTP_PORT"])
}

// Both write {{ }}: what Postern is to render must reach it.
func TestTemplatesOfFilesAreLeftToPostern(t *testing.T) {
	files := map[string]any{"app": map[string]any{"format": "template", "template": "password {{ PASSWORD | json }}\n"}}
	objects := consumed(t, nil, image().with("config", values{"files": files}).with("env", values{"ENVIRONMENT": "production"}))
	config := contents(t, objects)["postern/postern.yaml"].(map[string]any)["postern"].(map[string]any)
	same(t, any(files), config["files"])
}

func TestSettingsThatAreNoYAMLOnceRenderedAreRefused(t *testing.T) {
	_, err := template(t, consumer(t, nil, image().with("config", values{"backend": `{{ "\u0027" }}`})))
	refused(t, err, "postern.config: ")
}

func TestVolumesOfOnesOwnAreInThePodAndInPostern(t *testing.T) {
	pod := pods(t, consumed(t, map[string]string{"it": labelled(t)["bare"]}, image().
		with("volumes", []any{values{"name": "vault-ca", "configMap": values{"name": "vault-ca"}}}).
		with("volumeMounts", []any{values{"name": "vault-ca", "mountPath": "/etc/vault", "readOnly": true}})))["bare"]
	same(t, "vault-ca", volumeOf(pod, "vault-ca").ConfigMap.Name)
	same(t, corev1.VolumeMount{Name: "vault-ca", MountPath: "/etc/vault", ReadOnly: true}, *mountOf(&pod.Spec.InitContainers[0]))
}
