package search

import (
	"slices"
	"unicode"
	"unicode/utf8"
)

// literal is a text to find, in UTF-8, in either case or exactly.
//
// It is looked for by a stretch of it whose bytes stand in fixed places whatever their case, which is all of it but
// for a few letters that have more bytes in the other case.
type literal struct {
	typed string
	runes []rune // as foldRune makes them, if in either case
	fold  bool
	// stretch begins with rune number anchor.
	stretch []looseByte
	anchor  int
	// exact tells that the stretch is the whole text and that its bytes say all.
	exact  bool
	probes probes
}

// looseByte matches bytes that are want when the bits of loose are set in them.
type looseByte struct{ loose, want byte }

func (l looseByte) matches(c byte) bool { return c|l.loose == l.want }

// newLiteral takes a text that is not empty.
func newLiteral(text string, fold bool) *literal {
	l := &literal{typed: text, fold: fold, runes: []rune(text)}
	if !fold {
		for _, c := range []byte(text) {
			l.stretch = append(l.stretch, looseByte{0, c})
		}
		l.exact = true
		l.probes, _ = chooseProbes(l.stretch)
		return l
	}
	for i, r := range l.runes {
		l.runes[i] = foldRune(r)
	}
	rarest := 0
	for from := 0; from < len(l.runes); {
		stretch, end := stretchAt(l.runes, from)
		if p, commonness := chooseProbes(stretch); from == 0 || commonness < rarest {
			l.stretch, l.anchor, l.probes, rarest = stretch, from, p, commonness
		}
		from = end
	}
	l.exact = !slices.ContainsFunc(l.runes, func(r rune) bool { return r >= utf8.RuneSelf })
	return l
}

// stretchAt makes the stretch that begins with rune number from, and gives the number of the rune after it.
func stretchAt(runes []rune, from int) (stretch []looseByte, end int) {
	for end = from; end < len(runes); {
		cases := casesOf(runes[end])
		end++
		shared := utf8.UTFMax
		isEven := true
		for _, c := range cases {
			isEven = isEven && utf8.RuneLen(c) == utf8.RuneLen(cases[0])
			shared = min(shared, utf8.RuneLen(c))
		}
		first := len(stretch)
		for _, c := range cases {
			for i, b := range utf8.AppendRune(nil, c)[:shared] {
				if first+i == len(stretch) {
					stretch = append(stretch, looseByte{0, b})
				}
				s := &stretch[first+i]
				s.loose |= s.want ^ b
			}
		}
		if !isEven {
			break
		}
	}
	for i := range stretch {
		stretch[i].want |= stretch[i].loose
	}
	return stretch, end
}

// foldRune gives the same rune for all cases of a letter. Letters of ASCII keep to themselves, though Unicode has a long s
// and a sign for Kelvin that go with them.
func foldRune(r rune) rune {
	if r < utf8.RuneSelf {
		if 'A' <= r && r <= 'Z' {
			r |= ' '
		}
		return r
	}
	least := r
	for other := unicode.SimpleFold(r); other != r; other = unicode.SimpleFold(other) {
		if other < utf8.RuneSelf {
			return r
		}
		least = min(least, other)
	}
	return least
}

// casesOf are the runes that foldRune makes r of.
func casesOf(r rune) []rune {
	cases := []rune{r}
	for other := unicode.SimpleFold(r); other != r; other = unicode.SimpleFold(other) {
		if foldRune(other) == r {
			cases = append(cases, other)
		}
	}
	return cases
}

// matchAt tells whether the text is where its stretch is supposed at place i, and where it begins and ends.
func (l *literal) matchAt(text []byte, i int) (at, end int, ok bool) {
	if len(text)-i < len(l.stretch) {
		return 0, 0, false
	}
	for k, s := range l.stretch {
		if !s.matches(text[i+k]) {
			return 0, 0, false
		}
	}
	if l.exact {
		return i, i + len(l.stretch), true
	}
	at, end = i, i
	for _, want := range l.runes[l.anchor:] {
		r, size := utf8.DecodeRune(text[end:])
		if foldRune(r) != want || r == utf8.RuneError && size <= 1 {
			return 0, 0, false
		}
		end += size
	}
	for _, want := range slices.Backward(l.runes[:l.anchor]) {
		r, size := utf8.DecodeLastRune(text[:at])
		if foldRune(r) != want || r == utf8.RuneError && size <= 1 {
			return 0, 0, false
		}
		at -= size
	}
	return at, end, true
}

func (l *literal) in(value []byte) bool {
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

// find gives the first place at or after from where the text is.
func (l *literal) find(value []byte, from int) (at, end int, ok bool) {
	for i := l.probes.next(value, from); i >= 0; i = l.probes.next(value, i+1) {
		if at, end, ok = l.matchAt(value, i); ok && at >= from {
			return at, end, true
		}
	}
	return 0, 0, false
}

func (l *literal) rows() *rowScan { return scanFor(l.typed, l.fold) }
