package ui

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/item"
	"sbwatch/model/optional"
	"sbwatch/model/run"
	"sbwatch/model/watch"
	"sbwatch/monitor"
	"sbwatch/ui/draw"
	"sbwatch/ui/screen"
	runscreen "sbwatch/ui/screen/run"
	"sbwatch/ui/widget/table"
)

// source provides the state of a run. The state comes from the service or from a file.
type source interface {
	runscreen.Poller
	// handle handles a message. It returns a message for the screen of the run, which may be nil, and a tea.Cmd. isMine
	// is false if handle does not know the message.
	handle(msg tea.Msg) (event tea.Msg, cmd tea.Cmd, isMine bool)
}

// polledRun sends the requests for one run when the monitor asks for them, and passes the answers to the monitor. At
// most one request is in progress.
type polledRun struct {
	env     screen.RunEnv
	monitor *monitor.Monitor
	service Service
	now     func() time.Time
	events  func([]monitor.Event) // receives the events of each answer

	polls     int // number of polls; items from an older poll are dropped
	endPoll   context.CancelFunc
	pollAgain bool // the user abandoned an unanswered poll for a new one

	isReading bool // items that were dropped are being read again
}

// Watch returns the state of the run.
func (r *polledRun) Watch() *watch.Watch { return r.monitor.Watch(r.env.Run) }

// IsLoading reports whether the items are being read again after they were removed from memory.
func (r *polledRun) IsLoading() bool { return r.isReading }

// IsAsking reports whether a request is in progress.
func (r *polledRun) IsAsking() bool {
	_, _, isAsking := r.monitor.InFlight(r.env.Run)
	return isAsking
}

// NextAt returns when the next request is due.
func (r *polledRun) NextAt() optional.Value[time.Time] { return r.monitor.DueAt(r.env.Run) }

// longSilence is how long a request may be unanswered before the screen says so.
const longSilence = 5 * time.Second

// Silence returns how long the current request has been unanswered, and whether this time is at least longSilence. It
// returns 0 and false if no request is in progress, if the watch is over, or if items have arrived.
func (r *polledRun) Silence(now time.Time) (time.Duration, bool) {
	_, sentAt, isAsking := r.monitor.InFlight(r.env.Run)
	if !isAsking || r.Watch().Over() || r.Watch().Items().Len() > 0 {
		return 0, false
	}
	silence := now.Sub(sentAt)
	return silence, silence >= longSilence
}

// usageMsg is the answer to a request for the account's usage.
type usageMsg struct {
	usage   run.Usage
	problem *run.Problem
}

// dispatchedMsg is the answer to a dispatch.
type dispatchedMsg struct {
	dispatch run.Dispatch
	problem  *run.Problem
}

// polledMsg is the answer to a poll, with column widths that fit its items.
type polledMsg struct {
	answer  run.Answer
	fits    table.Fits
	took    time.Duration
	problem *run.Problem
}

// handle handles a message about the run, such as an answer. event is the message to pass on to the screen. isMine is
// false for other messages.
func (r *polledRun) handle(msg tea.Msg) (event tea.Msg, cmd tea.Cmd, isMine bool) {
	switch msg := msg.(type) {
	case usageMsg:
		r.apply(watch.RequestUsage, monitor.Answer{Usage: msg.usage, Problem: msg.problem})
		return runscreen.ChangedMsg{}, nil, true
	case dispatchedMsg:
		r.apply(watch.RequestDispatch, monitor.Answer{Dispatch: msg.dispatch, Problem: msg.problem})
		return runscreen.ChangedMsg{}, nil, true
	case polledMsg:
		return r.polled(msg), nil, true
	case readAgainMsg:
		return r.haveReadAgain(msg), nil, true
	case receivingMsg:
		return r.receiving(msg), r.env.Cmd(msg.next), true
	case runscreen.PollNowMsg:
		r.pollNow()
		return nil, nil, true
	default:
		return nil, nil, false
	}
}

func (r *polledRun) apply(kind watch.Request, answer monitor.Answer) {
	answer.Request = monitor.Request{Key: r.env.Run, Kind: kind}
	r.events(r.monitor.Apply(r.env.Now, answer))
}

// polled handles the answer to a poll and returns a message for the screen.
func (r *polledRun) polled(msg polledMsg) tea.Msg {
	r.polls++ // items of this answer that arrive late are dropped
	r.apply(watch.RequestPoll, monitor.Answer{Poll: msg.answer, Took: msg.took, Problem: msg.problem})
	isAgain := r.pollAgain
	r.pollAgain = false
	if msg.problem == nil {
		return runscreen.ItemsCameMsg{Fits: msg.fits}
	}
	if isAgain {
		r.monitor.Demand(r.env.Now, r.env.Run)
	}
	return runscreen.ChangedMsg{}
}

