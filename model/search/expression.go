package search

import (
	"errors"
	"regexp"
	"regexp/syntax"
	"strings"
	"sync"
	"unicode/utf8"

	"sbwatch/model/automaton"
	"sbwatch/model/lang"
)

// expression is a regular expression to search for.
type expression struct {
	compiled *regexp.Regexp
	scan     *rowScan
	// program returns the automaton for the expression. The automaton is compiled when it is first needed.
	program func() *automaton.Program
	// alternatives are literals of which every ASCII match of the expression contains at least one. They are nil if
	// there are no such literals.
	alternatives *alternatives
	// minLen is the minimum length of a match in bytes.
	minLen int
}

// automaticExpression is an expression that is matched by an automaton. It is not safe for concurrent use.
type automaticExpression struct {
	*expression
	automaton *automaton.Matcher
	// searched is the number of values that were searched for the literals in alternatives. hits is the number of these
	// values that contained at least one of the literals.
	searched, hits int
}

// minSearched is the number of values to search before deciding whether to go on searching for the literals in
// alternatives. The search saves no time if most values contain one of them.
const minSearched = 1000

// matchIn reports whether value contains a match of the regular expression. If each match must contain one of several
// texts, such as "abc" or "xyz" for abc|xyz+, and value is ASCII, matchIn first searches value for these texts. This is
// fast, and most values contain none of them.
func (a *automaticExpression) matchIn(value []byte) bool {
	if len(value) < a.minLen {
		return false
	}
	texts := a.alternatives
	if texts == nil || !isASCII(value) || !texts.isComplete && a.searched > minSearched && a.hits > a.searched/2 {
		return a.automaton.Match(value)
	}
	a.searched++
	if !texts.areIn(value) {
		return false
	}
	a.hits++
	return texts.isComplete || a.automaton.Match(value)
}

func (e *expression) forOne() matcher {
	return &automaticExpression{expression: e, automaton: e.program().Matcher()}
}

// newExpression compiles a pattern. The offsets in its error count from the start of the query, which is "re:" followed
// by the pattern.
func newExpression(pattern string) (*expression, error) {
	ignoreCase := !hasCapital(pattern)
	flagged := pattern
	if ignoreCase {
		flagged = "(?i)" + pattern
	}
	compiled, err := regexp.Compile(flagged)
	if err != nil {
		return nil, describeError(pattern, err)
	}
	e := &expression{compiled: compiled, program: sync.OnceValue(func() *automaton.Program { return automaton.New(flagged, compiled) })}
	if parsed, err := syntax.Parse(flagged, syntax.Perl); err == nil {
		e.alternatives, e.minLen = alternativesOf(parsed, ignoreCase), minLen(parsed)
		if text, folds := requiredText(parsed); text != "" {
			e.scan = scanFor(text, folds)
			e.scan.certain = false
		}
	}
	return e, nil
}

func (e *expression) matchIn(value []byte) bool { return e.compiled.Match(value) }

func (e *expression) spans(value []byte) [][2]int {
	var spans [][2]int
	for _, place := range e.compiled.FindAllIndex(value, -1) {
		if place[0] < place[1] {
			spans = append(spans, [2]int{place[0], place[1]})
		}
	}
	return spans
}

func (e *expression) rows() *rowScan { return e.scan }

// hasCapital reports whether the pattern contains a capital letter that matches itself. In "\S", "\pL" and "(?U)", the
// capital letters have another meaning and are ignored.
func hasCapital(pattern string) bool {
	for pattern != "" {
		switch {
		case strings.HasPrefix(pattern, `\p`), strings.HasPrefix(pattern, `\P`), strings.HasPrefix(pattern, `\x`):
			name := pattern[2:]
			if end := strings.IndexByte(name, '}'); end >= 0 && name[0] == '{' {
				pattern = name[end+1:]
				continue
			}
			width := 1
			if pattern[1] == 'x' {
				width = 2
			}
			pattern = name[min(len(name), width):]
		case pattern[0] == '\\':
			_, size := utf8.DecodeRuneInString(pattern[1:])
			pattern = pattern[1+size:]
		case strings.HasPrefix(pattern, "(?"):
			end := strings.IndexAny(pattern, ":>)")
			pattern = pattern[max(end+1, 2):]
		default:
			r, size := utf8.DecodeRuneInString(pattern)
			if isCapital(r) {
				return true
			}
			pattern = pattern[size:]
		}
	}
	return false
}

