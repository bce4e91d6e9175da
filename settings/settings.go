// Package settings reads TOML files that users write, such as the config file and themes. It returns a list of settings
// with their line numbers. For an unknown name, it finds the name that the user probably meant.
package settings

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"

	"sbwatch/model/text"
)

// Setting is a key in a file, with its value.
type Setting struct {
	// Name is the full name of the key, with dots: "history.url".
	Name string
	// Line is the line of the key, counted from 1.
	Line int
	// Value is a string, bool, int64, float64, array or nil.
	Value any
}

// Problem is an error in a setting.
type Problem struct {
	// File is the path of the file. It is empty for an environment variable.
	File string
	// Line is the number of the line in the file, counted from 1. It is 0 if the problem concerns the whole file.
	Line int
	// Reason describes the problem. It contains no secrets.
	Reason string
}

// String returns the problem on one line, in printable form, such as "config.toml: line 3: …".
func (p Problem) String() string {
	switch {
	case p.File == "":
		return text.Printable(p.Reason)
	case p.Line == 0:
		return text.Printable(p.File + ": " + p.Reason)
	default:
		return text.Printable(fmt.Sprintf("%s: line %d: %s", p.File, p.Line, p.Reason))
	}
}

// Parse returns the settings of a TOML file in the order of the file. If the file is not valid TOML, it returns a
// problem instead.
func Parse(content []byte) ([]Setting, *Problem) {
	content = bytes.TrimPrefix(content, []byte("\ufeff")) // some editors write a byte order mark, which TOML does not allow
	found, err := parse(content)
	if err == nil {
		return found, nil
	}
	problem := Problem{Line: 1, Reason: "this is not valid TOML, so nothing in the file is used"}
	if decode, ok := errors.AsType[*toml.DecodeError](err); ok {
		problem.Line, _ = decode.Position()
		problem.Reason = strings.TrimPrefix(decode.Error(), "toml: ") + ": nothing in the file is used"
	}
	return nil, &problem
}

// Unknown returns the message for an unknown name. known holds the known names, and kind says what the name stands for,
// such as "setting". The message suggests the most similar known name.
func Unknown(kind, name string, known []string) string {
	reason := fmt.Sprintf("there is no %s %q", kind, name)
	if meant := text.Nearest(name, slices.Values(known)); meant != "" {
		reason += ": did you mean " + meant + "?"
	}
	return reason
}

func parse(content []byte) ([]Setting, error) {
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
		r.settings[i].Value = valueAt(whole, r.paths[i])
	}
	return r.settings, r.parser.Error()
}

// reader collects the keys of a file.
type reader struct {
	parser   unstable.Parser
	table    []string // current table header
	settings []Setting
	paths    [][]string // path of each setting, in the order of the settings
}

func keyOf(key unstable.Iterator) []string {
	var names []string
	for key.Next() {
		names = append(names, string(key.Node().Data))
	}
	return names
}

// keyValue collects a key. If its value is an inline table, it collects the keys of this table. outer is the path of
// the table that contains the key.
func (r *reader) keyValue(outer []string, node *unstable.Node) {
	path := slices.Concat(outer, keyOf(node.Key()))
	if value := node.Value(); value.Kind == unstable.InlineTable {
		for inner := value.Children(); inner.Next(); {
			r.keyValue(path, inner.Node())
		}
		return
	}
	line := 1
	if key := node.Key(); key.Next() {
		line = r.parser.Shape(key.Node().Raw).Start.Line
	}
	r.settings = append(r.settings, Setting{Name: strings.Join(path, "."), Line: line})
	r.paths = append(r.paths, path)
}

// valueAt returns the value at a path of nested tables. It returns nil if there is no value at the path, or if the path
// leads through an array.
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
