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

// Lines writes what becomes of runs as data: see [NewPlainLines], [NewJSONLines] and [NewQuietLines].
type Lines interface {
	// dispatched writes the id of a run that was accepted.
	dispatched(now time.Time, watch *watch.Watch) error
	// change writes the state of a run under way. With repeated, nothing has changed and the line is a sign of life. It
	// reports whether a line was written.
	change(now time.Time, watch *watch.Watch, repeated bool) (bool, error)
	// end writes the state that a run ended in, and everything that it says of itself.
	end(now time.Time, watch *watch.Watch) error
}

// PlainLines writes lines for people and for grep: time of day, run, status, counts. Its columns never shrink, so that
// lines stay aligned.
type PlainLines struct {
	// Source stands where a run has no id.
	Source text.Text

	out                   io.Writer
	idWidth, statusWidth  int
	pages, items, credits int // widths of the numbers
}

// NewPlainLines returns plain lines whose columns fit most runs.
func NewPlainLines(out io.Writer) *PlainLines {
	return &PlainLines{out: out, pages: 3, items: 4, credits: 2, idWidth: 11, statusWidth: 9}
}

func (l *PlainLines) dispatched(now time.Time, watch *watch.Watch) error {
	return l.write(l.remark(now, watch, "dispatched", "recipe "+watch.RecipeID().String()))
}

func (l *PlainLines) change(now time.Time, watch *watch.Watch, _ bool) (bool, error) {
	return true, l.write(l.state(now, watch))
}

func (l *PlainLines) end(now time.Time, watch *watch.Watch) error {
	lines := []string{l.state(now, watch)}
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
		lines = append(lines, l.remark(now, watch, "warning", warning.String()))
	}
	return l.write(lines...)
}

// duration returns how long an ended run took, or "" where the service did not say.
func duration(run run.Run) string {
	if run.Began().IsZero() || run.CompletedAt.IsZero() {
		return ""
	}
	return text.Clock(run.Elapsed(run.CompletedAt))
}

// head returns how every line begins.
func (l *PlainLines) head(now time.Time, watch *watch.Watch, status string) string {
	id := watch.RunID()
	if id.IsEmpty() {
		id = l.Source
	}
	return now.Format(time.TimeOnly) + "  " + padRight(id.String(), l.idWidth) + "  " + padRight(status, l.statusWidth)
}

// remark returns a line of words, which begin below the number of pages.
func (l *PlainLines) remark(now time.Time, watch *watch.Watch, kind, text string) string {
	return l.head(now, watch, padRight(kind, l.statusWidth+2)) + "  " + text
}

// state returns the line of a run's status and counts.
func (l *PlainLines) state(now time.Time, watch *watch.Watch) string {
	run := watch.Run()
	line := l.head(now, watch, statusWord(watch)) +
		"  " + l.counted(run.Pages, "page", &l.pages) +
		"  " + l.counted(itemCount(watch), "item", &l.items) +
		"  " + l.counted(run.Credits, "credit", &l.credits)
	return line
}

// counted returns a number, right-aligned in a column that grows with it, and its noun.
func (l *PlainLines) counted(n optional.Value[int64], noun string, width *int) string {
	text := plainCount(n, noun)
	number, _, _ := strings.Cut(text, " ")
	*width = max(*width, len(number))
	return strings.Repeat(" ", *width-len(number)) + padRight(text, len(number)+len(" s")+len(noun))
}

// plainCount returns a number with its noun, "1 page" or "1204 items": without separators, for programs. An unknown number
// is a dash.
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

// write writes whole lines with one call: another process may write to the same log.
func (l *PlainLines) write(lines ...string) error {
	var b strings.Builder
	for _, line := range lines {
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	_, err := io.WriteString(l.out, b.String())
	return WriteError(err)
}

// padRight pads text with spaces to a width in cells.
func padRight(text string, width int) string {
	return text + strings.Repeat(" ", max(0, width-ansi.StringWidth(text)))
}

// statusWord returns the status of a run. What has neither id nor status is not a run but items saved from one.
func statusWord(watch *watch.Watch) string {
	r := watch.Run()
	if r.ID.IsEmpty() && r.StatusSent.IsEmpty() && r.Status() == run.StatusQueued && watch.Over() {
		return "opened"
	}
	return r.StatusText()
}

// itemCount returns the service's count of items, or the number of the items at hand where it sent none.
func itemCount(watch *watch.Watch) optional.Value[int64] {
	if watch.Run().Items.Known() || !watch.Over() {
		return watch.Run().Items
	}
	isRun := !watch.RunID().IsEmpty() || !watch.Run().StatusSent.IsEmpty() || !watch.Run().Error.IsEmpty()
	if n := watch.Items().Total(); n > 0 || !isRun && watch.Problem() == nil || watch.Run().Status() == run.StatusCompleted {
		return optional.Some(int64(n))
	}
	return optional.Value[int64]{} // a run that ended badly returns none, whatever it had read
}

// quietLines writes no data. It says once that a run is waited for: standard output is for what comes after.
type quietLines struct {
	say     func(message string)
	waiting bool
}

// NewQuietLines returns lines without data, which say once that a run is waited for.
func NewQuietLines(say func(message string)) Lines { return &quietLines{say: say} }

func (l *quietLines) dispatched(time.Time, *watch.Watch) error { return nil }

func (l *quietLines) change(_ time.Time, watch *watch.Watch, repeated bool) (bool, error) {
	if !l.waiting {
		l.waiting = true
		l.say("run " + watch.RunID().String() + " is " + watch.Run().StatusText() + ": waiting for its end")
		return true, nil
	}
	return !repeated, nil
}

func (l *quietLines) end(time.Time, *watch.Watch) error { return nil }
