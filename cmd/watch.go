package cmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"sbwatch/api"
	"sbwatch/cmd/notifying"
	"sbwatch/cmd/recording"
	"sbwatch/cmd/tty"
	"sbwatch/cmd/webhookcmd"
	"sbwatch/config"
	"sbwatch/follow"
	"sbwatch/model/baseline"
	"sbwatch/model/profile"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
	"sbwatch/monitor"
	"sbwatch/notify/webhook"
	"sbwatch/report"
	"sbwatch/ui"
)

func (p *program) watchCommand() *cobra.Command {
	return p.newWatchCommand(watchCommandSpec{
		use:   "watch [flags] RUN_ID...|-",
		short: "Watch runs until they end, then browse their items",
		long: `Watch a run until it ends, then browse its items. Polling is free. Leaving does not stop the run.

If standard output is not a terminal, watch writes a line for each change, and repeats the state every 30 s.

` + manyHelp + "\n\n" + itemsHelp() + webhookHelp + hooksHelp,
		example: "  sbwatch watch k7Xb9dRmQ2p\n  sbwatch watch --json --timeout 15m k7Xb9dRmQ2p | jq .items_extracted\n" +
			"  sbwatch watch --from nightly.txt --check",
		arg:      "run id",
		kind:     run.IDOfRun,
		newWatch: watch.NewWatch,
	})
}

// itemsHelp returns the part of the help about the flag --compute.
func itemsHelp() string {
	return "--compute adds columns to the items. Rules can use them: --compute 'unit = price / size' --coverage unit=0.9\n" + formulaHelp() + "\n\n"
}

// manyHelp is the part of the help about watching several runs.
const manyHelp = `More ids can come from a file (--from FILE) or from standard input (-), one per line. All runs share one budget of requests:
--limit-per-min and --max-concurrent, or less if the service says so. The exit code is that of the worst run. From worst
to best: 2, 4, 1, 3, 124, 0.`

// hooksHelp is the part of the help about the flags --exec and --post.
const hooksHelp = `

When a run ends, --exec runs a command line in the shell, with the facts in its environment: SBWATCH_RUN_ID, _RECIPE_ID,
_HOST, _STATUS (completed, failed, cancelled, not_started, lost or unknown), _ERROR, _PAGES, _ITEMS, _CREDITS, _DRIFT,
_ELAPSED_SECONDS, _WARNINGS, _FINDINGS, _CHECK (ok, warn, fail or error), _CHECK_ERROR, _RULES, _RULES_BROKEN, _BROKEN,
_ADVICE, and _SUMMARY, a line for people. A fact that is not known is empty. The command may take a minute. --post sends
the same as JSON. sbwatch waits for both before it exits.`

// webhookHelp is the part of the help about the flag --webhook.
const webhookHelp = `With --webhook, sbwatch receives the deliveries that the service sends when a run of a recipe with a webhook ends. It polls
the run of each delivery at once. While deliveries arrive, it polls all other runs a fifth as often, but at least every 30 s.
Deliveries must contain a secret, from ` + webhook.SecretVariable + ` or --webhook-secret-file: see sbwatch webhook --help.`

// watchCommandSpec describes the differences between the commands run and watch.
type watchCommandSpec struct {
	use, short, long, example string
	arg                       string // name of the argument, such as RUN_ID
	kind                      run.IDKind
	newWatch                  func(id text.Text) watch.Watch
	costs                     bool // whether the command dispatches runs, which costs credits
}

