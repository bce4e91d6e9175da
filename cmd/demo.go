package cmd

import (
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"sbwatch/api"
	"sbwatch/api/emulator"
	"sbwatch/cmd/flagvalue"
	"sbwatch/cmd/nights"
	"sbwatch/cmd/notifying"
	"sbwatch/cmd/webhookcmd"
	"sbwatch/config"
	"sbwatch/model/text"
	"sbwatch/model/watch"
	"sbwatch/report"
)

const demoHelp = `Watch a run of the built-in emulator. The emulator runs in this process, so the demo needs no API key and no network, and
costs nothing. The dashboard compares the run with 30 earlier runs of its recipe, one per night, in a temporary history.

Recipes (default: catalogue01; durations are for --speed 1):
`

// demoRecipe is the recipe that sbwatch demo runs by default. It shows most features of the dashboard.
const demoRecipe = "catalogue01"

// flakyRecipe is the recipe that sbwatch demo --many leaves out. The emulator answers some polls of its runs with a
// request to wait, and sbwatch would also wait before it polls the other runs.
const flakyRecipe = "flaky000001"

// demoRuns is the number of runs of sbwatch demo --many. The runs use the first recipes of the emulator and include
// every kind of run.
const demoRuns = 12

func (p *program) demoCommand() *cobra.Command {
	options := emulator.Options{Seed: 1}
	var flags watchFlags
	var isMany, delivers bool
	var hooks notifying.Flags
	c := &cobra.Command{
		Use:   "demo [flags] [RECIPE_ID | --many]",
		Short: "Try the dashboard with the built-in emulator: no key, no network, no cost",
		Args: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return nil
			}
			return oneArg("recipe id")(c, args)
		},
		RunE: func(c *cobra.Command, args []string) error {
			recipes := args
			isMany = isMany && (len(args) == 0 || flagvalue.IsGiven(c, "many"))
			switch {
			case isMany && len(args) > 0:
				return usageError{text: "--many takes no recipe id", command: c.CommandPath()}
			case isMany:
				recipes = slices.DeleteFunc(recipeIDs(), func(id string) bool { return id == flakyRecipe })[:demoRuns]
			case len(args) == 0:
				recipes = []string{demoRecipe}
			case !slices.Contains(recipeIDs(), args[0]):
				return usageError{text: fmt.Sprintf("the demo has no recipe %q", args[0]) + didYouMean(args[0], recipeIDs()), command: c.CommandPath()}
			}
			options.Now = p.Now
			flags.compute.begin(p, c)
			if slices.ContainsFunc(recipes, evolves) {
				options.EarlierRuns = nights.CountEvolving
			}
			deliveries, err := demoWebhook(c.Context(), delivers, &options)
			if err != nil {
				return err
			}
			defer deliveries.Close()
			service, err := newEmulator(c, options)
			if err != nil {
				return err
			}
			// The commands and URLs in the config file are not meant for the runs of a demo.
			atEnd := hooks.Settings(config.Notify{Terminal: p.config().Notify.Terminal})
			return runDemo(c.Context(), p, service, options, recipes, flags, atEnd, deliveries)
		},
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return recipeIDs(), cobra.ShellCompDirectiveNoFileComp
		},
	}
	withRecipes(c, demoHelp, func() string { return "" })
	flags.addTo(c)
	c.Flags().BoolVar(&isMany, "many", false, fmt.Sprintf("watch %d different runs at once", demoRuns))
	c.Flags().BoolVar(&delivers, "webhook", false, "let the emulator send a webhook delivery when a run ends, so that runs are polled less often")
	flagvalue.Specific(c, "webhook") // for run, watch and collect, it is an address to listen on
	addEmulatorFlags(c.Flags(), &options, 6)
	hooks.AddTo(c)
	return c
}

// demoWebhook opens a webhook on this machine, and sets options so that the emulator sends its deliveries to this
// webhook. It returns nil if the parameter delivers is false.
func demoWebhook(ctx context.Context, delivers bool, options *emulator.Options) (*webhookcmd.Hook, error) {
	if !delivers {
		return nil, nil //nolint:nilnil // none was asked for
	}
	hook, to, err := webhookcmd.OpenDemo(ctx)
	options.Webhook = to
	return hook, err
}

// evolves reports whether the results of a recipe change from one dispatch to the next.
func evolves(recipeID string) bool {
	return slices.ContainsFunc(emulator.Recipes(), func(r emulator.RecipeInfo) bool { return r.ID == recipeID && r.Evolves })
}

func recipeIDs() []string {
	var ids []string
	for _, r := range emulator.Recipes() {
		ids = append(ids, r.ID)
	}
	return ids
}

// runDemo serves the emulator on a local port and watches its runs.
func runDemo(ctx context.Context, p *program, service *emulator.Emulator, options emulator.Options, recipes []string, flags watchFlags, atEnd config.Notify, deliveries *webhookcmd.Hook) error {
	listener, err := listen(ctx, "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := newServer(service)
	go func() { _ = server.Serve(service.Listener(listener)) }()
	defer func() { _ = server.Close() }()
	client, err := api.New(api.Options{
		BaseURL:   serviceURL(listener),
		Key:       emulator.ExampleKey,
		UserAgent: userAgent(),
		Now:       p.Now,
		Limits:    p.limits(flags.limits, !p.usesDashboard(flags) && !flags.readsAloud() && !notifying.HasHooks(atEnd)),
	})
	if err != nil {
		return err
	}
	go service.Deliver(ctx)
	options.Webhook = nil // no deliveries for the runs of past nights
	s := session{service: client, flags: flags, suggest: report.Commands{Kind: report.ForDemo}, hook: deliveries}
	if flags.readsAloud() {
		s.rules = &ruleFlags{} // no rules, only findings
	}
	s.watch = watch.NewDispatchWatch(text.NewText(recipes[0]))
	for _, id := range recipes[1:] {
		s.more = append(s.more, watch.NewDispatchWatch(text.NewText(id)))
	}
	if p.usesDashboard(flags) || flags.readsAloud() {
		past := nights.Begin(ctx, nights.Options{
			Emulator: options, RecipeIDs: recipes, Host: "demo", Limits: p.limits(flags.limits, false), Now: p.Now(),
		})
		defer past.Close()
		s.history = past.Reader
	}
	s.hooks = startHooks(p, atEnd, client.Host(), s, false, p.say, nil)
	return p.watchRun(ctx, s)
}
