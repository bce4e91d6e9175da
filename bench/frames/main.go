// Frames measures the time from a key press to the text of the next frame, in tables with few and with very many items.
// It compares sbwatch with the table of charm.land/bubbles. Each table runs in its own process, so that the garbage of
// one table does not slow down another table. The processes take turns.
package main

import (
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"time"

	"sbwatch/bench/report"
)

// The size of the terminal, in cells.
const (
	width  = 120
	height = 40
)

func main() {
	rounds := flag.Int("rounds", 31, "number of measurements; medians are printed")
	few := flag.Int("few", 1000, "number of items in the small tables")
	many := flag.Int("many", 1_000_000, "number of items in the large tables")
	table := flag.String("table", "", "measure only this `table`: sbwatch or bubbles")
	rows := flag.Int("rows", 1000, "number of items in the table that -table selects")
	long := flag.Int("work", 0, "measure only frames that are drawn while this number of `items` is sorted, grouped and marked")
	flag.Parse()
	err := errors.New("-rounds, -few and -many must be greater than 0")
	switch {
	case *long > 0:
		err = measureWork(*long)
	case *table != "":
		err = serve(os.Stdin, os.Stdout, *table, *rows)
	case *rounds > 0 && *few > 0 && *many > 0:
		err = compare(*rounds, *few, *many)
	}
	if err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "frames:", err)
		os.Exit(1)
	}
}

// The names of the subjects.
const (
	oursFew = iota
	oursMany
	bubblesFew
	bubblesMany
	subjects
)

// samples holds the measurements of one key: for each table (sbwatch or bubbles, with few or many items), one sample
// for each round.
type samples [subjects][]sample

// compare measures all tables and prints the results.
func compare(rounds, few, many int) error {
	var tables [subjects]*subject
	for i, s := range [subjects]struct {
		name string
		rows int
	}{{sbwatchTable, few}, {sbwatchTable, many}, {bubblesTable, few}, {bubblesTable, many}} {
		table, err := startSubject(s.name, s.rows)
		if err != nil {
			return err
		}
		defer table.stop()
		tables[i] = table
	}
	measured := map[string]*samples{}
	for _, gesture := range gestures() {
		measured[gesture.name] = new(samples)
	}
	for round := range rounds + 1 {
		for _, gesture := range gestures() {
			for _, i := range rand.Perm(subjects) {
				s, err := tables[i].measure(gesture.name)
				if err != nil {
					return err
				}
				if round > 0 { // the first round is a warm-up
					measured[gesture.name][i] = append(measured[gesture.name][i], s)
				}
			}
		}
	}
	sorting, err := tables[oursMany].measure(sortingGesture)
	if err != nil {
		return err
	}
	slowest := report.Line{
		What: fmt.Sprintf("slowest frame while %d items are sorted", many), Ours: report.Time(sorting.Time),
		Other: report.Time(frameTime) + ", 60 a second", Ratio: float64(sorting.Time) / float64(frameTime), Target: 1,
	}
	return report.Print(os.Stdout, "time per frame", append(lines(measured, few, many), slowest))
}

// lines returns the lines to print. They compare the tables of sbwatch and bubbles.
func lines(measured map[string]*samples, few, many int) []report.Line {
	var ours, others, memory []report.Line
	for _, gesture := range gestures() {
		m := measured[gesture.name]
		ours = append(ours, report.Line{
			What: fmt.Sprintf("%s, %d items", gesture.name, many),
			Ours: medianTime(m[oursMany]), Other: fmt.Sprintf("%s with %d items", medianTime(m[oursFew]), few),
			Ratio: report.RatioOfPairs(times(m[oursMany]), times(m[oursFew])), Target: 1.1,
		})
		for _, pair := range [][3]int{{oursFew, bubblesFew, few}, {oursMany, bubblesMany, many}} {
			mine, other, items := m[pair[0]], m[pair[1]], pair[2]
			others = append(others, report.Line{
				What: fmt.Sprintf("%s, %d items", gesture.name, items),
				Ours: medianTime(mine), Other: medianTime(other) + " in bubbles' table",
				Ratio: report.RatioOfPairs(times(mine), times(other)),
			})
			memory = append(memory, report.Line{
				What: fmt.Sprintf("%s, %d items: allocated", gesture.name, items),
				Ours: medianBytes(mine), Other: medianBytes(other) + " in bubbles' table",
			})
		}
	}
	return append(append(ours, others...), memory...)
}

func times(samples []sample) []time.Duration {
	all := make([]time.Duration, len(samples))
	for i, s := range samples {
		all[i] = s.Time
	}
	return all
}

func medianTime(samples []sample) string { return report.Time(report.Median(times(samples))) }

func medianBytes(samples []sample) string {
	bytes := make([]int64, len(samples))
	allocations := make([]int64, len(samples))
	for i, s := range samples {
		bytes[i], allocations[i] = s.Bytes, s.Allocations
	}
	return fmt.Sprintf("%d kB in %d", report.Median(bytes)/1000, report.Median(allocations))
}
