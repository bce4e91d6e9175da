package run

import (
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"sbwatch/model/baseline"
	"sbwatch/model/optional"
	"sbwatch/model/profile"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
	"sbwatch/ui/draw"
	"sbwatch/ui/screen/checks"
	"sbwatch/ui/screen/finding"
)

type tab int

const (
	tabItems tab = iota
	tabColumns
	tabPages
	tabChecks
	tabHistory
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
	// dismissed is the number of notices at the time when the user hid them.
	dismissed int
	// isFiltered reports whether the Items tab uses a line for its filters.
	isFiltered bool
}

// The minimum heights of the terminal, in lines, for groups of lines above the open tab, such as the tab bar. On a
// lower terminal these lines are left out, so that the open tab keeps its rows.
const (
	withBaseline = 24
	withNotices  = 20
	withTabs     = 16
	withFigures  = 14
)

// headLine is a line above the open tab. A click on the line opens the tab target. If target is the constant tabs,
// which is the number of tabs, a click does nothing.
type headLine struct {
	text   string
	target tab
}

// linesTo returns lines that open the tab target when they are clicked.
func linesTo(target tab, lines []string) []headLine {
	about := make([]headLine, len(lines))
	for i, line := range lines {
		about[i] = headLine{line, target}
	}
	return about
}

// lines draws the lines above the open tab, each w cells wide. The last two lines are the tab bar if there is room for
// it.
func (s resultsHead) lines(w int) []headLine {
	var lines []headLine
	notices := s.notices(w)
	if s.env.Height() >= withFigures || s.watch.Items().Len() == 0 {
		lines = append(lines, headLine{s.figures(w, !s.showsNotices()), tabs})
	}
	if s.showsBaseline(w) {
		lines = append(lines, headLine{s.baselineLine(w), tabHistory})
	}
	lines = append(lines, notices...)
	if s.env.Height() >= 30 {
		lines = append(lines, headLine{"", tabs})
	}
	if s.env.Height() >= withTabs {
		lines = append(lines, linesTo(tabs, s.tabBar(w))...)
	}
	return lines
}

// figures returns the numbers of the run on one line of w cells. On narrow screens it leaves out less important
// numbers. withMarks adds the numbers of errors and warnings.
func (s resultsHead) figures(w int, withMarks bool) string {
	p, run := s.env.Painter, s.watch.Run()
	marks := ""
	if withMarks {
		marks = s.marks()
	}
	room := w - p.Width(marks)
	if marks != "" {
		room -= 3
	}
	counts := s.counts()
	if !s.watch.Over() || s.poll.IsLoading() {
		return p.Between(firstFit(p, room, append(counts, p.Accent.Render("more arriving")), counts, counts[:1]), marks, w)
	}
	if !run.Result.Known() {
		return p.Between(firstFit(p, room, counts, counts[:min(2, len(counts))], counts[:1]), marks, w)
	}
	full := counts
	if perPage := itemsPerPage(run); perPage != "" {
		full = append(slices.Clip(full), p.Muted.Render(perPage))
	}
	if mode := run.Mode(); !mode.IsEmpty() {
		full = append(full, p.Muted.Render(p.Cut("mode "+mode.String(), 25)))
	}
	for _, parts := range [][]string{full, counts} {
		line := strings.Join(parts, draw.Spaces(3))
		if rest := room - p.Width(line) - 5; rest >= 40 || rest >= 36 && len(parts) == len(counts) {
			return p.Between(line+draw.Spaces(5)+driftGauge(p, run.Drift(), rest), marks, w)
		}
	}
	level, value := driftText(p, run.Drift())
	return p.Between(firstFit(p, room,
		append(slices.Clip(counts), value+level), append(slices.Clip(counts), value),
		append(slices.Clip(counts[:min(2, len(counts))]), value), append(slices.Clip(counts[:1]), value), counts[:1],
	), marks, w)
}

