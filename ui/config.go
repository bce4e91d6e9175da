package ui

import (
	"context"
	"time"

	"sbwatch/model/item"
	"sbwatch/model/rules"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
	"sbwatch/monitor"
	"sbwatch/theme"
	"sbwatch/ui/screen"
	"sbwatch/ui/screen/history"
	"sbwatch/ui/screen/items"
	runscreen "sbwatch/ui/screen/run"
)

// Service is the client of the SmartBrowse API. Each call makes one attempt. It returns a [*run.Problem] or the error
// of the context.
type Service interface {
	// Dispatch starts a run of a recipe. It costs credits.
	Dispatch(ctx context.Context, recipeID string) (run.Dispatch, error)
	// Poll reads the state of a run. While a large answer arrives, Poll calls onItems with the items received so far.
	// onItems is called from the goroutine of Poll and must return quickly.
	Poll(ctx context.Context, runID string, onItems func(item.Table)) (run.Answer, error)
	// Usage reads the account's usage.
	Usage(ctx context.Context) (run.Usage, error)
}

// Load reads a saved answer and calls onItems as Service.Poll does. If it fails, it returns what it could read together
// with the error.
type Load func(ctx context.Context, onItems func(item.Table)) (run.Answer, error)

// noCommands proposes no commands.
type noCommands struct{}

func (noCommands) Rerun(*watch.Watch) string   { return "" }
func (noCommands) Watch(text.Text) string      { return "" }
func (noCommands) Usage() string               { return "" }
func (noCommands) Suggest(*watch.Watch) string { return "" }

// Config configures a dashboard.
type Config struct {
	// Watch is the run to watch, or to dispatch and watch, through Service.
	Watch   watch.Watch
	Service Service
	// Watches are the runs to watch instead of Watch. If there are several, the dashboard opens with their overview;
	// otherwise with the run, and the overview appears beneath it when the user dispatches a recipe.
	Watches []watch.Watch
	// Load, if set, reads a saved answer instead. Source is its name.
	Load   Load
	Source text.Text
	// First holds items that have already been read, for the first frame.
	First item.Table

	// Interval is the pause between an answer and the next poll.
	Interval time.Duration
	// Limits limit the requests. AskedAt, unless it is zero, is when a request was sent before that counts against them.
	Limits  monitor.Limits
	AskedAt time.Time
	// Timeout is how long to wait for the run to end; 0 means no limit.
	Timeout time.Duration

	// QuitIfRefused quits if the service refuses the run in its first answer, because there is nothing to show then.
	QuitIfRefused bool

	// Width and Height are the initial size of the terminal in cells, so that the first frame fits.
	Width, Height int
	// Light is whether the background is assumed to be light until the terminal reports its color.
	Light bool
	// Theme is the theme; its zero value is [theme.Default].
	Theme theme.Theme
	// Themes reads the themes that the user can choose from. It may read files.
	Themes func() []theme.Theme
	// FewColors restricts the dashboard to the terminal's own 16 colors.
	FewColors bool
	// NoColor disables colors. Bold, faint and reverse remain.
	NoColor bool

	// ASCII restricts the dashboard to ASCII, for terminals that do not read UTF-8.
	ASCII bool

	// Now is the clock. Jitter returns random numbers in [0, 1).
	Now    func() time.Time
	Jitter func() float64
	// Commands provides the command lines to propose after a run ended badly; nil proposes none.
	Commands Commands
	// Rules returns the rules to check the runs of a recipe against; nil if none were given.
	Rules func(recipe text.Text) rules.Set
	// History reads recorded runs; nil if there is no history.
	History History
	// Layouts loads and saves column layouts; nil if they are not saved.
	Layouts Layouts
	// Exporter writes items to files; nil disables exports.
	Exporter Exporter
	// Copy copies a text to the clipboard and returns how; nil lets the terminal do it.
	Copy Copier
	// OpenURL opens a web page in the user's browser.
	OpenURL func(url string) error
	// Suspend stops the program until a shell continues it. It returns an error if the program could not be stopped. If
	// Suspend is nil, Bubble Tea suspends the program.
	Suspend func() error
	// Redact removes the API key from a text such as a panic message; nil if there is no key.
	Redact func(text string) string
}

// Left is how a dashboard was quit.
type Left int

// Ways to quit.
const (
	// LeftByUser means q, ctrl+c or a signal.
	LeftByUser Left = iota
	// LeftByTimeout means that the timeout passed before the run ended.
	LeftByTimeout
	// LeftByDefect means that too many consecutive updates panicked.
	LeftByDefect
	// LeftByRefusal means that the service refused the run in its first answer, see [Config.QuitIfRefused].
	LeftByRefusal
)

// Interfaces that the caller of New implements.
type (
	// Export describes a file to write.
	Export = items.Export
	// Exporter writes items to files.
	Exporter = items.Exporter
	// Written describes a file that was written.
	Written = items.Written
	// Rules returns the rules to check the runs of a recipe against; nil if none were given.
	Rules func(recipe text.Text) rules.Set
	// History reads recorded runs.
	History = history.Source
	// RecordedRun is a run of the history.
	RecordedRun = history.Run
	// RecordedRecipe is a recipe of the history.
	RecordedRecipe = history.Recipe
	// RecipeKey identifies a recipe.
	RecipeKey = history.RecipeKey
	// Layouts loads and saves the column layouts of recipes.
	Layouts = items.Layouts
	// Commands provides command lines to propose to the user.
	Commands = runscreen.Commands
	// Copier copies a text to the clipboard.
	Copier = screen.Copier
	// CopyWay is how a text was copied.
	CopyWay = screen.CopyWay
)

// Ways to copy.
const (
	CopyTerminal     = screen.CopyTerminal
	CopySystem       = screen.CopySystem
	CopyTmux         = screen.CopyTmux
	CopyTmuxTerminal = screen.CopyTmuxTerminal
)
