package profile

import "unicode/utf8"

// measure updates the shortest and longest lengths with a text.
func (n *node) measure(text []byte, row int) {
	if n.longest.Known && len(text) <= n.longest.Length && len(text) >= n.shortest.Length*utf8.UTFMax {
		return // too short to be the longest and too long to be the shortest, however many bytes each character has
	}
	length := utf8.RuneCount(text)
	n.shortest.update(length, row, true)
	n.longest.update(length, row, false)
}

// update replaces the extreme by a shorter length or, if shorter is false, by a longer one. Of equal lengths, the first
// row is kept.
func (e *Extreme) update(length, row int, shorter bool) {
	switch {
	case !e.Known || shorter && length < e.Length || !shorter && length > e.Length:
		*e = Extreme{Known: true, Length: length, Row: row}
	case length == e.Length:
		e.Row = min(e.Row, row)
	}
}
