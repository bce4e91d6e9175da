package cmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"sbwatch/api/emulator"
	"sbwatch/cmd/flagvalue"
	"sbwatch/cmd/webhookcmd"
	"sbwatch/model/optional"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/report"
)

const emulatorHelp = `Serve the SmartBrowse API on this machine to test a client in any language, at no cost. Paths, envelopes, request ids,
status codes and errors are those of the service. Any well-formed key is accepted (wsg_live_ and 32 letters or digits).
The first line of standard output contains the URL. The same seed and the same requests give the same answers.

The results of the last seven recipes change with each dispatch, as if each dispatch were one night later. The first night
is a Monday, or the date of --first-night. With --first-night, the times of the runs are those of their nights.

With --webhook, the emulator posts a message to a URL when a run ends. The service does the same for recipes with a webhook.
If the receiver cannot be reached or answers 408, 429 or 5xx, the emulator tries again after 1, 2, 4, 8 and 16 s. The request
never contains the API key.

SIGINT and SIGTERM stop the emulator with exit code 0.

Recipes:
`

// emulatorErrors is the part of the emulator's help after the recipes. %s stands for the list of refused recipes.
const emulatorErrors = `

Recipes that cannot be dispatched, and the error (--refuse CODE refuses every call instead):
%s

Other errors:
  401 unauthorized           no key, or a key in another format
  402 insufficient_credits   --credits
  404 not_found              unknown ids; the newest 100,000 finished runs are known
  400, 405, 408, 413, 431    invalid_request: malformed, wrong method, slow, body over 64 KiB, large headers
  429 rate_limited           --limit-per-min, --max-concurrent (with --latency), --runs-per-month`

func (p *program) emulatorCommand() *cobra.Command {
	options := emulator.Options{Seed: 1}
	var limits emulatorLimits
	var sender webhookcmd.Sender
	address := "127.0.0.1:8080"
	c := &cobra.Command{
		Use:     "emulator [flags]",
		Short:   "Serve the SmartBrowse API on this machine, to test any client",
		Example: "  sbwatch emulator --addr 127.0.0.1:0 --speed 20\n  curl -H 'X-API-Key: " + emulator.ExampleKey + "' http://127.0.0.1:8080/v1/smartbrowse/usage",
		Args:    noArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			limits.apply(c.Flags(), &options)
			options.Now = p.Now
			var err error
			if options.Webhook, err = sender.Webhook(c.Context(), c, webhookProgram(p)); err != nil {
				return err
			}
			service, err := newEmulator(c, options)
			if err != nil {
				return err
			}
			go service.Deliver(c.Context())
			return p.serveEmulator(c.Context(), address, service)
		},
	}
	withRecipes(c, emulatorHelp, func() string { return fmt.Sprintf(emulatorErrors, refusalList()) })
	c.Flags().Var(checkedValue{&address, kindAddress, isListenAddress}, "addr", "address to listen on; port 0 selects a free port")
	addEmulatorFlags(c.Flags(), &options, 1)
	limits.addTo(c.Flags())
	addServiceFlags(c.Flags(), &options)
	sender.AddTo(c)
	for _, name := range []string{"max-concurrent", "limit-per-min"} { // for run, watch and collect, they limit our own requests
		flagvalue.Specific(c, name)
	}
	return c
}

// withRecipes sets the help text of a command to intro, the list of recipes and the result of the function outro. It
// calls outro only when the help is shown.
func withRecipes(c *cobra.Command, intro string, outro func() string) {
	show := c.HelpFunc()
	c.SetHelpFunc(func(c *cobra.Command, args []string) {
		c.Long = intro + recipeList() + outro()
		show(c, args)
	})
}

func addEmulatorFlags(flags *pflag.FlagSet, options *emulator.Options, speed float64) {
	flags.Float64Var(&options.Speed, "speed", speed, "speed up runs by this factor")
	flags.Uint64Var(&options.Seed, "seed", options.Seed, "seed for ids, timing and items")
	flags.IntVar(&options.Items, "items", 100_000, "number of items of the recipe huge0000001, up to 1000000")
	restrictOption(flags, "speed", &options.Speed, func(o *emulator.Options, given float64) { o.Speed = given })
	restrictOption(flags, "items", &options.Items, func(o *emulator.Options, given int) { o.Items = given })
}

