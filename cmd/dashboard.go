package cmd

import (
	"cmp"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/spf13/cobra"

	"sbwatch/cmd/browser"
	"sbwatch/cmd/clipboard"
	"sbwatch/cmd/configcmd"
	"sbwatch/cmd/machine"
	"sbwatch/cmd/picture"
	"sbwatch/cmd/tty"
	"sbwatch/config"
	"sbwatch/follow"
	"sbwatch/model/item"
	"sbwatch/model/run"
	"sbwatch/model/settings"
	"sbwatch/model/text"
	"sbwatch/model/watch"
	"sbwatch/report"
	"sbwatch/store"
	"sbwatch/theme"
	"sbwatch/ui"
	"sbwatch/ui/action"
)

// errDefect is the error of a command whose dashboard panicked. Bubble Tea restores the terminal and prints the stack
// trace before the command returns this error.
var errDefect = errors.New("the dashboard crashed because of a bug in sbwatch: please report the lines above; --plain works without the dashboard")

// traceDelay is how long to wait after a panic in a tea.Cmd. Bubble Tea needs this time to print the stack trace in
// another goroutine, while the program ends.
const traceDelay = 300 * time.Millisecond

// showDashboard runs the dashboard until the user leaves, and then prints the summary. It sets the fields of config
// that depend on the terminal and the process. It returns the final states of the watches, or nil if they are unknown.
func (p *program) showDashboard(ctx context.Context, suggest report.Commands, config ui.Config) ([]watch.Watch, error) {
	config, exporter := screenConfig(p, suggest, config)
	dispatches := keepDispatch(tidyService{config.Service})
	dispatches.first, _ = config.Service.(*headStart)
	config.Service = dispatches
	requests, endRequests := context.WithCancel(context.WithoutCancel(ctx))
	defer endRequests()
	app := ui.New(requests, config)
	ctx, lose := context.WithCancelCause(ctx)
	defer lose(nil)
	err := screenOf(p, lose).Run(ctx, app)
	if errors.Is(err, tty.ErrStuck) {
		return nil, context.Cause(ctx) // writing to this terminal would block, too
	}

	watches := app.Watches()
	if slices.ContainsFunc(watches, func(w watch.Watch) bool { return w.DispatchUnanswered() }) {
		p.say("waiting for the id of the dispatched run")
	}
	dispatches.await(pointers(watches)...)
	endRequests()
	exportRan := app.Exporting()
	exporter.await()
	if app.Left() == ui.LeftByRefusal {
		return watches, watches[0].Problem()
	}
	cause := causeOfLeaving(ctx, app)
	p.outcome = report.OutcomeOfAll(watches, cause)
	if name := exporter.cancelled.Load(); exportRan && name != nil {
		p.say("the export to " + *name + " was canceled: no file was written")
	}
	width, _ := tty.Size(p.Stdout) // the window may have been resized
	summary := report.SummaryOfAll(pointers(watches), cause, suggest, p.Now(), config.Interval)
	if len(config.Files) > 0 {
		summary = report.SummaryOfFiles(openedFiles(app), cause, p.Now(), config.Interval)
	}
	_, _ = io.WriteString(p.Stdout, report.Wrap(summary, width))
	if counts, known := ui.Deliveries(app); known && counts.IsOdd() {
		p.say("webhook deliveries: " + counts.String())
	}
	for _, defect := range app.Panics() {
		_, _ = io.WriteString(p.Stderr, "sbwatch: the dashboard recovered from a bug; please report these lines:\n"+defect+"\n")
	}
	return watches, dashboardError(err, app.Left())
}

func openedFiles(app *ui.App) []report.File {
	var files []report.File
	for _, file := range ui.OpenedFiles(app) {
		commands, _ := file.Commands.(report.Commands)
		files = append(files, report.File{Name: commands.File, Watch: file.Watch})
	}
	return files
}

// screenOf returns a screen for the terminal. The screen calls the function lose when the terminal no longer exists.
func screenOf(p *program, lose func(error)) tty.Screen {
	return tty.Screen{
		In: p.Stdin, Out: p.Stdout, Environ: p.childEnviron(), Timeout: shutdownTimeout / 2,
		Gone: func() { lose(report.ErrTerminalGone) },
	}
}

