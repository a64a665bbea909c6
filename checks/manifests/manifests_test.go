package manifests

import (
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

const (
	root      = "../../k8s"
	workloads = "testdata/workloads"
	own       = "testdata/own"
	files     = "testdata/files"
)

// kustomizations are all that stand on their own: components do not.
func kustomizations(t *testing.T) []string {
	t.Helper()
	var found []string
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.Name() == "kustomization.yaml" && !strings.Contains(path, "/components/") {
			found = append(found, filepath.Dir(path))
		}
		return err
	})
	if err != nil || len(found) < 10 {
		t.Fatalf("%v, %v", found, err)
	}
	return found
}

func build(t *testing.T, dir string) []*unstructured.Unstructured {
	t.Helper()
	objects, err := Build(dir)
	if err != nil {
		t.Fatal(err)
	}
	return objects
}

func pods(t *testing.T, objects []*unstructured.Unstructured) map[string]*corev1.Pod {
	t.Helper()
	found := map[string]*corev1.Pod{}
	for _, object := range objects {
		pod, err := PodOf(object)
		if err != nil {
			t.Fatal(err)
		}
		if pod != nil {
			found[object.GetName()] = pod
		}
	}
	return found
}

func postern(t *testing.T, pod *corev1.Pod) corev1.Container {
	t.Helper()
	if len(pod.Spec.InitContainers) == 0 || pod.Spec.InitContainers[0].Name != "postern" {
		t.Fatalf("postern is not the first init container of %v", pod.Spec.InitContainers)
	}
	return pod.Spec.InitContainers[0]
}

