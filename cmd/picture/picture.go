// Package picture fetches images from web sites. The addresses and the answers are untrusted.
package picture

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	_ "image/gif" // decodes GIF
	_ "image/jpeg"
	_ "image/png"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"syscall"
	"time"

	_ "golang.org/x/image/webp" // decodes WebP
)

// The limits of an image.
const (
	maxTime      = 15 * time.Second // of the request
	maxDecoding  = 5 * time.Second
	maxBytes     = 16 << 20
	maxPixels    = 12 << 20
	maxRedirects = 3
)

// The errors of [Fetcher.Fetch] that do not depend on the web site.
var (
	errNotHTTPS = errors.New("only images from https:// addresses are fetched")
	errPassword = errors.New("the address contains a password")
	errPrivate  = errors.New("the address is in a private network")
	errSize     = fmt.Errorf("the image has more than %d MiB", maxBytes>>20)
	errTime     = errors.New("decoding the image takes too long")
	errPixels   = fmt.Errorf("the image has more than %d million pixels", maxPixels/1_000_000)
)

// Fetcher fetches images. It sends no cookies, no key and no referrer, and uses no proxy, because a proxy would hide which
// address is connected to.
type Fetcher struct{ client *http.Client }

// New returns a fetcher that refuses addresses of private networks and of this machine.
func New() *Fetcher { return newFetcher(IsPublic) }

// newFetcher returns a fetcher that connects only to addresses that are allowed. It checks each address after the name was
// resolved, so that no name and no redirect leads elsewhere.
func newFetcher(isAllowed func(netip.Addr) bool) *Fetcher {
	dialer := &net.Dialer{Timeout: maxTime / 3, Control: func(_, address string, _ syscall.RawConn) error {
		to, err := netip.ParseAddrPort(address)
		if err != nil || !isAllowed(to.Addr()) {
			return errPrivate
		}
		return nil
	}}
	const maxHeader = 64 << 10
	return &Fetcher{&http.Client{
		Timeout: maxTime,
		Transport: &http.Transport{
			DialContext: dialer.DialContext, DisableKeepAlives: true, ForceAttemptHTTP2: true,
			TLSHandshakeTimeout: maxTime / 3, MaxResponseHeaderBytes: maxHeader,
		},
		CheckRedirect: func(request *http.Request, via []*http.Request) error {
			request.Header.Del("Referer")
			if len(via) > maxRedirects {
				return errors.New("too many redirects")
			}
			return check(request.URL)
		},
	}}
}

// check returns an error if an address must not be fetched.
func check(address *url.URL) error {
	switch {
	case address.Scheme != "https" || address.Host == "":
		return errNotHTTPS
	case address.User != nil:
		return errPassword
	default:
		return nil
	}
}

// Fetch fetches and decodes a PNG, JPEG, GIF or WebP image. Of an animation, it decodes the first picture.
func (f *Fetcher) Fetch(ctx context.Context, address string) (image.Image, error) {
	at, err := url.Parse(address)
	if err != nil {
		return nil, errNotHTTPS
	}
	if err := check(at); err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, at.String(), http.NoBody)
	if err != nil {
		return nil, errNotHTTPS
	}
	request.Header.Set("User-Agent", "sbwatch")
	request.Header.Set("Accept", "image/png, image/jpeg, image/webp, image/gif")
	response, err := f.client.Do(request)
	if err != nil {
		return nil, reason(err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the web site answered with status %d", response.StatusCode)
	}
	content, err := io.ReadAll(io.LimitReader(response.Body, maxBytes+1))
	switch {
	case len(content) > maxBytes:
		return nil, errSize
	case err != nil:
		return nil, reason(err)
	}
	return Decode(content)
}

// reason returns the reason of an error of a request, without the address, which is untrusted and may be long.
func reason(err error) error {
	var timeout interface{ Timeout() bool }
	switch {
	case errors.Is(err, errPrivate):
		return errPrivate
	case errors.As(err, &timeout) && timeout.Timeout():
		return errors.New("the web site did not answer in time")
	}
	if failed, ok := errors.AsType[*url.Error](err); ok {
		return failed.Err
	}
	return err
}

// Decode decodes an image. It reads the size first, and decodes no image that needs much memory or much time.
func Decode(content []byte) (image.Image, error) { return decode(content, time.Now().Add(maxDecoding)) }

// decode decodes an image until a point in time.
func decode(content []byte, until time.Time) (image.Image, error) {
	size, _, err := image.DecodeConfig(bytes.NewReader(content))
	switch {
	case errors.Is(err, image.ErrFormat):
		return nil, errors.New("it is not a PNG, JPEG, GIF or WebP image")
	case err != nil:
		return nil, errors.New("the image is damaged")
	case size.Width <= 0 || size.Height <= 0:
		return nil, errors.New("the image is empty")
	case size.Width > maxPixels/size.Height:
		return nil, errPixels
	}
	decoded, _, err := image.Decode(&timedReader{bytes.NewReader(content), until})
	switch {
	case errors.Is(err, errTime):
		return nil, errTime
	case err != nil:
		return nil, errors.New("the image is damaged")
	}
	if bounds := decoded.Bounds(); bounds.Empty() {
		return nil, errors.New("the image is empty")
	}
	return decoded, nil
}

// timedReader fails after a point in time. A small JPEG file can contain so many passes over the image that decoding them takes
// hours.
type timedReader struct {
	io.Reader
	until time.Time
}

// Read reads bytes, unless it is too late. It reads few at a time, because decoding even these may take long.
func (r *timedReader) Read(b []byte) (int, error) {
	const few = 512
	b = b[:min(few, len(b))]
	if time.Now().After(r.until) {
		return 0, errTime
	}
	return r.Reader.Read(b)
}

// IsPublic reports whether an address belongs to the public internet.
func IsPublic(address netip.Addr) bool {
	address = address.Unmap().WithZone("")
	if !address.IsGlobalUnicast() || address.IsPrivate() || address.IsLoopback() || address.IsLinkLocalUnicast() {
		return false
	}
	for _, reserved := range reservedNetworks() {
		if netip.MustParsePrefix(reserved).Contains(address) {
			return false
		}
	}
	return true
}

// reservedNetworks lists networks that are not public and that net/netip does not know, and those whose addresses contain
// an address of version 4, which may be private.
func reservedNetworks() []string {
	return []string{
		"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4",
		"::/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "5f00::/16", "fec0::/10",
	}
}
