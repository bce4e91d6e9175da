package charset

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
)

// namedEncoding is an encoding with the name that users see.
type namedEncoding struct {
	name     string
	encoding encoding.Encoding
}

// IsKnown reports whether name is the name of an encoding, in upper or lower case. It accepts the names of the WHATWG
// Encoding Standard, latin-1, UTF-32, and the code pages of MS-DOS.
func IsKnown(name string) bool {
	_, known := lookUp(name)
	return known
}

// lookUp returns the encoding with this name. It returns false if there is none.
func lookUp(name string) (namedEncoding, bool) {
	switch key := strings.ToLower(strings.TrimSpace(name)); key {
	case "utf-16", "utf16":
		return namedEncoding{"UTF-16", unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)}, true
	case "utf-32", "utf32":
		return namedEncoding{"UTF-32", utf32.UTF32(utf32.LittleEndian, utf32.UseBOM)}, true
	case "utf-32le", "utf-32be":
		return utf32Of(strings.ToUpper(key[len("utf-32"):])), true
	case "utf-16le", "utf-16be":
		return utf16Of(strings.ToUpper(key[len("utf-16"):])), true
	case "latin-1": // common, but not in the standard
		name = "latin1"
	case "macroman", "mac-roman", "mac_roman":
		name = "macintosh"
	default:
		if page, known := codePage(key); known {
			return page, true
		}
	}
	found, err := htmlindex.Get(name)
	if err != nil || found == nil || found == encoding.Replacement {
		return namedEncoding{}, false
	}
	return namedEncoding{nameOf(found), found}, true
}

// codePage returns the MS-DOS code page with a name such as "cp850", "ibm850" or "850". The WHATWG standard does not
// include these code pages, but spreadsheets and shop systems still use them.
func codePage(key string) (namedEncoding, bool) {
	number := strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(key, "cp"), "ibm"), "-")
	var page encoding.Encoding
	switch number {
	case "437":
		page = charmap.CodePage437
	case "850":
		page = charmap.CodePage850
	case "852":
		page = charmap.CodePage852
	case "855":
		page = charmap.CodePage855
	case "858":
		page = charmap.CodePage858
	case "862":
		page = charmap.CodePage862
	case "865":
		page = charmap.CodePage865
	case "866":
		page = charmap.CodePage866
	default:
		return namedEncoding{}, false
	}
	return namedEncoding{"CP" + number, page}, true
}

// nameOf returns the name of an encoding as it is usually written, such as "Windows-1252".
func nameOf(e encoding.Encoding) string {
	name, _ := htmlindex.Name(e) // fails only for encodings that are not in the index
	switch {
	case strings.HasPrefix(name, "windows-"):
		return "W" + name[1:]
	case strings.HasPrefix(name, "utf-"), strings.HasPrefix(name, "iso-"), strings.HasPrefix(name, "koi8"), strings.HasPrefix(name, "euc-"), strings.HasPrefix(name, "gb"):
		return strings.ToUpper(name)
	case name == "shift_jis":
		return "Shift_JIS"
	case name == "big5":
		return "Big5"
	default:
		return name
	}
}

func utf16Of(order string) namedEncoding {
	endianness := unicode.LittleEndian
	if order == "BE" {
		endianness = unicode.BigEndian
	}
	return namedEncoding{"UTF-16" + order, unicode.UTF16(endianness, unicode.IgnoreBOM)}
}

func utf32Of(order string) namedEncoding {
	endianness := utf32.LittleEndian
	if order == "BE" {
		endianness = utf32.BigEndian
	}
	return namedEncoding{"UTF-32" + order, utf32.UTF32(endianness, utf32.IgnoreBOM)}
}

// wideEncoding returns the encoding of a text in UTF-16 or UTF-32. It recognizes the encoding by the byte order mark,
// or by the zero bytes at the start of the text. It returns false for other text.
func wideEncoding(begin []byte) (namedEncoding, bool) {
	switch {
	case bytes.HasPrefix(begin, []byte("\xff\xfe\x00\x00")):
		return utf32Of("LE"), true
	case bytes.HasPrefix(begin, []byte("\x00\x00\xfe\xff")):
		return utf32Of("BE"), true
	case bytes.HasPrefix(begin, []byte("\xff\xfe")):
		return utf16Of("LE"), true
	case bytes.HasPrefix(begin, []byte("\xfe\xff")):
		return utf16Of("BE"), true
	case areWideASCII(begin, 4, 0):
		return utf32Of("LE"), true
	case areWideASCII(begin, 4, 3):
		return utf32Of("BE"), true
	case areWideASCII(begin, 2, 0):
		return utf16Of("LE"), true
	case areWideASCII(begin, 2, 1):
		return utf16Of("BE"), true
	}
	return namedEncoding{}, false
}

// The number of bytes that are examined to find out whether a text is UTF-16 or UTF-32. Usually only firstExamined
// bytes are examined, so that a short line from a slow source appears immediately. maxExamined must not exceed
// [minRead].
const (
	firstExamined = 8
	maxExamined   = minRead
)

// mayBeWide reports whether a text with this beginning may be UTF-16 or UTF-32 without a byte order mark. If so, more
// bytes than this beginning must be examined. A few Greek letters in UTF-16, for example, have no zero bytes, but their
// bytes nearly always include control characters or invalid UTF-8.
func mayBeWide(begin []byte) bool {
	if bytes.HasPrefix(begin, []byte("\xff\xfe")) || bytes.HasPrefix(begin, []byte("\xfe\xff")) {
		return false
	}
	isControl := func(c rune) bool { return c < ' ' && c != '\t' && c != '\r' && c != '\n' }
	return bytes.ContainsFunc(begin, isControl) || !utf8.Valid(begin[:wholeCharacters(begin)])
}

// areWideASCII reports whether a text without a byte order mark seems to consist of characters of the given width in
// bytes. At least one in eight characters must be printable ASCII: the byte at the given offset in the character is the
// ASCII code, and the other bytes of the character are zero. No character may consist of zero bytes only. Binary files
// have zero bytes in other places.
func areWideASCII(begin []byte, width, offset int) bool {
	units, narrow := 0, 0
	for ; len(begin) >= width; begin = begin[width:] {
		units++
		zeros := bytes.Count(begin[:width], []byte{0})
		c := begin[offset]
		switch {
		case c == 0 && zeros == width:
			return false
		case zeros < width-1 || c == 0:
		case c < ' ' && c != '\t' && c != '\r' && c != '\n':
			return false
		default:
			narrow++
		}
	}
	const minShare = 8
	return narrow >= 2 && narrow*minShare >= units
}

// appendWindows1252 decodes a byte of Windows-1252 and appends it as UTF-8.
func appendWindows1252(dst []byte, c byte) []byte {
	return append(dst, string(charmap.Windows1252.DecodeByte(c))...)
}
