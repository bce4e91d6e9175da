package profile

import (
	"bytes"
	"encoding/binary"
	"math"
	"unicode/utf8"

	"sbwatch/model/item"
	"sbwatch/model/jsonscan"
	"sbwatch/model/parse"
)

// Type is the type of a present value.
type Type int

// The types.
const (
	Text Type = iota
	Number
	NumberInText // "$1,299.00", "45%"
	Date         // text that reads as a date or a time
	URL
	Bool
	Object
	List
	types
)

// Types is the number of types.
const Types = int(types)

// String returns the name of the type.
func (t Type) String() string {
	switch t {
	case Number:
		return "number"
	case NumberInText:
		return "number in text"
	case Date:
		return "date"
	case URL:
		return "URL"
	case Bool:
		return "true/false"
	case Object:
		return "object"
	case List:
		return "list"
	case Text, types:
	}
	return "text"
}

// plural returns the plural of the type's name. The plural for numbers in text is also "numbers".
func (t Type) plural() string {
	switch t {
	case Number, NumberInText:
		return "numbers"
	case Bool:
		return "true or false"
	case Date, URL, Object, List:
		return t.String() + "s"
	case Text, types:
	}
	return "text"
}

// IsText reports whether values of the type are strings in JSON.
func (t Type) IsText() bool { return t == Text || t == NumberInText || t == Date || t == URL }

// Stray is a set of peculiarities of a text. Most are left over from the web page, such as markup. Others are about
// numbers: the text is a range, or has another unit than the other numbers in the column.
type Stray int

// The peculiarities of a text.
const (
	Markup    Stray = 1 << iota // <b>, </div>, <br/>
	Entities                    // &amp;, &#39;
	Spaces                      // white space at the start or end
	Invisible                   // a zero-width space, a mark of the writing direction
	Range                       // $10 - $20, which is read as its low end
	OtherUnit                   // "5 lb" in a column of kilograms, which is not read as a number
)

const strayKinds = 6

// String returns the name of the first of these peculiarities that the text has, such as "markup".
func (s Stray) String() string {
	switch {
	case s&Markup != 0:
		return "markup"
	case s&Entities != 0:
		return "entities"
	case s&Spaces != 0:
		return "spaces at the ends"
	case s&Invisible != 0:
		return "invisible characters"
	case s&Range != 0:
		return "ranges"
	default:
		return "other units"
	}
}

// Limits of the search for markup and other peculiarities: only the start of a long text is examined.
const (
	maxNumber = 64      // bytes of a number or a date
	maxStray  = 4 << 10 // bytes that are searched for markup
)

// value describes one present value: its type, its number if it has one, and its peculiarities, such as markup.
type value struct {
	kind   Type
	stray  Stray
	number float64 // for numbers, the number, or NaN if it is not finite; for dates, seconds since 1970
	// isASCII is set if the value is text that is known to be ASCII.
	isASCII bool
}

// classify returns the type of a present value and its peculiarities. text is the decoded text of a string. raw is the
// JSON of the value. words is a cache that the values of all columns may share, or nil.
func classify(kind item.CellKind, raw, text []byte, as *style, words *parse.Words) value {
	switch kind {
	case item.CellBool:
		return value{kind: Bool}
	case item.CellArray:
		return value{kind: List}
	case item.CellObject:
		return value{kind: Object}
	case item.CellNumber:
		if jsonscan.IsNonFinite(raw) {
			return value{kind: Number, number: math.NaN()}
		}
		return value{kind: Number, number: max(-math.MaxFloat64, min(math.MaxFloat64, parse.Nearest(raw)))}
	case item.CellString, item.CellMissing, item.CellNull:
	}
	v := value{kind: Text}
	v.stray, v.isASCII = strayIn(text)
	if isURL(text) {
		v.kind = URL
	} else if len(text) <= maxNumber && (words == nil || !words.IsText(text)) {
		v.parse(text, as)
	}
	return v
}

// parse sets the kind and the number of a text that is a number or a date.
func (v *value) parse(text []byte, as *style) {
	number, kind := as.numbers.Read(text)
	switch kind {
	case parse.Range:
		v.stray |= Range
		fallthrough
	case parse.OneNumber:
		v.kind, v.number = NumberInText, number
		return
	case parse.OtherUnit:
		v.stray |= OtherUnit
	case parse.NoNumber:
	}
	if date, ok := as.dates.Date(text); ok {
		v.kind, v.number = Date, float64(date.UnixMicro())/1e6
	}
}

// isURL reports whether the whole text is a web address. A web address is neither a number nor a date.
func isURL(text []byte) bool {
	if len(text) == 0 || text[0] != 'h' && text[0] != 'f' {
		return false
	}
	for _, scheme := range []string{"http", "ftp"} {
		if len(text) > len(scheme) && string(text[:len(scheme)]) == scheme {
			rest := bytes.TrimPrefix(text[len(scheme):], []byte("s"))
			return bytes.HasPrefix(rest, []byte("://")) && len(rest) > len("://") && bytes.IndexByte(rest[:min(len(rest), maxStray)], ' ') < 0
		}
	}
	return false
}