func TestEveryManifestIsWhatItsSchemaDescribes(t *testing.T) {
	for _, dir := range append(kustomizations(t), workloads, own, clients, files) {
		t.Run(dir, func(t *testing.T) {
			for _, object := range build(t, dir) {
				if err := Validate(object); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

func TestEveryPodIsRestricted(t *testing.T) {
	for _, dir := range append(kustomizations(t), workloads, own, clients, files) {
		t.Run(dir, func(t *testing.T) {
			for name, pod := range pods(t, build(t, dir)) {
				if err := Restricted(pod); err != nil {
					t.Errorf("%s: %v", name, err)
				}
			}
		})
	}
}

func TestEveryPodHasPosternAsItIsMeant(t *testing.T) {
	for _, dir := range append(kustomizations(t), workloads, own, clients, files) {
		for name, pod := range pods(t, build(t, dir)) {
			if name == "bystander" {
				continue
			}
			if err := Sidecar(pod); err != nil {
				t.Errorf("%s: %s: %v", dir, name, err)
			}
		}
	}
}

func TestEveryManagementPortIsGuarded(t *testing.T) {
	for _, dir := range append(kustomizations(t), own) {
		objects := build(t, dir)
		for name, pod := range pods(t, objects) {
			if name == "bystander" {
				continue
			}
			if err := Guarded(pod, objects); err != nil {
				t.Errorf("%s: %s: %v", dir, name, err)
			}
		}
	}
}

func TestEveryPodIsScrapedWhereThePodMonitorIsApplied(t *testing.T) {
	monitor := podMonitor(t)
	if err := Validate(monitor); err != nil {
		t.Error(err)
	}
	for _, dir := range append(kustomizations(t), workloads) {
		for name, pod := range pods(t, build(t, dir)) {
			if name == "bystander" {
				continue
			}
			if err := Scraped(pod, []*unstructured.Unstructured{monitor}); err != nil {
				t.Errorf("%s: %s: %v", dir, name, err)
			}
		}
	}
}

func podMonitor(t *testing.T) *unstructured.Unstructured {
	t.Helper()
	return &unstructured.Unstructured{Object: readMap(t, root+"/components/pod-monitor/pod-monitor.yaml")}
}

// What an operator would have to be there for is left to who has it: but for the overlay that has the operator's name.
func TestAnOverlayNeedsNoOperator(t *testing.T) {
	for _, dir := range kustomizations(t) {
		for _, object := range build(t, dir) {
			group := object.GroupVersionKind().Group
			foreign := strings.Contains(group, ".") && !strings.HasSuffix(group, ".k8s.io")
			if foreign && filepath.Base(dir) != "external-secrets" {
				t.Errorf("%s: %s %s", dir, group, object.GetKind())
			}
		}
	}
}

func TestTheSidecarComesWithEveryKindOfWorkloadThatIsLabelled(t *testing.T) {
	for _, dir := range []string{workloads, own} {
		t.Run(dir, func(t *testing.T) { everyKindHasTheSidecar(t, dir) })
	}
}

func everyKindHasTheSidecar(t *testing.T, dir string) {
	t.Helper()
	built := pods(t, build(t, dir))
	for _, name := range []string{"deployment", "stateful-set", "daemon-set", "job", "cron-job"} {
		pod := built[name]
		postern(t, pod)
		for _, container := range pod.Spec.Containers {
			last := container.VolumeMounts[len(container.VolumeMounts)-1]
			if last.Name != "postern-token" || last.MountPath != "/var/run/secrets/postern" {
				t.Errorf("%s: %s has no token: %v", name, container.Name, container.VolumeMounts)
			}
		}
		if mounts := pod.Spec.Containers[1].VolumeMounts; mounts[0].Name != "data" || len(mounts) != 2 {
			t.Errorf("%s: its own mount is gone: %v", name, mounts)
		}
		if pod.Spec.InitContainers[1].Name != "migrate" {
			t.Errorf("%s: its own init container is gone", name)
		}
	}
	if len(built["bystander"].Spec.InitContainers) != 1 {
		t.Error("what is not labelled was changed")
	}
}

func TestEachManagersTokenComesWithEveryKindOfWorkload(t *testing.T) {
	built := pods(t, build(t, own))
	for _, name := range []string{"deployment", "stateful-set", "daemon-set", "job", "cron-job"} {
		mounted := map[string]bool{}
		for _, mount := range postern(t, built[name]).VolumeMounts {
			mounted[mount.Name] = true
		}
		for _, volume := range []string{"postern-secrets", "postern-aws-token", "postern-azure-token", "postern-vault-token"} {
			if !mounted[volume] {
				t.Errorf("%s: postern does not mount %s", name, volume)
			}
		}
	}
}

func TestCronJobsArePatchedAsPodTemplatesAre(t *testing.T) {
	found, err := filepath.Glob(root + "/components/*/cron-job.yaml")
	if err != nil || len(found) < 5 {
		t.Fatal(found, err)
	}
	for _, file := range found {
		template := readMap(t, filepath.Join(filepath.Dir(file), "pod-template.yaml"))
		template, _, _ = unstructured.NestedMap(template, templates["Deployment"]...)
		cron, _, _ := unstructured.NestedMap(readMap(t, file), templates["CronJob"]...)
		same(t, template, cron)
	}
}

// What tells the environments apart is ENVIRONMENT and the policy, and nothing else.
func TestStagingAndProductionDifferInEnvironmentAndPolicyOnly(t *testing.T) {
	staging, production := build(t, root+"/overlays/staging"), build(t, root+"/overlays/production")
	if len(staging) != len(production) {
		t.Fatalf("%d and %d objects", len(staging), len(production))
	}
	names := map[string]string{}
	for i := range staging {
		if staging[i].GetKind() == "ConfigMap" {
			names[staging[i].GetName()] = production[i].GetName()
		}
	}
	if len(names) != 2 {
		t.Fatal(names)
	}
	for i := range staging {
		if staging[i].GetKind() != "ConfigMap" {
			same(t, renamed(t, staging[i].Object, names), production[i].Object)
			continue
		}
		for key, value := range data(t, staging[i]) {
			other := data(t, production[i])[key]
			switch key {
			case "ENVIRONMENT":
				if value != "staging" || other != "production" {
					t.Errorf("ENVIRONMENT is %s, %s", value, other)
				}
			case "postern.yaml":
				mine, theirs := settings(t, value), settings(t, other)
				if mine["policy"] == nil || theirs["policy"] == nil {
					t.Error("no policy")
				}
				delete(mine, "policy")
				delete(theirs, "policy")
				same(t, mine, theirs)
			default:
				t.Errorf("%s is set by the environment", key)
			}
		}
	}
}
