package ui

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/item"
	"sbwatch/model/run"
	"sbwatch/model/watch"
)

// The poll loop: a tick asks the schedule what is due; what is due becomes one command; its answer comes back as a
// message, goes into the watch, and sets the next tick. There is never more than one request of a run under way, as the
// schedule knows of it until its answer has come, however late.

// theSlot is the run's slot in the schedule.
const theSlot = 0

// refresh is how often the screen is drawn anew while a clock on it runs.
const refresh = 250 * time.Millisecond

// workRefresh is how often it is while work goes on.
const workRefresh = 100 * time.Millisecond

// tickMsg says that it is time to look at the schedule, or at the clock.
type tickMsg struct{ generation int }

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

// polledMsg is the answer to a poll, with the columns fitted to its items.
type polledMsg struct {
	answer  run.Answer
	fits    columnFits
	took    time.Duration
	problem *run.Problem
}

// receivingMsg brings the items of an answer that is still arriving, and whence the next will come.
type receivingMsg struct {
	poll  int // the generation of polls that it belongs to
	items item.Table
	fits  columnFits // nil where they are as before
	from  <-chan item.Table

	look   look
	fitted int // of how many items the fits are
}

// loadedMsg is a saved answer, read to its end.
type loadedMsg struct {
	answer  run.Answer
	fits    columnFits
	problem *run.Problem
}

// start begins to watch, or to read the saved answer.
func (a *App) start() tea.Cmd {
	if a.loading {
		return a.loadCmd()
	}
	return a.pump()
}

// tick handles a tick, unless a newer one is set.
func (a *App) tick(msg tickMsg) tea.Cmd {
	if msg.generation != a.ticks {
		return nil
	}
	a.arrangeHead() // times in it have moved
	return a.pump()
}

// pump sends what is due and sets the next tick.
func (a *App) pump() tea.Cmd {
	var cmds []tea.Cmd
	for _, slot := range a.schedule.Due(a.now) {
		cmds = append(cmds, a.request(slot))
	}
	return tea.Batch(append(cmds, a.nextTick())...)
}

// nextTick sets a tick for when something is due, or for when the clocks on the screen have moved. When neither will
// happen there is none, and the program sleeps.
func (a *App) nextTick() tea.Cmd {
	a.ticks++
	generation := a.ticks
	wait, wanted := time.Duration(0), false
	if due, some := a.schedule.Next(); some {
		wait, wanted = due.Sub(a.now), true
	}
	if a.clockRuns() && (!wanted || wait > refresh) {
		wait, wanted = refresh, true
	}
	if a.works() && (!wanted || wait > workRefresh) {
		wait, wanted = workRefresh, true
	}
	if !wanted {
		return nil
	}
	return tea.Tick(max(wait, time.Millisecond), func(time.Time) tea.Msg { return tickMsg{generation} })
}

// clockRuns tells whether something on the screen changes with time alone.
func (a *App) clockRuns() bool { return (!a.watch.Over() && !a.loading) || a.toast.shows(a.now) }

// request makes the command for what the watch wants to ask next.
func (a *App) request(slot int) tea.Cmd {
	a.askedAt = a.now
	switch a.slot(slot).Sent(a.now) {
	case watch.RequestUsage:
		return a.usageCmd()
	case watch.RequestDispatch:
		return a.dispatchCmd()
	case watch.RequestPoll:
		return a.pollCmd()
	case watch.RequestNone:
	}
	return nil
}

func (a *App) slot(id int) watch.Slot {
	return watch.Slot{Watch: &a.watch, Schedule: a.schedule, ID: id}
}

func (a *App) usageCmd() tea.Cmd {
	ctx, service := a.ctx, a.config.Service
	return answered(func() tea.Msg {
		usage, err := service.Usage(ctx)
		return unlessOver(ctx, usageMsg{usage, run.ProblemOf(err)})
	}, func(problem *run.Problem) tea.Msg { return usageMsg{problem: problem} })
}

func (a *App) dispatchCmd() tea.Cmd {
	ctx, service, recipe := a.ctx, a.config.Service, a.watch.RecipeID().Raw()
	return answered(func() tea.Msg {
		dispatch, err := service.Dispatch(ctx, recipe)
		return unlessOver(ctx, dispatchedMsg{dispatch, run.ProblemOf(err)})
	}, func(problem *run.Problem) tea.Msg { return dispatchedMsg{problem: problem} })
}

