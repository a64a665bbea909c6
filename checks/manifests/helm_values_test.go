package manifests

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	admissionv1 "k8s.io/api/admissionregistration/v1"
)

func TestWrongValuesOfTheChartAreRefused(t *testing.T) {
	t.Parallel()
	chart := consumer(t, nil, image())
	if _, err := template(t, chart); err != nil {
		t.Fatal(err)
	}
	for set, why := range map[string]string{
		`image.repository="Postern"`:               "'/image/repository': 'Postern' does not match",
		`image.repository="https://example.com/x"`: "'/image/repository': 'https://example.com/x' does not match",
		`image.tag=1.2`:                            "'/image/tag': got number, want string",
		`image.tag="1 2"`:                          "'/image/tag': '1 2' does not match",
		`image.digest="sha256:12"`:                 "'/image/digest': 'sha256:12' does not match",
		`image.pullPolicy="Sometimes"`:             "'/image/pullPolicy': value must be one of",
		`image.name="x"`:                           "'/image': additional properties 'name' not allowed",
		`imagee={}`:                                "additional properties 'imagee' not allowed",
		`components=["valt"]`:                      "'/components/0': value must be one of",
		`components=["vault","vault"]`:             "'/components': items at 0 and 1 are equal",
		`components="vault"`:                       "'/components': got string, want array",
		`components=["kubernetes-secret"]`:         "'/kubernetesSecret': minLength",
		`kubernetesSecret="A_B"`:                   "'/kubernetesSecret': 'A_B' does not match",
		`components=["eks-irsa"]`:                  "'/env': missing property 'AWS_ROLE_ARN'",
		`components=["aks"]`:                       "'/env': missing properties 'AZURE_CLIENT_ID', 'AZURE_TENANT_ID'",
		`config.postern={}`:                        "'/config': additional properties 'postern' not allowed",
		`config="postern.yaml"`:                    "'/config': got string, want object",
		`config.backends.vault=null`:               "'/config/backends/vault': got null, want",
		`config.policy={"a":{"allow":[null]}}`:     "'/config/policy/a/allow/0': got null, want",
		`env.A=1`:                                  "'/env/A': got number, want string",
		`env.A-B="1"`:                              "invalid propertyName 'A-B'",
		`env.VAULT_TOKEN="x"`:                      "postern.env.VAULT_TOKEN: a secret does not belong in a ConfigMap",
		`resources.limits.memory="lots"`:           "'/resources/limits/memory': 'lots' does not match",
		`resources.limit={}`:                       "'/resources': additional properties 'limit' not allowed",
		`volumes=[{"emptyDir":{}}]`:                "'/volumes/0': missing property 'name'",
		`volumeMounts=[{"name":"a"}]`:              "'/volumeMounts/0': missing property 'mountPath'",
		`networkPolicy.from=[]`:                    "'/networkPolicy/from': minItems",
		`networkPolicy.from=[{}]`:                  "'/networkPolicy/from/0': minProperties",
		`networkPolicy.enabled=true`:               "'/networkPolicy': additional properties 'enabled' not allowed",
		`podMonitor.interval="30"`:                 "'/podMonitor/interval': '30' does not match",
		`podMonitor.labels.release=1`:              "'/podMonitor/labels/release': got number, want string",
	} {
		t.Run(set, func(t *testing.T) {
			t.Parallel()
			_, err := template(t, chart, "--set-json", "postern."+set)
			refused(t, err, why)
		})
	}
}

// No registry is anybody's by default: Docker Hub's would be asked for the image of a stranger.
func TestAnImageWithoutARegistryOfOnesOwnIsRefused(t *testing.T) {
	_, err := template(t, consumer(t, nil, values{}))
	refused(t, err, "'/image': missing property 'repository'")
}

func TestWrongValuesOfTheChartForInjectionAreRefused(t *testing.T) {
	for set, why := range map[string]string{
		`image={}`:                         "'/image': missing property 'repository'",
		`image={"repository":"a b"}`:       "'/image/repository': 'a b' does not match",
		`images={"repository":"r"}`:        "additional properties 'images' not allowed",
		`image={"repository":"r","tag":1}`: "'/image/tag': got number, want string",
	} {
		_, err := template(t, charts+"/postern-injection", "--set-json", set)
		refused(t, err, why)
	}
}