// newWatchCommand returns a command that watches runs and optionally checks their items.
func (p *program) newWatchCommand(w watchCommandSpec) *cobra.Command {
	var service serviceFlags
	var flags watchFlags
	var rules ruleFlags
	var history historyFlags
	var hooks notifying.Flags
	var hook webhookcmd.Flags
	c := &cobra.Command{
		Use: w.use, Short: w.short, Long: w.long, Example: w.example,
		RunE: func(c *cobra.Command, args []string) error {
			flags.noteLimits(c)
			flags.compute.begin(p, c)
			rules.compute = flags.compute
			listing, endListing := flags.limit(c.Context())
			ids, err := idsOf(listing, p, c, args, flags, w)
			endListing()
			if err != nil {
				return err
			}
			records, atEnd := recordsRuns(p, history), hooks.Settings(p.config().Notify)
			client, err := p.prepare(c.Context(), service, flags, &rules, records || notifying.HasHooks(atEnd))
			if err != nil {
				return err
			}
			s := session{service: client, watch: w.newWatch(ids[0]), flags: flags, rules: &rules, tellCost: w.costs}
			s.suggest = report.Commands{Options: service.options()}
			if s.hook, err = hook.Open(c.Context(), c, webhookProgram(p)); err != nil {
				return err
			}
			defer s.hook.Close()
			for _, id := range ids[1:] {
				s.more = append(s.more, w.newWatch(id))
			}
			if w.costs && !flags.yes && p.canAsk() {
				if err := p.confirm(c.Context(), client, &s.watch, ids); err != nil {
					return err
				}
				s.tellCost = false
				s.askedAt = p.Now()
			}
			if records {
				s.recording = startRecording(p, client.Host(), s)
			}
			if reader := historyReader(p, history, client.Host(), flags.limits); reader != nil {
				defer reader.Close()
				s.history, s.expected = reader, reader.Duration
			}
			s.hooks = startHooks(p, atEnd, client.Host(), s, !history.off, p.say, nil)
			return p.watchRun(c.Context(), s)
		},
		ValidArgsFunction: cobra.NoFileCompletions,
	}
	service.addTo(c)
	flags.addTo(c)
	flags.addManyTo(c, w.arg+"s")
	hook.AddTo(c)
	rules.addCheckTo(c)
	history.addTo(c, "do not record the run in the history")
	hooks.AddTo(c)
	return c
}

// maxIDs is the maximum size of a list of ids, in bytes.
const maxIDs = 1 << 20

// idsOf returns the ids from the arguments, the file of --from and standard input. It leaves out repeated ids, so that
// no recipe is dispatched twice.
func idsOf(ctx context.Context, p *program, c *cobra.Command, args []string, flags watchFlags, w watchCommandSpec) ([]text.Text, error) {
	var ids []text.Text
	for _, arg := range args {
		if strings.TrimSpace(arg) == "" {
			return nil, usageError{text: "the " + w.arg + " is empty", command: c.CommandPath()}
		}
		if arg != "-" {
			ids = append(ids, text.NewText(arg))
		}
	}
	lists := []string{flags.from}
	if slices.Contains(args, "-") {
		lists = append(lists, "-")
	}
	for _, name := range slices.Compact(lists) {
		listed, err := listedIDs(ctx, p, name, w)
		if err != nil {
			return nil, err
		}
		ids = append(ids, listed...)
	}
	if len(ids) == 0 {
		return nil, usageError{text: c.Name() + " needs a " + w.arg, command: c.CommandPath()}
	}
	var unique []text.Text
	for _, id := range ids {
		if !slices.Contains(unique, id) {
			unique = append(unique, id)
		}
	}
	if repeated := len(ids) - len(unique); repeated > 0 && w.costs {
		p.say(text.Counted(int64(repeated), "repeated recipe id") + " ignored: each recipe is dispatched once")
	}
	return unique, nil
}

// listedIDs returns the ids in a file, one per line. The name "-" stands for standard input. If the name is empty, it
// returns nil.
func listedIDs(ctx context.Context, p *program, name string, w watchCommandSpec) ([]text.Text, error) {
	if name == "" {
		return nil, nil
	}
	nextStep := "write one " + w.arg + " per line"
	list, err := readList(ctx, p, name, nextStep)
	if err != nil {
		return nil, err
	}
	listed, err := run.ParseIDs(list)
	var ids []text.Text
	for _, id := range listed {
		if id.Kind != run.IDOfAny && id.Kind != w.kind && err == nil {
			err = fmt.Errorf("line %d is not a %s", id.Line, w.arg)
		}
		ids = append(ids, id.ID)
	}
	if err == nil && len(ids) == 0 {
		err = errors.New("it contains no ids")
	}
	if err != nil {
		return nil, listProblem(name, nextStep, err)
	}
	return ids, nil
}

