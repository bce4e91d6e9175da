package csvscan

import (
	"bytes"
	"slices"
	"strconv"

	"sbwatch/model/jsonscan"
)

// maxAbove is the maximum number of records that are examined to find the header.
const maxAbove = 20

// sampled is one of the first records of a text.
type sampled struct {
	from   int // offset of the record in the text
	fields []Field
	width  int // number of fields, without blank ones at the end
}

// isBlank reports whether a field contains only white space.
func (f Field) isBlank() bool { return len(bytes.TrimSpace(f.text)) == 0 }

// measure sets the width of each record: the number of fields without blank ones at the end. If a field of the first
// record is not blank and has no quotes, the file has quotes only where they are needed. In such a file, a field "" is a
// value, such as the empty name of a column. In other files, a field "" is blank.
func measure(records []sampled) {
	quotesIfNeeded := len(records) > 0 && slices.ContainsFunc(records[0].fields, func(f Field) bool { return !f.Quoted && !f.isBlank() })
	for i := range records {
		r := &records[i]
		r.width = len(r.fields)
		for r.width > 0 && r.fields[r.width-1].isBlank() && (!quotesIfNeeded || !r.fields[r.width-1].Quoted) {
			r.width--
		}
	}
}

// sample returns the first records of a text, at most maxAbove. The parameter begin is the beginning of the text. An
// incomplete record at its end is left out.
func sample(begin []byte, d Dialect, ended bool) []sampled {
	if ended {
		begin = append(slices.Clip(begin), '\n')
		d.Literal = true
	}
	var records []sampled
	for at := 0; len(records) < maxAbove; {
		fields, length, err := Record(nil, begin[at:], d, len(begin))
		if err != nil || ended && at >= len(begin)-1 {
			break
		}
		records = append(records, sampled{from: at, fields: fields})
		at += length
	}
	measure(records)
	return records
}

// linesAbove returns the number of bytes before the header of a text. These bytes contain, for example, a title or the
// date of a report.
//
// The header is the first record with these properties: all its fields can be names, it has more fields than each
// record before it, and the record after it has the same number of fields. The lines before the header must have a
// single field, or an empty line must follow them.
func linesAbove(begin []byte, d Dialect, ended bool) int {
	records := sample(begin, d, ended)
	widest := 0
	for i, record := range records {
		apart := i > 0 && records[i-1].width == 0
		if i > 0 && record.width > max(1, widest) && (widest <= 1 || apart) && isNames(record.fields[:record.width]) &&
			i+1 < len(records) && len(records[i+1].fields) == len(record.fields) && records[i+1].width > 1 {
			return record.from
		}
		widest = max(widest, record.width)
		if widest > 1 && i == 0 && i+1 < len(records) && records[1].width == record.width {
			return 0
		}
	}
	return 0
}

// isPadded reports whether the first record has one value, followed by empty fields. Spreadsheets save a title in this
// form.
func isPadded(begin []byte, d Dialect, ended bool) bool {
	records := sample(begin, d, ended)
	return len(records) > 0 && records[0].width == 1 && len(records[0].fields) > 1
}

// mostlyFit returns the first record that is not empty. The result fits reports whether most of the records after it
// have the same number of fields.
func mostlyFit(begin []byte, d Dialect, ended bool) (header []Field, fits bool) {
	same, others := 0, 0
	for _, record := range sample(begin, d, ended) {
		switch {
		case record.width == 0:
		case !isReadable(record.fields):
			return nil, false
		case header == nil:
			header = record.fields
		case len(record.fields) == len(header):
			same++
		default:
			others++
		}
	}
	const enough = 2 // minimum number of records that fit, and minimum ratio of these to other records
	return header, len(header) > 1 && same >= enough && same >= enough*others
}

// isNames reports whether all fields can be names of columns: none is empty or a number.
func isNames(fields []Field) bool {
	for _, f := range fields {
		if text := f.AppendText(nil); len(bytes.TrimSpace(text)) == 0 || jsonscan.IsNumber(text) {
			return false
		}
	}
	return true
}

// LacksHeader reports whether the first record of a CSV text is certainly data. This is the case if the first two
// records have values of the same kind in the same column: URLs, email addresses, UUIDs, dates such as 2024-01-31, prices
// such as $5, or numbers with a decimal point. It is also the case if the first column contains the numbers 1, 2, 3 or
// 0, 1, 2.
func LacksHeader(begin []byte, d Dialect, ended bool) bool {
	records := slices.DeleteFunc(sample(begin, d, ended), func(r sampled) bool { return r.width == 0 })
	const enough = 2
	if len(records) < enough {
		return false
	}
	first, second := records[0].fields, records[1].fields
	for i := range min(len(first), len(second)) {
		above, below := first[i].AppendText(nil), second[i].AppendText(nil)
		for _, isKind := range []func([]byte) bool{isURL, isDecimal, isDay, isEmail, isUUID, isPrice} {
			if isKind(above) && isKind(below) {
				return true
			}
		}
	}
	return isNumbered(records)
}

func isURL(text []byte) bool {
	return bytes.HasPrefix(text, []byte("http://")) || bytes.HasPrefix(text, []byte("https://"))
}

func isDecimal(text []byte) bool {
	return jsonscan.IsNumber(text) && bytes.IndexByte(text, '.') >= 0
}

// isDay reports whether text begins with a date such as 2024-01-31. A time may follow.
func isDay(text []byte) bool {
	return hasForm(text, "0000-00-00") && (len(text) == 10 || text[10] == 'T' || text[10] == ' ')
}

func isUUID(text []byte) bool {
	return len(text) == 36 && hasForm(text, "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx")
}

// hasForm reports whether text begins with characters of the given form: 0 stands for a digit, x for a hexadecimal digit,
// and any other character for itself.
func hasForm(text []byte, form string) bool {
	if len(text) < len(form) {
		return false
	}
	for i := range len(form) {
		isDigit := '0' <= text[i] && text[i] <= '9'
		switch form[i] {
		case '0':
			if !isDigit {
				return false
			}
		case 'x':
			if lower := text[i] | 0x20; !isDigit && (lower < 'a' || lower > 'f') {
				return false
			}
		default:
			if text[i] != form[i] {
				return false
			}
		}
	}
	return true
}

func isEmail(text []byte) bool {
	name, host, found := bytes.Cut(text, []byte("@"))
	return found && len(name) > 0 && bytes.IndexByte(host, '.') > 0 && !bytes.ContainsAny(name, " \t") && !bytes.ContainsAny(host, " \t@")
}

// isPrice reports whether text is a currency symbol followed by a number that begins with a digit.
func isPrice(text []byte) bool {
	for _, symbol := range []string{"$", "€", "£"} {
		if rest, found := bytes.CutPrefix(text, []byte(symbol)); found {
			return len(rest) > 0 && '0' <= rest[0] && rest[0] <= '9'
		}
	}
	return false
}

// isNumbered reports whether the first column contains the numbers of the records, beginning with 0 or 1.
func isNumbered(records []sampled) bool {
	const enough = 3
	begin := -1
	for i, record := range records {
		number, err := strconv.Atoi(string(record.fields[0].AppendText(nil)))
		if i == 0 {
			begin = number
		}
		if err != nil || begin < 0 || begin > 1 || number != begin+i || len(record.fields) < 2 {
			return false
		}
	}
	return len(records) >= enough
}
