package cmd

import (
	"context"

	"github.com/spf13/cobra"

	"sbwatch/api"
	"sbwatch/model/text"
	"sbwatch/model/watch"
	"sbwatch/report"
	"sbwatch/ui"
)

func (p *program) watchCommand() *cobra.Command {
	return p.watchingCommand(watching{
		use:   "watch [flags] RUN_ID",
		short: "Watch a run; browse its items when it is done",
		long: `Watch a run until it ends, then browse its items. Polling is free. Leaving the watch does not end the run.

Where standard output is no terminal, watch writes a line for each change, and a sign of life every 30 s.`,
		example:  "  sbwatch watch k7Xb9dRmQ2p\n  sbwatch watch --json --timeout 15m k7Xb9dRmQ2p | jq .items_extracted",
		arg:      "run id",
		newWatch: watch.NewWatch,
	})
}

// watching is what differs between the commands that watch a run of the service.
type watching struct {
	use, short, long, example string
	arg                       string // what the argument is
	newWatch                  func(id text.Text) watch.Watch
	costs                     bool // the run is dispatched, which costs credits
}

// watchingCommand makes a command that watches a run and judges its items where that is asked for.
func (p *program) watchingCommand(w watching) *cobra.Command {
	var service serviceFlags
	var flags watchFlags
	var judged ruleFlags
	c := &cobra.Command{
		Use: w.use, Short: w.short, Long: w.long, Example: w.example,
		Args: oneArg(w.arg),
		RunE: func(c *cobra.Command, args []string) error {
			if err := flags.check(c); err != nil {
				return err
			}
			client, err := p.prepare(c.Context(), service, flags, &judged)
			if err != nil {
				return err
			}
			s := session{
				service:  client,
				watch:    w.newWatch(text.NewText(args[0])),
				flags:    flags,
				rules:    &judged,
				suggest:  report.Commands{Options: service.options()},
				tellCost: w.costs,
			}
			if w.costs && !flags.yes && p.canAsk() {
				if err := p.confirm(c.Context(), client, &s.watch); err != nil {
					return err
				}
				s.tellCost = false
			}
			return p.watchRun(c.Context(), s)
		},
		ValidArgsFunction: cobra.NoFileCompletions,
	}
	service.addTo(c)
	flags.addTo(c)
	judged.addCheckTo(c)
	return c
}

// prepare reads the files that a watch needs, before anything is done that costs.
func (p *program) prepare(ctx context.Context, service serviceFlags, flags watchFlags, judged *ruleFlags) (*api.Client, error) {
	ctx, cancel := flags.limit(ctx)
	defer cancel()
	if err := judged.read(ctx); err != nil {
		return nil, err
	}
	return p.client(ctx, service, p.limits(flags.limits, p.needsNoItems(flags, judged)))
}

// session is one run to be watched, and in which way.
type session struct {
	service ui.Service
	watch   watch.Watch
	flags   watchFlags
	suggest report.Commands
	// tellCost says what a run costs before it is dispatched, where nobody was asked.
	tellCost bool
	// rules judge the items of a run that has completed; nil where they are left alone.
	rules *ruleFlags
	// quiet leaves standard output to the verdict.
	quiet bool
}

// watchRun watches a run in the way that fits, notes what became of it, and judges its items where that was asked for.
func (p *program) watchRun(ctx context.Context, s session) error {
	var watch *watch.Watch
	var err error
	if p.usesDashboard(s.flags) {
		watch, err = p.showDashboard(ctx, s.suggest, ui.Config{
			Watch:    s.watch,
			Service:  s.service,
			Interval: s.flags.interval,
			Timeout:  s.flags.timeout,
		})
	} else {
		watch, err = p.watchPlainly(ctx, s)
	}
	if err != nil || p.outcome != report.Completed || s.rules == nil || !s.rules.wanted() {
		return err
	}
	if incomplete := watch.Incomplete(); incomplete != nil {
		return incomplete // nothing can be judged by a part of the items
	}
	return p.judge(ctx, watch, s.rules, watch.RecipeID(), s.flags.json)
}

// needsNoItems reports whether a watched run is only told of, so that its items need not be kept. judged is nil where nothing is
// judged.
func (p *program) needsNoItems(f watchFlags, judged *ruleFlags) bool {
	return !p.usesDashboard(f) && (judged == nil || !judged.wanted())
}
