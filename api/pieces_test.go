package api

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sbwatch/model/item"
)

// tinyPieces reads in chunks so small that items span several of them.
func tinyPieces(r *inParts) *pieces { return &pieces{source: r, nextSize: 40, lastSize: 160} }

// FuzzPieces reads a text in small chunks, ahead and not, and as a whole, and expects the same.
func FuzzPieces(f *testing.F) {
	lines := strings.Repeat("{\"a\":\"0123\"}\n\n[2, 3]\n", 30)
	for _, text := range []string{
		savedPoll, savedResult, lines, lines + "{\"long\":\"" + strings.Repeat("x", 1000) + "\"}\n" + lines, lines + "!", lines + "{\n\"cut",
		"[" + strings.Repeat(`{"a":1},`, 100) + `"` + strings.Repeat("y", 300) + `",{"a":1}` + strings.Repeat("\n", 500) + ",12]",
	} {
		f.Add([]byte(text), []byte{3, 0, 200})
		f.Add([]byte(text), []byte{255})
	}
	f.Fuzz(func(t *testing.T, text, sizes []byte) {
		whole := newDecoder(bytes.NewReader(text), Limits{}, nil)
		wholeErr := whole.DecodePart(whole.Part())
		for _, isAhead := range []bool{false, true} {
			d := newDecoder(nil, Limits{}, nil)
			source := tinyPieces(&inParts{text: text, sizes: sizes})
			d.read = source.read
			if isAhead {
				read, stop := source.ahead()
				defer stop()
				d.read = read
			}
			early := item.Table{}
			d.onItems = func(items item.Table) { early = items }
			partsErr := d.DecodePart(d.Part())
			if fmt.Sprint(wholeErr) != fmt.Sprint(partsErr) {
				t.Fatalf("%q: %v as a whole, %v in parts", text, wholeErr, partsErr)
			}
			want := rowsOf(whole.Items())
			if strings.Join(want, "\n") != strings.Join(rowsOf(d.Items()), "\n") || string(whole.Around()) != string(d.Around()) {
				t.Fatalf("%q: items %q as a whole, %q in parts", text, want, rowsOf(d.Items()))
			}
			for i, row := range rowsOf(early) {
				if row != want[i] {
					t.Fatalf("%q: item %d was told as %s, and became %s", text, i, row, want[i])
				}
			}
		}
	})
}

// A file is read ahead of what is looked at, whatever becomes of it.
func TestOpenOfAFile(t *testing.T) {
	const items = 30_000
	for _, test := range []struct{ what, end, says string }{
		{"whole", "", ""},
		{"broken at its beginning", "{\"a\":", "cut short"},
	} {
		path := filepath.Join(t.TempDir(), "items.json")
		body := strings.Repeat(`{"name":"`+strings.Repeat("n", 90)+`"}`+"\n", items) + test.end
		if err := os.WriteFile(path, []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
		file, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		told := 0
		answer, err := Open(file, OpenOptions{OnItems: func(item.Table) { told++ }})
		if answer.Items.Len() != items || told == 0 || (err == nil) != (test.says == "") || err != nil && !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: %d items, told %d times, %v", test.what, answer.Items.Len(), told, err)
		}
		if err := file.Close(); err != nil {
			t.Error(err)
		}
	}
	path := filepath.Join(t.TempDir(), "items.json")
	if err := os.WriteFile(path, []byte("!"+strings.Repeat("x", 20*readSize)), 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Open(file, OpenOptions{}); err == nil {
		t.Error("a file of nothing was opened")
	}
	// Nobody reads the file any more.
	if err := file.Close(); err != nil {
		t.Error(err)
	}
}

func BenchmarkOpenFile(b *testing.B) {
	path := filepath.Join(b.TempDir(), "items.json")
	body := append(append([]byte("["), bytes.Repeat([]byte(`{"sku":"SKU-0000017","name":"Walnut desk lamp no. 17, brass","price":"$17.99",`+
		`"url":"https://shop.example/catalogue/item/17","rating":4.5,"in_stock":true,"reviews":1702,"note":null},`+"\n"), 100_000)...), "0]"...)
	if err := os.WriteFile(path, body, 0o600); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		file, err := os.Open(path)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := Open(file, OpenOptions{}); err != nil {
			b.Fatal(err)
		}
		if err := file.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
