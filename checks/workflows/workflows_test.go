// Package workflows checks what is under .github/, and the project's scripts.
package workflows

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rhysd/actionlint"
	"sigs.k8s.io/yaml"
)

const root = "../.."

// pinned is a reference to an action by its commit, with the version that this commit is.
var pinned = regexp.MustCompile(`uses: +[A-Za-z0-9-]+/[A-Za-z0-9/_-]+@[0-9a-f]{40} # v[0-9]+\.[0-9]+\.[0-9]+$`)

func files(t *testing.T, pattern string) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(root, pattern))
	if err != nil || len(found) == 0 {
		t.Fatal(pattern, err)
	}
	return found
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func lint(t *testing.T, files ...string) []*actionlint.Error {
	t.Helper()
	options := &actionlint.LinterOptions{}
	if path, err := exec.LookPath("shellcheck"); err == nil {
		options.Shellcheck = path
	}
	linter, err := actionlint.NewLinter(&bytes.Buffer{}, options)
	if err != nil {
		t.Fatal(err)
	}
	project, err := actionlint.NewProject(root)
	if err != nil {
		t.Fatal(err)
	}
	found, err := linter.LintFiles(files, project)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestActionlintFindsNothing(t *testing.T) {
	for _, finding := range lint(t, files(t, ".github/workflows/*.yml")...) {
		t.Error(finding)
	}
}

func TestActionlintFindsWhatIsWrong(t *testing.T) {
	if len(lint(t, "testdata/broken.yml")) == 0 {
		t.Error("a step with a misspelt context passes")
	}
}

func TestEveryActionIsPinnedByItsCommit(t *testing.T) {
	actions := append(files(t, ".github/workflows/*.yml"), files(t, ".github/actions/*/action.yml")...)
	for _, file := range actions {
		for _, line := range strings.Split(read(t, file), "\n") {
			if strings.Contains(line, "uses:") && !strings.Contains(line, "uses: ./") && !pinned.MatchString(line) {
				t.Errorf("%s: %s", file, strings.TrimSpace(line))
			}
		}
	}
}

// What is not named there grows old unseen.
func TestDependabotWatchesEveryKindOfDependency(t *testing.T) {
	var dependabot struct {
		Updates []struct {
			Ecosystem   string `json:"package-ecosystem"`
			Directory   string
			Directories []string
		}
	}
	if err := yaml.Unmarshal([]byte(read(t, root+"/.github/dependabot.yml")), &dependabot); err != nil {
		t.Fatal(err)
	}
	watched := map[string][]string{}
	for _, update := range dependabot.Updates {
		watched[update.Ecosystem] = append(update.Directories, update.Directory)
	}
	for file, ecosystem := range map[string]string{
		"/pom.xml": "maven", "/checks/go.mod": "gomod", "/checks/helm/go.mod": "gomod", "/checks/prose/go.mod": "gomod", "/docker/Dockerfile": "docker", "/docker/compose.yaml": "docker-compose"} {
		if _, err := os.Stat(root + file); err != nil || !slices.Contains(watched[ecosystem], filepath.Dir(file)) {
			t.Errorf("%s is not watched as %s: %v", file, ecosystem, err)
		}
	}
	if !slices.Equal(watched["github-actions"], []string{"/", "/.github/actions/*", ""}) {
		t.Errorf("of the actions are watched %q", watched["github-actions"])
	}
}

type step struct {
	Uses string
	Run  string
	With map[string]any
}

type workflow struct {
	Permissions map[string]string
	Concurrency struct {
		Group            string
		CancelInProgress any `json:"cancel-in-progress"`
	}
	Jobs map[string]struct {
		Uses           string
		Needs          any
		Permissions    map[string]string
		TimeoutMinutes int    `json:"timeout-minutes"`
		RunsOn         string `json:"runs-on"`
		Strategy       struct {
			Matrix struct {
				Chart   []string
				Include []map[string]string
			}
		}
		Steps []step
	}
}

func workflows(t *testing.T) map[string]workflow {
	t.Helper()
	found := map[string]workflow{}
	for _, file := range files(t, ".github/workflows/*.yml") {
		var parsed workflow
		if err := yaml.Unmarshal([]byte(read(t, file)), &parsed); err != nil {
			t.Fatal(file, err)
		}
		found[filepath.Base(file)] = parsed
	}
	return found
}

func TestEveryJobNamesItsPermissionsAndItsBound(t *testing.T) {
	for file, workflow := range workflows(t) {
		if workflow.Permissions == nil || len(workflow.Permissions) != 0 || workflow.Concurrency.Group == "" {
			t.Errorf("%s: permissions for all jobs, or no concurrency", file)
		}
		for name, job := range workflow.Jobs {
			// The jobs of a workflow that is called have bounds of their own.
			if len(job.Permissions) == 0 || job.TimeoutMinutes == 0 && job.Uses == "" {
				t.Errorf("%s: %s: no permissions or no timeout", file, name)
			}
			for _, step := range job.Steps {
				if strings.HasPrefix(step.Uses, "actions/checkout@") && step.With["persist-credentials"] != false {
					t.Errorf("%s: %s: the token stays in the work tree", file, name)
				}
			}
		}
	}
}

// What an expression makes is data: in a script it would be code.
func TestNoScriptHasAnExpressionInIt(t *testing.T) {
	var scripts []string
	for _, workflow := range workflows(t) {
		for _, job := range workflow.Jobs {
			for _, step := range job.Steps {
				scripts = append(scripts, step.Run)
			}
		}
	}
	for _, file := range files(t, ".github/actions/*/action.yml") {
		var action struct{ Runs struct{ Steps []step } }
		if err := yaml.Unmarshal([]byte(read(t, file)), &action); err != nil {
			t.Fatal(file, err)
		}
		for _, step := range action.Runs.Steps {
			scripts = append(scripts, step.Run)
		}
	}
	if len(scripts) < 10 {
		t.Fatal("where are the scripts?")
	}
	for _, script := range scripts {
		if strings.Contains(script, "${{") {
			t.Error(script)
		}
	}
}

// Strangers' code runs with a token that can read, and nothing else.
func TestNoWorkflowRunsStrangersCodeWithTheProjectsRights(t *testing.T) {
	for _, file := range files(t, ".github/workflows/*.yml") {
		for _, trigger := range []string{"pull_request_target", "workflow_run", "issue_comment", "secrets: inherit", "self-hosted"} {
			if strings.Contains(read(t, file), trigger) {
				t.Errorf("%s: %s", file, trigger)
			}
		}
	}
}

// A cache is filled by runs that are trusted less. What is not said is yes.
func TestWhatIsReleasedComesFromNoCache(t *testing.T) {
	off := map[string]string{
		"actions/setup-go": "cache", "docker/setup-buildx-action": "cache-binary"}
	steps := 0
	for name, job := range workflows(t)["release.yml"].Jobs {
		for _, step := range job.Steps {
			steps++
			action, _, _ := strings.Cut(step.Uses, "@")
			if input, ok := off[action]; ok && step.With[input] != false {
				t.Errorf("%s: %s: %s is not off", name, action, input)
			}
			for input, value := range step.With {
				if strings.HasPrefix(input, "cache") && value != false {
					t.Errorf("%s: %s: %s is %v", name, action, input, value)
				}
			}
			if action == "actions/cache" || action == "actions/cache/restore" {
				t.Errorf("%s: %s", name, action)
			}
		}
	}
	if steps < 10 {
		t.Fatal("where is the release?")
	}
	// The build that the release calls does use caches: nothing of what it makes goes on from there.
	for name, job := range workflows(t)["build.yml"].Jobs {
		for _, step := range job.Steps {
			if strings.HasPrefix(step.Uses, "actions/upload-artifact@") || strings.HasPrefix(step.Uses, "docker/login-action@") {
				t.Errorf("%s: %s", name, step.Uses)
			}
		}
	}
}

// What is pushed in quick succession is not built in one: a commit that breaks main would go unseen.
func TestEveryPushIsBuiltToItsEnd(t *testing.T) {
	for _, name := range []string{"build", "codeql"} {
		found := workflows(t)[name+".yml"].Concurrency
		if found.CancelInProgress != "${{ github.event_name == 'pull_request' }}" {
			t.Errorf("%s: cancelled: %v", name, found.CancelInProgress)
		}
		// Of those that wait in one group, all but the last are cancelled too.
		if found.Group != name+"-${{ github.event_name == 'pull_request' && github.ref || github.run_id }}" {
			t.Errorf("%s: pushes wait for each other: %s", name, found.Group)
		}
	}
}

func TestNothingIsReleasedThatWasNotTested(t *testing.T) {
	all := workflows(t)
	release := all["release.yml"].Jobs
	if release["build"].Uses != "./.github/workflows/build.yml" {
		t.Fatal("the release does not call the build")
	}
	// github.workflow is the caller's: the called would wait for it for ever.
	if strings.Contains(all["build.yml"].Concurrency.Group, "github.workflow ") {
		t.Error("the build and the release have one concurrency group")
	}
	for _, name := range []string{"image", "index", "charts", "publish"} {
		if !needs(release[name].Needs, "build") {
			t.Errorf("%s does not wait for the build", name)
		}
	}
	var checked, loggedIn, pushed int
	for i, step := range release["image"].Steps {
		if strings.HasPrefix(step.Run, "docker/check ") {
			checked = i
		}
		if strings.HasPrefix(step.Uses, "docker/login-action@") {
			loggedIn = i
		}
		if outputs, ok := step.With["outputs"].(string); ok && strings.Contains(outputs, "push=true") {
			pushed = i
			if !strings.Contains(outputs, ",push-by-digest=true,") {
				t.Errorf("the image of one machine takes the name of all: %s", outputs)
			}
		}
		if step.With["push"] == true {
			t.Error("the image of one machine takes the name of all")
		}
	}
	if checked == 0 || checked > loggedIn || loggedIn > pushed {
		t.Errorf("the image is checked in step %d, the registry logged in to in %d, and pushed to in %d", checked, loggedIn, pushed)
	}
	for _, run := range []string{"./mvnw -B -ntp verify", "checks/run", "k8s/monitoring/check", "docker/check postern"} {
		if !runs(all["build.yml"], run) {
			t.Errorf("the build does not run %s", run)
		}
	}
}

// A processor that is emulated is slow, and what runs on it proves little.
func TestEveryImageIsBuiltAndRunOnAMachineOfItsKind(t *testing.T) {
	for _, file := range []string{"build.yml", "release.yml"} {
		job := workflows(t)[file].Jobs["image"]
		var kinds []string
		for _, entry := range job.Strategy.Matrix.Include {
			kinds = append(kinds, strings.TrimPrefix(entry["platform"]+entry["arch"], "linux/")+" on "+entry["runner"])
		}
		if job.RunsOn != "${{ matrix.runner }}" || !slices.Equal(kinds, []string{"amd64 on ubuntu-24.04", "arm64 on ubuntu-24.04-arm"}) {
			t.Errorf("%s: %s: %q", file, job.RunsOn, kinds)
		}
		checked := false
		for _, step := range job.Steps {
			checked = checked || step.Run == "docker/check postern"
			platform, given := step.With["platforms"]
			if given && platform != "${{ matrix.platform }}" && platform != "linux/${{ matrix.arch }}" || strings.Contains(step.Uses, "qemu") {
				t.Errorf("%s: %s for %v", file, step.Uses, platform)
			}
		}
		if !checked {
			t.Errorf("%s: no image is run", file)
		}
	}
}

// What has the version's name is the index of both, and that is what is attested and signed.
func TestTheIndexIsSignedAndNothingIsReleasedWithoutIt(t *testing.T) {
	release := workflows(t)["release.yml"].Jobs
	if !needs(release["index"].Needs, "image") || !needs(release["publish"].Needs, "index") {
		t.Error("images, index and release are not made in turn")
	}
	var joined, attested, signed int
	for i, step := range release["index"].Steps {
		if strings.Contains(step.Run, "docker buildx imagetools create ") {
			joined = i
		}
		if step.With["subject-digest"] == "${{ steps.join.outputs.digest }}" {
			attested = i
		}
		if strings.HasPrefix(step.Run, "cosign sign ") {
			signed = i
		}
	}
	if joined == 0 || joined > attested || attested > signed {
		t.Errorf("joined in step %d, attested in %d, signed in %d", joined, attested, signed)
	}
}

func needs(value any, job string) bool {
	list, ok := value.([]any)
	return value == job || ok && slices.Contains(list, any(job))
}

func runs(workflow workflow, script string) bool {
	for _, job := range workflow.Jobs {
		for _, step := range job.Steps {
			if step.Run == script {
				return true
			}
		}
	}
	return false
}

// scripts are the files that begin with a line for bash or sh.
func scripts(t *testing.T) []string {
	t.Helper()
	var found []string
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (entry.Name() == ".git" || entry.Name() == "target" || entry.Name() == "node_modules") {
			return filepath.SkipDir
		}
		if entry.Type().IsRegular() && entry.Name() != "mvnw" {
			head, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			if bytes.HasPrefix(head, []byte("#!/usr/bin/env bash")) || bytes.HasPrefix(head, []byte("#!/bin/")) ||
				bytes.Contains(head, []byte("\n# shellcheck shell=")) { // to be sourced
				found = append(found, path)
			}
		}
		return nil
	})
	if err != nil || len(found) == 0 {
		t.Fatal(err)
	}
	return found
}

func TestShellcheckFindsNothing(t *testing.T) {
	shellcheck, err := exec.LookPath("shellcheck")
	if err != nil {
		t.Skip("shellcheck is not installed")
	}
	output, err := exec.Command(shellcheck, scripts(t)...).CombinedOutput()
	if err != nil {
		t.Errorf("%v\n%s", err, output)
	}
}
