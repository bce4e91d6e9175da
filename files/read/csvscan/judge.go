package csvscan

import (
	"bytes"
	"slices"
)

// delimiters are the supported delimiters, most likely first.
const delimiters = ",;\t|"

// Verdict says whether a text is CSV.
type Verdict int

// The verdicts.
const (
	// Unsure needs more of the text.
	Unsure Verdict = iota
	IsCSV
	IsNotCSV
)

// Judge determines from the beginning of a text whether it is CSV, in which dialect, and how many bytes come before the
// header. If ended is true, there is no more text, and the verdict is not [Unsure].
//
// CSV is a text whose first two records have the same number of fields, more than one. A header without further
// records, or with a single field, counts as CSV only if it ends in CRLF, as RFC 4180 requires; otherwise any text
// would be CSV.
func Judge(begin []byte, o Options, ended bool) (d Dialect, above int, verdict Verdict) {
	candidates := delimiters
	if o.Delimiter != 0 {
		candidates = string([]byte{o.Delimiter})
	}
	best, widest := -1, 0
	for _, delimiter := range []byte(candidates) {
		candidate := Dialect{Delimiter: delimiter, Backslash: usesBackslash(begin, delimiter)}
		skipped := 0
		if o.Above || isPadded(begin, candidate, ended) {
			skipped = linesAbove(begin, candidate, ended)
		}
		text := begin[skipped:]
		header, second, end := firstRecords(text, candidate, ended)
		if header == nil || second == nil && !ended {
			return Dialect{Delimiter: candidates[0]}, 0, Unsure
		}
		fits := isHeader(text[:min(end, len(text))], header, second)
		if o.Ragged && !fits {
			header, fits = mostlyFit(text, candidate, ended)
		}
		rank := rankOf(len(header), fits, second != nil)
		// Of two delimiters that fit, the one for which less is skipped is right.
		if rank > best || rank == best && (skipped < above || skipped == above && len(header) > widest) {
			best, widest, d, above = rank, len(header), candidate, skipped
		}
	}
	if best == rankSingle || best == rankAlone || best == rankFits {
		return d, above, IsCSV
	}
	return d, above, IsNotCSV
}

// Options are what is known of a text before it is judged.
type Options struct {
	// Delimiter is the only delimiter to consider; 0 for all.
	Delimiter byte
	// Above looks for lines above the header, such as a title. Set it only for text that is known to be CSV.
	Above bool
	// Ragged allows for empty lines and for records that are shorter or longer than the header, if they are few.
	Ragged bool
}

// usesBackslash reports whether \" stands for a quote in a text: whether \" comes before ordinary text more often than before
// another quote. Before a doubled quote, a backslash is only a backslash.
func usesBackslash(text []byte, delimiter byte) bool {
	escapes, doubled := 0, 0
	for at := 1; at+1 < len(text); at++ {
		next := bytes.IndexByte(text[at:len(text)-1], '"')
		if next < 0 {
			break
		}
		at += next
		switch c := text[at+1]; {
		case text[at-1] != '\\' || !isEscaped(text[:at]):
		case c == '"':
			doubled++
		case c != delimiter && c != '\n' && c != '\r':
			escapes++
		}
	}
	return escapes > doubled
}

// Degrees to which a delimiter fits a text. A header with one field is accepted only if no other delimiter finds more
// fields. A header without further records is accepted only if no other delimiter finds records below it, because a
// wrong delimiter may see the rest of the text as quoted.
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

// firstRecords returns the fields of the first two records and the end of the first. A missing or incomplete record is
// nil. If the text has ended, its last record needs no line break.
func firstRecords(begin []byte, d Dialect, ended bool) (first, second []Field, end int) {
	if ended {
		begin = append(slices.Clip(begin), '\n')
		d.Literal = true
	}
	first, end, err := Record(nil, begin, d, len(begin))
	switch {
	case err != nil && ended:
		return []Field{}, nil, 0
	case err != nil:
		return nil, nil, 0
	case end >= len(begin)-1 && ended: // only the line break that was added here is left
		return first, nil, end
	}
	if second, _, err = Record(nil, begin[end:], d, len(begin)); err != nil {
		second = nil
	}
	return first, second, end
}

// isHeader reports whether the first record, as the header of a CSV, is consistent with the second.
func isHeader(line []byte, header, second []Field) bool {
	switch {
	case len(header) == 0 || !isReadable(header):
		return false
	case len(header) == 1 && !isReadable(second):
		return false // images and other binary files also have an early line break
	case len(header) == 1 || second == nil:
		return bytes.HasSuffix(line, []byte("\r\n"))
	default:
		return len(header) == len(second)
	}
}

// isReadable reports whether a text has no control characters outside quotes.
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