// firstFit returns the first of several lines that fits on w cells. If none fits, it returns the last line. Each line
// is given as a list of parts to join.
func firstFit(p draw.Painter, w int, lists ...[]string) string {
	line := ""
	for _, parts := range lists {
		for gap := 3; gap > 1; gap-- {
			if line = strings.Join(parts, draw.Spaces(gap)); p.Width(line) <= w {
				return line
			}
		}
	}
	return line
}

// counts returns texts with the numbers of items, pages and credits. After the run, these are the numbers that the
// service reports. Items and pages are counted in the table during the run, and if their numbers are not reported.
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
	if run.Credits.Known() || run.Result.Known() {
		parts = append(parts, p.Field("credits", text.CountOr(run.Credits)))
	}
	return parts
}

// maxNoticeLines returns the maximum number of lines for notices. On a terminal of 24 lines, the open tab keeps at
// least 14 rows.
func (s resultsHead) maxNoticeLines() int {
	switch h := s.env.Height(); {
	case s.watch.Items().Len() == 0:
		return max(0, h-10) // the rest of the screen is empty
	case h < withNotices:
		return 0
	case h < 24:
		return 1
	case h < 30 && s.showsBaseline(s.env.Frame.Body.Dx()):
		return min(2, h-23)
	case h < 30 && s.isFiltered:
		return 1
	case h < 30:
		return 2
	default:
		return 6
	}
}

// showsBaseline reports whether a line above the open tab compares the run with the usual values.
func (s resultsHead) showsBaseline(w int) bool {
	return s.env.Height() >= withBaseline && s.tab != tabHistory && s.baselineLine(w) != ""
}

// showsNotices reports whether notices are shown above the open tab. They are shown only on the Items tab, and only if
// there is room. If the user has hidden them, they are shown again when there are more notices.
func (s resultsHead) showsNotices() bool {
	errors, warnings := s.count()
	return s.tab == tabItems && errors+warnings > s.dismissed && s.maxNoticeLines() > 0
}

// notices returns the lines that the user must see, most important first: a failed run, the worst finding, problems,
// notices and the first warning. If there is not enough room, each is shortened to one line, and the least important
// are left out. The last line then has the number of lines left out.
func (s resultsHead) notices(w int) []headLine {
	if !s.showsNotices() {
		return nil
	}
	limit := s.maxNoticeLines()
	end, findings := linesTo(tabs, s.badEndLines(w)), linesTo(tabColumns, s.findingLines(w))
	lines := slices.Concat(end, linesTo(tabHistory, s.adviceLines(w)), findings, linesTo(tabs, s.attention(w)))
	warning := s.firstWarning(w)
	if len(lines)+len(warning) <= limit {
		return append(lines, linesTo(tabWarnings, warning)...)
	}
	lines = slices.Concat(end, linesTo(tabHistory, s.adviceTitle(w)), findings)
	if problem := s.problem(); problem != nil {
		lines = append(lines, linesTo(tabs, s.problemLines(problem, w))...)
	}
	for _, notice := range s.watch.Notices(s.env.Now, s.config.Interval) {
		lines = append(lines, headLine{s.noticeLine(notice, w), tabs})
	}
	if len(warning) > 1 {
		warning = s.warningLine(w)
	}
	lines = append(lines, linesTo(tabWarnings, warning)...)
	if left := len(lines) - limit; left > 0 {
		p := s.env.Painter
		more := "+" + text.Count(int64(left)) + " more"
		last := &lines[limit-1]
		last.text = p.Between(p.Cut(last.text, w-p.Width(more)-2), p.Muted.Render(more), w)
	}
	return lines[:min(limit, len(lines))]
}

// count returns the number of errors and the number of warnings about the run.
func (s resultsHead) count() (errors, warnings int) {
	if endedBadly(s.watch.Run()) {
		errors++
	}
	errors += len(s.alarms())
	if judgment := s.judgment(); judgment != nil {
		switch judgment.Advice.Kind {
		case baseline.AdviceReAuthor:
			errors++
		case baseline.AdviceSite, baseline.AdviceWatch:
			warnings++
		case baseline.AdviceNone:
		}
	}
	if s.problem() != nil {
		warnings++
	}
	for _, notice := range s.watch.Notices(s.env.Now, s.config.Interval) {
		if notice.Severity == watch.SeverityError {
			errors++
		} else {
			warnings++
		}
	}
	return errors, warnings + len(s.watch.Run().Warnings().Or(nil))
}

