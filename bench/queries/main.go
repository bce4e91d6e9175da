// Queries measures filters, regular expressions, sorting, profiles and duplicates. It compares them with DuckDB on the
// same items. All operations run one after the other in one process. Each is measured twice: with an empty cache, and
// with the cache that the first measurement has filled.
package main

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"strings"

	"sbwatch/bench/answers"
	"sbwatch/bench/report"
)

//go:embed duckdb.cjs
var duckScript string

func main() {
	file := flag.String("file", "bench/out/catalog.json", "a JSON `file` of items; it is created if it does not exist")
	items := flag.Int("items", 1_000_000, "number of items in the created file, of about 350 bytes each")
	rounds := flag.Int("rounds", 5, "how often each operation is measured; medians are printed")
	only := flag.String("only", "", "measure only the operations whose name contains one of these `texts`, separated by commas; do not measure DuckDB")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := measure(ctx, *file, *items, *rounds, *only); err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "queries:", err)
		os.Exit(1)
	}
}

func measure(ctx context.Context, name string, items, rounds int, only string) error {
	if err := makeFile(name, items); err != nil {
		return err
	}
	theirs := map[string]float64{}
	if only == "" {
		var err error
		if theirs, err = duckDB(ctx, name); err != nil {
			_, _ = fmt.Fprintln(os.Stderr, "queries: DuckDB is left out:", err)
		}
	}
	ours, err := measureOurs(ctx, name, rounds, only)
	if err != nil {
		return err
	}
	return printResults(ours, theirs)
}

// makeFile creates the file if it is missing.
func makeFile(name string, items int) error {
	if _, err := os.Stat(name); err == nil {
		return nil
	}
	file, err := os.Create(name + ".part")
	if err != nil {
		return err
	}
	err = answers.WriteCatalog(file, items)
	if err = errors.Join(err, file.Close()); err != nil {
		return err
	}
	return os.Rename(file.Name(), name)
}

// duckDB returns the seconds that DuckDB takes for each operation.
func duckDB(ctx context.Context, file string) (map[string]float64, error) {
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
	command := exec.CommandContext(ctx, "node", script.Name(), file)
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

// printResults prints the time of the first and the second measurement of each operation, with the ratio to the time of
// DuckDB.
func printResults(ours []figure, theirs map[string]float64) error {
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
	return report.Print(os.Stdout, "queries", lines)
}

func seconds(s float64) string { return fmt.Sprintf("%.1f ms", s*1000) }
