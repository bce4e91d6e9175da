package cmd

import (
	"cmp"
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
	"unicode/utf8"

	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"

	"sbwatch/api"
	"sbwatch/api/wire"
	"sbwatch/cmd/authcmd"
	"sbwatch/cmd/build"
	"sbwatch/cmd/flagvalue"
	"sbwatch/cmd/historycmd"
	"sbwatch/cmd/machine"
	"sbwatch/credentials"
	"sbwatch/files/read"
	"sbwatch/files/read/charset"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
	"sbwatch/monitor"
	"sbwatch/report"
)

// The environment variables that sbwatch reads. A flag overrides its variable.
const (
	keyVariable     = "WEBSCRAPE_API_KEY"
	baseURLVariable = "WEBSCRAPE_BASE_URL"
	// keyringVariable turns the keyring of the system off if its value is "off". It has no flag.
	keyringVariable = "SBWATCH_KEYRING"
)

// serviceFlags are the flags that select the service and the API key.
type serviceFlags struct {
	baseURL  string
	keyFile  string
	account  string
	insecure bool
}

func (f *serviceFlags) addURLTo(c *cobra.Command) {
	c.Flags().Var(checkedValue{&f.baseURL, kindURL, isNotBlank}, "base-url", "URL of the service (default: "+baseURLVariable+" or "+api.DefaultBaseURL+")")
	flagvalue.SetVariable(c, "base-url", baseURLVariable, false)
	flagvalue.Restrict(c.Flags(), "base-url", &f.baseURL, func(given string) string {
		if err := api.CheckBaseURL(given); err != nil {
			return "--base-url: " + err.Error()
		}
		return ""
	})
}

func (f *serviceFlags) addTo(c *cobra.Command) {
	f.addURLTo(c)
	c.Flags().Var(checkedValue{&f.keyFile, kindFile, isNotBlank}, "api-key-file", "read the API key from this file, which only you should be able to read (default: "+keyVariable+")")
	authcmd.AddAccountTo(c, &f.account)
	flagvalue.SetVariable(c, "api-key-file", keyVariable, true)
	flagvalue.SetVariable(c, "account", keyVariable, true)
	f.addInsecureTo(c)
}

func (f *serviceFlags) addInsecureTo(c *cobra.Command) {
	c.Flags().BoolVar(&f.insecure, "insecure", false, "allow plain HTTP to another machine, which exposes the API key on the network")
}

// options returns the flags on the command line as arguments. Commands that sbwatch suggests contain them.
func (f *serviceFlags) options() []string {
	var options []string
	if f.baseURL != "" {
		options = append(options, "--base-url", f.baseURL)
	}
	if f.keyFile != "" {
		options = append(options, "--api-key-file", f.keyFile)
	}
	if f.account != "" {
		options = append(options, "--account", f.account)
	}
	if f.insecure {
		options = append(options, "--insecure")
	}
	return options
}

// client returns a client for the service and the key that the flags or the environment select. The client has not
// connected yet.
func (p *program) client(ctx context.Context, f serviceFlags, limits wire.Limits) (*api.Client, error) {
	source := "account " + cmp.Or(f.account, credentials.Default)
	key, found, err := storedKey(p, f)
	if err == nil && !found {
		source = cmp.Or(f.keyFile, keyVariable)
		key, err = p.readKey(ctx, f.keyFile)
	}
	if err != nil {
		return nil, err
	}
	client, err := newClient(p, f, key, limits)
	if problem, ok := errors.AsType[*run.Problem](err); ok {
		problem.What = text.NewText(source)
	}
	return client, err
}

func newClient(p *program, f serviceFlags, key string, limits wire.Limits) (*api.Client, error) {
	p.key = strings.TrimSpace(key)
	client, err := api.New(api.Options{
		BaseURL:       p.baseURL(f),
		Key:           key,
		UserAgent:     userAgent(),
		AllowInsecure: f.insecure,
		Limits:        limits,
		Now:           p.Now,
	})
	if err != nil && report.OutcomeOfError(err) != report.KeyRefused {
		source := baseURLVariable
		if f.baseURL != "" {
			source = "--base-url"
		}
		return nil, usageError{text: source + ": " + err.Error()}
	}
	return client, err
}

// storedKey returns the stored key of the selected account. It returns false if no key is stored, or
// if the flags or the environment select another key.
func storedKey(p *program, f serviceFlags) (key string, found bool, err error) {
	if f.keyFile != "" || f.account == "" && p.getenv(keyVariable) != "" {
		return "", false, nil
	}
	return authProgram(p).Key(f.account, api.HostOf(p.baseURL(f)))
}

