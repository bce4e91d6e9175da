package ui

import (
	"context"
	"image"
	"time"

	"sbwatch/model/item"
	"sbwatch/model/rules"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
	"sbwatch/monitor"
	"sbwatch/theme"
	"sbwatch/ui/action"
	"sbwatch/ui/screen"
	"sbwatch/ui/screen/history"
	"sbwatch/ui/screen/items"
	runscreen "sbwatch/ui/screen/run"
)

// Service is a client of the SmartBrowse API. Each call makes one attempt. Errors are either a [*run.Problem] or the
// error of the context.
type Service interface {
	// Dispatch starts a run of a recipe, which costs credits.
	Dispatch(ctx context.Context, recipeID string) (run.Dispatch, error)
	// Poll reads the state of a run. While a large answer arrives, Poll calls onItems with the items received so far.
	// onItems is called from the goroutine of Poll and must return quickly.
	Poll(ctx context.Context, runID string, onItems func(item.Table)) (run.Answer, error)
	// Usage reads the account's usage.
	Usage(ctx context.Context) (run.Usage, error)
}

// Load reads a saved answer of the service. While reading, it calls onItems with the items read so far. If it fails, it
// returns an error and the part of the answer that it could read.
type Load func(ctx context.Context, onItems func(item.Table)) (run.Answer, error)

// noCommands is a [Commands] without suggestions.
type noCommands struct{}

func (noCommands) Rerun(*watch.Watch) string   { return "" }
func (noCommands) Watch(text.Text) string      { return "" }
func (noCommands) Usage() string               { return "" }
func (noCommands) Suggest(*watch.Watch) string { return "" }

// Config configures a dashboard.
type Config struct {
	// Watch is the run to watch through Service. If it has no id yet, the dashboard dispatches it first.
	Watch   watch.Watch
	Service Service
	// Watches, if not empty, are the runs to watch, and Watch is ignored. For several runs, the dashboard opens with
	// the overview. For a single run, it opens with the screen of the run, and shows the overview only when the user
	// dispatches a recipe.
	Watches []watch.Watch
	// Load, if not nil, is used instead of Service. It reads a saved answer of the service. Source is the name of the
	// saved answer, such as its file name.
	Load   Load
	Source text.Text
	// Files are several files to show in tabs. If Files is not empty, Load and Source are ignored.
	Files []File
	// MaxMemory is the approximate limit on the memory for the items of all files, in bytes; 0 means no limit.
	MaxMemory int64
	// First holds items that were read before the dashboard opened, so that the first frame can show them.
	First item.Table

	// Interval is the pause between an answer and the next poll.
	Interval time.Duration
	// Limits are the limits on requests. AskedAt is the time of a request that was sent before the dashboard opened,
	// and that counts toward the limits. AskedAt is zero if there was no such request.
	Limits  monitor.Limits
	AskedAt time.Time
	// Webhook receives the deliveries of the service, which say that runs have ended. It may be nil.
	Webhook Webhook
	// Timeout is how long to wait for the run to end; 0 means no limit.
	Timeout time.Duration

	// QuitIfRefused quits the dashboard if the service refuses the run in its first answer. The dashboard would have
	// nothing to show.
	QuitIfRefused bool

	// Width and Height are the initial size of the terminal in cells. They allow the first frame to have the right
	// size.
	Width, Height int
	// Light makes the dashboard assume a light background until the terminal reports its background color.
	Light bool
	// Theme is the theme of the dashboard. The zero value is [theme.Default].
	Theme theme.Theme
	// Themes returns the themes that the user can choose from. The function may read files.
	Themes func() []theme.Theme
	// Keys are the user's keys for actions.
	Keys action.Keymap
	// FewColors restricts the dashboard to the 16 colors of the terminal's palette.
	FewColors bool
	// NoColor disables colors. Bold, faint and reverse video remain.
	NoColor bool

	// ASCII restricts the dashboard to ASCII, for terminals that do not read UTF-8.
	ASCII bool
	// Still turns off motion: no clock runs and no progress is animated. The screen is redrawn for new data and for key
	// presses.
	Still bool

	// FirstStart shows the most important keys for some seconds. It is for users who have not seen the dashboard
	// before.
	FirstStart bool

	// Messages are printable messages for the user, such as problems in the config file. The dashboard shows the first
	// message for some seconds after its start. The user can also read all messages on a screen.
	Messages []string

	// NoMouse leaves the mouse to the terminal until the user turns on the mouse of the dashboard.
	NoMouse bool

	// Now returns the current time. Jitter returns random numbers in [0, 1).
	Now    func() time.Time
	Jitter func() float64
	// Commands provides commands to suggest after a run that ended badly. If Commands is nil, no commands are
	// suggested.
	Commands Commands
	// Rules returns the rules for the runs of a recipe. The function is nil if the user gave no rules.
	Rules func(recipe text.Text) rules.Set
	// History provides recorded runs. It may be nil.
	History History
	// Computed are the computed columns that the dashboard adds to the items of each run and file.
	Computed Computed
	// Layouts loads and saves column layouts. Layouts is nil if layouts are not saved.
	Layouts Layouts
	// Filters loads and saves pinned filters. Filters is nil if filters cannot be pinned.
	Filters Filters
	// Exporter writes items to files. If Exporter is nil, items cannot be exported.
	Exporter Exporter
	// Ended is called when a run has ended or sbwatch has given up polling it. The function must return at once. Ended
	// may be nil.
	Ended func(key monitor.RunKey, w *watch.Watch)
	// Notify returns the bytes that make the terminal show a notification. message is printable. If Notify is nil,
	// there are no notifications. If NotifyFocused is false, notifications are shown only while the terminal's window
	// does not have the focus.
	Notify        func(message string) string
	NotifyFocused bool
	// Copy copies a text to the clipboard and returns the way in which the text was copied. If Copy is nil, the
	// terminal copies the text.
	Copy Copier
	// OpenURL opens a web page in the user's browser.
	OpenURL func(url string) error
	// FetchImage fetches and decodes the image at a URL. If FetchImage is nil, the dashboard cannot show images.
	FetchImage func(ctx context.Context, url string) (image.Image, error)
	// ImagesInTmux reports whether the terminal in which tmux runs can show images. Outside tmux, ImagesInTmux is nil.
	ImagesInTmux func(ctx context.Context) bool
	// Suspend stops the program until a shell continues it. If Suspend is nil, Bubble Tea suspends the program. An
	// error means that the program could not be stopped.
	Suspend func() error
	// Redact removes the API key from a text, such as the message of a panic. Redact is nil if there is no key.
	Redact func(text string) string
}

