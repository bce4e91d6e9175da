package ui

import (
	"slices"
	"strings"
	"testing"
)

func TestExporting(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := browses(t, 100, 30, catalogue())
		exporter := s.exporter()
		s.does("l", "-", "f").types("brand = Acme").does("enter", "e").types("items").does("enter")
		if frame := frameOf(t, s); len(exporter.written) != 0 || !strings.Contains(frame, "the ending tells the format") {
			t.Fatalf("%d files written; the dialog:\n%s", len(exporter.written), frame)
		}
		s.types(".ndjson").does("enter")
		if len(exporter.written) != 1 {
			t.Fatalf("%d files written", len(exporter.written))
		}
		e := exporter.written[0]
		if e.Name != "items.ndjson" || !slices.Equal(e.Rows, []uint32{0, 3, 4}) || len(e.Columns) != 5 || e.Overwrite || e.CSVSafe {
			t.Errorf("written: %+v", e)
		}
		if frame := frameOf(t, s); !strings.Contains(frame, "wrote 3 items to items.ndjson (212 kB)") {
			t.Errorf("nothing says that the file was written:\n%s", frame)
		}
		exporter.changes = []string{"2 NaN or Infinity values written as null"}
		exporter.there = true
		s.does("e", "down", "space", "down", "space", "enter")
		if frame := frameOf(t, s); len(exporter.written) != 1 || !strings.Contains(frame, "File exists") {
			t.Errorf("a file is written over without a question:\n%s", frame)
		}
		s.does("enter")
		if frame := frameOf(t, s); !strings.Contains(frame, "2 NaN or Infinity values written as null") {
			t.Errorf("nothing says what was written differently:\n%s", frame)
		}
		if len(exporter.written) != 2 || !exporter.written[1].Overwrite || exporter.written[1].Rows != nil || exporter.written[1].Columns != nil {
			t.Errorf("written: %+v", exporter.written)
		}
		s.does("e", "esc")
		if s.exportIsOpen() || len(exporter.written) != 2 {
			t.Error("esc does not close the dialog")
		}
	})
}
