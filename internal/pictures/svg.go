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

// elementsOf returns the elements that draw a screen.
func elementsOf(screen string, w, h int) ([]string, error) {
	terminal := vt.NewEmulator(w, h)
	defer func() { _ = terminal.Close() }()
	if _, err := terminal.WriteString(strings.ReplaceAll(screen, "\n", "\r\n")); err != nil {
		return nil, fmt.Errorf("draw a screen: %w", err)
	}
	var elements []string
	for y := range h {
		for _, run := range runsOf(terminal, y, w) {
			elements = append(elements, run.elements(y)...)
		}
	}
	return elements, nil
}

// run is a sequence of cells with the same style.
type run struct {
	x, width int
	text     string
	style    uv.Style
}

// runsOf splits a line into runs of the same style. Plain letters share a run, and so do copies of the same box-drawing
// character. Any other character gets its own run, because fonts disagree on its width and direction.
func runsOf(terminal *vt.Emulator, y, w int) []run {
	var runs []run
	last := ""
	for x := 0; x < w; {
		content, width, style := " ", 1, uv.Style{}
		if cell := terminal.CellAt(x, y); cell != nil && cell.Width > 0 {
			content, width, style = cell.Content, cell.Width, cell.Style
		}
		if n := len(runs); n > 0 && share(last, content) && runs[n-1].style.Equal(&style) {
			runs[n-1].text += content
			runs[n-1].width += width
		} else {
			runs = append(runs, run{x, width, content, style})
		}
		last = content
		x += width
	}
	return runs
}

// share reports whether neighboring characters may share a run.
func share(a, b string) bool {
	const frame = "─│━┃═▁█"
	return len(a) == 1 && len(b) == 1 || a == b && strings.Contains(frame, a)
}

// elements returns the background and the words of a run. Each word has its own position, so that it is right in any
// font.
func (r run) elements(y int) []string {
	var elements []string
	left, top := border+float64(r.x)*cellWidth, border+y*lineHeight
	if r.style.Bg != nil {
		elements = append(elements, fmt.Sprintf(`<rect x="%.1f" y="%d" width="%.1f" height="%d" fill="%s"/>`,
			left, top, float64(r.width)*cellWidth, lineHeight, hex(r.style.Bg)))
	}
	for at := 0; at < len(r.text); {
		word, rest, _ := strings.Cut(r.text[at:], "  ")
		indented := strings.TrimRight(word, " ")
		if text := strings.TrimLeft(indented, " "); text != "" {
			x := left + float64(at+len(indented)-len(text))*cellWidth
			width := float64(len(text)) * cellWidth
			if len(r.text) != r.width { // one character, perhaps repeated
				width = float64(r.width) * cellWidth
			}
			elements = append(elements, fmt.Sprintf(`<text x="%.1f" y="%d"%s%s>%s</text>`,
				x, top+baseline, stretch(width), r.attributes(), html.EscapeString(text)))
		}
		at = len(r.text) - len(rest)
	}
	return elements
}

// stretch returns the attributes that make text as wide as its cells, in pixels. A single cell needs none.
func stretch(width float64) string {
	if width <= cellWidth {
		return ""
	}
	return fmt.Sprintf(` textLength="%.1f" lengthAdjust="spacingAndGlyphs"`, width)
}

func (r run) attributes() string {
	var out string
	if r.style.Fg != nil {
		out += fmt.Sprintf(` fill="%s"`, hex(r.style.Fg))
	}
	if r.style.Attrs&uv.AttrBold != 0 {
		out += ` font-weight="bold"`
	}
	if r.style.Attrs&uv.AttrFaint != 0 {
		out += ` opacity="0.6"`
	}
	return out
}

func hex(c color.Color) string {
	r, g, b, _ := c.RGBA()
	return fmt.Sprintf("#%02x%02x%02x", r>>8, g>>8, b>>8)
}
