package workflows

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"
)

// helm stands in for Helm's command, and for a registry that answers with HELM_DIGEST. What it was asked is in the file "asked".
const helm = `#!/bin/sh
printf '%s\n' "$*" >>asked
case "$1" in
  show) cat "k8s/helm/$CHART/values.yaml" ;;
  push) printf 'Pushed: %s\n%s\n' "$3" "$HELM_DIGEST" >&2 ;;
esac
`

// push runs the release's step for a chart, and returns its output, what Helm was asked, and the chart's values.
func push(t *testing.T, chart, digest string) (output, asked, values string, err error) {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(filepath.Join(dir, "k8s"), os.DirFS(root+"/k8s")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "helm"), []byte(helm), 0o755); err != nil {
		t.Fatal(err)
	}
	script := ""
	for _, step := range workflows(t)["release.yml"].Jobs["charts"].Steps {
		if strings.Contains(step.Run, "helm push ") {
			script = step.Run
		}
	}
	command := exec.Command("bash", "-e", "-c", script)
	command.Dir = dir
	command.Env = append(os.Environ(), "PATH="+dir+":"+os.Getenv("PATH"), "GITHUB_OUTPUT="+dir+"/output", "HELM_DIGEST="+digest,
		"CHART="+chart, "VERSION=1.2.3", "IMAGE=ghcr.io/owner/postern", "REGISTRY=ghcr.io/owner/postern/charts")
	err = command.Run()
	for name, text := range map[string]*string{"output": &output, "asked": &asked, "k8s/helm/" + chart + "/values.yaml": &values} {
		found, _ := os.ReadFile(filepath.Join(dir, name))
		*text = string(found)
	}
	return output, asked, values, err
}

func TestAChartIsReleasedWithTheReleasedImage(t *testing.T) {
	for _, chart := range []string{"postern", "postern-injection"} {
		output, asked, text, err := push(t, chart, "Digest: sha256:0a")
		if err != nil || output != "digest=sha256:0a\n" {
			t.Error(chart, output, err)
		}
		var values struct{ Image map[string]string }
		if err := yaml.Unmarshal([]byte(text), &values); err != nil || values.Image["repository"] != "ghcr.io/owner/postern" {
			t.Error(chart, values, err)
		}
		expected := "package k8s/helm/" + chart + " --version 1.2.3 --app-version 1.2.3\nshow values " + chart + "-1.2.3.tgz\npush " + chart +
			"-1.2.3.tgz oci://ghcr.io/owner/postern/charts\n"
		if asked != expected {
			t.Errorf("helm was asked %q", asked)
		}
	}
}

func TestAChartThatIsNotPushedIsNotSigned(t *testing.T) {
	if output, _, _, err := push(t, "postern", "Error: denied"); err == nil || output != "" {
		t.Error(output, err)
	}
}

// The charts name the index by its tag, and what is announced has all of them.
func TestEveryChartIsAttestedAndSigned(t *testing.T) {
	release := workflows(t)["release.yml"].Jobs
	charts := release["charts"]
	if !needs(charts.Needs, "build") || !needs(charts.Needs, "index") || !needs(release["publish"].Needs, "charts") {
		t.Error("image, charts and release are not made in turn")
	}
	found, err := filepath.Glob(root + "/k8s/helm/*/Chart.yaml")
	if err != nil || len(found) != len(charts.Strategy.Matrix.Chart) {
		t.Error(found, charts.Strategy.Matrix.Chart)
	}
	for _, chart := range charts.Strategy.Matrix.Chart {
		if _, err := os.Stat(filepath.Join(root, "k8s/helm", chart)); err != nil {
			t.Error(err)
		}
	}
	var pushed, attested, signed int
	for i, step := range charts.Steps {
		if strings.Contains(step.Run, "helm push ") {
			pushed = i
		}
		if step.With["subject-digest"] == "${{ steps.push.outputs.digest }}" {
			attested = i
		}
		if step.Run == `cosign sign --yes "$REGISTRY/$CHART@$DIGEST"` {
			signed = i
		}
	}
	if pushed == 0 || pushed > attested || attested > signed {
		t.Errorf("pushed in step %d, attested in %d, signed in %d", pushed, attested, signed)
	}
}
