package cmd

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"strings"

	"sbwatch/api"
	"sbwatch/model/text"
	"sbwatch/model/watch"
	"sbwatch/report"
	"sbwatch/waitfile"
)

// itemSource describes the run or file whose items a command reads, such as sbwatch check or sbwatch export.
type itemSource struct {
	// name is the id of a run, the name of a file, or "-" for standard input.
	name    string
	service serviceFlags
	watch   watchFlags
	reading readingFlags
	history historyFlags
	// unfinished is the last part of the message for a file with an unfinished run, such as "nothing was checked".
	unfinished string
	// host is the host of the service. For a recorded run, readItems sets it to the host of the record. It is empty for
	// files.
	host string
}

// isFile reports whether an argument is the name of a file and not the id of a run.
func isFile(name string) bool {
	if name == "-" || strings.ContainsAny(name, "./"+string(os.PathSeparator)) {
		return true
	}
	_, err := os.Stat(name)
	return err == nil
}

// readItems reads the items of a file, or waits for a run to end and reads its items. It sets from.host and the outcome
// that determines the exit code. For a damaged file, it returns both the complete items and an error. The caller must
// apply --timeout to ctx.
func (p *program) readItems(ctx context.Context, from *itemSource) (*watch.Watch, error) {
	if isFile(from.name) {
		return p.readSavedItems(ctx, *from)
	}
	from.host = api.HostOf(p.baseURL(from.service))
	if source, record := p.openRecorded(ctx, from.name, from.history, from.host); source != nil {
		from.host, from.reading = record.Host, from.reading.forRecord()
		return p.readSource(ctx, source, *from)
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
	source, err := p.openSource(ctx, from.name)
	if errors.Is(err, report.ErrTimeout) {
		p.say(from.timeoutMessage())
	}
	if err != nil {
		return nil, err
	}
	return p.readSource(ctx, source, from)
}

// timeoutMessage returns the error for a timeout while a file is read.
func (s itemSource) timeoutMessage() string {
	return "the timeout passed before " + s.commands().Source().String() + " was read"
}

// commands returns the commands that sbwatch may suggest for a file.
func (s itemSource) commands() report.Commands {
	return report.Commands{Kind: report.ForFile, File: text.NewText(s.name)}
}

// readSource reads a file or a recorded run, and closes source.
func (p *program) readSource(ctx context.Context, source io.ReadCloser, from itemSource) (*watch.Watch, error) {
	defer func() { _ = source.Close() }()
	suggest := from.commands()
	load := loader(source, suggest.Source(), from.reading.options(suggest.Source(), p.limits(from.watch.limits, false)))
	watch, err := readAll(ctx, p, load)
	if errors.Is(err, report.ErrTimeout) {
		p.say(from.timeoutMessage())
	}
	if err != nil {
		return nil, err
	}
	if problem := watch.Problem(); problem != nil {
		for _, notice := range watch.Notices(p.Now(), defaultInterval) {
			p.say(notice.String())
		}
		return watch, problem
	}
	p.outcome, _ = report.Saved(watch, report.NewQuietLines(p.say), p.say, suggest, p.Now(), defaultInterval) // the error is nil because watch has no problem
	run := watch.Run()
	if isRun := !watch.RunID().IsEmpty() || !run.StatusSent.IsEmpty(); isRun && !run.Status().Terminal() {
		p.say("the run was still " + run.StatusText() + " when this answer was saved: " + from.unfinished)
		p.outcome = report.Failed
	}
	return watch, nil
}

// readSmallFile reads a file. If the file is larger than limit bytes, it reads limit+1 bytes, so that the caller can
// tell that the file is too large. It stops when ctx ends.
func readSmallFile(ctx context.Context, name string, limit int64) ([]byte, fs.FileInfo, error) {
	file, err := waitfile.Open(ctx, name, os.O_RDONLY)
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = file.Close() }()
	defer context.AfterFunc(ctx, func() { _ = file.Close() })() // closing the file ends a read that waits for a pipe
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
