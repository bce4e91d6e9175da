// Package alert builds the notifications that a terminal shows when runs have ended: a bell and, if the terminal
// supports it, a desktop notification. It only builds texts and bytes. Its callers write them.
package alert

import (
	"errors"
	"strings"

	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
)

// Mode says when to notify the user.
type Mode int

// The modes.
const (
	// Auto notifies the user only while the window of the dashboard does not have the focus.
	Auto Mode = iota
	// Always means that the user is notified in any case, even in plain mode.
	Always
	// Never means that the user is not notified.
	Never
)

// Modes returns the words for the modes.
func Modes() []string { return []string{"auto", "always", "never"} }

// ParseMode returns the mode for one of the words "auto", "always" and "never".
func ParseMode(word string) (Mode, error) {
	for i, known := range Modes() {
		if word == known {
			return Mode(i), nil
		}
	}
	return 0, errors.New("must be auto, always or never")
}

// String returns "auto", "always" or "never".
func (m Mode) String() string { return Modes()[m] }

// Batch collects runs that end at about the same time, for one common notification. The zero Batch is empty.
type Batch struct {
	count  int
	last   string // description of the last run
	broken int    // number of runs that break a rule
	counts [outcomes]int
}

// outcome is how a run ended, such as completed or failed. A batch counts its runs by outcome.
type outcome int

const (
	completed outcome = iota
	failed
	cancelled
	unknown
	outcomes
)

// Add adds a run whose watch has ended. broken is the number of rules that the run breaks.
func (b *Batch) Add(w *watch.Watch, broken int) {
	b.count++
	b.counts[outcomeOf(w)]++
	b.last = describe(w)
	if broken > 0 {
		b.broken++
		b.last += ", " + text.Counted(int64(broken), "rule") + " broken"
	}
}

// IsEmpty reports whether the batch contains no runs.
func (b *Batch) IsEmpty() bool { return b.count == 0 }

// Message returns one printable line, such as "run k7Xb9dRmQ2p completed: 48 items, drift 0.12" or "3 runs ended: 2
// completed, 1 failed".
func (b *Batch) Message() string {
	if b.count == 1 {
		return b.last
	}
	var parts []string
	for i, word := range [outcomes]string{"completed", "failed", "cancelled", "with unknown result"} {
		if n := b.counts[i]; n > 0 {
			parts = append(parts, text.Count(int64(n))+" "+word)
		}
	}
	if b.broken > 0 {
		parts = append(parts, text.Count(int64(b.broken))+" with broken rules")
	}
	return text.Counted(int64(b.count), "run") + " ended: " + strings.Join(parts, ", ")
}

func outcomeOf(w *watch.Watch) outcome {
	if w.Phase() != watch.PhaseEnded {
		return unknown
	}
	switch w.Run().Status() {
	case run.StatusCompleted:
		return completed
	case run.StatusFailed:
		return failed
	case run.StatusCancelled:
		return cancelled
	case run.StatusUnknown, run.StatusQueued, run.StatusRunning:
	}
	return unknown
}

// describe returns how the watch of a run ended, in one printable line.
func describe(w *watch.Watch) string {
	r := w.Run()
	name, detail := "run "+text.Line(w.RunID(), maxID), ""
	if w.RunID().IsEmpty() {
		name = "recipe " + text.Line(w.RecipeID(), maxID)
	}
	switch outcomeOf(w) {
	case completed:
		if items, known := r.Items.Get(); known {
			detail = text.Counted(items, "item")
		} else {
			detail = text.Counted(int64(w.Items().Total()), "item")
		}
		if drift, known := r.Drift().Get(); known {
			detail += ", drift " + text.DriftText(drift)
		}
		if warnings, _ := r.Warnings().Get(); len(warnings) > 0 {
			detail += ", " + text.Counted(int64(len(warnings)), "warning")
		}
	case failed, cancelled:
		detail = text.Line(r.Error, maxDetail)
	default:
		if problem := w.Problem(); problem != nil {
			detail = text.Line(text.NewText(problem.Short()), maxDetail)
		}
		return joined(name+": the watch has ended", detail)
	}
	return joined(name+" "+r.Status().String(), detail)
}

func joined(name, detail string) string {
	if detail == "" {
		return name
	}
	return name + ": " + detail
}

// Maximum lengths of texts from the service, in bytes. They are short, because desktops show little more than one line.
const (
	maxID     = 40
	maxDetail = 120
)
