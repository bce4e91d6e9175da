package cmd

import (
	"io"

	mango "github.com/muesli/mango-cobra"
	"github.com/muesli/roff"
	"github.com/spf13/cobra"

	"sbwatch/report"
)

// manCommand returns the hidden command that writes the manual page. Package maintainers use it.
func (p *program) manCommand() *cobra.Command {
	return &cobra.Command{
		Use:    "man",
		Short:  "Write the manual page in roff format",
		Hidden: true,
		Args:   noArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			page, err := mango.NewManPage(1, c.Root())
			if err != nil {
				return err
			}
			_, err = io.WriteString(p.Stdout, page.Build(roff.NewDocument()))
			return report.WriteError(err)
		},
	}
}
