package cmd

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"strings"

	"sbwatch/model/text"
	"sbwatch/model/watch"
	"sbwatch/report"
	"sbwatch/waitfile"
)

// itemSource is where items to judge or to write come from.
type itemSource struct {
	// name is a run's id, or a file, or - for standard input.
	name    string
	service serviceFlags
	watch   watchFlags
	// unfinished says what it means that a run was saved while it was under way.
	unfinished string
}

// isFile tells a file from the id of a run.
func isFile(name string) bool {
	if name == "-" || strings.ContainsAny(name, "./"+string(os.PathSeparator)) {
		return true
	}
	_, err := os.Stat(name)
	return err == nil
}

// readItems reads the items of a run, which is waited for, or of a saved answer. An outcome other than a completed run is noted
// and said. The timeout is one of ctx. Beside the error of a broken file stands what was whole of it.
func (p *program) readItems(ctx context.Context, from itemSource) (*watch.Watch, error) {
	if isFile(from.name) {
		return p.readSavedItems(ctx, from)
	}
	client, err := p.client(ctx, from.service, p.limits(from.watch.limits, false))
	if err != nil {
		return nil, err
	}
	return p.watchPlainly(ctx, session{
		service: client, watch: watch.NewWatch(text.NewText(from.name)), flags: from.watch,
		suggest: report.Commands{Options: from.service.options()}, quiet: true,
	})
}

func (p *program) readSavedItems(ctx context.Context, from itemSource) (*watch.Watch, error) {
	suggest := report.Commands{Kind: report.ForFile, File: text.NewText(from.name)}
	var watch *watch.Watch
	source, err := p.openSource(ctx, from.name)
	if err == nil {
		defer func() { _ = source.Close() }()
		watch, err = readAll(ctx, loader(source, suggest.Source(), p.limits(from.watch.limits, false)))
	}
	if errors.Is(err, report.ErrTimeout) {
		p.say("the timeout passed before " + suggest.Source().String() + " was read")
	}
	if err != nil {
		return nil, err
	}
	if problem := watch.Problem(); problem != nil {
		return watch, problem
	}
	p.outcome, _ = report.Saved(watch, report.NewQuietLines(p.say), p.say, suggest, p.Now(), defaultInterval) // without a problem
	run := watch.Run()
	if isRun := !watch.RunID().IsEmpty() || !run.StatusSent.IsEmpty(); isRun && !run.Status().Terminal() {
		p.say("the run was still " + run.StatusText() + " when this was saved: " + from.unfinished)
		p.outcome = report.Failed
	}
	return watch, nil
}

// readSmallFile reads a file, but no more than a byte beyond a limit. It gives up when ctx ends.
func readSmallFile(ctx context.Context, name string, limit int64) ([]byte, fs.FileInfo, error) {
	file, err := waitfile.Open(ctx, name, os.O_RDONLY)
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = file.Close() }()
	defer context.AfterFunc(ctx, func() { _ = file.Close() })() // nobody may write to a pipe
	info, err := file.Stat()
	if err != nil {
		return nil, nil, err
	}
	content, err := io.ReadAll(io.LimitReader(file, limit+1))
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	return content, info, err
}
