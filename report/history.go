package report

import (
	"io"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"sbwatch/history"
	"sbwatch/model/baseline"
	"sbwatch/model/optional"
	"sbwatch/model/run"
	"sbwatch/model/text"
)

// maxSpark is the maximum number of runs in a sparkline. minSpark is the minimum, even on a narrow screen. otherCells
// is the usual width of all other columns together, in terminal cells.
const (
	minSpark, maxSpark = 5, 20
	otherCells         = 64
)

// WriteRecipes writes a table of recipes. Each row describes the newest run of a recipe. The line below the row
// contains the advice or, if there is none, the most severe difference.
func WriteRecipes(out io.Writer, recipes []history.Judged, options HistoryOptions) error {
	width := options.Width
	showHost := false
	for _, r := range recipes {
		showHost = showHost || r.Host != recipes[0].Host
	}
	spark := maxSpark
	if width > 0 {
		spark = min(max((width-otherCells)/2, minSpark), maxSpark)
	}
	t := grid{isRightAligned: []bool{false, true, false, false, true, false, true}, isSpoken: options.Sentences}
	t.row("RECIPE", "RUNS", "LAST RUN (UTC)", "STATUS", "ITEMS", "", "DRIFT")
	for i := range recipes {
		r := &recipes[i]
		last := &r.Runs[0]
		name := text.NewText(r.ID).String()
		if r.ID == "" {
			name = "(unknown)"
		}
		if showHost {
			name += " on " + text.NewText(r.Host).String()
		}
		t.row(name, text.Count(int64(r.Count)), minute(last.At()), last.Status.String(),
			text.CountOr(last.Items), Sparkline(figures(r, baseline.Items, spark), 0), driftOr(last.Drift), Sparkline(figures(r, baseline.Drift, spark), 1))
		for _, line := range verdictOf(r) {
			t.note(indented("  ", line, width))
		}
	}
	return t.write(out)
}

// verdictOf returns the advice about a recipe. If there is none, it returns the most severe change for the worse in the
// newest run, such as "error: price is gone; usually 98% of the items have it". It returns nil if there is neither.
func verdictOf(r *history.Judged) []string {
	newest := r.Newest()
	switch {
	case newest == nil:
		return nil
	case newest.Advice.Kind != baseline.AdviceNone:
		return []string{newest.Advice.Text}
	}
	for _, c := range newest.Changes {
		if c.Worse && c.Severity >= baseline.Warning {
			return []string{c.Severity.String() + ": " + c.String()}
		}
	}
	return nil
}

// figures returns one value, such as the number of items, for each of the newest runs, in the order of time. The
// parameter runs is the maximum number of runs.
func figures(r *history.Judged, s baseline.Subject, runs int) []optional.Value[float64] {
	n := min(len(r.Runs), runs)
	values := make([]optional.Value[float64], n)
	for i := range n {
		values[n-1-i] = s.Measure(&r.Runs[i].Run)
	}
	return values
}

// Sparkline draws each value as a character from ▁ to █. The full height stands for the largest value, or for atLeast
// if that is larger. An unknown value becomes a space.
func Sparkline(values []optional.Value[float64], atLeast float64) string {
	blocks := []rune("▁▂▃▄▅▆▇█")
	highest := max(atLeast, 1e-9)
	for _, v := range values {
		highest = max(highest, v.Or(0))
	}
	var b strings.Builder
	for _, v := range values {
		value, known := v.Get()
		if !known || value < 0 {
			b.WriteRune(' ')
			continue
		}
		b.WriteRune(blocks[min(len(blocks)-1, int(value/highest*float64(len(blocks))))])
	}
	return b.String()
}

// HistoryOptions are the options for writing the history of a recipe.
type HistoryOptions struct {
	// Runs is the maximum number of runs to write.
	Runs int
	// Width is the width at which lines are wrapped, in terminal cells. 0 means no wrapping.
	Width int
	// Sentences is true if each row of a table is written as a sentence, for screen readers.
	Sentences bool
}

// WriteRecipe writes the runs of a recipe, newest first. Then it writes the differences of the newest run, and the
// coverage of the columns.
func WriteRecipe(out io.Writer, r *history.Judged, options HistoryOptions) error {
	about := "recipe " + text.NewText(r.ID).String() + ": " + text.Counted(int64(r.Count), "run")
	if oldest := r.Runs[len(r.Runs)-1].At(); len(r.Runs) == r.Count && !oldest.IsZero() {
		about += " since " + oldest.UTC().Format(time.DateOnly)
	}
	advice := ""
	if newest := r.Newest(); newest != nil && newest.Advice.Kind != baseline.AdviceNone {
		advice = newest.Advice.Text
	}
	head := sentence(about) + sentence(advice)
	if !options.Sentences {
		head = about + "\n"
		if advice != "" {
			head += indented("", advice, options.Width) + "\n"
		}
		head += "\n"
	}
	if _, err := io.WriteString(out, head); err != nil {
		return WriteError(err)
	}
	if err := writeRuns(out, r.Runs[:min(len(r.Runs), options.Runs)], options.Sentences); err != nil {
		return err
	}
	switch newest := r.Newest(); {
	case newest == nil || newest.Earlier == 0:
	case options.Sentences:
		if err := WriteBaselineSentences(out, newest); err != nil {
			return err
		}
	default:
		if _, err := io.WriteString(out, "\n"+comparedWith(newest)); err != nil {
			return WriteError(err)
		}
		if err := writeChanges(out, newest); err != nil {
			return err
		}
	}
	return writeCoverage(out, r, options)
}

