package csvscan

import (
	"bytes"
	"slices"
)

// delimiters are those that are told apart, the likeliest first.
const delimiters = ",;\t"

// Verdict says whether a text is CSV.
type Verdict int

// The verdicts.
const (
	// Unsure needs more of the text.
	Unsure Verdict = iota
	IsCSV
	IsNoCSV
)

// Judge finds out by the beginning of a text whether it is CSV, and what would separate its fields. Where ended is true
// there is no more of the text to look at, and it is not [Unsure].
//
// CSV is a text whose first two records have the same number of fields, of which there is more than one. A header alone, and
// one of a single field, is taken for CSV only where it ends in CRLF, as RFC 4180 wants it: else any text would be CSV.
func Judge(begin []byte, ended bool) (delimiter byte, verdict Verdict) {
	best, most := -1, 0
	for i := range len(delimiters) {
		header, second, end := firstRecords(begin, delimiters[i], ended)
		if header == nil || second == nil && !ended {
			return delimiters[0], Unsure
		}
		rank := rankOf(len(header), isHeader(begin[:min(end, len(begin))], header, second), second != nil)
		if rank > best || rank == best && len(header) > most {
			best, most, delimiter = rank, len(header), delimiters[i]
		}
	}
	if best == rankSingle || best == rankAlone || best == rankFits {
		return delimiter, IsCSV
	}
	return delimiter, IsNoCSV
}

// How well a delimiter goes with a text. A header of one field is believed only where no other delimiter finds more; one
// that nothing follows, only where no other finds records below it: the wrong delimiter may see quotes around all the rest.
const (
	rankNone = iota
	rankSingle
	rankRagged
	rankAlone
	rankFits
)

func rankOf(fields int, fits, goesOn bool) int {
	switch {
	case fields > 1 && fits && goesOn:
		return rankFits
	case fields > 1 && fits:
		return rankAlone
	case fields > 1:
		return rankRagged
	case fits:
		return rankSingle
	default:
		return rankNone
	}
}

// firstRecords gives the fields of the first two records, nil for one that is not there, or not to its end, and where the
// first ends. In a text that has ended, the last needs no line break.
func firstRecords(begin []byte, delimiter byte, ended bool) (first, second []Field, end int) {
	if ended {
		begin = append(slices.Clip(begin), '\n')
	}
	first, end, err := Record(nil, begin, delimiter, len(begin))
	switch {
	case err != nil && ended: // a quote that is not closed
		return []Field{}, nil, 0
	case err != nil:
		return nil, nil, 0
	case end >= len(begin)-1 && ended: // there is only the line break of ours
		return first, nil, end
	}
	if second, _, err = Record(nil, begin[end:], delimiter, len(begin)); err != nil {
		second = nil
	}
	return first, second, end
}

// isHeader tells whether what is the first record, if this is CSV, goes well with the second.
func isHeader(line []byte, header, second []Field) bool {
	switch {
	case len(header) == 0 || !isReadable(header):
		return false
	case len(header) == 1 && !isReadable(second):
		return false // pictures and the like have a line break early on, too
	case len(header) == 1 || second == nil:
		return bytes.HasSuffix(line, []byte("\r\n"))
	default:
		return len(header) == len(second)
	}
}

// isReadable tells whether there is no control character outside of quotes, which no text has.
func isReadable(fields []Field) bool {
	for _, f := range fields {
		plain := f.text
		if f.Quoted {
			plain = f.tail
		}
		if bytes.ContainsFunc(plain, func(r rune) bool { return r < ' ' && r != '\t' && r != '\r' || r == 0x7f }) {
			return false
		}
	}
	return true
}
