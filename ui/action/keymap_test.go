package action

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
)

// twoScreens are screens with an action of each kind.
func twoScreens() map[string]Table {
	program := Action{ID: "quit", Keys: []string{"q"}, Enabled: true}
	return map[string]Table{
		"items": {
			{ID: "find.search", Keys: []string{"/"}, Enabled: true},
			{ID: "export", Keys: []string{"e"}, Enabled: true},
			{ID: "column.go-to", Keys: []string{"c"}, Enabled: true},
			{ID: "chart", Keys: []string{"c"}, Enabled: true},
			program,
		},
		"runs": {{ID: "runs.search", Keys: []string{"/"}, Enabled: true}, {ID: "runs.add", Keys: []string{"a"}, Enabled: true}, program},
	}
}

func TestKeymapApply(t *testing.T) {
	keymap := Keymap{{Action: "search", Keys: []string{"e", "ctrl+s"}}, {Action: "quit"}, {Action: "find.search", Keys: []string{"e"}}}
	var got []string
	for _, a := range keymap.Apply(twoScreens()["items"]) {
		got = append(got, a.ID+"="+strings.Join(a.Keys, " "))
	}
	if want := "find.search=e,export=,column.go-to=c,chart=c,quit="; strings.Join(got, ",") != want {
		t.Errorf("got %s, want %s", strings.Join(got, ","), want)
	}
	if keys := twoScreens()["items"][1].Keys; len(keys) != 1 {
		t.Error("the keymap changed the original table")
	}
	if a, _ := keymap.Apply(twoScreens()["runs"]).For(press("ctrl+s"), false); a.ID != "runs.search" {
		t.Errorf("ctrl+s is %q in the overview", a.ID)
	}
}

func TestKeymapCheck(t *testing.T) {
	for name, test := range map[string]struct {
		binding Binding
		want    string
	}{
		"fine":            {Binding{"runs.add", []string{"ctrl+a", "insert"}, 3}, ""},
		"no key":          {Binding{"export", nil, 3}, ""},
		"unknown action":  {Binding{"exprot", []string{"x"}, 3}, `there is no action "exprot": did you mean export?`},
		"unknown key":     {Binding{"export", []string{"ctrl+"}, 3}, `"ctrl+" is not a key: write keys such as "x", "X", "ctrl+x", "alt+x", "f5", "space" or "pgdown"`},
		"quit key":        {Binding{"export", []string{"ctrl+c"}, 3}, "ctrl+c always quits and cannot be given to export"},
		"a key of others": {Binding{"export", []string{"q"}, 3}, "q is now a key of export, so quit loses it on the same screen"},
		"other screen":    {Binding{"export", []string{"a"}, 3}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			_, problems := Keymap{test.binding}.Check(twoScreens())
			got := ""
			if len(problems) > 0 {
				got = problems[0].Reason
			}
			if got != test.want || len(problems) > 1 || len(problems) == 1 && problems[0].Line != 3 {
				t.Errorf("got %v, want %q in line 3", problems, test.want)
			}
		})
	}
}

func TestKeymapCheckFindsTheSameKeyTwice(t *testing.T) {
	_, problems := Keymap{{"export", []string{"X"}, 2}, {"chart", []string{"X"}, 5}}.Check(twoScreens())
	want := "X is also a key of export: if both actions are available, only one of them gets the key"
	if len(problems) != 1 || problems[0].Line != 5 || problems[0].Reason != want {
		t.Errorf("got %v, want %q in line 5", problems, want)
	}
}

func TestIsKey(t *testing.T) {
	for _, name := range []string{"x", "X", "é", "ctrl+x", "alt+x", "ctrl+alt+x", "f1", "f12", "space", "shift+tab", "+", "ctrl++", "pgdown"} {
		if !IsKey(name) {
			t.Errorf("%q is a key", name)
		}
	}
	for _, name := range []string{"", " ", "xx", "ctrl+", "ctl+x", "f0", "f100", "fx", "page down", "\x1b", "\u009b"} {
		if IsKey(name) {
			t.Errorf("%q is not a key", name)
		}
	}
}

// press returns the message for pressing ctrl and a letter.
func press(name string) tea.KeyPressMsg {
	return tea.KeyPressMsg{Code: rune(name[len(name)-1]), Mod: tea.ModCtrl}
}
