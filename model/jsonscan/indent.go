package jsonscan

import "strings"

// AppendIndented appends a valid JSON value. It indents by two spaces per level, like encoding/json. The parameter
// levels is the maximum depth of indentation: deeper values stay on the line of their parent. So even for a deeply
// nested value, the size of the result is proportional to the size of the value.
func AppendIndented(dst, value []byte, levels int) []byte {
	depth := 0
	for i := Space(value, 0); i < len(value); i = Space(value, i) {
		switch c := value[i]; c {
		case '"':
			end := scanString(value, i+1, nil)
			if end < 0 {
				return append(dst, value[i:]...)
			}
			dst = append(dst, value[i:end]...)
			i = end
			continue
		case '{', '[':
			dst = append(dst, c)
			if next := Space(value, i+1); next < len(value) && value[next] == c+2 {
				dst = append(dst, value[next])
				i = next + 1
				continue
			}
			depth++
			dst = appendBreak(dst, depth, levels, "")
		case '}', ']':
			depth--
			if depth < levels {
				dst = appendBreak(dst, depth, levels, "")
			}
			dst = append(dst, c)
		case ',':
			dst = appendBreak(append(dst, c), depth, levels, " ")
		case ':':
			dst = append(dst, ':', ' ')
		default:
			dst = append(dst, c)
		}
		i++
	}
	return dst
}

// appendBreak appends a line break and the indentation for depth. If depth exceeds levels, appendBreak appends the text
// in the parameter flat instead.
func appendBreak(dst []byte, depth, levels int, flat string) []byte {
	if depth > levels {
		return append(dst, flat...)
	}
	return append(append(dst, '\n'), strings.Repeat("  ", depth)...)
}
