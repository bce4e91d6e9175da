// Package webhookcmd implements sbwatch webhook. It also provides the webhook for the commands that watch runs.
package webhookcmd

import (
	"context"
	"io"
	"math/rand/v2"
	"time"

	"github.com/spf13/cobra"

	"sbwatch/follow"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
	"sbwatch/monitor"
	"sbwatch/report"
)

// Program holds what the webhook command needs from the rest of the program.
type Program struct {
	Stdout io.Writer
	// Say writes a line to standard error.
	Say    func(line string)
	Getenv func(name string) string
	Now    func() time.Time
	// ReadSecret reads the secret from a file.
	ReadSecret func(ctx context.Context, file string) (string, error)
	// AddService adds the flags that select the service to the command c. It returns a function that creates the
	// client.
	AddService func(c *cobra.Command) func(ctx context.Context) (follow.Service, error)
	// Limits are the limits on requests with --confirm.
	Limits   monitor.Limits
	Interval time.Duration
	// WrongUsage returns an error for a wrong command line. The error refers the user to the help of the given command,
	// such as "sbwatch run".
	WrongUsage func(text, command string) error
}

const help = `Receive the deliveries that the service sends when runs end, and write a line for each. In the service's dashboard, enter the URL
of this machine as the webhook of a recipe.

Deliveries are not signed. They need a secret of at least 16 characters that you choose. sbwatch reads the secret from
SBWATCH_WEBHOOK_SECRET or a file. A delivery has the secret at the end of the URL (https://example.com/SECRET) or in the header
X-Webhook-Secret. Even then, a delivery may be wrong. With --confirm and an API key, sbwatch polls each run once and writes its
state, too.

If --addr has no host, only programs on this machine, such as a reverse proxy or a tunnel, can send deliveries. With 0.0.0.0:8081 or
another address of this machine, other machines can send them, too; then use --tls-cert and --tls-key.

SIGINT and SIGTERM stop the command with exit code 0, after a line with the number of deliveries: received, repeated, forged,
malformed, too large and too slow ones.`

// Command returns the webhook command.
func Command(p Program) *cobra.Command {
	flags := Flags{option: "addr", address: "127.0.0.1:8081"}
	var asJSON, confirm bool
	var newClient func(ctx context.Context) (follow.Service, error)
	c := &cobra.Command{
		Use:   "webhook [flags]",
		Short: "Receive the service's webhook deliveries: a line for each run that ended",
		Long:  help,
		Example: "  SBWATCH_WEBHOOK_SECRET=$(cat secret) sbwatch webhook\n" +
			"  sbwatch webhook --addr 0.0.0.0:8443 --tls-cert cert.pem --tls-key key.pem --webhook-secret-file secret --json",
		Args: func(c *cobra.Command, args []string) error {
			if len(args) > 0 {
				return p.WrongUsage("webhook takes no arguments", c.CommandPath())
			}
			return nil
		},
		RunE: func(c *cobra.Command, _ []string) error {
			var client follow.Service
			if confirm {
				var err error
				if client, err = newClient(c.Context()); err != nil {
					return err
				}
			}
			hook, err := flags.Open(c.Context(), c, p)
			if err != nil {
				return err
			}
			defer hook.Close()
			return p.receive(c.Context(), hook, client, asJSON)
		},
		ValidArgsFunction: cobra.NoFileCompletions,
	}
	c.Flags().Var(value{&flags.address, kindAddress, isAddress}, flags.option, "address to listen on; port 0 selects a free port")
	flags.addMoreTo(c)
	c.Flags().BoolVar(&asJSON, "json", false, "write a line with a JSON object for each delivery")
	c.Flags().BoolVar(&confirm, "confirm", false, "after each delivery, poll the run once and write its state; needs an API key")
	newClient = p.AddService(c)
	return c
}

// receive writes a line for each delivery until ctx ends. It confirms each delivery by polling with client. If client
// is nil, it does not confirm deliveries.
func (p Program) receive(ctx context.Context, hook *Hook, client follow.Service, asJSON bool) error {
	signals := ctx
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	m := monitor.New(p.Interval, rand.Float64)
	m.Limit(p.Limits)
	inbox := inbox{
		lines: report.NewDeliveryLines(p.Stdout, asJSON), monitor: m, confirms: client != nil, stop: stop, say: p.Say, calls: make(chan follow.Call),
	}
	lines := report.Lines(report.NewPlainLines(p.Stdout))
	if asJSON {
		lines = report.NewJSONLines(p.Stdout)
	}
	driver := follow.Driver{
		Service: client, Monitor: m, Now: p.Now, Calls: inbox.calls, StaysOpen: func() bool { return true },
		Reporter: &report.Confirmations{Monitor: m, Lines: lines, Say: p.Say},
	}
	go inbox.passOn(ctx, hook)
	defer context.AfterFunc(hook.served, func() { stop(context.Cause(hook.served)) })()
	err := driver.Run(ctx)
	counts := hook.Counts().Plus(m.Deliveries())
	counts.Repeated += inbox.repeated
	p.Say("webhook deliveries: " + counts.String())
	if signals.Err() != nil {
		return nil
	}
	return err
}

// maxSeen is the number of runs that are remembered, to recognize repeated deliveries. maxConfirming is the maximum
// number of runs that wait for a poll.
const (
	maxSeen       = 10_000
	maxConfirming = 1_000
)

// inbox receives deliveries. For each delivery it sends a function to a channel. The goroutine that polls the runs
// receives the function from the channel and calls it. The function writes a line for the delivery.
type inbox struct {
	lines    *report.DeliveryLines
	monitor  *monitor.Monitor
	confirms bool
	stop     context.CancelCauseFunc
	say      func(string)
	calls    chan follow.Call

	seen     map[text.Text]struct{}
	order    []text.Text // the runs in seen, oldest first
	repeated int64
}

// passOn sends a function for each delivery to the channel of the inbox, until ctx ends.
func (i *inbox) passOn(ctx context.Context, hook *Hook) {
	for {
		delivery, err := hook.receiver.Next(ctx)
		if err != nil {
			return
		}
		select {
		case i.calls <- func(now time.Time) []monitor.Event { i.handle(now, delivery); return nil }:
		case <-ctx.Done():
			return
		}
	}
}

// handle writes a line for a delivery. With --confirm, it also adds the run to the monitor, which polls the run once.
func (i *inbox) handle(now time.Time, d run.Delivery) {
	isRepeated := i.isRepeated(d.RunID)
	if isRepeated {
		i.repeated++
	}
	if err := i.lines.Received(now, d, isRepeated); err != nil {
		i.stop(err)
		return
	}
	switch {
	case isRepeated || !i.confirms:
	case len(i.monitor.Keys()) >= maxConfirming:
		i.say("run " + d.RunID.String() + " is not confirmed: too many runs wait for confirmation")
	default:
		i.monitor.Add(now, watch.NewWatch(d.RunID))
		i.monitor.Delivered(now, d.RunID)
	}
}

// isRepeated reports whether this is not the first delivery for a run. It remembers the run for further calls.
func (i *inbox) isRepeated(id text.Text) bool {
	if _, isSeen := i.seen[id]; isSeen {
		return true
	}
	if i.seen == nil {
		i.seen = map[text.Text]struct{}{}
	}
	if len(i.order) == maxSeen {
		delete(i.seen, i.order[0])
		i.order = i.order[1:]
	}
	i.seen[id] = struct{}{}
	i.order = append(i.order, id)
	return false
}
