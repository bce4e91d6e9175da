package cmd

import (
	"context"

	"github.com/spf13/cobra"

	"sbwatch/api"
	"sbwatch/cmd/recording"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
	"sbwatch/report"
	"sbwatch/ui"
)

func (p *program) watchCommand() *cobra.Command {
	return p.newWatchCommand(watchCommandSpec{
		use:   "watch [flags] RUN_ID",
		short: "Watch a run until it ends, then browse its items",
		long: `Watch a run until it ends, then browse its items. Polling is free. Leaving does not stop the run.

If standard output is not a terminal, watch writes a line for each change, and repeats the state every 30 s.`,
		example:  "  sbwatch watch k7Xb9dRmQ2p\n  sbwatch watch --json --timeout 15m k7Xb9dRmQ2p | jq .items_extracted",
		arg:      "run id",
		newWatch: watch.NewWatch,
	})
}

// watchCommandSpec describes the differences between the commands run and watch.
type watchCommandSpec struct {
	use, short, long, example string
	arg                       string // the name of the argument
	newWatch                  func(id text.Text) watch.Watch
	costs                     bool // the command dispatches a run, which costs credits
}

// newWatchCommand returns a command that watches a run and optionally checks its items.
func (p *program) newWatchCommand(w watchCommandSpec) *cobra.Command {
	var service serviceFlags
	var flags watchFlags
	var rules ruleFlags
	var history historyFlags
	c := &cobra.Command{
		Use: w.use, Short: w.short, Long: w.long, Example: w.example,
		Args: oneArg(w.arg),
		RunE: func(c *cobra.Command, args []string) error {
			if err := flags.check(c); err != nil {
				return err
			}
			records := recordsRuns(p, history)
			client, err := p.prepare(c.Context(), service, flags, &rules, records)
			if err != nil {
				return err
			}
			s := session{
				service:  client,
				watch:    w.newWatch(text.NewText(args[0])),
				flags:    flags,
				rules:    &rules,
				suggest:  report.Commands{Options: service.options()},
				tellCost: w.costs,
			}
			if w.costs && !flags.yes && p.canAsk() {
				if err := p.confirm(c.Context(), client, &s.watch); err != nil {
					return err
				}
				s.tellCost = false
			}
			if records {
				s.recording = startRecording(p, client.Host(), s)
			}
			if reader := historyReader(p, history, client.Host(), flags.limits); reader != nil && p.usesDashboard(flags) {
				defer reader.Close()
				s.history = reader
			}
			return p.watchRun(c.Context(), s)
		},
		ValidArgsFunction: cobra.NoFileCompletions,
	}
	service.addTo(c)
	flags.addTo(c)
	rules.addCheckTo(c)
	history.addTo(c, "do not record the run in the history")
	return c
}

// prepare reads the rules file and the API key and returns a client. It finds all errors that can be found before
// anything costs credits. keepItems is true if the items are needed for something else than the dashboard and rules.
func (p *program) prepare(ctx context.Context, service serviceFlags, flags watchFlags, rules *ruleFlags, keepItems bool) (*api.Client, error) {
	ctx, cancel := flags.limit(ctx)
	defer cancel()
	if err := rules.read(ctx); err != nil {
		return nil, err
	}
	countOnly := !p.usesDashboard(flags) && !rules.enabled() && !keepItems
	return p.client(ctx, service, p.limits(flags.limits, countOnly))
}

// session is a run to watch, and how to watch it.
type session struct {
	service ui.Service
	watch   watch.Watch
	flags   watchFlags
	suggest report.Commands
	// tellCost reports the cost of a run before its dispatch, if the user was not asked.
	tellCost bool
	// rules check the items of a completed run. nil means no check.
	rules *ruleFlags
	// quiet writes no data about the run, because standard output is for something else.
	quiet bool
	// recording records the run; nil if it is not recorded.
	recording *recording.Recording
	// history reads earlier runs for the dashboard; nil for none.
	history ui.History
}

// watchRun watches a run in the dashboard or in plain mode, sets p.outcome, and checks the items if that was requested.
func (p *program) watchRun(ctx context.Context, s session) error {
	if s.recording != nil {
		s.service = s.recording.Service(s.service)
		defer s.recording.Close(ctx)
	}
	var watch *watch.Watch
	var err error
	if p.usesDashboard(s.flags) {
		watch, err = p.watchOnScreen(ctx, s)
	} else {
		watch, err = p.watchPlainly(ctx, s)
	}
	if err != nil || p.outcome != report.Completed || s.rules == nil || !s.rules.enabled() {
		return err
	}
	if incomplete := watch.Incomplete(); incomplete != nil {
		return incomplete // rules need all items
	}
	return p.checkItems(ctx, watch, check{rules: s.rules, recipe: watch.RecipeID(), asJSON: s.flags.json})
}

// watchOnScreen watches a run in the dashboard, unless the service refuses it in its first answer.
func (p *program) watchOnScreen(ctx context.Context, s session) (*watch.Watch, error) {
	service, stop := s.service, func() {}
	if s.suggest.Kind != report.ForDemo {
		var refusal *run.Problem
		service, stop, refusal = askFirst(ctx, s.service, &s.watch, p.Now)
		if refusal != nil {
			stop()
			return nil, refusal
		}
	}
	defer stop()
	config := ui.Config{
		Watch:         s.watch,
		Service:       service,
		Interval:      s.flags.interval,
		Timeout:       s.flags.timeout,
		QuitIfRefused: true,
		History:       s.history,
	}
	if s.rules != nil && s.rules.enabled() {
		config.Rules = s.rules.forRecipe
	}
	return p.showDashboard(ctx, s.suggest, config)
}
