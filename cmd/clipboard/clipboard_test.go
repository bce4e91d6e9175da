package clipboard

import (
	"context"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"sbwatch/ui"
)

func TestTheWayOfCopyingFollowsTheEnvironment(t *testing.T) {
	refused := errors.New("refused")
	for _, c := range []struct {
		name    string
		environ string
		system  error
		tmux    map[string]error // errors of tmux, by the options of the call
		want    ui.CopyWay
		tried   string
	}{
		{"local", "", nil, nil, ui.CopySystem, "system"},
		{"local without a tool", "", refused, nil, ui.CopyTerminal, "system"},
		{"local in tmux", "TMUX=/tmp/tmux", nil, nil, ui.CopySystem, "system"},
		{"local in tmux without a tool", "TMUX=/tmp/tmux", refused, nil, ui.CopyTmux, "system tmux-w"},
		{"SSH", "SSH_CONNECTION=1.2.3.4", nil, nil, ui.CopyTerminal, ""},
		{"SSH in tmux", "SSH_TTY=/dev/pts/1 TMUX=/tmp/tmux", nil, nil, ui.CopyTmux, "tmux-w"},
		{"SSH in an old tmux", "SSH_TTY=/dev/pts/1 TMUX=/tmp/tmux", nil, map[string]error{"-w": refused}, ui.CopyTmuxTerminal, "tmux-w tmux"},
		{"SSH in a tmux that is gone", "SSH_TTY=/dev/pts/1 TMUX=/tmp/tmux", nil, map[string]error{"-w": refused, "": refused}, ui.CopyTerminal, "tmux-w tmux"},
		{"empty variables", "SSH_TTY= TMUX=", nil, nil, ui.CopySystem, "system"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var tried []string
			clipboard := New(strings.Fields(c.environ))
			clipboard.toSystem = func(string) error {
				tried = append(tried, "system")
				return c.system
			}
			clipboard.toTmux = func(_ context.Context, _ string, options ...string) error {
				tried = append(tried, "tmux"+strings.Join(options, ""))
				return c.tmux[strings.Join(options, "")]
			}
			if got := clipboard.Copy(t.Context(), "text"); got != c.want {
				t.Errorf("copied by way %d, want %d", got, c.want)
			}
			if got := strings.Join(tried, " "); got != c.tried {
				t.Errorf("tried %q, want %q", got, c.tried)
			}
		})
	}
}

// TestAHangingProgramLeavesTimeForTmux checks that tmux gets the text after the system's clipboard timed out.
func TestAHangingProgramLeavesTimeForTmux(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		clipboard, release := New([]string{"TMUX=/tmp/tmux"}), make(chan struct{})
		defer close(release)
		clipboard.toSystem = func(string) error {
			<-release
			return nil
		}
		clipboard.toTmux = func(ctx context.Context, _ string, _ ...string) error { return ctx.Err() }
		if got := clipboard.Copy(t.Context(), "text"); got != ui.CopyTmux {
			t.Errorf("copied by way %d, want %d", got, ui.CopyTmux)
		}
	})
}

func TestProgramsDoNotGetTheKey(t *testing.T) {
	t.Setenv("CLIPBOARD_TEST_KEY", "secret")
	environ := slices.DeleteFunc(os.Environ(), func(entry string) bool { return strings.HasPrefix(entry, "CLIPBOARD_TEST_KEY=") })
	New(environ).hideVariables()
	if value, isSet := os.LookupEnv("CLIPBOARD_TEST_KEY"); isSet {
		t.Errorf("the environment still has %q", value)
	}
	if !slices.Equal(os.Environ(), environ) {
		t.Error("other variables are gone")
	}
}
