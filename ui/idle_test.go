package ui

import (
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"

	"sbwatch/internal/headless"
	"sbwatch/internal/testrun"
	"sbwatch/model/run"
)

// counted is a model that counts messages and changed frames. Bubble Tea draws nothing if the frame is the same.
type counted struct {
	*App
	messages, frames int
	last             string
}

func (c *counted) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	_, cmd := c.App.Update(msg)
	c.messages++
	if frame := c.frame(); frame != c.last {
		c.last = frame
		c.frames++
	}
	return c, cmd
}

// plays runs a dashboard for the duration warmUp and then for the duration measured. It returns the numbers of messages
// and of changed frames in the second duration.
func plays(t *testing.T, config Config, service *fakeService, warmUp, measured time.Duration) *counted {
	t.Helper()
	config.Service, config.Now, config.Interval = service, time.Now, 2*time.Second
	config.Jitter = func() float64 { return 0.5 }
	config.Width, config.Height = 80, 24
	model := &counted{App: New(t.Context(), config)}
	player := headless.Start(model)
	player.Run(warmUp)
	model.messages, model.frames = 0, 0
	player.Run(measured)
	messages, frames := model.messages, model.frames
	player.Stop()
	synctest.Wait()
	return &counted{messages: messages, frames: frames}
}

func TestAnEndedRunIsSilent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		service := &fakeService{poll: func(int) (run.Answer, error) { return completed(began), nil }}
		if idle := plays(t, watching("k7Xb9dRmQ2p"), service, 15*time.Second, time.Hour); idle.messages > 0 {
			t.Errorf("an hour after the end of the run there were %d messages and %d new frames", idle.messages, idle.frames)
		}
	})
}

// TestManyItemsAreSilent checks that nothing is drawn once the columns of many items have been prepared for filters.
func TestManyItemsAreSilent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		answer := completed(time.Now())
		rows := make([]string, 25_000)
		for i := range rows {
			rows[i] = `{"name":"Kettle","price":"$` + strconv.Itoa(i) + `.00","deep":{"a":{"b":1}}}`
		}
		answer.Items = testrun.Items(t, rows...)
		service := &fakeService{poll: func(int) (run.Answer, error) { return answer, nil }}
		if idle := plays(t, watching("k7Xb9dRmQ2p"), service, 15*time.Second, time.Hour); idle.messages > 0 {
			t.Errorf("an hour after the end of the run there were %d messages and %d new frames", idle.messages, idle.frames)
		}
	})
}

// Without motion, the screen changes with the answers. With motion, the clock also runs between them.
func TestStillRedrawsForAnswersOnly(t *testing.T) {
	frames := map[bool]int{}
	polls := 0
	for _, isStill := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			began := time.Now()
			service := &fakeService{poll: func(n int) (run.Answer, error) { return running(began, int64(n), int64(29*n)), nil }}
			config := watching("k7Xb9dRmQ2p")
			config.Still = isStill
			frames[isStill] = plays(t, config, service, 15*time.Second, time.Minute).frames
			polls = max(polls, len(service.polls))
		})
	}
	if frames[true] > 2*polls || frames[true] < 25 || frames[false] <= frames[true] {
		t.Errorf("a minute has %d frames without motion and %d with it, for %d polls", frames[true], frames[false], polls)
	}
}
