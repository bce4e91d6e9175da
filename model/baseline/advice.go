package baseline

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"sbwatch/model/text"
)

// AdviceKind says what to do about a recipe.
type AdviceKind int

// The kinds of advice.
const (
	// AdviceNone means that nothing needs to be done, or that there are too few runs to tell.
	AdviceNone AdviceKind = iota
	// AdviceWatch means that the page has changed but no data are missing yet.
	AdviceWatch
	// AdviceSite means that data are missing, but the page has not changed.
	AdviceSite
	// AdviceReAuthor means that the page has changed and that data have been missing since then.
	AdviceReAuthor
)

// String returns the advice in words.
func (k AdviceKind) String() string {
	return [...]string{"no advice", "watch it", "look at the site's data, not the recipe", "re-author the recipe"}[k]
}

// Advice says whether a recipe should be re-authored.
type Advice struct {
	Kind AdviceKind
	// Columns are the columns whose data are missing.
	Columns []text.Text
	// Text is one printable sentence: what to do, the reason for it, and how certain it is. It is empty for AdviceNone.
	Text string
	// Since is the time of the first run in the current series of runs that differ from usual.
	Since time.Time
}

// weekKnown is the minimum length of a history, from the first to the newest run, for advice that is based on a low
// number of items or pages. In a shorter history, a low number may be normal for the day of the week.
const weekKnown = 8 * 24 * time.Hour

// advise returns the advice after the newest run. The parameter newest is the judgment of that run.
func (j *judge) advise(newest *Judgment) Advice {
	if !newest.ClaimsUsual() {
		return Advice{}
	}
	drift, drifted := changeOf(newest.Changes, Drift)
	drifted = drifted && drift.Worse && drift.Severity >= Warning
	missing := newest.missingData()
	advice := Advice{Since: newest.Run.At()}
	if len(j.suspects) > 0 {
		advice.Since = j.suspects[0].At()
	}
	switch {
	case drifted && j.isSure(drift, missing):
		advice.Kind = AdviceReAuthor
	case drifted && len(missing) == 0 && (drift.Severity == Error || j.differedBefore(drift)):
		advice.Kind = AdviceWatch
	case !drifted:
		missing = j.lastingLosses(newest, missing)
		if len(missing) == 0 {
			return Advice{}
		}
		advice.Kind = AdviceSite
	default:
		return Advice{}
	}
	for _, c := range missing {
		if c.Subject.OfColumn() {
			advice.Columns = append(advice.Columns, c.Column)
		}
	}
	advice.Text = j.sentence(newest, advice, drift, missing)
	return advice
}

// isSure reports whether the advice should be to re-author the recipe. This requires a higher drift and missing data.
// In addition, the drift and some missing data must both have the severity Error, or the previous run must have had the
// same changes. A single run without any items is not enough, because an empty page has a high drift even if the recipe
// is correct.
func (j *judge) isSure(drift Change, missing []Change) bool {
	if len(missing) == 0 {
		return false
	}
	empty := slices.ContainsFunc(missing, func(c Change) bool { return c.Subject == Items && c.Now == 0 })
	plain := drift.Severity == Error && slices.ContainsFunc(missing, func(c Change) bool { return c.Severity == Error })
	return plain && !empty || j.differedBefore(drift) && slices.ContainsFunc(missing, j.differedBefore)
}

// differedBefore reports whether the previous run had the same change.
func (j *judge) differedBefore(c Change) bool {
	if j.last == nil {
		return false
	}
	return slices.ContainsFunc(j.last.Changes, func(before Change) bool {
		return before.Subject == c.Subject && before.Column.Raw() == c.Column.Raw() && before.Worse == c.Worse && before.Severity >= Warning
	})
}

// lastingLosses returns the changes in missing that are likely to last: those of kind Faded, and those that the
// previous run had, too. If the history is shorter than weekKnown, it leaves out changes of the whole run, such as
// fewer items.
func (j *judge) lastingLosses(newest *Judgment, missing []Change) []Change {
	weekSeen := newest.Run.At().Sub(j.began) >= weekKnown
	var lasting []Change
	for _, c := range missing {
		switch {
		case !c.Subject.OfColumn() && !weekSeen:
		case c.Kind == Faded, j.differedBefore(c):
			lasting = append(lasting, c)
		}
	}
	return lasting
}

func changeOf(changes []Change, s Subject) (Change, bool) {
	for _, c := range changes {
		if c.Subject == s {
			return c, true
		}
	}
	return Change{}, false
}

// maxNamed is the maximum number of changes that a sentence lists.
const maxNamed = 3

// sentence returns the text of the advice.
func (j *judge) sentence(newest *Judgment, advice Advice, drift Change, missing []Change) string {
	var data []string
	for _, c := range missing[:min(len(missing), maxNamed)] {
		data = append(data, c.String())
	}
	if more := len(missing) - maxNamed; more > 0 {
		data = append(data, text.Counted(int64(more), "more change"))
	}
	what := strings.Join(data, "; ")
	driftRose := fmt.Sprintf("drift rose from %s to %s", Drift.format(drift.Usual.Median), Drift.format(drift.Now))
	switch advice.Kind {
	case AdviceReAuthor:
		what = driftRose + j.since() + ", and data are missing: " + what
	case AdviceWatch:
		what = driftRose + j.since() + ", but items and columns are as usual"
	case AdviceSite:
		what += j.since() + ", while the drift is as usual"
	case AdviceNone:
	}
	return fmt.Sprintf("%s: %s (compared with %s)", advice.Kind, what, text.Counted(int64(newest.Earlier), "run"))
}

// since says in words when the runs began to differ from usual: " in this run", " one run ago" or " 2 runs ago".
func (j *judge) since() string {
	switch n := len(j.suspects); n {
	case 0:
		return " in this run"
	case 1:
		return " one run ago"
	default:
		return fmt.Sprintf(" %d runs ago", n)
	}
}
