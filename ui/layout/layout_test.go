package layout

import (
	"image"
	"strings"
	"testing"
)

// picture draws rectangles as letters on a screen of w by h cells.
func picture(w, h int, parts map[rune]image.Rectangle) string {
	lines := make([][]rune, h)
	for y := range lines {
		lines[y] = []rune(strings.Repeat(".", w))
	}
	for letter, part := range parts {
		for y := part.Min.Y; y < part.Max.Y; y++ {
			for x := part.Min.X; x < part.Max.X; x++ {
				lines[y][x] = letter
			}
		}
	}
	var b strings.Builder
	for _, line := range lines {
		b.WriteString(string(line) + "\n")
	}
	return b.String()
}

func TestFrame(t *testing.T) {
	f := NewFrame(62, 20)
	want := strings.Repeat("."+strings.Repeat("h", 60)+".\n", 2) +
		strings.Repeat("."+strings.Repeat("b", 60)+".\n", 16) +
		strings.Repeat("."+strings.Repeat("f", 60)+".\n", 2)
	if got := picture(62, 20, map[rune]image.Rectangle{'h': f.Header, 'b': f.Body, 'f': f.Footer}); got != want {
		t.Errorf("the frame is\n%s", got)
	}
	if wide := NewFrame(100, 30); wide.Body != image.Rect(2, 2, 98, 28) || wide.IsTooSmall {
		t.Errorf("a wide frame has its body at %v, too small: %v", wide.Body, wide.IsTooSmall)
	}
	if small := NewFrame(40, 10); small.Body != image.Rect(1, 0, 39, 8) || small.Header.Dy() != 0 || small.IsTooSmall {
		t.Errorf("a small frame has its body at %v, its header at %v, too small: %v", small.Body, small.Header, small.IsTooSmall)
	}
	for _, size := range [][2]int{{39, 20}, {60, 9}, {1, 1}, {0, 0}} {
		if f := NewFrame(size[0], size[1]); !f.IsTooSmall || f.Body.Dx() < 0 || f.Body.Dy() < 0 {
			t.Errorf("%v: too small %v, body %v", size, f.IsTooSmall, f.Body)
		}
	}
}

func TestParts(t *testing.T) {
	area := image.Rect(1, 1, 19, 7)
	head, rest := Below(area, 2)
	left, right := Beside(rest, 6, 3)
	got := picture(20, 8, map[rune]image.Rectangle{'h': head, 'l': left, 'r': right})
	want := `....................
.hhhhhhhhhhhhhhhhhh.
.hhhhhhhhhhhhhhhhhh.
.lllllllll...rrrrrr.
.lllllllll...rrrrrr.
.lllllllll...rrrrrr.
.lllllllll...rrrrrr.
....................
`
	if got != want {
		t.Errorf("the parts are\n%s", got)
	}
	if head, rest := Below(area, 99); head != area || rest.Dy() != 0 {
		t.Errorf("with too many lines above: %v, %v", head, rest)
	}
	if box := Centered(area, 4, 2); box != image.Rect(8, 3, 12, 5) {
		t.Errorf("a box in the middle: %v", box)
	}
	if box := Centered(area, 99, 2); box.Min.X != area.Min.X {
		t.Errorf("a box that is too wide: %v", box)
	}
}
