//go:build unix

package main

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"

	"sbwatch/bench/report"
)

// figures maps the name of a measurement to its value for one program, in seconds or, for memory, in MB. A measurement
// is missing if the program does not support the operation or is too slow.
type figures map[string]float64

// The names of measurements. bench/items prints the values of some of them.
const (
	firstRows  = "first-rows"       // from the start to the first rows on the screen
	loaded     = "load"             // time until all rows are loaded, from the start of the program; if bench/items or a script measures it, from the start of loading
	searching  = "search/"          // case-insensitive search in all columns; the name of the needle follows
	sorted     = "sort-price-first" // sort by prices that are text
	sortedMore = "sort-price-again" // the same sort a second time
	profiled   = "profile"          // profile of all columns
	memory     = "memory-peak"
)

// readFigures reads lines with a name, a value and its unit: ns, us, ms, s, MB or bytes. It skips other lines.
func readFigures(r io.Reader) (figures, error) {
	found := figures{}
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		fields := strings.Fields(lines.Text())
		if len(fields) != 3 {
			continue
		}
		value, err := strconv.ParseFloat(fields[1], 64)
		scale, known := map[string]float64{"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1, "MB": 1, "bytes": 1e-6}[fields[2]]
		if err == nil && known {
			found[fields[0]] = value * scale
		}
	}
	return found, lines.Err()
}

// samples holds the measurements of several rounds.
type samples struct{ values map[string][]float64 }

func (s *samples) add(f figures) {
	if s.values == nil {
		s.values = map[string][]float64{}
	}
	for name, value := range f {
		s.values[name] = append(s.values[name], value)
	}
}

func (s *samples) medians() figures {
	medians := figures{}
	for name, values := range s.values {
		medians[name] = report.Median(values)
	}
	return medians
}

// show formats a measurement with its unit.
func show(name string, value float64) string {
	switch {
	case name == memory:
		return fmt.Sprintf("%.0f MB", value)
	case value >= 10:
		return fmt.Sprintf("%.0f s", value)
	case value >= 1:
		return fmt.Sprintf("%.1f s", value)
	case value >= 0.1:
		return fmt.Sprintf("%.2f s", value)
	default:
		return fmt.Sprintf("%.1f ms", value*1000)
	}
}
