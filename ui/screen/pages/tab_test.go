package pages_test

import (
	"fmt"
	"image"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"sbwatch/internal/golden"
	"sbwatch/internal/testrun"
	"sbwatch/model/item"
	"sbwatch/model/profile"
	"sbwatch/query"
	"sbwatch/theme"
	"sbwatch/ui/draw"
	"sbwatch/ui/screen"
	"sbwatch/ui/screen/pages"
)

// shop returns items on five pages: the price stops on page 4, page 3 repeats page 2, and page 5 is empty.
func shop(t *testing.T) item.Table {
	t.Helper()
	var b item.Builder
	add := func(format string, args ...any) {
		if _, err := b.Append(fmt.Appendf(nil, format+",", args...)); err != nil {
			t.Fatal(err)
		}
	}
	for page := range 5 {
		b.StartPage()
		for i := range 12 {
			switch id := 12*page + i; page {
			case 2:
				add(`{"name":"Lamp %d","price":%d,"brand":"Acme"}`, id-12, 10+i)
			case 3:
				add(`{"name":"Lamp %d","brand":"Acme"}`, id)
			case 4:
			default:
				add(`{"name":"Lamp %d","price":%d,"brand":"Acme"}`, id, 10+i)
			}
		}
	}
	return b.Items()
}

func tabOf(t *testing.T, items item.Table, w, h int) *pages.Tab {
	t.Helper()
	p, err := query.Profile(t.Context(), items, nil)
	if err != nil {
		t.Fatal(err)
	}
	of := make([][]profile.Finding, len(p.Columns))
	for _, f := range p.Findings {
		if f.Column >= 0 {
			of[f.Column] = append(of[f.Column], f)
		}
	}
	tab := pages.New(screen.RunEnv{Env: &screen.Env{Painter: draw.New(theme.Mono(), ansi.WcWidth), Layers: new(screen.Stack)}})
	tab.SetProfile(p, of)
	tab.SetArea(image.Rect(0, 0, w, h))
	tab.Arrange()
	return &tab
}

func TestView(t *testing.T) {
	for _, w := range []int{58, 116} {
		const h = 7
		tab := tabOf(t, shop(t), w, h)
		lines := append(tab.View(), "— "+tab.Position())
		for _, key := range []tea.KeyPressMsg{{Code: 'G', Text: "G"}, {Code: 'l', Text: "l"}} {
			move, found := tab.Actions().For(key, false)
			if !found {
				t.Fatalf("%s is not a key of the tab", key)
			}
			move.Run()
			lines = append(append(lines, tab.View()...), "— "+tab.Position())
		}
		golden.Check(t, fmt.Sprintf("pages-%d", w), golden.Marked(t, lines, w, ansi.WcWidth))
	}
}

func TestItemsWithoutPages(t *testing.T) {
	lines := tabOf(t, testrun.Items(t, `{"name":"Lamp"}`), 58, 7).View()
	golden.Check(t, "pages-none", golden.Frame(t, lines, 58, ansi.WcWidth))
}
