package manifests

import (
	"errors"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
)

// Guarded tells whether the objects keep a pod's management port to named peers, and let them in to nothing else.
func Guarded(pod *corev1.Pod, objects []*unstructured.Unstructured) error {
	guarded := false
	for _, object := range objects {
		if object.GetKind() != "NetworkPolicy" {
			continue
		}
		policy := &networkingv1.NetworkPolicy{}
		if err := runtime.DefaultUnstructuredConverter.FromUnstructuredWithValidation(object.Object, policy, true); err != nil {
			return err
		}
		selected, err := selects(&policy.Spec.PodSelector, pod)
		if err != nil {
			return err
		}
		if !selected || len(policy.Spec.PolicyTypes) != 1 || policy.Spec.PolicyTypes[0] != networkingv1.PolicyTypeIngress {
			continue
		}
		guarded = true
		for _, rule := range policy.Spec.Ingress {
			// Neither peers nor ports mean all of them.
			if len(rule.From) == 0 || len(rule.Ports) != 1 || rule.Ports[0].Port.IntValue() != 7742 || rule.Ports[0].EndPort != nil {
				return fmt.Errorf("%s lets more in than to the management port", policy.Name)
			}
			for _, peer := range rule.From {
				if peer.IPBlock != nil || everybody(peer.NamespaceSelector) || everybody(peer.PodSelector) {
					return fmt.Errorf("%s lets more in than pods by their labels", policy.Name)
				}
			}
		}
	}
	if !guarded {
		return errors.New("no NetworkPolicy is for it")
	}
	return nil
}

func everybody(selector *metav1.LabelSelector) bool {
	return selector == nil || len(selector.MatchLabels) == 0 && len(selector.MatchExpressions) == 0
}

// Scraped tells whether a PodMonitor among the objects is for a pod, and names a port that it has.
func Scraped(pod *corev1.Pod, objects []*unstructured.Unstructured) error {
	for _, object := range objects {
		if object.GetKind() != "PodMonitor" {
			continue
		}
		var spec struct {
			Selector            metav1.LabelSelector `json:"selector"`
			PodMetricsEndpoints []struct {
				Port string `json:"port"`
				Path string `json:"path"`
			} `json:"podMetricsEndpoints"`
		}
		content, _, err := unstructured.NestedMap(object.Object, "spec")
		if err != nil {
			return err
		}
		if err := runtime.DefaultUnstructuredConverter.FromUnstructured(content, &spec); err != nil {
			return err
		}
		selected, err := selects(&spec.Selector, pod)
		if err != nil {
			return err
		}
		if !selected {
			continue
		}
		for _, endpoint := range spec.PodMetricsEndpoints {
			if endpoint.Port == pod.Spec.InitContainers[0].Ports[0].Name && endpoint.Path == "/metrics" {
				return nil
			}
		}
	}
	return errors.New("no PodMonitor reads its metrics")
}

func selects(selector *metav1.LabelSelector, pod *corev1.Pod) (bool, error) {
	compiled, err := metav1.LabelSelectorAsSelector(selector)
	if err != nil {
		return false, err
	}
	return compiled.Matches(labels.Set(pod.Labels)), nil
}
