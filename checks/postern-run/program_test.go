package posternrun

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// shells are the ones that may be sh.
var shells = map[string][]string{"dash": {"dash"}, "ash": {"busybox", "sh"}, "bash": {"bash"}}

// each runs a test in every shell that is installed, all of them at the same time.
func each(t *testing.T, test func(t *testing.T, shell []string)) {
	t.Helper()
	for name, shell := range shells {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := exec.LookPath(shell[0]); err != nil {
				t.Skip(shell[0] + " is not installed")
			}
			test(t, shell)
		})
	}
}

// program is postern-run, prepared or running.
type program struct {
	t       *testing.T
	command *exec.Cmd
	out     text
	err     text
	ended   chan struct{}
}

// text collects what a program prints while it runs.
type text struct {
	mutex sync.Mutex
	bytes bytes.Buffer
}

func (o *text) Write(p []byte) (int, error) {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	return o.bytes.Write(p)
}

func (o *text) String() string {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	return o.bytes.String()
}

// prepare calls postern-run with the caller's token and Postern's port, in an environment that is small.
func prepare(t *testing.T, shell []string, arguments ...string) *program {
	t.Helper()
	script, err := filepath.Abs(root + "/dist/postern-run")
	if err != nil {
		t.Fatal(err)
	}
	p := &program{t: t, ended: make(chan struct{})}
	p.command = exec.Command(shell[0], append(append(shell[1:len(shell):len(shell)], script), arguments...)...)
	p.command.Dir = t.TempDir()
	p.command.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "TMPDIR=" + p.command.Dir,
		"SECRETS_TOKEN_FILE=" + postern.directory + "/token", "SECRETS_URL=" + postern.url}
	p.command.Stdout, p.command.Stderr = &p.out, &p.err
	return p
}

func (p *program) with(environment ...string) *program {
	p.command.Env = append(p.command.Env, environment...)
	return p
}

func (p *program) start() *program {
	p.t.Helper()
	if err := p.command.Start(); err != nil {
		p.t.Fatal(err)
	}
	go func() {
		p.command.Wait()
		close(p.ended)
	}()
	p.t.Cleanup(func() {
		p.command.Process.Signal(syscall.SIGTERM)
		select {
		case <-p.ended:
		case <-time.After(patience):
			p.command.Process.Kill()
		}
	})
	return p
}

// wait returns the exit code, which is negative if a signal ended the program.
func (p *program) wait() int {
	p.t.Helper()
	select {
	case <-p.ended:
	case <-time.After(patience):
		p.t.Fatalf("it did not end:\n%s%s", p.out.String(), p.err.String())
	}
	status := p.command.ProcessState.Sys().(syscall.WaitStatus)
	if status.Signaled() {
		return -int(status.Signal())
	}
	return status.ExitStatus()
}

func (p *program) run() int {
	p.t.Helper()
	return p.start().wait()
}

// signal sends a signal to postern-run itself.
func (p *program) signal(signal syscall.Signal) {
	p.t.Helper()
	if err := p.command.Process.Signal(signal); err != nil {
		p.t.Fatal(err)
	}
}

// says waits until the command has printed something.
func (p *program) says(words string) {
	p.t.Helper()
	p.eventually("it prints "+strconv.Quote(words), func() bool { return strings.Contains(p.out.String(), words) })
}

// complains waits until postern-run has printed something.
func (p *program) complains(words string) {
	p.t.Helper()
	p.eventually("it complains "+strconv.Quote(words), func() bool { return strings.Contains(p.err.String(), words) })
}

func (p *program) eventually(what string, isSo func() bool) {
	p.t.Helper()
	for deadline := time.Now().Add(patience); !isSo(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			p.t.Fatalf("never: %s\n%s%s", what, p.out.String(), p.err.String())
		}
	}
}

// processes are the command lines of all processes whose one contains the words.
func processes(words string) []string {
	var found []string
	paths, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	for _, path := range paths {
		line, err := os.ReadFile(path)
		if err == nil && bytes.Contains(line, []byte(words)) {
			found = append(found, path+": "+strings.ReplaceAll(string(line), "\x00", " "))
		}
	}
	return found
}

// environment parses what env -0 or /proc/self/environ print.
func environment(t *testing.T, printed string) map[string]string {
	t.Helper()
	found := map[string]string{}
	for _, entry := range strings.Split(strings.TrimSuffix(printed, "\x00"), "\x00") {
		name, value, isEntry := strings.Cut(entry, "=")
		if !isEntry {
			t.Fatal(errors.New("not a variable: " + strconv.Quote(entry)))
		}
		found[name] = value
	}
	return found
}
