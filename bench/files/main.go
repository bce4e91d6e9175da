//go:build unix

// Files measures how sbwatch loads and exports files. It compares the results with those of DuckDB with two threads, on
// the same files. The times are measured inside the process, and the memory is that of the whole process. Each
// measurement uses a new process, and the two programs take turns.
//
// DuckDB writes the CSV and Parquet files to load. Their content comes from a JSON array that this program generates.
// DuckDB is the node module @duckdb/node-api, which must be in NODE_PATH. Without DuckDB, only sbwatch is measured, and
// only with files that exist.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
)

// options select what to measure.
type options struct {
	folder string
	shape  string
	items  int
	rounds int
	only   string
}

func main() {
	var o options
	load, export := flag.String("load", "", "only load this `file` and print the time in seconds"), flag.String("export", "", "only load -from, export it to this `file` and print the time")
	from := flag.String("from", "", "the `file` to export")
	flag.StringVar(&o.folder, "folder", "bench/out", "the `folder` for the files; files that do not exist are created")
	flag.StringVar(&o.shape, "shape", "shop", "which items to measure: shop, wide, deep or long")
	flag.IntVar(&o.items, "items", 0, "the number of items; 0 for the default, which depends on -shape")
	flag.IntVar(&o.rounds, "rounds", 3, "how often to measure; medians are printed")
	flag.StringVar(&o.only, "only", "", "measure only the operations with this `text` in their names")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	var err error
	switch {
	case *load != "":
		err = loadOnce(*load)
	case *export != "":
		err = exportOnce(ctx, *from, *export)
	default:
		err = compare(ctx, o)
	}
	if err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "files:", err)
		os.Exit(1)
	}
}

// say prints progress on standard error.
func say(format string, args ...any) { _, _ = fmt.Fprintf(os.Stderr, "files: "+format+"\n", args...) }

// matches reports whether the option -only selects an operation.
func (o options) matches(row row) bool { return strings.Contains(row.name, o.only) }
