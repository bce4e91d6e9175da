package config

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"

	"github.com/dustin/go-humanize"
	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"

	"sbwatch/model/optional"
	"sbwatch/model/text"
)

// entry describes a setting that the config file may contain.
type entry struct {
	// name is the full name of the setting, with dots, such as "history.url".
	name string
	// set stores a TOML value in the Config. Its errors are written after the name of the setting, such as "must be
	// true or false".
	set func(c *Config, value any) error
}

// entries returns all settings that sbwatch knows.
func entries() []entry {
	return []entry{
		{"history.enabled", func(c *Config, value any) error { return setBool(&c.History.Enabled, value) }},
		{"history.url", func(c *Config, value any) error {
			address, isText := value.(string)
			if !isText {
				c.History.IsURLWrong = true
				return errDatabaseURL
			}
			parsed, err := ParseDatabaseURL(address)
			c.History.URL, c.History.IsURLWrong = parsed, err != nil
			return err
		}},
		{"history.archive", func(c *Config, value any) error {
			return setArchive(&c.History.Archive, value)
		}},
		{"history.endpoint", func(c *Config, value any) error {
			return setText(&c.History.Endpoint, value, "the address of an S3 service")
		}},
		{"history.keep_items", func(c *Config, value any) error { return setSize(&c.History.KeepItems, value) }},
	}
}

func setBool(into *bool, value any) error {
	set, ok := value.(bool)
	if !ok {
		return errors.New("must be true or false")
	}
	*into = set
	return nil
}

func setText(into *string, value any, what string) error {
	set, ok := value.(string)
	if !ok || strings.TrimSpace(set) == "" {
		return errors.New("must be " + what + ", in quotes")
	}
	*into = set
	return nil
}

// setArchive stores the path of a folder or the location of a bucket in into. It refuses a relative path, because the
// path would name another folder in each working directory.
func setArchive(into *string, value any) error {
	const bucket = "s3://"
	set, _ := value.(string)
	if set == bucket || !strings.HasPrefix(set, bucket) && !filepath.IsAbs(set) && !strings.HasPrefix(set, "~/") {
		return errors.New("must be the absolute path of a folder, or s3://bucket/prefix, in quotes")
	}
	*into = set
	return nil
}

// setSize stores a number of bytes in into. value is a number or a text such as "2GB".
func setSize(into *optional.Value[int64], value any) error {
	switch value := value.(type) {
	case int64:
		if value >= 0 {
			*into = optional.Some(value)
			return nil
		}
	case string:
		if size, err := humanize.ParseBytes(value); err == nil && size <= math.MaxInt64 {
			*into = optional.Some(int64(size))
			return nil
		}
	}
	return errors.New(`must be a size such as "500MB", "2GB" or "1GiB"`)
}

// setting is a key in a config file, with its value.
type setting struct {
	name  string
	line  int
	value any
}

// parse stores the settings of a config file in config. content is the text of the file.
func parse(config *Config, content []byte) []Problem {
	content = bytes.TrimPrefix(content, []byte("\ufeff")) // some editors write a byte order mark, which TOML does not allow
	settings, err := settingsOf(content)
	if err != nil {
		problem := Problem{Line: 1, Reason: "this is not valid TOML, so nothing in the file is used"}
		if decode, ok := errors.AsType[*toml.DecodeError](err); ok {
			problem.Line, _ = decode.Position()
			problem.Reason = strings.TrimPrefix(decode.Error(), "toml: ") + ": nothing in the file is used"
		}
		return []Problem{problem}
	}
	var problems []Problem
	known := entries()
	for _, s := range settings {
		i := slices.IndexFunc(known, func(e entry) bool { return e.name == s.name })
		if i < 0 {
			problems = append(problems, Problem{Line: s.line, Reason: unknown(s.name, known)})
		} else if err := known[i].set(config, s.value); err != nil {
			problems = append(problems, Problem{Line: s.line, Reason: s.name + " " + err.Error()})
		}
	}
	return problems
}

// unknown returns the message for a setting that does not exist. It suggests the most similar setting.
func unknown(name string, known []entry) string {
	all := func(yield func(string) bool) {
		for _, e := range known {
			if !yield(e.name) {
				return
			}
		}
	}
	reason := fmt.Sprintf("there is no setting %q", name)
	if meant := text.Nearest(name, all); meant != "" {
		reason += ": did you mean " + meant + "?"
	}
	return reason
}

// settingsOf returns the settings of a file, in the order of the file.
func settingsOf(content []byte) ([]setting, error) {
	// The decoder checks that the file is valid TOML without duplicate keys. Only the lower-level parser knows the lines.
	var whole map[string]any
	if err := toml.Unmarshal(content, &whole); err != nil {
		return nil, err
	}
	var r reader
	r.parser.Reset(content)
	for r.parser.NextExpression() {
		node := r.parser.Expression()
		switch node.Kind {
		case unstable.Table, unstable.ArrayTable:
			r.table = keyOf(node.Key())
		case unstable.KeyValue:
			r.keyValue(r.table, node)
		default:
		}
	}
	for i := range r.settings {
		r.settings[i].value = valueAt(whole, r.paths[i])
	}
	return r.settings, r.parser.Error()
}

// reader collects the keys of a file.
type reader struct {
	parser   unstable.Parser
	table    []string // the current table header
	settings []setting
	paths    [][]string // the path of each setting
}

func keyOf(key unstable.Iterator) []string {
	var parts []string
	for key.Next() {
		parts = append(parts, string(key.Node().Data))
	}
	return parts
}

// keyValue collects a key. If the value is an inline table, it collects the keys of that table. above is the path of
// the enclosing table.
func (r *reader) keyValue(above []string, node *unstable.Node) {
	path := slices.Concat(above, keyOf(node.Key()))
	if value := node.Value(); value.Kind == unstable.InlineTable {
		for within := value.Children(); within.Next(); {
			r.keyValue(path, within.Node())
		}
		return
	}
	line := 1
	if key := node.Key(); key.Next() {
		line = r.parser.Shape(key.Node().Raw).Start.Line
	}
	r.settings = append(r.settings, setting{name: strings.Join(path, "."), line: line})
	r.paths = append(r.paths, path)
}

// valueAt returns the value at a path of nested tables. It returns nil if there is no value, or if the path leads
// through an array.
func valueAt(table any, path []string) any {
	for _, name := range path {
		inner, ok := table.(map[string]any)
		if !ok {
			return nil
		}
		table = inner[name]
	}
	return table
}
