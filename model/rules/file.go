package rules

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

// File is the content of a rules file. It has rules for all recipes and rules for single recipes.
type File struct {
	every   Set
	recipes map[string]Set
}

// For returns the rules for a recipe. The rules of the recipe override those for all recipes.
func (f File) For(recipeID text.Text) Set {
	return Set(nil).With(f.every).With(f.recipes[recipeID.Raw()])
}

// IsEmpty reports whether the file has no rules for any recipe.
func (f File) IsEmpty() bool { return len(f.every) == 0 && len(f.recipes) == 0 }

// FileError is an error in a rules file.
type FileError struct {
	// Line starts at 1.
	Line int
	// Reason says what is wrong. It is printable.
	Reason string
}

// Error returns the line and the reason.
func (e *FileError) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Reason) }

// ParseFile reads a file of rules, in TOML. The error is a [*FileError].
//
//	min-items = { warn = 80, fail = 50 }
//	unique = ["sku"]
//	coverage.price = 0.9
//
//	[recipe.m3Yc2tFvN8q]
//	min-items = 10
func ParseFile(text []byte) (File, error) {
	// The TOML decoder only checks that the file is valid and has no duplicate keys. The lower-level parser below then
	// reads the rules, because it knows the line of each rule.
	text = bytes.TrimPrefix(text, []byte("\ufeff")) // TOML does not allow the byte order mark that some editors write
	var whole map[string]any
	if err := toml.Unmarshal(text, &whole); err != nil {
		return File{}, tomlError(err)
	}
	r := fileReader{file: File{recipes: map[string]Set{}}, places: map[ruleKey]rulePlace{}}
	r.parser.Reset(text)
	for r.parser.NextExpression() {
		if err := r.expression(r.parser.Expression()); err != nil {
			return File{}, err
		}
	}
	if err := r.parser.Error(); err != nil {
		return File{}, tomlError(err)
	}
	return r.file, r.checkAll()
}

func tomlError(err error) *FileError {
	wrong := &FileError{Line: 1, Reason: "not valid TOML"}
	if decode, ok := errors.AsType[*toml.DecodeError](err); ok {
		wrong.Line, _ = decode.Position()
		wrong.Reason = text.Printable(strings.TrimPrefix(decode.Error(), "toml: "))
	}
	return wrong
}

// fileReader converts the keys of a file to rules.
type fileReader struct {
	parser unstable.Parser
	file   File
	table  []string       // the current table header
	key    unstable.Range // the current key
	places map[ruleKey]rulePlace
}

// ruleKey identifies a rule in a file.
type ruleKey struct {
	recipe string
	every  bool
	kind   Kind
	column text.Text
}

// rulePlace is the position of a rule.
type rulePlace struct {
	at  int            // index of the rule in its set
	key unstable.Range // the key of the limit that was read last
}

// expression reads a table header, or a key with its value.
func (r *fileReader) expression(node *unstable.Node) error {
	switch node.Kind {
	case unstable.Table, unstable.ArrayTable:
		r.table = keyOf(node.Key())
		r.note(node.Key())
		if node.Kind == unstable.ArrayTable {
			return r.wrong("write a heading with one pair of brackets")
		}
		return r.heading()
	case unstable.KeyValue:
		return r.keyValue(r.table, node)
	default:
		return nil
	}
}

func keyOf(key unstable.Iterator) []string {
	var parts []string
	for key.Next() {
		parts = append(parts, string(key.Node().Data))
	}
	return parts
}

// note stores the position of a key for errors.
func (r *fileReader) note(key unstable.Iterator) {
	if key.Next() {
		r.key = key.Node().Raw
	}
}

func (r *fileReader) wrong(format string, args ...any) error {
	return r.errorAt(r.key, text.Printable(fmt.Sprintf(format, args...)))
}

func (r *fileReader) errorAt(key unstable.Range, reason string) *FileError {
	return &FileError{Line: r.parser.Shape(key).Start.Line, Reason: reason}
}

// heading rejects a table header that cannot contain rules, so that a typo does not disable rules silently.
func (r *fileReader) heading() error {
	path := r.table
	if path[0] == recipeWord {
		if len(path) < 2 {
			return nil
		}
		path = path[2:]
	}
	if len(path) == 0 {
		return nil
	}
	_, err := r.kind(path[0])
	return err
}

const recipeWord = "recipe"

func (r *fileReader) kind(name string) (Kind, error) {
	for _, kind := range Kinds() {
		if name == kind.String() {
			return kind, nil
		}
	}
	var names []string
	for _, kind := range Kinds() {
		names = append(names, kind.String())
	}
	if meant := text.Nearest(name, slices.Values(names)); meant != "" {
		return 0, r.wrong("no rule %q: did you mean %s?", name, meant)
	}
	return 0, r.wrong("no rule %q: use one of %s", name, strings.Join(names, ", "))
}

// keyValue reads a key with its value, which may be an inline table.
func (r *fileReader) keyValue(above []string, node *unstable.Node) error {
	r.note(node.Key())
	path := append(append([]string{}, above...), keyOf(node.Key())...)
	value := node.Value()
	if value.Kind != unstable.InlineTable {
		return r.leaf(path, value)
	}
	within := value.Children()
	for within.Next() {
		if err := r.keyValue(path, within.Node()); err != nil {
			return err
		}
	}
	return nil
}

