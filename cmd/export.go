package cmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"sbwatch/cmd/tty"
	"sbwatch/files"
	"sbwatch/files/write"
	"sbwatch/model/item"
	"sbwatch/model/text"
	"sbwatch/model/watch"
	"sbwatch/query"
	"sbwatch/report"
	"sbwatch/work"
)

// exportFlags say what to write, how, and where to.
type exportFlags struct {
	service serviceFlags
	watch   watchFlags
	choice  choiceFlags
	format  string
	output  string
	csvSafe bool
	force   bool
}

func (p *program) exportCommand() *cobra.Command {
	var flags exportFlags
	c := &cobra.Command{
		Use:   "export [flags] RUN_ID|FILE|-",
		Short: "Write the items of a run or a file as CSV, JSON, NDJSON or Parquet",
		Long: `Write items as CSV, JSON, NDJSON or Parquet. A run that is still under way is waited for. A name with a dot or a slash, or
of a file that is there, is a file; a dash is standard input.

The ending of the output's name tells the format, and .gz or .zst behind it a compression; --format is for standard output.
JSON and NDJSON carry each item byte for byte as it came. CSV is that of RFC 4180, nested values as JSON. Parquet has a type
for each column, by all of its values. A file appears when all of it is written; one that is there is replaced only with
--force. It keeps its permissions, owner and group; a symbolic link to it stays one. A file with several names (hard links),
or whose owner cannot be kept, gets the new content copied into it.

On any terminal, also with -o /dev/tty, what it would obey is shown as text; in a file or a pipe all bytes are as they
came.

Of a source that is broken, what was whole is written, what was not is told, and the exit code is 1.`,
		Example: "  sbwatch export -o items.parquet k7Xb9dRmQ2p\n" +
			"  sbwatch export --where 'price > 20' --sort -price,name --columns name,price -o dear.csv answer.json\n" +
			"  sbwatch export --format ndjson k7Xb9dRmQ2p | jq .name",
		Args: oneArg("run id or file, or - for standard input"),
		RunE: func(c *cobra.Command, args []string) error {
			if err := flags.watch.check(c); err != nil {
				return err
			}
			ctx, cancel := flags.watch.limit(c.Context())
			defer cancel()
			return p.runExport(ctx, flags, args[0])
		},
	}
	flags.service.addTo(c)
	c.Flags().StringVar(&flags.format, "format", "", "csv, json, ndjson or parquet (default: by the ending of the output's name)")
	_ = c.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(formatNames(), cobra.ShellCompDirectiveNoFileComp)) // the flag is there
	flags.output = "-"
	c.Flags().VarP(checkedValue{&flags.output, kindFile, func(string) bool { return true }}, "output", "o", "write to this file; - is standard output")
	flags.choice.addTo(c)
	c.Flags().BoolVar(&flags.csvSafe, "csv-safe", false, "CSV: disarm texts that a spreadsheet takes for formulas by a ' before them")
	c.Flags().BoolVar(&flags.force, "force", false, "replace a file that is there")
	flags.watch.addWaitTo(c)
	return c
}

func formatNames() []string {
	var names []string
	for _, format := range files.Formats() {
		names = append(names, format.String())
	}
	return names
}

// runExport finds out first whether there is anything wrong with what was asked: reading may take long.
func (p *program) runExport(ctx context.Context, flags exportFlags, name string) error {
	if flags.output == "/dev/stdout" {
		flags.output = "-"
	}
	options, err := p.exportOptions(flags)
	if err != nil {
		return err
	}
	asked, err := flags.choice.read()
	if err != nil {
		return err
	}
	target := write.Target{Name: flags.output, Force: flags.force}
	if file, isOpen := p.Stdin.(*os.File); name == "-" && isOpen {
		target.Source = file.Name() // /dev/stdin, which is the file behind it
	} else if isFile(name) && name != "-" {
		target.Source = name
	}
	if flags.output != "-" {
		if err := target.Check(); err != nil {
			return err
		}
	}
	watch, err := p.exported(ctx, flags, name)
	if err != nil || watch == nil {
		return err
	}
	items := watch.Items()
	chosen, err := asked.of(items)
	if err != nil {
		return err
	}
	options.Columns = chosen.columns
	if options.Rows, err = query.Run(ctx, items, chosen.query, nil, nil); err != nil {
		return context.Cause(ctx)
	}
	if items.ColumnsCapped() && options.Columns == nil && (options.Format == files.CSV || options.Format == files.Parquet) {
		p.say("the items have more than " + text.Count(item.MaxColumns) + " columns: the further ones are left out of " + options.Format.String())
		p.outcome = report.Failed
	}
	return p.writeExport(ctx, items, options, target)
}