// screenConfig sets the fields of config that depend on the terminal and the process, and returns the result.
func screenConfig(p *program, suggest report.Commands, config ui.Config) (ui.Config, *fileExporter) {
	config.Width, config.Height = tty.Size(p.Stdout)
	config.Light = isLightBackground(p.getenv("COLORFGBG"))
	config.NoColor = p.getenv("NO_COLOR") != ""
	config.Theme, config.Themes = themesOf(p)
	config.Keys = keysOf(p)
	config.ASCII = config.ASCII || !readsUTF8(p.getenv)
	config.Messages = takeMessages(p)
	config.FirstStart = len(config.Messages) == 0 && p.isFirstStart() // the hints appear where the first message does
	if defaults := p.config().Rules; config.Rules == nil && !defaults.IsEmpty() {
		config.Rules = defaults.For
	}
	config.Now = p.Now
	config.Jitter = rand.Float64
	config.Commands = suggest
	config.Copy = clipboard.New(p.childEnviron()).Copy
	config.OpenURL = func(address string) error { return browser.Open(address, p.childEnviron()) }
	config.FetchImage = picture.New().Fetch
	config.ImagesInTmux = picture.InTmux(p.childEnviron())
	config.Suspend = tty.Suspend
	config.Redact = p.withoutKey
	exporter := p.newExporter(suggest.File)
	config.Exporter = exporter
	for i := range config.Files {
		config.Files[i].Exporter = exporter.withSource(config.Files[i].Source)
	}
	config.Layouts = store.NewLayouts(p.dataFolder())
	config.Filters = store.NewFilters(p.dataFolder())
	return config, exporter
}

// reportProblems tells the user about problems in settings, unless the user has already been told. If the command opens
// the dashboard, the dashboard shows the problems, because messages on standard error would be visible only after the
// user has quit.
func reportProblems(p *program, problems []settings.Problem) {
	settings.SortProblems(problems)
	for _, problem := range problems {
		if slices.Contains(p.reported, problem) {
			continue
		}
		p.reported = append(p.reported, problem)
		if p.holdsProblems {
			p.held = append(p.held, problem)
		} else {
			p.say(problem.String())
		}
	}
}

// sayHeld tells the user about the problems that were held back.
func sayHeld(p *program) {
	for _, problem := range settings.SortProblems(p.held) {
		p.say(problem.String())
	}
	p.held = nil
}

// warn writes a message to standard error. If the command opens the dashboard, the dashboard also shows the message.
func warn(p *program, message string) {
	p.say(message)
	p.warnings = append(p.warnings, text.Printable(message))
}

// takeMessages returns the messages that the dashboard shows when it starts. It removes the folders from file names, so
// that each message fits on a line.
func takeMessages(p *program) []string {
	var messages []string
	for _, problem := range settings.SortProblems(p.held) {
		if problem.File != "" {
			problem.File = filepath.Base(problem.File)
		}
		messages = append(messages, problem.String())
	}
	p.held = nil
	return append(messages, p.warnings...)
}

// mayOpenDashboard reports whether a command is expected to open the dashboard. Call it when all flags are set.
func mayOpenDashboard(p *program, c *cobra.Command) bool {
	isSet := func(name string) bool {
		flag := c.Flags().Lookup(name)
		return flag != nil && flag.Value.String() == "true"
	}
	f := watchFlags{plain: isSet("plain"), json: isSet("json"), screen: screenFlags{reader: isSet("screen-reader")}}
	return c.Flags().Lookup("no-mouse") != nil && p.usesDashboard(f)
}

// themesOf returns the theme that the settings select, and a function that reads all themes. themesOf also tells the
// user about errors in the selected theme.
func themesOf(p *program) (theme.Theme, func() []theme.Theme) {
	folder := p.configFile("themes")
	selected, problems := p.config().SelectedTheme(folder)
	reportProblems(p, problems)
	return selected, func() []theme.Theme {
		themes, _ := config.Themes(folder)
		return themes
	}
}

// keysOf returns the keys that the settings bind to actions. It tells the user about problems in these settings.
func keysOf(p *program) action.Keymap {
	keymap, problems := configcmd.Keymap(p.config())
	reportProblems(p, problems)
	return keymap
}

