package workflows

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// gh stands in for GitHub's command: a release has one archive, and GH_ATTESTED says whether it is attested.
const gh = `#!/bin/sh
case "$1 $2" in
  "release download")
    [ "$3 $4 $5" = "v1.2.3 --repo owner/postern" ] || exit 1
    mkdir -p "$RUNNER_TEMP/made/postern-1.2.3/lib"
    echo jar >"$RUNNER_TEMP/made/postern-1.2.3/quarkus-run.jar"
    tar -czf "$RUNNER_TEMP/postern-1.2.3.tar.gz" -C "$RUNNER_TEMP/made" postern-1.2.3
    ;;
  "attestation verify")
    [ "$3 $4 $5" = "$RUNNER_TEMP/postern-1.2.3.tar.gz --repo owner/postern" ] && [ -n "$GH_ATTESTED" ]
    ;;
esac
`

func fetch(t *testing.T, attested string) (jar string, failed bool) {
	t.Helper()
	temp := t.TempDir()
	if err := os.WriteFile(filepath.Join(temp, "gh"), []byte(gh), 0o755); err != nil {
		t.Fatal(err)
	}
	command := exec.Command(filepath.Join(root, ".github/actions/export-secrets/fetch.sh"))
	command.Env = append(os.Environ(),
		"PATH="+temp+":"+os.Getenv("PATH"), "RUNNER_TEMP="+temp, "GITHUB_OUTPUT="+temp+"/output",
		"FETCH_VERSION=1.2.3", "FETCH_REPOSITORY=owner/postern", "GH_ATTESTED="+attested)
	err := command.Run()
	output, _ := os.ReadFile(temp + "/output")
	jar = strings.TrimSpace(strings.TrimPrefix(string(output), "jar="))
	if _, missing := os.Stat(temp + "/postern-1.2.3/quarkus-run.jar"); (missing == nil) != (err == nil) {
		t.Error("unpacked, or not, against what the script says")
	}
	return jar, err != nil
}

func TestAReleaseIsFetchedAndUnpacked(t *testing.T) {
	jar, failed := fetch(t, "yes")
	if failed || !strings.HasSuffix(jar, "/postern-1.2.3/quarkus-run.jar") {
		t.Error(jar, failed)
	}
}

func TestAReleaseThatIsNotAttestedIsNotUnpacked(t *testing.T) {
	if jar, failed := fetch(t, ""); !failed || jar != "" {
		t.Error(jar, failed)
	}
}
