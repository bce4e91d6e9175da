package cell_test

import (
	"strings"
	"testing"

	"sbwatch/model/item"
	"sbwatch/model/text"
	"sbwatch/ui/cell"
)

// valueOf returns a value, which it reads from an item {"v": value}.
func valueOf(t *testing.T, value string) item.Cell {
	t.Helper()
	var b item.Builder
	if _, err := b.Append([]byte(`{"v":` + value + `} `)); err != nil {
		t.Fatalf("%s: %v", value, err)
	}
	return b.Items().Cell(0, 0)
}

func TestText(t *testing.T) {
	for value, want := range map[string]string{
		`null`: "null", `"null"`: `"null"`, `""`: `""`, `"·"`: `"·"`, `"\"\""`: `""""`,
		`"plain"`: "plain", `12.50`: "12.50", `true`: "true", `[1, {"a":null}]`: `[1, {"a":null}]`,
		`"two\nlines\u001b[31m"`: `two\nlines\x1b[31m`, `"検索"`: "検索",
	} {
		if got := cell.Text(valueOf(t, value)); got != want {
			t.Errorf("%s: %q, want %q", value, got, want)
		}
	}
	if got := cell.Text(item.Cell{}); got != "·" {
		t.Errorf("a missing cell: %q", got)
	}
	if got := cell.Text(valueOf(t, `"`+strings.Repeat("v", 1<<20)+`"`)); len(got) > 2*cell.PreviewSize {
		t.Errorf("a large cell shows %d bytes", len(got))
	}
}

func TestName(t *testing.T) {
	for key, want := range map[string]string{"": `""`, "price": "price", "a\tb": `a\tb`} {
		if got := cell.Name(text.NewText(key)); got != want {
			t.Errorf("%q: %q, want %q", key, got, want)
		}
	}
}

func TestIsURL(t *testing.T) {
	for value, want := range map[string]bool{
		`"https://x.example"`: true, `"https:\/\/x.example\/a"`: true, `"HTTP://X.EXAMPLE"`: true,
		`"ftp://x.example"`: false, `"https:"`: false, `7`: false, `"a https://x.example"`: false, `["https://x.example"]`: false,
	} {
		if got := cell.IsURL(valueOf(t, value)); got != want {
			t.Errorf("%s: %v", value, got)
		}
	}
}
