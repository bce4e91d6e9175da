// Package streams provides texts for tests, and readers that return a text in unusual ways.
package streams

import (
	"bytes"
	"fmt"
	"io"
	"strings"
)

// Parts of an answer to a poll of a completed run with three items on two pages.
const (
	Result = `{"pages":[{"items":[{"name":"A"},{"name":"B"}]},{"items":[{"name":"C"}]}],"mode":"replay","drift":0.02,"warnings":["w"]}`
	Data   = `{"id":"k7Xb9dRmQ2p","recipe_id":"m3Yc2tFvN8q","run_status":"completed","pages_extracted":2,"items_extracted":3,"result":` + Result + `}`
	Poll   = `{"status":"completed","data":` + Data + `,"credits_used":0,"credits_remaining":494,"request_id":"req_aB3xY9Kp"}`
)

// Repeat returns a reader that repeats a text without end.
func Repeat(text string) io.Reader {
	return &repeated{text: strings.Repeat(text, 1+1<<16/len(text))} // with a long text, few reads are needed
}

type repeated struct {
	text string
	at   int
}

// Read continues the text where the last call ended.
func (r *repeated) Read(p []byte) (int, error) {
	n := copy(p, r.text[r.at:])
	r.at = (r.at + n) % len(r.text)
	return n, nil
}

// Parts returns a reader that returns text in small parts. The first call of Read returns up to sizes[0]+1 bytes, the
// second up to sizes[1]+1 bytes, and so on; after the last size, the sizes repeat. If sizes is empty, each call returns
// 1 byte.
func Parts(text, sizes []byte) io.Reader { return &parts{text: text, sizes: sizes} }

type parts struct {
	text  []byte
	sizes []byte
	turn  int
}

// Read returns the next part.
func (r *parts) Read(p []byte) (int, error) {
	if len(r.text) == 0 {
		return 0, io.EOF
	}
	size := 1
	if len(r.sizes) > 0 {
		size += int(r.sizes[r.turn%len(r.sizes)])
		r.turn++
	}
	n := copy(p[:min(len(p), size)], r.text)
	r.text = r.text[n:]
	return n, nil
}

// Answer returns an answer to a poll with n items of about 200 bytes.
func Answer(n int) []byte {
	var b bytes.Buffer
	b.WriteString(`{"status":"completed","data":{"id":"k7Xb9dRmQ2p","run_status":"completed","result":{"pages":[{"items":[`)
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"sku":"SKU-%07d","name":"Walnut desk lamp no. %d, brass","price":"$%d.%02d","url":"https://shop.example/catalogue/item/%d",`+
			`"rating":%d.%d,"in_stock":%t,"reviews":%d,"note":null}`, i, i, i%900, i%100, i, i%5, i%10, i%3 == 0, i%1700)
	}
	b.WriteString(`]}],"mode":"replay","drift":0.02,"warnings":[]}}}`)
	return b.Bytes()
}
