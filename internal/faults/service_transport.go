package faults

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// faultGroups returns groups of faults. To choose a fault, first choose a group; otherwise, the faults of large groups
// would be too frequent.
func faultGroups() [][]fault {
	return [][]fault{connectionFaults(), headFaults(), bodyFaults(), redirectFaults(), refusalFaults(), fieldFaults(), structureFaults(), runFaults()}
}

// connectionFaults returns faults that break or stall the connection.
func connectionFaults() []fault {
	ok := head("200 OK", "Content-Type", "application/json")
	return []fault{
		{name: "reset before the answer", write: func(x *exchange) { x.sendRaw(0) }},
		{name: "reset before the request is carried out", refuses: true, write: func(x *exchange) { x.sendRaw(0) }},
		{name: "silence", write: func(x *exchange) { x.sendRaw(time.Duration(1+x.dice.IntN(90))*time.Second, nil) }},
		{name: "cut off within the header", write: func(x *exchange) {
			x.sendRaw(0, ok[:1+x.dice.IntN(len(ok)-1)])
		}},
		{name: "cut off within the body", write: func(x *exchange) {
			body := x.body()
			x.sendRaw(0, head("200 OK", "Content-Length", strconv.Itoa(len(body)+1)), body[:x.dice.IntN(len(body)+1)])
		}},
		{name: "cut off within a body without a length", write: func(x *exchange) {
			body := x.body()
			x.sendRaw(0, ok, body[:x.dice.IntN(len(body))])
		}},
		{name: "slow body", harmless: true, write: func(x *exchange) {
			body := x.body()
			half := len(body) / 2
			x.sendRaw(time.Duration(1+x.dice.IntN(7))*time.Second, head(x.statusLine()), nil, body[:half/2], nil, body[half/2:half], nil, body[half:])
		}},
		{name: "body that stops", write: func(x *exchange) {
			body := x.body()
			x.sendRaw(100*time.Second, head("200 OK", "Content-Length", strconv.Itoa(len(body))), body[:len(body)/2], nil)
		}},
		{name: "drops of a body", write: func(x *exchange) {
			parts := [][]byte{ok}
			for range 300 {
				parts = append(parts, []byte(" "), nil)
			}
			x.sendRaw(10*time.Second, parts...)
		}},
	}
}

func (x *exchange) statusLine() string {
	return strconv.Itoa(x.status()) + " " + http.StatusText(x.status())
}

// headFaults returns faults whose status line or header is invalid or unusual.
func headFaults() []fault {
	simple := func(name, status string, fields ...string) fault {
		return fault{name: name, write: func(x *exchange) { x.sendRaw(0, head(status, fields...), x.body()) }}
	}
	hostile := "\x1b]0;owned\a\u202e"
	return []fault{
		simple("status 999", "999 "+hostile),
		simple("status 0", "000 Nothing"),
		simple("negative status", "-1 No"),
		simple("204", "204 No Content"),
		simple("205", "205 Reset Content"),
		simple("304", "304 Not Modified"),
		simple("206", "206 Partial Content", "Content-Range", "bytes 0-3/99"),
		simple("101", "101 Switching Protocols", "Upgrade", "websocket", "Connection", "Upgrade"),
		simple("hostile fields", "500 Oops", "X-Request-ID", "req\t\xff"+strings.Repeat("long", 500), "Retry-After", "-1", "Date", "yesterday"),
		simple("control characters in a field", "200 OK", "X-Request-ID", hostile),
		{name: "large head", write: func(x *exchange) { x.sendRaw(0, head("200 OK", "X-Large", strings.Repeat("x", 300<<10)), x.body()) }},
		{name: "fields without end", write: func(x *exchange) { x.sendRaw(0, head("200 OK", manyFields()...), x.body()) }},
		simple("negative length", "200 OK", "Content-Length", "-5"),
		simple("two lengths", "200 OK", "Content-Length", "5", "Content-Length", "50"),
		simple("length of 10^30", "200 OK", "Content-Length", "1"+strings.Repeat("0", 30)),
		simple("broken chunks", "200 OK", "Transfer-Encoding", "chunked"),
		simple("unknown transfer encoding", "200 OK", "Transfer-Encoding", "gzip, x-evil"),
		{name: "not HTTP", write: func(x *exchange) { x.sendRaw(0, []byte(text(x.dice)+"\r\n\r\n")) }},
		{name: "SSH", write: func(x *exchange) { x.sendRaw(0, []byte("SSH-2.0-OpenSSH_9.9\r\n")) }},
		{name: "early hints", harmless: true, write: func(x *exchange) {
			x.sendRaw(0, bytes.Repeat(head("103 Early Hints", "Link", "</x>"), 3), head(x.statusLine(), "Content-Type", "application/json"), x.body())
		}},
		{name: "continue without end", write: func(x *exchange) { x.sendRaw(0, bytes.Repeat(head("100 Continue"), 500), head("200 OK"), x.body()) }},
		{name: "too long", harmless: true, write: func(x *exchange) {
			x.sendRaw(0, head(x.statusLine(), "Content-Length", strconv.Itoa(len(x.body()))), x.body(), []byte("and another thing"))
		}},
	}
}

