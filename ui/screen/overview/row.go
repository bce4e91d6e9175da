package overview

import (
	"time"

	"sbwatch/model/optional"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
	"sbwatch/monitor"
)

// attention says how much a run needs the user's attention. The smallest value needs the most attention. The default
// order is by attention.
type attention int

const (
	attentionFailed      attention = iota // the run failed or was cancelled, or its watch ended early
	attentionStalled                      // the run makes no progress, or its time limit is near
	attentionUnreachable                  // polls of the run fail
	attentionLimited                      // the rate limit keeps the run from being polled
	attentionWorse                        // the run completed, but its result needs a check
	attentionRunning
	attentionQueued
	attentionDispatching // the recipe is not dispatched yet
	attentionUnpolled    // the run was not polled yet
	attentionDone
	attentions
)

// String returns the attention as a word. The filter column "state" has these words as values.
func (a attention) String() string {
	return [attentions]string{
		"failed", "stalled", "unreachable", "rate-limited", "worse", "running", "queued", "dispatching", "unpolled", "done",
	}[a]
}

// isCutOff reports whether the run cannot be polled, so that its numbers are out of date.
func (a attention) isCutOff() bool { return a == attentionUnreachable || a == attentionLimited }

// isActive reports whether the run has not ended, as far as is known.
func (a attention) isActive() bool {
	switch a {
	case attentionStalled, attentionUnreachable, attentionLimited, attentionRunning, attentionQueued, attentionDispatching, attentionUnpolled:
		return true
	case attentionFailed, attentionWorse, attentionDone, attentions:
	}
	return false
}

// Facts holds facts about a run that are not in the service's answers.
type Facts struct {
	// Findings is the number of warnings and errors found in the items. It is unknown until the items are profiled.
	Findings optional.Value[int64]
	// Worse is a short reason why the result is worse than expected. It is printable, and "" if the result is fine.
	Worse string
	// IsCompared reports whether the run was compared with earlier runs of the recipe.
	IsCompared bool
	// Done is how much of the run is done, from 0 to 1. Left is the approximate time until the run ends. Both are
	// estimates from earlier runs of the recipe.
	Done optional.Value[float64]
	Left optional.Value[time.Duration]
}

// row is a run with the values that the overview derives from it.
type row struct {
	key       monitor.RunKey
	watch     *watch.Watch
	facts     Facts
	attention attention
	note      string  // what the user should know about the run, printable
	isSettled bool    // the run will not change any more
	isOld     bool    // the numbers of the active run are old
	keys      []value // the values of the sort keys; only valid while sorting
}

// silenceLimit is the minimum time without an answer from the service after which the numbers of a run are old.
const silenceLimit = 15 * time.Second

// refresh derives all values of the row again. interval is the time between polls. due is the time of the next request
// of the run.
func (r *row) refresh(now time.Time, interval time.Duration, polling Polling, due optional.Value[time.Time], facts Facts) {
	r.facts = facts
	r.isSettled = r.watch.NextRequest() == watch.RequestNone
	age, isAging := r.age(now).Get()
	r.isOld = isAging && age > max(silenceLimit, 2*interval)
	notices := r.watch.Notices(now, interval)
	r.note = ""
	if len(notices) > 0 {
		r.note = notices[0].String()
	}
	r.attention = r.neededAttention(notices, now, polling)
	problem := r.watch.Problem()
	switch {
	case r.attention == attentionFailed && !r.watch.Run().Error.IsEmpty():
		r.note = r.watch.Run().Error.String()
	case r.watch.Phase() == watch.PhaseLost:
		r.note = "the answer to the dispatch was lost: the run may have started"
	case problem != nil && r.attention.isActive():
		r.note = problem.Short() + nextTry(now, due)
	case problem != nil:
		r.note = problem.Short()
	case r.attention == attentionUnreachable:
		r.note = polling.Outage.Or(Outage{}).Reason
	case r.attention == attentionLimited:
		r.note = "waits for the rate limit" + nextTry(now, due)
	case facts.Worse != "":
		r.note = facts.Worse
	}
}

