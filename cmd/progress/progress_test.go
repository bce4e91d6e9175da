package progress_test

import (
	"bytes"
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
		progress.Show(&terminal, progress.Percent("writing", &done))()
		if terminal.Len() > 0 {
			t.Errorf("a short operation shows %q", terminal.String())
		}
		stop := progress.Show(&terminal, progress.Percent("writing", &done))
		time.Sleep(250 * time.Millisecond)
		done.Done(2)
		time.Sleep(200 * time.Millisecond)
		stop()
		if got, want := terminal.String(), "\rwriting: 0%\rwriting: 25%\r            \r"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}
