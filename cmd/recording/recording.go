package recording

import (
	"context"
	"errors"
	"time"

	"sbwatch/cmd/messages"
	"sbwatch/history"
	"sbwatch/model/item"
	"sbwatch/model/profile"
	"sbwatch/model/rules"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/query"
	"sbwatch/ui"
)

// Options configure a [Recording].
type Options struct {
	Places Places
	// Host is the host of the service.
	Host string
	// Judge checks a run against the user's rules. It is nil if there are no rules.
	Judge func(ctx context.Context, r run.Run, p *profile.Profile, items item.Table) ([]rules.Verdict, error)
	// Say writes a message for the user. It must be safe for concurrent use.
	Say func(message string)
	// Finished and Failed are the callbacks of [history.RecorderConfig]. They may be nil.
	Finished func(record *history.Record)
	Failed   func(err error)
	// Hold delays all messages until Close. It is true if the dashboard uses the screen.
	Hold bool
	Now  func() time.Time
	// Interval is the time between polls.
	Interval time.Duration
}

// Recording records the runs of one command. It opens the history when the first answer of the service arrives.
type Recording struct {
	options  Options
	recorder *history.Recorder
	messages *messages.Messages
}

// Start returns a recording to which answers of the service can be added.
func Start(options Options) *Recording {
	r := &Recording{options: options, messages: messages.New(options.Say, options.Hold)}
	config := history.RecorderConfig{
		Host: options.Host, Open: options.Places.Open, Judge: options.Judge, Say: r.messages.Say, Now: options.Now, Interval: options.Interval,
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

// Load returns a function that calls the function load and records the run that load returns. If load returns an error,
// nothing is recorded.
func (r *Recording) Load(load ui.Load) ui.Load {
	return func(ctx context.Context, onItems func(item.Table)) (run.Answer, error) {
		answer, err := load(ctx, onItems)
		switch {
		case err != nil:
		case answer.Run.ID.IsEmpty():
			r.messages.Say("nothing was recorded: the file has no run id; only saved answers of the service have one")
		default:
			r.recorder.Opened(answer)
		}
		return answer, err
	}
}

// The maximum time that Close waits: maxWait normally, and interruptedWait after an interruption.
const (
	maxWait         = 8 * time.Second
	interruptedWait = 1500 * time.Millisecond
)

// errTooSlow is the error if recording takes longer than maxWait or interruptedWait.
var errTooSlow = errors.New("it took too long")

// Close waits until everything is recorded, up to a time limit. The limit is maxWait, or interruptedWait if ctx has
// ended. After the wait, Close writes the messages that Hold delayed.
func (r *Recording) Close(ctx context.Context) {
	limit := maxWait
	waiting := ctx
	if ctx.Err() != nil {
		limit, waiting = interruptedWait, context.WithoutCancel(ctx)
	}
	waiting, cancel := context.WithTimeoutCause(waiting, limit, errTooSlow)
	defer cancel()
	err := r.messages.Close(func() string { return "recording the run" }, func() error { return r.recorder.Close(waiting) })
	if err != nil {
		r.options.Say("the run was not recorded completely: " + err.Error())
	}
}

// Forget frees the memory for a run that is no longer watched.
func (r *Recording) Forget(runID text.Text) { r.recorder.Forget(runID) }

// Service returns a service that forwards all requests to another service and records the answers.
func (r *Recording) Service(service ui.Service) ui.Service { return recordedService{service, r} }

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

// Usage requests the usage of the account. It records which limit, if any, cut a run short.
func (s recordedService) Usage(ctx context.Context) (run.Usage, error) {
	usage, err := s.Service.Usage(ctx)
	if err == nil {
		s.recording.recorder.UsageRead(usage)
	}
	return usage, err
}
