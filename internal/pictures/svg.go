// Package pictures draws screens of the dashboard for the documents: as SVG images, as an animated SVG image, and as a
// recording for asciinema. Its tests render the real model with runs of the emulator and fail if the files in docs
// differ from what the program shows. To update them:
//
//	make docs
package pictures

import (
	"fmt"
	"html"
	"image/color"
	"strings"

	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/vt"
)

// The size of a cell and of the frame around the screen, in pixels.
const (
	cellWidth  = 8.4
	lineHeight = 16
	fontSize   = 14
	baseline   = 13
	border     = 14
)

// The default colors of the terminal.
const (
	background = "#14161b"
	foreground = "#d8dbe2"
)

// SVG draws a screen, with its colors, as it appears on a terminal of w by h cells.
func SVG(screen string, w, h int) (string, error) {
	elements, err := elementsOf(screen, w, h)
	if err != nil {
		return "", err
	}
	return opening(w, h) + strings.Join(elements, "\n") + "\n</svg>\n", nil
}

// opening returns the beginning of an image of w by h cells: its size, font and background.
func opening(w, h int) string {
	width, height := float64(w)*cellWidth+2*border, h*lineHeight+2*border
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.0f %d" width="%.0f" height="%d" `, width, height, width, height) +
		fmt.Sprintf(`font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="%d" fill="%s">`+"\n", fontSize, foreground) +
		fmt.Sprintf(`<rect width="100%%" height="100%%" rx="8" fill="%s"/>`+"\n", background)
}

func elementsOf(screen string, w, h int) ([]string, error) {
	terminal := vt.NewEmulator(w, h)
	defer func() { _ = terminal.Close() }()
	if _, err := terminal.WriteString(strings.ReplaceAll(screen, "\n", "\r\n")); err != nil {
		return nil, fmt.Errorf("draw a screen: %w", err)
	}
	var elements []string
	for y := range h {
		for _, segment := range segmentsOf(terminal, y, w) {
			elements = append(elements, segment.elements(y)...)
		}
	}
	return elements, nil
}

// segment is a sequence of cells with the same style.
type segment struct {
	x, width int
	text     string
	style    uv.Style
}

// segmentsOf splits a line of the screen into segments. Neighboring ASCII characters share a segment, and so do copies
// of the same box-drawing character. Any other character gets its own segment, because fonts disagree on its width and
// direction.
func segmentsOf(terminal *vt.Emulator, y, w int) []segment {
	var segments []segment
	last := ""
	for x := 0; x < w; {
		content, width, style := " ", 1, uv.Style{}
		if cell := terminal.CellAt(x, y); cell != nil && cell.Width > 0 {
			content, width, style = cell.Content, cell.Width, cell.Style
		}
		if n := len(segments); n > 0 && canShareSegment(last, content) && segments[n-1].style.Equal(&style) {
			segments[n-1].text += content
			segments[n-1].width += width
		} else {
			segments = append(segments, segment{x, width, content, style})
		}
		last = content
		x += width
	}
	return segments
}

// canShareSegment reports whether the neighboring characters a and b can be drawn as one text: whether both are ASCII,
// or both are the same box-drawing character.
func canShareSegment(a, b string) bool {
	const frame = "─│━┃═▁█"
	return len(a) == 1 && len(b) == 1 || a == b && strings.Contains(frame, a)
}

// elements returns the SVG elements that draw a segment in line y: the background and the words. Each word has its own
// position, so that it starts in the correct cell in every font.
func (s segment) elements(y int) []string {
	var elements []string
	left, top := border+float64(s.x)*cellWidth, border+y*lineHeight
	if s.style.Bg != nil {
		elements = append(elements, fmt.Sprintf(`<rect x="%.1f" y="%d" width="%.1f" height="%d" fill="%s"/>`,
			left, top, float64(s.width)*cellWidth, lineHeight, hex(s.style.Bg)))
	}
	for at := 0; at < len(s.text); {
		word, rest, _ := strings.Cut(s.text[at:], "  ")
		indented := strings.TrimRight(word, " ")
		if text := strings.TrimLeft(indented, " "); text != "" {
			x := left + float64(at+len(indented)-len(text))*cellWidth
			width := float64(len(text)) * cellWidth
			if len(s.text) != s.width { // one character, perhaps repeated
				width = float64(s.width) * cellWidth
			}
			elements = append(elements, fmt.Sprintf(`<text x="%.1f" y="%d"%s%s>%s</text>`,
				x, top+baseline, textLength(width), s.attributes(), html.EscapeString(text)))
		}
		at = len(s.text) - len(rest)
	}
	return elements
}

// textLength returns the attributes that make an SVG text width pixels wide. It returns "" for a width of at most one
// cell.
func textLength(width float64) string {
	if width <= cellWidth {
		return ""
	}
	return fmt.Sprintf(` textLength="%.1f" lengthAdjust="spacingAndGlyphs"`, width)
}

func (s segment) attributes() string {
	var out string
	if s.style.Fg != nil {
		out += fmt.Sprintf(` fill="%s"`, hex(s.style.Fg))
	}
	if s.style.Attrs&uv.AttrBold != 0 {
		out += ` font-weight="bold"`
	}
	if s.style.Attrs&uv.AttrFaint != 0 {
		out += ` opacity="0.6"`
	}
	return out
}

func hex(c color.Color) string {
	r, g, b, _ := c.RGBA()
	return fmt.Sprintf("#%02x%02x%02x", r>>8, g>>8, b>>8)
}
