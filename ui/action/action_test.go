package action

import (
	"testing"

	tea "charm.land/bubbletea/v2"
)

func TestTheFirstEnabledActionHasTheKey(t *testing.T) {
	table := Table{
		{ID: "off", Keys: []string{"a"}},
		{ID: "on", Keys: []string{"b", "a"}, Enabled: true},
		{ID: "late", Keys: []string{"a"}, Enabled: true},
		{ID: "always", Keys: []string{"ctrl+c"}, Enabled: true, WhileTyping: true},
	}
	for _, c := range []struct {
		key    tea.KeyPressMsg
		typing bool
		want   string
	}{
		{tea.KeyPressMsg{Code: 'a', Text: "a"}, false, "on"},
		{tea.KeyPressMsg{Code: 'a', Text: "a"}, true, ""},
		{tea.KeyPressMsg{Code: 'c', Mod: tea.ModCtrl}, true, "always"},
		{tea.KeyPressMsg{Code: 'x', Text: "x"}, false, ""},
	} {
		if got, _ := table.For(c.key, c.typing); got.ID != c.want {
			t.Errorf("%v while typing %v: %q, want %q", c.key, c.typing, got.ID, c.want)
		}
	}
}

func TestHelpAndHintsReadTheTable(t *testing.T) {
	table := Table{
		{Group: GroupProgram, Title: "quit", Keys: []string{"q"}, Rank: 2, Enabled: true},
		{Group: GroupProgram, Keys: []string{"ctrl+c"}, Enabled: true},
		{Group: GroupView, Title: "go to tab", Keys: []string{"1"}, Enabled: true},
		{Group: GroupView, Title: "go to tab", Keys: []string{"2"}, Enabled: true},
		{Group: GroupView, Title: "go to tab", Keys: []string{"3"}, Enabled: true},
		{Group: GroupMove, Title: "down", Keys: []string{"j", "down"}, Rank: 1, Enabled: true},
		{Group: GroupFind, Title: "search", Keys: []string{"/"}, Rank: 3},
		{Group: GroupFind, Title: "not now, and the key is taken", Keys: []string{"j"}},
		{Group: GroupFind, Title: "not now, and the key is listed", Keys: []string{"/"}},
	}
	var help []string
	for _, section := range table.Sections() {
		for _, a := range section.Actions {
			line := string(section.Group) + ": " + a.KeyText() + " " + a.Title
			if !a.Enabled {
				line += " (disabled)"
			}
			help = append(help, line)
		}
	}
	want := []string{"move: j ↓ down", "view: 1 to 3 go to tab", "find: / search (disabled)", "sbwatch: q quit"}
	if len(help) != len(want) {
		t.Fatalf("help lists %q, want %q", help, want)
	}
	for i := range want {
		if help[i] != want[i] {
			t.Errorf("help lists %q, want %q", help[i], want[i])
		}
	}
	hints := table.Hints()
	if len(hints) != 2 || hints[0].Title != "down" || hints[1].Title != "quit" {
		t.Errorf("hints %v", hints)
	}
}
