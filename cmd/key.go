package cmd

import (
	"bytes"
	"context"
	"runtime"
	"strings"

	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/report"
)

// maxKeyFile bounds, in bytes, what is read of a file that is said to hold a key.
const maxKeyFile = 4096

// readKey finds the API key: in the file, where one is named, else in the environment. The key itself is in none of
// its errors.
func (p *program) readKey(ctx context.Context, file string) (string, error) {
	key := p.getenv(keyVariable)
	switch {
	case file != "":
		var err error
		if key, err = p.readKeyFile(ctx, file); err != nil {
			return "", err
		}
	case key == "":
		return "", noKey("no API key", "set "+keyVariable+", or give --api-key-file FILE; sbwatch demo needs none")
	}
	p.key = strings.TrimSpace(key)
	return key, nil
}

// readKeyFile reads the key out of a file, and warns of one that other users of this machine can read. A pipe is waited for.
func (p *program) readKeyFile(ctx context.Context, name string) (string, error) {
	const nextStep = "it must hold the API key and nothing else"
	content, info, err := readSmallFile(ctx, name, maxKeyFile)
	key := bareKey(content)
	switch {
	case ctx.Err() != nil:
		return "", context.Cause(ctx)
	case err != nil:
		return "", noKey("the API key cannot be read from "+name+" ("+report.Reason(err)+")", "check the path and its permissions")
	case len(content) > maxKeyFile:
		return "", noKey(name+" holds no API key: it is too long", nextStep)
	case len(key) == 0:
		return "", noKey(name+" is empty", nextStep)
	case bytes.IndexByte(content, 0) >= 0:
		return "", noKey(name+" is not plain text", "save it as UTF-8: "+nextStep)
	case bytes.ContainsAny(key, "\r\n"):
		return "", noKey(name+" holds more than one line", nextStep)
	case bytes.HasPrefix(key, []byte(keyVariable+"=")):
		return "", noKey(name+" holds an assignment", nextStep)
	}
	if info.Mode().IsRegular() && info.Mode().Perm()&0o044 != 0 && runtime.GOOS != "windows" {
		p.say("others can read the API key in " + name + ": chmod 600 it")
	}
	return string(key), nil
}

// bareKey takes off what editors and shells put around a key: a byte order mark, white space, a pair of quotes.
func bareKey(content []byte) []byte {
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

// childEnviron is the environment for a program that we start: ours without the API key, whatever variable holds it.
func (p *program) childEnviron() []string {
	given := strings.TrimSpace(p.getenv(keyVariable))
	environ := []string{} // not nil, which exec takes for ours
	for _, entry := range p.Environ {
		name, value, _ := strings.Cut(entry, "=")
		if strings.EqualFold(name, keyVariable) || holdsKey(value, given) || holdsKey(value, p.key) {
			continue
		}
		environ = append(environ, entry)
	}
	return environ
}

// holdsKey reports whether the key is in a text. A key that is too short to be one might be in any.
func holdsKey(text, key string) bool {
	const minKey = 8
	return len(key) >= minKey && strings.Contains(text, key)
}

// withoutKey returns a text with the API key blanked.
func (p *program) withoutKey(text string) string {
	for _, key := range []string{p.key, strings.TrimSpace(p.getenv(keyVariable))} {
		if holdsKey(text, key) {
			text = strings.ReplaceAll(text, key, strings.Repeat("*", len(key)))
		}
	}
	return text
}
