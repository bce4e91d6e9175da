package rules

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"sbwatch/model/settings"
	"sbwatch/model/text"
)

// File is the content of a rules file. It has rules for all recipes and rules for single recipes.
type File struct {
	every   Set
	recipes map[string]Set
}

// For returns the rules for a recipe. A rule for the recipe overrides the same rule for all recipes.
func (f File) For(recipeID text.Text) Set { return f.Override(nil, recipeID) }

// Override returns the rules in set, overridden by the rules of the file for a recipe.
func (f File) Override(set Set, recipeID text.Text) Set {
	return set.With(f.every).With(f.recipes[recipeID.Raw()])
}

// IsEmpty reports whether the file has no rules for any recipe.
func (f File) IsEmpty() bool { return len(f.every) == 0 && len(f.recipes) == 0 }

// ParseFile parses a rules file in TOML. It omits invalid rules and returns their problems, sorted by line.
//
//	min-items = { warn = 80, fail = 50 }
//	unique = ["sku"]
//	coverage.price = 0.9
//
//	[recipe.m3Yc2tFvN8q]
//	min-items = 10
func ParseFile(content []byte) (File, []settings.Problem) {
	file := settings.Parse(content)
	rules, _, problems := Parse(file.Settings, file.Headings)
	return rules, settings.SortProblems(append(file.Problems, problems...))
}

// Parse converts the settings and headings of a TOML file to rules. It omits invalid rules and returns their problems,
// sorted by line. It also returns the settings that became part of the rules. If one of two limits of a rule is
// invalid, the rule keeps the other limit.
func Parse(entries []settings.Setting, headings []settings.Heading) (rules File, used []settings.Setting, _ []settings.Problem) {
	r := fileReader{file: File{recipes: map[string]Set{}}, places: map[ruleKey]rulePlace{}, tables: map[string]bool{}}
	var problems []settings.Problem
	note := func(line int, err error) {
		if err != nil {
			problems = append(problems, settings.Problem{Line: line, Reason: text.Printable(err.Error())})
		}
	}
	for _, h := range headings {
		note(h.Line, checkHeading(h))
	}
	for _, s := range entries {
		if last := len(s.Path) - 1; isLevel(s.Path[last]) {
			r.tables[tableName(s.Path[:last])] = true
		}
	}
	for _, s := range entries {
		err := r.entry(s)
		note(s.Line, err)
		invalid, isList := errors.AsType[namesError](err)
		if isList {
			s.Value = invalid.valid
		}
		if err == nil || len(invalid.valid) > 0 {
			used = append(used, s)
		}
	}
	problems = append(problems, r.removeInvalid()...)
	used = slices.DeleteFunc(used, func(s settings.Setting) bool { return slices.Contains(r.unused, s.Name) })
	return r.file, used, slices.Compact(settings.SortProblems(problems))
}

// fileReader converts the keys of a file to rules.
type fileReader struct {
	file   File
	name   string // full name of the current key
	line   int    // line of the current key
	places map[ruleKey]rulePlace
	unused []string // full names of the keys of invalid rules
	// tables says which tables have a key "warn" or "fail". The map key is the path of the table, converted by
	// tableName.
	tables map[string]bool
}

func isLevel(name string) bool { return name == "warn" || name == "fail" }

// tableName joins the path of a table with NUL characters, to use it as a map key.
func tableName(path []string) string { return strings.Join(path, "\x00") }

// ruleKey identifies a rule in a file: the kind and the column of the rule, and the recipe that it applies to.
type ruleKey struct {
	recipe string
	every  bool
	kind   Kind
	column text.Text
}

// rulePlace says where a rule is: in its set and in the file.
type rulePlace struct {
	index int // index of the rule in its set
	line  int // line of the limit that was parsed last
	// names holds the full names of the keys in the file that set the limits of the rule.
	names []string
}

// checkHeading returns an error for a table heading that cannot contain rules, so that a typo does not silently disable
// rules.
func checkHeading(h settings.Heading) error {
	if h.IsArray {
		return errors.New("write a heading with one pair of brackets")
	}
	path := h.Path
	if path[0] == recipeWord {
		path = path[min(2, len(path)):]
	}
	if len(path) == 0 {
		return nil
	}
	_, err := kindNamed(path[0])
	return err
}

const recipeWord = "recipe"

func kindNamed(name string) (Kind, error) {
	var names []string
	for _, kind := range Kinds() {
		if name == kind.String() {
			return kind, nil
		}
		names = append(names, kind.String())
	}
	if meant := text.Nearest(name, slices.Values(names)); meant != "" {
		return 0, fmt.Errorf("no rule %q: did you mean %s?", name, meant)
	}
	return 0, fmt.Errorf("no rule %q: use one of %s", name, strings.Join(names, ", "))
}

