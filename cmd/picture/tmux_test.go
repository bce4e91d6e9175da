package picture

import "testing"

func TestTerminalsWithPlaceholders(t *testing.T) {
	for name, want := range map[string]bool{
		"kitty(0.26.5)": false, "kitty(0.28.0)": true, "kitty(0.35.2)\n": true, "kitty(1.0)": true, "ghostty 1.0.1": true,
		"WezTerm 20240203": false, "XTerm(390)": false, "": false, "kitty(x)": false,
	} {
		if got := hasPlaceholders(name); got != want {
			t.Errorf("%q: %v, want %v", name, got, want)
		}
	}
	if InTmux([]string{"TMUX=", "TERM=xterm"}) != nil || InTmux([]string{"TMUX=/tmp/tmux-0/default,1,0"}) == nil {
		t.Error("tmux is not recognized by its variable")
	}
}
