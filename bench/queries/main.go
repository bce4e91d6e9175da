// Queries measures filters, regular expressions, sorting, profiles and duplicates, and compares them with DuckDB on the
// same items. All operations run one after another in one process. It measures each filter and each sort three times:
// with an empty cache ("first"), with columns prepared as the dashboard does after loading ("prepared"), and with the
// cache filled by another filter of the same columns, or by a sort in the opposite direction ("again").
package main

import (
	"bytes"
	"cmp"
	"context"
	_ "embed"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"strings"

	"sbwatch/bench/report"
)

//go:embed duckdb.cjs
var duckScript string

func main() {
	shape := flag.String("shape", "catalog", "kind of items: catalog (about 350 bytes each) or wide (300 columns)")
	file := flag.String("file", "", "JSON `file` of items, created if it does not exist; by default in bench/out")
	items := flag.Int("items", 0, "number of items in a created file; by default 1,000,000, or 50,000 for wide")
	rounds := flag.Int("rounds", 5, "how often each operation is measured; medians are printed")
	only := flag.String("only", "", "measure only the operations whose name contains one of these `texts`, separated by commas; do not measure DuckDB")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	s, err := shapeNamed(*shape)
	if err == nil {
		err = measure(ctx, s, cmp.Or(*file, "bench/out/"+s.name+".json"), cmp.Or(*items, s.items), *rounds, *only)
	}
	if err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "queries:", err)
		os.Exit(1)
	}
}

func measure(ctx context.Context, s shape, name string, items, rounds int, only string) error {
	if err := makeFile(name, items, s.write); err != nil {
		return err
	}
	theirs := map[string]float64{}
	if only == "" {
		var err error
		if theirs, err = duckDB(ctx, s, name); err != nil {
			_, _ = fmt.Fprintln(os.Stderr, "queries: skipping DuckDB:", err)
		}
	}
	ours, err := measureOurs(ctx, s, name, rounds, only)
	if err != nil {
		return err
	}
	info, err := os.Stat(name)
	if err != nil {
		return err
	}
	lines := append(timeLines(ours.times, theirs), memoryLines(ours.peaks, theirs[memory], info.Size())...)
	return report.Print(os.Stdout, fmt.Sprintf("queries, %s: %d items, %d MB of JSON", s.name, ours.items, info.Size()/1e6), lines)
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

// duckDB returns the seconds that DuckDB takes for each operation.
func duckDB(ctx context.Context, s shape, file string) (map[string]float64, error) {
	script, err := os.CreateTemp("", "queries-*.cjs")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.Remove(script.Name()) }()
	_, err = script.WriteString(duckScript)
	if err = errors.Join(err, script.Close()); err != nil {
		return nil, err
	}
	var problem bytes.Buffer
	command := exec.CommandContext(ctx, "node", script.Name(), file, s.name)
	command.Stderr = &problem
	out, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("%w: %s", err, problem.String())
	}
	figures := map[string]float64{}
	for line := range strings.Lines(string(out)) {
		if fields := strings.Fields(line); len(fields) == 3 {
			figures[fields[0]], err = strconv.ParseFloat(fields[1], 64)
		}
	}
	return figures, err
}

// timeLines returns the time of each measurement of each operation, with the ratio to the time of DuckDB.
func timeLines(ours []figure, theirs map[string]float64) []report.Line {
	var lines []report.Line
	for _, f := range ours {
		line := report.Line{What: f.operation.name + f.when, Ours: seconds(f.seconds), Target: f.target}
		if other := theirs[f.operation.name]; other > 0 {
			line.Other, line.Ratio = seconds(other)+" DuckDB", f.seconds/other
		} else {
			line.Target = 0
		}
		lines = append(lines, line)
	}
	return lines
}

// memory is the name of the figure that holds the peak memory of the DuckDB process, in bytes.
const memory = "memory"

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

func seconds(s float64) string { return fmt.Sprintf("%.1f ms", s*1000) }
