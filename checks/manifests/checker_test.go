package manifests

import (
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// The checks themselves: a manifest that is broken must not pass.

func deployment(t *testing.T) *unstructured.Unstructured {
	t.Helper()
	for _, object := range build(t, root+"/base") {
		if object.GetKind() == "Deployment" {
			return object
		}
	}
	t.Fatal("no deployment")
	return nil
}

func refused(t *testing.T, err error, why string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), why) {
		t.Errorf("not refused because of %s: %v", why, err)
	}
}

func set(t *testing.T, object *unstructured.Unstructured, value any, path ...string) {
	t.Helper()
	if err := unstructured.SetNestedField(object.Object, value, path...); err != nil {
		t.Fatal(err)
	}
}

func TestABrokenOverlayDoesNotBuild(t *testing.T) {
	_, err := Build("testdata/broken")
	refused(t, err, "no-such-file.yaml")
}

func TestAnUnknownFieldIsRefused(t *testing.T) {
	object := deployment(t)
	set(t, object, true, "spec", "template", "spec", "automountServiceAccountTokens")
	refused(t, Validate(object), "automountServiceAccountTokens")
}

func TestAValueOfTheWrongTypeIsRefused(t *testing.T) {
	object := deployment(t)
	set(t, object, "two", "spec", "replicas")
	refused(t, Validate(object), "replicas")
}

func TestAKindWithoutASchemaIsRefused(t *testing.T) {
	object := deployment(t)
	object.SetKind("Deploymint")
	refused(t, Validate(object), "could not find schema")
}

func TestAPodThatMayRunAsRootIsRefused(t *testing.T) {
	object := deployment(t)
	set(t, object, false, "spec", "template", "spec", "securityContext", "runAsNonRoot")
	pod, err := PodOf(object)
	if err != nil {
		t.Fatal(err)
	}
	refused(t, Restricted(pod), "runAsNonRoot")
}

