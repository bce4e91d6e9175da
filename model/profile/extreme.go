package profile

import "unicode/utf8"

// measure notes the length of a text.
func (n *node) measure(text []byte, row int) {
	if n.longest.Known && len(text) <= n.longest.Length && len(text) >= n.shortest.Length*utf8.UTFMax {
		return // whatever its characters are
	}
	length := utf8.RuneCount(text)
	n.shortest.take(length, row, true)
	n.longest.take(length, row, false)
}

// take notes a length where it is shorter, or longer, than what was known; of the same length the first counts.
func (e *Extreme) take(length, row int, shorter bool) {
	switch {
	case !e.Known || shorter && length < e.Length || !shorter && length > e.Length:
		*e = Extreme{Known: true, Length: length, Row: row}
	case length == e.Length:
		e.Row = min(e.Row, row)
	}
}
