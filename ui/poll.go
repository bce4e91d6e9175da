package ui

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model"
	"sbwatch/ui/draw"
	"sbwatch/ui/screen"
	"sbwatch/ui/screen/run"
	"sbwatch/ui/widget/table"
)

// watcher polls a run: what is due becomes one command; its answer comes back as a message and goes into the watch. There is
// never more than one request of a run under way, as the schedule knows of it until its answer has come, however late.
type watcher struct {
	env      screen.RunEnv
	config   Config
	watch    model.Watch
	schedule *model.Schedule
	loading  bool // a saved answer is being read
	begun    bool // to read it
	polls    int  // the generation of polls: parts of an older answer are dropped

	askedAt   time.Time // when the newest request was sent
	endPoll   context.CancelFunc
	pollAgain bool // the user gave up an unanswered poll for a new one
}

// theSlot is the run's slot in its schedule.
const theSlot = 0

func newWatcher(env screen.RunEnv, c Config) *watcher {
	w := &watcher{
		env: env, config: c, watch: c.Watch, schedule: model.NewSchedule(c.Interval, c.Jitter), loading: c.Load != nil,
	}
	if c.Load == nil {
		w.schedule.Add(theSlot, env.Now)
	}
	if c.First.Len() > 0 {
		w.watch.Receiving(c.First)
	}
	return w
}

// Watch returns what is known of the run.
func (w *watcher) Watch() *model.Watch { return &w.watch }

// IsLoading reports whether a saved answer is being read.
func (w *watcher) IsLoading() bool { return w.loading }

// IsAsking reports whether a request is under way.
func (w *watcher) IsAsking() bool { return w.schedule.InFlight(theSlot) }

// NextAt returns when the next request is sent.
func (w *watcher) NextAt() model.Optional[time.Time] { return w.schedule.DueAt(theSlot) }

// silenceLong is how long an answer may take before that is worth a word.
const silenceLong = 5 * time.Second

// Silence returns how long a request has been without an answer, and whether that is long.
func (w *watcher) Silence(now time.Time) (time.Duration, bool) {
	if !w.IsAsking() || w.watch.Over() || w.watch.Items().Len() > 0 {
		return 0, false
	}
	silence := now.Sub(w.askedAt)
	return silence, silence >= silenceLong
}

// due returns when the next request is due; false where none will be.
func (w *watcher) due() (time.Time, bool) { return w.schedule.Next() }

// usageMsg is the answer to a request for the account's usage.
type usageMsg struct {
	usage   model.Usage
	problem *model.Problem
}

// dispatchedMsg is the answer to a dispatch.
type dispatchedMsg struct {
	dispatch model.Dispatch
	problem  *model.Problem
}

// polledMsg is the answer to a poll, with the columns fitted to its items.
type polledMsg struct {
	answer  model.Answer
	fits    table.Fits
	took    time.Duration
	problem *model.Problem
}

// receivingMsg brings the items of an answer that is still arriving, and whence the next will come.
type receivingMsg struct {
	poll  int // the generation of polls that it belongs to
	items model.Items
	fits  table.Fits // nil where they are as before
	from  <-chan model.Items

	painter draw.Painter
	fitted  int // of how many items the fits are
}

// loadedMsg is a saved answer, read to its end.
type loadedMsg struct {
	answer  model.Answer
	fits    table.Fits
	problem *model.Problem
}

// handle takes an answer over, and returns what it is for the screen of the run. It reports whether the message is an answer,
// or asks for one.
func (w *watcher) handle(msg tea.Msg) (event tea.Msg, cmd tea.Cmd, isAnswer bool) {
	now := w.env.Now
	switch msg := msg.(type) {
	case usageMsg:
		w.slot().UsageAnswered(now, msg.usage, msg.problem)
		return run.ChangedMsg{}, w.sendDue(), true
	case dispatchedMsg:
		w.slot().DispatchAnswered(now, msg.dispatch, msg.problem)
		return run.ChangedMsg{}, w.sendDue(), true
	case polledMsg:
		event = w.polled(msg)
		return event, w.sendDue(), true
	case receivingMsg:
		return w.receiving(msg), w.env.Cmd(msg.next), true
	case loadedMsg:
		return w.loaded(msg), nil, true
	case run.PollNowMsg:
		w.pollNow()
		return nil, w.sendDue(), true
	default:
		return nil, nil, false
	}
}

func (w *watcher) slot() model.Slot {
	return model.Slot{Watch: &w.watch, Schedule: w.schedule, ID: theSlot}
}

// sendDue makes the command for what is due: the request of the watch, or reading the saved answer.
func (w *watcher) sendDue() tea.Cmd {
	if w.loading {
		if w.begun {
			return nil
		}
		w.begun = true
		return w.loadCmd()
	}
	if len(w.schedule.Due(w.env.Now)) == 0 {
		return nil
	}
	w.askedAt = w.env.Now
	switch w.slot().Sent(w.env.Now) {
	case model.RequestUsage:
		return w.usageCmd()
	case model.RequestDispatch:
		return w.dispatchCmd()
	case model.RequestPoll:
		return w.pollCmd()
	case model.RequestNone:
	}
	return nil
}

