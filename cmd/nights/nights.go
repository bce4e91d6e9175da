// Package nights simulates nightly runs in the past, so that the demo can compare its run with earlier runs. The runs
// come from the built-in emulator and are recorded in a temporary history.
package nights

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"sbwatch/api"
	"sbwatch/api/emulator"
	"sbwatch/api/wire"
	"sbwatch/cmd/recording"
	"sbwatch/history"
	"sbwatch/history/archive"
	"sbwatch/history/sqlite"
	"sbwatch/model/item"
	"sbwatch/model/profile"
	"sbwatch/model/run"
	"sbwatch/query"
)

// Options describe the runs to record.
type Options struct {
	// Emulator are the options of the emulator whose runs the demo shows.
	Emulator emulator.Options
	// RecipeIDs are the ids of the recipes that run every night.
	RecipeIDs []string
	// Host is the host of the demo's service. The past runs are recorded as runs of this host.
	Host   string
	Limits wire.Limits
	// Now is the current time. The last recorded run of each recipe is from the night before Now.
	Now time.Time
}

// Count is the number of nights on which a recipe runs. CountEvolving is the number of nights for recipes whose results
// change from run to run. It is lower than Count, so that the comparison with earlier runs still reports the changes.
const (
	Count         = 30
	CountEvolving = 24
)

const (
	// maxItems is the maximum number of items that all runs of a recipe have together. A recipe with many items runs on
	// fewer nights.
	maxItems = 100_000
	// otherSeed is added to the seed of the demo's emulator. With the same seed, the past runs would have the same ids as
	// the runs of the demo.
	otherSeed = 7_001
	// startHour is the local hour at which each run starts.
	startHour = 3
)

// Past is a temporary history of past runs. It is filled in the background.
type Past struct {
	// Reader reads the history. The methods of Reader wait until the runs of all nights are recorded.
	Reader *recording.Reader

	folder   string
	cancel   context.CancelFunc
	recorded chan struct{} // closed when the runs of all nights are recorded
	err      error         // set before the channel recorded is closed
}

// Begin starts to record past runs in the background. Call [Past.Close] when the past runs are no longer needed.
func Begin(ctx context.Context, options Options) *Past {
	ctx, cancel := context.WithCancel(ctx)
	past := &Past{cancel: cancel, recorded: make(chan struct{})}
	past.Reader = &recording.Reader{
		Host: options.Host, Limits: options.Limits, OpenArchive: past.openArchive,
		OpenStore: func(ctx context.Context) (history.Store, error) {
			select {
			case <-past.recorded:
			case <-ctx.Done():
				return nil, context.Cause(ctx)
			}
			if past.err != nil {
				return nil, past.err
			}
			return past.openStore(ctx)
		},
	}
	go func() {
		defer close(past.recorded)
		past.err = past.record(ctx, options)
	}()
	return past
}

// Close stops the recording and deletes the history.
func (p *Past) Close() {
	p.cancel()
	<-p.recorded
	p.Reader.Close()
	if p.folder != "" {
		_ = os.RemoveAll(p.folder)
	}
}

func (p *Past) openStore(ctx context.Context) (history.Store, error) {
	store, err := sqlite.Open(ctx, filepath.Join(p.folder, "history.db"))
	if err != nil {
		return nil, err
	}
	return store, nil
}

func (p *Past) openArchive(context.Context) (history.Archiver, error) {
	return archive.NewDirectory(filepath.Join(p.folder, "archive")), nil
}

func (p *Past) record(ctx context.Context, options Options) error {
	var err error
	if p.folder, err = os.MkdirTemp("", "sbwatch-demo-"); err != nil {
		return err
	}
	failures := make(chan error, 1)
	recorder := history.NewRecorder(history.RecorderConfig{
		Host: options.Host, Open: p.openStore, Archiver: p.openArchive, Now: func() time.Time { return options.Now }, Interval: time.Minute,
		Profile: func(ctx context.Context, items item.Table) (*profile.Profile, error) {
			return query.Profile(ctx, items, nil)
		},
		Say: func(message string) {
			select {
			case failures <- errors.New(message):
			default:
			}
		},
	})
	for i := range options.RecipeIDs {
		if err = recordRecipe(ctx, recorder, options, i); err != nil {
			break
		}
	}
	err = errors.Join(err, recorder.Close(ctx))
	select {
	case failure := <-failures:
		return errors.Join(err, failure)
	default:
		return err
	}
}

