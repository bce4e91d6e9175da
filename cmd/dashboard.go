package cmd

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"time"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
	"sbwatch/report"
	"sbwatch/store"
	"sbwatch/ui"
)

// errDefect is said after a panic. Bubble Tea has restored the terminal by then and printed where it happened.
var errDefect = errors.New("the dashboard broke, which is a defect of sbwatch: the lines above say where; --plain watches without it")

// patienceForTrace is how long Bubble Tea may take to print where a command broke; it does so beside the end of the program.
const patienceForTrace = 300 * time.Millisecond

// showDashboard runs the dashboard until it is left, and then says farewell on the normal screen. The configuration is
// completed by what this terminal is like. It gives the watch as it was left.
func (p *program) showDashboard(ctx context.Context, suggest report.Commands, config ui.Config) (*watch.Watch, error) {
	config.Width, config.Height = p.terminalSize()
	config.Light = isLightBackground(p.getenv("COLORFGBG"))
	config.NoColor = p.getenv("NO_COLOR") != ""
	config.Now = p.Now
	config.Jitter = rand.Float64
	config.Commands = suggest
	config.OpenURL = p.openURL
	config.Suspend = suspendJob
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
	// Signals are caught here: Bubble Tea takes SIGTERM for a plain quit, and does not know SIGHUP.
	options := append(p.terminalOptions(func() { lose(report.ErrTerminalGone) }), tea.WithoutSignalHandler(), tea.WithEnvironment(p.childEnviron()))
	err := p.runScreen(ctx, tea.NewProgram(app, options...))
	if errors.Is(err, errStuck) {
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
	width, _ := p.terminalSize() // it may have changed since the start
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