// dashboardError returns the error of a command whose dashboard ended with the error err. It returns nil if the
// dashboard ended normally.
func dashboardError(err error, left ui.Left) error {
	switch {
	case errors.Is(err, tea.ErrProgramPanic):
		time.Sleep(traceDelay)
		return errDefect
	case left == ui.LeftByDefect:
		return errDefect
	case err != nil && !errors.Is(err, tea.ErrProgramKilled) && !errors.Is(err, tea.ErrInterrupted):
		return &run.Problem{
			Kind:     run.ProblemInput,
			Summary:  text.NewText("the terminal cannot show the dashboard: " + err.Error()),
			NextStep: text.NewText("use --plain"),
			Cause:    err,
		}
	}
	return nil
}

// causeOfLeaving returns the reason why the dashboard ended.
func causeOfLeaving(ctx context.Context, app *ui.App) error {
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case app.Left() == ui.LeftByTimeout:
		return report.ErrTimeout
	default:
		return report.ErrLeft
	}
}

// isLightBackground reports whether the terminal has a light background. colorFGBG is the value of the variable
// COLORFGBG. Some terminals set it to the numbers of their text and background colors, such as "0;15" for black on
// white.
func isLightBackground(colorFGBG string) bool {
	fields := strings.Split(colorFGBG, ";")
	background, err := strconv.Atoi(fields[len(fields)-1])
	return err == nil && (background == 7 || (background > 8 && background < 16))
}

// readsUTF8 reports whether the terminal's locale uses UTF-8. As in the C library, the first of LC_ALL, LC_CTYPE and
// LANG that is set determines the locale. If none is set, as in many containers, readsUTF8 assumes UTF-8, because
// nearly all terminals use it.
func readsUTF8(getenv func(string) string) bool {
	locale := cmp.Or(getenv("LC_ALL"), getenv("LC_CTYPE"), getenv("LANG"))
	codeset := strings.ToLower(strings.ReplaceAll(locale, "-", ""))
	return locale == "" || strings.Contains(codeset, "utf8")
}

// tidyService is a service that adjusts the garbage collector after large answers, so that the program needs less
// memory.
type tidyService struct{ ui.Service }

// Poll polls a run. If the answer has items, Poll then adjusts the garbage collector to the memory in use.
func (s tidyService) Poll(ctx context.Context, runID string, onItems func(item.Table)) (run.Answer, error) {
	answer, err := s.Service.Poll(ctx, runID, onItems)
	if answer.Items.Len() > 0 {
		machine.BoundGarbage()
	}
	return answer, err
}

// dispatchKeeper is a service that keeps the answers to dispatches, so that they can be read after the dashboard has
// closed.
type dispatchKeeper struct {
	ui.Service
	// first is the service that sent the first request before the dashboard opened. It is nil if there was no such
	// request.
	first *headStart

	mu       sync.Mutex
	inFlight map[string]int              // number of unanswered dispatches, by recipe id
	answers  map[string][]dispatchAnswer // answers by recipe id, oldest first
	changed  chan struct{}               // receives a value after each answer
}

type dispatchAnswer struct {
	dispatch run.Dispatch
	problem  *run.Problem
}

func keepDispatch(service ui.Service) *dispatchKeeper {
	return &dispatchKeeper{Service: service, inFlight: map[string]int{}, answers: map[string][]dispatchAnswer{}, changed: make(chan struct{}, 1)}
}

// Dispatch dispatches a recipe and keeps a copy of the answer.
func (k *dispatchKeeper) Dispatch(ctx context.Context, recipeID string) (run.Dispatch, error) {
	k.begin(recipeID)
	return k.dispatch(ctx, recipeID)
}

// begin counts one more unanswered dispatch of a recipe.
func (k *dispatchKeeper) begin(recipeID string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.inFlight[recipeID]++
}

func (k *dispatchKeeper) dispatch(ctx context.Context, recipeID string) (run.Dispatch, error) {
	dispatch, err := k.Service.Dispatch(ctx, recipeID)
	k.mu.Lock()
	k.inFlight[recipeID]--
	k.answers[recipeID] = append(k.answers[recipeID], dispatchAnswer{dispatch, run.ProblemOf(err)})
	k.mu.Unlock()
	select {
	case k.changed <- struct{}{}:
	default:
	}
	return dispatch, err
}

