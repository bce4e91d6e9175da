// Package picture fetches images from websites and decodes images in data: URLs. It treats both the URLs and the
// responses as untrusted.
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

// Limits for fetching and decoding an image.
const (
	maxTime      = 15 * time.Second // limit for one fetch, including redirects and the download
	maxDecoding  = 5 * time.Second
	maxBytes     = 16 << 20
	maxPixels    = 12 << 20
	maxRedirects = 3
)

// Errors of [Fetcher.Fetch] for images that violate a limit or a rule of this package.
var (
	errNotHTTPS = errors.New("only images from https:// addresses are fetched")
	errPassword = errors.New("the address contains a password")
	errPrivate  = errors.New("the address is in a private network")
	errSize     = fmt.Errorf("the image is larger than %d MiB", maxBytes>>20)
	errTime     = errors.New("decoding the image takes too long")
	errPixels   = fmt.Errorf("the image has more than %d million pixels", maxPixels/1_000_000)
)

// Fetcher fetches images. It sends no cookies, API key or Referer header. It uses no proxy, because it could not check
// the address to which a proxy connects.
type Fetcher struct{ client *http.Client }

// New returns a Fetcher that refuses to connect to private networks and to this machine.
func New() *Fetcher { return newFetcher(IsPublic) }

// newFetcher returns a Fetcher that connects only to IP addresses for which isAllowed returns true. It checks them
// after DNS resolution, so that neither a host name nor a redirect can circumvent the check.
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

// check returns an error unless address is an https URL without a password.
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

// Fetch fetches and decodes a PNG, JPEG, GIF or WebP image. For an animation, it returns the first frame. A data: URL
// contains the image, so for such a URL, Fetch sends no request.
func (f *Fetcher) Fetch(ctx context.Context, address string) (image.Image, error) {
	if isData(address) {
		return fromData(address)
	}
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
		return nil, fmt.Errorf("the website answered with status %d", response.StatusCode)
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

// reason returns the cause of a failed request. It leaves out the URL, which is untrusted and may be long.
func reason(err error) error {
	var timeout interface{ Timeout() bool }
	switch {
	case errors.Is(err, errPrivate):
		return errPrivate
	case errors.As(err, &timeout) && timeout.Timeout():
		return errors.New("the website did not answer in time")
	}
	if failed, ok := errors.AsType[*url.Error](err); ok {
		return failed.Err
	}
	return err
}

// Decode decodes an image. It rejects images with too many pixels before decoding them, and gives up after maxDecoding.
func Decode(content []byte) (image.Image, error) { return decode(content, time.Now().Add(maxDecoding)) }

// decode decodes an image. It fails if decoding is not finished at the deadline.
func decode(content []byte, deadline time.Time) (image.Image, error) {
	size, _, err := image.DecodeConfig(bytes.NewReader(content))
	switch {
	case errors.Is(err, image.ErrFormat):
		return nil, errors.New("it is not a PNG, JPEG, GIF or WebP image")
	case err != nil:
		return nil, errDamaged
	case size.Width <= 0 || size.Height <= 0:
		return nil, errors.New("the image is empty")
	case size.Width > maxPixels/size.Height:
		return nil, errPixels
	}
	decoded, _, err := image.Decode(&timedReader{bytes.NewReader(content), deadline})
	switch {
	case errors.Is(err, errTime):
		return nil, errTime
	case err != nil:
		return nil, errDamaged
	}
	if bounds := decoded.Bounds(); bounds.Empty() {
		return nil, errors.New("the image is empty")
	}
	return decoded, nil
}

// timedReader is a reader that fails after a deadline. Without it, a small JPEG file with many passes could take hours
// to decode.
type timedReader struct {
	io.Reader
	until time.Time
}

// Read reads at most 512 bytes and fails after the deadline. Because each call reads little, the deadline is checked
// often.
func (r *timedReader) Read(b []byte) (int, error) {
	const few = 512
	b = b[:min(few, len(b))]
	if time.Now().After(r.until) {
		return 0, errTime
	}
	return r.Reader.Read(b)
}

// IsPublic reports whether an IP address belongs to the public internet.
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

// reservedNetworks returns the networks that [IsPublic] rejects in addition to the private networks that package
// net/netip recognizes. It includes IPv6 networks whose addresses contain an IPv4 address, because the IPv4 address may
// be private.
func reservedNetworks() []string {
	return []string{
		"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4",
		"::/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "5f00::/16", "fec0::/10",
	}
}