// baseURL returns the URL of the service from the flags or the environment, or "" for the default service.
func (p *program) baseURL(f serviceFlags) string {
	if f.baseURL != "" {
		return f.baseURL
	}
	return p.getenv(baseURLVariable)
}

func userAgent() string { return "sbwatch/" + build.Version() }

// watchFlags are the flags for watching runs.
type watchFlags struct {
	interval time.Duration
	timeout  time.Duration
	plain    bool
	json     bool
	screen   screenFlags
	yes      bool
	noMouse  bool
	compute  computeFlags
	limits   limitFlags
	// from is the value of --from, the name of a file of ids. budget holds the limits on requests. Only commands for
	// several runs have these flags.
	from   string
	budget monitor.Limits
}

// minInterval is the minimum of --interval. Without it, a typing error could flood the service with requests.
const minInterval = watch.MinInterval

func (f *watchFlags) addTo(c *cobra.Command) {
	f.addWaitTo(c)
	c.Flags().BoolVarP(&f.yes, "yes", "y", false, "do not ask for confirmation")
	f.addOutputTo(c)
}

// The default limits on requests for several runs, which are the limits of the smallest plan.
const (
	defaultPerMinute  = 60
	defaultConcurrent = 5
)

// addManyTo adds the flags for watching several runs. The parameter ids is the noun for the ids in the help of --from,
// such as "run ids".
func (f *watchFlags) addManyTo(c *cobra.Command, ids string) {
	c.Flags().Var(checkedValue{&f.from, kindFile, isNotBlank}, "from", "read "+ids+" from this file, one per line; # starts a comment; - is standard input")
	c.Flags().IntVar(&f.budget.PerMinute, "limit-per-min", defaultPerMinute, "maximum number of requests per minute; without this flag, a single run has no limit")
	c.Flags().IntVar(&f.budget.Concurrent, "max-concurrent", defaultConcurrent, "maximum number of requests at once; without this flag, a single run has no limit")
	flagvalue.AtLeast(c.Flags(), "limit-per-min", &f.budget.PerMinute, 1)
	flagvalue.AtLeast(c.Flags(), "max-concurrent", &f.budget.Concurrent, 1)
}

// addWaitTo adds the flags for waiting for a run: --interval and --timeout.
func (f *watchFlags) addWaitTo(c *cobra.Command) {
	c.Flags().DurationVar(&f.interval, "interval", defaultInterval, "pause between polls, at least "+minInterval.String())
	c.Flags().DurationVar(&f.timeout, "timeout", 0, "stop watching after this time, with exit code 124 (default: no limit)")
	flagvalue.Restrict(c.Flags(), "interval", &f.interval, func(given time.Duration) string {
		if given >= minInterval {
			return ""
		}
		return fmt.Sprintf("--interval %v is too short: use %v or more", given, minInterval)
	})
	flagvalue.Restrict(c.Flags(), "timeout", &f.timeout, func(given time.Duration) string {
		if given > 0 {
			return ""
		}
		return fmt.Sprintf("--timeout %v is too short: use more than 0, or omit --timeout", given)
	})
	f.limits.addTo(c)
}

// addOutputTo adds the flags that select the output: --plain, --json, --compute, --no-mouse and those of screenFlags.
func (f *watchFlags) addOutputTo(c *cobra.Command) {
	c.Flags().BoolVar(&f.plain, "plain", false, "write plain lines instead of the dashboard (default if standard output is not a terminal)")
	c.Flags().BoolVar(&f.json, "json", false, "write a line with a JSON object for each change, without the items")
	f.compute.addTo(c, computeHelp)
	c.Flags().BoolVar(&f.noMouse, "no-mouse", false, historycmd.NoMouse)
	f.screen.addTo(c)
}

// readsAloud reports whether to write sentences for a screen reader.
func (f *watchFlags) readsAloud() bool { return f.screen.reader && !f.json }

// screenFlags are the flags that adapt the dashboard to the terminal and to the user.
type screenFlags struct {
	ascii  bool
	still  bool
	reader bool
}

func (f *screenFlags) addTo(c *cobra.Command) {
	c.Flags().BoolVar(&f.ascii, "ascii", false, "draw the dashboard with ASCII characters only (default if the locale is not UTF-8)")
	c.Flags().BoolVar(&f.still, "no-motion", false, "redraw the dashboard only for new data and keys: no running clock and no animated progress")
	f.addReaderTo(c)
}

