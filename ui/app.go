// Package ui implements the dashboard: a Bubble Tea model that watches runs and then lets the user browse, profile and
// export their items.
//
// [App] is the only tea.Model. It owns the terminal size, the styles, the clock and the stack of layers, polls the
// runs, and routes messages. Everything visible is a layer: a screen, help, a prompt, a picker or a dialog. The top
// layer has the focus. Messages about a run contain the key of the run, so several runs can be shown at once. All I/O,
// and all work that takes longer than a frame, happens in a tea.Cmd.
package ui

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"

	"sbwatch/model/watch"
	"sbwatch/monitor"
	"sbwatch/ui/action"
	"sbwatch/ui/layout"
	"sbwatch/ui/screen"
	"sbwatch/ui/screen/help"
	"sbwatch/ui/screen/history"
	"sbwatch/ui/screen/items"
	"sbwatch/ui/screen/messages"
	"sbwatch/ui/screen/overview"
	"sbwatch/ui/screen/run"
)

// App is the root model of the dashboard.
type App struct {
	config  Config
	env     *screen.Env
	monitor *monitor.Monitor
	runs    map[monitor.RunKey]*watchedRun
	first   monitor.RunKey // the run the dashboard was started with
	several *several       // nil unless the dashboard watches runs of the service
	files   *fileTabs      // nil unless the dashboard shows several files

	ticks   int       // number of the newest tick; older ticks are ignored
	tickAt  time.Time // when the pending tick is due; zero if none is pending
	guard   guard
	pointer pointer
	// webhookFailed is true if the webhook has failed and can no longer receive deliveries from the service.
	webhookFailed bool
	// available caches the list of available actions. Each call of Update resets it to nil.
	available action.Table

	left   Left
	alerts alerts

	// begin is the first command of a dashboard that shows the history rather than a run.
	begin tea.Cmd
	// opened is the number of the recorded run or file that was opened last. Recorded runs and files have negative
	// numbers. Runs in the monitor have positive numbers.
	opened monitor.RunKey
}

// watchedRun is a run with its screen.
type watchedRun struct {
	source
	screen *run.Screen     // nil if the run was not opened yet, or if the screen was dropped
	facts  *overview.Facts // facts from the screen before it was dropped; nil if none was dropped
	state  run.State       // state of the screen before it was dropped
}

// New returns a dashboard. Requests are canceled when ctx ends.
func New(ctx context.Context, c Config) *App {
	a := newApp(ctx, c)
	first := c.Watch
	if c.First.Len() > 0 {
		first.Receiving(c.First)
	}
	if len(c.Files) > 0 {
		newFileTabs(a, c.Files)
		return a
	}
	if c.Load != nil {
		env := screen.RunEnv{Env: a.env}
		a.open(env, &savedRun{env: env, load: c.Load, watch: first, isLoading: true}, a.config.runConfig())
		return a
	}
	watches := c.Watches
	if len(watches) == 0 {
		watches = []watch.Watch{first}
	}
	a.several = newSeveral(a, watches)
	return a
}

// newApp returns a dashboard without layers.
func newApp(ctx context.Context, c Config) *App {
	if c.Commands == nil {
		c.Commands = noCommands{}
	}
	env := &screen.Env{
		Life: ctx, Now: c.Now(), Layers: new(screen.Stack),
		Painter: c.painter(ansi.WcWidth),
		Frame:   layout.NewFrame(c.Width, c.Height),
		Copier:  c.Copy,
		Keys:    c.Keys,
	}
	m := monitor.New(c.Interval, c.Jitter)
	m.Limit(c.Limits)
	if !c.AskedAt.IsZero() {
		m.Sent(c.AskedAt)
	}
	return &App{
		config: c, env: env, monitor: m, guard: guard{redact: c.Redact}, pointer: pointer{isOff: c.NoMouse},
		runs: map[monitor.RunKey]*watchedRun{},
	}
}

func (c Config) runConfig() run.Config {
	return run.Config{
		Items:  items.Config{Layouts: c.Layouts, Computed: c.Computed, Filters: c.Filters, Exporter: c.Exporter, OpenURL: c.OpenURL, FetchImage: c.FetchImage, ImagesInTmux: c.ImagesInTmux},
		Source: c.Source, IsSaved: c.Load != nil, Interval: c.Interval, Commands: c.Commands, Rules: c.Rules, History: c.History,
	}
}

