package manifests

import (
	"path/filepath"
	"testing"
)

// What the example promises: the workload calls an API with a key that it cannot read.
func TestOnlyEnvoySeesTheKeyThatItAdds(t *testing.T) {
	pod := pods(t, build(t, root+"/examples/files-envoy"))["openai"]
	if pod == nil || len(pod.Spec.Containers) != 2 {
		t.Fatal(pod)
	}
	for _, container := range pod.Spec.Containers {
		mounted := false
		for _, mount := range container.VolumeMounts {
			mounted = mounted || mount.Name == "postern-files"
		}
		if mounted != (container.Name == "envoy") {
			t.Errorf("%s: %v", container.Name, container.VolumeMounts)
		}
	}
}

// Without a rule, the workload could read every name over HTTP.
func TestExamplesWithFilesHavePolicies(t *testing.T) {
	found, err := filepath.Glob(root + "/examples/files-*/postern.yaml")
	if err != nil || len(found) < 4 {
		t.Fatal(found, err)
	}
	for _, file := range found {
		postern, _ := readMap(t, file)["postern"].(map[string]any)
		if postern["policy"] == nil || postern["files"] == nil {
			t.Errorf("%s: %v", file, postern)
		}
	}
}
