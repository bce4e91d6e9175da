package report

import (
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"sbwatch/model/optional"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
)

// Lines writes data about runs to standard output. Use [NewPlainLines], [NewJSONLines] or [NewQuietLines] to create
// one.
type Lines interface {
	// dispatched writes the id of a run that the service has accepted.
	dispatched(now time.Time, watch *watch.Watch) error
	// state writes the state of an unfinished run, and reports whether it has written a line. If repeated is true,
	// nothing has changed; a line then only shows that the watch continues.
	state(now time.Time, watch *watch.Watch, repeated bool) (bool, error)
	// end writes the final state of a run, including its drift and warnings.
	end(now time.Time, watch *watch.Watch) error
}

// PlainLines writes lines for people and for grep: time of day, run id, status and counts. Columns become wider if
// necessary, but never narrower, so that lines stay aligned.
type PlainLines struct {
	// Source is shown in place of the id if a run has no id.
	Source text.Text

	out                               io.Writer
	idWidth, statusWidth              int // in terminal cells
	pageWidth, itemWidth, creditWidth int // widths of the columns of numbers, in terminal cells
}

// idWidth is the usual width of a run id, in terminal cells.
const idWidth = 11

// NewPlainLines returns PlainLines with columns that are wide enough for most runs.
func NewPlainLines(out io.Writer) *PlainLines {
	return &PlainLines{out: out, pageWidth: 3, itemWidth: 4, creditWidth: 2, idWidth: idWidth, statusWidth: 9}
}

func (l *PlainLines) dispatched(now time.Time, watch *watch.Watch) error {
	return l.write(l.textLine(now, watch, "dispatched", "recipe "+watch.RecipeID().String()))
}

func (l *PlainLines) state(now time.Time, watch *watch.Watch, _ bool) (bool, error) {
	return true, l.write(l.stateLine(now, watch))
}

func (l *PlainLines) end(now time.Time, watch *watch.Watch) error {
	lines := []string{l.stateLine(now, watch)}
	if watch.Run().Status() == run.StatusCompleted {
		drift := "-"
		if value, known := watch.Run().Drift().Get(); known {
			drift = text.DriftText(value)
		}
		lines[0] += "   drift " + drift
	}
	warnings, known := watch.Run().Warnings().Get()
	if known {
		lines[0] += "   " + plainCount(optional.Some(int64(len(warnings))), "warning")
	}
	if took := duration(watch.Run()); took != "" {
		lines[0] += "   " + took
	}
	for _, warning := range warnings {
		lines = append(lines, l.textLine(now, watch, "warning", warning.String()))
	}
	return l.write(lines...)
}

// duration returns how long a finished run took, such as "42s", or "" if this is unknown.
func duration(run run.Run) string {
	if run.Began().IsZero() || run.CompletedAt.IsZero() {
		return ""
	}
	return text.Clock(run.Elapsed(run.CompletedAt))
}

// prefix returns the start of a line: the time, the run id and the status.
func (l *PlainLines) prefix(now time.Time, watch *watch.Watch, status string) string {
	id := watch.RunID()
	if id.IsEmpty() {
		id = l.Source
	}
	return now.Format(time.TimeOnly) + "  " + padRight(id.String(), l.idWidth) + "  " + padRight(status, l.statusWidth)
}

// textLine returns a line with text instead of counts. The text begins at the column for the number of pages.
func (l *PlainLines) textLine(now time.Time, watch *watch.Watch, kind, text string) string {
	return l.prefix(now, watch, padRight(kind, l.statusWidth+2)) + "  " + text
}

// stateLine returns a line with the status and the counts of a run.
func (l *PlainLines) stateLine(now time.Time, watch *watch.Watch) string {
	run := watch.Run()
	return l.prefix(now, watch, statusWord(watch)) +
		"  " + alignedCount(run.Pages, "page", &l.pageWidth) +
		"  " + alignedCount(itemCount(watch), "item", &l.itemWidth) +
		"  " + alignedCount(run.Credits, "credit", &l.creditWidth)
}

// alignedCount returns a number with its noun, such as " 12 pages". The number is right-aligned to width, in terminal
// cells. If the number is wider, alignedCount increases width.
func alignedCount(n optional.Value[int64], noun string, width *int) string {
	text := plainCount(n, noun)
	number, _, _ := strings.Cut(text, " ")
	*width = max(*width, len(number))
	return strings.Repeat(" ", *width-len(number)) + padRight(text, len(number)+len(" s")+len(noun))
}

// plainCount returns a number with its noun, such as "1 page" or "1204 items". The number has no thousands separators,
// because programs parse it. An unknown number becomes a dash.
func plainCount(n optional.Value[int64], noun string) string {
	value, known := n.Get()
	switch {
	case !known:
		return "- " + noun + "s"
	case value == 1:
		return "1 " + noun
	default:
		return strconv.FormatInt(value, 10) + " " + noun + "s"
	}
}

// write writes lines with a single call of Write. With several calls, another process could write to the same log
// between them.
func (l *PlainLines) write(lines ...string) error {
	var b strings.Builder
	for _, line := range lines {
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	_, err := io.WriteString(l.out, b.String())
	return WriteError(err)
}

// padRight pads text with spaces on the right to a width in terminal cells.
func padRight(text string, width int) string {
	return text + strings.Repeat(" ", max(0, width-ansi.StringWidth(text)))
}

// statusWord returns the status of a run. For a file of items, which has no run id and no status, it returns "opened".
func statusWord(watch *watch.Watch) string {
	r := watch.Run()
	if r.ID.IsEmpty() && r.StatusSent.IsEmpty() && r.Status() == run.StatusQueued && watch.Over() {
		return "opened"
	}
	return r.StatusText()
}

// itemCount returns the number of items that the service reports. If the service reports no number, it returns the
// number of received items.
func itemCount(watch *watch.Watch) optional.Value[int64] {
	if watch.Run().Items.Known() || !watch.Over() {
		return watch.Run().Items
	}
	isRun := !watch.RunID().IsEmpty() || !watch.Run().StatusSent.IsEmpty() || !watch.Run().Error.IsEmpty()
	if n := watch.TotalItems(); n > 0 || !isRun && watch.Problem() == nil || watch.Run().Status() == run.StatusCompleted {
		return optional.Some(int64(n))
	}
	return optional.Value[int64]{} // the service returns no items of a failed run, so their number is unknown
}

// quietLines implements [Lines] for commands that write no lines about runs to standard output, such as export.
type quietLines struct {
	say  func(message string)
	said bool
}

// NewQuietLines returns [Lines] that writes no data. It writes only one message: that the command waits for a run.
func NewQuietLines(say func(message string)) Lines { return &quietLines{say: say} }

func (l *quietLines) dispatched(time.Time, *watch.Watch) error { return nil }

func (l *quietLines) state(_ time.Time, watch *watch.Watch, repeated bool) (bool, error) {
	if !l.said {
		l.said = true
		l.say("waiting for run " + watch.RunID().String() + " to end (" + watch.Run().StatusText() + ")")
		return true, nil
	}
	return !repeated, nil
}

func (l *quietLines) end(time.Time, *watch.Watch) error { return nil }
