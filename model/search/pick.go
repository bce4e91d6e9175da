package search

import (
	"bytes"
	"strings"

	"sbwatch/model/item"
	"sbwatch/model/jsonscan"
)

// rowScan finds rows that may contain a text. It searches blocks of many rows at once.
type rowScan struct {
	// text is the text to find in the output of [jsonscan.AppendPlain].
	text *literal
	// isWord means that the text may be part of a number, or of true, false or null, as "12" and "ru" may.
	isWord bool
	// escaped means that the text contains a character that JSON escapes, such as a quote. Then a row without escapes
	// cannot contain the text.
	escaped bool
	// certain means that each row in which the scan finds the text matches. If certain is false, such a row must be
	// checked again.
	certain bool
	// folds means that values are compared in folded form. Rows whose text differs from its folded form are searched
	// one by one.
	folds bool
}

// scanFor returns a scan for rows that have a text in one of their values.
func scanFor(text string, ignoreCase bool) *rowScan {
	plain := strings.ReplaceAll(text, `"`, string(rune(jsonscan.QuoteInText)))
	return &rowScan{
		text:    newLiteral(plain, ignoreCase),
		isWord:  !strings.ContainsFunc(text, func(r rune) bool { return !jsonscan.IsWordChar(r) }),
		escaped: strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == '"' || r == '\\' }),
		certain: !strings.ContainsRune(plain, jsonscan.QuoteInText),
	}
}

// Picker returns a picker for the items that match the query: at least one of their values contains a match.
func (q Query) Picker(items item.Table) item.Picker {
	if q.IsEmpty() {
		return item.PickEach(func(int) bool { return true })
	}
	p := &picker{items: items, matches: q.matches.forOne(), scan: q.matches.rows()}
	if p.scan == nil {
		return item.PickEach(func(row int) bool { return p.values.match(items.Row(row), p.matches) })
	}
	return p
}

// blockSize is the number of bytes that are searched at once. A block fits in the cache of a core.
const blockSize = 64 << 10

// picker picks the items that match a query. It decodes the escapes of the rows, joins many rows to a block, and
// searches the block at once.
type picker struct {
	items   item.Table
	matches matcher
	scan    *rowScan
	block   block
	values  values
}

// block holds consecutive rows.
type block struct {
	text []byte
	rows []uint32
	ends []int // end offsets of the rows in text
	odd  []int // indexes of the rows that need folding
}

// findOdd sets b.odd to the indexes of the rows with a character that folding changes, such as a no-break space.
func (b *block) findOdd() {
	n := 0
	for i := nextToFold(b.text, 0); i < len(b.text); i = nextToFold(b.text, b.ends[n]) {
		for b.ends[n] <= i {
			n++
		}
		if isChanged(b.text[i:b.ends[n]]) {
			b.odd = append(b.odd, n)
		}
	}
}

// Pick appends the rows that match the query.
func (p *picker) Pick(picked, rows []uint32) []uint32 {
	for _, row := range rows {
		raw := p.items.Row(int(row))
		hasEscape := p.items.HasEscapes(int(row))
		switch b := &p.block; {
		case !hasEscape && p.scan.escaped:
			continue
		case len(raw) > blockSize: // a large row is searched without a copy
			picked = p.searchBlock(picked)
			if p.values.match(raw, p.matches) {
				picked = append(picked, row)
			}
			continue
		case hasEscape:
			b.text = jsonscan.AppendPlain(b.text, raw)
		default:
			b.text = append(b.text, raw...)
		}
		p.block.rows = append(p.block.rows, row)
		p.block.ends = append(p.block.ends, len(p.block.text))
		if len(p.block.text) >= blockSize {
			picked = p.searchBlock(picked)
		}
	}
	return p.searchBlock(picked)
}

// searchBlock appends the matching rows of the block to picked. It then empties the block.
func (p *picker) searchBlock(picked []uint32) []uint32 {
	b := &p.block
	if p.scan.folds {
		b.findOdd()
	}
	from, n := 0, 0 // offset of a row, and its index in the block
	place := rowPlace{}
	for i := p.scan.text.probes.next(b.text, 0); i >= 0; {
		for b.ends[n] <= i {
			from = b.ends[n]
			n++
			place = rowPlace{}
		}
		found, next := p.scan.check(b.text[from:b.ends[n]], i-from, &place)
		if found {
			picked = p.pickOdd(picked, n)
			if isOdd := len(b.odd) > 0 && b.odd[0] == n; !isOdd && (p.scan.certain || p.values.match(p.items.Row(int(b.rows[n])), p.matches)) {
				picked = append(picked, b.rows[n])
			}
			next = b.ends[n] - from
		}
		i = p.scan.text.probes.next(b.text, from+next)
	}
	picked = p.pickOdd(picked, len(b.rows))
	b.rows, b.ends, b.text, b.odd = b.rows[:0], b.ends[:0], b.text[:0], b.odd[:0]
	return picked
}

// pickOdd searches, one by one, the rows in b.odd whose index is less than end. Their text differs from its folded
// form. pickOdd appends the matching rows to picked, and removes the searched rows from b.odd.
func (p *picker) pickOdd(picked []uint32, end int) []uint32 {
	b := &p.block
	at := 0
	for ; at < len(b.odd) && b.odd[at] < end; at++ {
		if row := b.rows[b.odd[at]]; p.values.match(p.items.Row(int(row)), p.matches) {
			picked = append(picked, row)
		}
	}
	b.odd = b.odd[at:]
	return picked
}

// rowPlace is an offset in a row. It counts the quotes before the offset to know whether the offset is within a string.
type rowPlace struct {
	at       int
	inString bool
}

func (p *rowPlace) move(row []byte, offset int) {
	if offset < p.at {
		*p = rowPlace{}
	}
	if bytes.Count(row[p.at:offset], []byte{'"'})%2 != 0 {
		p.inString = !p.inString
	}
	p.at = offset
}

// check reports whether a value of the row contains the text to find, with its fixed part at offset i. If not, the
// result next is the offset at which to continue the search.
func (s *rowScan) check(row []byte, i int, place *rowPlace) (isMatch bool, next int) {
	at, end, ok := s.text.matchAt(row, i)
	if !ok {
		return false, i + 1
	}
	place.move(row, at)
	if !place.inString {
		return s.isWord, i + 1
	}
	quote := bytes.IndexByte(row[end:], '"')
	if quote < 0 {
		return false, len(row)
	}
	colon := jsonscan.Space(row, end+quote+1)
	if colon < len(row) && row[colon] == ':' {
		return false, max(i+1, end+quote) // in a key
	}
	return true, 0
}