// leaf reads a single value.
func (r *fileReader) leaf(path []string, value *unstable.Node) error {
	key := ruleKey{every: true}
	if path[0] == recipeWord {
		if len(path) < 3 {
			return r.wrong("write the rules of a recipe below its id, as in [recipe.m3Yc2tFvN8q]")
		}
		key.recipe, key.every, path = path[1], false, path[2:]
	}
	kind, err := r.kind(path[0])
	if err != nil {
		return err
	}
	key.kind, path = kind, path[1:]
	level, minPath := "", 0
	if kind == Coverage || kind == Type {
		minPath = 1
	}
	if last := len(path) - 1; last >= minPath && (path[last] == "warn" || path[last] == "fail") {
		level, path = path[last], path[:last]
	}
	switch {
	case kind.OfColumn() && len(path) == 0 && level == "" && isNothing(value):
		return r.set(key, level, Limit{}, true)
	case minPath == 1 && len(path) == 0:
		return r.wrong("%s needs a column, as in %s.price", kind, kind)
	case minPath == 0 && len(path) > 0:
		return r.wrong("%s has only warn and fail, not %q", kind, strings.Join(path, "."))
	}
	key.column = text.NewText(strings.Join(path, "."))
	if kind == Unique {
		return r.unique(key, level, value)
	}
	return r.limit(key, level, value)
}

// isNothing reports whether a value is false or an empty list. Such a value removes all rules of a kind.
func isNothing(value *unstable.Node) bool {
	switch value.Kind {
	case unstable.Bool:
		return string(value.Data) == "false"
	case unstable.Array:
		elements := value.Children()
		return !elements.Next()
	default:
		return false
	}
}

// unique reads a list of column names.
func (r *fileReader) unique(key ruleKey, level string, value *unstable.Node) error {
	names := []*unstable.Node{value}
	if value.Kind == unstable.Array {
		names = names[:0]
		for elements := value.Children(); elements.Next(); {
			names = append(names, elements.Node())
		}
	}
	for _, name := range names {
		if name.Kind != unstable.String {
			return r.wrong("unique needs the names of columns in quotes")
		}
		key.column = text.NewText(string(name.Data))
		if err := r.set(key, level, Limit{Set: true}, false); err != nil {
			return err
		}
	}
	return nil
}

// limit reads the value of any rule except unique.
func (r *fileReader) limit(key ruleKey, level string, value *unstable.Node) error {
	text := string(value.Data)
	switch {
	case key.kind == NoWarnings:
		if value.Kind != unstable.Bool {
			return r.wrong("no-warnings must be true or false")
		}
		return r.set(key, level, Limit{Set: true}, text != "true")
	case value.Kind == unstable.Bool && text == "false":
		return r.set(key, level, Limit{}, true)
	case value.Kind == unstable.Integer || value.Kind == unstable.Float:
		text = strings.ReplaceAll(text, "_", "")
		if key.kind == Type {
			return r.wrong("type needs the name of a type in quotes")
		}
	case value.Kind != unstable.String:
		return r.wrong("%s needs a %s", key.kind, wanted(key.kind))
	}
	limit, err := parseLimit(key.kind, text)
	if err != nil {
		return r.wrong("%s: %s", key.kind, err)
	}
	return r.set(key, level, limit, false)
}

func wanted(kind Kind) string {
	if kind == Type {
		return "type in quotes"
	}
	return "number"
}

// set stores one limit of a rule. If off is true, it removes the rule instead.
func (r *fileReader) set(key ruleKey, level string, limit Limit, off bool) error {
	rules := r.rulesOf(key)
	place, known := r.places[key]
	if !known {
		place.at = len(rules)
		rules = append(rules, Rule{Kind: key.kind, Column: key.column})
	}
	place.key = r.key
	r.places[key] = place
	rule := &rules[place.at]
	rule.Off = off && !rule.Warn.Set && !rule.Fail.Set
	switch {
	case off:
	case level == "warn":
		rule.Warn = limit
	default:
		rule.Fail = limit
	}
	if key.every {
		r.file.every = rules
	} else {
		r.file.recipes[key.recipe] = rules
	}
	return nil
}

// rulesOf returns the set that the rule belongs to.
func (r *fileReader) rulesOf(key ruleKey) Set {
	if key.every {
		return r.file.every
	}
	return r.file.recipes[key.recipe]
}

// checkAll checks all rules. It must be called after the whole file was read, so that both limits of a rule are known.
// It returns the first error in the file.
func (r *fileReader) checkAll() error {
	wrong, found := ruleKey{}, false
	for key, place := range r.places {
		if found && place.key.Offset >= r.places[wrong].key.Offset {
			continue
		}
		if rule := r.rulesOf(key)[place.at]; !rule.Off && rule.check() != "" {
			wrong, found = key, true
		}
	}
	if !found {
		return nil
	}
	place := r.places[wrong]
	rule := r.rulesOf(wrong)[place.at]
	return r.errorAt(place.key, rule.Kind.String()+": "+rule.check())
}
