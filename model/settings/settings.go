// Package settings reads TOML files that users write, such as the config file and themes. It returns a list of settings
// with their line numbers. For an unknown name, it finds the name that the user probably meant.
package settings

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"

	"sbwatch/model/text"
)

// File is the content of a TOML file.
type File struct {
	// Settings are the keys in the order of the file.
	Settings []Setting
	// Headings are the headings of tables, in the order of the file.
	Headings []Heading
	// Problems describe the places in the file that are not valid TOML, in the order of the file. Parse skips these
	// places.
	Problems []Problem
	// Skipped is the text of the file that Parse skipped.
	Skipped string
}

// Setting is a key in a file, with its value.
type Setting struct {
	// Name is the full name with dots, such as "history.url". Path lists its parts.
	Name string
	Path []string
	// Line is the line of the key, counted from 1.
	Line int
	// Value is a string, bool, int64, float64 or array. It is nil for a key in an array of tables, such as a key below
	// [[history]].
	Value any
}

// Heading is the heading of a table, such as [history].
type Heading struct {
	Path []string
	Line int
	// IsArray reports whether the heading starts an element of an array of tables, such as [[history]].
	IsArray bool
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

// SortProblems sorts problems by file and line. Problems without a file come first. Problems of the same line keep their
// order.
func SortProblems(problems []Problem) []Problem {
	slices.SortStableFunc(problems, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
	return problems
}

// maxInvalid is the maximum number of invalid places that Parse skips.
const maxInvalid = 50

// Parse parses a TOML file. If a line is invalid, Parse reports a problem and skips as little as it safely can: the
// line, or the whole table if its heading is invalid. After an invalid multi-line string it skips the rest of the file,
// because the end of the string is unknown. For a file in UTF-16, which some editors write, it reports a single problem
// and no settings.
func Parse(content []byte) File {
	if bytes.HasPrefix(content, []byte("\xff\xfe")) || bytes.HasPrefix(content, []byte("\xfe\xff")) {
		skipped := strings.ReplaceAll(string(content), "\x00", "") // callers search it for the names of settings
		return File{Skipped: skipped, Problems: []Problem{{Line: 1, Reason: "the file is encoded in UTF-16: save it as UTF-8"}}}
	}
	content = bytes.TrimPrefix(content, []byte("\ufeff")) // some editors write a byte order mark, which TOML does not allow
	if bytes.IndexByte(content, '\n') < 0 {
		content = bytes.ReplaceAll(content, []byte("\r"), []byte("\n")) // line ends of old editors
	}
	var f File
	var err error
	for range maxInvalid {
		if f.Settings, f.Headings, err = parse(content); err == nil {
			SortProblems(f.Problems) // parse finds errors of syntax first
			return f
		}
		decode, isDecode := errors.AsType[*toml.DecodeError](err)
		if !isDecode {
			break
		}
		line, _ := decode.Position()
		reason := reasonOf(decode)
		lines := bytes.SplitAfter(content, []byte("\n"))
		from, to := skip(lines, min(line, len(lines))-1)
		skipped := bytes.Join(lines[from:to], nil)
		if len(bytes.TrimSpace(skipped)) == 0 {
			break
		}
		for i := from; i < to; i++ {
			lines[i] = []byte("\n") // keeps the line numbers
		}
		content = bytes.Join(lines, nil)
		f.Skipped += string(skipped)
		switch {
		case to == len(lines) && to > from+1:
			reason += ": the rest of the file is ignored"
		case to > from+1:
			reason += fmt.Sprintf(": lines %d to %d are ignored", from+1, to)
		default:
			reason += ": the line is ignored"
		}
		f.Problems = append(f.Problems, Problem{Line: from + 1, Reason: reason})
	}
	return File{Skipped: string(content) + f.Skipped, Problems: append(f.Problems, Problem{
		Line: 1, Reason: "this is not valid TOML, so nothing in the file is used",
	})}
}

// reasonOf returns the reason of a syntax error. If a value is missing, the reason is "a value is missing".
func reasonOf(err *toml.DecodeError) string {
	reason := strings.TrimPrefix(err.Error(), "toml: ")
	character, isValue := strings.CutSuffix(reason, " at start of value")
	character = strings.TrimPrefix(character, "unexpected character ")
	if !isValue {
		character, isValue = strings.CutPrefix(reason, "expected value but got ")
	}
	code, _, _ := strings.Cut(character, " ")
	isEnd := slices.Contains([]string{"U+000A", "U+000D", "U+0023", "U+002C", "U+005D", "U+007D"}, code) // LF, CR, #, comma, ] and }
	if isValue && isEnd || reason == "expected value, not end of input" {
		return "a value is missing"
	}
	return reason
}

// maxValue is the maximum number of lines between an invalid line and the line at which its value starts.
const maxValue = 100

// skip returns the range [from, to) of lines to skip. wrong is the index of the invalid line.
func skip(lines [][]byte, wrong int) (from, to int) {
	// The invalid line may belong to a value that starts on an earlier line. That is the case if the lines before it
	// are not valid on their own.
	from = wrong
	for from > 0 {
		if _, _, err := parse(bytes.Join(lines[:from], nil)); err == nil {
			break
		}
		if from--; wrong-from > maxValue {
			return 0, len(lines)
		}
	}
	first := bytes.TrimSpace(lines[from])
	skipped := bytes.Join(lines[from:wrong+1], nil)
	switch {
	case bytes.Contains(skipped, []byte(`"""`)) || bytes.Contains(skipped, []byte("'''")):
		return from, len(lines)
	case from < wrong || bytes.HasPrefix(first, []byte("[")) || bytes.Count(first, []byte("[")) > bytes.Count(first, []byte("]")):
		to = wrong + 1
		for to < len(lines) && !isHeading(lines[to]) {
			to++
		}
		return from, to
	default:
		return from, from + 1
	}
}

func isHeading(line []byte) bool {
	f, headings, err := parse(line)
	return err == nil && len(f) == 0 && len(headings) == 1
}

// Unknown returns the message for an unknown name. The parameter known holds the names that are valid, and kind says
// what the name stands for, such as "setting". The message suggests the valid name that is most similar.
func Unknown(kind, name string, known []string) string {
	reason := fmt.Sprintf("there is no %s %q", kind, name)
	if meant := text.Nearest(name, slices.Values(known)); meant != "" {
		reason += ": did you mean " + meant + "?"
	}
	return reason
}

// parse returns the settings and headings of a valid TOML file.
func parse(content []byte) ([]Setting, []Heading, error) {
	// The decoder checks that the file is valid TOML without duplicate keys. It does not report the lines of keys, but
	// the lower-level parser does.
	var whole map[string]any
	if err := toml.Unmarshal(content, &whole); err != nil {
		return nil, nil, err
	}
	var r reader
	r.parser.Reset(content)
	for r.parser.NextExpression() {
		node := r.parser.Expression()
		switch node.Kind {
		case unstable.Table, unstable.ArrayTable:
			r.table = keyOf(node.Key())
			r.headings = append(r.headings, Heading{Path: r.table, Line: r.lineOf(node), IsArray: node.Kind == unstable.ArrayTable})
		case unstable.KeyValue:
			r.keyValue(r.table, node)
		default:
		}
	}
	for i := range r.settings {
		r.settings[i].Value = valueAt(whole, r.settings[i].Path)
	}
	return r.settings, r.headings, r.parser.Error()
}

// reader collects the keys of a file.
type reader struct {
	parser   unstable.Parser
	table    []string // the current table header
	settings []Setting
	headings []Heading
}

// lineOf returns the line of a heading or a key.
func (r *reader) lineOf(node *unstable.Node) int {
	if key := node.Key(); key.Next() {
		return r.parser.Shape(key.Node().Raw).Start.Line
	}
	return 1
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
	r.settings = append(r.settings, Setting{Name: strings.Join(path, "."), Path: path, Line: r.lineOf(node)})
}

// valueAt returns the value at a path of nested tables. It returns nil if there is none, or if the path leads through
// an array.
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
