package cmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"sbwatch/cmd/flagvalue"
	"sbwatch/cmd/progress"
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

type exportFlags struct {
	service   serviceFlags
	watch     watchFlags
	reading   readingFlags
	history   historyFlags
	selection selectionFlags
	format    string
	output    string
	csvSafe   bool
	csvMark   bool
	zstd      bool
	force     bool
	// isGiven reports whether a flag is on the command line. A flag that is not on the command line may have a default
	// from the config file. This default is ignored if it does not fit the items, for example because it names a column
	// that does not exist.
	isGiven func(flag string) bool
	// unfit is called with an error about a flag that does not fit the items, such as the name of a missing column. If
	// it returns nil, the flag is ignored; otherwise the command returns the result.
	unfit func(flag string, err error) error
}

func (p *program) exportCommand() *cobra.Command {
	var flags exportFlags
	c := &cobra.Command{
		Use:   "export [flags] RUN_ID|FILE|-",
		Short: "Write the items of a run or a file as CSV, JSON, NDJSON or Parquet",
		Long: `Write items as CSV, JSON, NDJSON or Parquet. export waits for an unfinished run. The argument is a file if it contains a
dot or a slash, or if a file of this name exists; - is standard input. A recorded run is read from the history, which needs
no key and no network.

The extension of the output file selects the format. An additional .gz or .zst compresses the file. Standard output is
NDJSON, one item per line, unless --format selects another format. JSON and NDJSON contain each item byte for byte, except
that NaN and Infinity become null, and bytes that are not UTF-8 become U+FFFD. CSV follows RFC 4180; nested values are
written as JSON. Parquet has typed columns.

For a spreadsheet, --csv-bom marks CSV as UTF-8, and --delimiter ';' separates its fields with semicolons. --delimiter
sets the delimiter of the CSV to write. If FILE is CSV with the same delimiter, FILE is also read with it.

The file appears when it is complete. --force replaces an existing file. The file keeps its permissions, owner and group,
and a symbolic link to it remains. If it has several hard links, or if its owner cannot be kept, the new content is copied
into the existing file.

--compute adds columns, which --columns, --where, --search and --sort can use.
` + formulaHelp() + `

On a terminal, including -o /dev/tty, control characters are shown as text. Files and pipes get all bytes unchanged.

If FILE is damaged, the complete items are exported, the damage is reported, and the exit code is 1.`,
		Example: "  sbwatch export -o items.parquet k7Xb9dRmQ2p\n" +
			"  sbwatch export --where 'price > 20' --sort -price,name --columns name,price -o expensive.csv answer.json\n" +
			"  sbwatch export k7Xb9dRmQ2p | jq .name",
		Args: oneArg("run id or file name"),
		RunE: func(c *cobra.Command, args []string) error {
			ctx, cancel := flags.watch.limit(c.Context())
			defer cancel()
			flags.isGiven = func(flag string) bool { return flagvalue.IsGiven(c, flag) }
			flags.unfit = ignoringDefaults(p, c)
			return p.runExport(ctx, flags, args[0])
		},
	}
	flags.addTo(c)
	return c
}

func (f *exportFlags) addTo(c *cobra.Command) {
	f.service.addTo(c)
	c.Flags().StringVar(&f.format, "format", "", "csv, json, ndjson or parquet (default: the extension of the output file; ndjson for standard output)")
	_ = c.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(formatNames(), cobra.ShellCompDirectiveNoFileComp)) // fails only for unknown flags
	flagvalue.Label(c.Flags(), "format", "format")
	flagvalue.Restrict(c.Flags(), "format", &f.format, func(given string) string {
		if _, known := files.FormatNamed(given); known {
			return ""
		}
		return fmt.Sprintf("unknown format %q: use csv, json, ndjson or parquet", given)
	})
	f.output = "-"
	c.Flags().VarP(checkedValue{&f.output, kindFile, func(string) bool { return true }}, "output", "o", "write to this file (- is standard output)")
	flagvalue.Restrict(c.Flags(), "output", &f.output, func(given string) string {
		if given == "" {
			return "the name of the output file is empty"
		}
		return ""
	})
	f.selection.addTo(c)
	c.Flags().BoolVar(&f.csvSafe, "csv-safe", false, "CSV: put a ' before text that a spreadsheet would treat as a formula")
	c.Flags().BoolVar(&f.csvMark, "csv-bom", false, "CSV: begin with a byte order mark, for Excel")
	c.Flags().BoolVar(&f.zstd, "parquet-zstd", false, "Parquet: compress with zstd; files are smaller than with snappy, the default")
	c.Flags().BoolVar(&f.force, "force", false, "replace an existing file")
	f.watch.addWaitTo(c)
	f.reading.addTo(c)
	f.history.addTo(c, readsHistory)
}

