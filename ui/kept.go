package ui

import (
	"context"
	"errors"
	"slices"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/item"
	"sbwatch/model/run"
	"sbwatch/monitor"
	"sbwatch/ui/screen"
	"sbwatch/ui/screen/history"
	runscreen "sbwatch/ui/screen/run"
	"sbwatch/ui/widget/table"
)

// Limits on the memory for ended runs that are not open. If a limit is exceeded, the runs that have not been visited
// for the longest time lose their items and screens. When the user opens such a run again, its items are read again.
const (
	maxKeptItems = 64 << 20 // approximate size of the items in bytes
	maxKeptRuns  = 100
)

// keep records that an ended run was visited or has changed. If the ended runs exceed the memory limits, it drops the
// items and screens of the runs that were not visited recently.
func (v *several) keep(key monitor.RunKey) tea.Cmd {
	if one := v.runs[key]; key > 0 && one != nil && one.screen != nil && one.Watch().Over() {
		v.kept = append(slices.DeleteFunc(v.kept, func(k monitor.RunKey) bool { return k == key }), key)
	}
	if v.config.Rules != nil {
		return nil // the rules need the items again after the dashboard has quit
	}
	var cmds []tea.Cmd
	memory, n := int64(0), 0
	for _, key := range slices.Backward(slices.Clone(v.kept)) {
		one := v.runs[key]
		if one == nil || one.screen == nil {
			v.kept = slices.DeleteFunc(v.kept, func(k monitor.RunKey) bool { return k == key })
			continue
		}
		memory += one.Watch().Items().Memory()
		n++
		if (memory > maxKeptItems || n > maxKeptRuns) && v.canDrop(key) {
			cmds = append(cmds, v.drop(key))
		}
	}
	return tea.Batch(cmds...)
}

// canDrop reports whether the screen of a run is not open, and all work on its items is finished.
func (v *several) canDrop(key monitor.RunKey) bool {
	one := v.runs[key]
	return key != v.opened && v.monitor.Done(key) && !one.IsLoading() && !one.screen.IsWorking()
}

// drop drops the items and the screen of a run, but not the facts that the overview shows. It also keeps the state of the
// screen.
func (v *several) drop(key monitor.RunKey) tea.Cmd {
	one := v.runs[key]
	if one.facts == nil {
		one.facts = new(v.Facts(key))
	}
	save := one.screen.Flush()
	one.screen.StopWork()
	one.state = runscreen.StateOf(one.screen)
	one.screen = nil
	v.monitor.DropItems(key)
	v.kept = slices.DeleteFunc(v.kept, func(k monitor.RunKey) bool { return k == key })
	return save
}

// readAgainMsg has the items of a run that were dropped and read again.
type readAgainMsg struct {
	items   item.Table
	fits    table.Fits
	problem *run.Problem
}

// readAgain returns a command that reads the items of an ended run again. The command reads them from the service or,
// if that fails, from the history. readAgain returns nil if the items were not dropped.
func (r *polledRun) readAgain(past History) tea.Cmd {
	if !r.Watch().HasDroppedItems() || r.isReading {
		return nil
	}
	r.isReading = true
	r.polls++
	r.monitor.Sent(r.env.Now)
	ctx, service, p, w := r.env.Life, r.service, r.env.Painter, r.Watch()
	runID, recipeID := w.RunID().Raw(), w.RecipeID().Raw()
	arriving := make(chan item.Table, 1)
	read := r.answered(func() tea.Msg {
		defer close(arriving)
		answer, err := service.Poll(ctx, runID, latest(arriving))
		if err != nil && past != nil {
			if recorded, pastErr := readRecorded(ctx, past, recipeID, runID); pastErr == nil {
				answer, err = recorded, nil
			}
		}
		return screen.UnlessOver(ctx, readAgainMsg{answer.Items, table.FitColumns(p, answer.Items, table.FitItems), run.ProblemOf(err)})
	}, func(problem *run.Problem) tea.Msg { return readAgainMsg{problem: problem} })
	return tea.Batch(read, receive(r.env, r.polls, arriving))
}

// errNotRecorded is the error for a run whose items are not in the history.
var errNotRecorded = errors.New("the items of the run are not recorded")

func readRecorded(ctx context.Context, past History, recipeID, runID string) (run.Answer, error) {
	const recent = 100
	runs, err := past.Runs(ctx, history.RecipeKey{ID: recipeID}, recent)
	if err != nil {
		return run.Answer{}, err
	}
	for _, r := range runs {
		if r.ID.Raw() == runID && r.HasItems {
			return past.Open(ctx, r, nil)
		}
	}
	return run.Answer{}, errNotRecorded
}

// haveReadAgain stores the items that were read again, so that the screen shows them.
func (r *polledRun) haveReadAgain(msg readAgainMsg) tea.Msg {
	r.isReading = false
	r.polls++ // drop items that arrive late
	if msg.problem != nil {
		r.env.Say("the items could not be read again: " + msg.problem.Short())
		return runscreen.ChangedMsg{}
	}
	r.monitor.RestoreItems(r.env.Run, msg.items)
	return runscreen.ItemsCameMsg{Fits: msg.fits}
}