// open opens the screen of a run on top of the other layers. runSource is the source of the run's state.
func (a *App) open(env screen.RunEnv, runSource source, config run.Config) {
	opened := &watchedRun{source: runSource, screen: run.New(env, config, runSource)}
	a.runs[env.Run] = opened
	a.env.Layers.Open(opened.screen)
}

// Watches returns the states of all runs, for the summary that is printed after the dashboard has quit. If the
// dashboard showed the history, the result holds a single empty state.
func (a *App) Watches() []watch.Watch {
	if a.files != nil {
		return openedWatches(a)
	}
	if a.several == nil {
		return []watch.Watch{*firstWatch(a)}
	}
	var watches []watch.Watch
	for _, key := range a.monitor.Keys() {
		watches = append(watches, *a.monitor.Watch(key))
	}
	return watches
}

// firstWatch returns the state of the first run. If there is no run, the state is empty.
func firstWatch(a *App) *watch.Watch {
	if first, isRun := a.runs[a.first]; isRun {
		return first.Watch()
	}
	return new(watch.Watch)
}

// Exporting reports whether a file was being written when the dashboard quit.
func (a *App) Exporting() bool {
	for _, run := range a.runs {
		if run.screen != nil && run.screen.IsExporting() {
			return true
		}
	}
	return false
}

// Left returns how the dashboard was quit.
func (a *App) Left() Left { return a.left }

// Init starts the watch.
func (a *App) Init() tea.Cmd {
	if a.config.FirstStart {
		welcome(a)
	}
	if len(a.config.Messages) > 0 {
		showMessages(a)
	}
	cmds := []tea.Cmd{a.pump(), a.nextTick(), a.begin, awaitDelivery(a)}
	if first := a.runs[a.first]; first != nil {
		if saved, isSaved := first.source.(*savedRun); isSaved {
			cmds = append(cmds, saved.start())
		}
	}
	if !a.config.NoColor {
		cmds = append(cmds, tea.RequestBackgroundColor)
	}
	if a.config.Timeout > 0 {
		cmds = append(cmds, tea.Tick(a.config.Timeout, func(time.Time) tea.Msg { return timeoutMsg{} }))
	}
	return guarded(tea.Batch(cmds...))
}

// welcomeTime is how long the dashboard shows the most important keys, if [Config.FirstStart] is set.
const welcomeTime = 12 * time.Second

// welcome shows the keys that open help, the palette and the list of themes. They disappear when the user presses a
// key.
func welcome(a *App) {
	var hints []string
	for _, action := range a.env.Keys.Apply(a.programActions()) {
		if isFirst := action.ID == "help" || action.ID == "palette" || action.ID == "theme"; isFirst && action.Enabled && len(action.Keys) > 0 {
			hints = append(hints, action.KeyText()+" "+action.Title)
		}
	}
	a.env.Toast.Keep(strings.Join(hints, " · "), a.env.Now, welcomeTime, 0)
}

// messagesTime is how long the dashboard shows the first of [Config.Messages]. No key hides it before messagesKept has
// passed.
const (
	messagesTime = 12 * time.Second
	messagesKept = 2 * time.Second
)

// showMessages shows the first message. If there are more, it shows how to read all of them.
func showMessages(a *App) {
	count, message := len(a.config.Messages), a.config.Messages[0]
	if count > 1 {
		palette := ":"
		for _, action := range a.env.Keys.Apply(a.programActions()) {
			if action.ID == "palette" && len(action.Keys) > 0 {
				palette = action.KeyText()
			}
		}
		message = fmt.Sprintf("%d messages (%s messages): %s", count, palette, message)
	}
	a.env.Toast.Keep(message, a.env.Now, messagesTime, messagesKept)
}

// messageActions lists the action that shows all messages. It returns nil if there are no messages.
func messageActions(a *App) action.Table {
	if len(a.config.Messages) == 0 {
		return nil
	}
	return action.Table{{
		ID: "messages", Group: action.GroupProgram, Title: "messages", Enabled: true,
		Run: action.Do(func() { a.env.Layers.Open(messages.New(a.env, a.config.Messages)) }),
	}}
}