func (a *App) pollCmd() tea.Cmd {
	service, r, now, l := a.config.Service, a.watch.RunID().Raw(), a.config.Now, a.look
	life := a.ctx
	ctx, endPoll := context.WithCancel(life)
	a.endPoll = endPoll
	arriving := make(chan item.Table, 1)
	a.polls++
	poll := answered(func() tea.Msg {
		defer close(arriving)
		defer endPoll()
		asked := now()
		answer, err := service.Poll(ctx, r, latest(arriving))
		took := now().Sub(asked)
		return unlessOver(life, polledMsg{answer, fitColumns(l, answer.Items, fitItems), took, run.ProblemOf(err)})
	}, func(problem *run.Problem) tea.Msg { return polledMsg{problem: problem} })
	return tea.Batch(poll, receiveCmd(l, a.polls, arriving))
}

func (a *App) loadCmd() tea.Cmd {
	ctx, load, l := a.ctx, a.config.Load, a.look
	arriving := make(chan item.Table, 1)
	read := answered(func() tea.Msg {
		defer close(arriving)
		answer, err := load(ctx, latest(arriving))
		return unlessOver(ctx, loadedMsg{answer, fitColumns(l, answer.Items, fitItems), run.ProblemOf(err)})
	}, func(problem *run.Problem) tea.Msg { return loadedMsg{problem: problem} })
	return tea.Batch(read, receiveCmd(l, a.polls, arriving))
}

// latest hands items to a channel that holds the newest: a screen that is slower than the network skips the rest.
func latest(arriving chan item.Table) func(item.Table) {
	return func(items item.Table) {
		select {
		case <-arriving:
		default:
		}
		arriving <- items
	}
}

// receiveCmd waits for the first items of an answer that is arriving, and fits the columns to them.
func receiveCmd(l look, poll int, arriving <-chan item.Table) tea.Cmd {
	return receivingMsg{poll: poll, from: arriving, look: l}.next
}

// next waits for more items. The columns are fitted anew whenever there are twice as many, so that they soon keep still.
func (m receivingMsg) next() tea.Msg {
	items, open := <-m.from
	if !open {
		return nil
	}
	m.items, m.fits = items, nil
	if items.Len() >= 2*m.fitted {
		m.fits, m.fitted = fitColumns(m.look, items, fitItems), items.Len()
	}
	return m
}

// unlessOver is the message, unless the program has ended: a request that was cut off by that is no news.
func unlessOver(ctx context.Context, msg tea.Msg) tea.Msg {
	if ctx.Err() != nil {
		return nil
	}
	return msg
}

func (a *App) usageRead(msg usageMsg) tea.Cmd {
	a.slot(theSlot).UsageAnswered(a.now, msg.usage, msg.problem)
	a.arrange()
	return a.pump()
}

func (a *App) dispatched(msg dispatchedMsg) tea.Cmd {
	a.slot(theSlot).DispatchAnswered(a.now, msg.dispatch, msg.problem)
	a.arrange()
	return tea.Batch(a.askLayout(), a.pump())
}

func (a *App) polled(msg polledMsg) tea.Cmd {
	a.polls++ // what is left of the answer's parts is old
	a.slot(theSlot).PollAnswered(a.now, msg.answer, msg.took, msg.problem)
	var cmd tea.Cmd
	if msg.problem == nil {
		a.setItems(a.watch.Items(), msg.fits)
		cmd = a.allItemsCame()
	} else if a.pollAgain {
		a.schedule.Demand(theSlot, a.now)
	}
	a.pollAgain = false
	a.arrange()
	return tea.Batch(cmd, a.askLayout(), a.pump())
}

// receiving shows items while their answer arrives, unless all of it has come since.
func (a *App) receiving(msg receivingMsg) tea.Cmd {
	if msg.poll == a.polls && !a.watch.Over() {
		a.watch.Receiving(msg.items)
		if a.watch.Items() == msg.items {
			a.setItems(msg.items, msg.fits)
		}
		a.arrangeHead()
		a.arrangeTable()
		return tea.Batch(msg.next, a.applyLayout(), a.itemsChanged())
	}
	return msg.next
}

func (a *App) loaded(msg loadedMsg) tea.Cmd {
	a.loading = false
	a.polls++
	if msg.problem == nil {
		a.watch = watch.OpenedWatch(msg.answer)
	} else {
		a.watch.OpenFailed(msg.answer, msg.problem)
	}
	a.setItems(a.watch.Items(), msg.fits)
	cmd := a.allItemsCame()
	a.arrange()
	return tea.Batch(cmd, a.askLayout(), a.pump())
}

// allItemsCame begins what waits for all items to be there.
func (a *App) allItemsCame() tea.Cmd {
	if !a.watch.Over() || a.screen() != screenResults {
		return nil
	}
	return tea.Batch(a.applyLayout(), a.itemsChanged(), a.profileItems(), a.findKeyed(), a.fitParts(), a.renewParts())
}
