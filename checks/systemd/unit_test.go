// Package systemd holds the unit in dist/ to what systemd says of it.
package systemd

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// threshold is the exposure that the unit may have, in tenths.
const threshold = "20"

func TestTheUnitIsExposedLittle(t *testing.T) {
	expose(t, "postern.service", "")
}

func TestTheProxyIsExposedLittle(t *testing.T) {
	expose(t, "postern-proxy.service", "")
}

func TestSystemdHoldsThePortThatIsInTheDocuments(t *testing.T) {
	socket, err := os.ReadFile("../../dist/postern.socket")
	if err != nil || !strings.Contains(string(socket), "\nListenStream=127.0.0.1:7740\n") ||
		!strings.Contains(string(socket), "\nService=postern-proxy.service\n") {
		t.Error("the socket unit holds another port", err)
	}
	for _, part := range []string{"dist/postern-proxy.service", "dist/drop-ins/socket.conf"} {
		text, err := os.ReadFile("../../" + part)
		if err != nil || !strings.Contains(string(text), "/run/postern/postern.sock\n") {
			t.Errorf("%s names another socket: %v", part, err)
		}
	}
}

func TestNoDropInExposesTheUnit(t *testing.T) {
	dropIns, err := filepath.Glob("../../dist/drop-ins/*.conf")
	if err != nil || len(dropIns) == 0 {
		t.Fatalf("no drop-ins: %v", err)
	}
	for _, dropIn := range dropIns {
		t.Run(filepath.Base(dropIn), func(t *testing.T) { expose(t, "postern.service", dropIn) })
	}
}

// expose analyses a unit with the drop-in, or alone: in a directory of its own, where systemd finds nothing else to add to it.
func expose(t *testing.T, name, dropIn string) {
	analyze, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Skip("systemd-analyze is not installed")
	}
	unit := filepath.Join(t.TempDir(), name)
	copyFile(t, "../../dist/"+name, unit)
	if dropIn != "" {
		if err := os.Mkdir(unit+".d", 0o755); err != nil {
			t.Fatal(err)
		}
		copyFile(t, dropIn, filepath.Join(unit+".d", filepath.Base(dropIn)))
	}
	output, err := exec.Command(analyze, "security", "--offline=true", "--threshold="+threshold, "--no-pager", unit).CombinedOutput()
	if err != nil {
		t.Errorf("%v\n%s", err, output)
	}
}

func copyFile(t *testing.T, from, to string) {
	text, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, text, 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestTheJournalKeepsEveryAuditLine(t *testing.T) {
	unit, err := os.ReadFile("../../dist/postern.service")
	if err != nil || !strings.Contains(string(unit), "\nLogRateLimitIntervalSec=0\n") {
		t.Error("the unit leaves journald's rate limit on", err)
	}
}