// recordRecipe runs one recipe once per night. index is the position of the recipe in Options.RecipeIDs.
func recordRecipe(ctx context.Context, recorder *history.Recorder, options Options, index int) error {
	recipeID := options.RecipeIDs[index]
	first := firstNight(options.Now, nightsOf(recipeID))
	clock := &clock{at: first}
	settings := options.Emulator
	settings.FirstNight, settings.Now, settings.Fresh, settings.Refuse = first, clock.now, true, ""
	settings.Latency, settings.Jitter, settings.EarlierRuns = 0, 0, 0
	settings.Seed += otherSeed + uint64(index)
	service, err := emulator.New(settings)
	if err != nil {
		return err
	}
	client, err := api.New(api.Options{
		BaseURL: "http://127.0.0.1/v1", Key: emulator.ExampleKey, UserAgent: "sbwatch", Transport: inProcess{service}, Limits: options.Limits,
		Now: settings.Now,
	})
	if err != nil {
		return err
	}
	dice := rand.New(rand.NewPCG(settings.Seed, Count))
	for night := range nightsOf(recipeID) {
		clock.set(first.AddDate(0, 0, night).Add(time.Duration(dice.IntN(90)) * time.Second))
		answer, err := runOnce(ctx, client, recipeID, func(d time.Duration) { clock.set(clock.now().Add(d)) })
		if err != nil {
			return err
		}
		recorder.Opened(answer)
	}
	return nil
}

// clock is a clock that can be set to any time.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) set(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = at
}

func nightsOf(recipeID string) int {
	for _, r := range emulator.Recipes() {
		switch {
		case r.ID != recipeID:
		case r.Evolves:
			return CountEvolving
		default:
			return min(Count, maxItems/max(1, r.Items))
		}
	}
	return 0
}

// firstNight returns the start time of the first night. For 30 nights, this is 3:00 on the day 30 days before now.
func firstNight(now time.Time, nights int) time.Time {
	return time.Date(now.Year(), now.Month(), now.Day()-nights, startHour, 0, 0, 0, now.Location())
}

// maxPolls is the number of polls after which runOnce gives up.
const maxPolls = 20

// runOnce dispatches a recipe, polls the run until it has ended, and returns the last answer. Before each poll it calls
// the function wait, which advances the clock.
func runOnce(ctx context.Context, client *api.Client, recipeID string, wait func(time.Duration)) (run.Answer, error) {
	dispatched, err := client.Dispatch(ctx, recipeID)
	if err != nil {
		return run.Answer{}, err
	}
	var answer run.Answer
	for range maxPolls {
		wait(run.RunLimit / maxPolls)
		if answer, err = client.Poll(ctx, dispatched.RunID.Raw(), nil); err == nil && answer.Run.Status().Terminal() {
			return answer, nil
		}
		if ctx.Err() != nil {
			break
		}
	}
	return run.Answer{}, errors.Join(errors.New("a simulated run did not end"), err)
}

// inProcess is a transport that passes requests to a handler in this process.
type inProcess struct{ handler http.Handler }

// RoundTrip passes a request to the handler and returns the response.
func (t inProcess) RoundTrip(request *http.Request) (*http.Response, error) {
	if request.Body == nil {
		request = request.Clone(request.Context())
		request.Body = http.NoBody
	}
	w := &buffered{header: http.Header{}, status: http.StatusOK}
	t.handler.ServeHTTP(w, request)
	return &http.Response{
		StatusCode: w.status, Status: http.StatusText(w.status), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: w.header, Body: io.NopCloser(&w.body), ContentLength: int64(w.body.Len()), Request: request,
	}, nil
}

// buffered is a response writer that keeps the response in memory.
type buffered struct {
	header http.Header
	status int
	body   bytes.Buffer
}

// Header returns the header of the response.
func (w *buffered) Header() http.Header { return w.header }

// WriteHeader sets the status of the response.
func (w *buffered) WriteHeader(status int) { w.status = status }

// Write adds p to the body of the response.
func (w *buffered) Write(p []byte) (int, error) { return w.body.Write(p) }
