package ui_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/charmbracelet/x/ansi"

	"sbwatch/api/emulator"
	"sbwatch/internal/emulated"
	"sbwatch/internal/headless"
	"sbwatch/model/optional"
	"sbwatch/model/text"
	"sbwatch/model/watch"
	"sbwatch/ui"
)

// dashboard runs a dashboard that dispatches a recipe of the emulator through the real client.
func dashboard(ctx context.Context, t *testing.T, recipe string, options emulator.Options) *headless.Player {
	t.Helper()
	return headless.Start(ui.New(ctx, ui.Config{
		Watch: watch.NewDispatchWatch(text.NewText(recipe)), Service: emulated.Client(t, options),
		Interval: 2 * time.Second, Width: 100, Height: 34,
		Now: time.Now, Jitter: func() float64 { return 0.5 },
	}))
}

func screenOf(player *headless.Player) string { return ansi.Strip(player.Model.View().Content) }

func TestEveryRecipeOnTheScreen(t *testing.T) {
	for recipe, want := range map[string][]string{
		"m3Yc2tFvN8q": {"✓ completed", "items 87", "drift 0.02", "Product A", "$29.99"},
		"catalogue01": {"✓ completed", "items 1,204", "drift 0.07", "page 23: 4 products without a price were kept", "1 of 1,204"},
		"stalled0001": {"✓ completed", "pages 12", "stalled: nothing new in the last", "and 1 more warning"},
		"drifted0001": {"✓ completed", "items 61", "drift 0.61", "large change since", "and 2 more warnings"},
		"failing0001": {"✗ failed", "page 4: element not found", "3 pages and 61 items were read; the run cost nothing", "request  req_"},
		"cancelled01": {"■ cancelled", "5 pages and 140 items", "request  req_"},
		"empty000001": {"✓ completed", "items 0", "without items"},
		"huge0000001": {"✓ completed", "items 20,000", "pages 400", "1 of 20,000"},
		"hostile0001": {"✓ completed", "items 189", `\x1b`},
		"broken00001": {"✓ completed", "items 20", "1e400"},
		"flaky000001": {"✓ completed", "items 180", "pages 6"},
	} {
		t.Run(recipe, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				player := dashboard(ctx, t, recipe, emulator.Options{Items: 20_000})
				player.Run(5 * time.Minute)
				screen := screenOf(player)
				for _, words := range want {
					if !strings.Contains(screen, words) {
						t.Errorf("the screen lacks %q:\n%s", words, screen)
					}
				}
				cancel()
				player.Stop()
			})
		})
	}
}

// TestTheFlakyRunShowsWhatGoesWrong checks the screen while polls fail: the error, the next attempt and the last
// numbers.
func TestTheFlakyRunShowsWhatGoesWrong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		player := dashboard(ctx, t, "flaky000001", emulator.Options{})
		missing := map[string]bool{"rate limited": true, "next try in": true, "numbers are": true, "HTTP 500": true, "HTML": true, "HTTP 502": true}
		for range 900 {
			player.Run(100 * time.Millisecond)
			screen := screenOf(player)
			for words := range missing {
				if strings.Contains(screen, words) {
					delete(missing, words)
				}
			}
		}
		for words := range missing {
			t.Errorf("no screen ever said %q", words)
		}
		cancel()
		player.Stop()
	})
}

func TestARunThatTheCreditsCutShortSaysSo(t *testing.T) {
	for name, c := range map[string]struct {
		options emulator.Options
		want    string
	}{
		"credits": {emulator.Options{Credits: optional.Some(10)}, "cut short by the credits after 5 pages"},
		"plan":    {emulator.Options{PagesPerRun: optional.Some(7)}, "cut short by the plan's limit of 7 pages"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				player := dashboard(ctx, t, "catalogue01", c.options)
				player.Run(5 * time.Minute)
				if screen := screenOf(player); !strings.Contains(screen, c.want) {
					t.Errorf("the screen lacks %q:\n%s", c.want, screen)
				}
				cancel()
				player.Stop()
			})
		})
	}
}
