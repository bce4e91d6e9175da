package compute

import (
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"sbwatch/model/item"
	"sbwatch/model/lang"
	"sbwatch/model/text"
)

type function struct {
	name, usage, does string
	min, max          int // number of arguments
	// apply computes the result of the function. It is nil for "if" and "coalesce", which do not evaluate all
	// arguments.
	apply func(args []value) value
}

// manyArgs is the maximum number of arguments of functions such as min, which take one or more.
const manyArgs = 100

func functions() []function {
	return []function{
		{"abs", "abs(number)", "the number without its sign", 1, 1, ofNumber(absolute)},
		{"coalesce", "coalesce(a, b, …)", "the first value that is not absent", 1, manyArgs, nil},
		{"contains", "contains(text, part)", "whether the text contains the part, ignoring case", 2, 2, containsOf},
		{"host", "host(url)", "the host of an address", 1, 1, ofText(hostOf)},
		{"if", "if(condition, a, b)", "the value a if the condition is true, otherwise b", 2, 3, nil},
		{"len", "len(value)", "the number of characters, or of elements of a list", 1, 1, lenOf},
		{"lower", "lower(text)", "the text in lower case", 1, 1, ofText(strings.ToLower)},
		{"max", "max(a, b, …)", "the largest number", 1, manyArgs, extreme(1)},
		{"min", "min(a, b, …)", "the smallest number", 1, manyArgs, extreme(-1)},
		{"number", "number(text)", "the number in a text such as $1,299.00", 1, 1, ofNumber(func(n number) number { return n })},
		{"replace", "replace(text, old, new)", "the text with old replaced by new everywhere", 3, 3, replaceIn},
		{"round", "round(number, decimals)", "the number rounded to the given number of decimals (0 if omitted)", 1, 2, roundTo},
		{"trim", "trim(text)", "the text without spaces at its ends", 1, 1, ofText(strings.TrimSpace)},
		{"upper", "upper(text)", "the text in upper case", 1, 1, ofText(strings.ToUpper)},
	}
}

// functionOf returns the function with a name, or nil.
func functionOf(name string) *function {
	for _, f := range functions() {
		if strings.EqualFold(f.name, name) {
			return &f
		}
	}
	return nil
}

func unknownFunction(name token) *lang.Error {
	err := &lang.Error{From: name.from, To: name.to, Reason: "no function " + lang.Excerpt(name.text)}
	names := Functions()
	near := text.Nearest(name.text, slices.Values(names))
	switch substitute := substituteFor(strings.ToLower(name.text)); {
	case substitute != "":
		err.Hint = substitute
	case near != "":
		err.Hint = "did you mean " + near + "?"
	default:
		err.Hint = "functions are " + strings.Join(names, ", ")
	}
	return err
}

// Functions returns the names of all functions, in alphabetical order.
func Functions() []string {
	var names []string
	for _, f := range functions() {
		names = append(names, f.name)
	}
	return names
}

// substituteFor returns advice about a function that other languages have, such as "write len(value)" for "size". It
// returns "" for any other name. The name is in lower case.
func substituteFor(name string) string {
	switch name {
	case "length", "size", "count":
		return "write len(value)"
	case "concat", "concatenate", "join":
		return "join texts with &"
	case "sum", "add":
		return "add numbers with +"
	case "avg", "average", "mean":
		return "write (a + b) / 2"
	case "mod", "modulo":
		return "write a % b"
	case "ifnull", "isnull", "nvl":
		return "write coalesce(a, b)"
	case "iif", "case", "when":
		return "write if(condition, a, b)"
	case "int", "integer", "float", "double", "num", "tonumber", "parse", "value", "cast":
		return "write number(text)"
	case "floor", "ceil", "ceiling", "trunc":
		return "write round(number)"
	case "lcase", "tolower", "lowercase":
		return "write lower(text)"
	case "ucase", "toupper", "uppercase":
		return "write upper(text)"
	case "strip":
		return "write trim(text)"
	case "domain", "hostname":
		return "write host(url)"
	case "includes", "has", "find", "search":
		return "write contains(text, part)"
	case "substitute":
		return "write replace(text, old, new)"
	default:
		return ""
	}
}

// ofNumber returns the function that calls f with its only argument, converted to a number.
func ofNumber(f func(number) number) func([]value) value {
	return func(args []value) value {
		n, ok := args[0].asNumber()
		if !ok {
			return value{}
		}
		return value{kind: kindNumber, number: f(n)}
	}
}

// ofText returns the function that calls f with its only argument, converted to text.
func ofText(f func(string) string) func([]value) value {
	return func(args []value) value {
		s, ok := args[0].asText()
		if !ok {
			return value{}
		}
		return textValue(f(s))
	}
}

func lenOf(args []value) value {
	if cell := args[0].cell; cell.Kind() == item.CellArray {
		n := 0
		for range cell.Elements() {
			n++
		}
		return numberValue(float64(n))
	}
	s, ok := args[0].asText()
	if !ok {
		return value{}
	}
	return numberValue(float64(utf8.RuneCountInString(s)))
}

// extreme returns an aggregate function: min if order is -1, and max if it is 1. The function ignores absent values.
func extreme(order int) func([]value) value {
	return func(args []value) value {
		var best value
		for _, arg := range args {
			if n, ok := arg.asNumber(); ok && (best.kind == kindAbsent || compareNumbers(n, best.number) == order) {
				best = value{kind: kindNumber, number: n}
			}
		}
		return best
	}
}

func containsOf(args []value) value {
	s, hasText := args[0].asText()
	part, hasPart := args[1].asText()
	if !hasText || !hasPart {
		return value{}
	}
	return boolValue(strings.Contains(strings.ToLower(s), strings.ToLower(part)))
}

func replaceIn(args []value) value {
	s, ok := args[0].asText()
	old, hasOld := args[1].asText()
	if !ok || !hasOld || old == "" {
		return args[0]
	}
	with, _ := args[2].asText()
	if len(s)+strings.Count(s, old)*max(0, len(with)-len(old)) > maxText {
		return value{}
	}
	return textValue(strings.ReplaceAll(s, old, with))
}

func roundTo(args []value) value {
	n, ok := args[0].asNumber()
	var places number
	if len(args) > 1 && ok {
		places, ok = args[1].asNumber()
	}
	if !ok {
		return value{}
	}
	const maxDecimals = 15
	decimals := int(max(-maxDecimals, min(places.float, maxDecimals)))
	if n.large != nil {
		return roundLarge(n.large, max(0, -decimals))
	}
	factor := math.Pow10(decimals)
	rounded := math.Round(significant(n.float*factor)) / factor
	if math.IsInf(rounded, 0) || math.IsNaN(rounded) {
		return numberValue(n.float)
	}
	return numberValue(rounded)
}

// hostOf returns the host of a URL, in lower case. It returns "" if the URL has no host.
func hostOf(url string) string {
	_, rest, found := strings.Cut(url, "://")
	if !found {
		if rest, found = strings.CutPrefix(url, "//"); !found {
			return ""
		}
	}
	if end := strings.IndexAny(rest, `/?#\`); end >= 0 {
		rest = rest[:end]
	}
	if at := strings.LastIndexByte(rest, '@'); at >= 0 {
		rest = rest[at+1:]
	}
	if colon := strings.LastIndexByte(rest, ':'); colon >= 0 && !strings.HasSuffix(rest, "]") {
		rest = rest[:colon]
	}
	return strings.ToLower(rest)
}
