package cmd

import (
	"cmp"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"

	"sbwatch/cmd/browser"
	"sbwatch/cmd/clipboard"
	"sbwatch/cmd/machine"
	"sbwatch/cmd/tty"
	"sbwatch/config"
	"sbwatch/model/item"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
	"sbwatch/report"
	"sbwatch/store"
	"sbwatch/theme"
	"sbwatch/ui"
)

// errDefect is the error after a panic. Bubble Tea has already restored the terminal and printed the stack trace.
var errDefect = errors.New("the dashboard crashed because of a bug in sbwatch: please report the lines above; --plain works without the dashboard")

// traceDelay gives Bubble Tea time to print the stack trace of a tea.Cmd that panicked, which it does concurrently with
// the end of the program.
const traceDelay = 300 * time.Millisecond

// showDashboard runs the dashboard until the user leaves, then prints the summary. It fills in the fields of config that
// depend on the terminal and the process. It returns the final states of the watches; nil if they are not known.
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
		return nil, context.Cause(ctx) // further output would block, too
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
		p.say("the export to " + *name + " was cancelled: no file was written")
	}
	width, _ := tty.Size(p.Stdout) // the window may have been resized
	_, _ = io.WriteString(p.Stdout, report.Wrap(report.SummaryOfAll(pointers(watches), cause, suggest, p.Now(), config.Interval), width))
	for _, defect := range app.Panics() {
		_, _ = io.WriteString(p.Stderr, "sbwatch: the dashboard recovered from a bug; please report these lines:\n"+defect+"\n")
	}
	return watches, dashboardError(err, app.Left())
}

// screenOf returns the terminal's screen. lose is called when the terminal is gone.
func screenOf(p *program, lose func(error)) tty.Screen {
	return tty.Screen{
		In: p.Stdin, Out: p.Stdout, Environ: p.childEnviron(), Timeout: shutdownTimeout / 2,
		Gone: func() { lose(report.ErrTerminalGone) },
	}
}

// screenConfig fills in the fields of config that depend on the terminal and the process.
func screenConfig(p *program, suggest report.Commands, config ui.Config) (ui.Config, *fileExporter) {
	config.Width, config.Height = tty.Size(p.Stdout)
	config.Light = isLightBackground(p.getenv("COLORFGBG"))
	config.NoColor = p.getenv("NO_COLOR") != ""
	config.Theme, config.Themes = themesOf(p)
	config.ASCII = !readsUTF8(p.getenv)
	config.Now = p.Now
	config.Jitter = rand.Float64
	config.Commands = suggest
	config.Copy = clipboard.New(p.childEnviron()).Copy
	config.OpenURL = func(address string) error { return browser.Open(address, p.childEnviron()) }
	config.Suspend = tty.Suspend
	config.Redact = p.withoutKey
	exporter := p.newExporter(suggest.File)
	config.Exporter = exporter
	config.Layouts = store.NewLayouts(p.dataFolder())
	return config, exporter
}

// themesOf returns the theme that the user has selected, and a function that reads all themes. It reports what is wrong with
// the selected one.
func themesOf(p *program) (theme.Theme, func() []theme.Theme) {
	folder := p.configFile("themes")
	selected, problems := config.Theme(p.config().Theme, folder)
	for _, problem := range problems {
		p.say(problem.String())
	}
	return selected, func() []theme.Theme {
		themes, _ := config.Themes(folder)
		return themes
	}
}

// dashboardError returns the error of a dashboard that ended with err, or nil if it ended as it should.
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

// causeOfLeaving returns the reason for leaving the dashboard.
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

// isLightBackground reports whether the terminal has a light background according to COLORFGBG, which some terminals set
// to the numbers of their colors: "0;15" is black on white.
func isLightBackground(colorFGBG string) bool {
	fields := strings.Split(colorFGBG, ";")
	background, err := strconv.Atoi(fields[len(fields)-1])
	return err == nil && (background == 7 || (background > 8 && background < 16))
}

// readsUTF8 reports whether the locale of the terminal has UTF-8. As in the C library, the first of LC_ALL, LC_CTYPE and
// LANG that is set decides. If none is, as in many containers, the terminal is assumed to read UTF-8, as nearly all do.
func readsUTF8(getenv func(string) string) bool {
	locale := cmp.Or(getenv("LC_ALL"), getenv("LC_CTYPE"), getenv("LANG"))
	codeset := strings.ToLower(strings.ReplaceAll(locale, "-", ""))
	return locale == "" || strings.Contains(codeset, "utf8")
}

// tidyService is a service that bounds the garbage after large answers.
type tidyService struct{ ui.Service }

// Poll polls a run and adjusts the garbage collector to the size of the answer.
func (s tidyService) Poll(ctx context.Context, runID string, onItems func(item.Table)) (run.Answer, error) {
	answer, err := s.Service.Poll(ctx, runID, onItems)
	if answer.Items.Len() > 0 {
		machine.BoundGarbage()
	}
	return answer, err
}

