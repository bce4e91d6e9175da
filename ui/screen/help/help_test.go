package help_test

import (
	"fmt"
	"image"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"sbwatch/internal/golden"
	"sbwatch/theme"
	"sbwatch/ui/action"
	"sbwatch/ui/cursor"
	"sbwatch/ui/draw"
	"sbwatch/ui/layout"
	"sbwatch/ui/screen"
	"sbwatch/ui/screen/help"
)

// below is the screen that the help describes.
type below struct{}

func (below) Update(tea.Msg) tea.Cmd        { return nil }
func (below) View(image.Rectangle) []string { return nil }
func (below) Place() screen.Place           { return screen.PlaceBody }

func (below) Actions() action.Table {
	return append(action.Moves(func(cursor.Move) tea.Cmd { return nil }, true, false),
		action.Action{Group: action.GroupFind, Title: "search", Keys: []string{"/"}, Enabled: true},
		action.Action{Group: action.GroupFind, Title: "disabled", Keys: []string{"x"}},
		action.Action{Group: action.GroupExport, Title: "a title that is too long for one of two columns", Keys: []string{"ctrl+shift+e", "E"}, Enabled: true},
	)
}

func TestView(t *testing.T) {
	for _, size := range [][2]int{{60, 20}, {100, 24}} {
		env := &screen.Env{
			Painter: draw.New(theme.Mono(), ansi.WcWidth), Frame: layout.NewFrame(size[0], size[1]), Layers: new(screen.Stack),
		}
		help := help.New(env, func() action.Table {
			return action.Table{{Group: action.GroupProgram, Title: "quit", Keys: []string{"q"}, Enabled: true}}
		})
		env.Layers.Open(below{})
		env.Layers.Open(help)
		area := env.Frame.Body
		lines := append(help.View(area), "— "+help.Position())
		for _, key := range []tea.KeyPressMsg{{Code: 'G', Text: "G"}, {Code: 'k', Text: "k"}} {
			move, found := env.Layers.Actions().For(key, false)
			if !found {
				t.Fatalf("%s is not a key of the help", key)
			}
			move.Run()
			lines = append(append(lines, help.View(area)...), "— "+help.Position())
		}
		golden.Check(t, fmt.Sprintf("help-%dx%d", size[0], size[1]), golden.Frame(t, lines, area.Dx(), ansi.WcWidth))
	}
}
