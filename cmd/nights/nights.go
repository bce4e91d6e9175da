// Package nights fills a temporary history with past runs of the built-in emulator, so that the demo has something to compare its run
// with.
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

// Options say which nights to record.
type Options struct {
	// Emulator are the options of the emulator that the demo shows.
	Emulator emulator.Options
	RecipeID string
	// Host is the host of the demo's service.
	Host   string
	Limits wire.Limits
	// Now is the present time; the last night is the one before it.
	Now time.Time
}

// Count is the number of nights. Recipes that change from dispatch to dispatch have fewer, because what happens to them would otherwise
// have lasted long enough to be usual.
const (
	Count         = 30
	CountEvolving = 24
)

const (
	// maxItems is the number of items of all nights together. A recipe of very many items has fewer nights.
	maxItems = 100_000
	// otherSeed is added to the seed of the demo, because equal seeds give equal run ids.
	otherSeed = 7_001
	// startHour is the local hour at which a run starts.
	startHour = 3
)

// Past is a temporary history that is being filled.
type Past struct {
	// Reader reads the history. It waits until all nights are recorded.
	Reader *recording.Reader

	folder   string
	cancel   context.CancelFunc
	recorded chan struct{} // closed when all nights are recorded
	err      error         // valid once recorded is closed
}

// Begin starts to record nights in the background. Call [Past.Close] at the end.
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

// Close removes the history.
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

// record runs the recipe once for each night and records the runs.
func (p *Past) record(ctx context.Context, options Options) error {
	var err error
	if p.folder, err = os.MkdirTemp("", "sbwatch-demo-"); err != nil {
		return err
	}
	clock := &clock{at: firstNight(options)}
	settings := options.Emulator
	settings.FirstNight, settings.Now, settings.Fresh, settings.Refuse = clock.at, clock.now, true, ""
	settings.Latency, settings.Jitter, settings.EarlierRuns = 0, 0, 0
	settings.Seed += otherSeed
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
	failures := make(chan error, 1)
	recorder := history.NewRecorder(history.RecorderConfig{
		Host: options.Host, Open: p.openStore, Archiver: p.openArchive, Now: settings.Now, Interval: time.Minute,
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
	dice := rand.New(rand.NewPCG(settings.Seed, Count))
	for night := range nightsOf(options) {
		clock.set(firstNight(options).AddDate(0, 0, night).Add(time.Duration(dice.IntN(90)) * time.Second))
		answer, pollErr := runOnce(ctx, client, options.RecipeID, func(d time.Duration) { clock.set(clock.now().Add(d)) })
		if err = pollErr; err != nil {
			break
		}
		recorder.Opened(answer)
	}
	err = errors.Join(err, recorder.Close(ctx))
	select {
	case failure := <-failures:
		return errors.Join(err, failure)
	default:
		return err
	}
}

// clock is the clock of past nights.
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

// nightsOf returns the number of nights.
func nightsOf(options Options) int {
	for _, r := range emulator.Recipes() {
		items := r.Items
		if r.ID == options.RecipeID && r.Evolves {
			return CountEvolving
		}
		if r.ID == options.RecipeID {
			return min(Count, maxItems/max(1, items))
		}
	}
	return 0
}

// firstNight returns when the first run starts.
func firstNight(options Options) time.Time {
	now := options.Now
	return time.Date(now.Year(), now.Month(), now.Day()-nightsOf(options), startHour, 0, 0, 0, now.Location())
}

// maxPolls is how often a run is polled that does not answer well.
const maxPolls = 20

// runOnce dispatches a recipe and returns the answer about the run when it has ended. wait moves the clock.
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
	return run.Answer{}, errors.Join(errors.New("a past run of the demo did not end"), err)
}

// inProcess sends requests to a handler of this process.
type inProcess struct{ handler http.Handler }

// RoundTrip implements [http.RoundTripper].
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

// buffered keeps an answer.
type buffered struct {
	header http.Header
	status int
	body   bytes.Buffer
}

// Header implements [http.ResponseWriter].
func (w *buffered) Header() http.Header { return w.header }

// WriteHeader implements [http.ResponseWriter].
func (w *buffered) WriteHeader(status int) { w.status = status }

// Write implements [http.ResponseWriter].
func (w *buffered) Write(p []byte) (int, error) { return w.body.Write(p) }