func (f *screenFlags) addReaderTo(c *cobra.Command) {
	c.Flags().BoolVar(&f.reader, "screen-reader", false, "write changes as full sentences, line by line, instead of showing the dashboard")
}

// limit returns a context that ends after the duration of --timeout. Without the flag, the context has no deadline.
func (f *watchFlags) limit(ctx context.Context) (context.Context, context.CancelFunc) {
	if f.timeout <= 0 {
		return context.WithCancel(ctx)
	}
	return context.WithTimeoutCause(ctx, f.timeout, report.ErrTimeout)
}

// noteLimits records whether the limits on requests are on the command line. Limits on the command line apply even to a
// single run. The default limits apply only to several runs.
func (f *watchFlags) noteLimits(c *cobra.Command) {
	f.budget.FromFirst = c.Flags().Changed("limit-per-min") || c.Flags().Changed("max-concurrent")
}

// checkedValue is the value of a flag that rejects invalid text. Most of these flags also reject empty text: in a
// script, empty text usually comes from an unset variable, and the default, such as the URL of the real service, could
// do harm.
type checkedValue struct {
	text  *string
	kind  string // kind of the value, such as kindURL
	valid func(text string) bool
}

// The placeholders for values in the help, such as "url" in "--base-url url".
const (
	kindURL     = "url"
	kindFile    = "file"
	kindID      = "id"
	kindAddress = "host:port"
	kindSize    = "size"
	// Placeholders for the values of readingFlags.
	kindEncoding  = "encoding"
	kindDelimiter = "delimiter"
	kindPath      = "path"
)

// errInvalid is the error for invalid text. Users never see it, because flagError writes another message, such as
// '--from "" is not a file name'.
var errInvalid = errors.New("invalid value")

// Set sets the value to text. It returns errInvalid if text is invalid.
func (v checkedValue) Set(text string) error {
	if !v.valid(text) {
		return errInvalid
	}
	*v.text = text
	return nil
}

// String returns the current value.
func (v checkedValue) String() string {
	if v.text == nil {
		return ""
	}
	return *v.text
}

// Type returns the placeholder for the value in the help.
func (v checkedValue) Type() string { return v.kind }

func isNotBlank(text string) bool { return strings.TrimSpace(text) != "" }

// isListenAddress reports whether text has the form host:port.
func isListenAddress(text string) bool {
	_, port, err := net.SplitHostPort(text)
	if err != nil {
		return false
	}
	_, err = strconv.ParseUint(port, 10, 16)
	return err == nil
}

// readingFlags are the flags that say how to read a file. A property that the user does not set is guessed from the
// file.
type readingFlags struct {
	encoding  string
	delimiter byte
	toWrite   bool // --delimiter describes the CSV file to write; it is used for reading only if it fits
	header    bool
	noHeader  bool
	at        string
	// atPlace and delimiterPlace are where the config file sets --at and --delimiter, such as "config.toml: line 3".
	// Each is empty if the config file does not set its flag. A default from the config file is used only for files
	// that it fits.
	atPlace, delimiterPlace string
}

func (f *readingFlags) addTo(c *cobra.Command) {
	c.Flags().Var(checkedValue{&f.encoding, kindEncoding, charset.IsKnown}, "encoding", "encoding of the text, such as utf-8, windows-1252, utf-16le or shift_jis (default: guessed)")
	c.Flags().Var((*delimiterValue)(&f.delimiter), "delimiter", `character that separates the fields of CSV, such as ";", or "tab" (default: guessed)`)
	c.Flags().BoolVar(&f.header, "header", false, "the first line of CSV is its header (default: guessed)")
	c.Flags().BoolVar(&f.noHeader, "no-header", false, "CSV has no header: name the columns column 1, column 2 and so on")
	flagvalue.Exclude(c, "header", "no-header")
	c.PreRunE = func(c *cobra.Command, _ []string) error {
		if f.header && f.noHeader {
			return usageError{text: "--header and --no-header cannot be used together", command: c.CommandPath()}
		}
		f.atPlace, f.delimiterPlace = flagvalue.Place(c, "at"), flagvalue.Place(c, "delimiter")
		return nil
	}
	c.Flags().Var(checkedValue{&f.at, kindPath, isNotBlank}, "at", "path of the list of items in JSON, such as data.list (default: guessed)")
}

