package cmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"sbwatch/model"
	"sbwatch/ui"
)

func (p *program) runCommand() *cobra.Command {
	var service serviceFlags
	var flags watchFlags
	var judged ruleFlags
	c := &cobra.Command{
		Use:   "run [flags] RECIPE_ID",
		Short: "Dispatch a recipe, which costs credits, and watch its run",
		Long: `Dispatch a recipe and watch its run. The service bills 2 credits a page when the run completes.

Before it dispatches, run says what the run may cost and asks, unless --yes is given or there is no terminal to ask in.
A dispatch whose answer is lost is never sent again, as the run may have started.`,
		Example: "  sbwatch run m3Yc2tFvN8q\n  sbwatch run --yes --json m3Yc2tFvN8q > run.ndjson",
		Args:    oneArg("recipe id"),
		RunE: func(c *cobra.Command, args []string) error {
			if err := flags.check(c); err != nil {
				return err
			}
			if err := judged.read(); err != nil {
				return err
			}
			client, err := p.client(c.Context(), service, p.limits(flags.limits, p.needsNoItems(flags, &judged)))
			if err != nil {
				return err
			}
			s := session{
				service:  client,
				watch:    model.NewDispatchWatch(textArg(args)),
				flags:    flags,
				rules:    &judged,
				suggest:  suggestions{options: service.options()},
				tellCost: true,
			}
			if !flags.yes && p.canAsk() {
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

func (p *program) watchCommand() *cobra.Command {
	var service serviceFlags
	var flags watchFlags
	var judged ruleFlags
	c := &cobra.Command{
		Use:   "watch [flags] RUN_ID",
		Short: "Watch a run; browse its items when it is done",
		Long: `Watch a run until it ends, then browse its items. Polling is free. Leaving the watch does not end the run.

Where standard output is no terminal, watch writes a line for each change, and a sign of life every 30 s.`,
		Example: "  sbwatch watch k7Xb9dRmQ2p\n  sbwatch watch --json --timeout 15m k7Xb9dRmQ2p | jq .items_extracted",
		Args:    oneArg("run id"),
		RunE: func(c *cobra.Command, args []string) error {
			if err := flags.check(c); err != nil {
				return err
			}
			if err := judged.read(); err != nil {
				return err
			}
			client, err := p.client(c.Context(), service, p.limits(flags.limits, p.needsNoItems(flags, &judged)))
			if err != nil {
				return err
			}
			return p.watchRun(c.Context(), session{
				service: client,
				watch:   model.NewWatch(textArg(args)),
				flags:   flags,
				rules:   &judged,
				suggest: suggestions{options: service.options()},
			})
		},
		ValidArgsFunction: cobra.NoFileCompletions,
	}
	service.addTo(c)
	flags.addTo(c)
	judged.addCheckTo(c)
	return c
}

// patienceForUsage is how long a question may wait for what the run costs.
const patienceForUsage = 10 * time.Second

// confirm says what a run may cost, and asks whether to dispatch it. What it learned is in the watch afterwards. The
// error is errLeft for a no.
func (p *program) confirm(ctx context.Context, service ui.Service, watch *model.Watch) error {
	asking, cancel := context.WithTimeout(ctx, patienceForUsage)
	defer cancel()
	usage, err := service.Usage(asking)
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case err == nil:
		watch.UsageRead(usage)
		p.say(costLine(watch.RecipeID(), usage))
	default:
		problem := model.ProblemOf(err)
		watch.UsageFailed(problem)
		if watch.Over() {
			return problem // the dispatch would fare no better
		}
		p.say(fmt.Sprintf("what a run of %s may cost is not known: %s", watch.RecipeID(), problem.Error()))
	}
	_, _ = io.WriteString(p.Stderr, "dispatch it? [y/N] ")
	answer, err := p.readLine(ctx)
	if err != nil {
		_, _ = io.WriteString(p.Stderr, "\n")
		return err
	}
	switch strings.ToLower(strings.TrimSpace(answer)) {
	case "y", "yes":
		return nil
	default:
		p.say("nothing was dispatched")
		return errLeft
	}
}

// readLine reads a line of standard input, and not a byte more: what follows may be keys for the dashboard.
func (p *program) readLine(ctx context.Context) (string, error) {
	lines := make(chan string, 1)
	go func() {
		var line []byte
		one := make([]byte, 1)
		for {
			n, err := p.Stdin.Read(one)
			if n > 0 && one[0] != '\n' {
				line = append(line, one[0])
			}
			if err != nil || (n > 0 && one[0] == '\n') {
				lines <- string(line)
				return
			}
		}
	}()
	select {
	case line := <-lines:
		return line, nil
	case <-ctx.Done():
		return "", errors.Join(errLeft, context.Cause(ctx))
	}
}