// nextTry returns words with the time until the next request of a run, to append to a note. It returns "" if the time
// is unknown or over.
func nextTry(now time.Time, due optional.Value[time.Time]) string {
	if at, known := due.Get(); known && at.After(now) {
		return ", next try in " + text.Wait(at.Sub(now))
	}
	return ""
}

// age returns the time since the last answer about an active run. It is unknown if there was no answer.
func (r *row) age(now time.Time) optional.Value[time.Duration] {
	if _, isAnswered := r.watch.Answer(); !isAnswered || r.watch.Over() {
		return optional.Value[time.Duration]{}
	}
	return optional.Some(max(0, now.Sub(r.watch.AnsweredAt())))
}

// neededAttention returns how much attention the run needs.
func (r *row) neededAttention(notices []watch.Notice, now time.Time, polling Polling) attention {
	w := r.watch
	status := w.Run().Status()
	_, isAnswered := w.Answer()
	switch {
	case w.Phase() == watch.PhaseGaveUp || w.Phase() == watch.PhaseLost || w.Phase() == watch.PhaseEnded && status.Unsuccessful():
		return attentionFailed
	case w.Phase() == watch.PhaseEnded && (r.facts.Worse != "" || isAlarming(notices, r.facts.IsCompared)):
		return attentionWorse
	case w.Phase() == watch.PhaseEnded:
		return attentionDone
	}
	if cause, isCutOff := r.cutOff(now, polling); isCutOff {
		return cause
	}
	switch {
	case isHeldUp(notices):
		return attentionStalled
	case w.Phase() == watch.PhaseDispatching:
		return attentionDispatching
	case !isAnswered:
		return attentionUnpolled
	case status == run.StatusQueued:
		return attentionQueued
	default:
		return attentionRunning
	}
}

// cutOff returns the reason why an active run cannot be polled. It returns false if the run can be polled, or if its
// numbers are not old yet. While the account is rate-limited or the service cannot be reached, only some runs are
// polled, so the runs that wait for them are cut off, too.
func (r *row) cutOff(now time.Time, polling Polling) (attention, bool) {
	age, isAging := r.age(now).Get()
	problem := r.watch.Problem()
	switch {
	case problem != nil && isAging && age <= silenceLimit:
		return 0, false
	case problem != nil && problem.Kind == run.ProblemRateLimited:
		return attentionLimited, true
	case problem != nil:
		return attentionUnreachable, true
	case !isAging || age <= max(silenceLimit, 2*polling.Turn):
		return 0, false
	case polling.Outage.Known():
		return attentionUnreachable, true
	default:
		return attentionLimited, polling.PausedUntil.Known()
	}
}

// isAlarming reports whether the user should check the result of a completed run. High drift alone is a reason only if
// the run was not compared with earlier runs.
func isAlarming(notices []watch.Notice, isCompared bool) bool {
	for _, notice := range notices {
		if notice.Severity == watch.SeverityError || notice.Kind == watch.NoticeDrift && !isCompared {
			return true
		}
	}
	return false
}

// isHeldUp reports whether an active run makes no progress, or has almost or completely used up its time limit.
func isHeldUp(notices []watch.Notice) bool {
	for _, notice := range notices {
		if notice.Kind == watch.NoticeStall || notice.Kind == watch.NoticeLimit && notice.Severity == watch.SeverityError {
			return true
		}
	}
	return false
}

// status returns the status of the run in words. The text is printable.
func (r *row) status() string {
	_, isAnswered := r.watch.Answer()
	switch {
	case r.watch.Phase() == watch.PhaseDispatching:
		return "dispatching"
	case r.watch.Phase() == watch.PhaseLost:
		return "no answer"
	case r.watch.Phase() == watch.PhaseGaveUp && r.watch.RunID().IsEmpty():
		return "not started"
	case r.watch.Phase() == watch.PhaseGaveUp:
		return "watch ended"
	case !isAnswered:
		return "unpolled"
	default:
		return r.watch.Run().StatusText()
	}
}

// name returns the recipe id of the run or, if it is unknown, the run id. The text is printable.
func (r *row) name() string {
	if recipe := r.watch.RecipeID(); !recipe.IsEmpty() {
		return recipe.String()
	}
	return r.watch.RunID().String()
}

// value is the value of a run in one column, for sorting and filters.
type value struct {
	isKnown bool
	isText  bool
	number  float64
	text    string
}