// marks returns the numbers of errors and warnings with their symbols, such as "✗ 1  ! 4". The screen shows them if it
// has no room for the notices.
func (s resultsHead) marks() string {
	p := s.env.Painter
	var marks []string
	errors, warnings := s.count()
	if errors > 0 {
		marks = append(marks, p.Error.Render("✗ "+text.Count(int64(errors))))
	}
	if warnings > 0 {
		marks = append(marks, p.Warning.Render("! "+text.Count(int64(warnings))))
	}
	return strings.Join(marks, draw.Spaces(2))
}

// positionPrefix returns the text before the cursor's position in the footer. On small terminals, it has the
// information that larger terminals show above the open tab.
func (s resultsHead) positionPrefix() string {
	var parts []string
	if _, broken, _ := s.checks.Count(); broken > 0 && s.tab != tabChecks && s.env.Frame.Header.Dy() == 0 {
		parts = append(parts, "✗ "+text.Counted(int64(broken), "rule"))
	}
	if s.env.Height() < withFigures && s.watch.Items().Len() > 0 {
		if marks := ansi.Strip(s.marks()); marks != "" {
			parts = append(parts, marks)
		}
	}
	if s.env.Height() < withTabs && s.tab != tabItems {
		parts = append(parts, tabNames()[s.tab])
	}
	return strings.Join(parts, " · ")
}

// findingLines returns lines with the most severe finding, if that finding is serious. Without these lines, users may
// miss an empty column if the number of items is as usual.
func (s resultsHead) findingLines(w int) []string {
	p, bad := s.env.Painter, s.alarms()
	if len(bad) == 0 {
		return nil
	}
	more := ""
	if n := len(bad) - 1; n > 0 {
		more = "  " + p.Muted.Render("and "+text.Counted(int64(n), "more alarm")+" in Columns")
	}
	words := p.Cut(bad[0].Text, max(20, w-2-p.Width(more)))
	return draw.Marked(finding.Mark(profile.Error), p.Error, []string{p.Cut(words+more, w-2)})
}

// alarms returns the serious findings.
func (s resultsHead) alarms() []profile.Finding {
	var bad []profile.Finding
	for _, f := range s.findings {
		if f.Severity == profile.Error && f.Kind != profile.NoItems {
			bad = append(bad, f)
		}
	}
	return bad
}

// badEndLines returns the explanation of a run that failed or was cancelled although it has items.
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

// firstWarning returns the first warning on at most two lines, with the number of other warnings.
func (s resultsHead) firstWarning(w int) []string {
	p := s.env.Painter
	warnings, _ := s.watch.Run().Warnings().Get()
	if len(warnings) == 0 {
		return nil
	}
	more := s.moreWarnings()
	lines := p.Wrap(warnings[0].String(), w-2)
	if len(lines) > 2 || p.Width(lines[len(lines)-1])+p.Width(more) > w-2 {
		return s.warningLine(w)
	}
	lines[len(lines)-1] += more
	return draw.Marked("!", p.Warning, lines)
}

// warningLine returns the first warning on one line, with the number of other warnings. There must be at least one
// warning.
func (s resultsHead) warningLine(w int) []string {
	p, more := s.env.Painter, s.moreWarnings()
	warnings, _ := s.watch.Run().Warnings().Get()
	line := p.Cut(p.Cut(warnings[0].String(), max(20, w-2-p.Width(more)))+more, w-2)
	return draw.Marked("!", p.Warning, []string{line})
}

// moreWarnings returns a text with the number of warnings after the first.
func (s resultsHead) moreWarnings() string {
	warnings, _ := s.watch.Run().Warnings().Get()
	if len(warnings) < 2 {
		return ""
	}
	return "  " + s.env.Painter.Muted.Render("and "+text.Counted(int64(len(warnings)-1), "more warning"))
}

