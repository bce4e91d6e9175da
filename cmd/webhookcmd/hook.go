package webhookcmd

import (
	"context"
	"errors"
	"net"
	"time"

	"github.com/spf13/cobra"

	"sbwatch/cmd/flagvalue"
	"sbwatch/follow"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
	"sbwatch/monitor"
	"sbwatch/notify/webhook"
)

// Flags are the flags of commands that receive webhook deliveries.
type Flags struct {
	address            string
	certFile, keyFile  string
	secretFile, option string // option is the name of the flag for the address
}

// The names of the flags of a webhook, except the flag for its address.
const (
	certFlag   = "tls-cert"
	keyFlag    = "tls-key"
	secretFlag = "webhook-secret-file"
)

// AddTo adds the flags to a command for which the webhook is optional.
func (f *Flags) AddTo(c *cobra.Command) {
	f.option = "webhook"
	c.Flags().Var(value{&f.address, kindAddress, isAddress}, f.option, "receive the service's webhook deliveries on this address, so that runs are polled less often; "+
		"if the address has no host, only programs on this machine can send deliveries")
	f.addMoreTo(c)
	for _, name := range []string{certFlag, keyFlag, secretFlag} {
		flagvalue.Need(c, name, f.option)
	}
}

func (f *Flags) addMoreTo(c *cobra.Command) {
	c.Flags().Var(value{&f.certFile, kindFile, isNotBlank}, certFlag, "receive deliveries over TLS with the certificate in this PEM file")
	c.Flags().Var(value{&f.keyFile, kindFile, isNotBlank}, keyFlag, "PEM file of the private key of --"+certFlag)
	addSecretTo(c, &f.secretFile)
	flagvalue.Need(c, certFlag, keyFlag)
	flagvalue.Need(c, keyFlag, certFlag)
}

// addSecretTo adds the flag for the file with the secret.
func addSecretTo(c *cobra.Command, file *string) {
	c.Flags().Var(value{file, kindFile, isNotBlank}, secretFlag,
		"read the secret of deliveries from this file, which only you should be able to read (default: "+webhook.SecretVariable+")")
	flagvalue.SetVariable(c, secretFlag, webhook.SecretVariable, true)
}

// IsSet reports whether the flags ask for a webhook.
func (f *Flags) IsSet() bool { return f.address != "" }

// check returns a message about a mistake in the flags, or "" if there is none.
func (f *Flags) check() string {
	switch {
	case !f.IsSet() && (f.certFile != "" || f.keyFile != "" || f.secretFile != ""):
		return "--" + certFlag + ", --" + keyFlag + " and --" + secretFlag + " need --" + f.option
	case (f.certFile == "") != (f.keyFile == ""):
		return "--" + certFlag + " and --" + keyFlag + " need each other"
	default:
		return ""
	}
}

// Hook is an open webhook, which receives deliveries. A nil Hook is valid and receives nothing.
type Hook struct {
	receiver *webhook.Receiver
	server   *webhook.Server
	// served is canceled when the server stops. Its cause is the error of the server, if any.
	served context.Context
}

// Open opens the webhook that the flags describe, and tells the user its address. It returns nil if the flags do not
// ask for a webhook.
func (f *Flags) Open(ctx context.Context, c *cobra.Command, p Program) (*Hook, error) {
	if wrong := f.check(); wrong != "" {
		return nil, p.WrongUsage(wrong, c.CommandPath())
	}
	if !f.IsSet() {
		return nil, nil //nolint:nilnil // none was asked for
	}
	secret, err := f.secret(ctx, p)
	if err != nil {
		return nil, err
	}
	if err := webhook.CheckSecret(secret); err != nil {
		return nil, &run.Problem{
			Kind: run.ProblemInput, Summary: text.NewText(err.Error()),
			NextStep: text.NewText("set " + webhook.SecretVariable + " or use --" + secretFlag + " FILE; a good secret is the output of: openssl rand -hex 32"),
		}
	}
	h, err := open(ctx, secret, webhook.ServerOptions{Address: f.address, CertFile: f.certFile, KeyFile: f.keyFile})
	if err != nil && ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if err != nil {
		return nil, &run.Problem{
			Kind: run.ProblemInput, Summary: text.NewText("cannot receive deliveries on " + f.address + " (" + reasonOf(err) + ")"),
			NextStep: text.NewText("check the flags --" + f.option + ", --" + certFlag + " and --" + keyFlag), Cause: err,
		}
	}
	p.Say(h.greeting())
	return h, nil
}

