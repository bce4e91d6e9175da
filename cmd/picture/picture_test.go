package picture

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"
)

func TestOnlyPublicAddressesAreFetched(t *testing.T) {
	for address, want := range map[string]bool{
		"93.184.215.14": true, "2606:2800:21f:cb07:6820:80da:af6b:8b2c": true, "8.8.8.8": true,
		"127.0.0.1": false, "127.8.8.8": false, "::1": false, "10.0.0.1": false, "172.16.3.4": false, "192.168.1.1": false,
		"169.254.169.254": false, "fe80::1": false, "fe80::1%eth0": false, "fd00:ec2::254": false, "0.0.0.0": false, "::": false,
		"100.100.1.1": false, "224.0.0.1": false, "255.255.255.255": false, "198.18.0.1": false, "240.0.0.1": false,
		"::ffff:127.0.0.1": false, "::ffff:10.0.0.1": false, "::ffff:8.8.8.8": true, "::127.0.0.1": false,
		"64:ff9b::7f00:1": false, "2002:7f00:1::": false, "ff02::1": false, "192.0.0.8": false,
	} {
		if got := IsPublic(netip.MustParseAddr(address)); got != want {
			t.Errorf("%s: got %v, want %v", address, got, want)
		}
	}
}

// site starts a website on this machine. It returns the website and a fetcher that is allowed to connect to it.
func site(t *testing.T, handler http.HandlerFunc) (*httptest.Server, *Fetcher) {
	t.Helper()
	server := httptest.NewTLSServer(handler)
	t.Cleanup(server.Close)
	f := newFetcher(func(netip.Addr) bool { return true })
	trust(f, server)
	return server, f
}

func trust(f *Fetcher, server *httptest.Server) {
	pool := x509.NewCertPool()
	pool.AddCert(server.Certificate())
	if transport, isHTTP := f.client.Transport.(*http.Transport); isHTTP {
		transport.TLSClientConfig = &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}
	}
}

