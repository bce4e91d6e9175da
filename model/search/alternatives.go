package search

import (
	"regexp/syntax"
	"slices"
	"strings"
	"unicode/utf8"
)

// alternatives holds literals of which every ASCII match of an expression contains at least one. For "(red|blue)
// shoe.*", they are "red shoe" and "blue shoe".
type alternatives struct {
	literals []*literal
	// isComplete means that an ASCII text matches the expression if it contains one of the literals.
	isComplete bool
}

// The maximum number of literals and the minimum length of each. Searching for more or shorter literals is not faster
// than matching the expression itself.
const (
	maxAlternatives = 6
	minAlternative  = 3
)

// alternativesOf returns literals of which every ASCII match of e contains at least one. It returns nil if there are no
// such literals, or if they are too short or too many.
func alternativesOf(e *syntax.Regexp, ignoreCase bool) *alternatives {
	texts, isComplete := required(e, ignoreCase)
	if shortest(texts) < minAlternative || len(texts) > maxAlternatives {
		return nil
	}
	a := &alternatives{isComplete: isComplete}
	for _, text := range texts {
		a.literals = append(a.literals, newLiteral(text, ignoreCase))
	}
	return a
}

func (a *alternatives) areIn(value []byte) bool {
	for _, l := range a.literals {
		if l.matchIn(value) {
			return true
		}
	}
	return false
}

func isASCII(text []byte) bool {
	i := skipASCII(text, 0)
	for i < len(text) && text[i] < utf8.RuneSelf {
		i++
	}
	return i == len(text)
}

// required returns texts of which every ASCII match of e contains at least one: for "(red|blue) shoe.*", the texts "red
// shoe" and "blue shoe". For ".*", it returns no texts. If isComplete is true, e has no other ASCII matches than these
// texts, as for "red|blue".
func required(e *syntax.Regexp, ignoreCase bool) (texts []string, isComplete bool) {
	if texts, ok := enumerate(e, ignoreCase); ok {
		return texts, true
	}
	switch e.Op {
	case syntax.OpCapture, syntax.OpPlus:
		texts, _ = required(e.Sub[0], ignoreCase)
	case syntax.OpRepeat:
		if e.Min > 0 {
			texts, _ = required(e.Sub[0], ignoreCase)
		}
	case syntax.OpAlternate:
		for _, sub := range e.Sub {
			more, _ := required(sub, ignoreCase)
			if len(more) == 0 {
				return nil, false
			}
			texts = append(texts, more...)
		}
	case syntax.OpConcat:
		for i := range e.Sub {
			if more, _ := required(e.Sub[i], ignoreCase); shortest(more) > shortest(texts) {
				texts = more
			}
			if more := longestPrefix(e.Sub[i:], ignoreCase); shortest(more) > shortest(texts) {
				texts = more
			}
		}
	default: // may match any text
	}
	return texts, false
}

// longestPrefix returns the texts that the first expressions of a sequence can match: for "a", "[bc]" and ".*", the
// texts "ab" and "ac". It stops before an expression that would lead to more than maxAlternatives texts.
func longestPrefix(parts []*syntax.Regexp, ignoreCase bool) []string {
	texts := []string{""}
	for _, part := range parts {
		more, ok := enumerate(part, ignoreCase)
		if !ok || len(texts)*len(more) > maxAlternatives {
			break
		}
		texts = product(texts, more)
	}
	return texts
}

// shortest returns the length of the shortest text, or 0 if there are none.
func shortest(texts []string) int {
	if len(texts) == 0 {
		return 0
	}
	return len(slices.MinFunc(texts, func(a, b string) int { return len(a) - len(b) }))
}

// product returns each text of a followed by each text of b: for ["a" "b"] and ["c" "d"], the texts "ac", "ad", "bc"
// and "bd".
func product(a, b []string) []string {
	var all []string
	for _, first := range a {
		for _, second := range b {
			all = append(all, first+second)
		}
	}
	return all
}

// enumerate returns all ASCII texts that match e, in lower case if ignoreCase is true. It returns false if there are
// too many matches, or if a match depends on the text around it.
func enumerate(e *syntax.Regexp, ignoreCase bool) (texts []string, ok bool) {
	switch e.Op {
	case syntax.OpNoMatch:
		return nil, true
	case syntax.OpEmptyMatch:
		return []string{""}, true
	case syntax.OpLiteral:
		return enumerateLiteral(e, ignoreCase)
	case syntax.OpCharClass:
		return enumerateClass(e.Rune, ignoreCase)
	case syntax.OpCapture:
		return enumerate(e.Sub[0], ignoreCase)
	case syntax.OpQuest:
		texts, ok = enumerate(e.Sub[0], ignoreCase)
		return append(texts, ""), ok
	case syntax.OpConcat:
		texts = []string{""}
		for _, sub := range e.Sub {
			more, ok := enumerate(sub, ignoreCase)
			if !ok || len(texts)*len(more) > maxAlternatives {
				return nil, false
			}
			texts = product(texts, more)
		}
		return texts, true
	case syntax.OpAlternate:
		for _, sub := range e.Sub {
			more, ok := enumerate(sub, ignoreCase)
			if !ok || len(texts)+len(more) > maxAlternatives {
				return nil, false
			}
			texts = append(texts, more...)
		}
		return texts, true
	default:
		return nil, false
	}
}

func enumerateLiteral(e *syntax.Regexp, ignoreCase bool) ([]string, bool) {
	text := string(e.Rune)
	switch {
	case ignoreCase != (e.Flags&syntax.FoldCase != 0) && strings.ToLower(text) != strings.ToUpper(text):
		return nil, false // the expression ignores case only in some places
	case strings.ContainsFunc(text, func(r rune) bool { return r >= utf8.RuneSelf }):
		return nil, true // ASCII text cannot match
	case ignoreCase:
		text = strings.ToLower(text)
	}
	return []string{text}, true
}

// enumerateClass implements enumerate for a character class such as [0-9_]. ranges holds the first and last character
// of each range: '0', '9', '_' and '_'.
func enumerateClass(ranges []rune, ignoreCase bool) ([]string, bool) {
	var has [utf8.RuneSelf]bool
	for i := 0; i+1 < len(ranges); i += 2 {
		for r := ranges[i]; r <= min(ranges[i+1], utf8.RuneSelf-1); r++ {
			has[r] = true
		}
	}
	var texts []string
	for c, isIn := range has {
		other := c ^ ' ' // the same letter in the other case
		isUpper, isLower := 'A' <= c && c <= 'Z', 'a' <= c && c <= 'z'
		switch {
		case !isIn:
			continue
		case ignoreCase && (isUpper || isLower) && !has[other]:
			return nil, false
		case !ignoreCase || !isUpper:
			texts = append(texts, string(rune(c)))
		}
		if len(texts) > maxAlternatives {
			return nil, false
		}
	}
	return texts, true
}
