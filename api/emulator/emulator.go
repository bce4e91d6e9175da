package emulator

import (
	"fmt"
	"net/http"
	"regexp"
	"sync"
	"time"

	"sbwatch/model/optional"
	"sbwatch/model/run"
)

const (
	// ExampleKey is an API key in the documented format, for the demo and for tests.
	ExampleKey = "wsg_live_DemoKeyOfTheEmulator000000000000"
	// SampleRunID is the id of the run in the sample answer of the API documentation. That run is always completed.
	SampleRunID = "k7Xb9dRmQ2p"
	// SampleRecipeID is the id of the recipe of the run [SampleRunID].
	SampleRecipeID = "m3Yc2tFvN8q"
)

const (
	costPerPage = 2 // credits

	defaultItems        = 100_000
	maxItems            = 1_000_000
	defaultCredits      = 1_000_000
	defaultPagesPerRun  = 1_000     // more than the pages of any recipe
	defaultRunsPerMonth = 1_000_000 // in effect no limit

	maxRuns = 100_000 // maximum number of runs; if there are more, the oldest finished runs are removed

	minSpeed, maxSpeed = 0.001, 100_000
	maxLatency         = 10 * time.Minute
)

// Options configure an [Emulator]. The zero value has no rate limits and runs at the speed of the service.
type Options struct {
	// Speed divides the duration of runs: with a speed of 10, a run takes a tenth of its usual time. 0 means 1.
	Speed float64
	// Seed determines the ids, the items, and how long each page of a run takes.
	Seed uint64
	// Items is the number of items of the recipe huge0000001, from 1 to 1,000,000; 0 means 100,000.
	Items int
	// LimitPerMin is the number of requests an account may send in any minute.
	LimitPerMin optional.Value[int]
	// MaxConcurrent is the number of requests an account may have in progress at the same time.
	MaxConcurrent optional.Value[int]
	// RunsPerMonth is the number of runs an account may dispatch in 30 days.
	RunsPerMonth optional.Value[int]
	// PagesPerRun is the number of pages the plan allows per run.
	PagesPerRun optional.Value[int]
	// Credits is the initial balance of an account. The default is 1,000,000.
	Credits optional.Value[int]
	// Latency is the minimum time until a request is answered. A random time of up to Jitter is added to Latency. Both
	// are from 0 to 10 minutes. A delayed request counts as in progress.
	Latency, Jitter time.Duration
	// FirstNight is the date, in UTC, of an account's first run of each recipe. Each further run of the recipe gets the
	// next date, even if it is dispatched before the previous run has ended. If FirstNight is set, the runs of the
	// recipe catalogue01 differ from each other, and in some of these runs a redesign of the shop hides the prices. If
	// FirstNight is zero, the times of runs come from the clock, and recipes whose runs depend on the weekday start on
	// a Monday.
	FirstNight time.Time
	// EarlierRuns is the number of runs that each recipe is assumed to have had before the first dispatch. If it is 20,
	// the first dispatch of a recipe that changes from run to run starts the 21st of its runs.
	EarlierRuns int
	// Refuse is an error code from [Refusals]. If it is not empty, every call with a well-formed key gets this error.
	Refuse string
	// Fresh makes accounts start without the sample run, [SampleRunID]. Then last_run is null until the first dispatch,
	// and a poll of [SampleRunID] is answered with 404.
	Fresh bool
	// Webhook, if not nil, is the receiver to which [Emulator.Deliver] posts a notification for each run that has
	// ended.
	Webhook *Webhook
	// Now returns the current time; nil means [time.Now].
	Now func() time.Time
}

// Emulator emulates the SmartBrowse service. It is safe for concurrent use.
type Emulator struct {
	options   Options
	recipes   map[string]*recipe
	sample    *emulatedRun // run SampleRunID, which every new account has; nil if Options.Fresh is set
	maxRuns   int
	createdAt time.Time

	mu       sync.Mutex
	ids      identifiers
	requests uint64              // number of requests so far
	accounts map[string]*account // by API key
	runs     []ownedRun          // dispatched runs that are still kept, oldest first

	undelivered []*emulatedRun // runs for which Deliver has not posted a notification yet
	dispatched  chan struct{}  // receives a value when a run is added to undelivered
}

// ownedRun is a run and the account that dispatched it.
type ownedRun struct {
	*emulatedRun

	owner *account
}

// New returns an emulator. If an option is out of range, the error names the option.
func New(options Options) (*Emulator, error) {
	options = options.withDefaults()
	if err := options.validate(); err != nil {
		return nil, err
	}
	recipes := map[string]*recipe{}
	for _, r := range recipeTable(options.Items) {
		recipes[r.id] = &r
	}
	e := &Emulator{
		options:   options,
		recipes:   recipes,
		maxRuns:   maxRuns,
		createdAt: options.Now(),
		ids:       newIdentifiers(options.Seed),
		accounts:  map[string]*account{},

		dispatched: make(chan struct{}, 1),
	}
	if !options.Fresh {
		e.sample = sampleRun(recipes[SampleRecipeID], options)
	}
	return e, nil
}

