package picture

import (
	"bytes"
	"encoding/base64"
	"image"
	"image/gif"
	"image/jpeg"
	"net/netip"
	"net/url"
	"strings"
	"testing"
)

// TestImagesInDataURLs checks that a data: URL is decoded without a request, with the same limits as other images.
func TestImagesInDataURLs(t *testing.T) {
	f := newFetcher(func(netip.Addr) bool {
		t.Error("a connection was attempted")
		return false
	})
	base := base64.StdEncoding.EncodeToString
	png := pngOf(t)
	jpg := encoded(t, func(b *bytes.Buffer, m image.Image) error { return jpeg.Encode(b, m, nil) })
	animation := encoded(t, func(b *bytes.Buffer, m image.Image) error { return gif.Encode(b, m, nil) })
	for name, c := range map[string]struct {
		address string
		err     string
	}{
		"png":             {"data:image/png;base64," + base(png), ""},
		"jpeg":            {"data:image/jpeg;base64," + base(jpg), ""},
		"gif":             {"data:image/gif;base64," + base(animation), ""},
		"webp":            {"data:image/webp;base64," + base([]byte(webp)), ""},
		"another type":    {"data:image/png;base64," + base(jpg), ""},
		"parameters":      {"DATA:image/png;charset=utf-8;BASE64," + base(png), ""},
		"no padding":      {"data:image/png;base64," + strings.TrimRight(base(png), "="), ""},
		"URL alphabet":    {"data:image/png;base64," + base64.URLEncoding.EncodeToString(png), ""},
		"percent":         {"data:image/png;base64," + url.QueryEscape(base(png)), ""},
		"lines":           {"data:image/png;base64,\n" + base(png)[:20] + "\r\n " + base(png)[20:] + "\n", ""},
		"svg":             {"data:image/svg+xml;base64," + base([]byte("<svg/>")), "not a PNG"},
		"not base64":      {"data:image/svg+xml,<svg/>", "only base64"},
		"no data":         {"data:image/png;base64,", "not a PNG"},
		"no comma":        {"data:image/png;base64", "not a PNG"},
		"nothing":         {"data:", "only base64"},
		"damaged base64":  {"data:image/png;base64,iVBOR*", "damaged"},
		"cut percent":     {"data:image/png;base64,%4", "damaged"},
		"cut":             {"data:image/png;base64," + base(png[:50]), "damaged"},
		"too many pixels": {"data:image/png;base64," + base(pngHeader(6000, 6000)), "million pixels"},
		"too many bytes":  {"data:image/png;base64," + strings.Repeat("A", 23<<20), "larger than 16 MiB"},
		"much too many":   {"data:image/png;base64," + strings.Repeat("%41", 23<<20), "larger than 16 MiB"},
	} {
		decoded, err := f.Fetch(t.Context(), c.address)
		switch {
		case c.err == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case c.err == "" && decoded.Bounds().Empty():
			t.Errorf("%s: the image is empty", name)
		case c.err != "" && (err == nil || !strings.Contains(err.Error(), c.err)):
			t.Errorf("%s: got error %v, want %s", name, err, c.err)
		}
	}
}
