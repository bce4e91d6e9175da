package collect

import (
	"time"

	"sbwatch/history"
	"sbwatch/model/text"
)

// deliveries is a queue of runs that a webhook has reported and that wait to be polled.
type deliveries struct {
	waiting   []text.Text
	isWaiting map[string]bool // by run id
	isFull    bool            // whether the log says that deliveries are dropped
}

const (
	// maxGuesses is the maximum number of runs that are known only from a webhook and that are polled at the same time.
	maxGuesses = 20
	// maxWaiting is the maximum number of runs in the queue. It is limited, because anyone who knows the secret can
	// send any number of deliveries.
	maxWaiting = 10_000
)

// delivered makes the monitor poll a run as soon as possible, because a webhook has reported the run. A run that is not
// watched yet may have to wait in the queue.
func (r *reporter) delivered(now time.Time, runID text.Text) {
	if !r.config.Endless || runID.IsEmpty() || r.knows(runID) || !r.enqueue(runID) {
		r.monitor.Delivered(now, runID)
		return
	}
	r.addDelivered(now)
}

// knows reports whether a run is watched.
func (r *reporter) knows(runID text.Text) bool {
	for _, t := range r.tasks {
		if t.RunID == runID.Raw() {
			return true
		}
	}
	return false
}

// enqueue adds a run to the queue. It returns false if the queue is full.
func (r *reporter) enqueue(runID text.Text) bool {
	d := &r.deliveries
	switch {
	case d.isWaiting[runID.Raw()]:
		return true
	case len(d.waiting) == maxWaiting:
		if !d.isFull {
			d.isFull = true
			r.config.Log.Error("too many runs from the webhook wait to be polled: further runs are ignored", "waiting", len(d.waiting))
		}
		return false
	case d.isWaiting == nil:
		d.isWaiting = map[string]bool{}
	}
	d.waiting = append(d.waiting, runID)
	d.isWaiting[runID.Raw()] = true
	return true
}

// addDelivered starts to watch runs from the queue, as long as fewer than maxGuesses of the watched runs are known only
// from a webhook.
func (r *reporter) addDelivered(now time.Time) {
	d := &r.deliveries
	if len(d.waiting) == 0 {
		return
	}
	guesses := 0
	for _, t := range r.tasks {
		if t.isGuess {
			guesses++
		}
	}
	for ; guesses < maxGuesses && len(d.waiting) > 0; guesses++ {
		runID := d.waiting[0]
		d.waiting = d.waiting[1:]
		delete(d.isWaiting, runID.Raw())
		if !r.knows(runID) {
			t := newTask(history.TaskKey{Invocation: r.Invocation(), Kind: history.TaskRun, ID: runID.Raw()})
			r.add(now, t)
			r.tasks[t.TaskKey].isGuess = true
		}
		r.monitor.Delivered(now, runID)
	}
	d.isFull = d.isFull && len(d.waiting) == maxWaiting
}

// maxUnconfirmed is the maximum number of runs that logUnconfirmed lists.
const maxUnconfirmed = 100

// logUnconfirmed logs the runs that a webhook has reported, but that no poll has found before the collector stopped.
// They are not stored as tasks.
func (r *reporter) logUnconfirmed() {
	var ids []string
	for _, t := range r.tasks {
		if t.isGuess {
			ids = append(ids, t.ID)
		}
	}
	for _, runID := range r.deliveries.waiting {
		ids = append(ids, runID.Raw())
	}
	if len(ids) > 0 {
		r.config.Log.Warn("sbwatch stopped before it polled these runs from the webhook: to watch them, write their ids to a file for --from", "count", len(ids),
			"runs", ids[:min(len(ids), maxUnconfirmed)])
	}
}