// timeoutMsg reports that Config.Timeout has passed.
type timeoutMsg struct{}

// tickMsg is sent when requests may be due or the clocks must be redrawn.
type tickMsg struct{ generation int }

// Update handles one message. If handling it panics, Update shows a message about the panic, and the watch continues.
func (a *App) Update(msg tea.Msg) (updated tea.Model, cmd tea.Cmd) {
	defer func() {
		a.available = nil
		if r := recover(); r != nil {
			updated, cmd = a, guarded(a.updatePanicked(msg, newPanic(r)))
		}
	}()
	a.env.Now = a.config.Now()
	if key, ok := msg.(tea.KeyPressMsg); ok && a.guard.view != "" && a.leaves(key) {
		return a, tea.Quit
	}
	cmd = a.handle(msg)
	a.guard.inRow = 0
	return a, guarded(tea.Batch(cmd, deferred(a.env), a.alerts.wait(), a.nextTick()))
}

// deferred returns the command for the work that the topmost screen has put off.
func deferred(env *screen.Env) tea.Cmd {
	if top, found := screen.Topmost[screen.Deferring](env.Layers); found && !env.Frame.IsTooSmall {
		return top.Deferred()
	}
	return nil
}

func (a *App) handle(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.KeyPressMsg, tea.PasteMsg, tea.MouseMsg:
		return input(a, msg)
	case tea.WindowSizeMsg, tea.BackgroundColorMsg, tea.ColorProfileMsg, tea.ModeReportMsg, uv.DarkColorSchemeEvent, uv.LightColorSchemeEvent:
		return a.adapt(msg)
	case uv.KittyGraphicsEvent, uv.PrimaryDeviceAttributesEvent, uv.CellSizeEvent:
		return a.env.Layers.Top().Update(msg) // only the layer with the image sends these queries to the terminal
	case recipesMsg:
		addRecipes(a, msg)
	case themesMsg:
		return pickTheme(a, msg)
	case tickMsg:
		return a.tick(msg)
	case tea.ResumeMsg:
		return a.resumed()
	case suspendedMsg:
		msg.say(a.env)
	case screen.RunMsg:
		return a.aboutRun(msg)
	case screen.LayerMsg:
		return a.files.within(msg.To, func() tea.Cmd { return msg.To.Update(msg.Msg) })
	case history.OpenMsg:
		return openRecorded(a, msg)
	case history.OpenRecipeMsg:
		return openRecipe(a, msg.Recipe)
	case screen.CopiedMsg:
		return screen.Copied(a.env, msg)
	case deliveredMsg:
		return delivered(a, msg)
	case tea.FocusMsg, tea.BlurMsg, alertMsg:
		return a.alerts.update(msg, a)
	case accountMsg, paceMsg, coursesMsg:
		return a.several.learned(msg)
	case timeoutMsg:
		return a.timedOut()
	case panickedMsg:
		a.panicked(msg)
	case requestPanickedMsg:
		return a.requestPanicked(msg)
	}
	return nil
}

// adapt changes the styles, or the way text is measured, when the terminal reports its capabilities.
func (a *App) adapt(msg tea.Msg) tea.Cmd {
	method := a.env.Painter.Method
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		a.env.Frame = layout.NewFrame(msg.Width, msg.Height)
	case tea.BackgroundColorMsg:
		a.config.Light = !msg.IsDark()
	case uv.DarkColorSchemeEvent, uv.LightColorSchemeEvent:
		return tea.RequestBackgroundColor // the background may have changed together with the color scheme of the system
	case tea.ColorProfileMsg:
		a.config.NoColor = a.config.NoColor || msg.Profile <= colorprofile.ASCII
		a.config.FewColors = msg.Profile == colorprofile.ANSI
	case tea.ModeReportMsg:
		// If the terminal reports that it counts cells by grapheme, Bubble Tea does the same.
		if msg.Mode != ansi.ModeUnicodeCore ||
			msg.Value != ansi.ModeReset && msg.Value != ansi.ModeSet && msg.Value != ansi.ModePermanentlySet {
			return nil
		}
		method = ansi.GraphemeWidth
	}
	a.env.Painter = a.config.painter(method)
	return a.env.Layers.Update(screen.ResizedMsg{})
}

