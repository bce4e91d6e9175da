package graphics

import (
	"bytes"
	"encoding/base64"
	"image"
	"image/color"
	"image/png"
	"regexp"
	"strings"
	"testing"
)

// striped returns an image whose left half is red and whose right half is transparent.
func striped(w, h int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w / 2 {
			m.Set(x, y, color.RGBA{255, 0, 0, 255})
		}
	}
	return m
}

func TestFit(t *testing.T) {
	for _, c := range []struct{ size, room, want image.Point }{
		{image.Pt(100, 50), image.Pt(200, 200), image.Pt(100, 50)},
		{image.Pt(400, 200), image.Pt(200, 200), image.Pt(200, 100)},
		{image.Pt(200, 400), image.Pt(200, 200), image.Pt(100, 200)},
		{image.Pt(10_000, 1), image.Pt(100, 100), image.Pt(100, 1)},
		{image.Pt(1, 10_000), image.Pt(100, 100), image.Pt(1, 100)},
		{image.Pt(5, 5), image.Pt(0, -1), image.Pt(1, 1)},
	} {
		if got := Fit(c.size, c.room.X, c.room.Y); got != c.want {
			t.Errorf("%v in %v: got %v, want %v", c.size, c.room, got, c.want)
		}
	}
}

func TestScale(t *testing.T) {
	scaled := Scale(striped(400, 100), 40, 40)
	if scaled.Rect.Size() != image.Pt(40, 10) {
		t.Fatalf("the size is %v", scaled.Rect)
	}
	if left, right := scaled.RGBAAt(3, 3), scaled.RGBAAt(30, 3); left != (color.RGBA{255, 0, 0, 255}) || right != (color.RGBA{}) {
		t.Errorf("got %v and %v", left, right)
	}
	// The average of a red and a transparent column.
	if got := Scale(striped(2, 1), 1, 1).RGBAAt(0, 0); got != (color.RGBA{127, 0, 0, 127}) {
		t.Errorf("the average is %v", got)
	}
	// A part of an image that does not start at 0.
	if got := Scale(striped(400, 100).SubImage(image.Rect(100, 50, 300, 100)), 20, 20).RGBAAt(1, 1); got != (color.RGBA{255, 0, 0, 255}) {
		t.Errorf("a part of an image begins with %v", got)
	}
}

// TestKittyHasOnlyPixels checks that the command is well-formed, and that its content is the image.
func TestKittyHasOnlyPixels(t *testing.T) {
	noise := image.NewRGBA(image.Rect(0, 0, 100, 60))
	random := uint32(1)
	for i := range noise.Pix {
		random = random*1664525 + 1013904223
		noise.Pix[i] = byte(random >> 24)
		if i%4 == 3 {
			noise.Pix[i] = 255
		}
	}
	command := strings.TrimPrefix(Kitty(noise, image.Pt(12, 5)), DeleteKitty)
	if !strings.HasPrefix(command, "\x1b_Ga=T,f=100,C=1,q=2,i=5727,c=12,r=5,m=1;") {
		t.Fatalf("got %q", command[:60])
	}
	var content []byte
	chunks := regexp.MustCompile(`\x1b_G([a-zA-Z0-9=,]*)m=([01]);([A-Za-z0-9+/=]*)\x1b\\`).FindAllStringSubmatch(command, -1)
	length := 0
	for i, chunk := range chunks {
		length += len(chunk[0])
		part, err := base64.StdEncoding.DecodeString(chunk[3])
		if isLast := i == len(chunks)-1; err != nil || len(chunk[3]) > 4096 || (chunk[2] == "0") != isLast {
			t.Fatalf("chunk %d: %v, m=%s, %d bytes", i, err, chunk[2], len(chunk[3]))
		}
		content = append(content, part...)
	}
	if length != len(command) || len(chunks) < 2 {
		t.Errorf("%d of %d bytes are in %d chunks", length, len(command), len(chunks))
	}
	decoded, err := png.Decode(bytes.NewReader(content))
	if err != nil || decoded.Bounds() != noise.Rect || decoded.At(7, 9) != noise.At(7, 9) && !same(decoded.At(7, 9), noise.At(7, 9)) {
		t.Errorf("the content is not the image: %v", err)
	}
}

func same(a, b color.Color) bool {
	ar, ag, ab, _ := a.RGBA()
	br, bg, bb, _ := b.RGBA()
	return ar == br && ag == bg && ab == bb
}

func TestIsKitty(t *testing.T) {
	for _, c := range []struct {
		id   int
		text string
		want bool
	}{{5727, "OK", true}, {5727, "ENOTSUPPORTED", false}, {1, "OK", false}} {
		if got := IsKitty(c.id, c.text); got != c.want {
			t.Errorf("%d %s: got %v", c.id, c.text, got)
		}
	}
}

// TestSixelDrawsThePixels reads sixels back.
func TestSixelDrawsThePixels(t *testing.T) {
	command := Sixel(striped(8, 8))
	if !strings.HasPrefix(command, "\x1bP0;1q\"1;1;8;8#0;2;0;0;0#1;2;0;0;20") || !strings.HasSuffix(command, "\x1b\\") {
		t.Fatalf("got %q", command)
	}
	if strings.ContainsFunc(strings.TrimSuffix(command[1:], "\x1b\\"), func(r rune) bool { return r < ' ' || r > '~' }) {
		t.Error("the command has control characters")
	}
	// Red is color 180 and white is color 215. The second band has two lines, so its sixels have two bits.
	if _, bands, _ := strings.Cut(command, "#215;2;100;100;100"); bands != "#180!4~!4?$#215!4?!4~$-#180!4B!4?$#215!4?!4B$-\x1b\\" {
		t.Errorf("got %q", bands)
	}
}

// TestDitheringKeepsTheBrightness checks that an area of one gray has the right average.
func TestDitheringKeepsTheBrightness(t *testing.T) {
	m := image.NewRGBA(image.Rect(0, 0, 60, 60))
	for i := range m.Pix {
		m.Pix[i] = 100
		if i%4 == 3 {
			m.Pix[i] = 255
		}
	}
	sum := 0
	for _, c := range dither(m) {
		sum += int(c) % levels * 255 / (levels - 1)
	}
	if average := sum / (60 * 60); average < 98 || average > 102 {
		t.Errorf("the average is %d, want 100", average)
	}
}
