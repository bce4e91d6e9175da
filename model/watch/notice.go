package watch

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"sbwatch/model/item"
	"sbwatch/model/optional"
	"sbwatch/model/run"
	"sbwatch/model/text"
)

// Severity says how serious a notice is.
type Severity int

// The severities.
const (
	SeverityWarning Severity = iota
	SeverityError
	// SeverityNote is for a guess or another decision that was made without asking. Nothing is wrong.
	SeverityNote
)

// NoticeKind says what a notice is about, such as a stall. A notice keeps its kind when its text changes.
type NoticeKind int

// The kinds of notices.
const (
	NoticeStall NoticeKind = iota
	NoticeLimit
	NoticeCut
	NoticeEmpty
	NoticeDrift
	NoticeQuietEnd
	NoticeMismatch
	NoticeColumns
	NoticeIncomplete
	NoticeReading
)

// Notice is something about a run that the user should know. Its texts are printable.
type Notice struct {
	Kind     NoticeKind
	Severity Severity
	Text     string
	// Next is the next step for the user. It is empty if there is none.
	Next string
}

// String returns the notice in one line.
func (n Notice) String() string {
	if n.Next == "" {
		return n.Text
	}
	return n.Text + ": " + n.Next
}

// Notices returns the notices about the run, most important first. The parameter now is the time by our clock. The
// parameter interval is the time between polls.
func (w *Watch) Notices(now time.Time, interval time.Duration) []Notice {
	var notices []Notice
	add := func(n Notice, ok bool) {
		if ok {
			notices = append(notices, n)
		}
	}
	add(w.incompleteNotice())
	add(w.readingNotice())
	switch {
	case w.phase == PhasePolling && w.answer.Known():
		if w.problem == nil { // without answers, it is not known whether the run has stalled
			add(w.stallNotice(now, interval))
		}
		add(w.limitNotice(now))
	case w.Run().Status() == run.StatusCompleted:
		add(w.cutNotice())
		add(w.emptyNotice())
		add(w.driftNotice())
		add(w.quietEndNotice(interval))
		add(w.mismatchNotice())
	}
	add(w.columnsNotice())
	return notices
}

// stallNotice returns a notice if there has been no progress for much longer than usual for this run.
func (w *Watch) stallNotice(now time.Time, interval time.Duration) (Notice, bool) {
	if w.Run().Status() == run.StatusQueued {
		return w.queueNotice(now)
	}
	quiet, stalled := w.timeline.Stall(interval).Get()
	if !stalled {
		return Notice{}, false
	}
	last, _ := w.timeline.Last()
	pace, paceKnown := w.timeline.PagePace().Get()
	switch {
	case paceKnown:
		return Notice{NoticeStall, SeverityWarning, fmt.Sprintf("nothing new for %s; usually a page every %s", text.Seconds(quiet), text.Wait(pace)), ""}, true
	case last.Pages == 0 && last.Items == 0:
		return Notice{NoticeStall, SeverityWarning, fmt.Sprintf("no page yet after %s", text.Seconds(quiet)), ""}, true
	default:
		return Notice{NoticeStall, SeverityWarning, fmt.Sprintf("nothing new for %s", text.Seconds(quiet)), ""}, true
	}
}

// queueLong is how long a run may be queued before a notice appears.
const queueLong = 2 * time.Minute

// queueNotice returns a notice if the run has been queued for queueLong or longer.
func (w *Watch) queueNotice(now time.Time) (Notice, bool) {
	created := w.Run().CreatedAt
	queued := w.Now(now).Sub(created)
	if created.IsZero() || queued < queueLong {
		return Notice{}, false
	}
	return Notice{NoticeStall, SeverityWarning, fmt.Sprintf("still queued after %s: the service has not started it", text.Clock(queued)), ""}, true
}

// limitNear is how long before the run's time limit a notice always appears.
const limitNear = 3 * time.Minute

// limitNotice returns a notice if the run's time limit is near, or if the run will reach it before its maximum number
// of pages.
func (w *Watch) limitNotice(now time.Time) (Notice, bool) {
	elapsed := w.Elapsed(now)
	left := run.RunLimit - elapsed
	switch {
	case elapsed == 0:
		return Notice{}, false
	case left <= 0:
		return Notice{NoticeLimit, SeverityError, "past the 15-minute limit: a longer run returns no items", ""}, true
	case left <= limitNear:
		return Notice{NoticeLimit, SeverityError, fmt.Sprintf("%s left of the 15-minute limit: a longer run returns no items", text.Clock(left)), ""}, true
	}
	// Most runs end long before their maximum number of pages, so there is no notice in the first half of the time
	// limit.
	forecast, known := w.CapForecast(now).Get()
	if !known || forecast <= left || elapsed < run.RunLimit/2 {
		return Notice{}, false
	}
	return Notice{
		NoticeLimit, SeverityWarning,
		fmt.Sprintf("at this pace the run reaches its 15-minute limit before page %s, its maximum: a longer run returns no items", text.CountOr(w.PageCap())), "",
	}, true
}