// Left says how a dashboard was quit.
type Left int

// The ways to quit a dashboard.
const (
	// LeftByUser means that the user pressed q or ctrl+c, or that a signal arrived.
	LeftByUser Left = iota
	// LeftByTimeout means that the timeout passed before the run ended.
	LeftByTimeout
	// LeftByDefect means that too many consecutive updates panicked.
	LeftByDefect
	// LeftByRefusal means that the service refused the run in its first answer: see [Config.QuitIfRefused].
	LeftByRefusal
)

// Types of other packages that callers of [New] need.
type (
	// Export describes a file to write.
	Export = items.Export
	// Exporter writes items to files.
	Exporter = items.Exporter
	// Written describes a file that was written.
	Written = items.Written
	// Rules returns the rules for the runs of a recipe.
	Rules func(recipe text.Text) rules.Set
	// History provides recorded runs.
	History = history.Source
	// RecordedRun is a run in the history.
	RecordedRun = history.Run
	// RecordedRecipe is a recipe in the history.
	RecordedRecipe = history.Recipe
	// RecipeKey identifies a recipe.
	RecipeKey = history.RecipeKey
	// Computed are computed columns that the user gave before the dashboard opened.
	Computed = items.Computed
	// Layouts loads and saves the column layouts of recipes.
	Layouts = items.Layouts
	// Filters loads and saves the pinned filters of recipes.
	Filters = items.Filters
	// Commands provides the command lines that are suggested to the user.
	Commands = runscreen.Commands
	// Copier copies a text to the clipboard.
	Copier = screen.Copier
	// CopyWay says how a text was copied.
	CopyWay = screen.CopyWay
)

// The ways to copy a text.
const (
	CopyTerminal     = screen.CopyTerminal
	CopySystem       = screen.CopySystem
	CopyTmux         = screen.CopyTmux
	CopyTmuxTerminal = screen.CopyTmuxTerminal
)
