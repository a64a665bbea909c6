// Package workflows checks what is under .github/, and the project's scripts.
package workflows

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
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

func TestEveryJobNamesItsPermissionsAndItsBound(t *testing.T) {
	for _, file := range files(t, ".github/workflows/*.yml") {
		var workflow struct {
			Permissions map[string]string
			Concurrency map[string]any
			Jobs        map[string]struct {
				Permissions    map[string]string
				TimeoutMinutes int `json:"timeout-minutes"`
				Steps          []struct {
					Uses string
					With map[string]any
				}
			}
		}
		if err := yaml.Unmarshal([]byte(read(t, file)), &workflow); err != nil {
			t.Fatal(file, err)
		}
		if workflow.Permissions == nil || len(workflow.Permissions) != 0 || workflow.Concurrency == nil {
			t.Errorf("%s: permissions for all jobs, or no concurrency", file)
		}
		for name, job := range workflow.Jobs {
			if len(job.Permissions) == 0 || job.TimeoutMinutes == 0 {
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
			if bytes.HasPrefix(head, []byte("#!/usr/bin/env bash")) || bytes.HasPrefix(head, []byte("#!/bin/")) {
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
