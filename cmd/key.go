package cmd

import (
	"bytes"
	"context"
	"runtime"

	"sbwatch/model"
)

// maxKeyFile bounds, in bytes, what is read of a file that is said to hold a key.
const maxKeyFile = 4096

// readKey finds the API key: in the file, where one is named, else in the environment. The key itself is in none of
// its errors.
func (p *program) readKey(ctx context.Context, file string) (string, error) {
	if file == "" {
		key := p.getenv(keyVariable)
		if key == "" {
			return "", noKey("no API key", "set "+keyVariable+", or give --api-key-file FILE; sbwatch demo needs none")
		}
		return key, nil
	}
	key, info, err := readSmallFile(ctx, file, maxKeyFile)
	switch {
	case ctx.Err() != nil:
		return "", context.Cause(ctx)
	case err != nil:
		return "", noKey("the API key cannot be read from "+file+" ("+cause(err)+")", "check the path and its permissions")
	case len(bytes.TrimSpace(key)) == 0:
		return "", noKey(file+" is empty", "it must hold the API key and nothing else")
	case len(key) > maxKeyFile:
		return "", noKey(file+" holds no API key: it is too long", "it must hold the API key and nothing else")
	}
	if info.Mode().IsRegular() && info.Mode().Perm()&0o004 != 0 && runtime.GOOS != "windows" {
		p.say("others can read the API key in " + file + ": chmod 600 it")
	}
	return string(key), nil
}

func noKey(summary, nextStep string) error {
	return &model.Problem{Kind: model.ProblemKey, Summary: model.NewText(summary), NextStep: model.NewText(nextStep)}
}
