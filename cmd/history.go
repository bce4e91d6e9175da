package cmd

import (
	"context"
	"errors"
	"io"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"sbwatch/api/wire"
	"sbwatch/cmd/collectcmd"
	"sbwatch/cmd/historycmd"
	"sbwatch/cmd/progress"
	"sbwatch/cmd/recording"
	"sbwatch/cmd/tty"
	"sbwatch/history"
	"sbwatch/model/item"
	"sbwatch/model/profile"
	"sbwatch/model/rules"
	"sbwatch/model/run"
	"sbwatch/query"
	"sbwatch/report"
	"sbwatch/ui"
)

type historyFlags struct{ off bool }

func (f *historyFlags) addTo(c *cobra.Command, usage string) {
	c.Flags().BoolVar(&f.off, "no-history", false, usage)
}

func (p *program) historyCommand() *cobra.Command {
	var flags watchFlags
	var c *cobra.Command
	c = historycmd.Command(historycmd.Program{
		Browse: func(ctx context.Context, recipe ui.RecipeKey, noMouse bool) error {
			flags.noMouse = noMouse
			flags.compute.begin(p, c)
			return browseHistory(ctx, p, recipe, flags)
		},
		UsesScreen: func() bool { return p.usesDashboard(flags) },
		ReadsAloud: func() bool { return flags.screen.reader },
		Stdout:     p.Stdout, Say: p.say, Places: p.places, CanAsk: p.canAsk, Ask: p.ask,
		ShowWork: func(describe func() string) (stop func()) { return showWork(p, describe) },
		Width: func() int {
			if !tty.IsTerminal(p.Stdout) {
				return 0
			}
			width, _ := tty.Size(p.Stdout)
			return width
		},
		Size:       func(bytes *int64) pflag.Value { return &sizeValue{bytes, 0} },
		Limits:     func() wire.Limits { return p.limits(limitFlags{}, false) },
		WrongUsage: func(text, command string) error { return usageError{text: text, command: command} },
	})
	flags.screen.addTo(c)
	flags.compute.addTo(c, "for the items")
	return c
}

// historyReader returns a reader of the history for the dashboard. It returns nil if the history is off. host is the
// host of the service; if it is empty, the reader returns the runs of all hosts.
func historyReader(p *program, f historyFlags, host string, limits limitFlags) *recording.Reader {
	places := p.places()
	if f.off || !places.Known() {
		return nil
	}
	return &recording.Reader{OpenStore: places.OpenExisting, OpenArchive: places.OpenArchive, Host: host, Limits: p.limits(limits, false)}
}

// browseHistory shows the runs of a recipe in the dashboard. If recipe has no id, it shows all recipes.
func browseHistory(ctx context.Context, p *program, recipe ui.RecipeKey, flags watchFlags) error {
	reader := historyReader(p, historyFlags{}, "", limitFlags{})
	defer reader.Close()
	config, exporter := screenConfig(p, report.Commands{}, ui.Config{
		History: reader, Interval: defaultInterval, ASCII: flags.screen.ascii, Still: flags.screen.still, NoMouse: flags.noMouse,
		Computed: flags.compute.onScreen(),
	})
	life, end := context.WithCancel(context.WithoutCancel(ctx))
	defer end()
	app := ui.NewHistory(life, config, recipe)
	ctx, lose := context.WithCancelCause(ctx)
	defer lose(nil)
	err := screenOf(p, lose).Run(ctx, app)
	if errors.Is(err, tty.ErrStuck) {
		return context.Cause(ctx)
	}
	end()
	exporter.await()
	for _, defect := range app.Panics() {
		_, _ = io.WriteString(p.Stderr, "sbwatch: the dashboard recovered from a bug; please report these lines:\n"+defect+"\n")
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return dashboardError(err, app.Left())
}

// readsHistory is the help of --no-history for commands that read runs.
const readsHistory = "do not use the history: read the run from the service"

// places returns the location of the history.
func (p *program) places() recording.Places {
	return recording.Places{Config: p.config().History, Folder: p.dataFolder()}
}

// recordsRuns reports whether to record runs in the history.
func recordsRuns(p *program, f historyFlags) bool {
	return !f.off && p.config().History.Enabled && p.places().Known()
}

// historyOff returns the reason why runs are not recorded, such as "the config file turns the history off". Call it if
// recordsRuns returns false although --no-history is not set.
func historyOff(p *program) string {
	if p.config().History.Enabled {
		return recording.ErrNoFolder.Error()
	}
	return "the config file turns the history off"
}

// startRecording starts recording the runs of a session. host is the host of the service.
func startRecording(p *program, host string, s session) *recording.Recording {
	options := recording.Options{
		Places: p.places(), Host: host, Say: p.say, Hold: p.usesDashboard(s.flags), Now: p.Now, Interval: s.flags.interval,
	}
	if s.rules != nil && s.rules.enabled() {
		options.Judge = s.rules.judging(func(run.Run, error) {}) // these errors are reported when the items are checked
	}
	return recording.Start(options)
}

// openRecorded opens a run from the history. The content has the format of a saved answer. openRecorded returns nil if
// the history does not have the run. If the history cannot be read, openRecorded tells the user why and returns nil.
func (p *program) openRecorded(ctx context.Context, id string, f historyFlags, host string) (io.ReadCloser, *history.Record) {
	if f.off || !p.places().Known() {
		return nil, nil
	}
	stop := showWork(p, progress.Elapsed("reading the history"))
	record, err := p.places().Find(ctx, id, host)
	var source io.ReadCloser
	if err == nil {
		source, err = p.places().OpenRun(ctx, record)
	}
	stop()
	switch {
	case err == nil:
		p.say(report.FromHistory(record))
		return source, record
	case ctx.Err() != nil, errors.Is(err, recording.ErrNone), errors.Is(err, history.ErrNotFound):
	default:
		warn(p, "run "+id+" cannot be read from the history: "+err.Error())
	}
	return nil, nil
}

// judging returns a function that checks runs as the method judge does, and calls ignored with an error for each formula
// from the config file that does not fit the items of a run.
func (f *ruleFlags) judging(ignored func(r run.Run, err error)) collectcmd.Judge {
	return func(ctx context.Context, r run.Run, p *profile.Profile, items item.Table) ([]rules.Verdict, error) {
		return f.judge(ctx, r, p, items, func(err error) { ignored(r, err) })
	}
}

// judge checks a completed run against the rules for its recipe, and returns one verdict per rule. It returns nil if
// the run has not completed. If a formula on the command line does not fit the items, judge returns an error in addition
// to the verdicts. If a formula from the config file does not fit, judge calls the function ignored with the error.
func (f *ruleFlags) judge(ctx context.Context, r run.Run, p *profile.Profile, items item.Table, ignored func(err error)) ([]rules.Verdict, error) {
	if r.Status() != run.StatusCompleted {
		return nil, nil
	}
	computed := f.compute.columns(items, func(_ string, err error) error {
		if f.compute.isGiven {
			return err
		}
		ignored(err)
		return nil
	})
	items = computed.items
	if len(items.Added()) > 0 {
		var err error
		if p, err = query.Profile(ctx, items, nil); err != nil {
			return nil, errors.Join(err, context.Cause(ctx))
		}
	}
	verdicts, err := rules.Judge(f.forRecipe(r.RecipeID), rules.Subject{
		Run: r, Profile: p, Uncomputed: computed.missing,
		Duplicates: func(path item.Path) (profile.Duplicates, error) { return query.Duplicates(ctx, items, path, nil) },
	})
	if err != nil {
		return verdicts, errors.Join(err, context.Cause(ctx))
	}
	return verdicts, computed.err
}
