package run

import (
	"strings"

	"sbwatch/model/optional"
	"sbwatch/model/profile"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/ui/draw"
	"sbwatch/ui/screen/checks"
	"sbwatch/ui/screen/finding"
)

// tab is a tab of the results.
type tab int

const (
	tabItems tab = iota
	tabColumns
	tabPages
	tabChecks
	tabWarnings
	tabRaw
	tabs // number of tabs
)

// resultsHead is the part of the screen above the open tab.
type resultsHead struct {
	*status
	tab      tab
	findings []profile.Finding
	checks   *checks.Tab
}

// lines draws the head on w cells.
func (s resultsHead) lines(w int) []string {
	lines := s.figures(w)
	lines = append(lines, s.resultsAttention(w)...)
	if s.env.Height() >= 24 {
		lines = append(lines, "")
	}
	return append(lines, s.tabBar(w)...)
}

// figures returns the numbers of the run, with the drift after the number of items.
func (s resultsHead) figures(w int) []string {
	p, run := s.env.Painter, s.watch.Run()
	parts := s.counts()
	if !s.watch.Over() || s.poll.IsLoading() {
		return p.Flow(append(parts, p.Accent.Render("more arriving")), 3, w)
	}
	if !run.Result.Known() {
		return p.Flow(parts, 3, w)
	}
	if mode := run.Mode(); !mode.IsEmpty() {
		parts = append(parts, p.Muted.Render(p.Cut("mode "+mode.String(), 25)))
	}
	line := strings.Join(parts, draw.Spaces(3))
	if room := w - p.Width(line) - 5; room >= 40 {
		return []string{line + draw.Spaces(5) + driftGauge(p, run.Drift(), room)}
	}
	return append(p.Flow(parts, 3, w), driftGauge(p, run.Drift(), w))
}

// counts returns the numbers of pages and items as reported by the run or, if it reports none, as counted in the table.
func (s resultsHead) counts() []string {
	p, run, items := s.env.Painter, s.watch.Run(), s.watch.Items()
	itemCount, pageCount := run.Items, run.Pages
	if !itemCount.Known() || !s.watch.Over() {
		itemCount = optional.Some(int64(items.Len()))
	}
	if pages := items.Pages(); pages > 0 && (!pageCount.Known() || !s.watch.Over()) {
		pageCount = optional.Some(int64(pages))
	}
	parts := []string{p.Field("items", text.CountOr(itemCount))}
	if pageCount.Known() || run.Result.Known() {
		parts = append(parts, p.Field("pages", text.CountOr(pageCount)))
	}
	if perPage := itemsPerPage(run); perPage != "" && s.watch.Over() {
		parts = append(parts, p.Muted.Render(perPage))
	}
	if run.Credits.Known() || run.Result.Known() {
		parts = append(parts, p.Field("credits", text.CountOr(run.Credits)))
	}
	return parts
}

// Maximum number of lines for notices and warnings above the tabs.
const (
	maxAttentionLines      = 6
	maxAttentionLinesSmall = 4
)

// resultsAttention returns what the user must not miss, most important first: a bad end, problems, notices and the
// first warning. If there is not enough room, the first is shown in full and each other one on a line. The Warnings tab
// shows everything.
func (s resultsHead) resultsAttention(w int) []string {
	limit := maxAttentionLines
	switch {
	case s.watch.Items().Len() == 0:
		limit = s.env.Height() // there is nothing else to show
	case s.env.Height() < 30:
		limit = maxAttentionLinesSmall
	}
	lines := append(s.badEndLines(w), s.findingLines(w)...)
	lines = append(lines, s.attention(w)...)
	warning := s.firstWarning(w)
	if len(lines)+len(warning) <= limit {
		return append(lines, warning...)
	}
	lines = append(s.badEndLines(w), s.findingLines(w)...)
	if problem := s.problem(); problem != nil {
		lines = append(lines, s.problemLines(problem, w)...)
	}
	for i, notice := range s.watch.Notices(s.env.Now, s.config.Interval) {
		if i == 0 && len(lines) == 0 {
			lines = append(lines, s.noticeLines(notice, w)...)
		} else {
			lines = append(lines, s.noticeLine(notice, w))
		}
	}
	warning = warning[:min(1, len(warning))]
	return append(lines[:min(len(lines), limit-len(warning))], warning...)
}

