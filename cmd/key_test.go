package cmd

import (
	"bytes"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sbwatch/api/emulator"
	"sbwatch/report"
)

func TestKeyFile(t *testing.T) {
	const key = emulator.ExampleKey
	for name, c := range map[string]struct{ content, want, complaint string }{
		"bare":              {key, key, ""},
		"with a line break": {key + "\r\n\n", key, ""},
		"with a BOM":        {"\ufeff" + key + "\n", key, ""},
		"in quotes":         {"\"" + key + "\"\n", key, ""},
		"in single quotes":  {"' " + key + " '", key, ""},
		"with one quote":    {key + "'", key + "'", ""},
		"empty":             {"", "", "is empty"},
		"blank":             {" \n\t", "", "is empty"},
		"only quotes":       {`""`, "", "is empty"},
		"several lines":     {key + "\n" + key + "\n", "", "more than one line"},
		"an assignment":     {keyVariable + "=" + key, "", "an assignment"},
		"UTF-16":            {"\xff\xfew\x00s\x00g\x00_\x00", "", "not plain text"},
		"too long":          {strings.Repeat(key, 200), "", "too long"},
	} {
		t.Run(name, func(t *testing.T) {
			file := writeFile(t, filepath.Join(t.TempDir(), "key"), c.content)
			var stderr bytes.Buffer
			p := &program{Process: Process{Stderr: &stderr}}
			got, err := p.readKey(t.Context(), file)
			if got != c.want || (err == nil) != (c.complaint == "") {
				t.Fatalf("got key %q, error %v", got, err)
			}
			if err != nil && (!strings.Contains(err.Error(), c.complaint) || strings.Contains(err.Error(), key) || report.OutcomeOfError(err) != report.KeyRefused) {
				t.Errorf("got error %v", err)
			}
			if stderr.Len() > 0 {
				t.Errorf("says %s", stderr.String())
			}
		})
	}
}

func TestChildrenDoNotGetTheKey(t *testing.T) {
	file := writeFile(t, filepath.Join(t.TempDir(), "key"), "key-of-the-file\n")
	p := &program{Process: Process{Environ: []string{
		"HOME=/home/me", keyVariable + "=key-of-the-environment", "webscrape_api_key=x", "SBWATCH_HISTORY_URL=postgres://me:hunter2@db/x", "COPY=Bearer key-of-the-environment",
		"SBWATCH_WEBHOOK_SECRET=x", "sbwatch_post_url=https://hooks.example/x", "OTHER=key-of-the-file", "EMPTY=", "NOTHING", "DISPLAY=:0", keyVariable + "_FILE=/home/me/key",
	}}}
	if _, err := p.readKey(t.Context(), file); err != nil {
		t.Fatal(err)
	}
	want := []string{"HOME=/home/me", "EMPTY=", "NOTHING", "DISPLAY=:0", keyVariable + "_FILE=/home/me/key"}
	if got := p.childEnviron(); !slices.Equal(got, want) {
		t.Errorf("children get %q, want %q", got, want)
	}
	if got := new(program).childEnviron(); got == nil {
		t.Error("without variables children get ours")
	}
}

func TestWithoutKey(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ key, text, want string }{
		{"wsg_live_0123", "with wsg_live_0123 and wsg_live_0123", "with ************* and *************"},
		{"", "no key", "no key"},
		{"short", "a short text", "a short text"},
	} {
		p := &program{key: test.key}
		if got := p.withoutKey(test.text); got != test.want {
			t.Errorf("without %q: %q, want %q", test.key, got, test.want)
		}
	}
}
