// Package graphics encodes images for terminals that support the kitty graphics protocol or sixels. The encoded bytes
// contain only decoded pixels, and nothing else from the image file.
package graphics

import (
	"bytes"
	"encoding/base64"
	"image"
	"image/draw"
	"image/png"
	"strconv"
	"strings"
)

// Scale returns m scaled down to at most w by h pixels. Each pixel is the average of the pixels that it replaces. An
// image that fits keeps its size.
func Scale(m image.Image, w, h int) *image.RGBA {
	from := m.Bounds()
	size := Fit(from.Size(), w, h)
	to := image.NewRGBA(image.Rectangle{Max: size})
	for y := range size.Y {
		y0 := from.Min.Y + y*from.Dy()/size.Y
		y1 := max(y0+1, from.Min.Y+(y+1)*from.Dy()/size.Y)
		// draw.Draw converts a strip of the image faster than a call of At for each pixel would.
		strip := image.NewRGBA(image.Rect(0, 0, from.Dx(), y1-y0))
		draw.Draw(strip, strip.Rect, m, image.Pt(from.Min.X, y0), draw.Src)
		for x := range size.X {
			x0 := x * from.Dx() / size.X
			x1 := max(x0+1, (x+1)*from.Dx()/size.X)
			average(to.Pix[to.PixOffset(x, y):][:4], strip, x0, x1)
		}
	}
	return to
}

// average sets pixel to the average color of all pixels in the columns [x0, x1) of strip.
func average(pixel []byte, strip *image.RGBA, x0, x1 int) {
	var sum [4]int
	for y := range strip.Rect.Dy() {
		for i, value := range strip.Pix[strip.PixOffset(x0, y) : strip.PixOffset(x1-1, y)+4] {
			sum[i%4] += int(value)
		}
	}
	n := (x1 - x0) * strip.Rect.Dy()
	for i := range sum {
		pixel[i] = byte(sum[i] / n)
	}
}

// Fit returns size scaled down to at most w by h pixels, with the same proportions. The result is at least one pixel
// wide and high.
func Fit(size image.Point, w, h int) image.Point {
	w, h = max(1, w), max(1, h)
	if size.X <= w && size.Y <= h {
		return size
	}
	if size.X*h >= size.Y*w {
		return image.Pt(w, max(1, size.Y*w/size.X))
	}
	return image.Pt(max(1, size.X*h/size.Y), h)
}

// Escape sequences.
const (
	apc = "\x1b_G" // starts a kitty graphics command
	st  = "\x1b\\" // ends the command
)

// imageID is the id of the image in the terminal. The program shows at most one image.
const imageID = "5727"

// QueryKitty asks the terminal whether it supports the kitty graphics protocol. Terminals that support it answer before
// they answer a later query for device attributes.
const QueryKitty = apc + "i=" + imageID + ",s=1,v=1,a=q,t=d,f=24;AAAA" + st

// IsKitty reports whether an answer to [QueryKitty] confirms support. id and text are the image id and the message of
// the answer.
func IsKitty(id int, text string) bool { return strconv.Itoa(id) == imageID && text == "OK" }

// DeleteKitty is the escape sequence that removes the image of [Kitty].
const DeleteKitty = apc + "a=d,d=I,i=" + imageID + ",q=2" + st

// Kitty returns the escape sequences that show m at the cursor, scaled to the given number of cells.
func Kitty(m image.Image, cells image.Point) string {
	return DeleteKitty + strings.Join(kittyCommands(m, "a=T,f=100,C=1,q=2,i="+imageID, cells), "")
}

// kittyCommands returns the kitty graphics commands that send m with the given options, scaled to the given number of
// cells.
func kittyCommands(m image.Image, options string, cells image.Point) []string {
	var content bytes.Buffer
	if err := png.Encode(&content, m); err != nil {
		return nil
	}
	const maxChunk = 4096
	data := base64.StdEncoding.EncodeToString(content.Bytes())
	var commands []string
	options += ",c=" + strconv.Itoa(cells.X) + ",r=" + strconv.Itoa(cells.Y) + ","
	for data != "" {
		chunk := data[:min(maxChunk, len(data))]
		data = data[len(chunk):]
		isMore := "1"
		if data == "" {
			isMore = "0"
		}
		commands = append(commands, apc+options+"m="+isMore+";"+chunk+st)
		options = ""
	}
	return commands
}

// levels is the number of intensities of red, green and blue in sixels. There are levels³ colors.
const levels = 6

// Sixel returns the escape sequence that shows m at the cursor as sixels. Transparent parts become white, and colors
// are approximated by dithering.
func Sixel(m *image.RGBA) string {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	var b strings.Builder
	b.WriteString("\x1bP0;1q\"1;1;" + strconv.Itoa(w) + ";" + strconv.Itoa(h))
	const maxPercent = 100 // sixel colors are percentages
	for i := range levels * levels * levels {
		b.WriteString("#" + strconv.Itoa(i) + ";2")
		for _, level := range [...]int{i / (levels * levels), i / levels % levels, i % levels} {
			b.WriteString(";" + strconv.Itoa(level*maxPercent/(levels-1)))
		}
	}
	colors := dither(m)
	const band = 6 // height of a sixel in pixels
	for top := 0; top < h; top += band {
		writeBand(&b, colors[top*w:min(len(colors), (top+band)*w)], w)
		b.WriteByte('-')
	}
	b.WriteString(st)
	return b.String()
}

// writeBand writes a band of up to six pixel rows, one color after another.
func writeBand(b *strings.Builder, colors []byte, w int) {
	var isUsed [levels * levels * levels]bool
	for _, color := range colors {
		isUsed[color] = true
	}
	for color, used := range isUsed {
		if !used {
			continue
		}
		b.WriteString("#" + strconv.Itoa(color))
		sixel, count := byte(0), 0
		for x := range w {
			next := byte('?')
			for line := 0; line*w < len(colors); line++ {
				if colors[line*w+x] == byte(color) {
					next += 1 << line
				}
			}
			if next != sixel {
				writeRepeated(b, sixel, count)
				sixel, count = next, 0
			}
			count++
		}
		writeRepeated(b, sixel, count)
		b.WriteByte('$')
	}
}

// writeRepeated writes a sixel several times, in compressed form if that is shorter.
func writeRepeated(b *strings.Builder, sixel byte, count int) {
	const minRun = 4
	if count >= minRun {
		b.WriteString("!" + strconv.Itoa(count))
		count = 1
	}
	for range count {
		b.WriteByte(sixel)
	}
}

// dither returns the number of the color of each pixel. It uses Floyd–Steinberg dithering, which spreads the error of
// each pixel over its neighbors.
func dither(m *image.RGBA) []byte {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	colors := make([]byte, w*h)
	const white = 255
	// line and next hold the errors of the current and the next row of pixels, in sixteenths. Both have an extra pixel
	// at each end.
	line, next := make([][3]int, w+2), make([][3]int, w+2)
	for y := range h {
		for x := range w {
			pixel := m.Pix[m.PixOffset(x, y):][:4]
			color := 0
			for i := range 3 {
				value := int(pixel[i]) + white - int(pixel[3]) + line[x+1][i]/16
				level := max(0, min(levels-1, (value*(levels-1)+white/2)/white))
				color = color*levels + level
				missing := value - level*white/(levels-1)
				line[x+2][i] += 7 * missing
				next[x][i] += 3 * missing
				next[x+1][i] += 5 * missing
				next[x+2][i] += missing
			}
			colors[y*w+x] = byte(color)
		}
		line, next = next, line
		clear(next)
	}
	return colors
}