func formatNames() []string {
	var names []string
	for _, format := range files.Formats() {
		names = append(names, format.String())
	}
	return names
}

// runExport exports the items of a run or a file. It checks all flags first, because reading the items may take long.
func (p *program) runExport(ctx context.Context, flags exportFlags, name string) error {
	if flags.output == "/dev/stdout" {
		flags.output = "-"
	}
	options, err := p.exportOptions(flags)
	if err != nil {
		return err
	}
	flags.reading.toWrite = options.Format == files.CSV
	selection, err := flags.selection.parse()
	if err != nil {
		return err
	}
	target := write.Target{Name: flags.output, Force: flags.force}
	if file, isOpen := p.Stdin.(*os.File); name == "-" && isOpen {
		target.Source = file.Name() // /dev/stdin may be redirected from this file
	} else if isFile(name) && name != "-" {
		target.Source = name
	}
	if flags.output != "-" {
		if err := target.Check(); err != nil {
			return err
		}
	}
	watch, err := p.readForExport(ctx, flags, name)
	if err != nil || watch == nil {
		return err
	}
	computed := flags.selection.compute.columns(watch.Items(), flags.unfit)
	items, err := computed.items, computed.err
	if err != nil {
		return err
	}
	selected, err := p.selectItems(ctx, selection, items, flags.unfit)
	if err != nil {
		return err
	}
	options.Columns, options.Rows = selected.columns, selected.rows
	if items.ColumnsCapped() && options.Columns == nil && (options.Format == files.CSV || options.Format == files.Parquet) {
		p.say("the items have more than " + text.Count(item.MaxColumns) + " columns: the other columns are not in the " + options.Format.String())
		p.outcome = report.Failed
	}
	return p.writeExport(ctx, items, options, target)
}

// selectedItems are the columns and the rows of a selection. nil means all.
type selectedItems struct {
	columns []write.Column
	rows    []uint32
}

// selectItems applies a selection to items. See [selection.resolve] for unfit.
func (p *program) selectItems(ctx context.Context, s selection, items item.Table, unfit func(flag string, err error) error) (selectedItems, error) {
	var done work.Progress
	defer showWork(p, progress.Percent("selecting", &done))()
	found, err := work.Do(ctx, func() (resolvedSelection, error) { return s.resolve(items, unfit) })
	if ctx.Err() != nil {
		return selectedItems{}, context.Cause(ctx)
	}
	if err != nil {
		return selectedItems{}, err
	}
	rows, err := query.Run(ctx, items, found.query, nil, &done)
	if err != nil {
		return selectedItems{}, context.Cause(ctx)
	}
	return selectedItems{found.columns, rows}, nil
}

// showWork shows a line about the progress of an operation on standard error until stop is called, if standard error is
// a terminal. If a line is already shown, the operation is a part of another one, and showWork does nothing.
func showWork(p *program, describe func() string) (stop func()) {
	if !showsWork(p) {
		return func() {}
	}
	p.sayMutex.Lock()
	defer p.sayMutex.Unlock()
	if p.line != nil {
		return func() {}
	}
	line := progress.Show(p.Stderr, describe)
	p.line = line
	return func() {
		p.sayMutex.Lock()
		p.line = nil
		p.sayMutex.Unlock()
		line.Stop()
	}
}

// showsWork reports whether to show the progress of operations. A screen reader would read every update aloud.
func showsWork(p *program) bool {
	return tty.IsTerminal(p.Stderr) && p.getenv("TERM") != "dumb" && !p.readsAloud
}

