package workflows

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// gh stands in for GitHub's command: a release has one archive, and GH_ATTESTED says whether it is attested. What it was asked is in the file "asked".
const gh = `#!/bin/sh
printf '%s\n' "$*" >>"$RUNNER_TEMP/asked"
case "$1 $2" in
  "release download")
    mkdir -p "$RUNNER_TEMP/made/postern-1.2.3/lib"
    echo jar >"$RUNNER_TEMP/made/postern-1.2.3/quarkus-run.jar"
    tar -czf "$RUNNER_TEMP/postern-1.2.3.tar.gz" -C "$RUNNER_TEMP/made" postern-1.2.3
    ;;
  "attestation verify")
    [ -n "$GH_ATTESTED" ]
    ;;
esac
`

type fetched struct {
	jar     string
	asked   []string
	printed string
	failed  bool
}

func fetch(t *testing.T, version, repository, attested string) fetched {
	t.Helper()
	temp := t.TempDir()
	if err := os.WriteFile(filepath.Join(temp, "gh"), []byte(gh), 0o755); err != nil {
		t.Fatal(err)
	}
	command := exec.Command(filepath.Join(root, ".github/actions/export-secrets/fetch.sh"))
	command.Env = append(os.Environ(),
		"PATH="+temp+":"+os.Getenv("PATH"), "RUNNER_TEMP="+temp, "GITHUB_OUTPUT="+temp+"/output",
		"FETCH_VERSION="+version, "FETCH_REPOSITORY="+repository, "GH_ATTESTED="+attested)
	printed, err := command.Output()
	output, _ := os.ReadFile(temp + "/output")
	asked, _ := os.ReadFile(temp + "/asked")
	if _, missing := os.Stat(temp + "/postern-1.2.3/quarkus-run.jar"); (missing == nil) != (err == nil) {
		t.Error("unpacked, or not, against what the script says")
	}
	return fetched{
		strings.ReplaceAll(strings.TrimSpace(strings.TrimPrefix(string(output), "jar=")), temp, "TEMP"),
		strings.Split(strings.TrimSpace(strings.ReplaceAll(string(asked), temp, "TEMP")), "\n"),
		string(printed),
		err != nil,
	}
}

func TestAReleaseIsFetchedVerifiedAndUnpacked(t *testing.T) {
	found := fetch(t, "1.2.3", "owner/postern", "yes")
	if found.failed || found.jar != "TEMP/postern-1.2.3/quarkus-run.jar" {
		t.Error(found)
	}
	asked := []string{
		"release download v1.2.3 --repo owner/postern --pattern postern-1.2.3.tar.gz --dir TEMP --clobber",
		"attestation verify TEMP/postern-1.2.3.tar.gz --repo owner/postern --deny-self-hosted-runners" +
			" --cert-identity https://github.com/owner/postern/.github/workflows/release.yml@refs/tags/v1.2.3",
	}
	if !slices.Equal(found.asked, asked) {
		t.Errorf("gh was asked %q", found.asked)
	}
}

func TestAReleaseThatIsNotAttestedIsNotUnpacked(t *testing.T) {
	if found := fetch(t, "1.2.3", "owner/postern", ""); !found.failed || found.jar != "" || len(found.asked) != 2 {
		t.Error(found)
	}
}

func TestWhatIsNoVersionOrNoRepositoryIsNotAskedFor(t *testing.T) {
	for _, wrong := range [][]string{
		{"", "owner/postern"}, {"v1.2.3", "owner/postern"}, {"1.2", "owner/postern"}, {"1.2.3/../x", "owner/postern"}, {"1.2.3\nx", "owner/postern"},
		{"1.2.3", ""}, {"1.2.3", "postern"}, {"1.2.3", "-x/postern"}, {"1.2.3", "owner/postern/x"}, {"1.2.3", "owner/../x"}, {"1.2.3", "owner/.."},
	} {
		if found := fetch(t, wrong[0], wrong[1], "yes"); !found.failed || found.asked[0] != "" {
			t.Errorf("%q: %v", wrong, found)
		}
	}
}

// The runner does not promise to tell, and the repository of the workflow is another one.
func TestARepositoryThatIsNotKnownIsAskedFor(t *testing.T) {
	if found := fetch(t, "1.2.3", "", "yes"); !strings.HasPrefix(found.printed, "::error::repository: the runner does not tell") {
		t.Error(found)
	}
	action := read(t, root+"/.github/actions/export-secrets/action.yml")
	if strings.Contains(action, "github.repository ") || !strings.Contains(action, "${{ inputs.repository || github.action_repository }}") {
		t.Error("a release is taken from the repository of the workflow")
	}
}

// What a person is told to verify is what the action verifies, and the image is signed by the same workflow.
func TestTheDocumentVerifiesAsTheActionDoes(t *testing.T) {
	page := strings.ReplaceAll(read(t, root+"/docs/github-actions.md"), " \\\n       ", "")
	told := regexp.MustCompile(`gh attestation verify \S+ --repo (\S+) .* --cert-identity (\S+)`).FindStringSubmatch(page)
	if told == nil {
		t.Fatal("nobody is told how to verify a release")
	}
	if asked := fetch(t, "1.2.3", told[1], "yes").asked[1]; told[0] != "gh "+strings.ReplaceAll(asked, "TEMP/", "") {
		t.Errorf("%q is told, and %q is asked", told[0], asked)
	}
	for _, signed := range []string{"github-actions", "helm"} {
		if !strings.Contains(read(t, root+"/docs/"+signed+".md"), "--certificate-identity "+told[2]+"\n") {
			t.Errorf("%s: an image or a chart is verified for another workflow", signed)
		}
	}
}
