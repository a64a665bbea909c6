package manifests

import (
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"
)

// templates says where the kinds that make pods keep what they make them of.
var templates = map[string][]string{
	"CronJob":     {"spec", "jobTemplate", "spec", "template"},
	"DaemonSet":   {"spec", "template"},
	"Deployment":  {"spec", "template"},
	"Job":         {"spec", "template"},
	"StatefulSet": {"spec", "template"},
}

// PodOf returns the pod that an object is or makes; nil where it is and makes none.
func PodOf(object *unstructured.Unstructured) (*corev1.Pod, error) {
	content := object.Object
	if object.GetKind() != "Pod" {
		path, ok := templates[object.GetKind()]
		if !ok {
			return nil, nil
		}
		found, _, err := unstructured.NestedMap(content, path...)
		if err != nil {
			return nil, err
		}
		content = found
	}
	pod := &corev1.Pod{}
	if err := runtime.DefaultUnstructuredConverter.FromUnstructuredWithValidation(content, pod, true); err != nil {
		return nil, fmt.Errorf("%s %s: %w", object.GetKind(), object.GetName(), err)
	}
	pod.Namespace = object.GetNamespace()
	return pod, nil
}

// Restricted tells whether a pod may run where Pod Security's level "restricted" is enforced.
func Restricted(pod *corev1.Pod) error {
	evaluator, err := policy.NewEvaluator(policy.DefaultChecks(), nil)
	if err != nil {
		return err
	}
	level := api.LevelVersion{Level: api.LevelRestricted, Version: api.LatestVersion()}
	result := policy.AggregateCheckResults(evaluator.EvaluatePod(level, &pod.ObjectMeta, &pod.Spec))
	if !result.Allowed {
		return fmt.Errorf("not restricted: %s", strings.TrimSpace(result.ForbiddenDetail()))
	}
	return nil
}