// await waits up to follow.DispatchGrace for the answers to unanswered dispatches, and updates the watches with these
// answers.
func (k *dispatchKeeper) await(watches ...*watch.Watch) {
	if len(watches) == 0 {
		return // the user has removed all runs from the screen
	}
	grace := time.After(follow.DispatchGrace)
	if first := watches[0]; first.DispatchUnanswered() && k.first != nil && k.first.hasDispatch() {
		// The dashboard closed before it received the answer to the dispatch that headStart had sent.
		recipeID := first.RecipeID().Raw()
		k.begin(recipeID)
		go func() { _, _ = k.dispatch(context.Background(), recipeID) }()
	}
	for {
		isWaiting := false
		for _, w := range watches {
			isWaiting = isWaiting || w.DispatchUnanswered() && !k.apply(w, watches)
		}
		if !isWaiting {
			return
		}
		select {
		case <-k.changed:
		case <-grace:
			return
		}
	}
}

// apply looks for an answer to the dispatch of the recipe of a watch, and updates the watch with this answer. It skips
// an answer whose run another watch already has. If there are only errors, and no dispatch of the recipe is unanswered,
// the watch gets the problem of the last error. apply reports whether it has updated the watch.
func (k *dispatchKeeper) apply(w *watch.Watch, watches []*watch.Watch) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	recipeID := w.RecipeID().Raw()
	var problem *run.Problem
	for _, answer := range k.answers[recipeID] {
		isTaken := func(other *watch.Watch) bool { return other.RunID() == answer.dispatch.RunID }
		switch {
		case answer.problem != nil:
			problem = answer.problem
		case !slices.ContainsFunc(watches, isTaken):
			w.Dispatched(answer.dispatch)
			return true
		}
	}
	if problem == nil || k.inFlight[recipeID] > 0 {
		return false
	}
	w.DispatchFailed(problem)
	return true
}

func pointers(watches []watch.Watch) []*watch.Watch {
	all := make([]*watch.Watch, len(watches))
	for i := range watches {
		all[i] = &watches[i]
	}
	return all
}

// firstAnswerWait is the maximum time to wait for the first answer before the dashboard opens. If the service refuses
// the key or the id within this time, the user sees a single line instead of a dashboard.
const firstAnswerWait = time.Second

// headStart is a service that sends one request before the dashboard opens. When the dashboard makes its first request
// of the same kind, headStart returns the answer to the request that it has already sent.
type headStart struct {
	ui.Service
	cancel context.CancelFunc

	mu      sync.Mutex
	isTaken bool
	items   item.Table       // newest items of the answer, while it is arriving
	onItems func(item.Table) // callback of the dashboard; nil until the dashboard makes the request

	begun, done chan struct{} // begun is closed when the first items arrive. done is closed when the answer is complete.
	kind        watch.Request
	answer      run.Answer
	usage       run.Usage
	dispatch    run.Dispatch
	err         error
}

// startFirst sends the first request of a watch in the background. kind is the kind of the request. The request is not
// canceled when ctx ends.
func startFirst(ctx context.Context, service ui.Service, kind watch.Request, w *watch.Watch, now time.Time) *headStart {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	h := &headStart{Service: service, cancel: cancel, kind: kind, begun: make(chan struct{}), done: make(chan struct{})}
	runID, recipeID := w.RunID().Raw(), w.RecipeID().Raw()
	if kind == watch.RequestDispatch {
		w.Dispatching(now)
	}
	go func() {
		defer close(h.done)
		switch kind {
		case watch.RequestPoll:
			h.answer, h.err = service.Poll(ctx, runID, h.arrived)
		case watch.RequestUsage:
			h.usage, h.err = service.Usage(ctx)
		case watch.RequestDispatch:
			h.dispatch, h.err = service.Dispatch(ctx, recipeID)
		case watch.RequestNone:
		}
	}()
	return h
}

// isAnswered waits for the answer to the first request, and reports whether the answer is complete. It stops waiting
// when the first items arrive, when the channel timeout receives a value, or when ctx ends.
func (h *headStart) isAnswered(ctx context.Context, timeout <-chan time.Time) bool {
	select {
	case <-h.done:
		return true
	case <-h.begun:
	case <-timeout:
	case <-ctx.Done():
	}
	return false
}

