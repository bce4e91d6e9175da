package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"time"

	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
	"sbwatch/monitor"
)

// outage holds what was already reported about problems that affect all runs.
type outage struct {
	isOn       bool   // whether it was reported that the service cannot be reached
	reason     string // reason why it cannot be reached
	since      time.Time
	failures   int
	keyRefused bool // whether a refused API key was reported
}

// reportOutage reports that the service cannot be reached, and later that it can be reached again. It reports this once
// for all runs. It returns true if the event needs no further report. It returns false for other events, and if there
// is only one run.
func (r *Reporter) reportOutage(now time.Time, event monitor.Event) bool {
	problem := event.Problem
	if event.Kind == monitor.Recovered {
		problem = event.Failures.Last
	}
	if !r.isMany() || problem == nil || problem.Kind != run.ProblemNoConnection {
		return false
	}
	switch {
	case event.Kind == monitor.ProblemFound && !r.outage.isOn:
		r.outage = outage{isOn: true, reason: problem.Short(), since: now, failures: 1, keyRefused: r.outage.keyRefused}
		r.message(now, event.Key, "%s; %s", r.retryText(now, event.Key, problem), waitingText(r.unfinished()))
	case event.Kind == monitor.ProblemFound:
		r.outage.failures++
	case r.outage.isOn:
		r.outage.isOn = false
		r.message(now, event.Key, "%s", recoveredText(r.outage.failures, now.Sub(r.outage.since)))
	}
	r.reported[event.Key].problem = problemKind{}
	return true
}

func waitingText(runs int) string {
	if runs == 1 {
		return "1 run waits"
	}
	return text.Count(int64(runs)) + " runs wait"
}

// unfinished returns the number of runs that still need requests.
func (r *Reporter) unfinished() int {
	n := 0
	for _, key := range r.Monitor.Keys() {
		if !r.Monitor.Done(key) {
			n++
		}
	}
	return n
}

// reportClock reports that nothing was polled for a while, or that the clock was set back.
func (r *Reporter) reportClock(now time.Time, event monitor.Event) {
	line := "nothing was polled for " + text.Wait(event.For) + ": the computer slept or sbwatch was stopped"
	if event.Kind == monitor.ClockSetBack {
		line = "the clock was set back by " + text.Wait(event.For)
	}
	r.Say(line)
	r.lastOutput = now
	for _, reported := range r.reported {
		reported.lastOutput = now
	}
}

// reportHeartbeatOfAll writes the states of all runs. The lines show that the watch continues although nothing has
// changed for a while.
func (r *Reporter) reportHeartbeatOfAll(now time.Time) {
	r.lastOutput = now
	if r.outage.isOn {
		r.Say("still " + r.outage.reason + " after " + text.Wait(now.Sub(r.outage.since)) + "; " + waitingText(r.unfinished()))
		return
	}
	counts := map[string]int{}
	var words []string // in the order of the runs
	count := func(word string) {
		if counts[word] == 0 {
			words = append(words, word)
		}
		counts[word]++
	}
	var failing *run.Problem
	ended := 0
	for _, key := range r.Monitor.Keys() {
		w := r.Monitor.Watch(key)
		_, answered := w.Answer()
		switch {
		case w.Over():
			ended++
		case r.isUndispatched(key):
			count("not dispatched yet")
		case r.Monitor.Failures(key).Count > 0:
			count("failing")
			failing = r.Monitor.Failures(key).Last
		case !answered:
			count("without an answer")
		default:
			count(w.Run().StatusText())
		}
	}
	parts := []string{text.Count(int64(ended)) + " of " + text.Counted(int64(len(r.reported)), "run") + " ended"}
	for _, word := range words {
		parts = append(parts, text.Count(int64(counts[word]))+" "+word)
	}
	line := strings.Join(parts, ", ")
	if failing != nil {
		line += " (" + failing.Short() + ")"
	}
	r.Say(line)
}

// judge checks the items of a completed run with r.Judge and keeps the outcome.
func (r *Reporter) judge(now time.Time, key monitor.RunKey) error {
	w := r.Monitor.Watch(key)
	if r.Judge == nil || OutcomeOf(w, nil) != Completed {
		return nil
	}
	outcome, err := r.Judge(w)
	r.reported[key].outcome = outcome
	r.Monitor.DropItems(key)
	r.recordOutput(now, key)
	return err
}