// exportOptions are what can be told of an export before its items are there.
func (p *program) exportOptions(flags exportFlags) (write.Options, error) {
	o := write.Options{CSVSafe: flags.csvSafe}
	wrong := func(text string) error { return usageError{text: text, command: "sbwatch export"} }
	if flags.output == "" {
		return o, wrong("the name of the output is empty")
	}
	known := false
	if flags.output != "-" {
		o.Format, known = files.FormatOf(flags.output)
		o.Compression, _ = files.CompressionOf(flags.output)
	}
	if flags.format != "" {
		if o.Format, known = files.FormatNamed(flags.format); !known {
			return o, wrong(fmt.Sprintf("there is no format %q: give csv, json, ndjson or parquet", flags.format))
		}
	}
	switch {
	case !known && flags.output == "-":
		return o, wrong("give --format csv, json, ndjson or parquet, or -o and a name that ends in one of them")
	case !known:
		return o, wrong(fmt.Sprintf("the ending of %q tells no format: give --format csv, json, ndjson or parquet", flags.output))
	case files.CheckNested(o.Format, o.Compression) != nil:
		return o, wrong(files.ErrPackedTwice.Error())
	case flags.csvSafe && o.Format != files.CSV:
		return o, wrong("--csv-safe is for CSV, and this is " + o.Format.String())
	case flags.output == "-" && o.Format == files.Parquet && tty.IsTerminal(p.Stdout):
		return o, wrong("Parquet is not for a terminal: give -o FILE")
	}
	return o, nil
}

// exported reads what is to be written; nil where there is nothing, which is said and noted. Of a broken source, what was whole
// is good.
func (p *program) exported(ctx context.Context, flags exportFlags, name string) (*watch.Watch, error) {
	watch, err := p.readItems(ctx, itemSource{name, flags.service, flags.watch, "its items are not all there"})
	some := watch != nil && watch.Items().Len() > 0
	switch {
	case err != nil && some:
		p.say(err.Error())
		p.outcome = report.Failed
	case err != nil:
		return nil, err
	case watch.Incomplete() != nil && some: // which was said
		p.outcome = report.Failed
	case !watch.Over() || p.outcome != report.Completed && !some:
		return nil, nil
	}
	return watch, nil
}

// writeExport writes the items to standard output or to a file, and shows how far it is where somebody looks on.
func (p *program) writeExport(ctx context.Context, items item.Table, o write.Options, target write.Target) error {
	var progress work.Progress
	o.Progress = &progress
	if p.tellsProgress(target.Name) {
		defer p.showProgress(&progress)()
	}
	if target.Name != "-" {
		err := target.Write(ctx, items, o)
		if errors.Is(err, report.ErrTimeout) {
			p.say("the timeout passed before " + target.Name + " was written")
		}
		return err
	}
	out := p.Stdout
	if tty.IsTerminal(out) {
		screen := write.NewScreenWriter(out)
		defer func() { _ = screen.Close() }()
		out = screen
	}
	err := write.Write(ctx, out, items, o)
	if err == nil || ctx.Err() != nil {
		return err
	}
	return report.WriteError(err)
}

// tellsProgress tells whether somebody looks on, who does not see the items themselves there.
func (p *program) tellsProgress(output string) bool {
	if output == "-" {
		return tty.IsTerminal(p.Stderr) && !tty.IsTerminal(p.Stdout)
	}
	info, err := os.Stat(output)
	return tty.IsTerminal(p.Stderr) && (err != nil || info.Mode()&os.ModeCharDevice == 0)
}

// Progress is shown of what takes longer than a moment, so often.
const progressPause = 500 * time.Millisecond

// showProgress shows on standard error, which is a terminal, how far the writing is, until the function it gives is called.
func (p *program) showProgress(progress *work.Progress) func() {
	done, gone := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(gone)
		shown := 0
		for {
			select {
			case <-time.After(progressPause):
				line := fmt.Sprintf("writing: %d%%", int(100*progress.Share()))
				_, _ = io.WriteString(p.Stderr, "\r"+line)
				shown = len(line)
			case <-done:
				if shown > 0 {
					_, _ = io.WriteString(p.Stderr, "\r"+strings.Repeat(" ", shown)+"\r")
				}
				return
			}
		}
	}()
	return func() {
		close(done)
		<-gone
	}
}
