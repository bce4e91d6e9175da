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
	// source is the path of the file that the items come from, or "".
	source string
	home   string // home directory; ~/ at the start of a name stands for it
	*exportState
}

// exportState is the state that the exporters for several files share.
type exportState struct {
	// writing counts the exports in progress. A canceled export counts until it has removed its temporary file.
	writing sync.WaitGroup
	// cancelled is the file name of the last canceled export, or nil.
	cancelled atomic.Pointer[string]
}

// withSource returns an exporter for the items of the file source. Both exporters share f.exportState.
func (f *fileExporter) withSource(source text.Text) *fileExporter {
	return &fileExporter{source: source.Raw(), home: f.home, exportState: f.exportState}
}

// cleanupTimeout is how long to wait for canceled exports when the user leaves.
const cleanupTimeout = 2 * time.Second

// await waits until canceled exports have removed their temporary files, but no longer than cleanupTimeout.
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

// Extensions returns a list of the file name extensions that select a format, as a text for the user.
func (*fileExporter) Extensions() string { return files.Endings() }

// IsCSV reports whether the extension of a file name selects CSV.
func (*fileExporter) IsCSV(name string) bool {
	format, known := files.FormatOf(name)
	return known && format == files.CSV
}

// Check returns an error if an export cannot be written, for example because the extension is unknown. The result
// exists reports whether the export would replace a file.
func (f *fileExporter) Check(e ui.Export) (exists bool, err error) {
	if _, known := files.FormatOf(e.Name); !known {
		return false, errors.New("unknown file extension: use " + files.Endings())
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

// Write writes the items of an export to a file and returns the file's name and size.
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
	if info, err := os.Stat(target.Name); err == nil { // without the information the size stays unknown
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

// newExporter returns the exporter of the dashboard. source is the path of the file that the items come from, or empty.
func (p *program) newExporter(source text.Text) *fileExporter {
	return &fileExporter{source: source.Raw(), home: p.getenv("HOME"), exportState: new(exportState)}
}
