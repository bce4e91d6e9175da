package historycmd

import "github.com/spf13/cobra"

func (p Program) pathCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "path",
		Short: "Print where the history is: the path of its file, or the address of its database without the password",
		Args:  p.noArgs,
		RunE: func(*cobra.Command, []string) error {
			return p.write(p.Places().Database() + "\n")
		},
		ValidArgsFunction: cobra.NoFileCompletions,
	}
}
