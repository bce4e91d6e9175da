package cmd

import (
	"context"
	"errors"
	"os"
	"strings"
	"time"

	"sbwatch/model"
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
// and said. Beside the error of a broken file stands what was whole of it.
func (p *program) readItems(ctx context.Context, from itemSource) (*model.Watch, error) {
	if isFile(from.name) {
		return p.readSavedItems(ctx, from)
	}
	client, err := p.client(ctx, from.service, p.limits(from.watch.limits, false))
	if err != nil {
		return nil, err
	}
	return p.watchPlainly(ctx, session{
		service: client, watch: model.NewWatch(model.NewText(from.name)), flags: from.watch,
		suggest: suggestions{options: from.service.options()}, quiet: true,
	})
}

func (p *program) readSavedItems(ctx context.Context, from itemSource) (*model.Watch, error) {
	source, err := p.openSource(from.name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = source.Close() }()
	suggest := suggestions{kind: suggestFile, file: model.NewText(from.name)}
	reading := ctx
	if timeout := from.watch.timeout; timeout > 0 {
		limited, cancel := context.WithTimeoutCause(ctx, timeout, errTimeout)
		defer cancel()
		reading = limited
	}
	watch, err := readAll(reading, loader(source, suggest.source(), p.limits(from.watch.limits, false)))
	if errors.Is(err, errTimeout) {
		p.say("the timeout passed before " + suggest.source().String() + " was read")
	}
	if err != nil {
		return nil, err
	}
	if problem := watch.Problem(); problem != nil {
		return watch, problem
	}
	for _, notice := range watch.Notices(p.Now(), defaultInterval) {
		p.say(notice.String())
	}
	for _, line := range lastWords(watch, nil, suggest) {
		p.say(line)
	}
	p.code = outcome(watch, nil)
	run := watch.Run()
	if isRun := !watch.RunID().IsEmpty() || !run.StatusSent.IsEmpty(); isRun && !run.Status().Terminal() {
		p.say("the run was still " + run.StatusText() + " when this was saved: " + from.unfinished)
		p.code = exitTrouble
	}
	return watch, nil
}

// quietLines tells of a run that is waited for nothing but that it is, on standard error: standard output is for the verdict.
type quietLines struct {
	say     func(string)
	waiting bool
}

func (l *quietLines) dispatched(time.Time, *model.Watch) error { return nil }

func (l *quietLines) change(_ time.Time, watch *model.Watch, repeated bool) (bool, error) {
	if !l.waiting {
		l.waiting = true
		l.say("run " + watch.RunID().String() + " is " + watch.Run().StatusText() + ": waiting for its end")
		return true, nil
	}
	return !repeated, nil
}

func (l *quietLines) end(time.Time, *model.Watch) error { return nil }
