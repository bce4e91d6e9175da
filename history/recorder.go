package history

import (
	"context"
	"slices"
	"sync"
	"time"

	"sbwatch/model/item"
	"sbwatch/model/optional"
	"sbwatch/model/profile"
	"sbwatch/model/rules"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
)

// RecorderConfig says what a [Recorder] needs.
type RecorderConfig struct {
	// Host is the host of the service.
	Host string
	// Open opens the store. It is called once, when there is something to record.
	Open func(ctx context.Context) (Store, error)
	// OpenSpool, unless nil, opens a store on this machine that takes the records while the store cannot be reached. They are
	// delivered when it can be again.
	OpenSpool func(ctx context.Context) (Store, error)
	// Archiver, unless nil, opens the archive, which keeps the items.
	Archiver func(ctx context.Context) (Archiver, error)
	// KeepItems is the maximum size of the archive in bytes. The oldest items go first.
	KeepItems optional.Value[int64]
	// Profile profiles items.
	Profile func(ctx context.Context, items item.Table) (*profile.Profile, error)
	// Judge, unless nil, checks a run against the user's rules.
	Judge func(ctx context.Context, r run.Run, p *profile.Profile, items item.Table) ([]rules.Verdict, error)
	// Say writes a message for the user. It is called at most once for each kind of failure.
	Say func(message string)
	// Finished, unless nil, is called when a run that has ended was recorded as far as it could be, with its final record.
	Finished func(record *Record)
	// Failed, unless nil, is called each time that a record or items could not be written, even if they wait on this machine.
	Failed func(err error)
	Now    func() time.Time
	// Interval is that between polls.
	Interval time.Duration
}

// Recorder records runs while they are watched. Its methods return at once: a goroutine of its own writes, so that a slow or
// broken store delays nothing. Whatever fails is said once, and the watch goes on.
type Recorder struct {
	config RecorderConfig

	mu    sync.Mutex
	runs  map[string]*recording // by run id
	dirty []*recording          // those to write, in the order of their changes
	wake  chan struct{}

	cancel  context.CancelFunc
	stopped chan struct{}
	keeper  keeper
	told    map[string]bool
}

// recording is what a recorder knows of one run.
type recording struct {
	watch   watch.Watch
	record  Record
	run     run.Run
	items   item.Table
	isDirty bool
	// isFinished means that the items were profiled and archived.
	isFinished bool
}

// NewRecorder returns a recorder. Call [Recorder.Close] at the end.
func NewRecorder(config RecorderConfig) *Recorder {
	ctx, cancel := context.WithCancel(context.Background())
	r := &Recorder{
		config: config, runs: map[string]*recording{}, told: map[string]bool{},
		wake: make(chan struct{}, 1), cancel: cancel, stopped: make(chan struct{}),
	}
	r.keeper = keeper{config: config, say: r.sayOnce}
	go r.work(ctx, r.wake)
	return r
}

// Polled records the answer to a poll.
func (r *Recorder) Polled(answer run.Answer, took time.Duration) {
	id := answer.Run.ID
	if id.IsEmpty() {
		return
	}
	now := r.config.Now()
	r.mu.Lock()
	defer r.mu.Unlock()
	known := r.runs[id.Raw()]
	if known == nil {
		known = &recording{watch: watch.NewWatch(id), record: Record{Host: r.config.Host}}
		r.runs[id.Raw()] = known
	}
	known.watch.Polled(answer, now, took)
	known.take(answer, now)
	known.record.Notes = noticesOf(&known.watch, now, r.config.Interval)
	r.changed(known)
}

// Opened records a saved answer, whose counts are not those of now.
func (r *Recorder) Opened(answer run.Answer) {
	id := answer.Run.ID
	if id.IsEmpty() {
		return
	}
	now := r.config.Now()
	r.mu.Lock()
	defer r.mu.Unlock()
	known := &recording{watch: watch.OpenedWatch(answer), record: Record{Host: r.config.Host}}
	r.runs[id.Raw()] = known
	known.take(answer, now)
	known.record.Samples = nil
	known.record.Notes = noticesOf(&known.watch, now, r.config.Interval)
	r.changed(known)
}

// UsageRead records what the usage of the account says about the runs: which limit cut one short.
func (r *Recorder) UsageRead(usage run.Usage) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, known := range r.runs {
		known.watch.UsageRead(usage)
		if cut := usage.CutShort(known.record.ID, known.watch.Run()); cut != run.CutNone && cut != known.record.Cut {
			known.record.Cut = cut
			r.changed(known)
		}
	}
}