func manyFields() []string {
	var fields []string
	for i := range 5000 {
		fields = append(fields, fmt.Sprintf("X-Field-%d", i), strings.Repeat("v", 60))
	}
	return fields
}

// bodyFaults returns faults that send a body whose compression is broken, or that is not JSON.
func bodyFaults() []fault {
	encoded := func(name string, encode func(x *exchange) []byte) fault {
		return fault{name: name, write: func(x *exchange) { x.send(x.status(), encode(x), []string{"Content-Encoding", "gzip"}) }}
	}
	whole := func(x *exchange) []byte { return zipped(x.body()) }
	return []fault{
		{name: "gzip", harmless: true, write: func(x *exchange) { x.send(x.status(), whole(x), []string{"Content-Encoding", "gzip"}) }},
		encoded("gzip cut short", func(x *exchange) []byte { z := whole(x); return z[:x.dice.IntN(len(z))] }),
		encoded("plain body declared as gzip", (*exchange).body),
		encoded("gzip with broken bits", func(x *exchange) []byte { z := whole(x); z[x.dice.IntN(len(z))] ^= 0x55; return z }),
		encoded("a small gzip body with very many spaces", func(*exchange) []byte { return zipped(bytes.Repeat([]byte(" "), 3<<20)) }),
		encoded("gzip of many items", func(*exchange) []byte {
			return zipped([]byte(`{"data":{"run_status":"running","result":{"pages":[{"items":[` + strings.Repeat("{},", 20_000) + `{}]}]}}}`))
		}),
		{name: "unknown encoding", write: func(x *exchange) { x.send(x.status(), x.body(), []string{"Content-Encoding", "br"}) }},
		{name: "HTML", write: func(x *exchange) {
			x.send(http.StatusOK, []byte("<!DOCTYPE html><title>Please wait \x1b[2J</title><h1>Back soon</h1>"), []string{"Content-Type", "text/html"})
		}},
		{name: "wrong content type", harmless: true, write: func(x *exchange) { x.send(x.status(), x.body(), []string{"Content-Type", "image/png"}) }},
		{name: "no body", write: func(x *exchange) { x.send(x.status(), nil, nil) }},
		{name: "space", write: func(x *exchange) { x.send(x.status(), bytes.Repeat([]byte(" \n\t"), 1000), nil) }},
		{name: "text", write: func(x *exchange) { x.send(x.status(), []byte(text(x.dice)), nil) }},
		{name: "broken bytes", write: func(x *exchange) {
			x.send(x.status(), Broken(x.dice.Uint64(), x.body()), nil)
		}},
	}
}

func zipped(body []byte) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write(body) // writing to a buffer cannot fail
	_ = z.Close()
	return b.Bytes()
}

func redirectFaults() []fault {
	var faults []fault
	for _, status := range []int{301, 302, 303, 307, 308} {
		for _, target := range []string{"", "//evil.example/v1/smartbrowse/usage", "https://evil.example/", "ftp://127.0.0.1/", "/v1/elsewhere", "http://127.0.0.1:81/", "http://user:pw@127.0.0.1/", "::::", "javascript:alert(1)", "self"} {
			faults = append(faults, fault{name: fmt.Sprintf("%d to %q", status, target), refuses: status != 302 && status != 303, write: func(x *exchange) {
				location := target
				if target == "self" {
					location = x.r.URL.String()
				}
				x.send(status, nil, []string{"Location", location})
			}})
		}
	}
	return faults
}
