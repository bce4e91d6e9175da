package cmd

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"

	"sbwatch/api"
	"sbwatch/api/wire"
	"sbwatch/cmd/machine"
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

// checkedValue is the value of a flag that refuses some texts, an empty one above all: in a script it comes from a variable
// that is not set, and must not stand for the default, which may be the real service.
type checkedValue struct {
	text *string
	kind string // one of those below
	ok   func(text string) bool
}

// The kinds of checked values, as the help shows them.
const (
	kindURL     = "url"
	kindFile    = "file"
	kindID      = "id"
	kindAddress = "host:port"
	kindSize    = "size"
)

// errUnfit is never shown: flagError words it by the kind.
var errUnfit = errors.New("unfit")

// Set takes a text that fits.
func (v checkedValue) Set(text string) error {
	if !v.ok(text) {
		return errUnfit
	}
	*v.text = text
	return nil
}

// String is the value.
func (v checkedValue) String() string {
	if v.text == nil {
		return ""
	}
	return *v.text
}

// Type is the kind of the value.
func (v checkedValue) Type() string { return v.kind }

func isFilled(text string) bool { return strings.TrimSpace(text) != "" }

// isListenAddress tells whether there may be a place to listen of that name.
func isListenAddress(text string) bool {
	_, port, err := net.SplitHostPort(text)
	if err != nil {
		return false
	}
	_, err = strconv.ParseUint(port, 10, 16)
	return err == nil
}

// limitFlags bound what an answer or a file may take. A limit of 0 is the default for this machine.
type limitFlags struct{ body, memory int64 }

// The least that the flags may ask for, in bytes: with less nothing can be read or shown.
const (
	minBody   = 1 << 10
	minMemory = 16 << 20
)

func (f *limitFlags) addTo(c *cobra.Command) {
	c.Flags().Var(&sizeValue{&f.body, minBody}, "max-body",
		"read at most this much of an answer or a file, after decompression (default: the machine's memory, at most 4GB)")
	c.Flags().Var(&sizeValue{&f.memory, minMemory}, "max-memory",
		"use at most about this much memory for items; further items are counted, not kept (default: half of the machine's memory)")
}

// maxDefaultBody bounds --max-body where it is not given: unpacking more takes many seconds.
const maxDefaultBody = 4_000_000_000

// of gives the limits on a machine with so much memory.
func (f limitFlags) of(machine int64, countOnly bool) wire.Limits {
	limits := wire.Limits{Body: f.body, Memory: f.memory, CountOnly: countOnly}
	if limits.Body == 0 {
		limits.Body = min(machine, maxDefaultBody)
	}
	if limits.Memory == 0 {
		limits.Memory = max(minMemory, machine/2)
	}
	return limits
}

// limits gives the limits of a command, and makes the garbage collector keep to them as far as it can. countOnly is for a
// command that needs no items.
func (p *program) limits(f limitFlags, countOnly bool) wire.Limits {
	limits := f.of(machine.Memory(os.DirFS("/")), countOnly)
	if p.getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(limits.Memory)
	}
	return limits
}

// sizeValue is the value of a flag that gives a number of bytes, such as 500MB or 1GiB.
type sizeValue struct {
	bytes *int64
	min   int64
}

// errSize is never shown: flagError words it by the kind.
var errSize = errors.New("no size")

// Set reads a size.
func (v *sizeValue) Set(text string) error {
	bytes, err := humanize.ParseBytes(text)
	if err != nil || bytes > math.MaxInt64 || int64(bytes) < v.min {
		return errSize
	}
	*v.bytes = int64(bytes)
	return nil
}

// String is the size; empty where none was given.
func (v *sizeValue) String() string {
	if v.bytes == nil || *v.bytes == 0 {
		return ""
	}
	return humanize.Bytes(uint64(*v.bytes)) //nolint:gosec // positive
}

// Type is the kind of the value.
func (v *sizeValue) Type() string { return kindSize }
