// Package collectcmd implements sbwatch collect.
package collectcmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"sbwatch/cmd/flagvalue"
	"sbwatch/cmd/notifying"
	"sbwatch/cmd/recording"
	"sbwatch/cmd/webhookcmd"
	"sbwatch/collect"
	"sbwatch/history"
	"sbwatch/model/item"
	"sbwatch/model/profile"
	"sbwatch/model/rules"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/monitor"
	"sbwatch/report"
	"sbwatch/ui"
)

// Program holds what the collect command needs from the rest of the program.
type Program struct {
	Stderr io.Writer
	// Places returns the location of the history. It is called when the command runs.
	Places func() recording.Places
	// Flags adds the flags that the command collect has in common with other commands. It returns a function that reads
	// these flags when the command runs.
	Flags func(c *cobra.Command) func(c *cobra.Command) (Session, error)
	// Address returns a [pflag.Value] that stores an address in value. Name returns a [pflag.Value] that stores a name,
	// which must not be blank.
	Address, Name func(value *string) pflag.Value
	// ReadList reads a list of ids from a file. The name "-" stands for standard input. ListProblem returns an error with
	// a next step for a list that cannot be read or is invalid.
	ReadList    func(ctx context.Context, name, nextStep string) ([]byte, error)
	ListProblem func(name, nextStep string, err error) error
	// Webhook holds what the webhook needs from the rest of the program.
	Webhook webhookcmd.Program
	// Redact removes secrets from text.
	Redact func(text string) string
	// Finish sets the outcome that determines the exit code.
	Finish func(outcome report.Outcome)
	// WrongUsage returns an error for a wrong command line. The error refers the user to the help of the given command,
	// such as "sbwatch run".
	WrongUsage func(text, command string) error
	Version    string
	Now        func() time.Time
}

// Session holds the values of the flags that the command collect has in common with other commands.
type Session struct {
	// Connect reads the API key and returns a client of the service and the host of the service.
	Connect func(ctx context.Context) (service ui.Service, host string, err error)
	// Limit returns a context that ends after Timeout, if that is set.
	Limit func(ctx context.Context) (context.Context, context.CancelFunc)
	// From is the name of the file with the list of runs and recipes. It is empty if there is no such file.
	From string
	// Yes allows dispatching recipes, which costs credits.
	Yes               bool
	Interval, Timeout time.Duration
	Limits            monitor.Limits
	// NewJudge returns a function that checks a run against the user's rules. It is nil if there are no rules. The
	// returned function calls ignored with the reason for each default from the config file that does not fit the items of
	// a run.
	NewJudge func(ignored func(r run.Run, reason string)) Judge
	// StartHooks starts the notifications for the end of each run. It calls the function say with each message, and the
	// function output with each line that the command of --exec prints.
	StartHooks func(host string, say, output func(string)) *notifying.Hooks
}

// Judge checks a run against the user's rules.
type Judge = func(ctx context.Context, r run.Run, p *profile.Profile, items item.Table) ([]rules.Verdict, error)

// flags are the flags that only the command collect has.
type flags struct {
	invocation, job string
	listen          string
	lease           time.Duration
	logFormat       string
	logLevel        slog.Level
	webhook         webhookcmd.Flags
}

// Default and limits of --lease. With these limits, another collector takes over within a minute if a collector dies.
const (
	defaultLease = 30 * time.Second
	minLease     = time.Second
	maxLease     = 40 * time.Second
)

const help = `Watch runs without a screen, for cron and systemd. collect dispatches the recipes of a list, watches the runs until they end,
records them in the history, and checks them against rules.

Each line of the list is "run ID" for a run to watch, or "recipe ID" for a recipe to dispatch. Dispatching costs credits, so it
needs --yes. Each recipe is dispatched once per invocation. After a restart, collect continues the invocation and dispatches
nothing twice. Each day is a new invocation, which dispatches the recipes again, unless --invocation gives a name.

Collectors with the same list and the same PostgreSQL history share the runs. If a collector dies, the others take over its
runs within a minute.

With --webhook and no list, collect records and checks each run for which the service sends a webhook delivery, until collect is
stopped. With a list, a delivery makes sbwatch poll the run at once. sbwatch webhook --help describes the secret that deliveries
need.

--compute adds columns that rules can use: see sbwatch check --help.

collect ends when all runs have ended. The exit code is that of the worst run. From worst to best: 2, 4, 1, 3, 124, 0.
Events are logged to standard error.`

