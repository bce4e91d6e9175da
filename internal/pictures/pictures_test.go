package pictures

import (
	"flag"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"

	"sbwatch/api/emulator"
	"sbwatch/internal/emulated"
	"sbwatch/internal/headless"
	"sbwatch/model/text"
	"sbwatch/model/watch"
	"sbwatch/monitor"
	"sbwatch/ui"
)

var update = flag.Bool("update", false, "update the pictures")

const width, height = 110, 30

// TestPicturesAreUpToDate watches a run of the emulator and draws it halfway and at its end.
func TestPicturesAreUpToDate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		player := headless.Start(ui.New(t.Context(), ui.Config{
			Watch: watch.NewDispatchWatch(text.NewText("catalogue01")), Service: emulated.Client(t, emulator.Options{Seed: 7}),
			Interval: 2 * time.Second, Width: width, Height: height,
			Now: time.Now, Jitter: func() float64 { return 0.5 },
		}))
		defer player.Stop()
		player.Run(57_300 * time.Millisecond) // between two ticks, so that their order does not matter
		check(t, "live.svg", player.Model, height)
		player.Run(80 * time.Second)
		for _, key := range "jjjjjl" {
			player.SendAfter(0, tea.KeyPressMsg{Code: key, Text: string(key)})
			player.Run(time.Second)
		}
		check(t, "table.svg", player.Model, height)
	})
}

// TestOverviewPictureIsUpToDate watches several runs of the emulator and draws them when some have ended.
func TestOverviewPictureIsUpToDate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var watches []watch.Watch
		for _, recipe := range []string{
			"failing0001", "drifted0001", "stalled0001", "catalogue01", emulator.SampleRecipeID, "empty000001", "cancelled01", "redesign001",
		} {
			watches = append(watches, watch.NewDispatchWatch(text.NewText(recipe)))
		}
		player := headless.Start(ui.New(t.Context(), ui.Config{
			Watches: watches, Service: emulated.Client(t, emulator.Options{Seed: 7}),
			Limits:   monitor.Limits{Concurrent: 1, FromFirst: true}, // otherwise the order of answers is random
			Interval: 2 * time.Second, Width: width, Height: 16,
			Now: time.Now, Jitter: func() float64 { return 0.5 },
		}))
		defer player.Stop()
		player.Run(57_300 * time.Millisecond)
		check(t, "overview.svg", player.Model, 16)
	})
}

func check(t *testing.T, name string, model tea.Model, height int) {
	t.Helper()
	got, err := SVG(model.View().Content, width, height)
	if err != nil {
		t.Fatal(err)
	}
	checkFile(t, name, got)
}

func checkFile(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("..", "..", "docs", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("docs/%s is out of date; run make docs", name)
	}
}