// restrictOption makes a flag reject values that are invalid as options of the emulator. The function set stores a
// value of the flag in the options.
func restrictOption[T comparable](flags *pflag.FlagSet, name string, value *T, set func(o *emulator.Options, given T)) {
	flagvalue.Restrict(flags, name, value, func(given T) string {
		var zero T
		if (name == "speed" || name == "items") && given == zero {
			return "--speed and --items must be more than 0" // the emulator would replace 0 with a default
		}
		var options emulator.Options
		set(&options, given)
		if err := options.Validate(); err != nil {
			return "--" + name + ": " + err.Error()
		}
		return ""
	})
}

// addServiceFlags adds the flags that make the emulator slower or less reliable, for tests of a client.
func addServiceFlags(flags *pflag.FlagSet, options *emulator.Options) {
	flags.DurationVar(&options.Latency, "latency", 0, "minimum time an answer takes, such as 200ms")
	flags.DurationVar(&options.Jitter, "jitter", 0, "maximum random time added to --latency")
	flags.TimeVar(&options.FirstNight, "first-night", time.Time{}, []string{time.DateOnly},
		"date of the first run of each recipe, such as 2026-01-05; each further run is one day later")
	flags.StringVar(&options.Refuse, "refuse", "", "refuse every call with this error code, such as forbidden")
	flagvalue.Label(flags, "refuse", "code")
	flags.BoolVar(&options.Fresh, "fresh", false, "let each account start without earlier runs, so that last_run is null")
	restrictOption(flags, "latency", &options.Latency, func(o *emulator.Options, given time.Duration) { o.Latency = given })
	restrictOption(flags, "jitter", &options.Jitter, func(o *emulator.Options, given time.Duration) { o.Jitter = given })
	restrictOption(flags, "refuse", &options.Refuse, func(o *emulator.Options, given string) { o.Refuse = given })
}

// emulatorLimits contains the values of the flags for limits, such as requests per minute.
type emulatorLimits struct {
	perMinute, concurrent, runs, pages, credits int
}

func (l *emulatorLimits) addTo(flags *pflag.FlagSet) {
	flags.IntVar(&l.perMinute, "limit-per-min", 0, "maximum requests per minute for each key (default: no limit)")
	flags.IntVar(&l.concurrent, "max-concurrent", 0, "maximum concurrent requests per key (default: no limit)")
	flags.IntVar(&l.runs, "runs-per-month", 0, "maximum runs per key in 30 days (default: no limit)")
	flags.IntVar(&l.pages, "pages-per-run", 0, "maximum pages per run (default: no limit)")
	flags.IntVar(&l.credits, "credits", 0, "initial credits of a key (default: 1000000)")
	for _, limit := range l.all() {
		restrictOption(flags, limit.flag, limit.value, func(o *emulator.Options, given int) { *limit.option(o) = optional.Some(given) })
	}
}

// emulatorLimit is a command-line flag that sets a limit of the emulated service, such as --pages-per-run.
type emulatorLimit struct {
	flag   string
	value  *int
	option func(o *emulator.Options) *optional.Value[int]
}

func (l *emulatorLimits) all() []emulatorLimit {
	return []emulatorLimit{
		{"limit-per-min", &l.perMinute, func(o *emulator.Options) *optional.Value[int] { return &o.LimitPerMin }},
		{"max-concurrent", &l.concurrent, func(o *emulator.Options) *optional.Value[int] { return &o.MaxConcurrent }},
		{"runs-per-month", &l.runs, func(o *emulator.Options) *optional.Value[int] { return &o.RunsPerMonth }},
		{"pages-per-run", &l.pages, func(o *emulator.Options) *optional.Value[int] { return &o.PagesPerRun }},
		{"credits", &l.credits, func(o *emulator.Options) *optional.Value[int] { return &o.Credits }},
	}
}

