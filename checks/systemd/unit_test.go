// Package systemd holds the unit in dist/ to what systemd says of it.
package systemd

import (
	"os/exec"
	"testing"
)

// threshold is the exposure that the unit may have, in tenths.
const threshold = "20"

func TestTheUnitIsExposedLittle(t *testing.T) {
	analyze, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Skip("systemd-analyze is not installed")
	}
	output, err := exec.Command(analyze, "security", "--offline=true", "--threshold="+threshold, "--no-pager", "../../dist/postern.service").CombinedOutput()
	if err != nil {
		t.Errorf("%v\n%s", err, output)
	}
}
