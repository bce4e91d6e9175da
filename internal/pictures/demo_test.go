package pictures

import (
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"

	"sbwatch/api/emulator"
	"sbwatch/internal/emulated"
	"sbwatch/internal/headless"
	"sbwatch/model/text"
	"sbwatch/model/watch"
	"sbwatch/ui"
)

// The size of the demo. Below the screen there are an empty line and the caption.
const demoWidth, demoHeight = 100, 26

// TestDemoIsUpToDate watches a run of the emulator, then browses its items, and draws all of it as an animation and as
// a recording.
func TestDemoIsUpToDate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := demo{player: headless.Start(ui.New(t.Context(), ui.Config{
			Watch: watch.NewDispatchWatch(text.NewText("catalogue01")), Service: emulated.Client(t, emulator.Options{Seed: 7}),
			Interval: 2 * time.Second, Width: demoWidth, Height: demoHeight,
			Now: time.Now, Jitter: func() float64 { return 0.5 },
		}))}
		defer d.player.Stop()
		d.play()
		animation, err := Animation(d.frames, d.still, demoWidth, demoHeight+2)
		if err != nil {
			t.Fatal(err)
		}
		checkFile(t, "demo.svg", animation)
		recording, err := Cast(d.frames, "sbwatch demo", demoWidth, demoHeight+2)
		if err != nil {
			t.Fatal(err)
		}
		checkFile(t, "demo.cast", recording)
	})
}

// demo is a session with the dashboard.
type demo struct {
	player *headless.Player
	frames []Frame
	still  int // the number of the frame that is shown without motion
}

func (d *demo) play() {
	d.player.Run(1300 * time.Millisecond) // between two ticks, so that their order does not matter
	for range 21 {
		d.shoot("sbwatch demo: pages, items and credits while the run is active", 300*time.Millisecond)
		d.player.Run(6 * time.Second)
	}
	d.player.Run(20 * time.Second)
	d.shoot("the run is completed: its items", 2*time.Second)
	d.still = len(d.frames) - 1
	for _, key := range "jjjll" {
		d.press("h j k l: move", key, 250*time.Millisecond)
	}
	d.press("/: search", '/', 600*time.Millisecond)
	d.enter("/: search", "globex")
	d.press("n: next match", 'n', 700*time.Millisecond)
	d.press("f: filter", 'f', 600*time.Millisecond)
	d.enter("f: filter", "price > 1000")
	d.press("2: columns, problems first", '2', 2500*time.Millisecond)
	d.press("3: pages", '3', 2*time.Second)
	d.press("1: items", '1', time.Second)
	d.press(":: any action by name", ':', 600*time.Millisecond)
	d.typeText(":: any action by name", "rat")
	d.shoot(":: any action by name", 1500*time.Millisecond)
}

// shoot adds the current screen.
func (d *demo) shoot(caption string, shown time.Duration) {
	d.frames = append(d.frames, Frame{Screen: d.player.Model.View().Content, Caption: " " + caption, Shown: shown})
}

// press presses a key and adds the screen.
func (d *demo) press(caption string, key rune, shown time.Duration) {
	d.send(tea.KeyPressMsg{Code: key, Text: string(key)})
	d.shoot(caption, shown)
}

// enter types text and presses enter.
func (d *demo) enter(caption, text string) {
	d.typeText(caption, text)
	d.send(tea.KeyPressMsg{Code: tea.KeyEnter})
	d.shoot(caption, 1500*time.Millisecond)
}

func (d *demo) typeText(caption, text string) {
	for i, key := range text {
		d.send(tea.KeyPressMsg{Code: key, Text: string(key)})
		if i%2 == 1 {
			d.shoot(caption, 160*time.Millisecond)
		}
	}
}

// send sends a key and waits until the dashboard has answered it.
func (d *demo) send(key tea.KeyPressMsg) {
	d.player.SendAfter(0, key)
	d.player.Run(time.Second)
}
