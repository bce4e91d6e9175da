// Package rules holds what a user demands of the items of a run, and judges a run by it.
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

// Kind is what a rule is about.
type Kind int

// The kinds of rule, in the order in which they are judged.
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

// String is the name of the rule, in files and as a flag.
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

// Kinds are all of them.
func Kinds() []Kind {
	all := make([]Kind, kinds)
	for i := range all {
		all[i] = Kind(i)
	}
	return all
}

// OfColumn tells whether there can be one such rule for each column.
func (k Kind) OfColumn() bool { return k == Coverage || k == Unique || k == Type }

// isShare tells rules whose limits lie between 0 and 1 from those that count.
func (k Kind) isShare() bool { return k == Coverage || k == MaxDrift }

// hasNumber tells rules with a number as their limit.
func (k Kind) hasNumber() bool { return k != Unique && k != NoWarnings && k != Type }

// isLeast tells whether the limit is the least that is allowed.
func (k Kind) isLeast() bool { return k == MinItems || k == Coverage }

// Limit is what a rule demands at one of its levels.
type Limit struct {
	// Set is false where the rule has no such level.
	Set bool
	// Number is the limit of rules that have one.
	Number float64
	// Type is what all values must be, for rules of that kind.
	Type ValueType
}

// Rule is one demand. A rule whose Warn alone is broken is a warning and no more.
type Rule struct {
	Kind Kind
	// Column is the name of the column, for rules of columns.
	Column     text.Text
	Warn, Fail Limit
	// Off takes back a rule that was given elsewhere, as "no-warnings = false" does. Without a column, where there is one rule
	// for each, it takes back all of them, as "unique = []" does.
	Off bool
}

// String is the rule as it was asked for, printable: "coverage price 0.95/0.8".
func (r Rule) String() string {
	text := r.Kind.String()
	if r.Kind.OfColumn() {
		text += " " + r.Column.String()
	}
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

func (r Rule) limitText(l Limit) string {
	if r.Kind == Type {
		return l.Type.String()
	}
	return strconv.FormatFloat(l.Number, 'f', -1, 64)
}

// Set is a list of rules, of each kind and column one.
type Set []Rule

// WithGiven is the set with one more rule, which may take one back that is given elsewhere.
func (s Set) WithGiven(rule Rule) Set {
	return append(slices.DeleteFunc(slices.Clone(s), func(own Rule) bool { return own.Kind == rule.Kind && own.Column == rule.Column }), rule)
}

// With is the set with other rules, which win where both have one.
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

// check says what is wrong with a rule; "" where nothing is.
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
			return text + " is more than 1, which is all"
		case r.Kind == MaxDrift && limit.Number > 1:
			return text + " is more than 1, the most that a drift can be"
		case !r.Kind.isShare() && limit.Number != math.Trunc(limit.Number):
			return text + " is not a whole number"
		}
	}
	if r.Warn.Set && r.Fail.Set && r.Kind.hasNumber() {
		if warn, fail := r.Warn.Number, r.Fail.Number; warn != fail && warn > fail != r.Kind.isLeast() {
			return fmt.Sprintf("the level to warn at, %s, comes after the one to fail at, %s", r.limitText(r.Warn), r.limitText(r.Fail))
		}
	}
	if r.Kind.OfColumn() && r.Column.IsEmpty() {
		return "it names no column"
	}
	return ""
}

// ValueType is what a rule can demand all values of a column to be.
type ValueType int

// The types that can be demanded. A number may stand in a text, as "$19.99" does.
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

// String is the word for the type, in files and in flags.
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

// allows tells whether values of a profile's type are of the type. Any text is one, be it a price or a date.
func (t ValueType) allows(found profile.Type) bool {
	switch t {
	case TypeText:
		return found.IsText()
	case TypeNumber:
		return found == profile.Number || found == profile.NumberInText
	case TypeDate:
		return found == profile.Date
	case TypeURL:
		return found == profile.URL
	case TypeBool:
		return found == profile.Bool
	case TypeObject:
		return found == profile.Object
	case TypeList:
		return found == profile.List
	case valueTypes:
	}
	return false
}
