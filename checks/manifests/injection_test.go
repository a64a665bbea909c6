package manifests

import (
	"errors"
	"fmt"
	"regexp"
	"testing"

	admissionv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
)

func injection(t *testing.T) *admissionv1.MutatingAdmissionPolicy {
	t.Helper()
	return only[admissionv1.MutatingAdmissionPolicy](t, build(t, root+"/injection"), "MutatingAdmissionPolicy")
}

func binding(t *testing.T) *admissionv1.MutatingAdmissionPolicyBinding {
	t.Helper()
	return only[admissionv1.MutatingAdmissionPolicyBinding](t, build(t, root+"/injection"), "MutatingAdmissionPolicyBinding")
}

// only is the object of a kind, read strictly.
func only[T any](t *testing.T, objects []*unstructured.Unstructured, kind string) *T {
	t.Helper()
	for _, object := range objects {
		if object.GetKind() == kind {
			typed := new(T)
			if err := runtime.DefaultUnstructuredConverter.FromUnstructuredWithValidation(object.Object, typed, true); err != nil {
				t.Fatal(err)
			}
			return typed
		}
	}
	t.Fatal("no ", kind)
	return nil
}

func admitted(t *testing.T, pod *corev1.Pod) *corev1.Pod {
	t.Helper()
	after, err := Admit(injection(t), pod.DeepCopy())
	if err != nil {
		t.Fatal(err)
	}
	return after
}

// unpatched is the workload of testdata as it is written, without the component.
func unpatched(t *testing.T, name string) *corev1.Pod {
	t.Helper()
	pod, ok := pods(t, build(t, "testdata/workloads/plain"))[name]
	if !ok {
		t.Fatal(name)
	}
	return pod
}

func TestThePolicyDoesWhatTheComponentDoes(t *testing.T) {
	for _, name := range []string{"deployment", "job", "bare"} {
		t.Run(name, func(t *testing.T) {
			byComponent := pods(t, build(t, workloads))[name]
			byPolicy := admitted(t, unpatched(t, name))
			byComponent.Spec.InitContainers[0].Image = byPolicy.Spec.InitContainers[0].Image
			same(t, byName(byComponent.Spec), byName(byPolicy.Spec))
		})
	}
}

func TestThePolicyKeepsOrder(t *testing.T) {
	pod := admitted(t, unpatched(t, "deployment"))
	postern(t, pod)
	if pod.Spec.InitContainers[1].Name != "migrate" || pod.Spec.Containers[0].Name != "one" {
		t.Error(pod.Spec.InitContainers, pod.Spec.Containers)
	}
}

func TestAnInjectedPodIsRestrictedAndHasPosternAsItIsMeant(t *testing.T) {
	pod := admitted(t, unpatched(t, "deployment"))
	if err := errors.Join(Restricted(pod), Sidecar(pod)); err != nil {
		t.Error(err)
	}
}

func TestAnInjectedPodIsGuardedByWhatItsNamespaceGetsAndScraped(t *testing.T) {
	objects := build(t, root+"/injection/namespace")
	pod := admitted(t, unpatched(t, "deployment"))
	if err := errors.Join(Guarded(pod, objects), Scraped(pod, append(objects, podMonitor(t)))); err != nil {
		t.Error(err)
	}
	// The namespace is the one that kubectl is told.
	for _, object := range objects {
		same(t, object.GetNamespace(), "")
	}
	refused(t, Guarded(unpatched(t, "bystander"), objects), "no NetworkPolicy")
}

// The API server puts its default, true, into every pod before a policy sees it.
func TestAnInjectedPodHasNoVariablesOfServices(t *testing.T) {
	for _, said := range []bool{true, false} {
		pod := unpatched(t, "deployment")
		pod.Spec.EnableServiceLinks = &said
		if links := admitted(t, pod).Spec.EnableServiceLinks; links == nil || *links {
			t.Error(said, links)
		}
	}
}

// A pod with the label in a namespace that knows nothing of Postern would wait for a ConfigMap for ever.
func TestThePolicyIsBoundToNamespacesThatAskForIt(t *testing.T) {
	same(t, binding(t).Spec.PolicyName, injection(t).Name)
	for name, labels := range map[string]map[string]string{
		"bound":           {"postern.dev/injection": "enabled"},
		"without a label": {},
		"another value":   {"postern.dev/injection": "disabled"},
		"the pod's label": {"postern.dev/inject": "true"},
	} {
		t.Run(name, func(t *testing.T) {
			namespace := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "some", Labels: labels}}
			bound, err := Binds(binding(t), unpatched(t, "deployment"), namespace)
			if err != nil || bound != (name == "bound") {
				t.Error(bound, err)
			}
		})
	}
}

// Whoever the workload is: nobody in particular, or root, by the pod or by its containers.
func TestPosternIsTheUserOfItsImageInEveryPod(t *testing.T) {
	root := int64(0)
	for name, change := range map[string]func(spec *corev1.PodSpec){
		"nothing said": func(spec *corev1.PodSpec) { spec.SecurityContext = nil },
		"a pod of root's": func(spec *corev1.PodSpec) {
			spec.SecurityContext = &corev1.PodSecurityContext{RunAsUser: &root, RunAsGroup: &root}
		},
		"a root container": func(spec *corev1.PodSpec) {
			spec.Containers[0].SecurityContext = &corev1.SecurityContext{RunAsUser: &root}
		},
		"another user's":    func(*corev1.PodSpec) {},
		"a group for files": func(spec *corev1.PodSpec) { spec.SecurityContext.FSGroup = &root },
	} {
		t.Run(name, func(t *testing.T) {
			pod := unpatched(t, "deployment")
			change(&pod.Spec)
			security := postern(t, admitted(t, pod)).SecurityContext
			if security.RunAsUser == nil || security.RunAsGroup == nil {
				t.Fatal("it is the pod's")
			}
			same(t, fmt.Sprintf("%d:%d", *security.RunAsUser, *security.RunAsGroup), userOfTheImage(t))
		})
	}
}

func userOfTheImage(t *testing.T) string {
	t.Helper()
	found := regexp.MustCompile(`(?m)^USER (\d+:\d+)$`).FindStringSubmatch(file(t, root+"/../docker/Dockerfile"))
	if found == nil {
		t.Fatal("the image has no user by number")
	}
	return found[1]
}

func TestThePolicyLeavesAloneWhatHasPosternOrNoLabel(t *testing.T) {
	for _, pod := range []*corev1.Pod{pods(t, build(t, workloads))["deployment"], unpatched(t, "bystander")} {
		same(t, pod.Spec, admitted(t, pod).Spec)
	}
}

func TestThePolicyInjectsTheImageOfTheBase(t *testing.T) {
	image := postern(t, admitted(t, unpatched(t, "deployment"))).Image
	for _, pod := range pods(t, build(t, root+"/base")) {
		same(t, postern(t, pod).Image, image)
	}
}

// byName is a pod's specification with its volumes by their names: their order means nothing.
func byName(spec corev1.PodSpec) any {
	volumes := map[string]corev1.Volume{}
	for _, volume := range spec.Volumes {
		volumes[volume.Name] = volume
	}
	spec.Volumes = nil
	return []any{spec, volumes}
}
