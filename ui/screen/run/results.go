package run

import (
	"strings"

	"sbwatch/model/optional"
	"sbwatch/model/profile"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/ui/draw"
	"sbwatch/ui/screen/finding"
)

// The results screen answers: did it work, can I trust it, what did it get?

// tab is one of the views of a run's results.
type tab int

const (
	tabItems tab = iota
	tabColumns
	tabPages
	tabWarnings
	tabRaw
	tabs // how many there are
)

// resultsHead is what stands above the open tab.
type resultsHead struct {
	*status
	tab      tab
	findings []profile.Finding
}

// lines draw it on w cells.
func (s resultsHead) lines(w int) []string {
	lines := s.figures(w)
	lines = append(lines, s.resultsAttention(w)...)
	if s.env.Height() >= 24 {
		lines = append(lines, "")
	}
	return append(lines, s.tabBar(w)...)
}

// figures are the numbers of the run, with the drift beside the number of items.
func (s resultsHead) figures(w int) []string {
	p, run := s.env.Painter, s.watch.Run()
	parts := s.counts()
	if !s.watch.Over() || s.poll.IsLoading() {
		return p.Flow(append(parts, p.Accent.Render("more are arriving")), 3, w)
	}
	if !run.Result.Known() {
		return p.Flow(parts, 3, w)
	}
	if mode := run.Mode(); !mode.IsEmpty() {
		parts = append(parts, p.Muted.Render(p.Cut(mode.String(), 20)))
	}
	line := strings.Join(parts, draw.Spaces(3))
	if room := w - p.Width(line) - 5; room >= 40 {
		return []string{line + draw.Spaces(5) + driftGauge(p, run.Drift(), room)}
	}
	return append(p.Flow(parts, 3, w), driftGauge(p, run.Drift(), w))
}

// counts are how much there is: as the run counts it, else as it lies in the table.
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

// Lines that notices and warnings may take above the tabs where there are items to browse.
const (
	attentionAtMost      = 6
	attentionAtMostSmall = 4
)

// resultsAttention are the things that must not be missed: a bad end, problems, notices, the most important first, and the
// first warning. Where there is no room for all of it, the first is told whole and the others on a line each; all of it is
// in the tab of warnings.
func (s resultsHead) resultsAttention(w int) []string {
	most := attentionAtMost
	switch {
	case s.watch.Items().Len() == 0:
		most = s.env.Height() // nothing else needs the room
	case s.env.Height() < 30:
		most = attentionAtMostSmall
	}
	lines := append(s.badEndLines(w), s.findingLines(w)...)
	lines = append(lines, s.attention(w)...)
	warning := s.firstWarning(w)
	if len(lines)+len(warning) <= most {
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
	return append(lines[:min(len(lines), most-len(warning))], warning...)
}

// findingLines tell the worst that was found in the items, if it is bad: a column that has nothing in it does not show
// among as many items as ever.
func (s resultsHead) findingLines(w int) []string {
	p := s.env.Painter
	var bad []profile.Finding
	for _, f := range s.findings {
		if f.Severity == profile.Bad && f.Kind != profile.NoItems {
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
	return draw.Marked(finding.Mark(profile.Bad), p.Bad, []string{words + more})
}

// badEndLines tell why a run that left items all the same has failed or was cancelled.
func (s resultsHead) badEndLines(w int) []string {
	if !endedBadly(s.watch.Run()) {
		return nil
	}
	words := s.failureText().String()
	if answer, _ := s.watch.Answer(); !answer.RequestID.IsEmpty() {
		words += " (" + answer.RequestID.String() + ")"
	}
	return draw.Marked("✗", s.env.Painter.Bad, s.env.Painter.Wrap(words, w-2))
}

// firstWarning is the first warning, on two lines at the most, and how many more there are.
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
	return draw.Marked("!", p.Doubtful, lines)
}

// tabBar draws the names of the tabs, the open one underlined.
func (s resultsHead) tabBar(w int) []string {
	p := s.env.Painter
	names := [tabs]string{
		"Items " + text.Count(int64(s.watch.Items().Len())),
		"Columns " + text.Count(int64(len(s.watch.Items().Columns()))),
		"Pages",
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

// warningCount is the number of warnings. None are different from unknown ones.
func warningCount(run run.Run) string {
	warnings, known := run.Warnings().Get()
	if !known {
		return "–"
	}
	return text.Count(int64(len(warnings)))
}

// nothingToShow says why there are no items, and what can be done.
func (s *status) nothingToShow(w int) []string {
	p, run := s.env.Painter, s.watch.Run()
	switch {
	case run.ID.IsEmpty() && run.StatusSent.IsEmpty():
		return []string{p.Muted.Render(p.Cut("no items in "+s.config.Source.String(), w))}
	case !run.Status().Terminal():
		words := "saved while the run was " + run.StatusText() + ": the items of a run come when it is completed"
		return append(draw.Styled(p.Muted, p.Wrap(words, w)), s.nextLines(proposal("to watch it:  ", s.config.Commands.Watch(s.watch.RunID())), w)...)
	default:
		return draw.Styled(p.Muted, p.Wrap("no items: Warnings and Raw have what the service said", w))
	}
}
