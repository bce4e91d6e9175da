package report

import (
	"os"
	"strings"
	"testing"
)

// signal is a signal as a reason for leaving.
type signal struct{ os.Signal }

func (s signal) Error() string { return s.String() }

func (s signal) Outcome() Outcome { return OutcomeOfSignal(s.Signal) }

func wantLines(t *testing.T, what, got, want string) {
	t.Helper()
	if want = strings.TrimPrefix(want, "\n"); got != want {
		t.Errorf("got %s:\n%s\nwant:\n%s", what, got, want)
	}
}
