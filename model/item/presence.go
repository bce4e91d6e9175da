package item

import (
	"bytes"

	"sbwatch/model/jsonscan"
)

// Presence says whether a cell has a value or in which way it is empty, such as null. The coverage of a column counts
// only [Present] values.
type Presence int

// The ways in which a value can be present or absent.
const (
	Present Presence = iota
	Null
	EmptyText
	Blank // only white space
	EmptyList
	EmptyObject
	Missing // the item has no such key
	presences
)

// Presences is the number of different Presence values.
const Presences = int(presences)

// String returns the presence as a word or as JSON: "present", "null", "[]".
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

// Presence returns whether the cell has a value or in which way it is empty.
func (c Cell) Presence() Presence {
	switch c.Kind() {
	case CellMissing:
		return Missing
	case CellNull:
		return Null
	case CellString:
		return stringPresence(c.raw[1 : len(c.raw)-1])
	case CellArray:
		if hasNoContent(c.raw) {
			return EmptyList
		}
	case CellObject:
		if hasNoContent(c.raw) {
			return EmptyObject
		}
	case CellBool, CellNumber:
	}
	return Present
}

// hasNoContent reports whether an array or object has only white space between its brackets.
func hasNoContent(raw []byte) bool { return 1+jsonscan.Space(raw[1:], 0) == len(raw)-1 }

// Limits of the check for blank text, in bytes as sent.
const (
	blankPrefix = 64       // checked first, and enough for nearly all strings
	maxBlank    = 64 << 10 // longer strings count as present
)

// stringPresence returns the presence of a string. sent is the JSON text between its quotes.
func stringPresence(sent []byte) Presence {
	switch {
	case len(sent) == 0:
		return EmptyText
	case sent[0] > ' ' && sent[0] < 0x80 && sent[0] != '\\':
		return Present // the fast path for nearly all strings
	case jsonscan.HasEscape(sent):
		prefix := jsonscan.CutBetweenEscapes(sent[:min(len(sent), blankPrefix)])
		prefix = bytes.ToValidUTF8(prefix, nil) // the cut may have split a character
		if len(bytes.TrimSpace(jsonscan.AppendDecoded(make([]byte, 0, blankPrefix), prefix))) > 0 {
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
