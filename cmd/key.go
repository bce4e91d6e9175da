package cmd

import (
	"bytes"
	"context"
	"io"
	"runtime"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"sbwatch/api"
	"sbwatch/api/wire"
	"sbwatch/cmd/authcmd"
	"sbwatch/cmd/progress"
	"sbwatch/cmd/tty"
	"sbwatch/config"
	"sbwatch/credentials"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/notify/webhook"
	"sbwatch/report"
)

// maxKeyFile is the maximum size of a key file, in bytes.
const maxKeyFile = 4096

// readKey returns the API key from a file or, if file is empty, from the environment. Its errors never contain the key.
func (p *program) readKey(ctx context.Context, file string) (string, error) {
	key := p.getenv(keyVariable)
	switch {
	case file != "":
		var err error
		if key, err = p.readKeyFile(ctx, file); err != nil {
			return "", err
		}
	case key == "":
		return "", noKey("no API key", "run sbwatch auth login, set "+keyVariable+" or use --api-key-file FILE; sbwatch demo needs no key")
	}
	p.key = strings.TrimSpace(key)
	return key, nil
}

// readKeyFile reads the API key from a file or a pipe. It warns if other users of this machine can read the file.
func (p *program) readKeyFile(ctx context.Context, name string) (string, error) {
	return readSecretFile(ctx, p, name, secretKind{"API key", keyVariable, noKey})
}

// secretKind contains the texts of messages about a kind of secret, such as the API key.
type secretKind struct {
	what     string
	variable string // name of an environment variable that may contain the secret
	problem  func(summary, nextStep string) error
}

// webhookSecret describes the secret that webhook deliveries must contain.
func webhookSecret() secretKind {
	return secretKind{"webhook secret", webhook.SecretVariable, func(summary, nextStep string) error {
		return &run.Problem{Kind: run.ProblemInput, Summary: text.NewText(summary), NextStep: text.NewText(nextStep)}
	}}
}

// readSecretFile reads a secret from a file or a pipe. It warns if other users of this machine can read the file.
func readSecretFile(ctx context.Context, p *program, name string, kind secretKind) (string, error) {
	nextStep := "it must contain only the " + kind.what
	content, info, err := readSmallFile(ctx, name, maxKeyFile)
	key := trimKey(content)
	switch {
	case ctx.Err() != nil:
		return "", context.Cause(ctx)
	case err != nil:
		return "", kind.problem("the "+kind.what+" cannot be read from "+name+" ("+report.Reason(err)+")", "check the path and its permissions")
	case len(content) > maxKeyFile:
		return "", kind.problem(name+" is too long for "+article(kind.what), nextStep)
	case len(key) == 0:
		return "", kind.problem(name+" is empty", nextStep)
	case bytes.IndexByte(content, 0) >= 0:
		return "", kind.problem(name+" is not plain text", "save it as UTF-8; "+nextStep)
	case bytes.ContainsAny(key, "\r\n"):
		return "", kind.problem(name+" contains more than one line", nextStep)
	case bytes.HasPrefix(key, []byte(kind.variable+"=")):
		return "", kind.problem(name+" contains an assignment", nextStep)
	}
	if info.Mode().IsRegular() && info.Mode().Perm()&0o044 != 0 && runtime.GOOS != "windows" {
		warn(p, "other users can read the "+kind.what+" in "+name+": change its permissions to 600")
	}
	return string(key), nil
}

// article returns a noun with its indefinite article, such as "an API key".
func article(noun string) string {
	if strings.ContainsAny(noun[:1], "AEIOUaeiou") {
		return "an " + noun
	}
	return "a " + noun
}

// trimKey removes the text that editors and shells add around a key: a byte order mark, white space and a pair of
// quotes.
func trimKey(content []byte) []byte {
	key := bytes.TrimSpace(bytes.TrimPrefix(content, []byte("\ufeff")))
	for _, quote := range []byte(`"'`) {
		if last := len(key) - 1; last > 0 && key[0] == quote && key[last] == quote {
			key = bytes.TrimSpace(key[1:last])
		}
	}
	return key
}

