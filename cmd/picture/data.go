package picture

import (
	"encoding/base64"
	"errors"
	"image"
	"strconv"
	"strings"
)

// Errors for data: URLs.
var (
	errNotBase64 = errors.New("only base64 images in data: addresses are shown")
	errDamaged   = errors.New("the image is damaged")
)

const dataScheme = "data:"

// isData reports whether address is a data: URL.
func isData(address string) bool {
	return len(address) >= len(dataScheme) && strings.EqualFold(address[:len(dataScheme)], dataScheme)
}

// fromData decodes the image that a data: URL contains. It sends no request.
func fromData(address string) (image.Image, error) {
	head, data, _ := strings.Cut(address[len(dataScheme):], ",")
	const marker = ";base64"
	if at := len(head) - len(marker); at < 0 || !strings.EqualFold(head[at:], marker) {
		return nil, errNotBase64
	}
	longest := base64.RawStdEncoding.EncodedLen(maxBytes)
	if len(data) > 3*longest { // a percent-encoded character takes 3 bytes
		return nil, errSize
	}
	encoded := normalize(data)
	if len(encoded) > longest {
		return nil, errSize
	}
	content := make([]byte, base64.RawStdEncoding.DecodedLen(len(encoded)))
	n, err := base64.RawStdEncoding.Decode(content, encoded)
	if err != nil {
		return nil, errDamaged
	}
	return Decode(content[:n])
}

// normalize converts base64 data of a URL to the standard alphabet without padding. It decodes percent-encoded
// characters and removes white space.
func normalize(data string) []byte {
	encoded := make([]byte, 0, len(data))
	for i := 0; i < len(data); i++ {
		c := data[i]
		if c == '%' && i+2 < len(data) {
			if code, err := strconv.ParseUint(data[i+1:i+3], 16, 8); err == nil {
				c = byte(code)
				i += 2
			}
		}
		switch c {
		case ' ', '\t', '\r', '\n', '\f':
			continue
		case '-':
			c = '+'
		case '_':
			c = '/'
		}
		encoded = append(encoded, c)
	}
	for n := len(encoded); n > 0 && encoded[n-1] == '='; n-- {
		encoded = encoded[:n-1]
	}
	return encoded
}
