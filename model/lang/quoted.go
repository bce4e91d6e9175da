package lang

import (
	"strconv"
	"strings"
)

// Quoted reads text in quotes. The quotation mark is line[from]. The text ends at the next mark, and end is the offset
// after that mark. Text in double quotes may contain the escapes of Go, such as \n. The error, if any, is an [*Error].
func Quoted(line string, from int) (content string, end int, err error) {
	mark := line[from]
	i := from + 1
	for i < len(line) && line[i] != mark {
		if line[i] == '\\' && mark == '"' {
			i++
		}
		i++
	}
	if i >= len(line) {
		return "", from, &Error{From: from, To: len(line), Reason: "unclosed " + string(mark)}
	}
	content = line[from+1 : i]
	if mark == '"' && strings.IndexByte(content, '\\') >= 0 {
		if content, err = unescape(line, from+1, i); err != nil {
			return "", from, err
		}
	}
	return content, i + 1, nil
}

// unescape decodes the escapes in line[from:to].
func unescape(line string, from, to int) (string, error) {
	var b strings.Builder
	for rest := line[from:to]; rest != ""; {
		if rest[0] != '\\' {
			plain := strings.IndexByte(rest, '\\')
			if plain < 0 {
				plain = len(rest)
			}
			b.WriteString(rest[:plain])
			rest = rest[plain:]
			continue
		}
		r, isCharacter, tail, err := strconv.UnquoteChar(rest, '"')
		if err != nil {
			at := to - len(rest)
			end := min(at+2, to)
			return "", &Error{From: at, To: end, Reason: Excerpt(line[at:end]) + " is not a valid escape", Hint: `write \\ for a backslash, or use single quotes`}
		}
		if isCharacter {
			b.WriteRune(r)
		} else {
			b.WriteByte(byte(r))
		}
		rest = tail
	}
	return b.String(), nil
}
