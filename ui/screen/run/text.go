package run

import (
	"strings"

	"sbwatch/model/baseline"
	"sbwatch/model/profile"
	"sbwatch/model/text"
	"sbwatch/ui/draw"
	"sbwatch/ui/screen/finding"
	"sbwatch/ui/screen/history"
)

// warningLines returns the full text of all notices and warnings: first those of sbwatch, then those of the service. If
// there is room, each warning about a column is followed by what the items show about this column, and a last line says
// whether earlier runs had warnings, too.
func warningLines(s *Screen, w int) []string {
	lines := s.allWarnings(w, func(text.Text) []string { return nil })
	room := s.env.Frame.Body.Dy() - len(s.head)
	if len(lines) >= room {
		return lines
	}
	columns := columnsByName(s)
	detailed := s.allWarnings(w, func(warning text.Text) []string { return columnLines(s, columns, warning, w) })
	if earlier := s.earlierWarnings(w); len(earlier) > 0 {
		detailed = append(append(detailed, ""), earlier...)
	}
	if len(detailed) > room {
		return lines
	}
	return detailed
}

// allWarnings returns the full text of all notices and warnings. The function details returns the lines to add below a
// warning of the service.
func (s *status) allWarnings(w int, details func(warning text.Text) []string) []string {
	p := s.env.Painter
	lines := append(s.adviceLines(w), s.attention(w)...)
	if endedBadly(s.watch.Run()) {
		lines = append(outcomeView{s}.failedLines(w), lines...)
	}
	warnings, known := s.watch.Run().Warnings().Get()
	if len(lines) > 0 && len(warnings) > 0 {
		lines = append(lines, "")
	}
	for i, warning := range warnings {
		lines = append(lines, draw.Marked("!", p.Warning, s.wrapText(warning, w-2))...)
		if len(lines) > maxLines && i < len(warnings)-1 {
			return append(lines, p.Muted.Render("… and "+text.Counted(int64(len(warnings)-1-i), "more warning")))
		}
		lines = append(lines, details(warning)...)
	}
	switch {
	case !known:
		lines = append(lines, "", p.Muted.Render("the service sent no list of warnings"))
	case len(warnings) == 0:
		lines = append(lines, "", p.Muted.Render("the service sent no warnings"))
	}
	return lines
}

// maxLines is the number of lines after which no more warnings are laid out.
const maxLines = 5_000

// columnsByName returns the indexes of the profiled columns by name. It returns nil if the items are not profiled.
func columnsByName(s *Screen) map[string]int {
	all, _ := s.columns.Profile()
	if all == nil {
		return nil
	}
	columns := make(map[string]int, len(all.Columns))
	for i := range all.Columns {
		columns[all.Columns[i].Place.Name().Raw()] = i
	}
	return columns
}

// columnLines returns what the items show about the column in a warning such as "price: selector matched nothing": the
// findings and the changes since earlier runs or, if there are none, the coverage. It returns nil if the warning does
// not start with the name of a column.
func columnLines(s *Screen, columns map[string]int, warning text.Text, w int) []string {
	p := s.env.Painter
	name, _, _ := strings.Cut(warning.Raw(), ":")
	column, isColumn := columns[name]
	if !isColumn {
		return nil
	}
	all, findings := s.columns.Profile()
	var lines []string
	for _, f := range findings[column] {
		lines = append(lines, draw.Marked(finding.Mark(f.Severity), finding.Style(p, f.Severity), p.Wrap(f.Text, w-2-detailIndent))...)
	}
	for _, change := range s.changesOf(name) {
		mark, style := history.ChangeMark(p, change)
		lines = append(lines, draw.Marked(mark, style, p.Wrap(change.String(), w-2-detailIndent))...)
	}
	if c := &all.Columns[column]; len(lines) == 0 {
		words := c.Place.String() + " has a value in " + profile.Percent(c.Covered(), c.Of) + " of " + text.Counted(int64(c.Of), "item")
		lines = draw.Styled(p.Muted, p.Wrap(words, w-detailIndent))
	}
	return draw.Indent(lines, detailIndent)
}

// detailIndent is the indent of the details of a warning, in cells.
const detailIndent = 4

// changesOf returns the differences of a column from earlier runs.
func (s *status) changesOf(column string) []baseline.Change {
	judgment := s.judgment()
	if judgment == nil {
		return nil
	}
	var changes []baseline.Change
	for _, change := range judgment.Changes {
		if change.Subject.OfColumn() && change.Column.Raw() == column {
			changes = append(changes, change)
		}
	}
	return changes
}

// earlierWarnings returns lines that say how many of the earlier runs had warnings. It returns nil if no completed
// earlier run is known.
func (s *status) earlierWarnings(w int) []string {
	study := s.past.Study()
	if study == nil || !s.watch.Over() {
		return nil
	}
	earlier := study.CompletedBefore(s.watch.RunID().Raw())
	if len(earlier) == 0 {
		return nil
	}
	newest := earlier[len(earlier)-1]
	since := newest
	with := 0
	for i := len(earlier) - 1; i >= 0 && earlier[i].Warnings > 0; i-- {
		since = earlier[i]
		with++
	}
	var words string
	switch with {
	case 0:
		words = "the previous run had no warnings"
	case 1:
		words = "the previous run had " + text.Counted(int64(newest.Warnings), "warning")
	default:
		also := ""
		if len(s.watch.Run().Warnings().Or(nil)) > 0 {
			also = ", too,"
		}
		words = "the previous " + text.Count(int64(with)) + " runs had warnings" + also + " since " +
			since.At().In(s.env.Now.Location()).Format("Jan 02") + "; the last one had " + text.Count(int64(newest.Warnings))
	}
	return draw.Styled(s.env.Painter.Muted, s.env.Painter.Wrap(words, w))
}