// askFirst sends the first requests of a watch, such as those for the usage and the dispatch, and waits up to
// firstAnswerWait for the answers. The result started is the service for all later requests of the watch. The function
// stop must be called when the watch has ended. If the service refuses the key or the run, the result refusal is the
// problem; otherwise it is nil.
func askFirst(ctx context.Context, service ui.Service, w *watch.Watch, now func() time.Time) (started ui.Service, stop context.CancelFunc, refusal *run.Problem) {
	limit := time.After(firstAnswerWait)
	h := startFirst(ctx, service, w.NextRequest(), w, now())
	if !h.isAnswered(ctx, limit) {
		return h, h.cancel, nil
	}
	problem := run.ProblemOf(h.err)
	if h.kind == watch.RequestUsage && (problem == nil || problem.Kind != run.ProblemRateLimited) {
		if problem == nil {
			w.UsageRead(h.usage)
		} else if w.UsageFailed(problem); w.Over() {
			return h, h.cancel, problem
		}
		h.cancel()
		h = startFirst(ctx, service, watch.RequestDispatch, w, now())
		if !h.isAnswered(ctx, limit) {
			return h, h.cancel, nil
		}
		problem = run.ProblemOf(h.err)
	}
	if problem != nil && h.isRefused(*w, problem) {
		return h, h.cancel, problem
	}
	return h, h.cancel, nil
}

// isRefused reports whether a problem with the first request ends a watch.
func (h *headStart) isRefused(w watch.Watch, problem *run.Problem) bool {
	switch h.kind {
	case watch.RequestPoll:
		w.PollFailed(problem)
	case watch.RequestDispatch:
		w.DispatchFailed(problem)
	case watch.RequestUsage, watch.RequestNone:
	}
	return w.Phase() == watch.PhaseGaveUp
}

// arrived passes items to the dashboard. Before the dashboard has made the request, arrived stores the items instead,
// and each call replaces the stored items.
func (h *headStart) arrived(items item.Table) {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case h.onItems != nil:
		h.onItems(items)
		return
	case h.items.Len() == 0 && items.Len() > 0:
		close(h.begun)
	}
	h.items = items
}

// take reports whether h has sent a request of this kind whose answer the dashboard has not used yet. If so, take marks
// the answer as used, and items that arrive later are passed to onItems.
func (h *headStart) take(kind watch.Request, onItems func(item.Table)) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.isTaken || h.kind != kind {
		return false
	}
	h.isTaken, h.onItems = true, onItems
	if onItems != nil && h.items.Len() > 0 {
		onItems(h.items)
	}
	return true
}

// hasDispatch reports whether the first request is a dispatch whose answer the dashboard has not used yet.
func (h *headStart) hasDispatch() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.kind == watch.RequestDispatch && !h.isTaken
}

// wait waits for the answer to the first request. If ctx ends first, wait cancels the request.
func (h *headStart) wait(ctx context.Context) {
	defer context.AfterFunc(ctx, h.cancel)()
	<-h.done
}

// Poll polls a run. If headStart has already sent a poll, the first call returns the answer to that poll.
func (h *headStart) Poll(ctx context.Context, runID string, onItems func(item.Table)) (run.Answer, error) {
	if !h.take(watch.RequestPoll, onItems) {
		return h.Service.Poll(ctx, runID, onItems)
	}
	h.wait(ctx)
	return h.answer, h.err
}

// Usage requests the account's usage. If headStart has already requested the usage, the first call returns that answer.
func (h *headStart) Usage(ctx context.Context) (run.Usage, error) {
	if !h.take(watch.RequestUsage, nil) {
		return h.Service.Usage(ctx)
	}
	h.wait(ctx)
	return h.usage, h.err
}

// Dispatch dispatches a recipe. If headStart has already sent a dispatch, the first call returns the answer to that
// dispatch.
func (h *headStart) Dispatch(ctx context.Context, recipeID string) (run.Dispatch, error) {
	if !h.take(watch.RequestDispatch, nil) {
		return h.Service.Dispatch(ctx, recipeID)
	}
	h.wait(ctx)
	return h.dispatch, h.err
}
