package manifests

import (
	"errors"
	"fmt"

	corev1 "k8s.io/api/core/v1"
)

const (
	tokenPath = "/var/run/secrets/postern"
	// The shortest that the API server gives, and the longest that a token may be good for.
	shortest, longest = 600, 3600
	// What Postern takes to stop, in seconds: postern.http.shutdown-timeout, and two for the audit log.
	stopping = 7
)

// Sidecar tells what a pod lacks of what Postern needs beside a workload, and what it has that it must not have.
func Sidecar(pod *corev1.Pod) error {
	if len(pod.Spec.InitContainers) == 0 || pod.Spec.InitContainers[0].Name != "postern" {
		return errors.New("postern is not the first init container")
	}
	postern := pod.Spec.InitContainers[0]
	return errors.Join(running(postern), user(postern), identities(pod), serviceLinks(pod), ending(pod))
}

// running is about the container: how it is started, told apart, watched and bounded.
func running(postern corev1.Container) error {
	var faults []error
	if postern.RestartPolicy == nil || *postern.RestartPolicy != corev1.ContainerRestartPolicyAlways {
		faults = append(faults, errors.New("restartPolicy is not Always: not a native sidecar"))
	}
	if !hasField(postern, "POD_UID", "metadata.uid") {
		faults = append(faults, errors.New("POD_UID is not the pod's: the tokens of other pods would be taken, or none"))
	}
	if !hasField(postern, "POD_NAME", "metadata.name") || !hasField(postern, "POD_NAMESPACE", "metadata.namespace") {
		faults = append(faults, errors.New("POD_NAME or POD_NAMESPACE is not the pod's: audit lines would not say where they are from"))
	}
	if len(postern.Ports) != 1 || postern.Ports[0].Name != "postern-mgmt" || postern.Ports[0].ContainerPort != 7742 {
		faults = append(faults, fmt.Errorf("other ports than the management port: %v", postern.Ports))
	}
	for path, probe := range map[string]*corev1.Probe{
		"/health/started": postern.StartupProbe,
		"/health/live":    postern.LivenessProbe,
		"/health/ready":   postern.ReadinessProbe,
	} {
		if probe == nil || probe.HTTPGet == nil || probe.HTTPGet.Path != path || probe.HTTPGet.Port.String() != "postern-mgmt" {
			faults = append(faults, fmt.Errorf("no probe of %s on the management port", path))
		}
	}
	if postern.Resources.Requests.Memory().IsZero() || postern.Resources.Limits.Memory().IsZero() {
		faults = append(faults, errors.New("no request or no limit of memory"))
	}
	return errors.Join(faults...)
}

// user is about whose processes the container's are. All is said in the container: what a pod says, it says of a workload that may be anybody.
func user(postern corev1.Container) error {
	security := postern.SecurityContext
	if security == nil || security.RunAsNonRoot == nil || !*security.RunAsNonRoot {
		return errors.New("runAsNonRoot: it may be root")
	}
	if security.RunAsUser == nil || *security.RunAsUser == 0 {
		return errors.New("runAsUser: it is the user of the pod, with whom it may not start")
	}
	if security.RunAsGroup == nil || *security.RunAsGroup == 0 {
		return errors.New("runAsGroup: it is the group of the pod, or root's")
	}
	return nil
}

// hasField tells whether a variable is a field of the pod.
func hasField(postern corev1.Container, name, path string) bool {
	for _, variable := range postern.Env {
		if variable.Name == name {
			from := variable.ValueFrom
			return from != nil && from.FieldRef != nil && from.FieldRef.FieldPath == path
		}
	}
	return false
}

// serviceLinks is about variables that nobody sets: those of a Service whose name begins with "postern-" look like settings.
func serviceLinks(pod *corev1.Pod) error {
	if links := pod.Spec.EnableServiceLinks; links == nil || *links {
		return errors.New("enableServiceLinks: the name of a Service may be a setting")
	}
	return nil
}

// ending is about the time there is to stop, of which the workload, which ends first, has what it likes.
func ending(pod *corev1.Pod) error {
	if grace := pod.Spec.TerminationGracePeriodSeconds; grace != nil && *grace <= stopping {
		return fmt.Errorf("terminationGracePeriodSeconds: %d are not enough for Postern alone", *grace)
	}
	return nil
}

// identities is about tokens: a container of the workload has one, which is good for Postern only, and nothing that Postern holds.
func identities(pod *corev1.Pod) error {
	var faults []error
	if automount := pod.Spec.AutomountServiceAccountToken; automount == nil || *automount {
		faults = append(faults, errors.New("automountServiceAccountToken: the API server's token is in every container"))
	}
	volumes := map[string]corev1.Volume{}
	for _, volume := range pod.Spec.Volumes {
		volumes[volume.Name] = volume
		if err := lasting(volume); err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", volume.Name, err))
		}
	}
	for i, container := range append(pod.Spec.Containers, pod.Spec.InitContainers...) {
		hasToken := false
		for _, mount := range container.VolumeMounts {
			forPostern, forOthers := audiences(volumes[mount.Name])
			secret := volumes[mount.Name].Secret != nil
			if container.Name == "postern" && forPostern || container.Name != "postern" && (forOthers || secret) {
				faults = append(faults, fmt.Errorf("%s: %s is not for it", container.Name, mount.Name))
			}
			// A file that is mounted by subPath stays what it was, while the kubelet renews the token.
			hasToken = hasToken || forPostern && !forOthers && mount.MountPath == tokenPath && mount.SubPath == ""
		}
		if !hasToken && i < len(pod.Spec.Containers) {
			faults = append(faults, fmt.Errorf("%s: no token for Postern", container.Name))
		}
	}
	return errors.Join(faults...)
}

// audiences tells whether a volume has a token for Postern, and whether it has one for anybody else.
func audiences(volume corev1.Volume) (forPostern, forOthers bool) {
	for _, token := range tokens(volume) {
		forPostern = forPostern || token.Audience == "postern"
		forOthers = forOthers || token.Audience != "postern"
	}
	return forPostern, forOthers
}

// lasting tells whether a volume's tokens are short-lived, and can be read by who is not root.
func lasting(volume corev1.Volume) error {
	for _, token := range tokens(volume) {
		if token.ExpirationSeconds == nil || *token.ExpirationSeconds < shortest || *token.ExpirationSeconds > longest {
			return errors.New("its token lasts too long, or for nobody knows how long")
		}
		if mode := volume.Projected.DefaultMode; mode != nil && *mode&0o444 != 0o444 {
			return fmt.Errorf("mode %o: the kubelet makes its token root's, but where all containers have one user", *mode)
		}
	}
	return nil
}

func tokens(volume corev1.Volume) []*corev1.ServiceAccountTokenProjection {
	var found []*corev1.ServiceAccountTokenProjection
	if volume.Projected != nil {
		for _, source := range volume.Projected.Sources {
			if source.ServiceAccountToken != nil {
				found = append(found, source.ServiceAccountToken)
			}
		}
	}
	return found
}