// changed makes the goroutine write a recording. The caller holds the lock.
func (r *Recorder) changed(known *recording) {
	if !known.isDirty {
		known.isDirty = true
		r.dirty = append(r.dirty, known)
	}
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// take takes the facts from an answer.
func (known *recording) take(answer run.Answer, now time.Time) {
	record, facts := &known.record, answer.Run
	known.run = facts
	record.ID, record.RecipeID, record.Status, record.Error = facts.ID, facts.RecipeID, facts.Status(), facts.Error
	record.CreatedAt, record.StartedAt, record.CompletedAt = facts.CreatedAt, facts.StartedAt, facts.CompletedAt
	record.Pages, record.Items, record.Credits, record.Drift = facts.Pages, facts.Items, facts.Credits, facts.Drift()
	record.Mode, record.RecordedAt = facts.Mode(), now
	record.Warnings, _ = facts.Warnings().Get()
	if !answer.RequestID.IsEmpty() {
		record.RequestIDs = append(record.RequestIDs, answer.RequestID)
	}
	record.Samples = append(record.Samples, watch.Sample{At: now, Pages: facts.Pages.Or(0), Items: facts.Items.Or(0)})
	if answer.Incomplete == nil && answer.Items.Len() >= known.items.Len() {
		known.items = answer.Items
	}
}

// Close waits until everything is written, or until ctx ends; what is not written by then is lost, except for what earlier
// polls brought. It closes the store.
func (r *Recorder) Close(ctx context.Context) error {
	r.mu.Lock()
	closed := r.wake
	r.wake = nil
	r.mu.Unlock()
	if closed == nil {
		return nil
	}
	close(closed)
	defer r.cancel()
	select {
	case <-r.stopped:
		return nil
	case <-ctx.Done():
		r.cancel()
		return context.Cause(ctx)
	}
}

// work writes what has changed until the recorder is closed.
func (r *Recorder) work(ctx context.Context, wake <-chan struct{}) {
	defer close(r.stopped)
	defer r.keeper.close(ctx)
	for range wake {
		r.writeAll(ctx)
	}
	r.writeAll(ctx)
}

// writeAll writes all recordings that have changed.
func (r *Recorder) writeAll(ctx context.Context) {
	for ctx.Err() == nil {
		known, snapshot := r.next()
		if known == nil {
			return
		}
		r.write(ctx, known, snapshot)
	}
}

// next returns the next recording to write and a copy of it; nil if there is none.
func (r *Recorder) next() (known *recording, snapshot recording) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.dirty) == 0 {
		return nil, recording{}
	}
	known, r.dirty = r.dirty[0], r.dirty[1:]
	known.isDirty = false
	return known, *known
}

// write writes a recording. When a run has ended it also profiles and archives the items, after the facts are safe.
func (r *Recorder) write(ctx context.Context, known *recording, snapshot recording) {
	record := snapshot.record
	if !record.Status.Terminal() || snapshot.isFinished {
		if snapshot.isFinished {
			record.Notes = nil // those that were written are complete
		}
		r.keeper.put(ctx, &record)
		return
	}
	r.describe(ctx, &record, &snapshot)
	if r.keeper.put(ctx, &record) {
		r.keeper.putItems(ctx, &record, snapshot.items)
	}
	r.mu.Lock()
	known.isFinished = true
	known.record.Columns, known.record.Archive = record.Columns, record.Archive
	known.items = item.Table{}
	r.mu.Unlock()
	if r.config.Finished != nil {
		r.config.Finished(&record)
	}
}

// Forget frees what is known of a run that has ended and of which nothing more will come. What is not written yet still
// is.
func (r *Recorder) Forget(id text.Text) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.runs, id.Raw())
}

// describe adds the profile of the items, its findings, and the outcome of the rules.
func (r *Recorder) describe(ctx context.Context, record *Record, snapshot *recording) {
	if snapshot.items.Len() == 0 && record.Items.Or(0) > 0 {
		return // the items were counted, not kept
	}
	described, err := r.config.Profile(ctx, snapshot.items)
	if err != nil {
		return // cancelled
	}
	record.Columns = described.Summary().Columns
	record.Notes = slices.Concat(record.Notes, findingsOf(described))
	if r.config.Judge == nil {
		return
	}
	if verdicts, err := r.config.Judge(ctx, snapshot.run, described, snapshot.items); err == nil {
		record.Notes = append(record.Notes, verdictNotes(verdicts)...)
	}
}

// noticesOf returns the notices about a run as notes.
func noticesOf(w *watch.Watch, now time.Time, interval time.Duration) []Note {
	var notes []Note
	for _, notice := range w.Notices(now, interval) {
		severity := "warning"
		if notice.Severity == watch.SeverityError {
			severity = "error"
		}
		notes = append(notes, Note{Kind: NoteNotice, Severity: severity, Text: notice.Text})
	}
	return notes
}

// findingsOf returns the findings of a profile as notes.
func findingsOf(p *profile.Profile) []Note {
	var notes []Note
	for _, f := range p.Findings {
		note := Note{Kind: NoteFinding, Severity: f.Severity.String(), Text: f.Text, Count: f.Count, Of: f.Of}
		if f.Column >= 0 {
			note.Column = p.Columns[f.Column].Place.Name()
		}
		notes = append(notes, note)
	}
	return notes
}

// verdictNotes returns the outcomes of rules as notes.
func verdictNotes(verdicts []rules.Verdict) []Note {
	var notes []Note
	for _, v := range verdicts {
		notes = append(notes, Note{Kind: NoteRule, Severity: v.Level.String(), Column: v.Rule.Column, Subject: v.Rule.String(), Text: v.Found})
	}
	return notes
}

// sayOnce says a message unless one of the same kind was said.
func (r *Recorder) sayOnce(kind, message string) {
	r.mu.Lock()
	said := r.told[kind]
	r.told[kind] = true
	r.mu.Unlock()
	if !said {
		r.config.Say(text.Printable(message))
	}
}
