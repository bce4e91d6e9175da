package items_test

import (
	"fmt"
	"image"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"sbwatch/internal/golden"
	"sbwatch/internal/testrun"
	"sbwatch/model/item"
	"sbwatch/theme"
	"sbwatch/ui/draw"
	"sbwatch/ui/layout"
	"sbwatch/ui/screen"
	"sbwatch/ui/screen/items"
	"sbwatch/ui/widget/table"
)

// bottom is the layer below those that the tab opens.
type bottom struct{ *items.Tab }

func (bottom) Place() screen.Place { return screen.PlaceBody }

func (b bottom) View(image.Rectangle) []string { return b.Tab.View() }

// opened returns a tab on a terminal of w by h cells.
func opened(t *testing.T, rows item.Table, w, h int) (*items.Tab, *screen.Env) {
	t.Helper()
	env := &screen.Env{
		Life: t.Context(), Now: time.Unix(0, 0), Layers: new(screen.Stack),
		Painter: draw.New(theme.Mono(), ansi.WcWidth), Frame: layout.NewFrame(w, h),
	}
	tab := items.New(screen.RunEnv{Env: env}, items.Config{})
	env.Layers.Open(bottom{tab})
	tab.SetItems(rows, table.FitColumns(env.Painter, rows, rows.Len()))
	tab.SetArea(env.Frame.Body)
	tab.Arrange()
	return tab, env
}

// drawn returns the lines of the tab after its values were read.
func drawn(tab *items.Tab) []string {
	tab.Deferred()
	return tab.View()
}

func TestView(t *testing.T) {
	rows := testrun.Items(t,
		`{"name":"Kettle","price":"$120.00","rating":4.5,"dims":{"w":10,"h":2}}`, `{"name":"Lamp","rating":null}`,
		`{"name":"表情 chair","price":"$1,020.00","rating":3,"tags":["new","wood"]}`,
	)
	for _, size := range [][2]int{{60, 20}, {150, 20}} {
		tab, env := opened(t, rows, size[0], size[1])
		lines := drawn(tab)
		for _, key := range []tea.KeyPressMsg{{Code: 'l', Text: "l"}, {Code: 'G', Text: "G"}, {Code: tea.KeyEnter}} {
			pressed, found := tab.Actions().For(key, false)
			if !found {
				t.Fatalf("%s is not a key of the tab", key)
			}
			follow(tab, pressed.Run())
			lines = append(append(lines, fmt.Sprintf("— %s: %s", key, tab.Position())), drawn(tab)...)
		}
		golden.Check(t, fmt.Sprintf("items-%dx%d", size[0], size[1]), golden.Marked(t, lines, env.Frame.Body.Dx(), ansi.WcWidth))
	}
}

// TestEscCancelsSorting checks that Esc, while items are sorted, restores the previous order and keeps the filters.
func TestEscCancelsSorting(t *testing.T) {
	tab, _ := opened(t, testrun.Items(t, `{"shop":"a","price":3}`, `{"shop":"a","price":1}`, `{"shop":"b","price":2}`), 80, 20)
	press := func(key rune) tea.Cmd {
		t.Helper()
		pressed, found := tab.Actions().For(tea.KeyPressMsg{Code: key, Text: string(key)}, false)
		if !found {
			t.Fatalf("%c is not a key of the tab", key)
		}
		return pressed.Run()
	}
	back := func(want string) tea.Cmd {
		t.Helper()
		step, _ := tab.Back()
		if step.Title != want {
			t.Fatalf("esc is %q, want %q", step.Title, want)
		}
		return step.Run()
	}
	follow(tab, press('v'))
	press('l')
	first := press('s')
	press('s') // reverse, before the items are sorted
	follow(tab, first)
	follow(tab, back("cancel sorting"))
	if view := ansi.Strip(strings.Join(drawn(tab), "\n")); len(tab.Filters()) != 1 || strings.ContainsAny(view, "↑↓") || !strings.HasPrefix(tab.Position(), "1 of 2 ") {
		t.Errorf("after esc, %d filters and %s in\n%s", len(tab.Filters()), tab.Position(), view)
	}
	follow(tab, press('s'))
	back("remove filter")
}

// follow runs a command and passes its message to the tab.
func follow(tab *items.Tab, cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	switch msg := cmd().(type) {
	case screen.RunMsg:
		follow(tab, tab.Update(msg.Msg))
	case tea.BatchMsg:
		for _, cmd := range msg {
			follow(tab, cmd)
		}
	}
}
