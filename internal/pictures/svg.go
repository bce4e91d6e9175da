// Package pictures draws screens of the dashboard as SVG images for the README. Its test renders the real model with a
// run of the emulator and fails if the images differ from what the program shows. To update them:
//
//	go test ./internal/pictures -update
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
	terminal := vt.NewEmulator(w, h)
	defer func() { _ = terminal.Close() }()
	if _, err := terminal.WriteString(strings.ReplaceAll(screen, "\n", "\r\n")); err != nil {
		return "", fmt.Errorf("draw a screen: %w", err)
	}
	var b strings.Builder
	width, height := float64(w)*cellWidth+2*border, h*lineHeight+2*border
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.0f %d" width="%.0f" height="%d" `, width, height, width, height)
	fmt.Fprintf(&b, `font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="%d" fill="%s">`+"\n", fontSize, foreground)
	fmt.Fprintf(&b, `<rect width="100%%" height="100%%" rx="8" fill="%s"/>`+"\n", background)
	for y := range h {
		for _, run := range runsOf(terminal, y, w) {
			run.draw(&b, y)
		}
	}
	b.WriteString("</svg>\n")
	return b.String(), nil
}

// run is a sequence of cells with the same style.
type run struct {
	x, width int
	text     string
	style    uv.Style
}

// runsOf splits a line into runs of the same style. Only plain letters share a run: any other character gets a run of
// its own, because fonts disagree on its width and direction.
func runsOf(terminal *vt.Emulator, y, w int) []run {
	var runs []run
	joins := false
	for x := 0; x < w; {
		content, width, style := " ", 1, uv.Style{}
		if cell := terminal.CellAt(x, y); cell != nil && cell.Width > 0 {
			content, width, style = cell.Content, cell.Width, cell.Style
		}
		plain := len(content) == 1
		if n := len(runs); n > 0 && joins && plain && runs[n-1].style.Equal(&style) {
			runs[n-1].text += content
			runs[n-1].width += width
		} else {
			runs = append(runs, run{x, width, content, style})
		}
		joins = plain
		x += width
	}
	return runs
}

// draw writes the background and the words of a run, each word at its own position so that it is right in any font.
func (r run) draw(b *strings.Builder, y int) {
	left, top := border+float64(r.x)*cellWidth, border+y*lineHeight
	if r.style.Bg != nil {
		fmt.Fprintf(b, `<rect x="%.1f" y="%d" width="%.1f" height="%d" fill="%s"/>`+"\n", left, top, float64(r.width)*cellWidth, lineHeight, hex(r.style.Bg))
	}
	for at := 0; at < len(r.text); {
		word, rest, _ := strings.Cut(r.text[at:], "  ")
		if text := strings.TrimLeft(word, " "); text != "" {
			x := left + float64(at+len(word)-len(text))*cellWidth
			width := float64(len(text)) * cellWidth
			if len(r.text) != r.width {
				width = float64(r.width) * cellWidth
			}
			fmt.Fprintf(b, `<text x="%.1f" y="%d" textLength="%.1f" lengthAdjust="spacingAndGlyphs"%s>%s</text>`+"\n",
				x, top+baseline, width, r.attributes(), html.EscapeString(text))
		}
		at = len(r.text) - len(rest)
	}
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
