//go:build unix

package main

import (
	"bytes"
	"maps"
	"strings"
	"testing"
	"time"
)

func TestFiguresAreReadWithTheirUnits(t *testing.T) {
	got, err := readFigures(strings.NewReader("load 250 ms\nsort-price-first 0.5 s\nmemory-peak 3000000 bytes\nhello\nload of things\nsort x s\nsearch/rare 7 us\n"))
	if want := (figures{loaded: 0.25, sorted: 0.5, memory: 3, searching + "rare": 7e-6}); err != nil || !maps.Equal(got, want) {
		t.Errorf("figures %v, want %v; error %v", got, want, err)
	}
}

func TestTablesLeaveOutWhatWasNotMeasured(t *testing.T) {
	columns := []column{{"sbwatch", figures{loaded: 0.2}}, {"fx", figures{loaded: 4}}, {"DuckDB", figures{loaded: 0.5, sorted: 0.1}}}
	starts := []start{{"a file", []time.Duration{1.2e7}, []time.Duration{1e7}}}
	var out bytes.Buffer
	if err := printTables(&out, columns, starts, 2e8); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"0.20 s", "4.0 s ×20", "0.50 s ×2.5", "1.20", "0.40", "met"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the tables do not say %s:\n%s", want, out.String())
		}
	}
	if strings.Contains(out.String(), "MISSED") || strings.Count(out.String(), "sort by") != 1 {
		t.Errorf("the tables compare what was not measured:\n%s", out.String())
	}
}