// Command returns the collect command.
func Command(p Program) *cobra.Command {
	f := flags{lease: defaultLease, logFormat: "text"}
	c := &cobra.Command{
		Use:   "collect [flags] --from FILE|- | --webhook ADDRESS",
		Short: "Watch, record and check runs unattended, for cron and systemd",
		Long:  help,
		Example: "  sbwatch collect --from nightly.txt --yes --rules rules.toml\n" +
			"  sbwatch collect --from nightly.txt --yes --invocation \"$(date +%F-%H)\" --log-level warn\n" +
			"  sbwatch collect --from nightly.txt --yes --listen 127.0.0.1:9090 --log-format json",
		Args: func(c *cobra.Command, args []string) error {
			if len(args) > 0 {
				return p.WrongUsage("collect takes no arguments: put the ids in a list for --from", c.CommandPath())
			}
			return nil
		},
		ValidArgsFunction: cobra.NoFileCompletions,
	}
	shared := p.Flags(c)
	c.Flags().Var(p.Name(&f.invocation), "invocation", "name of this invocation; a recipe is dispatched only once per invocation (default: the date)")
	c.Flags().Var(p.Name(&f.job), "job", "name of the job that collectors share (default: the name of the list)")
	f.webhook.AddTo(c)
	c.Flags().Var(p.Address(&f.listen), "listen", "serve /healthz and /metrics (Prometheus) at this address")
	c.Flags().DurationVar(&f.lease, "lease", f.lease, "time after which other collectors take over the runs of a collector that does not respond")
	c.Flags().StringVar(&f.logFormat, "log-format", f.logFormat, "format of the log: text or json")
	flagvalue.Label(c.Flags(), "log-format", "format")
	flagvalue.OneOf(c.Flags(), "log-format", &f.logFormat, "text", "json")
	flagvalue.Restrict(c.Flags(), "lease", &f.lease, func(given time.Duration) string {
		if given >= minLease && given <= maxLease {
			return ""
		}
		return fmt.Sprintf("--lease %v is not between %v and %v", given, minLease, maxLease)
	})
	c.Flags().Var((*levelValue)(&f.logLevel), "log-level", "lowest level to log: debug, info, warn or error")
	c.RunE = func(c *cobra.Command, _ []string) error {
		if c.Flags().Lookup("from").Value.String() == "" && !f.webhook.IsSet() {
			return p.WrongUsage("nothing to collect: use --from FILE with a list of runs and recipes, or --webhook ADDRESS", c.CommandPath())
		}
		s, err := shared(c)
		if err != nil {
			return err
		}
		return p.collect(c, f, s)
	}
	return c
}

// levelValue is the value of the flag --log-level.
type levelValue slog.Level

// Set sets the level.
func (v *levelValue) Set(name string) error {
	if (*slog.Level)(v).UnmarshalText([]byte(name)) != nil {
		return flagvalue.Error(fmt.Sprintf("--log-level %q is not debug, info, warn or error", name))
	}
	return nil
}

// String returns the name of the level.
func (v *levelValue) String() string { return strings.ToLower(slog.Level(*v).String()) }

// Type returns "level", which the help shows as the placeholder for the value.
func (*levelValue) Type() string { return "level" }

// logger returns the logger for the values of --log-format and --log-level.
func (f *flags) logger(p Program) *slog.Logger {
	return collect.Logger(func(options *slog.HandlerOptions) slog.Handler {
		if f.logFormat == "json" {
			return slog.NewJSONHandler(p.Stderr, options)
		}
		return slog.NewTextHandler(p.Stderr, options)
	}, f.logLevel, p.Redact)
}

