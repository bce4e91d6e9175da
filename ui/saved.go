package ui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/item"
	"sbwatch/model/optional"
	"sbwatch/model/run"
	"sbwatch/model/watch"
	"sbwatch/ui/screen"
	runscreen "sbwatch/ui/screen/run"
	"sbwatch/ui/widget/table"
)

// savedRun reads a run from a saved answer.
type savedRun struct {
	env       screen.RunEnv
	load      Load
	watch     watch.Watch
	recorded  recordedID // empty unless the run comes from the history
	isLoading bool
	isStarted bool
}

// loadedMsg has a saved answer that was read completely.
type loadedMsg struct {
	answer  run.Answer
	fits    table.Fits
	problem *run.Problem
}

// Watch returns the state of the run.
func (r *savedRun) Watch() *watch.Watch { return &r.watch }

// IsLoading reports whether the answer is still being read.
func (r *savedRun) IsLoading() bool { return r.isLoading }

// IsAsking returns false because a saved run sends no requests.
func (r *savedRun) IsAsking() bool { return false }

// NextAt returns an unknown time because a saved run sends no requests.
func (r *savedRun) NextAt() optional.Value[time.Time] { return optional.Value[time.Time]{} }

// Silence returns 0 and false because a saved run sends no requests.
func (r *savedRun) Silence(time.Time) (time.Duration, bool) { return 0, false }

func (r *savedRun) start() tea.Cmd {
	r.isStarted = true
	ctx, load, p := r.env.Life, r.load, r.env.Painter
	arriving := make(chan item.Table, 1)
	read := answered(r.env.Cmd(func() tea.Msg {
		defer close(arriving)
		answer, err := load(ctx, latest(arriving))
		return screen.UnlessOver(ctx, loadedMsg{answer, table.FitColumns(p, answer.Items, table.FitItems), run.ProblemOf(err)})
	}), func(problem *run.Problem) tea.Msg {
		return screen.RunMsg{Run: r.env.Run, Msg: loadedMsg{problem: problem}}
	})
	return tea.Batch(read, receive(r.env, 0, arriving))
}

// hasFailed reports whether reading the run has failed.
func (r *savedRun) hasFailed() bool { return !r.isLoading && r.watch.Problem() != nil }

// retry returns a command that reads the run again if that has failed. Otherwise, it returns nil.
func (r *savedRun) retry() tea.Cmd {
	if !r.hasFailed() {
		return nil
	}
	r.watch, r.isLoading = watch.Watch{}, true
	return r.start()
}

// handle handles a message about the run, such as items that have been read. event is the message to pass on to the
// screen. isMine is false for other messages.
func (r *savedRun) handle(msg tea.Msg) (event tea.Msg, cmd tea.Cmd, isMine bool) {
	switch msg := msg.(type) {
	case receivingMsg:
		return r.receiving(msg), r.env.Cmd(msg.next), true
	case loadedMsg:
		r.isLoading = false
		if msg.problem == nil {
			r.watch = watch.OpenedWatch(msg.answer)
		} else {
			r.watch.OpenFailed(msg.answer, msg.problem)
		}
		return runscreen.ItemsCameMsg{Fits: msg.fits}, nil, true
	default:
		return nil, nil, false
	}
}

// receiving shows items while the rest of the answer is being read.
func (r *savedRun) receiving(msg receivingMsg) tea.Msg {
	if !r.isLoading || r.watch.Over() {
		return nil
	}
	r.watch.Receiving(msg.items)
	if r.watch.Items() != msg.items {
		return nil
	}
	return runscreen.ItemsArriveMsg{Fits: msg.fits}
}
