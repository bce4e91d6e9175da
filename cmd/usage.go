package cmd

import (
	"cmp"
	"context"
	"io"
	"time"

	"github.com/spf13/cobra"

	"sbwatch/api/wire"
	"sbwatch/cmd/progress"
	"sbwatch/model/baseline"
	"sbwatch/model/optional"
	"sbwatch/report"
)

func (p *program) usageCommand() *cobra.Command {
	var service serviceFlags
	var history historyFlags
	var asJSON, reader bool
	c := &cobra.Command{
		Use:   "usage [flags]",
		Short: "Show plan limits, runs used, credits with a forecast, and the last run",
		Args:  noArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			client, err := p.client(c.Context(), service, wire.Limits{})
			if err != nil {
				return err
			}
			stop := showWork(p, progress.Elapsed("asking the service"))
			usage, err := client.Usage(c.Context())
			if err != nil {
				stop()
				return cmp.Or(context.Cause(c.Context()), err)
			}
			pace := recordedPace(c.Context(), p, history, client.Host())
			stop()
			if asJSON {
				return report.WriteUsageJSON(p.Stdout, usage, pace)
			}
			table := report.UsageTable(usage, pace)
			if reader {
				table = report.SpokenList(table)
			}
			_, err = io.WriteString(p.Stdout, table)
			return report.WriteError(err)
		},
		ValidArgsFunction: cobra.NoFileCompletions,
	}
	service.addTo(c)
	history.addTo(c, "do not use the history for the forecast of the credits")
	c.Flags().BoolVar(&reader, "screen-reader", false, report.ScreenReaderHelp)
	c.Flags().BoolVar(&asJSON, "json", false, "write a JSON object with the field names of the API")
	return c
}

// paceTimeout is the maximum time for reading the costs of runs from the history.
const paceTimeout = 5 * time.Second

// recordedPace returns how fast the recorded runs of a host have spent credits. The result is unknown if there is no
// history. If reading the history fails, recordedPace tells the user, and the result is also unknown.
func recordedPace(ctx context.Context, p *program, f historyFlags, host string) optional.Value[baseline.Pace] {
	reader := historyReader(p, f, host, limitFlags{})
	if reader == nil {
		return optional.Value[baseline.Pace]{}
	}
	defer reader.Close()
	ctx, cancel := context.WithTimeout(ctx, paceTimeout)
	defer cancel()
	spent, err := reader.Spent(ctx, p.Now().AddDate(0, 0, -baseline.PaceDays))
	if err != nil {
		p.say("no forecast of the credits: " + err.Error())
		return optional.Value[baseline.Pace]{}
	}
	return optional.Some(baseline.PaceOf(spent, p.Now()))
}