// tabName is the name of a tab in the tab bar. It is drawn on the cells in [from, end).
type tabName struct {
	tab       tab
	name      string
	from, end int
}

// tabNames lays out the tab bar on w cells. If there is not enough room, it first leaves out the counts and then
// shortens the names.
func (s resultsHead) tabNames(w int) []tabName {
	p := s.env.Painter
	full := [tabs]string{
		"Items " + text.Count(int64(s.watch.Items().Len())),
		"Columns " + text.Count(int64(len(s.watch.Items().Columns())+len(s.computed))),
		"Pages",
		s.checksName(),
		"History",
		"Warnings " + warningCount(s.watch.Run()),
		"Raw",
	}
	plain := [tabs]string{"Items", "Columns", "Pages", "Checks", "History", "Warnings", "Raw"}
	short := [tabs]string{"Items", "Cols", "Pages", "Checks", "Hist", "Warn", "Raw"}
	available := s.tabs()
	names, gap := namesOf(short, available), 1
	for _, try := range []struct {
		names [tabs]string
		gap   int
	}{{full, 3}, {full, 2}, {plain, 3}, {plain, 2}, {short, 2}} {
		if shown := namesOf(try.names, available); p.Width(strings.Join(shown, draw.Spaces(try.gap))) <= w {
			names, gap = shown, try.gap
			break
		}
	}
	laid := make([]tabName, len(names))
	at := 0
	for i, name := range names {
		laid[i] = tabName{available[i], name, at, at + p.Width(name)}
		at = laid[i].end + gap
	}
	return laid
}

// tabBar draws the names of the tabs. The name of the open tab is underlined.
func (s resultsHead) tabBar(w int) []string {
	p := s.env.Painter
	line, under, end := "", "", 0
	for _, one := range s.tabNames(w) {
		style, mark, lineStyle := p.Muted, "─", p.Faint
		if one.tab == s.tab {
			style, mark, lineStyle = p.Accent, "━", p.Accent
		}
		if gap := one.from - end; gap > 0 {
			line += draw.Spaces(gap)
			under += p.Faint.Render(strings.Repeat("─", gap))
		}
		if word, count, found := strings.Cut(one.name, " ✗"); found {
			line += style.Render(word) + p.Error.Render(" ✗"+count)
		} else {
			line += style.Render(one.name)
		}
		under += lineStyle.Render(strings.Repeat(mark, one.end-one.from))
		end = one.end
	}
	return []string{p.Fit(line, w), p.Cut(under+p.Rule(w-p.Width(under)), w)}
}

// namesOf returns the names of the available tabs.
func namesOf(names [tabs]string, available []tab) []string {
	chosen := make([]string, len(available))
	for i, t := range available {
		chosen[i] = names[t]
	}
	return chosen
}

// checksName returns the name of the Checks tab and the number of broken rules. If no rule is broken, it adds the
// number of all rules instead.
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

// warningCount returns the number of warnings as text, such as "0". It returns "–" if the number is unknown.
func warningCount(run run.Run) string {
	warnings, known := run.Warnings().Get()
	if !known {
		return "–"
	}
	return text.Count(int64(len(warnings)))
}

// emptyLines returns lines that explain why there are no items, and what to do.
func (s *status) emptyLines(w int) []string {
	p, run := s.env.Painter, s.watch.Run()
	switch {
	case run.ID.IsEmpty() && run.StatusSent.IsEmpty():
		return []string{p.Muted.Render(p.Cut("no items in "+s.sourceName(), w))}
	case !run.Status().Terminal():
		words := "saved while the run was " + run.StatusText() + ": items arrive only when the run completes"
		return append(draw.Styled(p.Muted, p.Wrap(words, w)), s.nextLines(commandStep("watch the run:  ", s.config.Commands.Watch(s.watch.RunID())), w)...)
	case s.watch.HasDroppedItems():
		return draw.Styled(p.Muted, p.Wrap("The items were not kept in memory and could not be read again. To try again, close the run and open it.", w))
	default:
		return draw.Styled(p.Muted, p.Wrap("No items. See the Warnings and Raw tabs for the answer of the service.", w))
	}
}
