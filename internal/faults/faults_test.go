package faults_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"sbwatch/api/emulator"
	"sbwatch/internal/faults"
)

func TestSeedDeterminesInput(t *testing.T) {
	differing := 0
	for seed := range uint64(100) {
		file := []byte(strings.Repeat(`{"name":"Mug"}`, 20))
		all := func() []any {
			return []any{faults.Text(seed), faults.Keys(seed, 50), faults.Broken(seed, file), faults.Items(seed, 3)}
		}
		if first, second := all(), all(); !reflect.DeepEqual(first, second) {
			t.Fatalf("seed %d: got %q, then %q", seed, first, second)
		}
		if faults.Text(seed) != faults.Text(seed+1) {
			differing++
		}
		if string(file) != strings.Repeat(`{"name":"Mug"}`, 20) {
			t.Fatal("Broken modified its input")
		}
	}
	if differing < 95 {
		t.Errorf("%d of 100 texts differ", differing)
	}
}

// TestFaultsOfAService checks that a seed determines the faults and that every kind of fault occurs.
func TestFaultsOfAService(t *testing.T) {
	kinds := map[string]bool{}
	for seed := range uint64(60) {
		first := faultsOf(t, seed)
		if again := faultsOf(t, seed); !reflect.DeepEqual(first, again) {
			t.Fatalf("seed %d: got %q, then %q", seed, first, again)
		}
		for _, kind := range first {
			kinds[kind] = true
		}
	}
	for _, kind := range []string{"", "429", "HTML", "reset before the answer", "gzip cut short", "back to queued", "deep nesting", "the key", "early hints"} {
		if !kinds[kind] {
			t.Errorf("fault %q never occurred", kind)
		}
	}
	if len(kinds) < 100 {
		t.Errorf("%d kinds of faults", len(kinds))
	}
}

// faultsOf sends 30 requests to a service and returns the faults of the answers.
func faultsOf(t *testing.T, seed uint64) []string {
	t.Helper()
	inner, err := emulator.New(emulator.Options{})
	if err != nil {
		t.Fatal(err)
	}
	service := faults.NewService(inner, "127.0.0.1", seed)
	for range 30 {
		r := httptest.NewRequest(http.MethodGet, "http://127.0.0.1/v1/smartbrowse/runs/"+emulator.SampleRunID, nil)
		r.Header.Set("X-API-Key", emulator.ExampleKey)
		func() {
			defer func() { _ = recover() }() // raised when the service closes the connection
			service.ServeHTTP(httptest.NewRecorder(), r)
		}()
	}
	var names []string
	for _, x := range service.Exchanges() {
		if x.Call != "poll" {
			t.Errorf("poll recorded as %q", x.Call)
		}
		names = append(names, x.Fault)
	}
	return names
}

func TestCheck(t *testing.T) {
	for content, want := range map[string]string{
		"\x1b[1;38;2;1;2;3mab\x1b[m\ncd": "",
		"日本\nabcd":                       "",
		"a":                              "1 lines",
		"abcde\n":                        "5 cells",
		"日本a\n":                          "5 cells",
		"a\x1b[2J\n":                     "U+001B",
		"a\u009b\n":                      "U+009B",
		"a\r\n":                          "U+000D",
		"\u202ea\n":                      "U+202E",
		"\xff\n":                         "UTF-8",
	} {
		err := faults.Check(faults.Frame{Content: content, Width: 4, Height: 2, Method: ansi.GraphemeWidth})
		if got := fmt.Sprint(err); (err == nil) != (want == "") || !strings.Contains(got, want) && want != "" {
			t.Errorf("%q: %v, want %q", content, err, want)
		}
	}
}