func (p Program) collect(c *cobra.Command, f flags, s Session) error {
	ctx := c.Context()
	list, err := p.list(ctx, c, s)
	if err != nil {
		return err
	}
	places := p.Places()
	if !places.Config.Enabled {
		return p.WrongUsage("the config file turns the history off, but the command collect needs it to store its state", c.CommandPath())
	}
	service, host, err := s.Connect(ctx)
	if err != nil {
		return err
	}
	opening, cancel := context.WithTimeout(ctx, openTimeout)
	defer cancel()
	tasks, err := places.OpenTasks(opening)
	if err != nil {
		return recording.Problem(err)
	}
	defer func() { _ = tasks.Close() }()
	log := f.logger(p)
	config := collect.Config{
		Tasks: tasks, Job: history.Job{Host: host, Name: f.jobName(s)}, Invocation: f.invocation,
		Today: p.Now().Format(time.DateOnly), List: list, Endless: len(list) == 0, Owner: owner(), Lease: f.lease,
		Interval: s.Interval, Limits: monitor.Limits{PerMinute: s.Limits.PerMinute, Concurrent: s.Limits.Concurrent, FromFirst: true}, Timeout: s.Timeout,
		Recorded: true, Rules: s.NewJudge != nil, Log: log, Metrics: collect.NewMetrics(p.Version), Now: p.Now, Jitter: rand.Float64,
	}
	program := p.Webhook
	program.Say = func(message string) { log.Info(message) }
	hook, err := f.webhook.Open(ctx, c, program)
	if err != nil {
		return err
	}
	defer hook.Close()
	return p.run(ctx, f, s, dependencies{service: service, host: host, places: places, hook: hook}, config)
}

// openTimeout is how long the command waits for an answer of the database before it fails.
const openTimeout = 20 * time.Second

// dependencies are what the method run needs in addition to the settings.
type dependencies struct {
	service ui.Service
	host    string // of the service
	places  recording.Places
	hook    *webhookcmd.Hook // nil if there is no webhook
}

// judge returns the function that checks runs against the user's rules, or nil if there are no rules.
func (s Session) judge(log *slog.Logger) Judge {
	if s.NewJudge == nil {
		return nil
	}
	return s.NewJudge(func(r run.Run, reason string) {
		log.Warn("default ignored", "run", r.ID.String(), "recipe", r.RecipeID.String(), "reason", reason)
	})
}

// run creates a collector and runs it, together with the server for metrics, the webhook and the notifications.
func (p Program) run(ctx context.Context, f flags, s Session, deps dependencies, config collect.Config) error {
	var server *collect.Server
	if f.listen != "" {
		var err error
		if server, err = p.listen(ctx, f.listen); err != nil {
			return err
		}
		defer server.Close()
		config.Log.Info("serving /healthz and /metrics", "url", "http://"+server.Address())
		if server.IsPublic() {
			config.Log.Warn("other machines can read the metrics: use a loopback address such as 127.0.0.1:9090 to prevent that")
		}
	}
	var collector *collect.Collector
	recorder := recording.Start(recording.Options{
		Places: deps.places, Host: deps.host, Judge: s.judge(config.Log), Say: func(message string) { config.Log.Warn(message) }, Now: p.Now, Interval: s.Interval,
		Finished: func(record *history.Record) { collector.Recorded(record) },
		Failed:   func(error) { config.Metrics.RecordFailed() },
	})
	defer recorder.Close(ctx)
	hooks := s.StartHooks(deps.host, func(message string) { config.Log.Warn(message) }, func(line string) { config.Log.Info(line) })
	defer hooks.Close(ctx)
	past := recording.Reader{OpenStore: deps.places.OpenExisting, Host: deps.host}
	defer past.Close()
	config.Expected = past.Duration
	config.Ended = func(e collect.Ending) { hooks.Ended(e.Key, e.Watch) }
	config.Service, config.Forget = recorder.Service(deps.service), recorder.Forget
	if deps.hook != nil {
		config.Received = deps.hook.Counts
	}
	watching, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	collector = collect.New(config)
	if server != nil {
		server.Serve(collector.Handler(p.Redact))
	}
	if deps.hook != nil {
		deliveries, end := context.WithCancel(ctx)
		defer end()
		go deliver(deliveries, deps.hook, collector, func(err error) {
			config.Log.Error(err.Error())
			collector.DeliveriesStopped()
			if config.Endless {
				stop(err) // runs arrive only with deliveries
			}
		})
	}
	outcome, err := collector.Run(watching)
	p.Finish(outcome)
	if failed, ok := errors.AsType[*run.Problem](context.Cause(watching)); ok && ctx.Err() == nil && err == nil {
		return failed
	}
	return recording.Problem(err)
}