func encoded(t *testing.T, encode func(*bytes.Buffer, image.Image) error) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := encode(&b, image.NewRGBA(image.Rect(0, 0, 7, 5))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func pngOf(t *testing.T) []byte {
	t.Helper()
	return encoded(t, func(b *bytes.Buffer, m image.Image) error { return png.Encode(b, m) })
}

// pngHeader returns the start of a PNG image whose header says that it has w by h pixels.
func pngHeader(w, h uint32) []byte {
	header := []byte("IHDR")
	header = binary.BigEndian.AppendUint32(header, w)
	header = binary.BigEndian.AppendUint32(header, h)
	header = append(header, 8, 6, 0, 0, 0)
	b := []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0d")
	return binary.BigEndian.AppendUint32(append(b, header...), crc32.ChecksumIEEE(header))
}

// webp is an image of 1 by 1 pixels.
const webp = "RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00\x2f\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\xfe\x07\x00"

func TestDecode(t *testing.T) {
	for name, c := range map[string]struct {
		content []byte
		want    image.Point
		err     string
	}{
		"png":       {pngOf(t), image.Pt(7, 5), ""},
		"jpeg":      {encoded(t, func(b *bytes.Buffer, m image.Image) error { return jpeg.Encode(b, m, nil) }), image.Pt(7, 5), ""},
		"gif":       {encoded(t, func(b *bytes.Buffer, m image.Image) error { return gif.Encode(b, m, nil) }), image.Pt(7, 5), ""},
		"webp":      {[]byte(webp), image.Pt(1, 1), ""},
		"html":      {[]byte("<html>"), image.Point{}, "not a PNG"},
		"svg":       {[]byte("<svg/>"), image.Point{}, "not a PNG"},
		"nothing":   {nil, image.Point{}, "not a PNG"},
		"cut":       {pngOf(t)[:50], image.Point{}, "damaged"},
		"enormous":  {pngHeader(1<<30, 1<<30), image.Point{}, "damaged"},
		"wide":      {pngHeader(1<<31-1, 1), image.Point{}, "million pixels"},
		"too large": {pngHeader(6000, 6000), image.Point{}, "million pixels"},
		"empty":     {pngHeader(0, 0), image.Point{}, "damaged"},
	} {
		decoded, err := Decode(c.content)
		switch {
		case c.err != "":
			if err == nil || !strings.Contains(err.Error(), c.err) {
				t.Errorf("%s: got error %v, want %s", name, err, c.err)
			}
		case err != nil:
			t.Errorf("%s: %v", name, err)
		case decoded.Bounds().Size() != c.want:
			t.Errorf("%s has the size %v", name, decoded.Bounds().Size())
		}
	}
}

// TestDecodingTakesLimitedTime decodes a JPEG image of 3,000 by 3,000 pixels with very many passes.
func TestDecodingTakesLimitedTime(t *testing.T) {
	// The headers of a progressive image of one component, with a table that has a code for the end of a band.
	content := []byte("\xff\xd8\xff\xc2\x00\x0b\x08\x0b\xb8\x0b\xb8\x01\x01\x11\x00\xff\xc4\x00\x14\x10\x01" + strings.Repeat("\x00", 15) + "\xe0")
	pass := []byte("\xff\xda\x00\x08\x01\x01\x00\x01\x01\x00" + strings.Repeat("\x00", 20))
	content = append(content, bytes.Repeat(pass, 200_000)...)
	began := time.Now()
	if _, err := decode(content, began.Add(50*time.Millisecond)); !errors.Is(err, errTime) {
		t.Errorf("got error %v", err)
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("took %v", took)
	}
}

// TestNothingAboutTheUserIsSent checks the request after a redirect: no cookie, no referrer and no credentials.
func TestNothingAboutTheUserIsSent(t *testing.T) {
	var got http.Header
	server, f := site(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/" {
			http.SetCookie(w, &http.Cookie{Name: "id", Value: "1"})
			http.Redirect(w, r, "/image?secret=1", http.StatusFound)
			return
		}
		got = r.Header.Clone()
		_, _ = w.Write(pngOf(t))
	})
	decoded, err := f.Fetch(t.Context(), server.URL+"/")
	if err != nil || decoded.Bounds().Dx() != 7 {
		t.Fatalf("got %v, %v", decoded, err)
	}
	for name := range got {
		if name != "User-Agent" && name != "Accept" && name != "Accept-Encoding" && name != "Connection" {
			t.Errorf("the header %s was sent: %v", name, got[name])
		}
	}
}

func TestRefusedAddresses(t *testing.T) {
	requests := 0
	server, f := site(t, func(w http.ResponseWriter, r *http.Request) {
		requests++
		switch r.URL.Path {
		case "/http":
			http.Redirect(w, r, "http://example.com/", http.StatusFound)
		case "/password":
			http.Redirect(w, r, "https://user:password@example.com/", http.StatusFound)
		case "/loop":
			http.Redirect(w, r, "/loop", http.StatusFound)
		case "/large":
			_, _ = w.Write(make([]byte, maxBytes+1))
		case "/missing":
			http.NotFound(w, r)
		}
	})
	for address, want := range map[string]string{
		"http://example.com/":         "https",
		"file:///etc/passwd":          "https",
		"https://":                    "https",
		"https://a:b@example.com/":    "password",
		"https://exa mple.com/\x1b[m": "https",
		server.URL + "/http":          "https",
		server.URL + "/password":      "password",
		server.URL + "/loop":          "redirects",
		server.URL + "/large":         "larger than 16 MiB",
		server.URL + "/missing":       "status 404",
	} {
		if _, err := f.Fetch(t.Context(), address); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got error %v, want %s", address, err, want)
		}
	}
	requests = 0
	public := New()
	trust(public, server)
	for _, address := range []string{server.URL, strings.Replace(server.URL, "127.0.0.1", "localhost", 1)} {
		if _, err := public.Fetch(t.Context(), address); !errors.Is(err, errPrivate) || requests > 0 {
			t.Errorf("%s: got error %v and %d requests", address, err, requests)
		}
	}
}

func TestFetchingEndsWithTheContext(t *testing.T) {
	server, f := site(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := f.Fetch(ctx, server.URL); err == nil || !strings.Contains(err.Error(), "in time") {
		t.Errorf("got error %v", err)
	}
}
