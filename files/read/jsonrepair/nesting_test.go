package jsonrepair

import (
	"errors"
	"math/rand/v2"
	"strings"
	"testing"

	"sbwatch/model/jsonscan"
)

// checkNested compares Resume for each open value in a damaged value with Value for the same text.
func checkNested(t *testing.T, text string, ended bool) {
	t.Helper()
	var outer Repairer
	if _, err := outer.Value([]byte(text), ended); err == nil {
		return
	}
	step := 1 + len(text)/50
	for from := 0; from < len(text); from += step {
		if !outer.IsOpen(int64(from)) {
			continue
		}
		var inner Repairer
		_, want := inner.Value([]byte(text[from:]), true)
		got := outer.Resume([]byte(text[from:]), int64(from), true)
		if (got == nil) != (want == nil) || errors.Is(got, jsonscan.ErrShort) != errors.Is(want, jsonscan.ErrShort) {
			t.Fatalf("%.200q from %d: %v, want %v", text, from, got, want)
		}
	}
}

func TestResumeFailsLikeValue(t *testing.T) {
	parts := []string{"{", "[", "}", "]", ",", ":", "\n", "1", "12", "'x'", "\"", "a:", "\"b\":", "{\"a\":1}", "/*", "*/", "//", "NaN", "[1,", "{c:[", "tru", "-", "\ufeff", "\\"}
	random := rand.New(rand.NewPCG(1, 2))
	for range 5_000 {
		var text strings.Builder
		for range 1 + random.IntN(3) {
			text.WriteString([]string{"[", "{a:"}[random.IntN(2)])
		}
		for range random.IntN(20) {
			text.WriteString(parts[random.IntN(len(parts))])
		}
		checkNested(t, text.String(), true)
		checkNested(t, text.String(), false)
	}
	for _, text := range []string{strings.Repeat("[", 10_020), strings.Repeat("[", 10_010) + strings.Repeat("]", 10_005) + "x", strings.Repeat("{a:", 10_003) + "1" + strings.Repeat("}", 10_003)} {
		checkNested(t, text, true)
	}
}

// TestResumeDoesNotStartAgain checks the work for each of many nested values.
func TestResumeDoesNotStartAgain(t *testing.T) {
	text := []byte(strings.Repeat("[\n", 40_000))
	var r Repairer
	_, err := r.Value(text, true)
	for from := 2; err != nil && from < len(text); from += 2 {
		if !r.IsOpen(int64(from)) {
			t.Fatalf("the value at %d is not open", from)
		}
		err = r.Resume(text[from:], int64(from), true)
	}
	if limit := int64(2 * len(text)); err == nil || r.Work() > limit {
		t.Errorf("%d bytes examined of %d, %v", r.Work(), len(text), err)
	}
}