func (o Options) withDefaults() Options {
	if o.Speed == 0 {
		o.Speed = 1
	}
	if o.Items == 0 {
		o.Items = defaultItems
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return o
}

// Validate returns an error if an option is out of range. The error names the option.
func (o Options) Validate() error { return o.withDefaults().validate() }

func (o Options) validate() error {
	if !(o.Speed >= minSpeed && o.Speed <= maxSpeed) { // written so that NaN fails too
		return fmt.Errorf("speed %v is out of range: choose %v to %v", o.Speed, minSpeed, maxSpeed)
	}
	if o.Items < 1 || o.Items > maxItems {
		return fmt.Errorf("%d items are out of range: choose 1 to %d", o.Items, maxItems)
	}
	for _, limit := range []struct {
		name  string
		value optional.Value[int]
		min   int
	}{
		{"limit per minute", o.LimitPerMin, 1},
		{"limit of concurrent requests", o.MaxConcurrent, 1},
		{"number of runs per month", o.RunsPerMonth, 0},
		{"number of pages per run", o.PagesPerRun, 1},
		{"number of credits", o.Credits, 0},
	} {
		if value, set := limit.value.Get(); set && value < limit.min {
			return fmt.Errorf("a %s of %d is too low: choose %d or more", limit.name, value, limit.min)
		}
	}
	for _, delay := range []struct {
		name  string
		value time.Duration
	}{{"latency", o.Latency}, {"jitter", o.Jitter}} {
		if delay.value < 0 || delay.value > maxLatency {
			return fmt.Errorf("a %s of %v is out of range: choose 0 to %v", delay.name, delay.value, maxLatency)
		}
	}
	if err := o.Webhook.validate(); err != nil {
		return err
	}
	return validateRefuse(o.Refuse)
}

// ServeHTTP answers one request as the service would.
func (e *Emulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	number, requestID := e.nextRequest()
	refusal := discardBody(w, r)
	now := e.options.Now()
	var answer answer
	if refusal != nil {
		answer = *refusal
	} else {
		var release func()
		answer, release = e.answer(r, now)
		defer release()
	}
	answer.body.RequestID = requestID
	wait(r.Context(), e.options.latency(number))

	header := w.Header()
	header.Set("X-Request-ID", requestID)
	header.Set("Date", now.UTC().Format(http.TimeFormat))
	answer.write(w, r.Method == http.MethodHead)
}

// nextRequest returns the number of a request, counted from 1, and its id.
func (e *Emulator) nextRequest() (number uint64, id string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.requests++
	return e.requests, e.ids.nextRequest()
}

// keyShape is the published format of an API key.
var keyShape = regexp.MustCompile(`^wsg_live_[0-9A-Za-z]{32}$`)

// answer computes the answer to a request. The caller must call release after it has written the answer. Until then,
// the request counts as in progress.
func (e *Emulator) answer(r *http.Request, now time.Time) (_ answer, release func()) {
	release = func() {}
	endpoint, found := route(r.URL)
	if !found {
		return refuse(http.StatusNotFound, codeNotFound, "No such endpoint: "+r.URL.Path), release
	}
	if r.Method == http.MethodOptions {
		return answer{status: http.StatusNoContent, allow: endpoint.allow()}, release
	}
	if !endpoint.accepts(r.Method) {
		refusal := refuse(http.StatusMethodNotAllowed, codeInvalidRequest, "This endpoint does not accept "+r.Method+".")
		refusal.allow = endpoint.allow()
		return refusal, release
	}
	key := r.Header.Get("X-API-Key")
	switch {
	case key == "":
		return refuse(http.StatusUnauthorized, codeUnauthorized, "Missing API key. Send it in the X-API-Key header."), release
	case !keyShape.MatchString(key):
		return refuse(http.StatusUnauthorized, codeUnauthorized, "Invalid API key."), release
	}

	e.mu.Lock()
	defer e.mu.Unlock()
	account := e.account(key)
	if refusal := account.admit(now); refusal != nil {
		return *refusal, release
	}
	release = func() {
		e.mu.Lock()
		defer e.mu.Unlock()
		account.active--
	}
	account.bill(now)
	if refusal := e.refusalWhere(func(r Refusal) bool { return r.Code == e.options.Refuse }); refusal != nil {
		return *refusal, release
	}
	switch endpoint.kind {
	case pollEndpoint:
		return account.poll(endpoint.id, r.Method == http.MethodHead, now), release
	case dispatchEndpoint:
		return e.dispatch(account, endpoint.id, now), release
	case usageEndpoint:
	}
	return account.usage(now), release
}

// account returns the account of a key and creates it on first use.
func (e *Emulator) account(key string) *account {
	found, ok := e.accounts[key]
	if !ok {
		found = newAccount(e.options, e.sample)
		e.accounts[key] = found
	}
	return found
}

func (e *Emulator) dispatch(account *account, recipeID string, now time.Time) answer {
	if refusal := e.refusalWhere(func(r Refusal) bool { return r.RecipeID == recipeID }); refusal != nil {
		return *refusal
	}
	recipe, ok := e.recipes[recipeID]
	if !ok {
		return refuse(http.StatusNotFound, codeNotFound, "Recipe not found.")
	}
	if refusal := account.checkDispatch(now); refusal != nil {
		return *refusal
	}
	r := account.start(recipe, e.ids.nextRun(), now)
	e.runs = append(e.runs, ownedRun{r, account})
	e.awaitEnd(r)
	e.forgetOldest(now)
	return answer{status: http.StatusAccepted, body: envelope{
		Status: "queued",
		Data: dispatchBody{
			RunID:     r.id,
			RecipeID:  recipe.id,
			RunStatus: run.StatusRunning.String(),
			PollURL:   "/v1/smartbrowse/runs/" + r.id,
			CreatedAt: r.timestamp(r.createdAt),
		},
	}}
}

// forgetOldest removes the oldest runs until at most maxRuns are left. It stops early at a run that is still under way.
func (e *Emulator) forgetOldest(now time.Time) {
	for len(e.runs) > e.maxRuns && e.runs[0].progress(now).status.Terminal() {
		oldest := e.runs[0]
		oldest.owner.bill(now)
		delete(oldest.owner.runs, oldest.id)
		e.runs[0] = ownedRun{}
		e.runs = e.runs[1:]
	}
}
