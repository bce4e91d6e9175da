package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"

	"sbwatch/api/wire"
	"sbwatch/internal/streams"
)

// escapedKey returns the test's key with a share of its characters escaped as in JSON or in a URL.
func escapedKey(random *rand.Rand, form string, share float64) string {
	var out strings.Builder
	for _, c := range []byte(testKey) {
		if random.Float64() < share {
			fmt.Fprintf(&out, form, c)
		} else {
			out.WriteByte(c)
		}
	}
	return out.String()
}

// containsKey reports whether a text contains the key, as it is or after decoding it as JSON or as part of a URL.
func containsKey(text string) bool {
	plain := text
	for c := range 128 {
		for _, form := range []string{`\u%04x`, `\u%04X`, "%%%02x", "%%%02X"} {
			plain = strings.ReplaceAll(plain, fmt.Sprintf(form, c), string(rune(c)))
		}
	}
	return strings.Contains(plain, testKey) || strings.Contains(text, testKey)
}

func TestKeyIsBlanked(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	masked := keyPrefix + strings.Repeat("*", len(testKey)-len(keyPrefix))
	for text, want := range map[string]string{
		testKey:                               masked,
		"a " + testKey + testKey + " b":       "a " + masked + masked + " b",
		"wsg_live_wsg_live_" + testKey[9:]:    "wsg_live_" + masked,
		testKey[:len(testKey)-1]:              testKey[:len(testKey)-1],
		strings.ToUpper(testKey):              strings.ToUpper(testKey),
		`{"a":"\` + `\` + testKey + `"}`:      `{"a":"\\` + masked + `"}`,
		`\u0077` + testKey[1:]:                strings.Repeat("*", len(testKey)+5),
		`\u0077\u0077` + testKey[1:]:          `\u0077` + strings.Repeat("*", len(testKey)+5),
		`\\u0077` + testKey[1:]:               `\\u0077` + testKey[1:], // an escaped backslash, followed by u0077
		`%77` + testKey[1:]:                   strings.Repeat("*", len(testKey)+2),
		escapedKey(random, `\u%04X`, 1):       strings.Repeat("*", 6*len(testKey)),
		testKey[:9] + `\u0030` + testKey[10:]: keyPrefix + strings.Repeat("*", len(testKey)-9+5),
	} {
		if got := newSecret(testKey).maskText(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
	if got := newSecret("short").maskText("short"); got != "short" {
		t.Errorf("a key that is no secret becomes %q", got)
	}
}

// TestRedactorFindsEveryKey checks that keys are masked in any surroundings and with any read sizes. The text must keep
// its length, and JSON must stay valid.
func TestRedactorFindsEveryKey(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	fillers := []string{"x", `\\`, `\"`, `\u00e9`, "%20", "wsg_live_", testKey[:30], `\u0077`, `\u0077sg_`, "live", "%77", strings.Repeat("y", 300)}
	readers := map[string]func(io.Reader) io.Reader{
		"whole": func(r io.Reader) io.Reader { return r }, "bytes": iotest.OneByteReader, "halves": iotest.HalfReader, "end": iotest.DataErrReader,
	}
	for range 400 {
		var text strings.Builder
		text.WriteString(`{"a":"`)
		for range random.IntN(40) {
			switch random.IntN(6) {
			case 0:
				text.WriteString(escapedKey(random, `\u%04x`, random.Float64()*random.Float64()))
			case 1:
				text.WriteString(escapedKey(random, "%%%02X", random.Float64()*random.Float64()))
			default:
				text.WriteString(fillers[random.IntN(len(fillers))])
			}
		}
		text.WriteString(`"}`)
		for name, reader := range readers {
			got, err := io.ReadAll(newRedactor(reader(strings.NewReader(text.String())), newSecret(testKey)))
			if err != nil || len(got) != text.Len() || !json.Valid(got) || containsKey(string(got)) {
				t.Fatalf("%s: %s becomes %s (%v)", name, text.String(), got, err)
			}
		}
	}
}

func TestRedactorLeavesOtherTextsAlone(t *testing.T) {
	var text strings.Builder
	random := rand.New(rand.NewPCG(5, 6))
	for range 20_000 {
		text.WriteString([]string{"live", testKey[:20], `\u00e9`, `\u0077`, "%77%", `\\`, " ", `\`, "%", testKey[5:]}[random.IntN(10)])
	}
	for _, size := range []int{1, 7, 100, 4096, 1 << 20} {
		r := newRedactor(strings.NewReader(text.String()), newSecret(testKey))
		var got bytes.Buffer
		if _, err := io.CopyBuffer(struct{ io.Writer }{&got}, r, make([]byte, size)); err != nil {
			t.Fatal(err)
		}
		want := strings.ReplaceAll(text.String(), testKey, newSecret(testKey).maskText(testKey))
		if !containsKey(text.String()) && got.String() != want {
			t.Errorf("reads of %d bytes: the text has changed", size)
		}
	}
}

// TestRedactorGivesWhatItHas checks that text that is not part of a key is returned at once, because the next read may
// block. Errors are returned after all text.
func TestRedactorGivesWhatItHas(t *testing.T) {
	reader, writer := io.Pipe()
	r := newRedactor(reader, newSecret(testKey))
	go func() {
		_, _ = io.WriteString(writer, `{"a":1,`)
		_, _ = io.WriteString(writer, `"b":"wsg_li`)
		writer.CloseWithError(errors.New("broken"))
	}()
	buffer := make([]byte, 4096)
	for _, want := range []string{`{"a":1,`, `"b":"`, "wsg_li"} {
		if n, _ := r.Read(buffer); string(buffer[:n]) != want {
			t.Errorf("got %q, want %q", buffer[:n], want)
		}
	}
	if _, err := r.Read(buffer); err == nil || err.Error() != "broken" {
		t.Errorf("error %v", err)
	}
}

func FuzzRedactor(f *testing.F) {
	f.Add([]byte(testKey), uint8(3))
	f.Add([]byte(`\u0077`+testKey[1:]), uint8(1))
	f.Fuzz(func(t *testing.T, text []byte, size uint8) {
		r := newRedactor(bytes.NewReader(text), newSecret(testKey))
		var got bytes.Buffer
		_, err := io.CopyBuffer(struct{ io.Writer }{&got}, r, make([]byte, int(size)+1))
		if err != nil || got.Len() != len(text) || bytes.Contains(got.Bytes(), []byte(testKey)) || json.Valid(text) != json.Valid(got.Bytes()) {
			t.Errorf("%q becomes %q (%v)", text, got.Bytes(), err)
		}
	})
}

// BenchmarkRedactor is like BenchmarkDecode, but also searches for the key.
func BenchmarkRedactor(b *testing.B) {
	body := streams.Answer(100_000)
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		source := newRedactor(bytes.NewReader(body), newSecret(testKey))
		d := wire.NewDecoder(source, wire.Limits{}, nil)
		if err := d.Decode(); err != nil || d.Items().Len() != 100_000 {
			b.Fatal(d.Items().Len(), err)
		}
	}
}
