package cmd

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"sbwatch/files"
	"sbwatch/files/write"
	"sbwatch/model/text"
	"sbwatch/ui"
	"sbwatch/work"
)

// fileExporter writes what the dashboard hands on.
type fileExporter struct {
	// source is the file that the items come from; empty where they come from somewhere else.
	source string
	home   string // the user's folder, for names that begin with ~/
	// writing counts the exports under way, which tidy up behind them when they are cut off.
	writing sync.WaitGroup
	// cutOff is the name of the file that was given up last; nil where none was.
	cutOff atomic.Pointer[string]
}

// patienceForExports is how long to wait, when leaving, for exports that were cut off.
const patienceForExports = 2 * time.Second

// await waits a moment for the exports that were cut off to tidy up.
func (f *fileExporter) await() {
	ended := make(chan struct{})
	go func() {
		f.writing.Wait()
		close(ended)
	}()
	select {
	case <-ended:
	case <-time.After(patienceForExports):
	}
}

// Check tells what is wrong with an export before it is begun.
func (f *fileExporter) Check(e ui.Export) (exists bool, err error) {
	if _, known := files.FormatOf(e.Name); !known {
		return false, errors.New("the ending tells the format: " + files.Endings() + ", with .gz or .zst behind it")
	}
	format, _ := files.FormatOf(e.Name)
	compression, _ := files.CompressionOf(e.Name)
	if err := files.CheckNested(format, compression); err != nil {
		return false, err
	}
	target := f.target(e)
	if info, err := os.Stat(target.Name); err == nil && !info.Mode().IsRegular() && !info.IsDir() {
		return false, errors.New("it is a pipe or a device, maybe this very terminal: sbwatch export writes to one")
	}
	err = target.Check()
	if errors.Is(err, write.ErrExists) {
		return true, nil
	}
	return false, err
}

// Write writes the file, and tells its size in bytes.
func (f *fileExporter) Write(ctx context.Context, e ui.Export, progress *work.Progress) (int64, error) {
	f.writing.Add(1)
	defer f.writing.Done()
	format, _ := files.FormatOf(e.Name)
	compression, _ := files.CompressionOf(e.Name)
	options := write.Options{Format: format, Compression: compression, Rows: e.Rows, CSVSafe: e.CSVSafe, Progress: progress}
	if e.Columns != nil {
		options.Columns = write.ColumnsOf(e.Columns)
	}
	target := f.target(e)
	if err := target.Write(ctx, e.Items, options); err != nil {
		if ctx.Err() != nil {
			f.cutOff.Store(&e.Name)
		}
		return 0, err
	}
	if info, err := os.Stat(target.Name); err == nil {
		return info.Size(), nil
	}
	return 0, nil // it is written; only its size is not known
}

func (f *fileExporter) target(e ui.Export) write.Target {
	name := e.Name
	if below, fromHome := strings.CutPrefix(name, "~/"); fromHome && f.home != "" {
		name = filepath.Join(f.home, below)
	}
	return write.Target{Name: name, Force: e.Overwrite, Source: f.source}
}

// newExporter makes the exporter of a dashboard. source is empty where the items come from no file.
func (p *program) newExporter(source text.Text) *fileExporter {
	return &fileExporter{source: source.Raw(), home: p.getenv("HOME")}
}
