package cmd

import (
	"context"
	"io"

	"github.com/spf13/cobra"

	"sbwatch/api/wire"
	"sbwatch/report"
)

func (p *program) usageCommand() *cobra.Command {
	var service serviceFlags
	var asJSON bool
	c := &cobra.Command{
		Use:   "usage [flags]",
		Short: "Show plan limits, runs used, credits and the last run",
		Args:  noArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			client, err := p.client(c.Context(), service, wire.Limits{})
			if err != nil {
				return err
			}
			usage, err := client.Usage(c.Context())
			switch {
			case c.Context().Err() != nil:
				return context.Cause(c.Context())
			case err != nil:
				return err
			case asJSON:
				return report.WriteUsageJSON(p.Stdout, usage)
			default:
				_, err := io.WriteString(p.Stdout, report.UsageTable(usage))
				return report.WriteError(err)
			}
		},
		ValidArgsFunction: cobra.NoFileCompletions,
	}
	service.addTo(c)
	c.Flags().BoolVar(&asJSON, "json", false, "write a JSON object with the field names of the API")
	return c
}
