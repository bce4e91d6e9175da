package history

import (
	"strings"

	"charm.land/lipgloss/v2"

	"sbwatch/model/baseline"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/ui/draw"
)

// AdviceMark returns the symbol and the style for a kind of advice.
func AdviceMark(p draw.Painter, kind baseline.AdviceKind) (string, lipgloss.Style) {
	switch kind {
	case baseline.AdviceReAuthor:
		return "✗", p.Error
	case baseline.AdviceSite, baseline.AdviceWatch:
		return "!", p.Warning
	case baseline.AdviceNone:
	}
	return "✓", p.Success
}

// ChangeMark returns the symbol and the style for a difference from earlier runs.
func ChangeMark(p draw.Painter, c baseline.Change) (string, lipgloss.Style) {
	switch {
	case c.Worse && c.Severity == baseline.Error:
		return "✗", p.Error
	case c.Worse && c.Severity == baseline.Warning:
		return "!", p.Warning
	default:
		return "·", p.Muted
	}
}

// headLines returns the lines at the top of the panel: the advice, such as "Re-author: since 3 Mar, price is gone", and
// the evidence for it. There are at most limit lines, each at most w cells wide.
func (t *Panel) headLines(w, limit int) []string {
	p := t.env.Painter
	newest := t.study.newest()
	if newest < 0 {
		words := "No run of this recipe has completed yet, so there is nothing to compare with."
		return draw.Marked("·", p.Muted, p.Wrap(words, w-2))
	}
	judgment := &t.study.judgments[newest]
	mark, style := AdviceMark(p, judgment.Advice.Kind)
	title, evidence := t.verdict(judgment)
	if failed := t.failedSince(newest); failed != "" && judgment.Advice.Kind == baseline.AdviceNone {
		mark, style = "✗", p.Error
		title, evidence = failed, "before: "+lowered(title)+", "+evidence
	} else if judgment.Advice.Kind == baseline.AdviceNone {
		if worst, found := worstOf(judgment); found {
			mark, style = ChangeMark(p, worst)
		} else if !judgment.ClaimsUsual() {
			mark, style = "·", p.Muted
		}
	}
	lines := p.Wrap(title, w-2)
	lines = append(draw.Styled(p.Strong, lines[:min(len(lines), 2)]), draw.Styled(p.Muted, p.Wrap(evidence, w-2))...)
	if len(lines) > limit {
		last := lines[limit-1 : limit]
		lines = append(lines[:limit-1], p.Cut(last[0]+" …", w-2))
	}
	return draw.Marked(mark, style, lines)
}

// verdict returns the advice in a few words, such as "As usual", and the evidence, such as "compared with 3 earlier
// runs".
func (t *Panel) verdict(judgment *baseline.Judgment) (title, evidence string) {
	advice := judgment.Advice
	switch {
	case advice.Kind != baseline.AdviceNone:
		return t.AdviceTitle(judgment), strings.TrimPrefix(advice.Text, advice.Kind.String()+": ")
	case judgment.Earlier == 0:
		return "One run has completed so far: there is nothing to compare it with.", "Usual values are known from the fourth completed run on."
	}
	title = "As usual"
	if !judgment.ClaimsUsual() {
		title = "Like the last run"
	}
	if worst, found := worstOf(judgment); found {
		title = capital(worst.String())
	}
	evidence = "compared with " + text.Counted(int64(judgment.Earlier), "earlier run")
	if !judgment.ClaimsUsual() {
		evidence += ", too few to say what is usual"
	}
	return title, evidence
}

// shortVerdict returns the advice on at most w cells, such as "price is gone since 3 Mar".
func (t *Panel) shortVerdict(judgment *baseline.Judgment, w int) string {
	p := t.env.Painter
	long, _ := t.verdict(judgment)
	since, names := t.date(judgment.Advice.Since), columnsText(judgment)
	if names == "" {
		names = judgment.Advice.Kind.String()
	}
	for _, words := range []string{long, names + " since " + since} {
		if p.Width(words) <= w {
			return words
		}
	}
	return p.Cut(since+": "+names, w)
}