// entry converts one setting to a rule.
func (r *fileReader) entry(s settings.Setting) error {
	r.name, r.line = s.Name, s.Line
	key, path, err := recipeOf(s.Path)
	if err != nil {
		return err
	}
	kind, err := kindNamed(path[0])
	if err != nil {
		return err
	}
	key.kind, path = kind, path[1:]
	parent := s.Path[:len(s.Path)-len(path)]
	level, minPath := "", 0
	if kind == Coverage || kind == Type {
		minPath = 1
	}
	if last := len(path) - 1; last >= minPath && isLevel(path[last]) {
		level, path = path[last], path[:last]
	}
	for n := 1; minPath == 1 && n < len(path); n++ {
		if r.tables[tableName(append(slices.Clone(parent), path[:n]...))] {
			column := strings.Join(path, ".")
			return fmt.Errorf("%s %s can have only the keys warn and fail, not %q: write %q in quotes if it is a column", kind, strings.Join(path[:n], "."), strings.Join(path[n:], "."), column)
		}
	}
	switch {
	case kind.OfColumn() && len(path) == 0 && level == "" && isNothing(s.Value):
		r.set(key, level, Limit{}, true)
		return nil
	case minPath == 1 && len(path) == 0:
		return fmt.Errorf("%s needs a column, as in %s.price", kind, kind)
	case minPath == 0 && len(path) > 0:
		return fmt.Errorf("%s can have only the keys warn and fail, not %q", kind, strings.Join(path, "."))
	}
	key.column = text.NewText(strings.Join(path, "."))
	if kind == Unique {
		return r.unique(key, level, s.Value)
	}
	return r.limit(key, level, s.Value)
}

// recipeOf returns the recipe that a setting is for, as a key without a rule, and the rest of the setting's path.
func recipeOf(path []string) (key ruleKey, rest []string, err error) {
	switch {
	case path[0] != recipeWord:
		return ruleKey{every: true}, path, nil
	case len(path) < 3 || path[1] == "": // ids are opaque, so any other text may be one
		return ruleKey{}, nil, errors.New("write the rules of a recipe below its id, as in [recipe.m3Yc2tFvN8q]")
	default:
		return ruleKey{recipe: path[1]}, path[2:], nil
	}
}

// isNothing reports whether a value is false or an empty list. Such a value removes all rules of a kind.
func isNothing(value any) bool {
	list, isList := value.([]any)
	return value == false || isList && len(list) == 0
}

// namesError is the error for an invalid value of the rule "unique", such as 5 or ["sku", 5]. The field valid holds the
// elements that are names, such as "sku".
type namesError struct{ valid []any }

// Error returns the text.
func (namesError) Error() string { return "unique needs the names of columns in quotes" }

// unique adds the rule "unique" for each column in a list of names. It skips elements that are not names. If it has
// skipped any, it returns a [namesError].
func (r *fileReader) unique(key ruleKey, level string, value any) error {
	names, isList := value.([]any)
	if !isList {
		names = []any{value}
	}
	var valid []any
	for _, name := range names {
		if column, isText := name.(string); isText {
			key.column = text.NewText(column)
			r.set(key, level, Limit{Set: true}, false)
			valid = append(valid, name)
		}
	}
	if len(valid) < len(names) {
		return namesError{valid}
	}
	return nil
}

// limit parses and stores one limit of a rule, such as 80 or "number". The kind of the rule must not be Unique.
func (r *fileReader) limit(key ruleKey, level string, value any) error {
	if isOn, isBool := value.(bool); isBool && (key.kind == NoWarnings || !isOn) {
		r.set(key, level, Limit{Set: isOn}, !isOn)
		return nil
	}
	var given string
	switch value := value.(type) {
	case string:
		given = value
	case int64:
		given = strconv.FormatInt(value, 10)
	case float64:
		given = strings.ToLower(strconv.FormatFloat(value, 'f', -1, 64))
	}
	_, isText := value.(string)
	switch {
	case key.kind == NoWarnings:
		return errors.New("no-warnings must be true or false")
	case key.kind == Type && !isText:
		return errors.New("type needs the name of a type in quotes")
	case given == "" && !isText:
		return fmt.Errorf("%s needs a number", key.kind)
	}
	limit, err := parseLimit(key.kind, given)
	if err != nil {
		return fmt.Errorf("%s: %w", key.kind, err)
	}
	r.set(key, level, limit, false)
	return nil
}

// set stores one limit of a rule. If off is true, it removes the rule instead.
func (r *fileReader) set(key ruleKey, level string, limit Limit, off bool) {
	rules := r.rulesOf(key)
	place, known := r.places[key]
	if !known {
		place.index = len(rules)
		rules = append(rules, Rule{Kind: key.kind, Column: key.column})
	}
	place.line, place.names = r.line, append(place.names, r.name)
	r.places[key] = place
	rule := &rules[place.index]
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
}

func (r *fileReader) rulesOf(key ruleKey) Set {
	if key.every {
		return r.file.every
	}
	return r.file.recipes[key.recipe]
}

// removeInvalid removes invalid rules and returns their problems. Call it after parsing the whole file, when both
// limits of each rule are known.
func (r *fileReader) removeInvalid() []settings.Problem {
	var problems []settings.Problem
	for key, place := range r.places {
		rule := &r.rulesOf(key)[place.index]
		if rule.Off {
			continue
		}
		if reason := rule.check(); reason != "" {
			problems = append(problems, settings.Problem{Line: place.line, Reason: text.Printable(rule.Kind.String() + ": " + reason)})
			rule.Kind = kinds // removed below
			r.unused = append(r.unused, place.names...)
		}
	}
	isInvalid := func(rule Rule) bool { return rule.Kind == kinds }
	r.file.every = slices.DeleteFunc(r.file.every, isInvalid)
	for id, set := range r.file.recipes {
		r.file.recipes[id] = slices.DeleteFunc(set, isInvalid)
	}
	return problems
}
