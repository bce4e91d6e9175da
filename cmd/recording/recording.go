package recording

import (
	"context"
	"errors"
	"sync"
	"time"

	"sbwatch/history"
	"sbwatch/model/item"
	"sbwatch/model/profile"
	"sbwatch/model/rules"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/query"
	"sbwatch/ui"
)

// Options say what a [Recording] needs.
type Options struct {
	Places Places
	// Host is the host of the service.
	Host string
	// Judge, unless nil, checks a run against the user's rules.
	Judge func(ctx context.Context, r run.Run, p *profile.Profile, items item.Table) ([]rules.Verdict, error)
	// Say writes a message for the user. It must be safe for concurrent use.
	Say func(message string)
	// Finished and Failed, unless nil, are called by the recorder; see [history.RecorderConfig].
	Finished func(record *history.Record)
	Failed   func(err error)
	// Hold keeps the messages until Close, because something else has the screen.
	Hold bool
	Now  func() time.Time
	// Interval is that between polls.
	Interval time.Duration
}

// Recording records the runs of one command. Nothing is opened before the first answer.
type Recording struct {
	options  Options
	recorder *history.Recorder

	mu   sync.Mutex
	held []string
}

// Start begins to record.
func Start(options Options) *Recording {
	r := &Recording{options: options}
	config := history.RecorderConfig{
		Host: options.Host, Open: options.Places.Open, Judge: options.Judge, Say: r.say, Now: options.Now, Interval: options.Interval,
		Finished: options.Finished, Failed: options.Failed,
		Profile: func(ctx context.Context, items item.Table) (*profile.Profile, error) {
			return query.Profile(ctx, items, nil)
		},
	}
	if keep, limited := options.Places.Config.KeepItems.Get(); !limited || keep > 0 {
		config.Archiver, config.KeepItems = options.Places.OpenArchive, options.Places.Config.KeepItems
	}
	if options.Places.needsSpool() {
		config.OpenSpool = options.Places.OpenSpool
	}
	r.recorder = history.NewRecorder(config)
	return r
}

// say writes a message, or keeps it.
func (r *Recording) say(message string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.options.Hold {
		r.held = append(r.held, message)
		return
	}
	r.options.Say(message)
}

// Load returns a function that records what load reads, unless it fails.
func (r *Recording) Load(load ui.Load) ui.Load {
	return func(ctx context.Context, onItems func(item.Table)) (run.Answer, error) {
		answer, err := load(ctx, onItems)
		switch {
		case err != nil:
		case answer.Run.ID.IsEmpty():
			r.say("nothing was recorded: only saved answers of the service have a run id")
		default:
			r.recorder.Opened(answer)
		}
		return answer, err
	}
}

// How long Close waits for the last records: before it says so, at most, and at most if the command was interrupted.
const (
	quietWait       = 500 * time.Millisecond
	maxWait         = 8 * time.Second
	interruptedWait = 1500 * time.Millisecond
)

// errTooSlow is the reason if the last records take too long.
var errTooSlow = errors.New("it takes too long")

// Close waits until everything is recorded, but only for some seconds, and shorter once ctx has ended. Then it writes the messages
// that were held back.
func (r *Recording) Close(ctx context.Context) {
	limit := maxWait
	waiting := ctx
	if ctx.Err() != nil {
		limit, waiting = interruptedWait, context.WithoutCancel(ctx)
	}
	waiting, cancel := context.WithTimeoutCause(waiting, limit, errTooSlow)
	defer cancel()
	slow := time.AfterFunc(quietWait, func() { r.options.Say("recording the run") })
	err := r.recorder.Close(waiting)
	slow.Stop()
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, message := range r.held {
		r.options.Say(message)
	}
	r.held, r.options.Hold = nil, false
	if err != nil {
		r.options.Say("the run was not recorded completely: " + err.Error())
	}
}

// Forget frees what is known of a run that is not watched any longer.
func (r *Recording) Forget(runID text.Text) { r.recorder.Forget(runID) }

// Service returns a service that records the answers of another.
func (r *Recording) Service(service ui.Service) ui.Service { return recordedService{service, r} }

// recordedService is a service whose answers are recorded.
type recordedService struct {
	ui.Service
	recording *Recording
}

// Poll polls a run and records the answer.
func (s recordedService) Poll(ctx context.Context, runID string, onItems func(item.Table)) (run.Answer, error) {
	sent := s.recording.options.Now()
	answer, err := s.Service.Poll(ctx, runID, onItems)
	if err == nil {
		s.recording.recorder.Polled(answer, s.recording.options.Now().Sub(sent))
	}
	return answer, err
}

// Usage reads the usage and records which limit cut a run short.
func (s recordedService) Usage(ctx context.Context) (run.Usage, error) {
	usage, err := s.Service.Usage(ctx)
	if err == nil {
		s.recording.recorder.UsageRead(usage)
	}
	return usage, err
}
