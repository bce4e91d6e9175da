//go:build unix

// Compare measures sbwatch and other programs that read JSON files, such as VisiData, jq and DuckDB. All programs
// process the same file, one after the other. Programs that are not installed are reported and skipped. Compare
// installs nothing.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"

	"sbwatch/bench/answers"
	"sbwatch/bench/report"
)

// options select what to measure.
type options struct {
	file                     string
	items                    int
	sbwatch, minimal, figure string
	rounds                   int
	only                     string
}

func main() {
	var o options
	flag.StringVar(&o.file, "file", "bench/out/items.json", "a JSON `file` of a shop's items; it is created if it does not exist")
	flag.IntVar(&o.items, "items", 1_000_000, "number of items in the created file, of about 200 bytes each")
	flag.StringVar(&o.sbwatch, "sbwatch", "bench/out/sbwatch", "the `program`")
	flag.StringVar(&o.minimal, "minimal", "bench/out/minimal", "the minimal Bubble Tea `program`")
	flag.StringVar(&o.figure, "figures", "bench/out/items", "the `path` of the program bench/items")
	flag.IntVar(&o.rounds, "rounds", 9, "how often sbwatch and the minimal program start; medians are printed")
	flag.StringVar(&o.only, "only", "", "the other programs to measure, separated by commas; the default is all")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	err := errors.New("-items and -rounds must be greater than 0")
	if o.items > 0 && o.rounds > 0 {
		err = compare(ctx, o)
	}
	if err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "compare:", err)
		os.Exit(1)
	}
}

// compare measures everything and prints the tables.
func compare(ctx context.Context, o options) error {
	if err := makeFile(o.file, o.items); err != nil {
		return err
	}
	info, err := os.Stat(o.file)
	if err != nil {
		return err
	}
	say("%s: %d items, %d MB", o.file, o.items, info.Size()/1_000_000)
	home, err := os.MkdirTemp("", "sbwatch-bench-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(home) }()
	b := &bench{ctx: ctx, options: o, home: home}
	say("measuring how sbwatch starts")
	starts, err := b.measureStarts()
	if err != nil {
		return err
	}
	columns, err := b.measureAll()
	if err != nil {
		return err
	}
	columns[0].figures[firstRows] = report.Median(starts[0].ours).Seconds()
	return printTables(os.Stdout, columns, starts, info.Size())
}

// measureAll measures sbwatch and the other programs in turn. The first column of the result holds the measurements of
// sbwatch.
func (b *bench) measureAll() ([]column, error) {
	var ours samples
	var columns []column
	for _, p := range peers() {
		if b.only != "" && !strings.Contains(","+b.only+",", ","+p.name+",") {
			continue
		}
		path, missing := p.find()
		if missing != "" {
			say("%s is left out: %s", p.name, missing)
			continue
		}
		var theirs samples
		for round := range p.rounds {
			say("measuring %s, round %d of %d", p.name, round+1, p.rounds)
			if err := b.measureOurs(&ours); err != nil {
				return nil, err
			}
			found, err := p.measure(b, path)
			theirs.add(found)
			if err != nil {
				say("%s: %v", p.name, err)
				break
			}
		}
		columns = append(columns, column{p.name, theirs.medians()})
	}
	if len(columns) == 0 {
		if err := b.measureOurs(&ours); err != nil {
			return nil, err
		}
	}
	return append([]column{{"sbwatch", ours.medians()}}, columns...), nil
}

// say prints progress on standard error.
func say(format string, args ...any) { _, _ = fmt.Fprintf(os.Stderr, "compare: "+format+"\n", args...) }

// makeFile creates a file of generated items. If the file exists, makeFile does not change it.
func makeFile(name string, items int) error {
	if _, err := os.Stat(name); err == nil {
		return nil
	}
	file, err := os.Create(name + ".part")
	if err != nil {
		return err
	}
	err = answers.WriteArray(file, items)
	if closeErr := file.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return err
	}
	return os.Rename(file.Name(), name)
}
