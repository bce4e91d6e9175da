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

// fileExporter writes the exports of the dashboard to files.
type fileExporter struct {
	// source is the file that the items come from, or "".
	source string
	home   string // the home directory, for names that begin with ~/
	// writing counts the exports in progress. Cancelled exports still have to remove their temporary files.
	writing sync.WaitGroup
	// cancelled is the name of the last cancelled export, or nil.
	cancelled atomic.Pointer[string]
}

// cleanupTimeout is how long to wait for cancelled exports when the user leaves.
const cleanupTimeout = 2 * time.Second

// await waits up to cleanupTimeout for cancelled exports to remove their temporary files.
func (f *fileExporter) await() {
	ended := make(chan struct{})
	go func() {
		f.writing.Wait()
		close(ended)
	}()
	select {
	case <-ended:
	case <-time.After(cleanupTimeout):
	}
}

// Extensions describes the extensions of file names that select a format.
func (*fileExporter) Extensions() string { return files.Endings() }

// IsCSV reports whether a file of this name is written as CSV.
func (*fileExporter) IsCSV(name string) bool {
	format, known := files.FormatOf(name)
	return known && format == files.CSV
}

// Check checks an export before it starts, and reports whether the file exists.
func (f *fileExporter) Check(e ui.Export) (exists bool, err error) {
	if _, known := files.FormatOf(e.Name); !known {
		return false, errors.New("the extension selects the format: " + files.Endings())
	}
	format, _ := files.FormatOf(e.Name)
	compression, _ := files.CompressionOf(e.Name)
	if err := files.CheckNested(format, compression); err != nil {
		return false, err
	}
	target := f.target(e)
	if info, err := os.Stat(target.Name); err == nil && !info.Mode().IsRegular() && !info.IsDir() {
		return false, errors.New("it is a pipe or a device: use sbwatch export to write to it")
	}
	err = target.Check()
	if errors.Is(err, write.ErrExists) {
		return true, nil
	}
	return false, err
}

// Write writes an export.
func (f *fileExporter) Write(ctx context.Context, e ui.Export, progress *work.Progress) (ui.Written, error) {
	f.writing.Add(1)
	defer f.writing.Done()
	format, _ := files.FormatOf(e.Name)
	compression, _ := files.CompressionOf(e.Name)
	var changes write.Changes
	options := write.Options{
		Format: format, Compression: compression, Rows: e.Rows, CSVSafe: e.CSVSafe, Changes: &changes, Progress: progress,
	}
	if e.Columns != nil {
		options.Columns = write.ColumnsOf(e.Columns)
	}
	target := f.target(e)
	if err := target.Write(ctx, e.Items, options); err != nil {
		if ctx.Err() != nil {
			f.cancelled.Store(&e.Name)
		}
		return ui.Written{}, err
	}
	written := ui.Written{Changes: changes.Sentences()}
	if info, err := os.Stat(target.Name); err == nil { // otherwise the file is written, but its size is unknown
		written.Size = info.Size()
	}
	return written, nil
}

func (f *fileExporter) target(e ui.Export) write.Target {
	name := e.Name
	if below, fromHome := strings.CutPrefix(name, "~/"); fromHome && f.home != "" {
		name = filepath.Join(f.home, below)
	}
	return write.Target{Name: name, Force: e.Overwrite, Source: f.source}
}

// newExporter returns the exporter for the dashboard. source is the file that the items come from, or empty.
func (p *program) newExporter(source text.Text) *fileExporter {
	return &fileExporter{source: source.Raw(), home: p.getenv("HOME")}
}