// pollNow polls at once. A poll that has not been answered for long is given up for a new one; one that was just sent is
// not, or impatience would never see an answer.
func (w *watcher) pollNow() {
	if !w.IsAsking() {
		w.schedule.Demand(theSlot, w.env.Now)
		return
	}
	if _, isLong := w.Silence(w.env.Now); !isLong {
		w.env.Say("asking already")
		return
	}
	w.pollAgain = true
	w.endPoll()
}

func (w *watcher) usageCmd() tea.Cmd {
	ctx, service := w.env.Life, w.config.Service
	return w.answered(func() tea.Msg {
		usage, err := service.Usage(ctx)
		return screen.UnlessOver(ctx, usageMsg{usage, model.ProblemOf(err)})
	}, func(problem *model.Problem) tea.Msg { return usageMsg{problem: problem} })
}

func (w *watcher) dispatchCmd() tea.Cmd {
	ctx, service, recipe := w.env.Life, w.config.Service, w.watch.RecipeID().Raw()
	return w.answered(func() tea.Msg {
		dispatch, err := service.Dispatch(ctx, recipe)
		return screen.UnlessOver(ctx, dispatchedMsg{dispatch, model.ProblemOf(err)})
	}, func(problem *model.Problem) tea.Msg { return dispatchedMsg{problem: problem} })
}

func (w *watcher) pollCmd() tea.Cmd {
	service, id, now, p := w.config.Service, w.watch.RunID().Raw(), w.config.Now, w.env.Painter
	life := w.env.Life
	ctx, endPoll := context.WithCancel(life)
	w.endPoll = endPoll
	arriving := make(chan model.Items, 1)
	w.polls++
	poll := w.answered(func() tea.Msg {
		defer close(arriving)
		defer endPoll()
		asked := now()
		answer, err := service.Poll(ctx, id, latest(arriving))
		took := now().Sub(asked)
		return screen.UnlessOver(life, polledMsg{answer, table.FitColumns(p, answer.Items, table.FitItems), took, model.ProblemOf(err)})
	}, func(problem *model.Problem) tea.Msg { return polledMsg{problem: problem} })
	return tea.Batch(poll, w.receiveCmd(arriving))
}

func (w *watcher) loadCmd() tea.Cmd {
	ctx, load, p := w.env.Life, w.config.Load, w.env.Painter
	arriving := make(chan model.Items, 1)
	read := w.answered(func() tea.Msg {
		defer close(arriving)
		answer, err := load(ctx, latest(arriving))
		return screen.UnlessOver(ctx, loadedMsg{answer, table.FitColumns(p, answer.Items, table.FitItems), model.ProblemOf(err)})
	}, func(problem *model.Problem) tea.Msg { return loadedMsg{problem: problem} })
	return tea.Batch(read, w.receiveCmd(arriving))
}

// latest hands items to a channel that holds the newest: a screen that is slower than the network skips the rest.
func latest(arriving chan model.Items) func(model.Items) {
	return func(items model.Items) {
		select {
		case <-arriving:
		default:
		}
		arriving <- items
	}
}

// receiveCmd waits for the first items of an answer that is arriving, and fits the columns to them.
func (w *watcher) receiveCmd(arriving <-chan model.Items) tea.Cmd {
	return w.env.Cmd(receivingMsg{poll: w.polls, from: arriving, painter: w.env.Painter}.next)
}

// next waits for more items. The columns are fitted anew whenever there are twice as many, so that they soon keep still.
func (m receivingMsg) next() tea.Msg {
	items, open := <-m.from
	if !open {
		return nil
	}
	m.items, m.fits = items, nil
	if items.Len() >= 2*m.fitted {
		m.fits, m.fitted = table.FitColumns(m.painter, items, table.FitItems), items.Len()
	}
	return m
}

// polled takes the answer to a poll over.
func (w *watcher) polled(msg polledMsg) tea.Msg {
	w.polls++ // what is left of the answer's parts is old
	w.slot().PollAnswered(w.env.Now, msg.answer, msg.took, msg.problem)
	if msg.problem != nil && w.pollAgain {
		w.schedule.Demand(theSlot, w.env.Now)
	}
	w.pollAgain = false
	if msg.problem != nil {
		return run.ChangedMsg{}
	}
	return run.ItemsCameMsg{Fits: msg.fits}
}

// receiving takes items over while their answer arrives, unless all of it has come since.
func (w *watcher) receiving(msg receivingMsg) tea.Msg {
	if msg.poll != w.polls || w.watch.Over() {
		return nil
	}
	w.watch.Receiving(msg.items)
	if w.watch.Items() != msg.items {
		return nil
	}
	return run.ItemsArriveMsg{Fits: msg.fits}
}

// loaded takes a saved answer over.
func (w *watcher) loaded(msg loadedMsg) tea.Msg {
	w.loading = false
	w.polls++
	if msg.problem == nil {
		w.watch = model.OpenedWatch(msg.answer)
	} else {
		w.watch.OpenFailed(msg.answer, msg.problem)
	}
	return run.ItemsCameMsg{Fits: msg.fits}
}

// answered makes a request that answers with a problem when it panics, so that the poll loop goes on.
func (w *watcher) answered(request tea.Cmd, failed func(*model.Problem) tea.Msg) tea.Cmd {
	return answered(w.env.Cmd(request), func(problem *model.Problem) tea.Msg {
		return screen.RunMsg{Run: w.env.Run, Msg: failed(problem)}
	})
}
