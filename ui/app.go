// Package ui is the dashboard: a Bubble Tea model that watches one run, live, and then browses, judges and hands on its items.
//
// [App] is the only tea.Model. Its parts are plain structs and pure functions: app.go routes messages, poll.go is the poll
// loop, ordering.go works out which items show, keymap.go names the keys and press.go does what they ask for. Each screen and
// tab has a file that draws it: live.go, results.go with table.go, item.go, columns_tab.go and pages_tab.go, outcome.go,
// help.go. All I/O is in commands, and so is all work that takes longer than a frame: job.go.
package ui

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"

	"sbwatch/model/watch"
	"sbwatch/query"
	"sbwatch/theme"
)

// App is the root model of the dashboard.
type App struct {
	ctx    context.Context //nolint:containedctx // the life of the program: commands end with it
	config Config
	look   look
	now    time.Time // when the last message came: what View draws

	width, height int

	watch    watch.Watch
	schedule *watch.Schedule
	loading  bool // a saved answer is being read
	ticks    int  // the generation of ticks: older ones are dropped
	polls    int  // the generation of polls: parts of an older answer are dropped

	askedAt   time.Time // when the newest request was sent
	endPoll   context.CancelFunc
	pollAgain bool // the user gave up an unanswered poll for a new one

	find   finder
	judge  judge
	prompt prompt
	// chooser floats above the screen; nil where none does.
	chooser *chooser
	history map[promptKind][]string // what was typed, the newest first
	// emptying looks for an empty cell, parting for the parts of nested values.
	emptying, parting job
	remembered        remembered
	// asked is the generation of questions for completions.
	asked int
	// export asks what to write where; nil while it does not.
	export    *exportDialog
	exporting job
	// exportedTo is the name of the file that was written last.
	exportedTo string

	head     []string // what stands above the tabs and their names
	tab      tab
	table    table
	item     itemView
	warnings textView
	raw      textView
	outcome  textView
	help     helpScreen
	toast    toast

	guard guard
	left  Left
}

// New makes a dashboard. Requests under way end with ctx.
func New(ctx context.Context, c Config) *App {
	if c.Commands == nil {
		c.Commands = noCommands{}
	}
	a := &App{
		ctx: ctx, config: c, now: c.Now(),
		width: c.Width, height: c.Height,
		watch:    c.Watch,
		schedule: watch.NewSchedule(c.Interval, c.Jitter),
		loading:  c.Load != nil,
	}
	a.find.cache = new(query.Cache)
	a.look = look{Styles: c.styles(), method: ansi.WcWidth}
	if c.Load == nil {
		a.schedule.Add(theSlot, a.now)
	}
	if c.First.Len() > 0 {
		a.watch.Receiving(c.First)
		a.table.set(c.First, fitColumns(a.look, c.First, fitFirst))
	}
	a.arrange()
	return a
}

// styles are those that the terminal can show.
func (c Config) styles() theme.Styles {
	switch {
	case c.NoColor:
		return theme.Mono()
	case c.FewColors:
		return theme.New(theme.Basic())
	case c.Light:
		return theme.New(theme.Light())
	default:
		return theme.New(theme.Dark())
	}
}

// learnColors follows what the renderer has found out about the terminal.
func (a *App) learnColors(profile colorprofile.Profile) tea.Cmd {
	a.config.NoColor = a.config.NoColor || profile <= colorprofile.ASCII
	a.config.FewColors = profile == colorprofile.ANSI
	return a.restyle(a.config.styles())
}

// Watch is what is known of the run, for the last words after the dashboard was left.
func (a *App) Watch() watch.Watch { return a.watch }

// Exporting tells whether a file was being written when the dashboard was left.
func (a *App) Exporting() bool { return a.exporting.runs() }

// Left tells how the dashboard was left.
func (a *App) Left() Left { return a.left }

// Init starts the watch.
func (a *App) Init() tea.Cmd {
	cmds := []tea.Cmd{a.start()}
	if !a.config.NoColor {
		cmds = append(cmds, tea.RequestBackgroundColor)
	}
	if a.config.Timeout > 0 {
		cmds = append(cmds, tea.Tick(a.config.Timeout, func(time.Time) tea.Msg { return timeoutMsg{} }))
	}
	return guarded(tea.Batch(cmds...))
}

// timeoutMsg says that the time to wait for the end of the run has passed.
type timeoutMsg struct{}