func TestAPodThatLacksAPartOfTheSidecarIsRefused(t *testing.T) {
	type change struct {
		why    string
		change func(pod *corev1.Pod, postern *corev1.Container)
	}
	for name, broken := range map[string]change{
		"no sidecar": {"not the first init container", func(pod *corev1.Pod, _ *corev1.Container) { pod.Spec.InitContainers = nil }},
		"not the first": {"not the first init container", func(pod *corev1.Pod, _ *corev1.Container) {
			pod.Spec.InitContainers = append([]corev1.Container{{Name: "first"}}, pod.Spec.InitContainers...)
		}},
		"an ordinary init container": {"restartPolicy", func(_ *corev1.Pod, c *corev1.Container) { c.RestartPolicy = nil }},
		"no POD_UID":                 {"POD_UID", func(_ *corev1.Pod, c *corev1.Container) { c.Env = c.Env[1:] }},
		"another field as POD_UID":   {"POD_UID", func(_ *corev1.Pod, c *corev1.Container) { c.Env[0].ValueFrom.FieldRef.FieldPath = "metadata.name" }},
		"a constant as POD_UID":      {"POD_UID", func(_ *corev1.Pod, c *corev1.Container) { c.Env[0] = corev1.EnvVar{Name: "POD_UID", Value: "x"} }},
		"no POD_NAME":                {"POD_NAME", func(_ *corev1.Pod, c *corev1.Container) { c.Env = append(c.Env[:1], c.Env[2:]...) }},
		"another namespace":          {"POD_NAMESPACE", func(_ *corev1.Pod, c *corev1.Container) { c.Env[2].ValueFrom.FieldRef.FieldPath = "metadata.name" }},
		"no startup probe":           {"/health/started", func(_ *corev1.Pod, c *corev1.Container) { c.StartupProbe = nil }},
		"no liveness probe":          {"/health/live", func(_ *corev1.Pod, c *corev1.Container) { c.LivenessProbe = nil }},
		"no readiness probe":         {"/health/ready", func(_ *corev1.Pod, c *corev1.Container) { c.ReadinessProbe = nil }},
		"a probe of no HTTP":         {"/health/ready", func(_ *corev1.Pod, c *corev1.Container) { c.ReadinessProbe.HTTPGet = nil }},
		"a probe of another port":    {"/health/live", func(_ *corev1.Pod, c *corev1.Container) { c.LivenessProbe.HTTPGet.Port = intstr.FromInt32(7740) }},
		"a second port": {"ports", func(_ *corev1.Pod, c *corev1.Container) {
			c.Ports = append(c.Ports, corev1.ContainerPort{ContainerPort: 7740})
		}},
		"perhaps root":         {"runAsNonRoot", func(_ *corev1.Pod, c *corev1.Container) { c.SecurityContext.RunAsNonRoot = nil }},
		"the user of the pod":  {"runAsUser", func(_ *corev1.Pod, c *corev1.Container) { c.SecurityContext.RunAsUser = nil }},
		"the group of the pod": {"runAsGroup", func(_ *corev1.Pod, c *corev1.Container) { c.SecurityContext.RunAsGroup = nil }},
		"no request of memory": {"memory", func(_ *corev1.Pod, c *corev1.Container) { delete(c.Resources.Requests, corev1.ResourceMemory) }},
		"no limit of memory":   {"memory", func(_ *corev1.Pod, c *corev1.Container) { c.Resources.Limits = nil }},
		"no time to stop": {"terminationGracePeriodSeconds", func(pod *corev1.Pod, _ *corev1.Container) {
			grace := int64(stopping)
			pod.Spec.TerminationGracePeriodSeconds = &grace
		}},
		"variables of Services": {"enableServiceLinks", func(pod *corev1.Pod, _ *corev1.Container) { pod.Spec.EnableServiceLinks = nil }},
		"the API server's token everywhere": {"automountServiceAccountToken", func(pod *corev1.Pod, _ *corev1.Container) {
			pod.Spec.AutomountServiceAccountToken = nil
		}},
		"a container without a token": {"one: no token", func(pod *corev1.Pod, _ *corev1.Container) { pod.Spec.Containers[0].VolumeMounts = nil }},
		"a token elsewhere":           {"two: no token", func(pod *corev1.Pod, _ *corev1.Container) { mountOf(&pod.Spec.Containers[1]).MountPath = "/x" }},
		"a part of a token's volume":  {"two: no token", func(pod *corev1.Pod, _ *corev1.Container) { mountOf(&pod.Spec.Containers[1]).SubPath = "token" }},
		"a token for another audience": {"one: no token", func(pod *corev1.Pod, _ *corev1.Container) {
			tokenOf(pod, "postern-token").Audience = "vault"
		}},
		"the token of Postern in the workload": {"one: postern-own-token", func(pod *corev1.Pod, _ *corev1.Container) {
			mountOf(&pod.Spec.Containers[0]).Name = "postern-own-token"
		}},
		"the token of the workload in Postern": {"postern: postern-token", func(pod *corev1.Pod, c *corev1.Container) {
			c.VolumeMounts = append(c.VolumeMounts, corev1.VolumeMount{Name: "postern-token", MountPath: "/x"})
		}},
		"a secret in the workload": {"one: secret", func(pod *corev1.Pod, _ *corev1.Container) {
			pod.Spec.Volumes = append(pod.Spec.Volumes,
				corev1.Volume{Name: "secret", VolumeSource: corev1.VolumeSource{Secret: &corev1.SecretVolumeSource{}}})
			mounts := &pod.Spec.Containers[0].VolumeMounts
			*mounts = append(*mounts, corev1.VolumeMount{Name: "secret", MountPath: "/x"})
		}},
		"a token that lasts a day": {"postern-token: ", func(pod *corev1.Pod, _ *corev1.Container) {
			*tokenOf(pod, "postern-token").ExpirationSeconds = 86400
		}},
		"a token that only root can read": {"postern-own-token: ", func(pod *corev1.Pod, _ *corev1.Container) {
			mode := int32(0o400)
			volumeOf(pod, "postern-own-token").Projected.DefaultMode = &mode
		}},
	} {
		t.Run(name, func(t *testing.T) {
			pod := pods(t, build(t, workloads))["deployment"]
			if err := Sidecar(pod); err != nil {
				t.Fatal(err)
			}
			broken.change(pod, &pod.Spec.InitContainers[0])
			refused(t, Sidecar(pod), broken.why)
		})
	}
}

