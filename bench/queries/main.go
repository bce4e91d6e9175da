// Queries measures filters, regular expressions, sorting, profiles and duplicates, and compares them with DuckDB on the
// same items. It measures each filter and each sort three times: with an empty cache ("first"), with columns prepared as
// the dashboard does after loading ("prepared"), and with the cache filled by another filter of the same columns, or by
// a sort in the opposite direction ("again").
//
// DuckDB is a second process that also holds the items. The two processes take turns: in each round of an operation,
// DuckDB runs right after sbwatch. So a slow moment of the machine affects both. The printed ratio is the median of the
// ratios of all rounds.
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"time"

	"sbwatch/bench/report"
)

func main() {
	shape := flag.String("shape", "catalog", "kind of items: catalog (about 350 bytes each) or wide (300 columns)")
	file := flag.String("file", "", "JSON `file` of items, created if it does not exist; by default in bench/out")
	items := flag.Int("items", 0, "number of items in a created file; by default 1,000,000, or 50,000 for wide")
	rounds := flag.Int("rounds", 5, "how often each operation is measured; medians are printed")
	only := flag.String("only", "", "measure only the operations whose name contains one of these `texts`, separated by commas")
	alone := flag.Bool("alone", false, "do not measure DuckDB")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	s, err := shapeNamed(*shape)
	if err == nil {
		err = measure(ctx, s, cmp.Or(*file, "bench/out/"+s.name+".json"), cmp.Or(*items, s.items), *rounds, *only, *alone)
	}
	if err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "queries:", err)
		os.Exit(1)
	}
}

func measure(ctx context.Context, s shape, name string, items, rounds int, only string, alone bool) (err error) {
	if err := makeFile(name, items, s.write); err != nil {
		return err
	}
	m := measurement{rounds: rounds}
	var theirs time.Duration
	if !alone {
		m.other, theirs, err = startDuckDB(ctx, s, name)
		if err != nil {
			_, _ = fmt.Fprintln(os.Stderr, "queries: skipping DuckDB:", err)
			m.other = nil
		} else {
			defer func() { err = errors.Join(err, m.other.stop()) }()
		}
	}
	if err := m.measureAll(ctx, s, name, theirs, only); err != nil {
		return err
	}
	info, err := os.Stat(name)
	if err != nil {
		return err
	}
	lines := append(timeLines(m.figures), memoryLines(m.peaks, m.otherMemory, info.Size())...)
	return report.Print(os.Stdout, fmt.Sprintf("queries, %s: %d items, %d MB of JSON", s.name, m.items.Len(), info.Size()/1e6), lines)
}

// makeFile creates a file whose content the function write generates. If the file exists, makeFile does not change it.
func makeFile(name string, items int, write func(w io.Writer, items int) error) error {
	if _, err := os.Stat(name); err == nil {
		return nil
	}
	file, err := os.Create(name + ".part")
	if err != nil {
		return err
	}
	err = write(file, items)
	if err = errors.Join(err, file.Close()); err != nil {
		return err
	}
	return os.Rename(file.Name(), name)
}

// timeLines returns the time of each measurement of each operation, with the ratio to the time of DuckDB.
func timeLines(figures []figure) []report.Line {
	var lines []report.Line
	for _, f := range figures {
		line := report.Line{What: f.name, Ours: milliseconds(report.Median(f.ours))}
		if len(f.other) > 0 {
			line.Other, line.Ratio, line.Target = milliseconds(report.Median(f.other))+" DuckDB", report.RatioOfPairs(f.ours, f.other), f.target
		}
		lines = append(lines, line)
	}
	return lines
}

// memoryLines returns the peak memory of the process after each step, with the ratio to the size of the file in bytes.
// The parameter other is the peak memory of DuckDB in bytes, or 0 if it is unknown.
func memoryLines(peaks []peak, other float64, size int64) []report.Line {
	var lines []report.Line
	for _, p := range peaks {
		line := report.Line{
			What: "peak memory, " + p.when + " (ratio to the size of the file)", Ours: fmt.Sprintf("%.0f MB", p.bytes/1e6),
			Ratio: p.bytes / float64(size), Target: p.target,
		}
		if other > 0 {
			line.Other = fmt.Sprintf("%.0f MB DuckDB", other/1e6)
		}
		lines = append(lines, line)
	}
	return lines
}

func milliseconds(d time.Duration) string { return fmt.Sprintf("%.1f ms", d.Seconds()*1000) }