// isUndispatched reports whether it is certain that a recipe has not been dispatched yet.
func (r *Reporter) isUndispatched(key monitor.RunKey) bool {
	w := r.Monitor.Watch(key)
	return w.Phase() == watch.PhaseDispatching && !w.DispatchUnanswered()
}

// isKeyRefused reports whether a watch ended because the service refused the API key.
func (r *Reporter) isKeyRefused(key monitor.RunKey) bool {
	w := r.Monitor.Watch(key)
	return w.Phase() == watch.PhaseGaveUp && w.Problem() != nil && w.Problem().Kind == run.ProblemKey
}

func (r *Reporter) recipesToDispatch() []text.Text {
	var recipes []text.Text
	for _, key := range r.Monitor.Keys() {
		if r.isUndispatched(key) {
			recipes = append(recipes, r.Monitor.Watch(key).RecipeID())
		}
	}
	return recipes
}

// finishAll writes messages at the end of the watch of several runs: about the recipes that were not dispatched, and
// about the runs that may continue although the service has refused the key.
func (r *Reporter) finishAll(cause error) {
	if !r.isMany() || errors.Is(cause, ErrClosedPipe) {
		return
	}
	var runs, refused []text.Text
	for _, key := range r.Monitor.Keys() {
		w := r.Monitor.Watch(key)
		switch {
		case !r.isKeyRefused(key):
		case w.RunID().IsEmpty():
			refused = append(refused, w.RecipeID())
		case !w.Run().Status().Terminal():
			runs = append(runs, w.RunID())
		}
	}
	if len(runs) > 0 {
		r.Say(idList(runs, "run", "runs") + " may still be running: " + r.Commands.watchAll(runs))
	}
	if len(refused) > 0 {
		r.Say(idList(refused, "recipe", "recipes") + wasNotDispatched(refused) + ": " + r.Commands.runAll(refused))
	}
	if left := r.recipesToDispatch(); len(left) > 0 {
		reason := "left before "
		if errors.Is(cause, ErrTimeout) {
			reason = "the timeout passed before "
		}
		r.Say(reason + idList(left, "recipe", "recipes") + wasDispatched(left) + ": " + r.Commands.runAll(left))
	}
}

func wasDispatched(recipes []text.Text) string {
	if len(recipes) == 1 {
		return " was dispatched"
	}
	return " were dispatched"
}

func wasNotDispatched(recipes []text.Text) string {
	return strings.Replace(wasDispatched(recipes), "dispatched", "not dispatched", 1)
}

// idList returns ids with a noun, such as "runs a, b". singular and plural are the two forms of the noun.
func idList(ids []text.Text, singular, plural string) string {
	words := make([]string, len(ids))
	for i, id := range ids {
		words[i] = id.String()
	}
	if len(ids) == 1 {
		return singular + " " + words[0]
	}
	return plural + " " + strings.Join(words, ", ")
}

// runWriter is a writer that adds a run id to each line.
type runWriter struct {
	out    io.Writer
	id     text.Text
	asJSON bool
}

// NewRunWriter returns a writer that adds a run id to each line: at the start of the line or, if asJSON is true, as the
// field run_id of the JSON object in the line. Each write must consist of whole lines.
func NewRunWriter(out io.Writer, id text.Text, asJSON bool) io.Writer {
	return runWriter{out, id, asJSON}
}

// Write writes lines with the run id.
func (w runWriter) Write(p []byte) (int, error) {
	start := padRight(w.id.String(), idWidth) + "  "
	if w.asJSON {
		id, err := json.Marshal(w.id)
		if err != nil {
			return 0, err
		}
		start = `{"run_id":` + string(id) + ","
	}
	var b bytes.Buffer
	for line := range bytes.Lines(p) {
		b.WriteString(start)
		if w.asJSON {
			line = bytes.TrimPrefix(line, []byte("{"))
		}
		b.Write(line)
	}
	if _, err := w.out.Write(b.Bytes()); err != nil {
		return 0, err
	}
	return len(p), nil
}
