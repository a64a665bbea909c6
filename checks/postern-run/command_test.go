package posternrun

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// modes are the ways to run a command.
var modes = map[string][]string{"exec": {"--wait=30"}, "signal": {"--on-change=HUP"}, "restart": {"--on-change=restart"}}

// inEachMode runs a test for each way to run a command, in each shell. The secret A is there.
func inEachMode(t *testing.T, test func(t *testing.T, p func(command ...string) *program, mode string)) {
	t.Helper()
	begin(t)
	secret := unique(t)
	store(t, secret, mark)
	for mode, options := range modes {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			each(t, func(t *testing.T, shell []string) {
				test(t, func(command ...string) *program {
					arguments := append([]string{"--name", "A=" + secret}, options...)
					return prepare(t, shell, append(append(arguments, "--"), command...)...)
				}, mode)
			})
		})
	}
}

func TestTheExitCodeIsTheCommands(t *testing.T) {
	inEachMode(t, func(t *testing.T, p func(command ...string) *program, mode string) {
		script := filepath.Join(t.TempDir(), "not-executable")
		if err := os.WriteFile(script, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		killed, terminated := 128+9, 128+15
		if mode == "exec" {
			killed, terminated = -9, -15
		}
		for _, test := range []struct {
			command  []string
			expected int
		}{
			{[]string{"true"}, 0},
			{[]string{"sh", "-c", "exit 7"}, 7},
			{[]string{"sh", "-c", "exit 130"}, 130},
			{[]string{"sh", "-c", "kill -KILL $$"}, killed},
			{[]string{"sh", "-c", "kill -TERM $$"}, terminated},
			{[]string{"/nonexistent/command"}, 127},
			{[]string{script}, 126},
		} {
			program := p(test.command...)
			if code := program.run(); code != test.expected {
				t.Errorf("%q: %d instead of %d: %s", test.command, code, test.expected, program.err.String())
			}
		}
	})
}

func TestArgumentsComeThroughAsTheyAre(t *testing.T) {
	inEachMode(t, func(t *testing.T, p func(command ...string) *program, _ string) {
		program := p("printf", "<%s>", "", "--", "--name", "a b", "$A", "*", "x\n", `\`)
		if code := program.run(); code != 0 || program.out.String() != "<><--><--name><a b><$A><*><x\n><\\>" {
			t.Error(code, program.out.String(), program.err.String())
		}
	})
}

func TestStandardInputIsTheCommands(t *testing.T) {
	inEachMode(t, func(t *testing.T, p func(command ...string) *program, _ string) {
		program := p("cat")
		program.command.Stdin = strings.NewReader("one\ntwo")
		if code := program.run(); code != 0 || program.out.String() != "one\ntwo" {
			t.Error(code, program.out.String(), program.err.String())
		}
	})
}

func TestWithoutChangesTheCommandTakesThePlaceOfTheScript(t *testing.T) {
	begin(t)
	store(t, "open-exec", mark)
	each(t, func(t *testing.T, shell []string) {
		p := prepare(t, shell, "--name", "A=open-exec", "sh", "-c", "cat /proc/$$/task/$$/children; echo pid $$; exec cat")
		input, err := p.command.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		p.start().says("pid " + strconv.Itoa(p.command.Process.Pid) + "\n")
		// Its only child is the cat that prints this.
		if children := strings.Fields(p.out.String()); len(children) != 3 {
			t.Errorf("children: %q", children)
		}
		input.Close()
		if code := p.wait(); code != 0 {
			t.Error(code)
		}
	})
}

// patient prints the signals that it gets, and ends with 5 at TERM.
const patient = `for signal in HUP INT QUIT USR1 USR2; do trap "echo got $signal" "$signal"; done
trap 'echo got TERM; exit 5' TERM
echo "runs with $A"
while :; do sleep 0.05; done`

func TestSignalsReachTheCommand(t *testing.T) {
	inEachMode(t, func(t *testing.T, p func(command ...string) *program, _ string) {
		program := p("sh", "-c", patient).start()
		program.says("runs with")
		for _, signal := range []struct {
			name   string
			number syscall.Signal
		}{
			{"USR1", syscall.SIGUSR1}, {"USR2", syscall.SIGUSR2}, {"HUP", syscall.SIGHUP},
			{"INT", syscall.SIGINT}, {"QUIT", syscall.SIGQUIT}, {"TERM", syscall.SIGTERM},
		} {
			program.signal(signal.number)
			program.says("got " + signal.name)
		}
		if code := program.wait(); code != 5 || program.err.String() != "" {
			t.Error(code, program.err.String())
		}
	})
}

// env of BusyBox cannot undo that a shell ignores INT in the background.
func TestIntIsTermWhereItWouldBeIgnored(t *testing.T) {
	begin(t)
	store(t, "open-int", mark)
	each(t, func(t *testing.T, shell []string) {
		if shell[0] == "bash" {
			t.Skip("bash can undo it")
		}
		tools := t.TempDir()
		if err := os.WriteFile(tools+"/env", []byte("#!/bin/sh\nexit 1\n"), 0o700); err != nil {
			t.Fatal(err)
		}
		p := prepare(t, shell, "--name=A=open-int", "--on-change=HUP", "sh", "-c", patient).with("PATH=" + tools + ":" + os.Getenv("PATH"))
		p.start().says("runs with")
		p.signal(syscall.SIGINT)
		if code := p.wait(); code != 5 || !strings.Contains(p.out.String(), "got TERM") {
			t.Error(code, p.out.String(), p.err.String())
		}
	})
}

// spy is a curl that writes down its arguments and its environment.
const spy = `#!/bin/sh
{ printf '%s\n' "$@"; env; } >>"$SPIED"
exec "$CURL" "$@"
`

func TestNeitherValuesNorTheTokenAreSeenByOthers(t *testing.T) {
	curl, err := exec.LookPath("curl")
	if err != nil {
		t.Skip("curl is not installed")
	}
	begin(t)
	each(t, func(t *testing.T, shell []string) {
		secret := unique(t)
		store(t, secret, mark+" before")
		tools := t.TempDir()
		if err := os.WriteFile(tools+"/curl", []byte(spy), 0o700); err != nil {
			t.Fatal(err)
		}
		p := prepare(t, shell, "--name", "A="+secret, "--on-change=restart", "sh", "-c", `test "$A" || exit; trap 'exit 5' TERM; echo "${A##* }"; while :; do sleep 0.05; done`)
		// A trace would show everything.
		p.command.Args = append([]string{p.command.Args[0]}, append(shell[1:], append([]string{"-x"}, p.command.Args[len(shell):]...)...)...)
		p.with("PATH="+tools+":"+os.Getenv("PATH"), "SPIED="+tools+"/spied", "CURL="+curl)
		if shell[0] == "bash" {
			p.with("SHELLOPTS=xtrace:allexport")
		}
		stop := make(chan struct{})
		sampled := sample(stop, mark, token)
		p.start().says("before")
		store(t, secret, mark+" after")
		p.says("after")
		p.signal(syscall.SIGTERM)
		code := p.wait()
		close(stop)
		if seen := <-sampled; len(seen) > 0 || code != 5 {
			t.Errorf("%d: seen in the list of processes: %q", code, seen)
		}
		spied, err := os.ReadFile(tools + "/spied")
		if err != nil || !bytes.Contains(spied, []byte("wait=60s")) {
			t.Fatal("curl was not spied on", err)
		}
		for what, text := range map[string]string{"what curl gets": string(spied), "messages": p.err.String()} {
			if strings.Contains(text, mark) || strings.Contains(text, token) {
				t.Errorf("in %s: %s", what, text)
			}
		}
		if files, err := os.ReadDir(p.command.Dir); err != nil || len(files) > 0 {
			t.Error("temporary files", files, err)
		}
		nothingRemains(p, secret)
	})
}

// sample looks at all command lines, again and again, for words that must not be in any.
func sample(stop <-chan struct{}, words ...string) <-chan []string {
	found := make(chan []string)
	go func() {
		var seen []string
		for {
			for _, each := range words {
				seen = append(seen, processes(each)...)
			}
			select {
			case <-stop:
				found <- seen
				return
			case <-time.After(20 * time.Millisecond):
			}
		}
	}()
	return found
}

func nothingRemains(p *program, secret string) {
	p.t.Helper()
	p.eventually(fmt.Sprint("nothing remains of ", secret), func() bool { return len(processes(secret)) == 0 })
}
