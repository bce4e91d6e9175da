package warnings

import (
	"context"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"sbwatch/model/search"
	"sbwatch/model/text"
	"sbwatch/theme"
	"sbwatch/ui/draw"
	"sbwatch/ui/screen"
)

// TestTheSearchAndTheCursorFollowTheList searches before a notice arrives that matches, too.
func TestTheSearchAndTheCursorFollowTheList(t *testing.T) {
	tab := New(screen.RunEnv{Env: &screen.Env{Painter: draw.New(theme.Mono(), ansi.WcWidth)}}, nil)
	entry := func(text string) Entry { return Entry{Text: text, Lines: []string{text}} }
	tab.SetList(List{Entries: []Entry{entry("price: gone"), entry("name: gone")}})
	query, err := search.Parse("price")
	if err != nil {
		t.Fatal(err)
	}
	tab.find.Set(query, tab.rows())
	tab.SetList(List{Entries: []Entry{entry("the price is old"), entry("price: gone"), entry("name: gone")}})
	if position := tab.Position(); position != "/price/ 2 of 2 · 2 of 3" {
		t.Errorf("the position is %q", position)
	}
}

// TestAllEntriesAreCopied copies notices and warnings, and warnings that are not listed.
func TestAllEntriesAreCopied(t *testing.T) {
	for name, c := range map[string]struct {
		list          List
		copied, count string
	}{
		"a warning": {List{Entries: []Entry{{Text: "a"}}}, "a", "1 warning"},
		"a notice":  {List{Entries: []Entry{{Text: "a", IsNotice: true}}}, "a", "1 notice"},
		"more": {
			List{Entries: []Entry{{Text: "a", IsNotice: true}, {Text: "b"}}, More: []text.Text{text.NewText("c"), text.NewText("d")}},
			"a\nb\nc\nd", "1 notice and 3 warnings",
		},
	} {
		var copied string
		env := &screen.Env{Painter: draw.New(theme.Mono(), ansi.WcWidth), Copier: func(_ context.Context, content string) screen.CopyWay {
			copied = content
			return screen.CopySystem
		}}
		tab := New(screen.RunEnv{Env: env}, nil)
		tab.SetList(c.list)
		if msg, isCopied := tab.copyAll()().(screen.CopiedMsg); isCopied {
			screen.Copied(env, msg)
		}
		said := ansi.Strip(env.Toast.View(env.Painter, 80, env.Now))
		if copied != c.copied || said != "copied "+c.count+" to the clipboard" {
			t.Errorf("%s: copied %q: %s", name, copied, said)
		}
	}
}
