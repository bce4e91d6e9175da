package rules

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"sbwatch/model/text"
)

// ParseFlag parses a rule from the command line. A rule has one limit, such as "50", or two limits, such as "0.95/0.8".
// With two limits, it warns at the first and fails at the second. A rule about a column starts with the name of the
// column: "price=0.9". For the kind Unique, the name is the whole rule: "sku".
func ParseFlag(kind Kind, s string) (Rule, error) {
	rule := Rule{Kind: kind}
	switch kind {
	case NoWarnings:
		rule.Fail.Set = true
		return rule, nil
	case Unique:
		rule.Column, rule.Fail.Set = text.NewText(s), true
		return rule, rule.problem()
	case Coverage, Type:
		at := strings.LastIndexByte(s, '=')
		if at <= 0 {
			return rule, fmt.Errorf("write a column and a limit, as in %s", example(kind))
		}
		rule.Column = text.NewText(s[:at])
		s = s[at+1:]
	case MinItems, MaxItems, MaxDuplicates, MaxEmptyPages, MaxRepeatedPages, MaxDrift, kinds:
	}
	warn, fail, two := strings.Cut(s, "/")
	switch {
	case !two:
		warn, fail = "", s
	case warn == "" && fail == "": // both limits may come from unset variables of a script
		return rule, fmt.Errorf("write a limit, as in %s", exampleOfTwo(kind))
	}
	var err error
	if warn != "" {
		rule.Warn, err = parseLimit(kind, warn)
	}
	if err == nil && (fail != "" || !two) {
		rule.Fail, err = parseLimit(kind, fail)
	}
	if err != nil {
		return rule, err
	}
	return rule, rule.problem()
}

func example(kind Kind) string {
	if kind == Type {
		return "price=number"
	}
	return "price=0.9"
}

func exampleOfTwo(kind Kind) string {
	switch kind {
	case Coverage:
		return "price=0.95/0.9"
	case Type:
		return "price=number/text"
	case MinItems:
		return "90/80"
	case MaxDrift:
		return "0.2/0.3"
	default:
		return "10/20"
	}
}

func (r Rule) problem() error {
	if says := r.check(); says != "" {
		return fmt.Errorf("%s", says)
	}
	return nil
}

// parseLimit parses a limit.
func parseLimit(kind Kind, s string) (Limit, error) {
	if kind == Type {
		t, known := valueTypeOf(s)
		if !known {
			return Limit{}, fmt.Errorf("%q is not a type: use text, number, date, url, bool, object or list", text.Printable(s))
		}
		return Limit{Set: true, Type: t}, nil
	}
	digits, isPercent := strings.CutSuffix(s, "%")
	number, err := strconv.ParseFloat(digits, 64)
	if err != nil || math.IsInf(number, 0) || math.IsNaN(number) || isPercent && !kind.isShare() {
		return Limit{}, fmt.Errorf("%q is not a number", text.Printable(s))
	}
	if isPercent {
		number /= 100
	}
	return Limit{Set: true, Number: number}, nil
}