func count(n optional.Value[int64]) value {
	v, known := n.Get()
	return value{isKnown: known, number: float64(v)}
}

func words(s string) value { return value{isKnown: s != "", isText: true, text: s} }

func duration(d optional.Value[time.Duration]) value {
	v, known := d.Get()
	return value{isKnown: known, number: v.Round(100 * time.Millisecond).Seconds()}
}

// value returns the value of the run in column f. now is the current time.
func (r *row) value(f field, now time.Time) value {
	w := r.watch
	switch f {
	case fieldRecipe:
		return words(w.RecipeID().String())
	case fieldRun:
		return words(w.RunID().String())
	case fieldStatus:
		return words(r.status())
	case fieldProgress:
		share, known := r.progress().Get()
		return value{isKnown: known, number: share}
	case fieldPages:
		return count(w.Run().Pages)
	case fieldItems:
		return count(w.Run().Items)
	case fieldRate, fieldTrend:
		rate, known := r.rate().Get()
		return value{isKnown: known, number: rate}
	case fieldDrift:
		drift, known := w.Run().Drift().Get()
		return value{isKnown: known, number: drift}
	case fieldWarnings:
		return count(r.warnings())
	case fieldFindings:
		return count(r.facts.Findings)
	case fieldCredits:
		return count(w.Run().Credits)
	case fieldElapsed:
		return duration(r.elapsed(now))
	case fieldLeft:
		return duration(r.timeLeft(now))
	case fieldAge:
		return duration(r.age(now))
	case fieldNote:
		return words(r.note)
	case fieldState, fields:
	}
	return words(r.attention.String())
}

// progress returns how much of the run is done, from 0 to 1. The estimate is based on earlier runs or, if there are
// none, on the maximum number of pages.
func (r *row) progress() optional.Value[float64] {
	pages, pagesKnown := r.watch.Run().Pages.Get()
	limit, limitKnown := r.watch.PageCap().Get()
	if usage, known := r.watch.Usage(); known && !limitKnown {
		limit, limitKnown = usage.PagesPerRun.Get() // the limit of the plan, because the service reports the limit of a run only for the newest run
	}
	switch {
	case r.watch.Run().Status() == run.StatusCompleted:
		return optional.Some(1.0)
	case r.facts.Done.Known() && !r.watch.Over():
		return r.facts.Done
	case !pagesKnown || !limitKnown || limit <= 0 || r.watch.Over():
		return optional.Value[float64]{}
	}
	return optional.Some(min(1, float64(pages)/float64(limit)))
}

// rate returns the items per minute of an active run. It is unknown while the run cannot be polled.
func (r *row) rate() optional.Value[float64] {
	rate, known := r.watch.Timeline().Rate().Get()
	if !known || r.watch.Over() || r.attention.isCutOff() {
		return optional.Value[float64]{}
	}
	return optional.Some(rate.ItemsPerMinute)
}

func (r *row) warnings() optional.Value[int64] {
	warnings, known := r.watch.Run().Warnings().Get()
	if !known {
		return optional.Value[int64]{}
	}
	return optional.Some(int64(len(warnings)))
}

func (r *row) elapsed(now time.Time) optional.Value[time.Duration] {
	if elapsed := r.watch.Elapsed(now); elapsed > 0 {
		return optional.Some(elapsed)
	}
	return optional.Value[time.Duration]{}
}

// timeLeft returns the time that a running run will probably still take, estimated from earlier runs. If there is no
// estimate, it returns the time until the run reaches the page limit or the time limit, whichever comes first.
func (r *row) timeLeft(now time.Time) optional.Value[time.Duration] {
	if r.watch.Over() || r.watch.Run().Status() != run.StatusRunning {
		return optional.Value[time.Duration]{}
	}
	if r.facts.Left.Known() {
		return r.facts.Left
	}
	left := max(0, run.RunLimit-r.watch.Elapsed(now))
	return optional.Some(min(left, r.watch.CapForecast(now).Or(left)))
}

// countText formats a number. It returns "" if the number is unknown.
func countText(n optional.Value[int64]) string {
	if v, known := n.Get(); known {
		return text.Count(v)
	}
	return ""
}
