package run

import (
	"strings"

	"sbwatch/model/baseline"
	"sbwatch/model/item"
	"sbwatch/model/optional"
	"sbwatch/model/profile"
	"sbwatch/model/text"
	"sbwatch/ui/draw"
	"sbwatch/ui/screen/finding"
	"sbwatch/ui/screen/history"
	"sbwatch/ui/screen/warnings"
	"sbwatch/ui/widget/tree"
)

// warningList returns all notices and warnings, laid out for w cells: first those of sbwatch, then those of the service.
// The details of a warning about a column are what the items show about this column. The last line says whether earlier
// runs had warnings, too.
func warningList(s *Screen, w int) warnings.List {
	w -= tree.MarkerWidth
	list := warnings.List{Entries: noticeEntries(&s.status, w)}
	sent, known := s.watch.Run().Warnings().Get()
	if n := len(list.Entries); n > 0 && len(sent) > 0 {
		list.Entries[n-1].HasGap = true
	}
	columns := columnsByName(s)
	lines := 0
	for i, warning := range sent {
		if lines > maxLines {
			list.More = sent[i:]
			list.Tail = []string{s.env.Painter.Muted.Render("… and " + text.Counted(int64(len(list.More)), "more warning"))}
			break
		}
		entry := warnings.Entry{Text: warning.Raw(), Lines: draw.Marked("!", s.env.Painter.Warning, s.wrapText(warning, w-2))}
		entry.Place, entry.Details = columnDetails(s, columns, warning, w)
		list.Entries = append(list.Entries, entry)
		lines += len(entry.Lines)
	}
	switch {
	case !known && s.config.IsSaved:
		list.Tail = []string{"", s.env.Painter.Muted.Render("no list of warnings was saved")}
	case !known:
		list.Tail = []string{"", s.env.Painter.Muted.Render("the service sent no list of warnings")}
	case len(sent) == 0:
		list.Tail = []string{"", s.env.Painter.Muted.Render("the service sent no warnings")}
	}
	if earlier := s.earlierWarnings(w); len(earlier) > 0 {
		list.MoreTail = append([]string{""}, earlier...)
	}
	return list
}

// noticeEntries returns what sbwatch has noticed about the run: why it ended badly, the advice from the comparison with
// earlier runs, a problem with polling, and notices.
func noticeEntries(s *status, w int) []warnings.Entry {
	var entries []warnings.Entry
	if endedBadly(s.watch.Run()) {
		entries = append(entries, warnings.Entry{Text: s.errorText(), Lines: outcomeView{s}.failedLines(w)[1:], HasGap: true}) // without the empty line at the top
	}
	if lines := s.adviceLines(w); lines != nil {
		entries = append(entries, warnings.Entry{Text: s.judgment().Advice.Text, Lines: lines})
	}
	if lines, words := pollLines(s, w); lines != nil {
		entries = append(entries, warnings.Entry{Text: words, Lines: lines})
	}
	for _, notice := range s.watch.Notices(s.env.Now, s.config.Interval) {
		entries = append(entries, warnings.Entry{Text: notice.String(), Lines: s.noticeLines(notice, w)})
	}
	for i := range entries {
		entries[i].IsNotice = true
	}
	return entries
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

// columnDetails returns the column in a warning such as "price: selector matched nothing", and lines with what the items
// show about this column: the findings and the changes since earlier runs or, if there are none, the coverage. The column
// is unknown if the warning does not start with the name of a column.
func columnDetails(s *Screen, columns map[string]int, warning text.Text, w int) (optional.Value[item.Place], []string) {
	p := s.env.Painter
	name, _, _ := strings.Cut(warning.Raw(), ":")
	column, isColumn := columns[name]
	if !isColumn {
		return optional.Value[item.Place]{}, nil
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
	c := &all.Columns[column]
	if len(lines) == 0 {
		words := c.Place.String() + " has a value in " + profile.Percent(c.Covered(), c.Of) + " of " + text.Counted(int64(c.Of), "item")
		lines = draw.Styled(p.Muted, p.Wrap(words, w-detailIndent))
	}
	return optional.Some(c.Place), draw.Indent(lines, detailIndent)
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
