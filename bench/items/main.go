// Items measures operations on the items of a file: loading them; sorting by a price that is text, twice; sorting by a
// name; filtering and then sorting; searching; and profiling all columns. It also measures the peak memory. It prints
// one measurement per line: a name, a value and a unit. bench/compare compares them with other programs.
package main

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"sbwatch/bench/answers"
	"sbwatch/files/read"
	"sbwatch/model/item"
	"sbwatch/model/order"
	"sbwatch/query"
)

// garbage is the garbage collection target as a percentage of live memory. The dashboard uses the same target for a
// table of 200 MB.
const garbage = 5

func main() {
	file := flag.String("file", "", "the `file` of items: an array, lines, or a saved answer")
	write := flag.Int("write", 0, "only write this number of items to -file, as an array")
	price := flag.String("price", "price", "the `column` of prices to sort by")
	name := flag.String("name", "name", "the `column` of texts to sort by")
	flag.Parse()
	err := errNoFile
	switch {
	case *file == "":
	case *write > 0:
		err = writeItems(*file, *write)
	default:
		err = measure(os.Stdout, *file, *price, *name)
	}
	if err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "items:", err)
		os.Exit(1)
	}
}

var errNoFile = fmt.Errorf("-file is missing")

// writeItems writes the emulator's items to a file as an array, one item per line.
func writeItems(name string, count int) error {
	answer, err := answers.Read(answers.HugeRecipe, count)
	if err != nil {
		return err
	}
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	out := bufio.NewWriterSize(file, 1<<20)
	separator := "["
	for i := range answer.Items.Len() {
		// Flush returns the error of a failed write.
		_, _ = out.WriteString(separator)
		_, _ = out.Write(answer.Items.Row(i))
		separator = ",\n"
	}
	_, _ = out.WriteString("]\n")
	if err := out.Flush(); err != nil {
		return err
	}
	return file.Close()
}

// measure runs each operation once and writes its duration. The parameter name is the name of the file of items. The
// parameters price and text are the names of the columns to sort by.
func measure(out io.Writer, name, price, text string) error {
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	began := time.Now()
	firstRows := time.Duration(0)
	answer, err := read.Open(file, read.Options{OnItems: func(item.Table) {
		if firstRows == 0 {
			firstRows = time.Since(began)
		}
	}})
	loaded := time.Since(began)
	if err != nil {
		return err
	}
	debug.SetGCPercent(garbage)
	m := measuring{out: out, items: answer.Items}
	m.line("items", answer.Items.Len(), "items")
	m.time("first-rows", firstRows)
	m.time("load", loaded)
	m.memory("memory-loaded")
	m.sort("sort-price-first", price, false)
	m.sort("sort-price-again", price, true)
	m.sort("sort-name-first", text, false)
	m.sort("sort-name-again", text, true)
	some := []item.Filter{everySecond{}}
	m.run("filter", query.Query{Filters: some})
	m.run("filter-sort-price", query.Query{Filters: some, Sort: []order.Key{{Path: item.PathOf(price)}}})
	m.memory("memory-peak")
	m.search()
	m.profile()
	m.memory("memory-profiled")
	return m.err
}

// measuring runs queries on one table. It uses one cache for all queries, as the dashboard does.
type measuring struct {
	out   io.Writer
	items item.Table
	cache query.Cache
	err   error
}

func (m *measuring) line(name string, value any, unit string) {
	if m.err == nil {
		_, m.err = fmt.Fprintln(m.out, name, value, unit)
	}
}

func (m *measuring) time(name string, took time.Duration) {
	m.line(name, strconv.FormatFloat(took.Seconds(), 'f', 4, 64), "s")
}

func (m *measuring) run(name string, q query.Query) {
	began := time.Now()
	rows, err := query.Run(context.Background(), m.items, q, &m.cache, nil)
	took := time.Since(began)
	if err == nil && len(rows) == 0 {
		err = fmt.Errorf("%s: no rows", name)
	}
	if m.err == nil {
		m.err = err
	}
	m.time(name, took)
}

func (m *measuring) sort(name, column string, descending bool) {
	m.run(name, query.Query{Sort: []order.Key{{Path: item.PathOf(column), Descending: descending}}})
}

// memory writes the peak memory of the process (VmHWM). It writes nothing if the system does not report it.
func (m *measuring) memory(name string) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return
	}
	for line := range strings.Lines(string(status)) {
		if kilobytes, found := strings.CutPrefix(line, "VmHWM:"); found {
			n, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(kilobytes), "kB")), 10, 64)
			if err == nil {
				m.line(name, n<<10, "bytes")
			}
		}
	}
}

// everySecond is a filter for the items in rows 0, 2, 4 and so on.
type everySecond struct{}

// Title returns the name of the filter.
func (everySecond) Title() string { return "every second" }

// Picker returns a function that selects the items in rows 0, 2, 4 and so on.
func (everySecond) Picker(item.Table) item.Picker {
	return item.PickEach(func(row int) bool { return row%2 == 0 })
}