// receiving shows items of an answer that is still arriving. It ignores them if the complete answer has arrived.
func (r *polledRun) receiving(msg receivingMsg) tea.Msg {
	switch {
	case msg.poll != r.polls:
		return nil
	case r.isReading:
		r.monitor.RestoreItems(r.env.Run, msg.items)
	case r.Watch().Over():
		return nil
	default:
		r.monitor.Receiving(r.env.Run, msg.items)
	}
	if r.Watch().Items() != msg.items {
		return nil
	}
	return runscreen.ItemsArriveMsg{Fits: msg.fits}
}

// pollNow polls at once if no request is in progress. If a poll has been unanswered for at least longSilence, pollNow
// abandons it and starts a new one. In all other cases it only shows a message: repeated calls must not abandon every
// poll before its answer arrives.
func (r *polledRun) pollNow() {
	if !r.IsAsking() {
		r.monitor.Demand(r.env.Now, r.env.Run)
		return
	}
	if _, isLong := r.Silence(r.env.Now); !isLong || r.endPoll == nil {
		r.env.Say("a request is already in progress")
		return
	}
	r.pollAgain = true
	r.endPoll()
}

// send returns a command that sends a request of the monitor.
func (r *polledRun) send(request monitor.Request) tea.Cmd {
	ctx, service := r.env.Life, r.service
	switch request.Kind {
	case watch.RequestUsage:
		return r.answered(func() tea.Msg {
			usage, err := service.Usage(ctx)
			return screen.UnlessOver(ctx, usageMsg{usage, run.ProblemOf(err)})
		}, func(problem *run.Problem) tea.Msg { return usageMsg{problem: problem} })
	case watch.RequestDispatch:
		return r.answered(func() tea.Msg {
			dispatch, err := service.Dispatch(ctx, request.ID.Raw())
			return screen.UnlessOver(ctx, dispatchedMsg{dispatch, run.ProblemOf(err)})
		}, func(problem *run.Problem) tea.Msg { return dispatchedMsg{problem: problem} })
	case watch.RequestPoll:
		return r.poll(request.ID.Raw())
	case watch.RequestNone:
	}
	return nil
}

func (r *polledRun) poll(id string) tea.Cmd {
	life, service, now, p := r.env.Life, r.service, r.now, r.env.Painter
	ctx, endPoll := context.WithCancel(life)
	r.endPoll = endPoll
	arriving := make(chan item.Table, 1)
	r.polls++
	poll := r.answered(func() tea.Msg {
		defer close(arriving)
		defer endPoll()
		asked := now()
		answer, err := service.Poll(ctx, id, latest(arriving))
		took := now().Sub(asked)
		return screen.UnlessOver(life, polledMsg{answer, table.FitColumns(p, answer.Items, table.FitItems), took, run.ProblemOf(err)})
	}, func(problem *run.Problem) tea.Msg { return polledMsg{problem: problem} })
	return tea.Batch(poll, receive(r.env, r.polls, arriving))
}

// answered wraps a request so that a panic of the request does not stop polling. The panic is treated as a failed
// request.
func (r *polledRun) answered(request tea.Cmd, failed func(*run.Problem) tea.Msg) tea.Cmd {
	return answered(r.env.Cmd(request), func(problem *run.Problem) tea.Msg {
		return screen.RunMsg{Run: r.env.Run, Msg: failed(problem)}
	})
}

// receivingMsg has the items of an answer that is still arriving, and the channel for the next items.
type receivingMsg struct {
	poll  int // number of the poll that the items belong to
	items item.Table
	fits  table.Fits // nil if the column widths are unchanged
	from  <-chan item.Table

	painter draw.Painter
	fitted  int // number of items when fits was computed
}

// latest returns a function that puts items into a channel. It replaces items in the channel that nobody has received
// yet. If the screen is slower than the network, it gets only the newest items.
func latest(arriving chan item.Table) func(item.Table) {
	return func(items item.Table) {
		select {
		case <-arriving:
		default:
		}
		arriving <- items
	}
}

// receive returns a command that waits for the first items of an answer and computes column widths for them.
func receive(env screen.RunEnv, poll int, arriving <-chan item.Table) tea.Cmd {
	return env.Cmd(receivingMsg{poll: poll, from: arriving, painter: env.Painter}.next)
}

// next waits for more items and returns them with column widths. It recomputes the widths only when the number of items
// has doubled, so that the widths soon stay constant.
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
