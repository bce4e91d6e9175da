package csvscan

import (
	"bytes"
	"slices"
)

// delimiters lists the supported delimiters, most likely first.
const delimiters = ",;\t|"

// Verdict says whether a text is CSV.
type Verdict int

// The verdicts.
const (
	// Unsure means that more of the text is needed.
	Unsure Verdict = iota
	IsCSV
	IsNotCSV
)

// Judge determines whether a text is CSV, its dialect, and the number of bytes before the header. The parameter begin
// is the beginning of the text. If ended is true, begin is the whole text, and the verdict is never [Unsure].
//
// A text is CSV if its first two records have the same number of fields, and at least two fields. A header with a
// single field, or without further records, counts as CSV only if it ends in CRLF, as RFC 4180 requires. Otherwise any
// text would be CSV.
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
		// If two delimiters fit equally well, prefer the one that skips fewer bytes.
		if rank > best || rank == best && (skipped < above || skipped == above && len(header) > widest) {
			best, widest, d, above = rank, len(header), candidate, skipped
		}
	}
	if best == rankSingle || best == rankAlone || best == rankFits {
		return d, above, IsCSV
	}
	return d, above, IsNotCSV
}

// Options holds what is already known about a text when [Judge] examines it.
type Options struct {
	// Delimiter is the delimiter. If it is 0, Judge tries all delimiters.
	Delimiter byte
	// Above allows lines before the header, such as a title. Set it only if the text is certainly CSV.
	Above bool
	// Ragged allows empty lines, and a few records that are shorter or longer than the header.
	Ragged bool
}

// usesBackslash reports whether \" stands for a quote in a text. It returns true if \" is followed by ordinary text
// more often than by another quote. If it returns false, the backslash is ordinary text.
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

// Ranks of a delimiter, from worst to best. A header with one field is accepted only if no other delimiter finds more
// fields. A header without further records is accepted only if no other delimiter finds records after it, because a
// wrong delimiter may treat the rest of the text as quoted.
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

// firstRecords returns the fields of the first two records, and the end of the first. A record that is missing or
// incomplete is nil. If ended is true, the last record of the text needs no line break.
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
	case end >= len(begin)-1 && ended: // only the line break added above is left
		return first, nil, end
	}
	if second, _, err = Record(nil, begin[end:], d, len(begin)); err != nil {
		second = nil
	}
	return first, second, end
}

// isHeader reports whether the first record can be the header, given the second record.
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

// isReadable reports whether all fields without quotes are free of control characters.
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
