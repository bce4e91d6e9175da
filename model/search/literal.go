package search

import (
	"slices"
	"unicode"
	"unicode/utf8"
)

// literal is a text to search for, in UTF-8, either with or without regard to case.
//
// The search first looks for the fixed part: a part of the text in which the upper and lower case of each letter have
// the same length in bytes. The fixed part is the whole text, except for a few unusual letters.
type literal struct {
	typed      string
	runes      []rune // folded by foldRune if case is ignored
	ignoreCase bool
	// fixedPart is the part of the text that is searched for first. It starts at runes[anchor].
	fixedPart []looseByte
	anchor    int
	// exact means that a match of the fixed part is always a match of the whole text.
	exact  bool
	probes probes
}

// looseByte matches a byte b if b|loose == want. loose holds the bits in which upper and lower case differ.
type looseByte struct{ loose, want byte }

func (l looseByte) matches(c byte) bool { return c|l.loose == l.want }

// newLiteral returns a literal for text, which must not be empty.
func newLiteral(text string, ignoreCase bool) *literal {
	l := &literal{typed: text, ignoreCase: ignoreCase, runes: []rune(text)}
	if !ignoreCase {
		for _, c := range []byte(text) {
			l.fixedPart = append(l.fixedPart, looseByte{0, c})
		}
		l.exact = true
		l.probes, _ = chooseProbes(l.fixedPart)
		return l
	}
	for i, r := range l.runes {
		l.runes[i] = foldRune(r)
	}
	rarest := 0
	for from := 0; from < len(l.runes); {
		fixedPart, end := fixedPartAt(l.runes, from)
		if p, frequency := chooseProbes(fixedPart); from == 0 || frequency < rarest {
			l.fixedPart, l.anchor, l.probes, rarest = fixedPart, from, p, frequency
		}
		from = end
	}
	l.exact = !slices.ContainsFunc(l.runes, func(r rune) bool { return r >= utf8.RuneSelf })
	return l
}

// fixedPartAt returns the longest part of the text that starts at runes[start] and can be a fixed part; see [literal].
// The result end is the index of the first rune after that part.
func fixedPartAt(runes []rune, start int) (fixedPart []looseByte, end int) {
	for end = start; end < len(runes); {
		cases := casesOf(runes[end])
		end++
		shared := utf8.UTFMax
		isEven := true
		for _, c := range cases {
			isEven = isEven && utf8.RuneLen(c) == utf8.RuneLen(cases[0])
			shared = min(shared, utf8.RuneLen(c))
		}
		first := len(fixedPart)
		for _, c := range cases {
			for i, b := range utf8.AppendRune(nil, c)[:shared] {
				if first+i == len(fixedPart) {
					fixedPart = append(fixedPart, looseByte{0, b})
				}
				s := &fixedPart[first+i]
				s.loose |= s.want ^ b
			}
		}
		if !isEven {
			break
		}
	}
	for i := range fixedPart {
		fixedPart[i].want |= fixedPart[i].loose
	}
	return fixedPart, end
}

// foldRune maps all cases of a letter to the same rune. ASCII letters match only ASCII letters: unlike Unicode,
// foldRune does not map the long s to s or the Kelvin sign to k.
func foldRune(r rune) rune {
	if r < utf8.RuneSelf {
		if 'A' <= r && r <= 'Z' {
			r |= ' '
		}
		return r
	}
	first := r
	for other := unicode.SimpleFold(r); other != r; other = unicode.SimpleFold(other) {
		if other < utf8.RuneSelf {
			return r
		}
		first = min(first, other)
	}
	return first
}

// casesOf returns the runes that foldRune maps to r.
func casesOf(r rune) []rune {
	cases := []rune{r}
	for other := unicode.SimpleFold(r); other != r; other = unicode.SimpleFold(other) {
		if foldRune(other) == r {
			cases = append(cases, other)
		}
	}
	return cases
}

// matchAt reports whether text contains a match of l whose fixed part is at offset i; see [literal]. It returns the
// start and the end of the match.
func (l *literal) matchAt(text []byte, i int) (start, end int, ok bool) {
	if len(text)-i < len(l.fixedPart) {
		return 0, 0, false
	}
	for k, s := range l.fixedPart {
		if !s.matches(text[i+k]) {
			return 0, 0, false
		}
	}
	if l.exact {
		return i, i + len(l.fixedPart), true
	}
	start, end = i, i
	for _, want := range l.runes[l.anchor:] {
		r, size := utf8.DecodeRune(text[end:])
		if foldRune(r) != want || r == utf8.RuneError && size <= 1 {
			return 0, 0, false
		}
		end += size
	}
	for _, want := range slices.Backward(l.runes[:l.anchor]) {
		r, size := utf8.DecodeLastRune(text[:start])
		if foldRune(r) != want || r == utf8.RuneError && size <= 1 {
			return 0, 0, false
		}
		start -= size
	}
	return start, end, true
}

func (l *literal) matchIn(value []byte) bool {
	_, _, ok := l.find(value, 0)
	return ok
}

func (l *literal) spans(value []byte) [][2]int {
	var spans [][2]int
	for at, end, ok := l.find(value, 0); ok; at, end, ok = l.find(value, end) {
		spans = append(spans, [2]int{at, end})
	}
	return spans
}

// find returns the start and the end of the first match that starts at or after an offset.
func (l *literal) find(value []byte, offset int) (start, end int, ok bool) {
	for i := l.probes.next(value, offset); i >= 0; i = l.probes.next(value, i+1) {
		if start, end, ok = l.matchAt(value, i); ok && start >= offset {
			return start, end, true
		}
	}
	return 0, 0, false
}

func (l *literal) rows() *rowScan { return scanFor(l.typed, l.ignoreCase) }

func (l *literal) forOne() matcher { return l }
