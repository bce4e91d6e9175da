// Package rules checks the items of a run against limits that a user has set.
//
// A [Rule] has a [Kind], for some kinds a column, and one or two limits: one that warns and one that fails. A [Set]
// comes from flags ([ParseFlag]) or a TOML file ([ParseFile]). [Judge] checks a run against a set and returns a
// [Verdict] for each rule. [Suggest] writes a rules file that fits a run.
package rules

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"sbwatch/model/profile"
	"sbwatch/model/text"
)

// Kind is the kind of a rule.
type Kind int

// The kinds of rules, in the order of checking.
const (
	MinItems Kind = iota
	MaxItems
	Coverage
	Type
	Unique
	MaxDuplicates
	MaxEmptyPages
	MaxRepeatedPages
	MaxDrift
	NoWarnings
	kinds
)

// String returns the name of the rule in files and as a flag.
func (k Kind) String() string {
	names := [kinds]string{
		"min-items", "max-items", "coverage", "type", "unique", "max-duplicates", "max-empty-pages", "max-repeated-pages",
		"max-drift", "no-warnings",
	}
	if k < 0 || k >= kinds {
		return "unknown"
	}
	return names[k]
}

// Kinds returns all kinds.
func Kinds() []Kind {
	all := make([]Kind, kinds)
	for i := range all {
		all[i] = Kind(i)
	}
	return all
}

// OfColumn reports whether rules of this kind are about a column.
func (k Kind) OfColumn() bool { return k == Coverage || k == Unique || k == Type }

func (k Kind) isShare() bool { return k == Coverage || k == MaxDrift }

func (k Kind) hasNumber() bool { return k != Unique && k != NoWarnings && k != Type }

// isMin reports whether the limit of the rule is a minimum, as for MinItems.
func (k Kind) isMin() bool { return k == MinItems || k == Coverage }

// Limit is one limit of a rule.
type Limit struct {
	// Set is false if the rule does not have this limit.
	Set bool
	// Number is the limit, for rules whose limits are numbers.
	Number float64
	// Type is the required type for rules of kind Type.
	Type ValueType
}

// Rule sets one or two limits for the items of a run. If the limit Warn is broken, the rule warns. If the limit Fail is
// broken, it fails.
type Rule struct {
	Kind Kind
	// Column is the name of the column. It is empty for rules without a column.
	Column     text.Text
	Warn, Fail Limit
	// Off removes a rule that another rule set contains, as "no-warnings = false" does. A rule of kind Unique, Coverage
	// or Type without a column removes the rules of this kind for all columns, as "unique = []" does.
	Off bool
}

// String returns the rule in printable form: "coverage price 0.95/0.8".
func (r Rule) String() string {
	text := r.Name()
	if !r.Kind.hasNumber() && r.Kind != Type {
		return text
	}
	switch {
	case r.Warn.Set && r.Fail.Set:
		return text + " " + r.limitText(r.Warn) + "/" + r.limitText(r.Fail)
	case r.Warn.Set:
		return text + " " + r.limitText(r.Warn) + "/"
	default:
		return text + " " + r.limitText(r.Fail)
	}
}

// Name returns the kind of the rule and its column in printable form: "coverage price".
func (r Rule) Name() string {
	if r.Kind.OfColumn() {
		return r.Kind.String() + " " + r.Column.String()
	}
	return r.Kind.String()
}

// Asked describes in words what the rule requires: "at least 0.8, warns below 0.95".
func (r Rule) Asked() string {
	bound, beyond := "at most ", ", warns above "
	if r.Kind.isMin() {
		bound, beyond = "at least ", ", warns below "
	}
	switch r.Kind {
	case Unique:
		return r.orWarns("all different")
	case NoWarnings:
		return r.orWarns("none")
	case Type:
		bound, beyond = "", ", warns unless "
	case MinItems, MaxItems, Coverage, MaxDuplicates, MaxEmptyPages, MaxRepeatedPages, MaxDrift, kinds:
	}
	switch {
	case r.Warn.Set && r.Fail.Set:
		return bound + r.limitWords(r.Fail) + beyond + r.limitWords(r.Warn)
	case r.Warn.Set:
		return r.orWarns(bound + r.limitWords(r.Warn))
	default:
		return bound + r.limitWords(r.Fail)
	}
}

// orWarns appends ", else warns" to the text if the rule has no fail limit.
func (r Rule) orWarns(text string) string {
	if r.Fail.Set {
		return text
	}
	return text + ", else warns"
}

