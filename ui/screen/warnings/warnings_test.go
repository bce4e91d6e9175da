package warnings

import (
	"testing"

	"github.com/charmbracelet/x/ansi"

	"sbwatch/model/search"
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
