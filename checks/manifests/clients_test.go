package manifests

import (
	"testing"

	corev1 "k8s.io/api/core/v1"
)

const clients = "testdata/clients"

func variables(container corev1.Container) map[string]string {
	found := map[string]string{}
	for _, variable := range container.Env {
		found[variable.Name] = variable.Value
	}
	return found
}

func TestClientsInEveryContainerOfTheWorkloadAreSentToPostern(t *testing.T) {
	expected := map[string]string{
		"VAULT_ADDR":                             "http://127.0.0.1:8200",
		"AWS_ENDPOINT_URL_SECRETS_MANAGER":       "http://127.0.0.1:2773",
		"AWS_CONTAINER_CREDENTIALS_FULL_URI":     "http://127.0.0.1:2773/credentials",
		"AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "/var/run/secrets/postern/token",
	}
	found := pods(t, build(t, clients))
	if len(found) < 5 {
		t.Fatal(found)
	}
	for name, pod := range found {
		if pod.Labels["postern.dev/inject"] != "true" {
			continue
		}
		for variable := range variables(postern(t, pod)) {
			if expected[variable] != "" {
				t.Errorf("%s: Postern itself has %s", name, variable)
			}
		}
		for _, container := range pod.Spec.Containers {
			for variable, value := range expected {
				if variables(container)[variable] != value {
					t.Errorf("%s/%s: %s is %q", name, container.Name, variable, variables(container)[variable])
				}
			}
		}
	}
}

func TestTheDoorsThatClientsAreSentToAreOpen(t *testing.T) {
	for _, object := range build(t, clients) {
		if object.GetKind() == "ConfigMap" && object.GetName() == "postern-env" {
			settings := data(t, object)
			for _, door := range []string{"AWS", "VAULT"} {
				if settings["POSTERN_COMPATIBLE_"+door+"_ENABLED"] != "true" {
					t.Errorf("%s is not enabled: %v", door, settings)
				}
			}
			return
		}
	}
	t.Error("there is no ConfigMap postern-env")
}
