package run

import (
	"slices"
	"strings"

	"sbwatch/ui/draw"
	"sbwatch/ui/screen"
	"sbwatch/ui/screen/checks"
	"sbwatch/ui/screen/history"
)

// Preview draws a summary of a run on w by h cells, for the overview. opened is the screen of the run. If opened is
// nil, the preview has no rule results and no comparison with earlier runs.
func Preview(env screen.RunEnv, config Config, poll Poller, opened *Screen, w, h int) []string {
	past := history.NewPanel(env.Env, env.Cmd, nil)
	rules := checks.New(env, config.Rules)
	s := &status{env: env, config: config, poll: poll, watch: poll.Watch(), past: &past}
	head := resultsHead{status: s, tab: tabItems, checks: &rules}
	if opened != nil {
		s, head = &opened.status, opened.resultsHead()
	}
	return preview{s, head}.lines(w, h)
}

type preview struct {
	*status
	head resultsHead
}

// lines draws the run on w by h cells.
func (v preview) lines(w, h int) []string {
	p := v.env.Painter
	mark, style := v.badge()
	state := style.Render(mark + " " + v.statusText())
	if clock := v.clockText(); clock != "" {
		state += "  " + p.Muted.Render(clock)
	}
	lines := []string{p.Between(v.runName(), state, w)}
	switch v.kind() {
	case screenLive:
		return append(lines, liveView{v.status}.view(w, h-len(lines))...)
	case screenOutcome:
		lines = append(lines, outcomeView{v.status}.explanation(w)...)
	case screenResults:
		lines = append(lines, v.results(w)...)
	}
	if drawn := v.chartLines(w, min(maxPreviewChart, h-len(lines)-1)); drawn != nil {
		lines = append(append(lines, ""), drawn...)
	}
	return lines
}

// maxPreviewChart is the maximum height of the chart of an ended run, in lines.
const maxPreviewChart = 14

// results draws the numbers and the notices of a run with a result.
func (v preview) results(w int) []string {
	p, lines := v.env.Painter, []string{""}
	lines = append(lines, p.Flow(append(v.head.counts(), p.Muted.Render(itemsPerPage(v.watch.Run()))), 3, w)...)
	lines = append(lines, driftGauge(p, v.watch.Run().Drift(), w))
	if line := v.baselineLine(w); line != "" {
		lines = append(lines, line)
	}
	notices := slices.Concat(v.head.badEndLines(w), v.adviceLines(w), v.head.findingLines(w), v.attention(w))
	for _, warning := range v.watch.Run().Warnings().Or(nil) {
		notices = append(notices, draw.Marked("!", p.Warning, p.Wrap(warning.String(), w-2))...)
	}
	if len(notices) > 0 {
		lines = append(append(lines, ""), notices...)
	}
	if long, _ := v.head.checks.Summary(); long != "" {
		lines = append(lines, "", long)
	}
	if names := v.columnNames(w); names != nil {
		lines = append(append(lines, "", p.Muted.Render("columns")), names...)
	}
	return lines
}

// columnNames returns the names of the columns of the items, on at most three lines of w cells.
func (v preview) columnNames(w int) []string {
	const maxNames, maxNameLines = 40, 3
	p, columns := v.env.Painter, v.watch.Items().Columns()
	var names []string
	for _, column := range columns[:min(maxNames, len(columns))] {
		names = append(names, column.Name.String())
	}
	if len(names) == 0 {
		return nil
	}
	lines := p.Wrap(strings.Join(names, "  "), w)
	if len(lines) > maxNameLines {
		lines = append(lines[:maxNameLines-1:maxNameLines-1], p.Cut(strings.Join(lines[maxNameLines-1:], " "), w))
	}
	return lines
}