// findingLines returns the most severe finding if it is serious, because an empty column is easy to miss when the
// number of items is as usual.
func (s resultsHead) findingLines(w int) []string {
	p := s.env.Painter
	var bad []profile.Finding
	for _, f := range s.findings {
		if f.Severity == profile.Error && f.Kind != profile.NoItems {
			bad = append(bad, f)
		}
	}
	if len(bad) == 0 {
		return nil
	}
	more := ""
	if n := len(bad) - 1; n > 0 {
		more = "  " + p.Muted.Render("and "+text.Counted(int64(n), "more alarm")+" in Columns")
	}
	words := p.Cut(bad[0].Text, max(20, w-2-p.Width(more)))
	return draw.Marked(finding.Mark(profile.Error), p.Error, []string{words + more})
}

// badEndLines explains why a run that returned items nevertheless failed or was cancelled.
func (s resultsHead) badEndLines(w int) []string {
	if !endedBadly(s.watch.Run()) {
		return nil
	}
	words := s.failureText().String()
	if answer, _ := s.watch.Answer(); !answer.RequestID.IsEmpty() {
		words += " (" + answer.RequestID.String() + ")"
	}
	return draw.Marked("✗", s.env.Painter.Error, s.env.Painter.Wrap(words, w-2))
}

// firstWarning returns the first warning on at most two lines, with the number of further ones.
func (s resultsHead) firstWarning(w int) []string {
	p := s.env.Painter
	warnings, _ := s.watch.Run().Warnings().Get()
	if len(warnings) == 0 {
		return nil
	}
	more := ""
	if len(warnings) > 1 {
		more = "  " + p.Muted.Render("and "+text.Counted(int64(len(warnings)-1), "more warning"))
	}
	lines := p.Wrap(warnings[0].String(), w-2)
	if len(lines) > 2 || p.Width(lines[len(lines)-1])+p.Width(more) > w-2 {
		lines = []string{p.Cut(warnings[0].String(), max(20, w-2-p.Width(more)))}
	}
	lines[len(lines)-1] += more
	return draw.Marked("!", p.Warning, lines)
}

// tabBar draws the names of the tabs, the open one underlined.
func (s resultsHead) tabBar(w int) []string {
	p := s.env.Painter
	names := [tabs]string{
		"Items " + text.Count(int64(s.watch.Items().Len())),
		"Columns " + text.Count(int64(len(s.watch.Items().Columns()))),
		"Pages",
		s.checksName(),
		"Warnings " + warningCount(s.watch.Run()),
		"Raw",
	}
	line, under := "", ""
	for i, name := range names {
		style, mark := p.Muted, "─"
		if tab(i) == s.tab {
			style, mark = p.Accent, "━"
		}
		if i > 0 {
			line += draw.Spaces(3)
			under += p.Faint.Render(strings.Repeat("─", 3))
		}
		line += style.Render(name)
		if tab(i) == s.tab {
			under += p.Accent.Render(strings.Repeat(mark, p.Width(name)))
		} else {
			under += p.Faint.Render(strings.Repeat(mark, p.Width(name)))
		}
	}
	return []string{p.Fit(line, w), under + p.Rule(w-p.Width(under))}
}

// checksName returns the name of the Checks tab, with the number of broken rules or else of rules.
func (s resultsHead) checksName() string {
	switch given, broken, warning := s.checks.Count(); {
	case broken > 0:
		return "Checks ✗" + text.Count(int64(broken))
	case warning > 0:
		return "Checks !" + text.Count(int64(warning))
	case given > 0:
		return "Checks " + text.Count(int64(given))
	default:
		return "Checks"
	}
}

// warningCount returns the number of warnings as text. No warnings and unknown warnings look different.
func warningCount(run run.Run) string {
	warnings, known := run.Warnings().Get()
	if !known {
		return "–"
	}
	return text.Count(int64(len(warnings)))
}

// emptyLines explains why there are no items and what to do.
func (s *status) emptyLines(w int) []string {
	p, run := s.env.Painter, s.watch.Run()
	switch {
	case run.ID.IsEmpty() && run.StatusSent.IsEmpty():
		return []string{p.Muted.Render(p.Cut("no items in "+s.config.Source.String(), w))}
	case !run.Status().Terminal():
		words := "saved while the run was " + run.StatusText() + ": items arrive only when the run completes"
		return append(draw.Styled(p.Muted, p.Wrap(words, w)), s.nextLines(commandStep("watch the run:  ", s.config.Commands.Watch(s.watch.RunID())), w)...)
	default:
		return draw.Styled(p.Muted, p.Wrap("No items. See the Warnings and Raw tabs for the answer of the service.", w))
	}
}