// limitWords formats a limit for people, such as "1,000". limitText formats it for flags and files, such as "1000".
func (r Rule) limitWords(l Limit) string {
	if r.Kind.hasNumber() && !r.Kind.isShare() && l.Number == math.Trunc(l.Number) && math.Abs(l.Number) < 1<<53 {
		return text.Count(int64(l.Number))
	}
	return r.limitText(l)
}

func (r Rule) limitText(l Limit) string {
	if r.Kind == Type {
		return l.Type.String()
	}
	return strconv.FormatFloat(l.Number, 'f', -1, 64)
}

// Set is a list of rules, at most one per kind and column.
type Set []Rule

// WithGiven returns the set with rule added. If the set has a rule of the same kind and column, rule replaces it. A
// rule that is Off stays in the set, so that it can remove rules of another set.
func (s Set) WithGiven(rule Rule) Set {
	return append(slices.DeleteFunc(slices.Clone(s), func(own Rule) bool { return own.Kind == rule.Kind && own.Column == rule.Column }), rule)
}

// With returns the rules of s and others. If both sets have a rule of the same kind and column, With returns the rule
// of others. It leaves out rules that are Off.
func (s Set) With(others Set) Set {
	type subject struct {
		kind   Kind
		column text.Text
	}
	all, places := slices.Clone(s), map[subject]int{}
	for i, rule := range all {
		places[subject{rule.Kind, rule.Column}] = i
	}
	for _, rule := range others {
		if rule.Off && rule.Kind.OfColumn() && rule.Column.IsEmpty() {
			for i := range s {
				all[i].Off = all[i].Off || all[i].Kind == rule.Kind
			}
		}
		about := subject{rule.Kind, rule.Column}
		at, known := places[about]
		if known {
			all[at] = rule
			continue
		}
		places[about] = len(all)
		all = append(all, rule)
	}
	all = slices.DeleteFunc(all, func(r Rule) bool { return r.Off })
	slices.SortStableFunc(all, func(a, b Rule) int { return cmp.Compare(a.Kind, b.Kind) })
	return all
}

// check returns the reason why a rule is invalid, or "".
func (r Rule) check() string {
	for _, limit := range []Limit{r.Warn, r.Fail} {
		if !limit.Set || !r.Kind.hasNumber() {
			continue
		}
		text := r.limitText(limit)
		switch {
		case limit.Number < 0:
			return text + " is below 0"
		case r.Kind == Coverage && limit.Number > 1:
			return text + " is more than 1 (1 means all items)"
		case r.Kind == MaxDrift && limit.Number > 1:
			return text + " is more than 1, the maximum drift"
		case !r.Kind.isShare() && limit.Number != math.Trunc(limit.Number):
			return text + " is not a whole number"
		}
	}
	if r.Warn.Set && r.Fail.Set && r.Kind.hasNumber() {
		if warn, fail := r.Warn.Number, r.Fail.Number; warn != fail && warn > fail != r.Kind.isMin() {
			return fmt.Sprintf("the warn limit %s has no effect, because the fail limit %s is reached first", r.limitText(r.Warn), r.limitText(r.Fail))
		}
	}
	if r.Kind.OfColumn() && r.Column.IsEmpty() {
		return "the column is missing"
	}
	return ""
}

// ValueType is a type that a rule can require for the values of a column.
type ValueType int

// The types. Numbers and dates include those written as text, such as "$19.99".
const (
	TypeText ValueType = iota
	TypeNumber
	TypeDate
	TypeURL
	TypeBool
	TypeObject
	TypeList
	valueTypes
)

// String returns the name of the type in files and flags.
func (t ValueType) String() string {
	words := [valueTypes]string{"text", "number", "date", "url", "bool", "object", "list"}
	if t < 0 || t >= valueTypes {
		return "unknown"
	}
	return words[t]
}

func valueTypeOf(word string) (ValueType, bool) {
	for t := range valueTypes {
		if strings.EqualFold(word, t.String()) {
			return t, true
		}
	}
	return 0, false
}

// allows reports whether values of the actual type satisfy a rule for type t. Prices and dates written as text also
// satisfy a rule for text.
func (t ValueType) allows(actual profile.Type) bool {
	switch t {
	case TypeText:
		return actual.IsText()
	case TypeNumber:
		return actual == profile.Number || actual == profile.NumberInText
	case TypeDate:
		return actual == profile.Date
	case TypeURL:
		return actual == profile.URL
	case TypeBool:
		return actual == profile.Bool
	case TypeObject:
		return actual == profile.Object
	case TypeList:
		return actual == profile.List
	case valueTypes:
	}
	return false
}
