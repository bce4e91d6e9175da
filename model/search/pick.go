package search

import (
	"bytes"
	"strings"

	"sbwatch/model/item"
	"sbwatch/model/jsonscan"
)

// rowScan finds rows in which a text may stand, many rows at once.
type rowScan struct {
	// text is looked for in what [jsonscan.AppendPlain] makes of rows.
	text *literal
	// isWord tells that it can be a part of a number, true, false or null.
	isWord bool
	// escaped tells that it can stand only where there are escapes.
	escaped bool
	// certain tells that a row in whose values the text stands is one to pick, and needs no closer look.
	certain bool
}

// scanFor makes the scan for rows that have a text in one of their values.
func scanFor(text string, fold bool) *rowScan {
	plain := strings.ReplaceAll(text, `"`, string(rune(jsonscan.QuoteInText)))
	return &rowScan{
		text:    newLiteral(plain, fold),
		isWord:  !strings.ContainsFunc(text, func(r rune) bool { return !jsonscan.IsOfWord(r) }),
		escaped: strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == '"' || r == '\\' }),
		certain: !strings.ContainsRune(plain, jsonscan.QuoteInText),
	}
}

// Picker makes what picks the items in whose values the query finds something.
func (q Query) Picker(items item.Table) item.Picker {
	if q.IsEmpty() {
		return item.PickEach(func(int) bool { return true })
	}
	p := &picker{items: items, matches: q.matches, scan: q.matches.rows()}
	if p.scan == nil {
		return item.PickEach(func(row int) bool { return p.values.match(items.Row(row), p.matches) })
	}
	return p
}

// blockSize is how many bytes of rows are searched at once: few enough to stay in a core's own cache.
const blockSize = 64 << 10

// picker picks the items that a query finds. It collects rows to blocks, without their escapes, and searches those.
type picker struct {
	items   item.Table
	matches matcher
	scan    *rowScan
	block   block
	values  values
}

// block is some rows one after the other.
type block struct {
	text []byte
	rows []uint32
	ends []int // of the rows, in text
}

// Pick appends the rows that the query finds.
func (p *picker) Pick(picked, rows []uint32) []uint32 {
	for _, row := range rows {
		raw := p.items.Row(int(row))
		hasEscape := p.items.HasEscapes(int(row))
		switch b := &p.block; {
		case !hasEscape && p.scan.escaped:
			continue
		case len(raw) > blockSize: // not copied: it may be all that there is
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

// searchBlock appends the rows of the block that the query finds, and empties the block.
func (p *picker) searchBlock(picked []uint32) []uint32 {
	b := &p.block
	from, n := 0, 0 // the row's beginning and its number in the block
	place := rowPlace{}
	for i := p.scan.text.probes.next(b.text, 0); i >= 0; {
		for b.ends[n] <= i {
			from = b.ends[n]
			n++
			place = rowPlace{}
		}
		found, next := p.scan.judge(b.text[from:b.ends[n]], i-from, &place)
		if found {
			if p.scan.certain || p.values.match(p.items.Row(int(b.rows[n])), p.matches) {
				picked = append(picked, b.rows[n])
			}
			next = b.ends[n] - from
		}
		i = p.scan.text.probes.next(b.text, from+next)
	}
	b.rows, b.ends, b.text = b.rows[:0], b.ends[:0], b.text[:0]
	return picked
}

// rowPlace is a place in a row up to which its quotes are counted, and whether that is within a string.
type rowPlace struct {
	at       int
	inString bool
}

// move goes on, or back, to a place that is no further than the row.
func (p *rowPlace) move(row []byte, at int) {
	if at < p.at {
		*p = rowPlace{}
	}
	if bytes.Count(row[p.at:at], []byte{'"'})%2 != 0 {
		p.inString = !p.inString
	}
	p.at = at
}

// judge tells whether the text is in a value of the row, where its stretch is supposed at place i; if it is not, the search
// goes on at the place next.
func (s *rowScan) judge(row []byte, i int, place *rowPlace) (found bool, next int) {
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
		return false, max(i+1, end+quote) // a key
	}
	return true, 0
}
