package cmd

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"sbwatch/cmd/browser"
	"sbwatch/cmd/machine"
	"sbwatch/cmd/tty"
	"sbwatch/model/item"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
	"sbwatch/report"
	"sbwatch/store"
	"sbwatch/ui"
)

// errDefect is said after a panic. Bubble Tea has restored the terminal by then and printed where it happened.
var errDefect = errors.New("the dashboard broke, which is a bug in sbwatch: the lines above say where; --plain watches without it")

// patienceForTrace is how long Bubble Tea may take to print where a command broke; it does so beside the end of the program.
const patienceForTrace = 300 * time.Millisecond

// showDashboard runs the dashboard until it is left, and then says farewell on the normal screen. The configuration is
// completed by what this terminal is like. It gives the watch as it was left.
func (p *program) showDashboard(ctx context.Context, suggest report.Commands, config ui.Config) (*watch.Watch, error) {
	config.Width, config.Height = tty.Size(p.Stdout)
	config.Light = isLightBackground(p.getenv("COLORFGBG"))
	config.NoColor = p.getenv("NO_COLOR") != ""
	config.Now = p.Now
	config.Jitter = rand.Float64
	config.Commands = suggest
	config.OpenURL = func(address string) error { return browser.Open(address, p.childEnviron()) }
	config.Suspend = tty.Suspend
	config.Redact = p.withoutKey
	exporter := p.newExporter(suggest.File)
	config.Exporter = exporter
	config.Layouts = store.NewLayouts(p.dataFolder())

	dispatches := keepDispatch(tidyService{config.Service})
	config.Service = dispatches
	requests, endRequests := context.WithCancel(context.WithoutCancel(ctx))
	defer endRequests()
	app := ui.New(requests, config)
	ctx, lose := context.WithCancelCause(ctx)
	defer lose(nil)
	err := tty.Screen{
		In: p.Stdin, Out: p.Stdout, Environ: p.childEnviron(), Patience: patienceAfterSignal / 2,
		Gone: func() { lose(report.ErrTerminalGone) },
	}.Run(ctx, app)
	if errors.Is(err, tty.ErrStuck) {
		return nil, context.Cause(ctx) // what else is to be said would be stuck, too
	}

	watch := app.Watch()
	if watch.DispatchUnanswered() {
		p.say("waiting a moment for the id of the run that was dispatched")
	}
	dispatches.await(&watch)
	endRequests()
	exportRan := app.Exporting()
	exporter.await()
	cause := causeOfLeaving(ctx, app)
	p.outcome = report.OutcomeOf(&watch, cause)
	if name := exporter.cutOff.Load(); exportRan && name != nil {
		p.say("the export to " + *name + " was given up: no file was written")
	}
	width, _ := tty.Size(p.Stdout) // it may have changed since the start
	_, _ = io.WriteString(p.Stdout, report.Wrap(report.Summary(&watch, cause, suggest, p.Now(), config.Interval), width))
	for _, defect := range app.Panics() {
		_, _ = io.WriteString(p.Stderr, "sbwatch: the dashboard had a defect. Please report it with these lines:\n"+defect+"\n")
	}
	switch {
	case errors.Is(err, tea.ErrProgramPanic):
		time.Sleep(patienceForTrace)
		return &watch, errDefect
	case app.Left() == ui.LeftByDefect:
		return &watch, errDefect
	case err != nil && !errors.Is(err, tea.ErrProgramKilled) && !errors.Is(err, tea.ErrInterrupted):
		return &watch, &run.Problem{
			Kind:     run.ProblemInput,
			Summary:  text.NewText("the terminal cannot show the dashboard: " + err.Error()),
			NextStep: text.NewText("use --plain"),
			Cause:    err,
		}
	}
	return &watch, nil
}

// causeOfLeaving is why the dashboard was left, as far as it was left and did not end by itself.
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

// isLightBackground guesses from COLORFGBG, which some terminals set to the numbers of their colors: "0;15" is black on
// white.
func isLightBackground(colorFGBG string) bool {
	fields := strings.Split(colorFGBG, ";")
	background, err := strconv.Atoi(fields[len(fields)-1])
	return err == nil && (background == 7 || (background > 8 && background < 16))
}

// tidyService is a service whose large answers are not doubled in memory by garbage.
type tidyService struct{ ui.Service }

// Poll polls a run.
func (s tidyService) Poll(ctx context.Context, runID string, onItems func(item.Table)) (run.Answer, error) {
	answer, err := s.Service.Poll(ctx, runID, onItems)
	if answer.Items.Len() > 0 {
		machine.BoundGarbage()
	}
	return answer, err
}

// dispatchGrace is how long to wait, when leaving, for the answer to a dispatch: it holds the id of a run that costs
// money.
const dispatchGrace = 2 * time.Second

// dispatchKeeper is a service that keeps the answer to a dispatch for whoever was not there any more to take it.
type dispatchKeeper struct {
	ui.Service
	answered chan dispatchAnswer
}

type dispatchAnswer struct {
	dispatch run.Dispatch
	problem  *run.Problem
}

func keepDispatch(service ui.Service) *dispatchKeeper {
	return &dispatchKeeper{Service: service, answered: make(chan dispatchAnswer, 1)}
}

// Dispatch dispatches, and keeps the newest answer.
func (k *dispatchKeeper) Dispatch(ctx context.Context, recipeID string) (run.Dispatch, error) {
	dispatch, err := k.Service.Dispatch(ctx, recipeID)
	select {
	case <-k.answered:
	default:
	}
	k.answered <- dispatchAnswer{dispatch, run.ProblemOf(err)}
	return dispatch, err
}

// await gives a watch that was left during its dispatch the answer, if it comes in time.
func (k *dispatchKeeper) await(watch *watch.Watch) {
	if !watch.DispatchUnanswered() {
		return
	}
	select {
	case answer := <-k.answered:
		if answer.problem == nil {
			watch.Dispatched(answer.dispatch)
		} else {
			watch.DispatchFailed(answer.problem)
		}
	case <-time.After(dispatchGrace):
	}
}
