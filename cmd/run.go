package cmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"sbwatch/cmd/progress"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
	"sbwatch/report"
	"sbwatch/ui"
)

func (p *program) runCommand() *cobra.Command {
	return p.newWatchCommand(watchCommandSpec{
		use:   "run [flags] RECIPE_ID...|-",
		short: "Dispatch recipes and watch their runs (costs credits)",
		long: `Dispatch a recipe and watch its run. The service charges 2 credits per page when the run completes.

run shows the maximum cost and asks for confirmation before it dispatches, unless --yes is given or there is no terminal.
If the answer to the dispatch is lost, run does not dispatch again, because the run may have started.

Several recipes need only one confirmation. They are dispatched one after another, each of them once.

` + manyHelp + "\n\n" + itemsHelp() + webhookHelp + hooksHelp,
		example: "  sbwatch run m3Yc2tFvN8q\n  sbwatch run --yes --json m3Yc2tFvN8q > run.ndjson\n" +
			"  sbwatch run --yes --from nightly.txt --rules rules.toml",
		arg:      "recipe id",
		kind:     run.IDOfRecipe,
		newWatch: watch.NewDispatchWatch,
		costs:    true,
	})
}

// usageTimeout is the maximum time to wait for the account's usage before the command run asks for confirmation. The
// question contains the cost.
const usageTimeout = 10 * time.Second

// confirm shows what the runs of recipes may cost, and asks whether to dispatch them. It stores the account's usage in
// the watch of the first recipe, the parameter first. If the user declines, it returns [report.ErrLeft].
func (p *program) confirm(ctx context.Context, service ui.Service, first *watch.Watch, recipes []text.Text) error {
	usageCtx, cancel := context.WithTimeout(ctx, usageTimeout)
	defer cancel()
	stop := showWork(p, progress.Elapsed("asking the service"))
	usage, err := service.Usage(usageCtx)
	stop()
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case err == nil:
		first.UsageRead(usage)
		p.say(report.CostLine(recipes, usage))
	default:
		problem := run.ProblemOf(err)
		first.UsageFailed(problem)
		if first.Over() {
			return problem // the same problem would refuse the dispatch
		}
		p.say(report.UnknownCostLine(recipes, problem.Error()))
	}
	question := "dispatch this run?"
	if len(recipes) > 1 {
		question = fmt.Sprintf("dispatch these %d runs?", len(recipes))
	}
	isYes, err := p.ask(ctx, question)
	if err != nil || isYes {
		return err
	}
	p.say("nothing was dispatched")
	return report.ErrLeft
}

// ask asks a question and reports whether the answer is yes. The question must be printable.
func (p Process) ask(ctx context.Context, question string) (bool, error) {
	_, _ = io.WriteString(p.Stderr, question+" [y/N] ")
	answer, err := p.readLine(ctx)
	if err != nil {
		_, _ = io.WriteString(p.Stderr, "\n")
		return false, err
	}
	answer = strings.ToLower(strings.TrimSpace(answer))
	return answer == "y" || answer == "yes", nil
}

// readLine reads one line from standard input. It does not read further, because the next bytes may be key presses for
// the dashboard.
func (p Process) readLine(ctx context.Context) (string, error) {
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
		return "", errors.Join(report.ErrLeft, context.Cause(ctx))
	}
}
