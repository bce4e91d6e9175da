package jsonscan

// nonFinite returns the words for numbers that JSON does not have, as Python and JavaScript write them.
func nonFinite() [3]string { return [3]string{"NaN", "Infinity", "-Infinity"} }

// scanNonFinite returns the offset after NaN, Infinity or -Infinity at offset i, or a negative number if there is none
// of these.
func scanNonFinite(text []byte, i int) int {
	for _, word := range nonFinite() {
		if end := scanWord(text, i, word); end >= 0 {
			return end
		}
	}
	return ^i
}

// IsNonFinite reports whether a value is NaN, Infinity or -Infinity. These are not valid JSON. They occur only in text
// that was repaired.
func IsNonFinite(value []byte) bool {
	if len(value) == 0 {
		return false
	}
	switch value[0] {
	case 'N':
		return string(value) == "NaN"
	case 'I':
		return string(value) == "Infinity"
	case '-':
		return string(value) == "-Infinity"
	default:
		return false
	}
}

// AppendFinite appends value to dst, with each NaN, Infinity and -Infinity replaced by null, so that the result is
// valid JSON. It returns the extended slice and the number of replacements.
func AppendFinite(dst, value []byte) (appended []byte, replaced int) {
	plain := 0 // start of the text that is not appended yet
	for i := 0; i < len(value); {
		switch c := value[i]; c {
		case '"':
			end := scanString(value, i+1, nil)
			if end < 0 {
				return append(dst, value[plain:]...), replaced
			}
			i = end
		case 'N', 'I':
			from := i
			if i > 0 && value[i-1] == '-' {
				from--
			}
			end := scanNonFinite(value, from)
			if end < 0 {
				i++
				continue
			}
			dst = append(append(dst, value[plain:from]...), "null"...)
			replaced++
			i, plain = end, end
		default:
			i++
		}
	}
	return append(dst, value[plain:]...), replaced
}