// deliver passes webhook deliveries to the collector until ctx is canceled. If the webhook fails, deliver calls the
// function failed and returns.
func deliver(ctx context.Context, hook *webhookcmd.Hook, collector *collect.Collector, failed func(err error)) {
	for {
		id, err := hook.Next(ctx)
		if err != nil {
			if ctx.Err() == nil {
				failed(err)
			}
			return
		}
		collector.Deliver(id)
	}
}

// listen starts the server for /healthz and /metrics at an address.
func (p Program) listen(ctx context.Context, address string) (*collect.Server, error) {
	server, err := collect.Listen(ctx, address)
	if err != nil {
		return nil, &run.Problem{
			Kind: run.ProblemInput, Summary: text.NewText(fmt.Sprintf("cannot listen on %s (%s)", address, collect.ReasonOf(err))),
			NextStep: text.NewText("use another address, such as --listen 127.0.0.1:0"), Cause: err,
		}
	}
	return server, nil
}

// list returns the tasks in the file that --from names: the runs to watch and the recipes to run. It returns nil if
// --from is not set.
func (p Program) list(ctx context.Context, c *cobra.Command, s Session) ([]history.TaskKey, error) {
	if s.From == "" {
		return nil, nil
	}
	ctx, cancel := s.Limit(ctx)
	defer cancel()
	const nextStep = `write "run ID" or "recipe ID" on each line`
	content, err := p.ReadList(ctx, s.From, nextStep)
	if err != nil {
		return nil, err
	}
	keys, err := parseList(content)
	if err != nil {
		return nil, p.ListProblem(s.From, nextStep, err)
	}
	for _, key := range keys {
		if key.Kind == history.TaskRecipe && !s.Yes {
			return nil, p.WrongUsage("the list has recipes, and dispatching them costs credits: add --yes to allow it", c.CommandPath())
		}
	}
	return keys, nil
}

// parseList parses a list of tasks: runs to watch and recipes to run. It ignores lines that repeat a task.
func parseList(content []byte) ([]history.TaskKey, error) {
	listed, err := run.ParseIDs(content)
	if err != nil {
		return nil, err
	}
	var keys []history.TaskKey
	seen := map[history.TaskKey]bool{}
	for _, id := range listed {
		key := history.TaskKey{ID: id.ID.Raw()}
		switch id.Kind {
		case run.IDOfRun:
			key.Kind = history.TaskRun
		case run.IDOfRecipe:
			key.Kind = history.TaskRecipe
		case run.IDOfAny:
			return nil, fmt.Errorf("line %d does not say whether the id is of a run or a recipe", id.Line)
		}
		if !seen[key] {
			seen[key] = true
			keys = append(keys, key)
		}
	}
	if len(keys) == 0 {
		return nil, errors.New("it contains no ids")
	}
	return keys, nil
}

// jobName returns the name of the job. The default is the file name of the list, without its folder and extension.
func (f *flags) jobName(s Session) string {
	switch {
	case f.job != "":
		return f.job
	case s.From == "":
		return "webhook"
	case s.From == "-":
		return "stdin"
	default:
		name := filepath.Base(s.From)
		return strings.TrimSuffix(name, filepath.Ext(name))
	}
}

// owner returns a name for this collector that no other process has.
func owner() string {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	return fmt.Sprintf("%s/%d/%08x", host, os.Getpid(), rand.Uint32())
}