// readList reads a list of ids from a file. The name "-" stands for standard input.
func readList(ctx context.Context, p *program, name, nextStep string) (list []byte, err error) {
	if name == "-" {
		list, err = readStdin(ctx, p.Stdin, maxIDs)
	} else {
		list, _, err = readSmallFile(ctx, name, maxIDs)
	}
	switch {
	case ctx.Err() != nil:
		what := "the list " + name
		if name == "-" {
			what = "standard input"
		}
		return nil, sayIfLate(p, context.Cause(ctx), what)
	case err == nil && len(list) > maxIDs:
		err = errors.New("it is too large for a list of ids")
	}
	if err != nil {
		return nil, listProblem(name, nextStep, err)
	}
	return list, nil
}

// readStdin reads standard input. If it has more than limit bytes, readStdin reads limit+1 bytes. It stops waiting for
// input when ctx ends.
func readStdin(ctx context.Context, stdin io.Reader, limit int64) ([]byte, error) {
	type result struct {
		content []byte
		err     error
	}
	read := make(chan result, 1)
	go func() {
		content, err := io.ReadAll(io.LimitReader(stdin, limit+1))
		read <- result{content, err}
	}()
	select {
	case r := <-read:
		return r.content, r.err
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// sayIfLate returns err. If err says that the timeout has passed, sayIfLate tells the user what was not read in time.
func sayIfLate(p *program, err error, what string) error {
	if errors.Is(err, report.ErrTimeout) {
		p.say("the timeout passed before " + what + " was read")
	}
	return err
}

// listProblem returns the problem for a list that cannot be read or is invalid.
func listProblem(name, nextStep string, err error) error {
	what := "list " + name
	if name == "-" {
		what = "list of ids on standard input"
	}
	return &run.Problem{
		Kind: run.ProblemInput, What: text.NewText(what), Summary: text.NewText(fileTrouble(err)), NextStep: text.NewText(nextStep), Cause: err,
	}
}

// prepare reads the rules file and the API key, and returns a client. It finds as many errors as possible before a
// request costs credits. keepItems is true if the command needs the items even without a dashboard and rules, for
// example to record them.
func (p *program) prepare(ctx context.Context, service serviceFlags, flags watchFlags, rules *ruleFlags, keepItems bool) (*api.Client, error) {
	if err := readRules(ctx, p, flags, rules); err != nil {
		return nil, err
	}
	countOnly := !p.usesDashboard(flags) && !flags.readsAloud() && !rules.enabled() && !flags.compute.isGiven && !keepItems
	return connect(ctx, p, service, flags, countOnly)
}

// readRules reads the rules file.
func readRules(ctx context.Context, p *program, flags watchFlags, rules *ruleFlags) error {
	ctx, cancel := flags.limit(ctx)
	defer cancel()
	return sayIfLate(p, rules.read(ctx, p.config().Rules), rules.path)
}

// connect reads the API key and returns a client. countOnly is true for commands that only count the items.
func connect(ctx context.Context, p *program, service serviceFlags, flags watchFlags, countOnly bool) (*api.Client, error) {
	ctx, cancel := flags.limit(ctx)
	defer cancel()
	client, err := p.client(ctx, service, p.limits(flags.limits, countOnly))
	return client, sayIfLate(p, err, "the API key")
}

// session holds the runs to watch, and how to watch them.
type session struct {
	service ui.Service
	watch   watch.Watch
	more    []watch.Watch // runs to watch in addition to the first
	flags   watchFlags
	suggest report.Commands
	// tellCost is true if the user is not asked to confirm the cost. In that case, the cost is reported before the
	// dispatch.
	tellCost bool
	// askedAt is the time at which the usage was requested before the watch. This request counts toward the limit on
	// requests. askedAt is zero if there was no such request.
	askedAt time.Time
	// rules are the rules for the items of completed runs. If rules is nil, the items are not checked.
	rules *ruleFlags
	// quiet suppresses output about the run, because the command writes something else to standard output.
	quiet bool
	// recording records the runs. It is nil if the runs are not to be recorded.
	recording *recording.Recording
	// hooks sends the notifications when a run ends. It is nil if there are no notifications to send.
	hooks *notifying.Hooks
	// history provides recorded runs to the dashboard. It may be nil.
	history ui.History
	// expected returns how long the runs of a recipe usually take. It may be nil.
	expected func(ctx context.Context, recipe text.Text) (took time.Duration, known bool)
	// hook receives deliveries. It is nil if there is no webhook.
	hook *webhookcmd.Hook
}

// checks reports whether to check the items of completed runs. For a screen reader, the items are checked even without
// rules, because there is no dashboard that shows the findings.
func (s session) checks() bool { return s.rules != nil && (s.rules.enabled() || s.flags.readsAloud()) }

// checksRecipe reports whether the session checks the items of completed runs of a recipe.
func (s session) checksRecipe(recipe text.Text) bool {
	return s.checks() && (s.flags.readsAloud() || s.rules.enabledFor(recipe))
}

// watchRun watches runs in the dashboard or in plain mode, and sets the outcome that determines the exit code. After
// that, it checks the items of the runs, if the flags ask for checks.
func (p *program) watchRun(ctx context.Context, s session) error {
	if s.recording != nil {
		s.service = s.recording.Service(s.service)
		defer s.recording.Close(ctx)
	}
	if s.hooks != nil {
		defer s.hooks.Close(ctx)
	}
	if p.usesDashboard(s.flags) {
		watches, err := p.watchOnScreen(ctx, s)
		switch {
		case err != nil:
			return err
		case len(watches) == 1:
			return checkWatched(ctx, p, s, &watches[0])
		default:
			return checkMany(ctx, p, s, watches)
		}
	}
	watch, err := p.watchPlainly(ctx, s)
	if err != nil || len(s.more) > 0 {
		return err // the items of several runs were checked when each run ended
	}
	return checkWatched(ctx, p, s, watch)
}

// check returns the settings for checking the items of a run of a recipe.
func (s session) check(recipe text.Text) check {
	return check{rules: s.rules, compute: s.flags.compute, recipe: recipe, asJSON: s.flags.json, asSentences: s.flags.readsAloud()}
}

// checkWatched checks the items of the run if only one run was watched and the user has set rules.
func checkWatched(ctx context.Context, p *program, s session, watch *watch.Watch) error {
	switch {
	case p.outcome != report.Completed:
		return nil
	case !s.checksRecipe(watch.RecipeID()):
		return s.flags.compute.check(watch)
	}
	if incomplete := watch.Incomplete(); incomplete != nil {
		return incomplete // rules need all items
	}
	return p.checkItems(ctx, watch, s.check(watch.RecipeID()))
}

// checkMany checks the items of the completed runs, if the user has set rules.
func checkMany(ctx context.Context, p *program, s session, watches []watch.Watch) error {
	if !s.checks() && !s.flags.compute.isGiven {
		return nil
	}
	for i := range watches {
		if report.OutcomeOf(&watches[i], report.ErrLeft) != report.Completed {
			continue
		}
		outcome, err := checkOne(ctx, p, s, &watches[i])
		p.outcome = report.Worst(p.outcome, outcome)
		if err != nil {
			return err
		}
	}
	return nil
}

func (s session) screenConfig(service ui.Service) ui.Config {
	config := ui.Config{
		Watch:         s.watch,
		Service:       service,
		Interval:      s.flags.interval,
		Limits:        s.flags.budget,
		AskedAt:       s.askedAt,
		Timeout:       s.flags.timeout,
		ASCII:         s.flags.screen.ascii,
		Still:         s.flags.screen.still,
		QuitIfRefused: true,
		NoMouse:       s.flags.noMouse,
		History:       s.history,
		Computed:      s.flags.compute.onScreen(),
	}
	if s.checks() {
		config.Rules = s.rules.forRecipe
	}
	if s.hooks != nil {
		s.hooks.AddTo(&config)
	}
	if s.hook != nil {
		config.Webhook = s.hook
	}
	return config
}

// watchOnScreen watches runs in the dashboard. It returns the final states of all runs, including the runs that the
// user added in the dashboard. If there is one run and the service refuses it in its first answer, the dashboard does
// not open.
func (p *program) watchOnScreen(ctx context.Context, s session) ([]watch.Watch, error) {
	if len(s.more) > 0 {
		config := s.screenConfig(s.service)
		config.Watches = append([]watch.Watch{s.watch}, s.more...)
		return p.showDashboard(ctx, s.suggest, config)
	}
	service, stop := s.service, func() {}
	if s.suggest.Kind != report.ForDemo {
		var refusal *run.Problem
		service, stop, refusal = askFirst(ctx, s.service, &s.watch, p.Now)
		if refusal != nil {
			stop()
			s.refused(refusal)
			return nil, refusal
		}
	}
	defer stop()
	return p.showDashboard(ctx, s.suggest, s.screenConfig(service))
}

// refused starts the notifications for a run that the service refused in its first answer, before the dashboard opened.
func (s session) refused(problem *run.Problem) {
	w := s.watch
	switch {
	case s.hooks == nil:
		return
	case w.Over():
	case w.RunID().IsEmpty():
		w.DispatchFailed(problem)
	default:
		w.PollFailed(problem)
	}
	s.hooks.Ended(0, &w)
}

// startHooks starts the hooks for the runs of a session. host is the host of the service. If the parameter compares is
// true, the hooks compare each run with earlier runs in the history. The function say writes messages for the user. The
// function output writes what commands print, and may be nil.
func startHooks(p *program, settings config.Notify, host string, s session, compares bool, say, output func(string)) *notifying.Hooks {
	options := notifying.Options{
		Settings: settings, Host: host, Environ: p.childEnviron(), Getenv: p.getenv, UserAgent: userAgent(), Redact: p.withoutKey,
		Say: say, Output: output, Hold: p.usesDashboard(s.flags), Now: p.Now,
	}
	if s.rules != nil && s.rules.enabled() {
		options.Judge = s.rules.judging(func(run.Run, error) {}) // these errors are reported when the items are checked
	}
	if places := p.places(); compares && places.Known() {
		options.Compare = func(ctx context.Context, w *watch.Watch, found *profile.Profile) (baseline.Judgment, error) {
			run := recording.RunOf(w, found)
			if reason := report.NotCompared(&run); reason != "" {
				return baseline.Judgment{}, errors.New(reason)
			}
			return places.Compare(ctx, host, run)
		}
	}
	if tty.IsTerminal(p.Stderr) {
		options.Ring = func(sequence string) {
			p.sayMutex.Lock()
			defer p.sayMutex.Unlock()
			_, _ = io.WriteString(p.Stderr, sequence)
		}
	}
	return notifying.Start(options)
}

// withHooks returns a reporter that also calls the hooks when a run ends. If hooks is nil, it returns reporter
// unchanged.
func withHooks(reporter follow.Reporter, runs *monitor.Monitor, hooks *notifying.Hooks) follow.Reporter {
	if hooks == nil {
		return reporter
	}
	return hooks.Reporter(reporter, runs)
}

func webhookCommand(p *program) *cobra.Command { return webhookcmd.Command(webhookProgram(p)) }

// webhookProgram returns the functions and streams that a command with a webhook needs from the program.
func webhookProgram(p *program) webhookcmd.Program {
	return webhookcmd.Program{
		Stdout: p.Stdout, Say: p.say, Getenv: p.getenv, Now: p.Now,
		ReadSecret: func(ctx context.Context, file string) (string, error) {
			return readSecretFile(ctx, p, file, webhookSecret())
		},
		AddService: func(c *cobra.Command) func(ctx context.Context) (follow.Service, error) {
			var service serviceFlags
			service.addTo(c)
			return func(ctx context.Context) (follow.Service, error) {
				return p.client(ctx, service, p.limits(limitFlags{}, true))
			}
		},
		Limits: monitor.Limits{PerMinute: defaultPerMinute, Concurrent: defaultConcurrent, FromFirst: true}, Interval: defaultInterval,
		WrongUsage: func(text, command string) error { return usageError{text: text, command: command} },
	}
}