// input handles an event of the keyboard or the mouse.
func input(a *App, msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		return a.press(msg)
	case tea.MouseMsg:
		return useMouse(a, msg)
	default:
		return a.env.Layers.Top().Update(msg)
	}
}

// press runs the action for a key. While the top layer accepts text, that layer receives each key that has no action.
func (a *App) press(msg tea.KeyPressMsg) tea.Cmd {
	a.env.Toast.Hide(a.env.Now)
	isTyping := a.env.Layers.IsTyping() && !a.env.Frame.IsTooSmall
	if action, found := a.actions().For(msg, isTyping); found {
		return action.Run()
	}
	if isTyping {
		return a.env.Layers.Top().Update(msg)
	}
	return nil
}

// actions lists the actions of the open layers and of the program. The list is built at most once between two updates.
func (a *App) actions() action.Table {
	if a.available == nil {
		a.available = a.env.Keys.Apply(append(a.env.Layers.Actions(), a.programActions()...))
	}
	return a.available
}

// programActions lists the actions that are available on every screen.
func (a *App) programActions() action.Table {
	return append(slices.Concat(fileActions(a), messageActions(a)), action.Table{
		{
			ID: "help", Group: action.GroupProgram, Title: "keys", Keys: []string{"?"}, Rank: 1, Enabled: true,
			Run: action.Do(func() { a.env.Layers.Open(help.New(a.env, a.programActions)) }),
		},
		{
			ID: "palette", Group: action.GroupProgram, Title: "all actions", Keys: []string{":"}, Enabled: true,
			Run: func() tea.Cmd { return openPalette(a) },
		},
		{
			ID: "theme", Group: action.GroupProgram, Title: "theme", Keys: []string{"T"}, Enabled: a.config.Themes != nil && !a.config.NoColor,
			Run: func() tea.Cmd { return readThemes(a.config.Themes) },
		},
		mouseAction(a),
		{ID: "quit", Group: action.GroupProgram, Title: "quit", Keys: []string{"q"}, Rank: 14, Enabled: true, Run: a.quit},
		{ID: "interrupt", Group: action.GroupProgram, Keys: []string{"ctrl+c"}, WhileTyping: true, Enabled: true, Run: a.quit},
		{
			ID: "suspend", Group: action.GroupProgram, Title: "suspend", Keys: []string{"ctrl+z"}, WhileTyping: true, Enabled: true,
			Run: a.suspend,
		},
		{
			ID: "redraw", Group: action.GroupProgram, Title: "redraw", Keys: []string{"ctrl+l"}, WhileTyping: true, Enabled: true,
			Run: func() tea.Cmd { return tea.Batch(tea.ClearScreen, a.env.Layers.Update(screen.ResizedMsg{})) },
		},
	}...)
}

// quit saves unsaved changes and quits.
func (a *App) quit() tea.Cmd {
	var saves []tea.Cmd
	if shown, isShown := a.env.Layers.Top().(interface{ Remove() tea.Cmd }); isShown {
		saves = append(saves, shown.Remove()) // an image
	}
	for _, run := range a.runs {
		if run.screen == nil {
			continue
		}
		if save := run.screen.Flush(); save != nil {
			saves = append(saves, save)
		}
	}
	if len(saves) == 0 {
		return tea.Quit
	}
	return tea.Sequence(guarded(tea.Batch(saves...)), tea.Quit)
}

// timedOut quits the dashboard, unless all runs have ended.
func (a *App) timedOut() tea.Cmd {
	if !slices.ContainsFunc(slices.Collect(maps.Values(a.runs)), func(run *watchedRun) bool { return !run.Watch().Over() }) {
		return nil
	}
	a.left = LeftByTimeout
	return tea.Quit
}

