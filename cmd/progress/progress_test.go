package progress_test

import (
	"bytes"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"sbwatch/cmd/progress"
	"sbwatch/work"
)

func TestShow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var terminal bytes.Buffer
		var done work.Progress
		done.Add(8)
		progress.Show(&terminal, progress.Percent("writing", &done)).Stop()
		if terminal.Len() > 0 {
			t.Errorf("a short operation shows %q", terminal.String())
		}
		line := progress.Show(&terminal, progress.Percent("writing", &done))
		time.Sleep(250 * time.Millisecond)
		done.Done(2)
		time.Sleep(200 * time.Millisecond)
		line.Stop()
		if got, want := terminal.String(), "\rwriting: 0%\rwriting: 25%\r            \r"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}

func TestMessagesAppearAboveTheLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var terminal bytes.Buffer
		var done work.Progress
		done.Add(2)
		line := progress.Show(&terminal, progress.Steps("exporting", "run", &done))
		line.Interrupt(func() { terminal.WriteString("early\n") })
		time.Sleep(250 * time.Millisecond)
		line.Interrupt(func() { terminal.WriteString("failed\n") })
		done.Done(1)
		time.Sleep(200 * time.Millisecond)
		line.Stop()
		blank := strings.Repeat(" ", len("exporting: 0 of 2 runs"))
		if got, want := terminal.String(), "early\n\rexporting: 0 of 2 runs\r"+blank+"\rfailed\n\rexporting: 1 of 2 runs\r"+blank+"\r"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}

func TestElapsed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		describe := progress.Elapsed("reading the history")
		if got := describe(); got != "reading the history" {
			t.Errorf("at the start: %q", got)
		}
		time.Sleep(2500 * time.Millisecond)
		if got := describe(); got != "reading the history: 2 s" {
			t.Errorf("after 2.5 s: %q", got)
		}
	})
}