func TestTheChartForInjectionMakesThePolicyAndItsBinding(t *testing.T) {
	objects, err := template(t, charts+"/postern-injection", "--set", "image.repository=postern")
	if err != nil {
		t.Fatal(err)
	}
	for _, object := range objects {
		name, _ := strings.CutPrefix(object.GetKind(), "MutatingAdmissionPolicy")
		same(t, readMap(t, root+"/injection/"+strings.ToLower(cmp.Or(name, "policy"))+".yaml"), object.Object)
		if err := Validate(object); err != nil {
			t.Error(err)
		}
	}
	same(t, 2, len(objects))
	for set, image := range map[string]string{
		"image.tag=1.2.3": "registry.example.com/postern:1.2.3",
		"image.digest=sha256:" + strings.Repeat("0", 64): "registry.example.com/postern@sha256:" + strings.Repeat("0", 64),
	} {
		objects, err := template(t, charts+"/postern-injection", "--set", "image.repository=registry.example.com/postern,"+set)
		if err != nil {
			t.Fatal(err)
		}
		pod, err := Admit(only[admissionv1.MutatingAdmissionPolicy](t, objects, "MutatingAdmissionPolicy"), unpatched(t, "deployment"))
		if err != nil {
			t.Fatal(err)
		}
		same(t, image, postern(t, pod).Image)
	}
}

func TestTheChartForInjectionIsForClustersThatHaveItsKind(t *testing.T) {
	_, err := template(t, charts+"/postern-injection", "--set", "image.repository=postern", "--kube-version", "1.35")
	refused(t, err, "chart requires kubeVersion: >=1.36")
}

func TestTheImageOfTheChartIsOfTheTagOrTheDigestOfTheValues(t *testing.T) {
	for expected, given := range map[string]values{
		"r/p:0.1.0":                             {"repository": "r/p"},
		"r/p:1":                                 {"repository": "r/p", "tag": "1"},
		"r/p@sha256:" + strings.Repeat("0", 64): {"repository": "r/p", "tag": "1", "digest": "sha256:" + strings.Repeat("0", 64)},
	} {
		made := pods(t, consumed(t, map[string]string{"it": labelled(t)["bare"]}, values{"image": given.with("pullPolicy", "Always")}))["bare"]
		same(t, expected, postern(t, made).Image)
		same(t, "Always", string(postern(t, made).ImagePullPolicy))
	}
}

// described are the properties of a schema that an editor could say nothing about.
func undescribed(path string, schema map[string]any) []string {
	var found []string
	properties, _ := schema["properties"].(map[string]any)
	for name, property := range properties {
		property := property.(map[string]any)
		if description, _ := property["description"].(string); description == "" {
			found = append(found, path+name)
		}
		found = append(found, undescribed(path+name+".", property)...)
	}
	return found
}

func TestEveryValueIsDescribed(t *testing.T) {
	for _, chart := range []string{"postern", "postern-injection"} {
		for _, name := range undescribed("", readMap(t, charts+"/"+chart+"/values.schema.json")) {
			if !strings.HasPrefix(name, "resources.") {
				t.Errorf("%s: %s", chart, name)
			}
		}
	}
}

// What the chart takes for a misspelling must not be a setting.
func TestTheChartKnowsEveryGroupOfSettings(t *testing.T) {
	documented := map[string]bool{}
	for _, setting := range regexp.MustCompile("`postern\\.([a-z]+)").FindAllStringSubmatch(file(t, root+"/../docs/configuration.md"), -1) {
		documented[setting[1]] = true
	}
	schema := readMap(t, charts+"/postern/values.schema.json")
	config := schema["properties"].(map[string]any)["config"].(map[string]any)["properties"].(map[string]any)
	same(t, slices.Sorted(maps.Keys(documented)), slices.Sorted(maps.Keys(config)))
}

func TestChartsHaveTheVersionOfTheImageOfTheBase(t *testing.T) {
	version := readMap(t, root+"/base/kustomization.yaml")["images"].([]any)[0].(map[string]any)["newTag"]
	for _, chart := range []string{"postern", "postern-injection"} {
		about := readMap(t, charts+"/"+chart+"/Chart.yaml")
		same(t, []any{version, version}, []any{about["version"], about["appVersion"]})
	}
}

func TestHelmLintFindsNothing(t *testing.T) {
	for _, chart := range []string{"postern", "postern-injection"} {
		output, err := helmed(t, charts, "helm", "lint", "--strict", "--quiet", "--kube-version", "1.36", "--set", "image.repository=postern", chart).CombinedOutput()
		if err != nil {
			t.Errorf("%v\n%s", err, output)
		}
	}
}