// dispatchGrace is how long to wait for the answer to a dispatch when the user leaves. The answer contains the id of a
// run that costs credits.
const dispatchGrace = 2 * time.Second

// dispatchKeeper is a service that keeps the answers to dispatches, so that they can be read after the dashboard has
// closed.
type dispatchKeeper struct {
	ui.Service
	// first is the dispatch sent before the dashboard opened; nil if there was none.
	first *headStart

	mu       sync.Mutex
	inFlight map[string]int              // by recipe
	answers  map[string][]dispatchAnswer // by recipe, oldest first
	changed  chan struct{}               // receives after an answer
}

type dispatchAnswer struct {
	dispatch run.Dispatch
	problem  *run.Problem
}

func keepDispatch(service ui.Service) *dispatchKeeper {
	return &dispatchKeeper{Service: service, inFlight: map[string]int{}, answers: map[string][]dispatchAnswer{}, changed: make(chan struct{}, 1)}
}

// Dispatch dispatches a recipe and keeps the answer.
func (k *dispatchKeeper) Dispatch(ctx context.Context, recipeID string) (run.Dispatch, error) {
	k.begin(recipeID)
	return k.dispatch(ctx, recipeID)
}

// begin notes that the answer to a dispatch is to come.
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

// await waits up to dispatchGrace for the answers to the dispatches in flight and applies them to the watches.
func (k *dispatchKeeper) await(watches ...*watch.Watch) {
	if len(watches) == 0 {
		return // the user has removed all runs from the screen
	}
	grace := time.After(dispatchGrace)
	if first := watches[0]; first.DispatchUnanswered() && k.first != nil && k.first.hasDispatch() {
		// The dashboard closed before it asked for the answer.
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

// apply applies the answer to the dispatch of a watch, and reports whether there is one. A run that belongs to another
// watch is not its answer. A problem is if no other answer is to come.
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

// pointers returns pointers to watches.
func pointers(watches []watch.Watch) []*watch.Watch {
	all := make([]*watch.Watch, len(watches))
	for i := range watches {
		all[i] = &watches[i]
	}
	return all
}

// firstAnswerWait is how long to wait for the first answer before the dashboard opens. A refused key or id is then one
// line in the terminal instead of a screen to leave.
const firstAnswerWait = time.Second

// headStart is a service whose first request is sent before the dashboard opens. The dashboard's own first request of
// that kind gets its answer.
type headStart struct {
	ui.Service
	cancel context.CancelFunc

	mu      sync.Mutex
	isTaken bool
	items   item.Table       // the newest items of an answer that is still arriving
	onItems func(item.Table) // of the dashboard, once it has asked

	begun, done chan struct{} // closed when items arrive, and when the answer is complete
	kind        watch.Request
	answer      run.Answer
	usage       run.Usage
	dispatch    run.Dispatch
	err         error
}

// startFirst sends a request of a watch, which is not canceled when ctx ends.
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

// isAnswered waits for the answer, until it begins to arrive, the limit passes or ctx ends.
func (h *headStart) isAnswered(ctx context.Context, limit <-chan time.Time) bool {
	select {
	case <-h.done:
		return true
	case <-h.begun:
	case <-limit:
	case <-ctx.Done():
	}
	return false
}

// askFirst sends the first requests of a watch, up to the dispatch or the first poll, and waits for their answers, up to
// firstAnswerWait. It returns a problem if the service refuses the key or the run. Call stop when the watch has ended.
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

// isRefused reports whether a problem with the request ends the watch.
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

// arrived passes items to the dashboard. Until the dashboard has asked for them, it keeps the newest.
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

// take reports whether the first request is of a kind and its answer was not used yet.
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

// hasDispatch reports whether the first request is a dispatch that the dashboard has not asked for.
func (h *headStart) hasDispatch() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.kind == watch.RequestDispatch && !h.isTaken
}

// wait waits for the answer to the first request. If ctx ends before, it cancels the request.
func (h *headStart) wait(ctx context.Context) {
	defer context.AfterFunc(ctx, h.cancel)()
	<-h.done
}

// Poll polls a run.
func (h *headStart) Poll(ctx context.Context, runID string, onItems func(item.Table)) (run.Answer, error) {
	if !h.take(watch.RequestPoll, onItems) {
		return h.Service.Poll(ctx, runID, onItems)
	}
	h.wait(ctx)
	return h.answer, h.err
}

// Usage reads the account's usage.
func (h *headStart) Usage(ctx context.Context) (run.Usage, error) {
	if !h.take(watch.RequestUsage, nil) {
		return h.Service.Usage(ctx)
	}
	h.wait(ctx)
	return h.usage, h.err
}

// Dispatch dispatches a recipe.
func (h *headStart) Dispatch(ctx context.Context, recipeID string) (run.Dispatch, error) {
	if !h.take(watch.RequestDispatch, nil) {
		return h.Service.Dispatch(ctx, recipeID)
	}
	h.wait(ctx)
	return h.dispatch, h.err
}
