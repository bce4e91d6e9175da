package read

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sbwatch/model/item"
)

// TestOpenOfAFile checks that reading ahead works for intact and for broken files, and that nothing uses the file
// afterwards.
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
		answer, err := Open(file, Options{OnItems: func(item.Table) { told++ }})
		if answer.Items.Len() != items || told == 0 || (err == nil) != (test.says == "") || err != nil && !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: %d items, told %d times, %v", test.what, answer.Items.Len(), told, err)
		}
		if err := file.Close(); err != nil {
			t.Error(err)
		}
	}
	path := filepath.Join(t.TempDir(), "items.json")
	if err := os.WriteFile(path, []byte("!"+strings.Repeat("x", 20<<20)), 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Open(file, Options{}); err == nil {
		t.Error("a file of nothing was opened")
	}
	// Nobody reads the file anymore.
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
		if _, err := Open(file, Options{}); err != nil {
			b.Fatal(err)
		}
		if err := file.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
