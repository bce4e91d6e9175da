package profile

import (
	"bytes"
	"math"

	"sbwatch/model/item"
	"sbwatch/model/jsonscan"
	"sbwatch/model/parse"
)

// Presence is whether there is a value, and if not, what is there in its stead. Only what is present counts as covered.
type Presence int

// The ways not to be there, and to be.
const (
	Present Presence = iota
	Null
	EmptyText
	Blank // nothing but white space
	EmptyList
	EmptyObject
	Missing // no such key
	presences
)

// Presences is the number of them.
const Presences = int(presences)

// String names the presence as a column's profile shows it.
func (p Presence) String() string {
	switch p {
	case Present:
		return "present"
	case Null:
		return "null"
	case EmptyText:
		return `""`
	case Blank:
		return "blank"
	case EmptyList:
		return "[]"
	case EmptyObject:
		return "{}"
	case Missing, presences:
	}
	return "missing"
}

// PresenceOf judges one value.
func PresenceOf(cell item.Cell) Presence {
	raw := cell.Raw()
	switch cell.Kind() {
	case item.CellMissing:
		return Missing
	case item.CellNull:
		return Null
	case item.CellString:
		return presenceOfString(raw[1 : len(raw)-1])
	case item.CellArray:
		if isHollow(raw) {
			return EmptyList
		}
	case item.CellObject:
		if isHollow(raw) {
			return EmptyObject
		}
	case item.CellBool, item.CellNumber:
	}
	return Present
}

// isHollow tells whether an array or object has nothing but space between its brackets.
func isHollow(raw []byte) bool { return 1+jsonscan.Space(raw[1:], 0) == len(raw)-1 }

// presenceOfString judges what stands between the quotes of a string.
func presenceOfString(sent []byte) Presence {
	switch {
	case len(sent) == 0:
		return EmptyText
	case sent[0] > ' ' && sent[0] < 0x80 && sent[0] != '\\':
		return Present // as nearly all are
	case jsonscan.HasEscape(sent):
		// Nearly always the first characters show that there is something.
		head := jsonscan.CutBetweenEscapes(sent[:min(len(sent), maxNumber)])
		head = bytes.ToValidUTF8(head, nil) // the end may have cut a character
		if len(bytes.TrimSpace(jsonscan.AppendDecoded(make([]byte, 0, maxNumber), head))) > 0 {
			return Present
		}
		if len(sent) <= maxBlank {
			sent = jsonscan.AppendDecoded(nil, sent)
		}
	}
	if len(sent) <= maxBlank && len(bytes.TrimSpace(sent)) == 0 {
		return Blank
	}
	return Present
}

// maxBlank is how much white space, in bytes as it was sent, is looked through before it is taken for something.
const maxBlank = 64 << 10

// Type is what a value that is present is.
type Type int

// The types.
const (
	Text Type = iota
	Number
	NumberInText // "$1,299.00", "45%"
	Date         // a text that reads as a date or a time
	URL
	Bool
	Object
	List
	types
)

// Types is the number of them.
const Types = int(types)

// String names the type.
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

// IsText tells whether JSON has values of the type as strings.
func (t Type) IsText() bool { return t == Text || t == NumberInText || t == Date || t == URL }

// Stray is what is in a text though it belongs to the page, not to the value.
type Stray int

// What may stray into a text. Values can be combined.
const (
	Markup   Stray = 1 << iota // <b>, </div>, <br/>
	Entities                   // &amp;, &#39;
	Spaces                     // white space at an end
)

// String names what has strayed.
func (s Stray) String() string {
	switch {
	case s&Markup != 0:
		return "markup"
	case s&Entities != 0:
		return "entities"
	default:
		return "spaces at the ends"
	}
}

// Bounds of what is looked at in one text.
const (
	maxNumber = 64      // bytes of a number or a date
	maxStray  = 4 << 10 // bytes that are searched for markup
)

// value is what one present value was found to be.
type value struct {
	kind   Type
	stray  Stray
	number float64 // of numbers; of dates, in seconds since 1970
}

// judge finds out what a present value is. text is that of a string, decoded; raw is the value as sent.
func judge(kind item.CellKind, raw, text []byte, as style) value {
	switch kind {
	case item.CellBool:
		return value{kind: Bool}
	case item.CellArray:
		return value{kind: List}
	case item.CellObject:
		return value{kind: Object}
	case item.CellNumber:
		return value{kind: Number, number: max(-math.MaxFloat64, min(math.MaxFloat64, parse.JSON(raw)))}
	case item.CellString, item.CellMissing, item.CellNull:
	}
	v := value{kind: Text, stray: strayIn(text)}
	if len(text) <= maxNumber {
		if number, ok := as.numbers.Number(text); ok {
			v.kind, v.number = NumberInText, number
			return v
		}
		if date, ok := as.dates.Date(text); ok {
			v.kind, v.number = Date, float64(date.UnixMicro())/1e6
			return v
		}
	}
	if isURL(text) {
		v.kind = URL
	}
	return v
}

// isURL tells whether a text is an address of the web, whole.
func isURL(text []byte) bool {
	for _, scheme := range []string{"http", "ftp"} {
		if len(text) > len(scheme) && string(text[:len(scheme)]) == scheme {
			rest := bytes.TrimPrefix(text[len(scheme):], []byte("s"))
			return bytes.HasPrefix(rest, []byte("://")) && len(rest) > len("://") && bytes.IndexByte(rest[:min(len(rest), maxStray)], ' ') < 0
		}
	}
	return false
}

// strayIn finds what does not belong into a text.
func strayIn(text []byte) Stray {
	var found Stray
	if isSpaceAt(text) {
		found |= Spaces
	}
	text = text[:min(len(text), maxStray)]
	if hasTag(text) {
		found |= Markup
	}
	if hasEntity(text) {
		found |= Entities
	}
	return found
}

// isSpaceAt tells whether a text begins or ends in white space, of any script.
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

// hasTag tells whether there is something like <b>, </div> or <br/>. "a < b" and "<3" are none, and neither is an address
// in angle brackets.
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

// isTag tells whether a text goes on as a tag does behind its opening bracket.
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
		// With attributes: an equals sign before the end.
		end := bytes.IndexByte(text[name:], '>')
		return end > 0 && (bytes.IndexByte(text[name:name+end], '=') > 0 || text[name+end-1] == '/')
	default:
		return false
	}
}

// hasEntity tells whether there is something like &amp; or &#39;. "R&D; and" has none that HTML knows, but reads like one:
// names in lower case of at least two letters count.
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
