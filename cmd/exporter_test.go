package cmd

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sbwatch/ui"
	"sbwatch/work"
)

func TestFileExporter(t *testing.T) {
	folder := t.TempDir()
	there := filepath.Join(folder, "there.csv")
	if err := os.WriteFile(there, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	exporter := &fileExporter{source: filepath.Join(folder, "there.csv"), home: folder}
	for name, want := range map[string]string{
		"items.xyz": "the extension selects", filepath.Join(folder, "a.parquet.gz"): "already compressed",
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
	size, err := exporter.Write(t.Context(), ui.Export{Items: someItems(t, 3), Name: "~/new.ndjson"}, new(work.Progress))
	if text, _ := os.ReadFile(filepath.Join(folder, "new.ndjson")); err != nil || size != int64(len(text)) || string(text) != strings.Repeat("{\"a\":1}\n", 3) {
		t.Errorf("got content %q, size %d, error %v", text, size, err)
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