func noKey(summary, nextStep string) error {
	return &run.Problem{Kind: run.ProblemKey, Summary: text.NewText(summary), NextStep: text.NewText(nextStep)}
}

// secretVariables returns the names of the variables that may contain secrets: the API key, the password of the
// history, the secret of the webhook, and the URL of --post.
func secretVariables() []string {
	return []string{keyVariable, config.HistoryURLVariable, webhook.SecretVariable, config.PostURLVariable}
}

// childEnviron returns the environment for child processes. It leaves out the [secretVariables] and all other variables
// that contain the API key.
func (p *program) childEnviron() []string {
	given := strings.TrimSpace(p.getenv(keyVariable))
	environ := []string{} // not nil, because package os/exec would then use the environment of this process
	for _, entry := range p.Environ {
		name, value, _ := strings.Cut(entry, "=")
		isSecret := slices.ContainsFunc(secretVariables(), func(secret string) bool { return strings.EqualFold(name, secret) })
		if isSecret || containsKey(value, given) || containsKey(value, p.key) {
			continue
		}
		environ = append(environ, entry)
	}
	return environ
}

// containsKey reports whether text contains the key. It returns false for keys that are too short to be valid, because
// almost any text could contain them.
func containsKey(text, key string) bool {
	const minKey = 8
	return len(key) >= minKey && strings.Contains(text, key)
}

// withoutKey returns text with the API key replaced by asterisks.
func (p *program) withoutKey(text string) string {
	for _, key := range []string{p.key, strings.TrimSpace(p.getenv(keyVariable))} {
		if containsKey(text, key) {
			text = strings.ReplaceAll(text, key, strings.Repeat("*", len(key)))
		}
	}
	return text
}

// authProgram returns the functions and streams of the program that the auth commands use.
func authProgram(p *program) authcmd.Program {
	var ring credentials.Keyring
	if p.getenv(keyringVariable) != "off" {
		ring = credentials.System{}
	}
	return authcmd.Program{
		Stdout: p.Stdout, Say: p.say, KeyVariable: keyVariable,
		Store:   credentials.Store{Folder: p.configFile("accounts"), Keyring: ring},
		HasKey:  func() bool { return p.getenv(keyVariable) != "" },
		ReadKey: func(ctx context.Context) (string, error) { return askKey(ctx, p) },
		AddServiceTo: func(c *cobra.Command) (func() string, func(context.Context, string) error) {
			f := new(serviceFlags)
			f.addURLTo(c)
			f.addInsecureTo(c)
			return func() string { return api.HostOf(p.baseURL(*f)) }, func(ctx context.Context, key string) error {
				client, err := newClient(p, *f, key, wire.Limits{})
				if err != nil {
					return err
				}
				defer showWork(p, progress.Elapsed("asking the service"))()
				_, err = client.Usage(ctx)
				return err
			}
		},
		WrongUsage: func(text, command string) error { return usageError{text: text, command: command} },
	}
}

// askKey reads an API key from standard input. If standard input is a terminal, it does not show the key.
func askKey(ctx context.Context, p *program) (string, error) {
	const nextStep = "enter or pipe only the API key"
	var content []byte
	var err error
	if p.canAsk() {
		content, err = tty.ReadSecret(ctx, p.Stdin, p.Stderr, "API key (not shown): ")
	} else {
		content, err = io.ReadAll(io.LimitReader(p.Stdin, maxKeyFile+1))
	}
	key := trimKey(content)
	switch {
	case ctx.Err() != nil:
		return "", context.Cause(ctx)
	case err != nil:
		return "", noKey("the API key cannot be read ("+report.Reason(err)+")", nextStep)
	case len(key) == 0:
		return "", noKey("no API key was entered", nextStep)
	case len(content) > maxKeyFile || bytes.ContainsAny(key, "\x00\r\n"):
		return "", noKey("this is not an API key", nextStep)
	}
	return string(key), nil
}
