package webhookcmd

import (
	"context"
	"crypto/rand"
	"net/http"
	"net/textproto"
	"strings"

	"github.com/spf13/cobra"

	"sbwatch/api/emulator"
	"sbwatch/cmd/flagvalue"
	"sbwatch/notify/webhook"
)

// Sender holds the flags that make the emulator send a webhook delivery when a run ends.
type Sender struct {
	url        string
	headers    []string
	secretFile string
}

// AddTo adds the flags to a command.
func (s *Sender) AddTo(c *cobra.Command) {
	c.Flags().Var(value{&s.url, kindURL, isNotBlank}, "webhook", "post a webhook delivery to this URL when a run ends, and retry failed attempts like the service; "+
		webhook.SecretVariable+", if it is set, is sent in "+webhook.SecretHeader)
	flagvalue.Restrict(c.Flags(), "webhook", &s.url, func(given string) string {
		if err := (emulator.Options{Webhook: &emulator.Webhook{URL: given}}).Validate(); err != nil {
			return "--webhook: " + err.Error()
		}
		return ""
	})
	flagvalue.SetSecret(c, "webhook")
	flagvalue.Specific(c, "webhook") // for run, watch and collect, it is an address to listen on
	c.Flags().Var(headers{&s.headers}, "webhook-header", "send this header with deliveries, such as 'X-Team: data' (repeatable)")
	flagvalue.SetSecret(c, "webhook-header")
	addSecretTo(c, &s.secretFile)
	flagvalue.Need(c, "webhook-header", "webhook")
	flagvalue.Need(c, secretFlag, "webhook")
}

// Webhook returns the webhook for the emulator's deliveries. It returns nil if --webhook is not set.
func (s *Sender) Webhook(ctx context.Context, c *cobra.Command, p Program) (*emulator.Webhook, error) {
	wrong := func(text string) error { return p.WrongUsage(text, c.CommandPath()) }
	switch {
	case s.url == "" && (len(s.headers) > 0 || s.secretFile != ""):
		return nil, wrong("--webhook-header and --" + secretFlag + " need --webhook")
	case s.url == "":
		return nil, nil //nolint:nilnil // none was asked for
	}
	secret, err := (&Flags{secretFile: s.secretFile}).secret(ctx, p)
	if err != nil {
		return nil, err
	}
	hook := &emulator.Webhook{URL: s.url, Header: http.Header{}, Log: p.Say}
	if secret != "" {
		if err := webhook.CheckSecret(secret); err != nil {
			return nil, wrong(err.Error())
		}
		hook.Header.Set(webhook.SecretHeader, secret)
	}
	for _, header := range s.headers {
		name, value, _ := parseHeader(header)
		hook.Header.Add(name, value)
	}
	return hook, nil
}

// parseHeader parses a header such as "X-Team: data". The result ok is false if the header is not valid.
func parseHeader(text string) (name, value string, ok bool) {
	name, value, found := strings.Cut(text, ":")
	value = textproto.TrimString(value)
	return name, value, found && isHeader(name, value)
}

// isHeader reports whether name and value form a valid HTTP header.
func isHeader(name, value string) bool {
	isOther := func(r rune) bool {
		return r > '~' || r <= ' ' || strings.ContainsRune(`"(),/:;<=>?@[\]{}`, r)
	}
	return name != "" && !strings.ContainsFunc(name, isOther) && !strings.ContainsFunc(value, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f })
}

// OpenDemo opens a webhook on this machine with a new secret. It also returns the configuration with which the emulator
// delivers to this webhook.
func OpenDemo(ctx context.Context) (*Hook, *emulator.Webhook, error) {
	secret := rand.Text()
	hook, err := open(ctx, secret, webhook.ServerOptions{Address: "127.0.0.1:0"})
	if err != nil {
		return nil, nil, err
	}
	return hook, &emulator.Webhook{URL: hook.server.URL(), Header: http.Header{webhook.SecretHeader: {secret}}}, nil
}