func TestAnOpenManagementPortIsRefused(t *testing.T) {
	for name, broken := range map[string]struct {
		why   string
		path  []string
		value any
	}{
		"other pods":      {"no NetworkPolicy", []string{"podSelector", "matchLabels"}, map[string]any{"app": "other"}},
		"outgoing":        {"no NetworkPolicy", []string{"policyTypes"}, []any{"Egress"}},
		"from everywhere": {"more in than to", []string{"ingress"}, []any{map[string]any{"ports": []any{map[string]any{"port": int64(7742)}}}}},
		"to every port": {"more in than to", []string{"ingress"}, []any{map[string]any{
			"from": []any{map[string]any{"podSelector": map[string]any{"matchLabels": map[string]any{"app": "x"}}}}}}},
		"from every namespace": {"more in than pods", []string{"ingress"}, []any{map[string]any{
			"ports": []any{map[string]any{"port": int64(7742)}},
			"from":  []any{map[string]any{"podSelector": map[string]any{"matchLabels": map[string]any{"app": "x"}}, "namespaceSelector": map[string]any{}}}}}},
	} {
		t.Run(name, func(t *testing.T) {
			objects := build(t, root+"/base")
			for _, object := range objects {
				if object.GetKind() == "NetworkPolicy" {
					set(t, object, broken.value, append([]string{"spec"}, broken.path...)...)
				}
			}
			refused(t, Guarded(pods(t, objects)["trainer"], objects), broken.why)
		})
	}
}

func TestAPodMonitorForOtherPodsOrPortsIsRefused(t *testing.T) {
	for _, broken := range []struct {
		path  []string
		value any
	}{
		{[]string{"selector", "matchLabels"}, map[string]any{"app": "other"}},
		{[]string{"podMetricsEndpoints"}, []any{map[string]any{"port": "http", "path": "/metrics"}}},
	} {
		monitor := podMonitor(t)
		pod := pods(t, build(t, root+"/base"))["trainer"]
		if err := Scraped(pod, []*unstructured.Unstructured{monitor}); err != nil {
			t.Fatal(err)
		}
		set(t, monitor, broken.value, append([]string{"spec"}, broken.path...)...)
		refused(t, Scraped(pod, []*unstructured.Unstructured{monitor}), "no PodMonitor")
	}
}

// mountOf is where a container of the workload has its token: the last of its mounts.
func mountOf(container *corev1.Container) *corev1.VolumeMount {
	return &container.VolumeMounts[len(container.VolumeMounts)-1]
}

func volumeOf(pod *corev1.Pod, name string) *corev1.Volume {
	for i := range pod.Spec.Volumes {
		if pod.Spec.Volumes[i].Name == name {
			return &pod.Spec.Volumes[i]
		}
	}
	return nil
}

func tokenOf(pod *corev1.Pod, name string) *corev1.ServiceAccountTokenProjection {
	return volumeOf(pod, name).Projected.Sources[0].ServiceAccountToken
}

func TestAnExpressionThatDoesNotCompileIsRefused(t *testing.T) {
	broken := injection(t)
	broken.Spec.Mutations[0].ApplyConfiguration.Expression = "Object{spec: object.spek}"
	_, err := Admit(broken, unpatched(t, "deployment"))
	refused(t, err, "spek")
}
