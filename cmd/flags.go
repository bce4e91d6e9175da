package cmd

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"sbwatch/api"
	"sbwatch/api/wire"
	"sbwatch/model/watch"
	"sbwatch/report"
)

// The environment variables of this program. Flags win over them.
const (
	keyVariable     = "WEBSCRAPE_API_KEY"
	baseURLVariable = "WEBSCRAPE_BASE_URL"
)

// serviceFlags say which service to talk to, and with which key.
type serviceFlags struct {
	baseURL  string
	keyFile  string
	insecure bool
}

func (f *serviceFlags) addTo(c *cobra.Command) {
	c.Flags().Var(checkedValue{&f.baseURL, kindURL, isFilled}, "base-url", "where the service is (or "+baseURLVariable+"; default "+api.DefaultBaseURL+")")
	c.Flags().Var(checkedValue{&f.keyFile, kindFile, isFilled}, "api-key-file", "read the API key from this file, which nobody else should be able to read (default: "+keyVariable+")")
	c.Flags().BoolVar(&f.insecure, "insecure", false, "allow plain HTTP to another machine, which shows the key to everyone on the way")
}

// options are the flags as they were given, for a command that is suggested to the user.
func (f *serviceFlags) options() []string {
	var options []string
	if f.baseURL != "" {
		options = append(options, "--base-url", f.baseURL)
	}
	if f.keyFile != "" {
		options = append(options, "--api-key-file", f.keyFile)
	}
	if f.insecure {
		options = append(options, "--insecure")
	}
	return options
}

// client makes the client that the flags and the environment describe, within limits. It does not connect yet.
func (p *program) client(ctx context.Context, f serviceFlags, limits wire.Limits) (*api.Client, error) {
	key, err := p.readKey(ctx, f.keyFile)
	if err != nil {
		return nil, err
	}
	baseURL := f.baseURL
	if baseURL == "" {
		baseURL = p.getenv(baseURLVariable)
	}
	client, err := api.New(api.Options{
		BaseURL:       baseURL,
		Key:           key,
		UserAgent:     userAgent(),
		AllowInsecure: f.insecure,
		Limits:        limits,
		Now:           p.Now,
	})
	if err != nil && report.OutcomeOfError(err) != report.KeyRefused {
		return nil, usageError{text: err.Error()}
	}
	return client, err
}

func userAgent() string { return "sbwatch/" + version() }

// watchFlags say how to watch a run.
type watchFlags struct {
	interval time.Duration
	timeout  time.Duration
	plain    bool
	json     bool
	yes      bool
	limits   limitFlags
}

// leastInterval keeps a slip of the finger from flooding the service.
const leastInterval = watch.MinInterval

func (f *watchFlags) addTo(c *cobra.Command) {
	f.addWaitTo(c)
	c.Flags().BoolVarP(&f.yes, "yes", "y", false, "ask nothing")
	f.addOutputTo(c)
}

// addWaitTo adds how to wait for a run.
func (f *watchFlags) addWaitTo(c *cobra.Command) {
	c.Flags().DurationVar(&f.interval, "interval", defaultInterval, "pause between an answer and the next poll, from "+leastInterval.String())
	c.Flags().DurationVar(&f.timeout, "timeout", 0, "stop watching after so long, with exit code 124 (default: never)")
	f.limits.addTo(c)
}

func (f *watchFlags) addOutputTo(c *cobra.Command) {
	c.Flags().BoolVar(&f.plain, "plain", false, "write lines instead of the dashboard (as where standard output is no terminal)")
	c.Flags().BoolVar(&f.json, "json", false, "write a JSON object a line for each change, without the items")
}

// limit ends ctx when the timeout has passed, if there is one.
func (f *watchFlags) limit(ctx context.Context) (context.Context, context.CancelFunc) {
	if f.timeout <= 0 {
		return context.WithCancel(ctx)
	}
	return context.WithTimeoutCause(ctx, f.timeout, report.ErrTimeout)
}

// check refuses values that make no sense.
func (f *watchFlags) check(c *cobra.Command) error {
	switch {
	case f.interval < leastInterval:
		return usageError{text: fmt.Sprintf("--interval %v is too short: give %v or more", f.interval, leastInterval), command: c.CommandPath()}
	case c.Flags().Changed("timeout") && f.timeout <= 0:
		return usageError{text: fmt.Sprintf("--timeout %v is no time: give more than 0, or no --timeout", f.timeout), command: c.CommandPath()}
	default:
		return nil
	}
}
