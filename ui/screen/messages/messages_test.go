package messages_test

import (
	"context"
	"image"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"sbwatch/internal/golden"
	"sbwatch/theme"
	"sbwatch/ui/draw"
	"sbwatch/ui/layout"
	"sbwatch/ui/screen"
	"sbwatch/ui/screen/messages"
)

// Long messages need several lines. Keys move the cursor, y copies, the wheel scrolls, and esc closes the screen.
func TestScreen(t *testing.T) {
	env := &screen.Env{Painter: draw.New(theme.Mono(), ansi.WcWidth), Frame: layout.NewFrame(44, 12), Layers: new(screen.Stack)}
	s := messages.New(env, []string{
		`config.toml: line 2: there is no setting "interval"`,
		"config.toml: line 3: --interval 1ms is too short: use 100ms or more",
		"other users can read the API key in key.txt: change its permissions to 600",
	})
	env.Layers.Open(below{s})
	env.Layers.Open(s)
	area := env.Frame.Body
	lines := append(s.View(area), "— "+s.Position())
	s.Mouse(screen.Mouse{Kind: screen.MouseWheel, Wheel: image.Pt(0, 1)})
	lines = append(append(lines, s.View(area)...), "— "+s.Position())
	copied := ""
	env.Copier = func(_ context.Context, content string) screen.CopyWay {
		copied = content
		return screen.CopySystem
	}
	for _, key := range []tea.KeyPressMsg{{Code: 'g', Text: "g"}, {Code: 'j', Text: "j"}, {Code: 'y', Text: "y"}, {Code: 'G', Text: "G"}, {Code: tea.KeyEsc}} {
		action, found := env.Layers.Actions().For(key, false)
		if !found {
			t.Fatalf("%s is not a key of the screen", key)
		}
		if cmd := action.Run(); cmd != nil {
			cmd()
		}
		lines = append(append(lines, s.View(area)...), "— "+s.Position())
	}
	golden.Check(t, "messages", golden.Frame(t, lines, area.Dx(), ansi.WcWidth))
	if want := "config.toml: line 3: --interval 1ms is too short: use 100ms or more"; copied != want {
		t.Errorf("y copies %q, not %q", copied, want)
	}
	if env.Layers.Top() == screen.Layer(s) {
		t.Error("esc does not close the screen")
	}
}

// below is the layer below the screen.
type below struct{ screen.Layer }