// requiredText returns the longest text that every match of e contains, and whether the case of that text is ignored.
// It returns "" if there is no such text.
func requiredText(e *syntax.Regexp) (text string, ignoreCase bool) {
	switch e.Op {
	case syntax.OpLiteral:
		ignoreCase = e.Flags&syntax.FoldCase != 0
		for part := range strings.FieldsFuncSeq(string(e.Rune), func(r rune) bool { return !isPlain(r, ignoreCase) }) {
			if len(part) > len(text) {
				text = part
			}
		}
	case syntax.OpCapture, syntax.OpPlus:
		return requiredText(e.Sub[0])
	case syntax.OpRepeat:
		if e.Min > 0 {
			return requiredText(e.Sub[0])
		}
	case syntax.OpConcat:
		for _, sub := range e.Sub {
			if t, f := requiredText(sub); len(t) > len(text) {
				text, ignoreCase = t, f
			}
		}
	default: // may match many texts, or the empty text
	}
	return text, ignoreCase
}

// minLen returns the minimum length of a match of e in bytes, or a lower number.
func minLen(e *syntax.Regexp) int {
	total := 0
	switch e.Op {
	case syntax.OpLiteral:
		return len(e.Rune)
	case syntax.OpCharClass, syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return 1
	case syntax.OpCapture, syntax.OpPlus:
		return minLen(e.Sub[0])
	case syntax.OpRepeat:
		return e.Min * minLen(e.Sub[0])
	case syntax.OpConcat:
		for _, sub := range e.Sub {
			total += minLen(sub)
		}
	case syntax.OpAlternate:
		total = minLen(e.Sub[0])
		for _, sub := range e.Sub[1:] {
			total = min(total, minLen(sub))
		}
	default: // may match the empty text
	}
	return total
}

// isPlain reports whether a regular expression and a literal treat r in the same way. They treat U+FFFD differently: in
// an expression, it also matches invalid UTF-8. If case is ignored, they also treat k and s differently: an expression
// accepts the Kelvin sign for k, and the long s for s.
func isPlain(r rune, ignoreCase bool) bool {
	return r != utf8.RuneError && (!ignoreCase || !strings.ContainsRune("kKsS\u017f\u212a", r))
}

func describeError(pattern string, err error) *lang.Error {
	var wrong *syntax.Error
	if !errors.As(err, &wrong) {
		return &lang.Error{From: len(regexpPrefix), To: len(regexpPrefix) + len(pattern), Reason: "invalid regular expression"}
	}
	// Patterns are parsed from left to right. The error is therefore just after the longest prefix that does not cause
	// it.
	from := len(pattern)
	for from > 0 && failsWith(pattern[:from], wrong.Code) {
		from--
	}
	_, size := utf8.DecodeRuneInString(pattern[from:])
	to := min(from+max(1, size), len(pattern))
	if wrong.Expr != "" && strings.HasSuffix(pattern[:to], wrong.Expr) {
		from = to - len(wrong.Expr)
	}
	return &lang.Error{From: len(regexpPrefix) + from, To: len(regexpPrefix) + to, Reason: reason(wrong.Code)}
}

func failsWith(pattern string, code syntax.ErrorCode) bool {
	_, err := syntax.Parse(pattern, syntax.Perl)
	var wrong *syntax.Error
	return errors.As(err, &wrong) && wrong.Code == code
}

func reason(code syntax.ErrorCode) string {
	switch code {
	case syntax.ErrInvalidCharClass:
		return "invalid character class"
	case syntax.ErrInvalidCharRange:
		return "invalid character range"
	case syntax.ErrInvalidEscape:
		return "unknown escape"
	case syntax.ErrInvalidNamedCapture:
		return "invalid group name"
	case syntax.ErrInvalidPerlOp:
		return "unknown group type (?…)"
	case syntax.ErrInvalidRepeatOp:
		return "repeated repetition"
	case syntax.ErrInvalidRepeatSize:
		return "repetition count too large"
	case syntax.ErrMissingBracket:
		return "unclosed ["
	case syntax.ErrMissingParen:
		return "unclosed ("
	case syntax.ErrMissingRepeatArgument:
		return "nothing to repeat"
	case syntax.ErrTrailingBackslash:
		return "trailing backslash"
	case syntax.ErrUnexpectedParen:
		return "unmatched )"
	default:
		return "expression too large"
	}
}
