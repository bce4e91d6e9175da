// Package layout divides the terminal into rectangles. They are used for drawing, and for finding what is under the
// mouse.
package layout

import "image"

// The minimum size of the terminal, in cells.
const (
	MinWidth  = 40
	MinHeight = 10
)

// The heights of the header and the footer, in lines. A terminal with fewer than withHeader lines has no header.
const (
	headerHeight = 2
	footerHeight = 2
	withHeader   = 12
)

// Frame holds the parts of the terminal's screen.
type Frame struct {
	Screen, Header, Body, Footer image.Rectangle
	// IsTooSmall reports whether the terminal is too small. If it is, only Screen is set.
	IsTooSmall bool
}

// NewFrame divides a terminal of w by h cells. All parts except Screen have a margin on the left and right.
func NewFrame(w, h int) Frame {
	margin := 1
	if w >= 100 {
		margin = 2
	}
	left, right := margin, max(margin, w-margin)
	header := headerHeight
	if h < withHeader {
		header = 0
	}
	bodyEnd := max(header, h-footerHeight)
	return Frame{
		Screen:     image.Rect(0, 0, w, h),
		Header:     image.Rect(left, 0, right, header),
		Body:       image.Rect(left, header, right, bodyEnd),
		Footer:     image.Rect(left, bodyEnd, right, bodyEnd+footerHeight),
		IsTooSmall: w < MinWidth || h < MinHeight,
	}
}

// Below divides area into a top part, which is the given number of lines high, and the rest below it.
func Below(area image.Rectangle, lines int) (top, rest image.Rectangle) {
	y := min(area.Min.Y+max(0, lines), area.Max.Y)
	top, rest = area, area
	top.Max.Y, rest.Min.Y = y, y
	return top, rest
}

// Beside divides an area into a left and a right part. The right part is w cells wide. The parts are gap cells apart.
func Beside(area image.Rectangle, w, gap int) (left, right image.Rectangle) {
	left, right = area, area
	right.Min.X = max(area.Min.X, area.Max.X-w)
	left.Max.X = max(area.Min.X, right.Min.X-gap)
	return left, right
}

// WideWindow is the minimum terminal width, in cells, for showing details next to a list.
const WideWindow = 140

// dividerWidth is the width of the line between a list and its details, with the spaces around it.
const dividerWidth = 3

// ListAndDetail divides area into a list and, at its right, the details of the selected line. window is the width of
// the terminal. If the window is narrower than [WideWindow], both get the whole area and isWide is false.
func ListAndDetail(area image.Rectangle, window int) (list, detail image.Rectangle, isWide bool) {
	if window < WideWindow {
		return area, area, false
	}
	list, detail = Beside(area, area.Dx()*2/5, dividerWidth)
	return list, detail, true
}

// Centered returns a rectangle of w by h cells in the middle of area.
func Centered(area image.Rectangle, w, h int) image.Rectangle {
	at := area.Min.Add(image.Pt(max(0, (area.Dx()-w)/2), max(0, (area.Dy()-h)/2)))
	return image.Rectangle{Min: at, Max: at.Add(image.Pt(w, h))}
}