// exportOptions returns the options of an export that depend only on the flags.
func (p *program) exportOptions(flags exportFlags) (write.Options, error) {
	o := write.Options{CSVSafe: flags.csvSafe, CSVMark: flags.csvMark, CSVDelimiter: flags.reading.delimiter, ParquetZstd: flags.zstd, Changes: new(write.Changes)}
	wrong := func(text string) error { return usageError{text: text, command: "sbwatch export"} }
	toTerminal := flags.output == "-" && tty.IsTerminal(p.Stdout)
	var known bool
	o.Format, o.Compression, known = flags.outputFormat(toTerminal)
	switch {
	case !known:
		return o, wrong(fmt.Sprintf("the extension of %q selects no format: use --format csv, json, ndjson or parquet", flags.output))
	case files.CheckNested(o.Format, o.Compression) != nil:
		return o, wrong(files.ErrPackedTwice.Error())
	case flags.isGiven("csv-safe") && flags.csvSafe && o.Format != files.CSV:
		return o, wrong("--csv-safe is only for CSV, but the format is " + o.Format.String())
	case flags.isGiven("csv-bom") && flags.csvMark && o.Format != files.CSV:
		return o, wrong("--csv-bom is only for CSV, but the format is " + o.Format.String())
	case flags.isGiven("parquet-zstd") && flags.zstd && o.Format != files.Parquet:
		return o, wrong("--parquet-zstd is only for Parquet, but the format is " + o.Format.String())
	case toTerminal && o.Format == files.Parquet:
		return o, wrong("Parquet cannot be written to a terminal: use -o FILE")
	}
	return o, nil
}

// outputFormat returns the format and compression of the output. The flag --format takes precedence over the file
// extension, and the extension over the default of --format in the config file. The result known is false if none of
// them selects a format.
func (f *exportFlags) outputFormat(toTerminal bool) (format files.Format, compression files.Compression, known bool) {
	given, hasDefault := files.FormatNamed(f.format)
	if f.output == "-" {
		format, known = files.NDJSON, true
		hasDefault = hasDefault && (!toTerminal || given != files.Parquet)
	} else {
		format, known = files.FormatOf(f.output)
		compression, _ = files.CompressionOf(f.output)
		hasDefault = hasDefault && !known
	}
	if hasDefault || f.isGiven("format") {
		return given, compression, true
	}
	return format, compression, known
}

// readForExport reads the items to export. If a file is damaged, it returns the complete items. If there are no items,
// it tells the user why, sets the outcome that determines the exit code, and returns nil.
func (p *program) readForExport(ctx context.Context, flags exportFlags, name string) (*watch.Watch, error) {
	watch, err := p.readItems(ctx, &itemSource{
		name: name, service: flags.service, watch: flags.watch, reading: flags.reading, history: flags.history, unfinished: "some items may be missing",
	})
	hasItems := watch != nil && watch.Items().Len() > 0
	switch {
	case err != nil && hasItems:
		p.say(err.Error())
		p.outcome = report.Failed
	case err != nil:
		return nil, err
	case watch.Incomplete() != nil && hasItems: // readItems has reported it
		p.outcome = report.Failed
	case !watch.Over() || p.outcome != report.Completed && !hasItems:
		return nil, nil
	}
	return watch, nil
}

// writeExport writes the items to standard output or to a file. If standard error is a terminal, it shows the progress
// there.
func (p *program) writeExport(ctx context.Context, items item.Table, o write.Options, target write.Target) error {
	o.Progress = new(work.Progress)
	stop := func() {}
	if p.showsProgress(target.Name) {
		stop = showWork(p, progress.Percent("writing", o.Progress))
	}
	defer func() {
		if stop(); ctx.Err() == nil {
			p.sayChanges(o.Changes)
		}
	}()
	if target.Name != "-" {
		err := target.Write(ctx, items, o)
		if errors.Is(err, report.ErrTimeout) {
			p.say("the timeout passed before " + target.Name + " was written")
		}
		return err
	}
	_, err := work.Do(ctx, func() (struct{}, error) { // writing to a pipe may block
		return struct{}{}, writeTo(ctx, p.Stdout, items, o)
	})
	if err != nil && ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return report.WriteError(err)
}

// writeTo writes the items to standard output. On a terminal, it shows control characters as text.
func writeTo(ctx context.Context, out io.Writer, items item.Table, o write.Options) error {
	if !tty.IsTerminal(out) {
		return write.Write(ctx, out, items, o)
	}
	screen := write.NewScreenWriter(out)
	return errors.Join(write.Write(ctx, screen, items, o), screen.Close())
}

// sayChanges tells the user which values the export changed because the format cannot represent them.
func (p *program) sayChanges(changes *write.Changes) {
	for _, sentence := range changes.Sentences() {
		p.say(sentence)
	}
}

// showsProgress reports whether to show the progress of an export. This is the case if standard error is a terminal and
// the export does not write to a terminal. output is the name of the file, or "-" for standard output.
func (p *program) showsProgress(output string) bool {
	if output == "-" {
		return tty.IsTerminal(p.Stderr) && !tty.IsTerminal(p.Stdout)
	}
	info, err := os.Stat(output)
	return tty.IsTerminal(p.Stderr) && (err != nil || info.Mode()&os.ModeCharDevice == 0)
}
