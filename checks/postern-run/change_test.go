package posternrun

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// watched starts a command that is told about changes of a secret of its own, and returns the secret's name.
func watched(t *testing.T, shell []string, options ...string) (*program, string) {
	t.Helper()
	secret := unique(t)
	store(t, secret, "first")
	arguments := append([]string{"--name", "A=" + secret}, options...)
	p := prepare(t, shell, append(arguments, "--", "sh", "-c", patient)...).start()
	p.says("runs with first")
	return p, secret
}

func (p *program) stop(secret string) {
	p.t.Helper()
	p.signal(syscall.SIGTERM)
	if code := p.wait(); code != 5 {
		p.t.Errorf("%d: %s", code, p.err.String())
	}
	nothingRemains(p, secret)
}

func TestACommandIsRestartedWhenASecretChanges(t *testing.T) {
	begin(t)
	each(t, func(t *testing.T, shell []string) {
		p, secret := watched(t, shell, "--on-change=restart")
		// It survives these, and is restarted all the same.
		p.signal(syscall.SIGINT)
		p.says("got INT")
		store(t, secret, "second")
		p.says("got TERM\nruns with second")
		store(t, secret, "third")
		p.says("got TERM\nruns with third")
		p.complains("restarting the command: " + secret + " changed")
		p.stop(secret)
	})
}

func TestASignalIsSentWhenASecretChanges(t *testing.T) {
	begin(t)
	each(t, func(t *testing.T, shell []string) {
		p, secret := watched(t, shell, "--on-change=SIGUSR1")
		store(t, secret, "second")
		p.says("got USR1")
		store(t, secret, "third")
		p.says("got USR1\ngot USR1")
		p.complains("sending USR1 to the command: " + secret + " changed")
		p.stop(secret)
		if strings.Contains(p.out.String(), "second") {
			t.Error("it was restarted")
		}
	})
}

func TestEverySecretIsWatched(t *testing.T) {
	begin(t)
	each(t, func(t *testing.T, shell []string) {
		other, field := unique(t)+"-other", unique(t)+"-field"
		store(t, other, "1")
		store(t, field, `{"a/b": "1", "c": 1}`)
		p, secret := watched(t, shell, "--name=B="+other, "--name=C="+field+"#/a~1b", "--name=D="+other, "--on-change=HUP")
		store(t, other, "2")
		p.complains(": " + other + " changed")
		store(t, field, `{"a/b": "2", "c": 1}`)
		p.complains(": " + field + "#/a~1b changed")
		p.stop(secret)
	})
}

func TestACommandThatDoesNotStopIsKilled(t *testing.T) {
	begin(t)
	each(t, func(t *testing.T, shell []string) {
		secret := unique(t)
		store(t, secret, "first")
		p := prepare(t, shell, "--name=A="+secret, "--on-change=restart", "--kill-after=1",
			"sh", "-c", `trap '' TERM; echo "runs with $A"; if [ "$A" = second ]; then exit 3; fi; while :; do sleep 0.05; done`).start()
		p.says("runs with first")
		store(t, secret, "second")
		if code := p.wait(); code != 3 || !strings.Contains(p.out.String(), "runs with second") {
			t.Error(code, p.out.String())
		}
		nothingRemains(p, secret)
	})
}

func TestACommandThatIsToldToStopIsNotStartedAgain(t *testing.T) {
	begin(t)
	each(t, func(t *testing.T, shell []string) {
		secret := unique(t)
		store(t, secret, "first")
		p := prepare(t, shell, "--name=A="+secret, "--on-change=restart",
			"sh", "-c", `trap 'echo stopping; n=$((n + 1)); [ "$n" -lt 2 ] || exit 4' TERM; n=0; echo "runs with $A"; while :; do sleep 0.05; done`).start()
		p.says("runs with first")
		store(t, secret, "second")
		p.says("stopping")
		p.signal(syscall.SIGTERM)
		if code := p.wait(); code != 4 || strings.Contains(p.out.String(), "second") {
			t.Error(code, p.out.String())
		}
	})
}

func TestARotationThatFailsLeavesTheCommandRunning(t *testing.T) {
	begin(t)
	each(t, func(t *testing.T, shell []string) {
		p, secret := watched(t, shell, "--on-change=restart")
		if err := os.Remove(filepath.Join(postern.directory, "secrets", secret)); err != nil {
			t.Fatal(err)
		}
		p.complains("the command goes on with the values it has: " + secret + ": 404 secret-not-found")
		// It has looked again a few times by then.
		store(t, secret, "second\xff")
		p.complains(secret + ": binary; it cannot be a variable")
		store(t, secret, "third")
		p.says("got TERM\nruns with third")
		if count := strings.Count(p.err.String(), "the command goes on"); count != 2 {
			t.Errorf("%d warnings: %s", count, p.err.String())
		}
		p.stop(secret)
	})
}

func TestAnOutageLeavesTheCommandRunning(t *testing.T) {
	begin(t)
	each(t, func(t *testing.T, shell []string) {
		way := newDoor(t)
		way.open()
		p, secret := watched(t, shell, "--on-change=restart", "--url", way.url())
		way.close()
		p.complains("the command goes on without news: " + way.url() + " does not answer")
		store(t, secret, "second")
		p.signal(syscall.SIGUSR1)
		p.says("got USR1")
		way.open()
		p.says("got TERM\nruns with second")
		p.stop(secret)
	})
}
