package ui

// digitHeight is how many lines a large number takes.
const digitHeight = 3

// largeDigits draws a number three lines high, so that it can be read from across the room. It draws digits, the
// separator of thousands and the sign of an unknown number.
func largeDigits(number string) [digitHeight]string {
	var lines [digitHeight]string
	for i, r := range []rune(number) {
		for line, part := range glyph(r) {
			if i > 0 {
				lines[line] += " "
			}
			lines[line] += part
		}
	}
	return lines
}

func glyph(r rune) [digitHeight]string {
	switch r {
	case '0':
		return [digitHeight]string{"┌─┐", "│ │", "└─┘"}
	case '1':
		return [digitHeight]string{" ╶┐", "  │", "  ╵"}
	case '2':
		return [digitHeight]string{"╶─┐", "┌─┘", "└─╴"}
	case '3':
		return [digitHeight]string{"╶─┐", " ─┤", "╶─┘"}
	case '4':
		return [digitHeight]string{"╷ ╷", "└─┤", "  ╵"}
	case '5':
		return [digitHeight]string{"┌─╴", "└─┐", "╶─┘"}
	case '6':
		return [digitHeight]string{"┌─╴", "├─┐", "└─┘"}
	case '7':
		return [digitHeight]string{"╶─┐", "  │", "  ╵"}
	case '8':
		return [digitHeight]string{"┌─┐", "├─┤", "└─┘"}
	case '9':
		return [digitHeight]string{"┌─┐", "└─┤", "╶─┘"}
	case ',':
		return [digitHeight]string{" ", " ", ","}
	case '–':
		return [digitHeight]string{"   ", "╶─╴", "   "}
	default:
		return [digitHeight]string{" ", string(r), " "}
	}
}