// apply copies the limits whose flags are on the command line to options. The other limits stay unset.
func (l *emulatorLimits) apply(flags *pflag.FlagSet, options *emulator.Options) {
	for _, limit := range l.all() {
		if flags.Changed(limit.flag) {
			*limit.option(options) = optional.Some(*limit.value)
		}
	}
}

func newEmulator(c *cobra.Command, options emulator.Options) (*emulator.Emulator, error) {
	service, err := emulator.New(options)
	if err != nil {
		return nil, usageError{text: err.Error(), command: c.CommandPath()}
	}
	return service, nil
}

// serveEmulator serves the emulator on an address until ctx ends.
func (p *program) serveEmulator(ctx context.Context, address string, service *emulator.Emulator) error {
	listener, err := listen(ctx, address)
	if err != nil {
		return err
	}
	if bound, ok := listener.Addr().(*net.TCPAddr); ok && !bound.IP.IsLoopback() {
		p.say("other machines can reach the emulator: use --addr 127.0.0.1:8080 to prevent that")
	}
	server := newServer(service)
	server.ErrorLog = log.New(sayWriter(p.say), "", 0)
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(service.Listener(listener)) }()
	_, err = io.WriteString(p.Stdout, "listening on "+serviceURL(listener)+"\n")
	if err := report.WriteError(err); err != nil && !errors.Is(err, report.ErrClosedPipe) {
		_ = server.Close()
		return err
	}
	select {
	case err := <-failed:
		return fmt.Errorf("the emulator stopped: %w", err)
	case <-ctx.Done():
		stopServer(server)
		return nil
	}
}

func listen(ctx context.Context, address string) (net.Listener, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err != nil {
		reason := err
		if opError, ok := errors.AsType[*net.OpError](err); ok {
			reason = opError.Err
		}
		return nil, &run.Problem{
			Kind:     run.ProblemInput,
			Summary:  text.NewText(fmt.Sprintf("cannot listen on %s (%v)", address, reason)),
			NextStep: text.NewText("use another address, such as --addr 127.0.0.1:0"),
			Cause:    err,
		}
	}
	return listener, nil
}

func serviceURL(listener net.Listener) string { return "http://" + listener.Addr().String() + "/v1" }

// newServer returns a server with timeouts, because clients under test may leave connections open. The log of the
// server is discarded, because it would otherwise appear on the dashboard.
func newServer(handler http.Handler) *http.Server {
	return &http.Server{
		Handler:        handler,
		ErrorLog:       log.New(io.Discard, "", 0),
		ReadTimeout:    10 * time.Second,
		IdleTimeout:    2 * time.Minute,
		MaxHeaderBytes: 64 << 10,
		// The handler itself answers "OPTIONS *".
		DisableGeneralOptionsHandler: true,
	}
}

// sayWriter is a writer that passes each line of a log to a function.
type sayWriter func(line string)

// Write passes the text to the function, without white space around it. It never fails.
func (say sayWriter) Write(text []byte) (int, error) {
	say(strings.TrimSpace(string(text)))
	return len(text), nil
}

// stopServer shuts a server down. It waits up to half of shutdownTimeout for requests in progress.
func stopServer(server *http.Server) {
	ctx, cancel := context.WithTimeout(context.Background(), shutdownTimeout/2)
	defer cancel()
	if server.Shutdown(ctx) != nil {
		_ = server.Close()
	}
}

// recipeList returns the emulator's recipes for the help, one per line.
func recipeList() string {
	var b strings.Builder
	for _, r := range emulator.Recipes() {
		fmt.Fprintf(&b, "  %-11s  %3d %-5s  %6d items  %3.0f s   %s\n",
			r.ID, r.Pages, plural("page", r.Pages), r.Items, r.Duration.Seconds(), r.Summary)
	}
	return strings.TrimRight(b.String(), "\n")
}

// refusalList returns the recipes whose dispatch the emulator refuses, one per line.
func refusalList() string {
	var b strings.Builder
	for _, r := range emulator.Refusals() {
		fmt.Fprintf(&b, "  %-11s  %d %s\n", r.RecipeID, r.Status, r.Code)
	}
	return strings.TrimRight(b.String(), "\n")
}

func plural(noun string, n int) string {
	if n == 1 {
		return noun
	}
	return noun + "s"
}
