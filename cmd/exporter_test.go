package cmd

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sbwatch/model/item"
	"sbwatch/ui"
	"sbwatch/work"
)

func TestFileExporter(t *testing.T) {
	folder := t.TempDir()
	there := writeFile(t, filepath.Join(folder, "there.csv"), "old")
	exporter := &fileExporter{source: filepath.Join(folder, "there.csv"), home: folder, exportState: new(exportState)}
	for name, want := range map[string]string{
		"items.xyz": "unknown file extension", filepath.Join(folder, "a.parquet.gz"): "already compressed",
		filepath.Join(folder, "no", "a.csv"): "folder does not exist", there: "were read from", "~/new.ndjson.zst": "", filepath.Join(folder, "new.json"): "",
	} {
		exists, err := exporter.Check(ui.Export{Items: someItems(t, 3), Name: name})
		switch {
		case exists:
			t.Errorf("%s: got exists, want not", name)
		case want == "" && err != nil, want != "" && (err == nil || !strings.Contains(err.Error(), want)):
			t.Errorf("%s: got error %v, want %q", name, err, want)
		}
	}
	exporter.source = ""
	if exists, err := exporter.Check(ui.Export{Items: someItems(t, 3), Name: there}); !exists || err != nil {
		t.Errorf("existing file: got %v, %v, want true, nil", exists, err)
	}
	wrote, err := exporter.Write(t.Context(), ui.Export{Items: someItems(t, 3), Name: "~/new.ndjson"}, new(work.Progress))
	if text, _ := os.ReadFile(filepath.Join(folder, "new.ndjson")); err != nil || wrote.Size != int64(len(text)) || wrote.Changes != nil || string(text) != strings.Repeat("{\"a\":1}\n", 3) {
		t.Errorf("got content %q, %+v, error %v", text, wrote, err)
	}
	var odd item.Builder
	if err := odd.AppendRepaired([]byte(`{"a":NaN,"b":Infinity}`), []byte(`{"a":100,"b":10000000}`)); err != nil {
		t.Fatal(err)
	}
	wrote, err = exporter.Write(t.Context(), ui.Export{Items: odd.Items(), Name: "~/odd.ndjson"}, new(work.Progress))
	if err != nil || len(wrote.Changes) != 1 || !strings.Contains(wrote.Changes[0], "2 NaN or Infinity values written as null") {
		t.Errorf("of NaN and Infinity: got %+v, error %v", wrote, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := exporter.Write(ctx, ui.Export{Items: someItems(t, 3), Name: there, Overwrite: true}, new(work.Progress)); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled export: got error %v", err)
	}
	if text, _ := os.ReadFile(there); string(text) != "old" || exporter.cancelled.Load() == nil {
		t.Errorf("the cancelled export left %q, want the old content", text)
	}
}