func open(ctx context.Context, secret string, options webhook.ServerOptions) (*Hook, error) {
	receiver, err := webhook.New(webhook.Options{Secret: secret})
	if err != nil {
		return nil, err
	}
	server, err := webhook.Listen(ctx, receiver, options)
	if err != nil {
		return nil, err
	}
	served, stop := context.WithCancelCause(context.Background())
	go func() {
		err := server.Serve()
		if err != nil {
			err = &run.Problem{
				Kind: run.ProblemInput, Summary: text.NewText("the webhook stopped (" + reasonOf(err) + ")"),
				NextStep: text.NewText("start sbwatch again to receive deliveries"), Cause: err,
			}
		}
		stop(err)
	}()
	return &Hook{receiver: receiver, server: server, served: served}, nil
}

// secret returns the secret from the file or the environment, or "" if there is none.
func (f *Flags) secret(ctx context.Context, p Program) (string, error) {
	if f.secretFile == "" {
		return p.Getenv(webhook.SecretVariable), nil
	}
	return p.ReadSecret(ctx, f.secretFile)
}

func reasonOf(err error) string {
	if opError, ok := errors.AsType[*net.OpError](err); ok {
		return opError.Err.Error()
	}
	return err.Error()
}

// greeting returns a message that tells the user the address of the webhook and who can reach it.
func (h *Hook) greeting() string {
	where := "receiving deliveries on " + h.server.URL() + " (secret in the path or in " + webhook.SecretHeader + ")"
	switch {
	case !h.server.IsPublic():
		return where + ": only this machine can reach it"
	case h.server.IsSecure():
		return where + ": other machines can reach it"
	default:
		return where + ": other machines can reach it, and the secret crosses the network unencrypted: use --" + certFlag + " and --" + keyFlag
	}
}

// closeTimeout is how long Close waits for deliveries that have not arrived completely.
const closeTimeout = time.Second

// Close closes the webhook.
func (h *Hook) Close() {
	if h == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), closeTimeout)
	defer cancel()
	h.server.Close(ctx)
}

// Next waits for the next delivery and returns the id of its run. It returns an error if ctx is canceled, or a
// [*run.Problem] if the webhook has failed.
func (h *Hook) Next(ctx context.Context) (text.Text, error) {
	waiting, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(h.served, cancel)()
	delivery, err := h.receiver.Next(waiting)
	if err != nil && ctx.Err() == nil {
		err = context.Cause(h.served)
	}
	return delivery.RunID, err
}

// Counts returns the number of received deliveries, of repeated deliveries, of requests without the secret, and so on.
func (h *Hook) Counts() watch.Deliveries { return h.receiver.Counts() }

// Calls returns a channel of functions, or nil if h is nil. Each function tells m about one delivery. If the webhook
// fails, Calls writes the error with say, and sends a function that tells m that no more deliveries arrive.
func (h *Hook) Calls(ctx context.Context, m *monitor.Monitor, say func(message string)) <-chan follow.Call {
	if h == nil {
		return nil
	}
	calls := make(chan follow.Call)
	go func() {
		for {
			id, err := h.Next(ctx)
			call := func(now time.Time) []monitor.Event { m.Delivered(now, id); return nil }
			if err != nil && ctx.Err() == nil {
				say(err.Error())
				call = func(now time.Time) []monitor.Event { m.DeliveriesStopped(now); return nil }
			}
			select {
			case calls <- call:
			case <-ctx.Done():
				return
			}
			if err != nil {
				return
			}
		}
	}()
	return calls
}

// SayCounts tells the user the numbers of deliveries if there were problems with any delivery. The parameter confirmed
// holds the counts of the monitor, such as the number of confirmed deliveries.
func (h *Hook) SayCounts(say func(string), confirmed watch.Deliveries) {
	if h == nil {
		return
	}
	if counts := h.Counts().Plus(confirmed); counts.IsOdd() {
		say("webhook deliveries: " + counts.String())
	}
}