// comparedWith returns the heading for the differences of a run, such as "run k7Xb9dRmQ2p compared with 12 earlier
// runs".
func comparedWith(j *baseline.Judgment) string {
	return "run " + j.Run.ID.String() + " compared with " + text.Counted(int64(j.Earlier), "earlier run") + "\n"
}

func writeRuns(out io.Writer, runs []history.Summary, asSentences bool) error {
	t := grid{isRightAligned: []bool{false, false, false, true, true, true, true, true}, isSpoken: asSentences}
	t.row("STARTED (UTC)", "RUN", "STATUS", "ITEMS", "PAGES", "DRIFT", "CREDITS", "TOOK", "")
	for i := range runs {
		r := &runs[i]
		took := "–"
		if seconds, known := baseline.Duration.Measure(&r.Run).Get(); known {
			took = text.Clock(time.Duration(seconds * float64(time.Second)))
		}
		t.row(minute(r.At()), r.ID.String(), r.Status.String(), text.CountOr(r.Items), text.CountOr(r.Pages), driftOr(r.Drift),
			text.CountOr(r.Credits), took, remarks(r))
	}
	return t.write(out)
}

// remarks returns the facts about a run that need attention, such as "cut short; 2 warnings".
func remarks(r *history.Summary) string {
	var words []string
	if r.Cut != run.CutNone {
		words = append(words, "cut short")
	}
	if r.Warnings > 0 {
		words = append(words, text.Counted(int64(r.Warnings), "warning"))
	}
	if r.Broken > 0 {
		words = append(words, text.Counted(int64(r.Broken), "broken rule"))
	}
	if !r.Error.IsEmpty() {
		words = append(words, truncate(r.Error.String()))
	}
	return strings.Join(words, "; ")
}

// FromHistory returns a message that tells the user that a run is read from the history and not from the service.
func FromHistory(r *history.Record) string {
	return "run " + r.ID.String() + " is read from the history (recorded " + minute(r.RecordedAt) + " UTC)"
}

// minute formats a time in UTC, without seconds.
func minute(t time.Time) string {
	if t.IsZero() {
		return "unknown"
	}
	return t.UTC().Format("2006-01-02 15:04")
}

func driftOr(drift optional.Value[float64]) string {
	if value, known := drift.Get(); known {
		return text.DriftText(value)
	}
	return text.CountOr(optional.Value[int64]{})
}

// indented returns a sentence that is wrapped at width, in terminal cells, and whose lines are indented. If width is 0,
// the sentence is not wrapped.
func indented(indent, sentence string, width int) string {
	if width > len(indent) {
		sentence = ansi.Wordwrap(sentence, width-len(indent), "")
	}
	return indent + strings.ReplaceAll(sentence, "\n", "\n"+indent)
}

// grid is a table of texts. Each column is as wide as its widest cell.
type grid struct {
	// isRightAligned says for each column whether it is right-aligned. Columns beyond the end of this slice are
	// left-aligned.
	isRightAligned []bool
	rows           [][]string
	// notes holds the lines below each row, by the index of the row.
	notes map[int][]string
	// isSpoken is true if each row is written as a sentence. The first row has the column titles.
	isSpoken bool
}

func (g *grid) row(cells ...string) { g.rows = append(g.rows, cells) }

// note adds a line below the last row.
func (g *grid) note(line string) {
	if g.notes == nil {
		g.notes = map[int][]string{}
	}
	last := len(g.rows) - 1
	g.notes[last] = append(g.notes[last], line)
}

func (g *grid) write(out io.Writer) error {
	if g.isSpoken {
		return g.writeSentences(out)
	}
	var widths []int
	for _, row := range g.rows {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], ansi.StringWidth(cell))
		}
	}
	var b strings.Builder
	for n, row := range g.rows {
		padded := make([]string, len(row))
		for i, cell := range row {
			padding := strings.Repeat(" ", widths[i]-ansi.StringWidth(cell))
			if i < len(g.isRightAligned) && g.isRightAligned[i] {
				padded[i] = padding + cell
			} else {
				padded[i] = cell + padding
			}
		}
		b.WriteString(strings.TrimRight(strings.Join(padded, "  "), " ") + "\n")
		for _, note := range g.notes[n] {
			b.WriteString(note + "\n")
		}
	}
	_, err := io.WriteString(out, b.String())
	return WriteError(err)
}