// failedSince returns a sentence about the runs that failed after the newest completed run, or "" if no run failed.
// newest is the index of the newest completed run.
func (t *Panel) failedSince(newest int) string {
	failed, reason := 0, ""
	for _, r := range t.study.runs[newest+1:] {
		if r.Status == run.StatusFailed || r.Status == run.StatusCancelled {
			failed++
			if reason = ""; !r.Error.IsEmpty() {
				reason = ": " + r.Error.String()
			}
		}
	}
	switch failed {
	case 0:
		return ""
	case 1:
		return "The last run failed" + reason
	default:
		return "The last " + text.Count(int64(failed)) + " runs failed" + reason
	}
}

// maxColumns is the maximum number of columns in the title of the advice.
const maxColumns = 2

// columnsText returns the columns that the advice is about, each with its problem, such as "price is gone, brand is at
// 12%".
func columnsText(judgment *baseline.Judgment) string {
	var names []string
	columns := judgment.Advice.Columns
	for _, name := range columns[:min(len(columns), maxColumns)] {
		words := name.String()
		for _, c := range judgment.Changes {
			switch {
			case c.Column.Raw() != name.Raw() || !c.Worse:
			case c.Kind == baseline.Vanished:
				words = name.String() + " is gone"
			case c.Subject == baseline.Coverage:
				words = name.String() + " is at " + percent(c.Now)
			}
		}
		names = append(names, words)
	}
	if more := len(columns) - len(names); more > 0 {
		names = append(names, text.Counted(int64(more), "more column"))
	}
	return strings.Join(names, ", ")
}

// AdviceTitle returns what to do after a run, when the problem began, and the columns, such as "Re-author: since 3 Mar,
// price is gone".
func (t *Panel) AdviceTitle(judgment *baseline.Judgment) string {
	title := capital(judgment.Advice.Kind.String()) + ": since " + t.date(judgment.Advice.Since)
	if names := columnsText(judgment); names != "" {
		title += ", " + names
	}
	return title
}

// worstOf returns the most severe of the changes that made a run worse. It returns false if nothing has become worse.
func worstOf(judgment *baseline.Judgment) (baseline.Change, bool) {
	for _, c := range judgment.Changes {
		if c.Worse && c.Severity >= baseline.Warning {
			return c, true
		}
	}
	return baseline.Change{}, false
}

// detailLines returns lines that describe how the run at the cursor differs from usual. Each line is at most w cells
// wide.
func (t *Panel) detailLines(w int) []string {
	p := t.env.Painter
	if t.run >= len(t.study.judgments) {
		return nil
	}
	judgment := &t.study.judgments[t.run]
	var lines []string
	for _, c := range judgment.Changes {
		mark, style := ChangeMark(p, c)
		lines = append(lines, "  "+style.Render(mark)+" "+p.Cut(c.String(), w-4))
	}
	if len(lines) == 0 && judgment.Earlier > 0 && judgment.Run.Comparable() {
		before := "the run before it"
		if judgment.Earlier > 1 {
			before = "the " + text.Count(int64(judgment.Earlier)) + " runs before it"
		}
		lines = []string{p.Muted.Render(p.Cut("    nothing differs from "+before, w))}
	}
	return lines
}

// lowered returns words with a lowercase first letter.
func lowered(words string) string {
	if words == "" || words[0] < 'A' || words[0] > 'Z' {
		return words
	}
	return string(words[0]-'A'+'a') + words[1:]
}

// capital returns words with an uppercase first letter.
func capital(words string) string {
	if words == "" || words[0] < 'a' || words[0] > 'z' {
		return words
	}
	return string(words[0]-'a'+'A') + words[1:]
}
