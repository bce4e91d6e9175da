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

// RecorderConfig configures a [Recorder].
type RecorderConfig struct {
	// Host is the host of the service.
	Host string
	// Open opens the store. The recorder calls Open before it writes the first record.
	Open func(ctx context.Context) (Store, error)
	// OpenSpool opens the spool, a store on this machine. Records are written to the spool while the store that Open
	// opens cannot be reached, and are delivered later. OpenSpool may be nil.
	OpenSpool func(ctx context.Context) (Store, error)
	// Archiver, if not nil, opens the archive for items.
	Archiver func(ctx context.Context) (Archiver, error)
	// KeepItems is the maximum size of the archive in bytes. The oldest items are removed first.
	KeepItems optional.Value[int64]
	// Profile profiles items.
	Profile func(ctx context.Context, items item.Table) (*profile.Profile, error)
	// Judge, if not nil, checks a run against the user's rules. It may return verdicts and an error, if something
	// could not be checked.
	Judge func(ctx context.Context, r run.Run, p *profile.Profile, items item.Table) ([]rules.Verdict, error)
	// Say writes a message for the user, at most once for each kind of failure.
	Say func(message string)
	// Finished, if not nil, is called with the final record of a run that has ended, after the recorder has tried to
	// write the record and the items.
	Finished func(record *Record)
	// Failed, if not nil, is called each time a record or items cannot be written, even if they are kept on this
	// machine to be written later.
	Failed func(err error)
	Now    func() time.Time
	// Interval is the time between polls.
	Interval time.Duration
}

// Recorder records runs while they are watched. All methods except Close return immediately, because a separate
// goroutine writes to the store. The user is told about each kind of failure once. A failure does not end the watch.
type Recorder struct {
	config RecorderConfig

	mu    sync.Mutex
	runs  map[string]*recording // by run id
	dirty []*recording          // recordings that must be written, in the order of their first change
	wake  chan struct{}

	cancel  context.CancelFunc
	stopped chan struct{}
	keeper  keeper
	told    map[string]bool
}

// recording holds what a recorder knows about one run.
type recording struct {
	watch   watch.Watch
	record  Record
	run     run.Run
	items   item.Table
	isDirty bool
	// isFinished means that the items have been profiled and archived.
	isFinished bool
}

// NewRecorder returns a recorder. The caller must call [Recorder.Close] at the end.
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
	known.update(answer, now)
	known.record.Notes = noticesOf(&known.watch, now, r.config.Interval)
	r.markChanged(known)
}

// Opened records a saved answer. It adds no counts to the samples of the record, because it is unknown at what time the
// counts in a saved answer were true.
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
	known.update(answer, now)
	known.record.Samples = nil
	known.record.Notes = noticesOf(&known.watch, now, r.config.Interval)
	r.markChanged(known)
}

// UsageRead records whether the run was cut short by a limit, according to the account's usage.
func (r *Recorder) UsageRead(usage run.Usage) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, known := range r.runs {
		known.watch.UsageRead(usage)
		if cut := usage.CutShort(known.record.ID, known.watch.Run()); cut != run.CutNone && cut != known.record.Cut {
			known.record.Cut = cut
			r.markChanged(known)
		}
	}
}

// markChanged makes the goroutine of the recorder write a recording. The caller must hold the lock.
func (r *Recorder) markChanged(known *recording) {
	if !known.isDirty {
		known.isDirty = true
		r.dirty = append(r.dirty, known)
	}
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// update copies the data of an answer to the recording.
func (known *recording) update(answer run.Answer, now time.Time) {
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

// Close waits until everything is written or ctx ends, and closes the store. If ctx ends first, the changes that are
// not written yet are lost.
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

// work writes changes until the recorder is closed.
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

// next returns the next recording to write and a copy of it, or nil if no recording is left to write.
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

// write writes the record of a run to the store. If the run has ended, the items are also profiled and archived.
func (r *Recorder) write(ctx context.Context, known *recording, snapshot recording) {
	record := snapshot.record
	if !record.Status.Terminal() || snapshot.isFinished {
		if snapshot.isFinished {
			record.Notes = nil // the notes that were written already are complete
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

// Forget frees the memory for a run that is no longer polled. Pending changes are still written.
func (r *Recorder) Forget(id text.Text) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.runs, id.Raw())
}

// describe adds the profile of the items, the findings, and the outcomes of the rules to a record.
func (r *Recorder) describe(ctx context.Context, record *Record, snapshot *recording) {
	if snapshot.items.Len() == 0 && record.Items.Or(0) > 0 {
		return // the items were only counted
	}
	described, err := r.config.Profile(ctx, snapshot.items)
	if err != nil {
		return // ctx has ended
	}
	record.Columns = described.Summary().Columns
	record.Notes = slices.Concat(record.Notes, findingsOf(described))
	if r.config.Judge == nil {
		return
	}
	verdicts, err := r.config.Judge(ctx, snapshot.run, described, snapshot.items)
	if ctx.Err() != nil {
		return
	}
	record.Notes = append(record.Notes, verdictNotes(verdicts)...)
	if err != nil {
		record.Notes = append(record.Notes, Note{Kind: NoteCheck, Severity: "error", Text: text.Printable(err.Error())})
	}
}

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

func verdictNotes(verdicts []rules.Verdict) []Note {
	var notes []Note
	for _, v := range verdicts {
		notes = append(notes, Note{Kind: NoteRule, Severity: v.Level.String(), Column: v.Rule.Column, Subject: v.Rule.String(), Text: v.Found})
	}
	return notes
}

// sayOnce tells the user the first message of each kind. It ignores further messages of that kind.
func (r *Recorder) sayOnce(kind, message string) {
	r.mu.Lock()
	said := r.told[kind]
	r.told[kind] = true
	r.mu.Unlock()
	if !said {
		r.config.Say(text.Printable(message))
	}
}