// strayIn returns the peculiarities of text, such as markup. isASCII is true only if text is known to be ASCII.
func strayIn(text []byte) (found Stray, isASCII bool) {
	if isSpaceAt(text) {
		found |= Spaces
	}
	start := text[:min(len(text), maxStray)]
	if isOrdinary(start) {
		return found, len(start) == len(text)
	}
	if hasTag(start) {
		found |= Markup
	}
	if hasEntity(start) {
		found |= Entities
	}
	if hasInvisible(start) {
		found |= Invisible
	}
	return found, false
}

// isOrdinary reports whether a text is ASCII and has neither a "<" nor an "&", as most texts do. It checks eight bytes
// at once.
func isOrdinary(text []byte) bool {
	const size, ones, highs = 8, 0x0101010101010101, 0x8080808080808080
	i := 0
	for ; i+size <= len(text); i += size {
		word := binary.LittleEndian.Uint64(text[i:])
		tags, entities := word^'<'*ones, word^'&'*ones
		if (word|(tags-ones)&^tags|(entities-ones)&^entities)&highs != 0 {
			return false
		}
	}
	for ; i < len(text); i++ {
		if text[i] == '<' || text[i] == '&' || text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// hasInvisible reports whether a text contains an invisible character. It ignores joiners and variation selectors,
// because emoji and several scripts need them.
func hasInvisible(text []byte) bool {
	for i := nonASCII(text); i < len(text); i++ {
		switch text[i] {
		case 0xc2, 0xd8, 0xe1, 0xe2, 0xef: // the first bytes of such characters
		default:
			continue
		}
		r, _ := utf8.DecodeRune(text[i:])
		isJoiner, isSelector := r == '\u200c' || r == '\u200d', r >= '\ufe00' && r <= '\ufe0f'
		if parse.IsInvisible(r) && !isJoiner && !isSelector {
			return true
		}
	}
	return false
}

// nonASCII returns the offset of the first non-ASCII byte in text, or the length of text if there is none.
func nonASCII(text []byte) int {
	const size, highs = 8, 0x8080808080808080
	i := 0
	for i+size <= len(text) && binary.LittleEndian.Uint64(text[i:])&highs == 0 {
		i += size
	}
	for i < len(text) && text[i] < utf8.RuneSelf {
		i++
	}
	return i
}

// isSpaceAt reports whether a text starts or ends with Unicode white space.
func isSpaceAt(text []byte) bool {
	if len(text) == 0 {
		return false
	}
	first, last := text[0], text[len(text)-1]
	if first > ' ' && first < 0x80 && last > ' ' && last < 0x80 {
		return false
	}
	ends := text
	if len(ends) > maxStray {
		ends = append(append([]byte{}, text[:8]...), text[len(text)-8:]...)
	}
	return len(bytes.TrimSpace(ends)) != len(ends)
}

// hasTag reports whether a text contains a tag such as <b>, </div> or <br/>. "a < b", "<3" and addresses in angle
// brackets are not tags.
func hasTag(text []byte) bool {
	for {
		open := bytes.IndexByte(text, '<')
		if open < 0 {
			return false
		}
		text = text[open+1:]
		if isTag(text) {
			return true
		}
	}
}

// isTag reports whether a "<" starts a tag. text is the text after the "<".
func isTag(text []byte) bool {
	if bytes.HasPrefix(text, []byte("!--")) {
		return true
	}
	text = bytes.TrimPrefix(text, []byte("/"))
	name := 0
	for name < len(text) && (isLetter(text[name]) || name > 0 && (isDigit(text[name]) || text[name] == '-')) {
		name++
	}
	if name == 0 || name > 20 || name == len(text) {
		return false
	}
	switch text[name] {
	case '>':
		return true
	case '/':
		return name+1 < len(text) && text[name+1] == '>'
	case ' ', '\t', '\n', '\r':
		// A tag with attributes has an equals sign before the closing bracket.
		end := bytes.IndexByte(text[name:], '>')
		return end > 0 && (bytes.IndexByte(text[name:name+end], '=') > 0 || text[name+end-1] == '/')
	default:
		return false
	}
}

// hasEntity reports whether a text contains an entity such as &amp; or &#39;. It accepts any name that has at least two
// letters or digits and ends in a digit or a lower-case letter.
func hasEntity(text []byte) bool {
	for {
		amp := bytes.IndexByte(text, '&')
		if amp < 0 {
			return false
		}
		text = text[amp+1:]
		end := bytes.IndexByte(text[:min(len(text), 12)], ';')
		if end >= 2 && isEntityName(text[:end]) {
			return true
		}
	}
}

func isEntityName(name []byte) bool {
	if name[0] == '#' {
		name = bytes.TrimLeft(name[1:], "xX")
		return len(name) > 0 && len(bytes.TrimLeft(name, "0123456789abcdefABCDEF")) == 0
	}
	for i, c := range name {
		if !isLetter(c) && (i == 0 || !isDigit(c)) {
			return false
		}
	}
	return name[len(name)-1]|' ' == name[len(name)-1] // &eacute;, &Eacute;, but not &D;
}

func isLetter(c byte) bool { return c|' ' >= 'a' && c|' ' <= 'z' }

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
