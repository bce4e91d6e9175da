// Package digits draws numbers in large digits, three lines high.
package digits

// Height is the height of each digit, in lines.
const Height = 3

// View draws a number with block characters. Each digit is three pixels wide and five pixels high. A 1 has a base, but
// a 7 does not, so that 11 and 77 look different. View supports digits, the thousands separator and the dash for an
// unknown number. It draws other characters unchanged on the middle line.
func View(number string) [Height]string { return view(number, glyph) }

// ASCII draws a number in ASCII, with the segments of a pocket calculator.
func ASCII(number string) [Height]string { return view(number, asciiGlyph) }

func view(number string, glyph func(rune) [Height]string) [Height]string {
	var lines [Height]string
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

func glyph(r rune) [Height]string {
	switch r {
	case '0':
		return [Height]string{"█▀█", "█ █", "▀▀▀"}
	case '1':
		return [Height]string{"▀█ ", " █ ", "▀▀▀"}
	case '2':
		return [Height]string{"▀▀█", "█▀▀", "▀▀▀"}
	case '3':
		return [Height]string{"▀▀█", " ▀█", "▀▀▀"}
	case '4':
		return [Height]string{"█ █", "▀▀█", "  ▀"}
	case '5':
		return [Height]string{"█▀▀", "▀▀█", "▀▀▀"}
	case '6':
		return [Height]string{"█▀▀", "█▀█", "▀▀▀"}
	case '7':
		return [Height]string{"▀▀█", "  █", "  ▀"}
	case '8':
		return [Height]string{"█▀█", "█▀█", "▀▀▀"}
	case '9':
		return [Height]string{"█▀█", "▀▀█", "▀▀▀"}
	case ',':
		return [Height]string{" ", " ", "▘"}
	case '–':
		return [Height]string{"   ", "▀▀▀", "   "}
	default:
		return [Height]string{" ", string(r), " "}
	}
}

func asciiGlyph(r rune) [Height]string {
	switch r {
	case '0':
		return [Height]string{" _ ", "| |", "|_|"}
	case '1':
		return [Height]string{"   ", " /|", "  |"}
	case '2':
		return [Height]string{" _ ", " _|", "|_ "}
	case '3':
		return [Height]string{" _ ", " _|", " _|"}
	case '4':
		return [Height]string{"   ", "|_|", "  |"}
	case '5':
		return [Height]string{" _ ", "|_ ", " _|"}
	case '6':
		return [Height]string{" _ ", "|_ ", "|_|"}
	case '7':
		return [Height]string{"__ ", "  |", "  |"}
	case '8':
		return [Height]string{" _ ", "|_|", "|_|"}
	case '9':
		return [Height]string{" _ ", "|_|", " _|"}
	case ',':
		return [Height]string{" ", " ", ","}
	case '–':
		return [Height]string{"   ", " - ", "   "}
	default:
		return [Height]string{" ", string(r), " "}
	}
}
