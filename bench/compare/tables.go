//go:build unix

package main

import (
	"fmt"
	"io"
	"text/tabwriter"

	"sbwatch/bench/answers"
	"sbwatch/bench/report"
)

// column holds the measurements of one program.
type column struct {
	program string
	figures figures
}

// rowNames returns the key and the title of each measurement, in the order of the table.
func rowNames() [][2]string {
	rows := [][2]string{
		{firstRows, "from the start to the first rows"},
		{loaded, "all rows loaded"},
	}
	for _, n := range answers.Needles() {
		rows = append(rows, [2]string{searching + n.Name, "search, " + n.Name + " (" + n.Text + ")"})
	}
	return append(rows, [][2]string{
		{sorted, "first sort by a price that is text"},
		{sortedMore, "the same sort a second time"},
		{profiled, "profile of all columns"},
		{memory, "peak memory"},
	}...)
}

// printTables prints all measurements and the targets.
func printTables(w io.Writer, columns []column, starts []start, size int64) error {
	table := tabwriter.NewWriter(w, 0, 0, 3, ' ', 0)
	_, _ = fmt.Fprint(table, "ratio to sbwatch\t") // Flush returns the error, here and below
	for _, c := range columns {
		_, _ = fmt.Fprintf(table, "%s\t", c.program)
	}
	for _, row := range rowNames() {
		_, _ = fmt.Fprintf(table, "\n  %s\t", row[1])
		ours := columns[0].figures[row[0]]
		for i, c := range columns {
			value, has := c.figures[row[0]]
			switch {
			case !has:
			case i > 0 && ours > 0:
				_, _ = fmt.Fprintf(table, "%s ×%.3g", show(row[0], value), value/ours)
			default:
				_, _ = fmt.Fprint(table, show(row[0], value))
			}
			_, _ = fmt.Fprint(table, "\t")
		}
	}
	_, _ = fmt.Fprint(table, "\n\n")
	if err := table.Flush(); err != nil {
		return err
	}
	return report.Print(w, "targets", targets(columns, starts, size))
}

// targets compares sbwatch with the other programs, in the measurements for which sbwatch has a target.
func targets(columns []column, starts []start, size int64) []report.Line {
	var lines []report.Line
	for _, s := range starts {
		lines = append(lines, report.Line{
			What: "to the first rows of " + s.what, Ours: report.Time(report.Median(s.ours)),
			Other: report.Time(report.Median(s.other)) + " minimal program", Ratio: report.RatioOfPairs(s.ours, s.other), Target: 1.3,
		})
	}
	ours := columns[0].figures
	against := func(what, name string, other float64, otherWhat, otherName string, target float64) {
		value, has := ours[name]
		if !has || other == 0 {
			return
		}
		lines = append(lines, report.Line{
			What: what, Ours: show(name, value), Other: show(otherName, other) + " " + otherWhat, Ratio: value / other, Target: target,
		})
	}
	for _, c := range columns {
		if c.program != "DuckDB" {
			continue
		}
		against("all rows loaded", loaded, c.figures[loaded], "DuckDB", loaded, 0.5)
		for _, n := range answers.Needles() {
			against("search, "+n.Name, searching+n.Name, c.figures[searching+n.Name], "DuckDB", searching, 1)
		}
		against("first sort by a price that is text", sorted, c.figures[sorted], "DuckDB", sorted, 2)
		against("second sort", sortedMore, c.figures[sortedMore], "DuckDB", sorted, 0.5)
	}
	against("profile of all columns", profiled, ours[loaded], "the load", loaded, 3)
	against("peak memory", memory, float64(size)/1e6, "the file", memory, 1.5)
	return lines
}