// aboutRun passes a message about a run to the object that provides the state of the run: a polledRun or a savedRun. If
// that object does not handle the message, the screen of the run receives it.
func (a *App) aboutRun(msg screen.RunMsg) tea.Cmd {
	run, isWatched := a.runs[msg.Run]
	if !isWatched {
		return nil
	}
	event, cmd, isMine := run.handle(msg.Msg)
	if !isMine {
		event = msg.Msg
	}
	switch {
	case isMine && a.config.QuitIfRefused && len(a.monitor.Keys()) == 1 && isRefused(run.Watch()):
		a.left = LeftByRefusal
		return tea.Tick(refusalDelay, func(time.Time) tea.Msg { return tea.QuitMsg{} })
	case a.files != nil:
		return a.files.changed(msg.Run, event, cmd)
	case a.several != nil:
		return tea.Batch(cmd, a.several.changed(msg.Run, event), a.pump())
	case event != nil:
		cmd = tea.Batch(cmd, run.screen.Update(event))
	}
	return cmd
}

// refusalDelay is how long the dashboard stays open after the service has refused the run. In this time the terminal
// answers Bubble Tea's queries. If the dashboard closed earlier, the shell would read these answers as typed text.
const refusalDelay = 200 * time.Millisecond

// isRefused reports whether the service refused a run and has never sent a state or items of the run.
func isRefused(w *watch.Watch) bool {
	return w.Phase() == watch.PhaseGaveUp && w.AnsweredAt().IsZero() && w.Items().Len() == 0
}

// pump sends the requests that are due.
func (a *App) pump() tea.Cmd {
	var cmds []tea.Cmd
	for _, request := range a.monitor.Due(a.env.Now) {
		if polled, isPolled := a.runs[request.Key].source.(*polledRun); isPolled {
			cmds = append(cmds, polled.send(request))
		}
	}
	return tea.Batch(cmds...)
}

// tick handles a tickMsg: it updates the clocks and sends the requests that are due. It ignores the message if a newer
// tickMsg is pending.
func (a *App) tick(msg tickMsg) tea.Cmd {
	if msg.generation != a.ticks {
		return nil
	}
	a.tickAt = time.Time{}
	if events := a.monitor.Tick(a.env.Now); a.several != nil {
		a.several.clockEvents(events)
	}
	return tea.Batch(a.env.Layers.Update(screen.ClockMsg{}), a.pump())
}

// refresh is the time between redraws while a clock is running.
const refresh = 250 * time.Millisecond

// stillRefresh is the time between redraws while a background job is running and motion is off.
const stillRefresh = 2 * time.Second

// workRefresh is the time between redraws while a background job is running.
const workRefresh = 100 * time.Millisecond

// nextTick schedules a tick for the next due request or clock update, unless an earlier tick is pending. If nothing is
// due, it schedules no tick, and the program sleeps.
func (a *App) nextTick() tea.Cmd {
	now := a.env.Now
	at, wanted := a.monitor.Next()
	isMoving, isWorking := a.env.Toast.IsVisible(now), false
	for _, run := range a.runs {
		isMoving = isMoving || !run.Watch().Over() && !run.IsLoading()
		isWorking = isWorking || run.screen != nil && run.screen.IsWorking()
	}
	if worker, found := screen.Topmost[screen.Worker](a.env.Layers); found {
		isWorking = isWorking || worker.IsWorking()
	}
	switch {
	case a.config.Still && isWorking:
		at, wanted = earlier(at, wanted, now.Add(stillRefresh)), true
	case a.config.Still:
		if end, isVisible := a.env.Toast.End(now); isVisible {
			at, wanted = earlier(at, wanted, end), true
		}
	case isWorking:
		at, wanted = earlier(at, wanted, now.Add(workRefresh)), true
	case isMoving:
		at, wanted = earlier(at, wanted, now.Add(refresh)), true
	}
	if a.several != nil {
		if update, isBehind := a.several.overview.NextUpdate(); isBehind {
			at, wanted = earlier(at, wanted, update), true
		}
	}
	if !wanted || !a.tickAt.IsZero() && !at.Before(a.tickAt) {
		return nil
	}
	a.ticks++
	a.tickAt = at
	generation := a.ticks
	return tea.Tick(max(at.Sub(now), time.Millisecond), func(time.Time) tea.Msg { return tickMsg{generation} })
}

// earlier returns the earlier of two times. If isKnown is false, the first time is unknown, and earlier returns the
// second.
func earlier(first time.Time, isKnown bool, second time.Time) time.Time {
	if isKnown && first.Before(second) {
		return first
	}
	return second
}
