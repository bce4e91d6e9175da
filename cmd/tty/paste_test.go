package tty

import (
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"
	"unicode/utf8"
)

// typed is the input of a terminal. Each call of Read returns one element of reads.
type typed struct {
	reads []string
	clock time.Time
	pause time.Duration // before each read
}

func (r *typed) now() time.Time { return r.clock }

func (r *typed) Read(p []byte) (int, error) {
	if len(r.reads) == 0 {
		return 0, io.EOF
	}
	n := copy(p, r.reads[0])
	if r.reads[0] = r.reads[0][n:]; r.reads[0] == "" {
		r.reads = r.reads[1:]
	}
	r.clock = r.clock.Add(r.pause)
	return n, nil
}

func filtered(t *testing.T, r *typed) string {
	t.Helper()
	f := &pasteFilter{source: r, now: r.now}
	var out []byte
	for {
		buf := make([]byte, 4096)
		n, err := f.Read(buf)
		out = append(out, buf[:n]...)
		if err != nil {
			return string(out)
		}
	}
}

func TestPasteFilter(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ input, want string }{
		{"abc\xff\x1b[A\x1b", "abc\xff\x1b[A\x1b"},
		{"\x1b[200~日本\x1b[201~q", "\x1b[200~日本\x1b[201~q"},
		{"\x1b[200~a\xff\x90b\xe6\x97\x1b[201~\xff", "\x1b[200~ab\x1b[201~\xff"},
		{"\x1b[200~\x1bP\x1b]x\x1b\x1b[201~\x1b", "\x1b[200~P]x\x1b[201~\x1b"},
		{"\x1b[200~a\x1b[200~b\x1b[201~c\x1b[201~", "\x1b[200~a[200~b\x1b[201~c\x1b[201~"},
		{"\x1b\x1b[200~\xff\x1b[201~\x1b[200~\xff\x1b[201~", "\x1b\x1b[200~\x1b[201~\x1b[200~\x1b[201~"},
		{"\x1b[200~a\r\n\tb\x1b[201~", "\x1b[200~a\r\n\tb\x1b[201~"},
		{"\x1b[20\x1b[200~\ufffd\x1b[201", "\x1b[20\x1b[200~\ufffd"},
	} {
		if got := filtered(t, &typed{reads: []string{test.input}}); got != test.want {
			t.Errorf("%q becomes %q, want %q", test.input, got, test.want)
		}
		for i := 1; i < len(test.input); i++ { // wherever the input is split
			if got := filtered(t, &typed{reads: []string{test.input[:i], test.input[i:]}}); got != test.want {
				t.Errorf("%q and %q become %q, want %q", test.input[:i], test.input[i:], got, test.want)
			}
		}
		if got := filtered(t, &typed{reads: strings.Split(test.input, "")}); got != test.want {
			t.Errorf("%q, byte by byte, becomes %q, want %q", test.input, got, test.want)
		}
	}
}

func TestPasteWithoutEnd(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		reads []string
		pause time.Duration
		want  string
	}{
		{"a key after a pause", []string{"\x1b[200~ab\xe6", "q"}, time.Minute, "\x1b[200~ab\x1b[201~q"},
		{"a key at once", []string{"\x1b[200~ab", "q"}, time.Second, "\x1b[200~abq"},
		{"more of the paste after a pause", []string{"\x1b[200~", strings.Repeat("q", maxKey+1)}, time.Minute, "\x1b[200~" + strings.Repeat("q", maxKey+1)},
		{"its end after a pause", []string{"\x1b[200~ab", "\x1b[201~q"}, time.Minute, "\x1b[200~ab\x1b[201~\x1b[201~q"},
	} {
		if got := filtered(t, &typed{reads: test.reads, pause: test.pause}); got != test.want {
			t.Errorf("%s: %q becomes %q, want %q", test.name, test.reads, got, test.want)
		}
	}
}

func TestLargePasteIsCut(t *testing.T) {
	t.Parallel()
	got := filtered(t, &typed{reads: []string{"\x1b[200~" + strings.Repeat("日", maxPaste) + "\x1b[201~q"}})
	if len(got) > maxPaste+len(pasteStart+pasteEnd)+1 || !strings.HasSuffix(got, "日\x1b[201~q") || !utf8.ValidString(got) {
		t.Errorf("%d bytes that end with %q", len(got), got[len(got)-20:])
	}
}

func TestPasteFilterPassesOnErrors(t *testing.T) {
	t.Parallel()
	f := &pasteFilter{source: iotest.DataErrReader(strings.NewReader("ab")), now: time.Now}
	buf := make([]byte, 100)
	if n, err := f.Read(buf); string(buf[:n]) != "ab" || err != io.EOF { //nolint:errorlint // as io.Reader has it
		t.Errorf("%q and %v", buf[:n], err)
	}
}