// options returns the options for reading a file. name is the name of the file.
func (f *readingFlags) options(name text.Text, limits wire.Limits) read.Options {
	o := read.Options{Name: name.Raw(), Limits: limits, Encoding: f.encoding, Delimiter: f.delimiter, DelimiterFits: f.toWrite || f.delimiterPlace != "", At: f.at, AtPlace: f.atPlace}
	switch {
	case f.header:
		o.Header = read.HeaderPresent
	case f.noHeader:
		o.Header = read.HeaderAbsent
	}
	return o
}

// forRecord returns the flags for reading a recorded run: without the default of --at, which is for files.
func (f readingFlags) forRecord() readingFlags {
	if f.atPlace != "" {
		f.at = ""
	}
	return f
}

// delimiterValue is the value of a flag for the delimiter of a CSV file.
type delimiterValue byte

// errDelimiter is the error for an invalid delimiter. Users never see it, because flagError writes the message.
var errDelimiter = errors.New("invalid delimiter")

// Set sets the delimiter to text, which is one character, "tab" or "\t".
func (v *delimiterValue) Set(text string) error {
	if text == "tab" || text == `\t` {
		text = "\t"
	}
	if len(text) != 1 || text[0] >= utf8.RuneSelf || strings.ContainsAny(text, "\"\r\n\\\x00") {
		return errDelimiter
	}
	*v = delimiterValue(text[0])
	return nil
}

// String returns the delimiter, or "" if it is not set.
func (v *delimiterValue) String() string {
	switch *v {
	case 0:
		return ""
	case '\t':
		return "tab"
	default:
		return string(rune(*v))
	}
}

// Type returns the placeholder for the value in the help.
func (v *delimiterValue) Type() string { return kindDelimiter }

// limitFlags are the flags that limit the size of answers and files, in bytes. 0 stands for the default on this
// machine.
type limitFlags struct{ body, memory int64 }

// The minimum limits that the flags accept, in bytes. A lower limit would not leave room for a single item.
const (
	minBody   = 1 << 10
	minMemory = 16 << 20
)

func (f *limitFlags) addTo(c *cobra.Command) {
	c.Flags().Var(&sizeValue{&f.body, minBody}, "max-body",
		"read at most this much of an answer or a file, after decompression (default: the machine's memory, up to 4GB)")
	c.Flags().Var(&sizeValue{&f.memory, minMemory}, "max-memory",
		"approximate memory limit for items; items beyond it are counted but not kept (default: half of the machine's memory)")
}

// maxDefaultBody limits the default of --max-body, in bytes. Decompressing more takes many seconds.
const maxDefaultBody = 4_000_000_000

// forMachine returns the limits for a machine with the given memory in bytes. countOnly is true for commands that only
// count the items.
func (f limitFlags) forMachine(memory int64, countOnly bool) wire.Limits {
	limits := wire.Limits{Body: f.body, Memory: f.memory, CountOnly: countOnly}
	if limits.Body == 0 {
		limits.Body = min(memory, maxDefaultBody)
	}
	if limits.Memory == 0 {
		limits.Memory = max(minMemory, memory/2)
	}
	return limits
}

// limits returns the limits on the size of answers and items for a command, and sets the memory limit of the Go runtime
// to match. countOnly is true for commands that only count the items.
func (p *program) limits(f limitFlags, countOnly bool) wire.Limits {
	limits := f.forMachine(machine.Memory(os.DirFS("/")), countOnly)
	if p.getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(limits.Memory)
	}
	return limits
}

// sizeValue is the value of a flag for a number of bytes, such as 500MB or 1GiB.
type sizeValue struct {
	bytes *int64
	min   int64
}

// errSize is the error for an invalid size. Users never see it, because flagError writes the message.
var errSize = errors.New("invalid size")

// Set sets the size to text, such as "500MB".
func (v *sizeValue) Set(text string) error {
	bytes, err := humanize.ParseBytes(text)
	if err != nil || bytes > math.MaxInt64 || int64(bytes) < v.min {
		return errSize
	}
	*v.bytes = int64(bytes)
	return nil
}

// String returns the size, or "" if it is not set.
func (v *sizeValue) String() string {
	if v.bytes == nil || *v.bytes == 0 {
		return ""
	}
	return humanize.Bytes(uint64(*v.bytes))
}

// Type returns the placeholder for the value in the help.
func (v *sizeValue) Type() string { return kindSize }
