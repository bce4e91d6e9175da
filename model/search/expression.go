package search

import (
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
	"strings"
	"unicode/utf8"
)

// Error is a query that cannot be read.
type Error struct {
	// From and To are the place of the offending part, in bytes of the query as it was typed.
	From, To int
	// Reason says what is wrong with it, in a few printable words.
	Reason string
}

// Error is the reason, and where.
func (e *Error) Error() string { return fmt.Sprintf("%s, at byte %d", e.Reason, e.From+1) }

// expression is a regular expression to find.
type expression struct {
	compiled *regexp.Regexp
	scan     *rowScan
}

// newExpression compiles a pattern. Places in its error count from the beginning of the query.
func newExpression(pattern string) (*expression, error) {
	fold := !hasCapital(pattern)
	flagged := pattern
	if fold {
		flagged = "(?i)" + pattern
	}
	compiled, err := regexp.Compile(flagged)
	if err != nil {
		return nil, explain(pattern, err)
	}
	e := &expression{compiled: compiled}
	if parsed, err := syntax.Parse(flagged, syntax.Perl); err == nil {
		if text, folds := needed(parsed); text != "" {
			e.scan = scanFor(text, folds)
			e.scan.certain = false
		}
	}
	return e, nil
}

func (e *expression) in(value []byte) bool { return e.compiled.Match(value) }

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

// hasCapital tells whether a capital letter is to be matched, or excluded: "\S", "\pL" and "(?U)" have none.
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

// needed is the longest text that is in everything that an expression matches, "" where none is known, and whether its
// letters may be in either case.
func needed(e *syntax.Regexp) (text string, fold bool) {
	switch e.Op {
	case syntax.OpLiteral:
		fold = e.Flags&syntax.FoldCase != 0
		for part := range strings.FieldsFuncSeq(string(e.Rune), func(r rune) bool { return !isPlain(r, fold) }) {
			if len(part) > len(text) {
				text = part
			}
		}
	case syntax.OpCapture, syntax.OpPlus:
		return needed(e.Sub[0])
	case syntax.OpRepeat:
		if e.Min > 0 {
			return needed(e.Sub[0])
		}
	case syntax.OpConcat:
		for _, sub := range e.Sub {
			if t, f := needed(sub); len(t) > len(text) {
				text, fold = t, f
			}
		}
	default: // what may match many texts, or none
	}
	return text, fold
}

// isPlain tells whether expressions find a rune exactly where a literal does. To them bytes that are not UTF-8 are U+FFFD, and
// a long s and the sign for Kelvin are cases of s and k.
func isPlain(r rune, fold bool) bool {
	return r != utf8.RuneError && (!fold || !strings.ContainsRune("kKsS\u017f\u212a", r))
}

// explain says what is wrong with a pattern, and where.
func explain(pattern string, err error) *Error {
	var wrong *syntax.Error
	if !errors.As(err, &wrong) {
		return &Error{len(regexpPrefix), len(regexpPrefix) + len(pattern), "this is no regular expression"}
	}
	// What is read from left to right goes wrong behind the longest part that does not go wrong in this way.
	from := len(pattern)
	for from > 0 && failsWith(pattern[:from], wrong.Code) {
		from--
	}
	_, size := utf8.DecodeRuneInString(pattern[from:])
	to := min(from+max(1, size), len(pattern))
	if wrong.Expr != "" && strings.HasSuffix(pattern[:to], wrong.Expr) {
		from = to - len(wrong.Expr)
	}
	return &Error{len(regexpPrefix) + from, len(regexpPrefix) + to, reason(wrong.Code)}
}

func failsWith(pattern string, code syntax.ErrorCode) bool {
	_, err := syntax.Parse(pattern, syntax.Perl)
	var wrong *syntax.Error
	return errors.As(err, &wrong) && wrong.Code == code
}

// reason says in a few words what an error is about.
func reason(code syntax.ErrorCode) string {
	switch code {
	case syntax.ErrInvalidCharClass:
		return "this class of characters makes no sense"
	case syntax.ErrInvalidCharRange:
		return "there is no such range of characters"
	case syntax.ErrInvalidEscape:
		return `there is no such \ sequence`
	case syntax.ErrInvalidNamedCapture:
		return "this name of a group makes no sense"
	case syntax.ErrInvalidPerlOp:
		return "(?…) of this kind is not known"
	case syntax.ErrInvalidRepeatOp:
		return "this repeats what is repeated already"
	case syntax.ErrInvalidRepeatSize:
		return "this repeats too often"
	case syntax.ErrMissingBracket:
		return "[ without ]"
	case syntax.ErrMissingParen:
		return "( without )"
	case syntax.ErrMissingRepeatArgument:
		return "there is nothing before it to repeat"
	case syntax.ErrTrailingBackslash:
		return `\ at the end`
	case syntax.ErrUnexpectedParen:
		return ") without ("
	default:
		return "this is too large"
	}
}
