package item

import (
	"bytes"
	"fmt"
	"testing"
)

func TestRewrite(t *testing.T) {
	var b Builder
	const rows = 150_000 // needs several chunks, and several calls of step
	for i := range rows {
		if _, err := b.Append(fmt.Appendf(nil, `{"a":%d,"b":"x"}`, i)); err != nil {
			t.Fatal(err)
		}
	}
	before, chunks := b.Items(), len(b.table.chunks)
	const changed = rows - 10
	steps := 0
	b.Rewrite(changed, func(dst, row []byte) []byte {
		if bytes.Contains(row, []byte(`:7,`)) {
			return append(dst, '{') // not valid JSON, so the row is kept
		}
		return append(append(append(dst, `{"new":`...), row...), '}')
	}, func() {
		steps++
		if items := b.Items(); items.Len() != rows {
			t.Errorf("%d items meanwhile", items.Len())
		}
	})
	if _, err := b.Append([]byte(`{"a":-1}`)); err != nil {
		t.Fatal(err)
	}
	after := b.Items()
	for i := range rows {
		old := fmt.Sprintf(`{"a":%d,"b":"x"}`, i)
		want := old
		if i < changed && i != 7 {
			want = `{"new":` + old + "}"
		}
		if string(before.Row(i)) != old || string(after.Row(i)) != want {
			t.Fatalf("row %d was %s and is %s, want %s and %s", i, before.Row(i), after.Row(i), old, want)
		}
	}
	if string(after.Row(rows)) != `{"a":-1}` || steps < 2 {
		t.Errorf("the next row is %s, after %d steps", after.Row(rows), steps)
	}
	freed := 0
	for _, chunk := range b.table.chunks {
		if chunk == nil {
			freed++
		}
	}
	if freed < chunks-2 { // the first chunk has the invalid row, and the last the rows that are kept
		t.Errorf("%d of %d old chunks are freed", freed, chunks)
	}
	if got := after.Cell(0, 2).Kind(); got != CellObject {
		t.Errorf("the new column has kind %v", got)
	}
}
