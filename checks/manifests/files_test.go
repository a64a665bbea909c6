package manifests

import "testing"

func TestWorkloadsReadTheFilesThatPosternWritesAndNobodyElseDoes(t *testing.T) {
	found := pods(t, build(t, files))
	checked := 0
	for name, pod := range found {
		if pod.Labels["postern.dev/inject"] != "true" {
			continue
		}
		checked++
		for _, volume := range pod.Spec.Volumes {
			if volume.Name == "postern-files" && (volume.EmptyDir == nil || volume.EmptyDir.Medium != "Memory") {
				t.Errorf("%s: the files are not in memory: %v", name, volume)
			}
		}
		for _, container := range append(pod.Spec.Containers, postern(t, pod)) {
			writes := container.Name == "postern"
			mounted := false
			for _, mount := range container.VolumeMounts {
				if mount.Name == "postern-files" {
					mounted = mount.MountPath == "/run/postern-files" && mount.ReadOnly != writes
				}
			}
			if !mounted {
				t.Errorf("%s/%s: %v", name, container.Name, container.VolumeMounts)
			}
		}
	}
	if checked < 4 {
		t.Error("there are only", checked, "workloads")
	}
}
