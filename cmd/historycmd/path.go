package historycmd

import (
	"github.com/spf13/cobra"

	"sbwatch/cmd/recording"
	"sbwatch/model/text"
)

func (p Program) pathCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "path",
		Short: "Print where the history is: the path of its file, or the address of its database without the password",
		Args:  p.noArgs,
		RunE: func(*cobra.Command, []string) error {
			places := p.Places()
			if !places.Known() {
				return recording.ErrNoFolder
			}
			return p.write(text.Printable(places.Database()) + "\n")
		},
		ValidArgsFunction: cobra.NoFileCompletions,
	}
}
