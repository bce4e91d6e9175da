package ui

import (
	"context"
	"time"

	"sbwatch/model/item"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
	"sbwatch/ui/screen/items"
	runscreen "sbwatch/ui/screen/run"
)

// Service is what the dashboard asks of a client of the SmartBrowse API. Each call is one attempt; its errors are
// [*model.Problem] values, or those of the context.
type Service interface {
	// Dispatch starts a run of a recipe. It costs credits.
	Dispatch(ctx context.Context, recipeID string) (run.Dispatch, error)
	// Poll reads the state of a run. While a large answer arrives, onItems is given the items so far; it is called from
	// the goroutine of the call and must be quick.
	Poll(ctx context.Context, runID string, onItems func(item.Table)) (run.Answer, error)
	// Usage reads the account's usage.
	Usage(ctx context.Context) (run.Usage, error)
}

// Load reads a saved answer, handing out items as Poll does. Its answer holds what could be read, also beside an error.
type Load func(ctx context.Context, onItems func(item.Table)) (run.Answer, error)

// noCommands proposes nothing.
type noCommands struct{}

func (noCommands) Rerun(*watch.Watch) string { return "" }
func (noCommands) Watch(text.Text) string    { return "" }
func (noCommands) Usage() string             { return "" }

// Config is what a dashboard is made of.
type Config struct {
	// Watch is the run to watch, or to dispatch and watch, through Service.
	Watch   watch.Watch
	Service Service
	// Load, where it is set, reads a saved answer instead; Source is its name.
	Load   Load
	Source text.Text
	// First are items that were read already; they stand in the first frame.
	First item.Table

	// Interval is the pause between an answer and the next poll.
	Interval time.Duration
	// Timeout is how long to wait for the end of the run; 0 means for ever.
	Timeout time.Duration

	// Width and Height are the terminal's size in cells at the start, so that the first frame fits.
	Width, Height int
	// Light is a guess that the terminal's background is light, until the terminal answers for itself.
	Light bool
	// FewColors renders with the terminal's own sixteen colours.
	FewColors bool
	// NoColor renders without colours: bold, faint and reverse remain.
	NoColor bool

	// Now is the clock; Jitter gives numbers from 0 up to 1.
	Now    func() time.Time
	Jitter func() float64
	// Commands are proposed where a run ended badly; nil for none.
	Commands Commands
	// Layouts remembers the layout of a recipe's columns; nil where nothing is remembered.
	Layouts Layouts
	// Exporter writes items to files; nil where that cannot be done.
	Exporter Exporter
	// OpenURL opens a web page in the user's browser.
	OpenURL func(url string) error
	// Suspend stops the program until a shell continues it. Its error says why nothing was stopped. nil leaves that to Bubble
	// Tea.
	Suspend func() error
	// Redact returns a text, of a panic say, without the API key; nil where there is no key.
	Redact func(text string) string
}

// Left tells how a dashboard was left.
type Left int

// The ways to leave.
const (
	// LeftByUser: q or ctrl+c, or a signal that made the program quit.
	LeftByUser Left = iota
	// LeftByTimeout: the timeout passed before the run ended.
	LeftByTimeout
	// LeftByDefect: too many updates in a row had panicked.
	LeftByDefect
)

// What the dashboard asks of those who give it a place for files and layouts.
type (
	// Export is what is to be written, and where.
	Export = items.Export
	// Exporter writes items to files.
	Exporter = items.Exporter
	// Layouts remembers how the columns of recipes' items are laid out.
	Layouts = items.Layouts
	// Commands are the command lines that a screen proposes to its user.
	Commands = runscreen.Commands
)
