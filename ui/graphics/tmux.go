package graphics

import (
	"image"
	"strings"

	"github.com/charmbracelet/x/ansi/kitty"
)

// tmux passes escape sequences for images to the terminal only if its option allow-passthrough is on, and it does not
// know where an image is. Inside tmux, an image is therefore sent without a place. The image appears where placeholders
// are, which tmux treats like other characters.

// ThroughTmux wraps an escape sequence, so that tmux passes it on to the terminal.
func ThroughTmux(sequence string) string {
	const esc = "\x1b"
	return esc + "Ptmux;" + strings.ReplaceAll(sequence, esc, esc+esc) + st
}

// The id of the image is also the color number of its placeholders, so it is at most 255.
const (
	placedID    = "87"
	placedColor = "\x1b[38;5;" + placedID + "m"
	noColor     = "\x1b[39m"
)

// MaxPlaced is the maximum width and height, in cells, of an image in tmux.
const MaxPlaced = 297

// KittyInTmux returns the escape sequences that send m to a terminal in which tmux runs. The terminal shows m in the
// cells of [Placeholders].
func KittyInTmux(m image.Image, cells image.Point) string {
	var b strings.Builder
	b.WriteString(DeleteInTmux())
	for _, command := range kittyCommands(m, "a=T,U=1,f=100,q=2,i="+placedID, cells) {
		b.WriteString(ThroughTmux(command))
	}
	return b.String()
}

// DeleteInTmux returns the escape sequence that removes the image of [KittyInTmux].
func DeleteInTmux() string { return ThroughTmux(apc + "a=d,d=I,i=" + placedID + ",q=2" + st) }

// Placeholders returns lines of characters that the terminal replaces by the image of [KittyInTmux]. Each character is
// one cell wide and says which part of the image it stands for.
func Placeholders(cells image.Point) []string {
	lines := make([]string, cells.Y)
	for y := range lines {
		var b strings.Builder
		b.WriteString(placedColor)
		for x := range cells.X {
			b.WriteString(string([]rune{kitty.Placeholder, kitty.Diacritic(y), kitty.Diacritic(x)}))
		}
		lines[y] = b.String() + noColor
	}
	return lines
}
