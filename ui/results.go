package ui

import (
	"slices"
	"strings"

	"sbwatch/model/optional"
	"sbwatch/model/profile"
	"sbwatch/model/run"
	"sbwatch/model/text"
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

// resultsView draws the results on w by h cells: what became of the run, the tabs, and the open one.
func (a *App) resultsView(w, h int) []string {
	h -= len(a.head)
	var body []string
	switch a.tab {
	case tabItems, tabs:
		body = a.itemsView(w, h)
	case tabColumns:
		body = a.columnsView(w, h)
	case tabPages:
		body = a.pagesView(w, h)
	case tabWarnings:
		body = a.warnings.scroll.window(a.warnings.lines, h)
	case tabRaw:
		body = a.raw.scroll.window(a.raw.lines, h)
	}
	return append(slices.Clip(a.head), body...)
}

// resultsHead is what stands above the open tab.
func (a *App) resultsHead(w int) []string {
	lines := a.figures(w)
	lines = append(lines, a.resultsAttention(w)...)
	if a.height >= 24 {
		lines = append(lines, "")
	}
	return append(lines, a.tabBar(w)...)
}

// figures are the numbers of the run, with the drift beside the number of items.
func (a *App) figures(w int) []string {
	l, run := a.look, a.watch.Run()
	parts := a.counts()
	if !a.watch.Over() || a.loading {
		return l.flow(append(parts, l.Accent.Render("more are arriving")), 3, w)
	}
	if !run.Result.Known() {
		return l.flow(parts, 3, w)
	}
	if mode := run.Mode(); !mode.IsEmpty() {
		parts = append(parts, l.Muted.Render(l.cut(mode.String(), 20)))
	}
	line := strings.Join(parts, spaces(3))
	if room := w - l.width(line) - 5; room >= 40 {
		return []string{line + spaces(5) + l.driftGauge(run.Drift(), room)}
	}
	return append(l.flow(parts, 3, w), l.driftGauge(run.Drift(), w))
}

// counts are how much there is: as the run counts it, else as it lies in the table.
func (a *App) counts() []string {
	l, run, items := a.look, a.watch.Run(), a.watch.Items()
	itemCount, pageCount := run.Items, run.Pages
	if !itemCount.Known() || !a.watch.Over() {
		itemCount = optional.Some(int64(items.Len()))
	}
	if pages := items.Pages(); pages > 0 && (!pageCount.Known() || !a.watch.Over()) {
		pageCount = optional.Some(int64(pages))
	}
	parts := []string{l.field("items", text.CountOr(itemCount))}
	if pageCount.Known() || run.Result.Known() {
		parts = append(parts, l.field("pages", text.CountOr(pageCount)))
	}
	if perPage := itemsPerPage(run); perPage != "" && a.watch.Over() {
		parts = append(parts, l.Muted.Render(perPage))
	}
	if run.Credits.Known() || run.Result.Known() {
		parts = append(parts, l.field("credits", text.CountOr(run.Credits)))
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
func (a *App) resultsAttention(w int) []string {
	most := attentionAtMost
	switch {
	case a.watch.Items().Len() == 0:
		most = a.height // nothing else needs the room
	case a.height < 30:
		most = attentionAtMostSmall
	}
	lines := append(a.badEndLines(w), a.findingLines(w)...)
	lines = append(lines, a.attention(w)...)
	warning := a.firstWarning(w)
	if len(lines)+len(warning) <= most {
		return append(lines, warning...)
	}
	lines = append(a.badEndLines(w), a.findingLines(w)...)
	if problem := a.problem(); problem != nil {
		lines = append(lines, a.problemLines(problem, w)...)
	}
	for i, notice := range a.watch.Notices(a.now, a.config.Interval) {
		if i == 0 && len(lines) == 0 {
			lines = append(lines, a.noticeLines(notice, w)...)
		} else {
			lines = append(lines, a.noticeLine(notice, w))
		}
	}
	warning = warning[:min(1, len(warning))]
	return append(lines[:min(len(lines), most-len(warning))], warning...)
}

// findingLines tell the worst that was found in the items, if it is bad: a column that has nothing in it does not show
// among as many items as ever.
func (a *App) findingLines(w int) []string {
	l := a.look
	var bad []profile.Finding
	for _, f := range a.findings() {
		if f.Severity == profile.Bad && f.Kind != profile.NoItems {
			bad = append(bad, f)
		}
	}
	if len(bad) == 0 {
		return nil
	}
	more := ""
	if n := len(bad) - 1; n > 0 {
		more = "  " + l.Muted.Render("and "+text.Counted(int64(n), "more alarm")+" in Columns")
	}
	words := l.cut(bad[0].Text, max(20, w-2-l.width(more)))
	return l.marked(severityMark(profile.Bad), l.Bad, []string{words + more})
}

// badEndLines tell why a run that left items all the same has failed or was cancelled.
func (a *App) badEndLines(w int) []string {
	if !endedBadly(a.watch.Run()) {
		return nil
	}
	words := a.failureText().String()
	if answer, _ := a.watch.Answer(); !answer.RequestID.IsEmpty() {
		words += " (" + answer.RequestID.String() + ")"
	}
	return a.look.marked("✗", a.look.Bad, a.look.wrap(words, w-2))
}

// firstWarning is the first warning, on two lines at the most, and how many more there are.
func (a *App) firstWarning(w int) []string {
	l := a.look
	warnings, _ := a.watch.Run().Warnings().Get()
	if len(warnings) == 0 {
		return nil
	}
	more := ""
	if len(warnings) > 1 {
		more = "  " + l.Muted.Render("and "+text.Counted(int64(len(warnings)-1), "more warning"))
	}
	lines := l.wrap(warnings[0].String(), w-2)
	if len(lines) > 2 || l.width(lines[len(lines)-1])+l.width(more) > w-2 {
		lines = []string{l.cut(warnings[0].String(), max(20, w-2-l.width(more)))}
	}
	lines[len(lines)-1] += more
	return l.marked("!", l.Doubtful, lines)
}

// tabBar draws the names of the tabs, the open one underlined.
func (a *App) tabBar(w int) []string {
	l := a.look
	names := [tabs]string{
		"Items " + text.Count(int64(a.watch.Items().Len())),
		"Columns " + text.Count(int64(len(a.watch.Items().Columns()))),
		"Pages",
		"Warnings " + warningCount(a.watch.Run()),
		"Raw",
	}
	line, under := "", ""
	for i, name := range names {
		style, mark := l.Muted, "─"
		if tab(i) == a.tab {
			style, mark = l.Accent, "━"
		}
		if i > 0 {
			line += spaces(3)
			under += l.Faint.Render(strings.Repeat("─", 3))
		}
		line += style.Render(name)
		if tab(i) == a.tab {
			under += l.Accent.Render(strings.Repeat(mark, l.width(name)))
		} else {
			under += l.Faint.Render(strings.Repeat(mark, l.width(name)))
		}
	}
	return []string{l.fit(line, w), under + l.rule(w-l.width(under))}
}

// warningCount is the number of warnings. None are different from unknown ones.
func warningCount(run run.Run) string {
	warnings, known := run.Warnings().Get()
	if !known {
		return "–"
	}
	return text.Count(int64(len(warnings)))
}

// itemCovers tells whether an open item stands in the table's place.
func (a *App) itemCovers() bool { return a.item.open && a.width < besideFrom }

// tableSize is the room of the table in cells.
func (a *App) tableSize() (w, h int) {
	w, h = a.innerWidth(), a.bodyHeight()
	h = max(1, h-len(a.strip(w)))
	if a.item.open && !a.itemCovers() {
		w -= a.itemWidth() + 3
	}
	return w, h
}

// itemWidth is the room of an open item in cells.
func (a *App) itemWidth() int {
	if a.width < besideFrom {
		return a.innerWidth()
	}
	return a.innerWidth() * 2 / 5
}

// itemsView draws the table, an open item beside it or in its place, or why there is nothing.
func (a *App) itemsView(w, h int) []string {
	l := a.look
	switch {
	case a.table.items.Len() == 0:
		return append([]string{""}, a.nothingToShow(w)...)
	case a.item.open && a.itemCovers():
		return append([]string{a.itemTitle(w)}, a.item.scroll.window(a.item.lines, h-1)...)
	}
	lines := a.strip(w)
	tableWidth, tableHeight := a.tableSize()
	h = max(1, h-len(lines))
	switch {
	case a.table.len() == 0:
		return append(lines, "", l.Muted.Render(l.cut("no item is left: esc lifts the newest filter", w)))
	case !a.item.open:
		return append(lines, a.table.view(l, w, h)...)
	}
	left := exactly(a.table.view(l, tableWidth, tableHeight), h)
	right := exactly(append([]string{a.itemTitle(a.itemWidth())}, a.item.scroll.window(a.item.lines, h-1)...), h)
	for i := range left {
		lines = append(lines, l.fit(left[i], tableWidth)+" "+l.Faint.Render("│")+" "+right[i])
	}
	return lines
}

// nothingToShow says why there are no items, and what can be done.
func (a *App) nothingToShow(w int) []string {
	l, run := a.look, a.watch.Run()
	switch {
	case run.ID.IsEmpty() && run.StatusSent.IsEmpty():
		return []string{l.Muted.Render(l.cut("no items in "+a.config.Source.String(), w))}
	case !run.Status().Terminal():
		words := "saved while the run was " + run.StatusText() + ": the items of a run come when it is completed"
		return append(styled(l.Muted, l.wrap(words, w)), a.nextLines(proposal("to watch it:  ", a.config.Commands.Watch(a.watch.RunID())), w)...)
	default:
		return styled(l.Muted, l.wrap("no items: Warnings and Raw have what the service said", w))
	}
}

// itemTitle tells which item is open.
func (a *App) itemTitle(w int) string {
	item := a.table.item(a.item.row)
	title := "item " + text.Count(int64(item+1)) + " of " + text.Count(int64(a.table.items.Len()))
	if page := a.table.items.Page(item); page > 0 {
		title += " · page " + text.Count(int64(page))
	}
	where := ""
	if !a.itemCovers() {
		where = a.look.Muted.Render(a.item.scroll.position(len(a.item.lines), a.bodyHeight()-1))
	}
	return a.look.between(a.look.Table.HeaderCursor.Render(title), where, w)
}