// Update handles one message. A panic is told on the screen, and the watch goes on.
func (a *App) Update(msg tea.Msg) (updated tea.Model, cmd tea.Cmd) {
	defer func() {
		if r := recover(); r != nil {
			updated, cmd = a, guarded(a.updatePanicked(msg, newPanic(r)))
		}
	}()
	a.now = a.config.Now()
	if key, ok := msg.(tea.KeyPressMsg); ok && a.guard.view != "" && a.leaves(key) {
		return a, tea.Quit
	}
	cmd = a.handle(msg)
	a.guard.inRow = 0
	return a, guarded(cmd)
}

func (a *App) handle(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		return a.press(msg)
	case tea.WindowSizeMsg:
		return a.resize(msg)
	case tea.BackgroundColorMsg:
		a.config.Light = !msg.IsDark()
		return a.restyle(a.config.styles())
	case tea.ColorProfileMsg:
		return a.learnColors(msg.Profile)
	case tea.ModeReportMsg:
		a.learnWidths(msg)
	case tea.ResumeMsg:
		return a.resumed()
	case tickMsg:
		return a.tick(msg)
	case usageMsg:
		return a.usageRead(msg)
	case dispatchedMsg:
		return a.dispatched(msg)
	case polledMsg:
		return a.polled(msg)
	case receivingMsg:
		return a.receiving(msg)
	case loadedMsg:
		return a.loaded(msg)
	case itemLinesMsg:
		a.itemDrawn(msg)
	case browsedMsg:
		return a.browsed(msg)
	case tea.PasteMsg:
		return a.pasted(msg)
	case timeoutMsg:
		return a.timedOut()
	case suspendedMsg:
		return a.suspended(msg)
	default:
		return a.handleFound(msg)
	}
	return nil
}

// handleFound handles what commands have found out about the items.
func (a *App) handleFound(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case orderedMsg:
		return a.ordered(msg)
	case matchesMsg:
		return a.found(msg)
	case jumpMsg:
		return a.jumped(msg)
	case emptyMsg:
		return a.foundEmpty(msg)
	case partsMsg:
		return a.opened(msg)
	case profiledMsg:
		a.profiled(msg)
	case keyedMsg:
		return a.foundKeyed(msg)
	case layoutMsg:
		return a.recallLayout(msg)
	case renewedMsg:
		a.renewed(msg)
	case fitsMsg:
		a.table.fits.add(msg.fits)
		a.arrangeTable()
	case saveMsg:
		return a.saveLayout(msg.changes)
	case checkedMsg:
		return a.checked(msg)
	case exportedMsg:
		return a.exported(msg)
	case completedMsg:
		a.completed(msg)
	case panickedMsg:
		a.panicked(msg)
		return a.nextTick()
	case requestPanickedMsg:
		return a.requestPanicked(msg)
	}
	return nil
}

func (a *App) resize(msg tea.WindowSizeMsg) tea.Cmd {
	a.width, a.height = msg.Width, msg.Height
	a.arrange()
	return a.layOutLargeItem()
}

func (a *App) restyle(s theme.Styles) tea.Cmd {
	a.look.Styles = s
	a.arrange()
	return a.layOutLargeItem()
}

// learnWidths follows the renderer, which counts cells by grapheme where the terminal says that it does so too.
func (a *App) learnWidths(msg tea.ModeReportMsg) {
	if msg.Mode == ansi.ModeUnicodeCore &&
		(msg.Value == ansi.ModeReset || msg.Value == ansi.ModeSet || msg.Value == ansi.ModePermanentlySet) {
		a.look.method = ansi.GraphemeWidth
		a.arrange()
	}
}

func (a *App) timedOut() tea.Cmd {
	if a.watch.Over() {
		return nil
	}
	a.left = LeftByTimeout
	return tea.Quit
}

// arrange lays out anew what depends on the size, the styles or the data, so that View has only to read it.
func (a *App) arrange() {
	w := a.innerWidth()
	a.arrangeHead()
	a.warnings.lines = a.warningLines(w)
	a.raw.lines = rawLines(a.look, &a.watch, w)
	a.outcome.lines = a.outcomeLines(w)
	a.arrangeJudge()
	a.arrangeTable()
}

// arrangeHead draws what stands above the table. Its height is the table's to know.
func (a *App) arrangeHead() {
	if a.screen() == screenResults {
		a.head = a.resultsHead(a.innerWidth())
	}
}

// arrangeTable keeps the table's cursor and the open item on the screen.
func (a *App) arrangeTable() {
	if a.item.row >= a.table.len() {
		a.item = itemView{}
	}
	if a.screen() == screenTooSmall {
		return // what showed before shows again when there is room
	}
	w, h := a.tableSize()
	a.table.follow(a.look, w, h)
	if a.item.open && !a.itemIsLarge() {
		a.item.lines = itemLines(a.look, a.table.items, a.table.item(a.item.row), a.itemWidth(), a.table.marks)
	}
}