// CapForecast returns the time that the run still needs to reach its maximum number of pages at its current speed. Most
// runs end earlier. The result is unknown if the speed or the maximum is unknown.
func (w *Watch) CapForecast(now time.Time) optional.Value[time.Duration] {
	limit, capKnown := w.PageCap().Get()
	pace, paceKnown := w.timeline.PagePace().Get()
	last, _ := w.timeline.Last()
	if !capKnown || !paceKnown || w.phase != PhasePolling || limit < last.Pages {
		return optional.Value[time.Duration]{}
	}
	sinceGrowth := w.Now(now).Sub(w.timeline.grewAt)
	needed := float64(limit-last.Pages)*float64(pace) - float64(min(sinceGrowth, pace))
	return optional.Some(time.Duration(min(max(0, needed), float64(1000*time.Hour))))
}

// cutNotice returns a notice if the plan or the credits stopped the run before the site's last page.
func (w *Watch) cutNotice() (Notice, bool) {
	pages := text.CountOr(w.Run().Pages)
	switch w.usage.Or(run.Usage{}).CutShort(w.runID, w.Run()) {
	case run.CutByCredits:
		return Notice{
			NoticeCut, SeverityError, fmt.Sprintf("cut short by the credits after %s pages: the site may have more", pages),
			"top up, then run it again",
		}, true
	case run.CutByPlan:
		return Notice{
			NoticeCut, SeverityError, fmt.Sprintf("cut short by the plan's limit of %s pages a run: the site may have more", pages),
			"use a larger plan or split the recipe",
		}, true
	case run.CutNone:
	}
	return Notice{}, false
}

// emptyNotice returns a notice if a completed run has no items.
func (w *Watch) emptyNotice() (Notice, bool) {
	run := w.Run()
	if run.Items.Or(int64(w.TotalItems())) != 0 || w.TotalItems() != 0 {
		return Notice{}, false
	}
	return Notice{
		NoticeEmpty, SeverityError, "completed without items: the page answered, but nothing on it matched the recipe",
		"check the page; if it has changed, re-author the recipe",
	}, true
}

// driftNotice returns a notice if the page has changed a lot since the recipe was authored. Only the number of items
// shows whether that matters.
func (w *Watch) driftNotice() (Notice, bool) {
	drift := w.Run().Drift()
	if run.DriftLevelOf(drift) != run.DriftLarge {
		return Notice{}, false
	}
	return Notice{
		NoticeDrift, SeverityWarning,
		fmt.Sprintf("drift %s, a large change since the recipe was authored; the run has %s",
			text.DriftText(drift.Or(0)), text.Counted(w.Run().Items.Or(int64(w.TotalItems())), "item")),
		"if items are fewer than usual or columns are empty, re-author the recipe",
	}, true
}

// quietEndNotice returns a notice if there was no progress for a long time before the run completed.
func (w *Watch) quietEndNotice(interval time.Duration) (Notice, bool) {
	completed := w.Run().CompletedAt
	pace, known := w.timeline.PagePace().Get()
	if !known || completed.IsZero() {
		return Notice{}, false
	}
	quiet := completed.Sub(w.timeline.grewAt)
	if quiet < max(stallPages*pace, stallPolls*interval) {
		return Notice{}, false
	}
	return Notice{
		NoticeQuietEnd, SeverityWarning, fmt.Sprintf("stalled: nothing new in the last %s of the run; usually a page every %s", text.Seconds(quiet), text.Wait(pace)),
		"the warnings may say why",
	}, true
}

// mismatchNotice returns a notice if the answer has a different number of items than the service counted.
func (w *Watch) mismatchNotice() (Notice, bool) {
	counted, known := w.Run().Items.Get()
	held := int64(w.TotalItems())
	if !known || counted == held || w.Incomplete() != nil {
		return Notice{}, false
	}
	return Notice{
		NoticeMismatch, SeverityWarning, fmt.Sprintf("the service counted %s, but its answer has %s", text.Counted(counted, "item"), text.Count(held)), "",
	}, true
}

// incompleteNotice returns a notice if a limit of this program was reached.
func (w *Watch) incompleteNotice() (Notice, bool) {
	problem := w.Incomplete()
	if problem == nil || w.problem != nil { // the problem already says that the answer is incomplete
		return Notice{}, false
	}
	return Notice{NoticeIncomplete, SeverityError, problem.Reason(), problem.NextStep.String()}, true
}

// readingNotice returns a notice if anything was skipped, repaired or guessed when the file was read.
func (w *Watch) readingNotice() (Notice, bool) {
	notes := w.answer.Or(run.Answer{}).Notes
	if len(notes) == 0 {
		return Notice{}, false
	}
	notice := Notice{Kind: NoticeReading, Severity: SeverityNote}
	var sentences, flags []string
	for _, note := range notes.Sorted() {
		sentences = append(sentences, note.String())
		if flag := note.Flag(); flag != "" && !slices.Contains(flags, flag) {
			flags = append(flags, flag)
		}
		if note.IsLoss() {
			notice.Severity = SeverityWarning
		}
	}
	notice.Text = strings.Join(sentences, "; ")
	if len(flags) > 0 {
		notice.Next = "to change this, use " + strings.Join(flags, ", ")
	}
	return notice, true
}

// columnsNotice returns a notice if the items have more keys than the maximum number of columns.
func (w *Watch) columnsNotice() (Notice, bool) {
	if !w.isCapped() {
		return Notice{}, false
	}
	return Notice{
		NoticeColumns, SeverityWarning,
		fmt.Sprintf("the items have more than %[1]s different keys: the table shows the first %[1]s; the details of an item show all keys", text.Count(item.MaxColumns)), "",
	}, true
}
