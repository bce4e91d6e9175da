package item

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
)

// Rows that stay in their buffer alternate with rows that are copied, as in a file in which every other item is
// repaired.
func TestAlternatingRowsNeedFewChunks(t *testing.T) {
	const (
		buffers, rows = 3, 20_000 // rows of each buffer
		maxMemory     = 8 << 20
	)
	for what, keep := range map[string]func(b *Builder, buffer []byte, from, to int) error{
		"items": keepItem, "blocks": keepBlock,
	} {
		var b Builder
		b.SetLimit(maxMemory)
		var want []string
		var early Table
		for n := range buffers {
			alternate(t, &b, n, rows, keep)
			if n == 0 {
				early = b.Items()
			}
			for i := range rows {
				want = append(want, alternatingRow(n, i))
			}
		}
		items := b.Items()
		checkRows(t, what, items, want)
		checkRows(t, what+", snapshot", early, want[:rows])
		if n := len(b.table.chunks); n > 2*buffers {
			t.Errorf("%s: %d chunks, want at most %d", what, n, 2*buffers)
		}
		if b.memory > maxMemory || items.Memory() > maxMemory {
			t.Errorf("%s: %d bytes, and %d bytes in the table, want at most %d", what, b.memory, items.Memory(), maxMemory)
		}
	}
}

func alternatingRow(n, i int) string { return fmt.Sprintf(`{"n":%d,"i":%d}`, n, i) }

// alternate adds the rows of buffer n. It calls keep for every other row, and the builder copies the rows between them.
func alternate(t *testing.T, b *Builder, n, rows int, keep func(b *Builder, buffer []byte, from, to int) error) {
	t.Helper()
	var buffer []byte
	var ends []int
	for i := range rows {
		buffer = append(buffer, alternatingRow(n, i)...)
		ends = append(ends, len(buffer))
	}
	from := 0
	for i, to := range ends {
		var err error
		if row := buffer[from:to]; i%2 == 0 {
			err = keep(b, buffer, from, to)
		} else {
			err = b.AppendRepaired(row, row)
		}
		if err != nil {
			t.Fatalf("row %d of buffer %d: %v", i, n, err)
		}
		from = to
	}
}

func keepItem(b *Builder, buffer []byte, from, _ int) error {
	_, err := b.AppendIn(buffer, from, len(buffer))
	return err
}

func keepBlock(b *Builder, buffer []byte, from, to int) error {
	block := b.Scanner().Scan(buffer[from:to], func([]byte, int) int { return -1 })
	if !b.JoinBlock(buffer, from, &block) {
		return errors.New("the block does not fit")
	}
	return nil
}

func checkRows(t *testing.T, what string, got Table, want []string) {
	t.Helper()
	if got.Len() != len(want) {
		t.Fatalf("%s: %d rows, want %d", what, got.Len(), len(want))
	}
	for i, row := range want {
		if string(got.Row(i)) != row {
			t.Fatalf("%s: row %d is %s, want %s", what, i, got.Row(i), row)
		}
	}
}

// Large parts become chunks of the table, and the rows of small parts are copied.
func TestAlternatingPartsNeedFewChunks(t *testing.T) {
	const parts = 100
	var b Builder
	var rows []string
	for i := range parts {
		size := 10
		if i%2 == 0 {
			size = minAdopted
		}
		row := fmt.Sprintf(`{"i":%d,"text":%q}`, i, strings.Repeat("x", size))
		var part Part
		if err := part.AppendLike([]byte(row), 1, nil); err != nil {
			t.Fatal(err)
		}
		cut := part.Cut()
		b.Join(&cut)
		rows = append(rows, row)
	}
	checkRows(t, "parts", b.Items(), rows)
	if n := len(b.table.chunks); n > parts/2+1 {
		t.Errorf("%d chunks, want at most %d", n, parts/2+1)
	}
}

// A rewrite frees a buffer from which rows are still added.
func TestBufferIsUsedAfterRewrite(t *testing.T) {
	buffer := []byte(`{"a":1}{"a":2}{"a":3}`)
	const size = len(`{"a":1}`)
	var b Builder
	for i, want := range []string{`{"b":1}`, `{"b":2}`, `{"b":3}`} {
		if _, err := b.AppendIn(buffer, i*size, len(buffer)); err != nil {
			t.Fatal(err)
		}
		appendAll(t, &b, `{"c":0}`)
		b.Rewrite(b.Len(), func(dst, row []byte) []byte {
			return append(dst, bytes.Replace(row, []byte("a"), []byte("b"), 1)...)
		}, func() {})
		items := b.Items()
		if got := string(items.Row(2 * i)); got != want || string(items.Row(2*i+1)) != `{"c":0}` {
			t.Errorf("the last rows are %s and %s, want %s and a copy", got, items.Row(2*i+1), want)
		}
	}
	if used := b.Items().Memory(); b.memory < int64(len(buffer)) || b.memory > used+4*columnMemory {
		t.Errorf("%d bytes are counted, the table has %d", b.memory, used)
	}
}
