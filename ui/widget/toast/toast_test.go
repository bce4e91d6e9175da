package toast_test

import (
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"sbwatch/internal/golden"
	"sbwatch/theme"
	"sbwatch/ui/draw"
	"sbwatch/ui/widget/toast"
)

func TestToast(t *testing.T) {
	p := draw.New(theme.Mono(), ansi.WcWidth)
	now := time.Date(2026, 5, 21, 12, 0, 0, 0, time.UTC)
	var tt toast.Toast
	if tt.IsVisible(now) {
		t.Error("a toast shows before there was any")
	}
	tt.Show("copied 検索結果 and more than fits", now)
	var lines []string
	for _, w := range []int{0, 1, 12, 40} {
		lines = append(lines, tt.View(p, w, now))
	}
	golden.Check(t, "toast", golden.Frame(t, lines, 40, p.Method))
	if !tt.IsVisible(now.Add(toast.Duration-1)) || tt.IsVisible(now.Add(toast.Duration)) || tt.View(p, 40, now.Add(toast.Duration)) != "" {
		t.Error("the toast does not end in time")
	}
	tt.Show("again", now.Add(toast.Duration))
	if !tt.IsVisible(now.Add(toast.Duration)) {
		t.Error("a second toast does not show")
	}
	tt.Keep("a defect", now, 2*toast.Duration, toast.Duration)
	tt.Hide(now)
	tt.Show("copied", now)
	if got := tt.View(p, 40, now); got != p.Strong.Render("a defect") {
		t.Errorf("in place of what is to be kept shows %q", got)
	}
	tt.Hide(now.Add(toast.Duration))
	if tt.IsVisible(now.Add(toast.Duration)) {
		t.Error("a hidden toast shows")
	}
}
