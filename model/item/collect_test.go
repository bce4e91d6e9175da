package item

import (
	"bytes"
	"fmt"
	"math"
	"runtime"
	"strings"
	"testing"

	"sbwatch/model/parse"
	"sbwatch/model/vector"
)

// collectedForms holds the columns that TestCollectedValuesAreThoseOfTheCells expects to be collected, with their
// forms.
var collectedForms = map[string]vector.Form{
	"brand": vector.Codes, "stock": vector.Codes, "id": vector.Numbers, "seen": vector.Times, "day": vector.Times,
	"sparse": vector.Numbers, "growing": vector.Numbers,
	"dims.w": vector.Numbers, "dims.box.kind": vector.Codes, "dims.box.made": vector.Times,
	"name": vector.Places, "dims.note": vector.Places,
}

func pathOf(column string) Path { return PathOf(strings.Split(column, ".")...) }

// collectable returns a row with columns of each form. Some rows have other keys, or repeat or escape keys.
func collectable(i int) string {
	switch i % 50 {
	case 7:
		return fmt.Sprintf(`{"id":1,"brand":"x","id":%d.5,"br\u0061nd":"b%d"}`, i, i%12)
	case 8:
		return fmt.Sprintf(`{ "seen" : "2023-02-%02d" , "brand" : null , "id" : [1,{"id":2}] }`, 1+i%28)
	case 9:
		return fmt.Sprintf(`{"other%d":{"id":5,"brand":"y"},"seen":""}`, i%400)
	case 10:
		return `["id",1]`
	}
	growing := i
	if i < 3000 {
		growing = i % 5
	}
	dims := fmt.Sprintf(`{"w":%d,"box":{"kind":"k%d","x":{},"made":"20%02d-0%d-%02d"},"note":"%d"}`, i, i%3, i%97, 1+i%9, 1+i%28, i)
	switch i % 60 {
	case 11:
		dims = fmt.Sprintf(`{"w":1,"w":%d,"box":{"kind":"a"},"box":{"made":null}}`, i)
	case 12:
		dims = fmt.Sprintf(`{"\u0077":%d,"box" : { "ki\u006ed":"b","other%d":1} }`, i, i)
	case 13:
		dims = `[{"w":5}]`
	case 14:
		dims = `{"box":5}`
	case 15:
		dims = fmt.Sprintf(`{"w":5},"dims":{"box":{"kind":"c%d"}}`, i%2)
	case 16:
		dims = fmt.Sprintf(`{},"list":[{"w":%d}]`, i)
	case 17:
		dims = fmt.Sprintf(`{"box":{},"list":[{"kind":"k%d"}]}`, i%3)
	}
	row := fmt.Sprintf(`{"dims":%s,"id":%d,"brand":"b%d","name":"%1500d","stock":%t,"seen":"2024-05-%02dT12:%02d:%02dZ","day":"20%02d-%02d-%02d","growing":%d,"mixed":%d`,
		dims, i*7919%100_000, i%12, i, i%2 == 0, 1+i%28, i%60, i/60%60, 1+i%23, 1+i%12, 1+i%28, growing, i)
	if i%4 == 0 {
		row += fmt.Sprintf(`,"sparse":-%d.25e2`, i)
	}
	if i > 2500 {
		row += fmt.Sprintf(`,"late":%d`, i%3)
	}
	if i == 4000 {
		row += `,"mixed":"$5"`
	}
	return row + "}"
}

// TestCollectedValuesAreThoseOfTheCells adds the same rows one by one, in blocks, and in both ways.
func TestCollectedValuesAreThoseOfTheCells(t *testing.T) {
	const rows = 6000
	var text []byte
	for i := range rows {
		text = append(text, collectable(i)...)
		text = append(text, '\n')
	}
	for name, blockSize := range map[string]func(at int) int{
		"rows":   func(int) int { return 0 },
		"blocks": func(int) int { return 50_000 },
		"both":   func(at int) int { return at / 7 % 3 * 10_000 },
	} {
		t.Run(name, func(t *testing.T) {
			var b Builder
			b.Expect(int64(len(text)))
			var snapshots []Table
			for at := 0; at < len(text); {
				at = addSome(t, &b, text, at, blockSize(at))
				if b.Len()%500 == 0 || blockSize(at) > 0 {
					snapshots = append(snapshots, b.Items())
				}
			}
			snapshots = append(snapshots, b.Items())
			last := snapshots[len(snapshots)-1]
			if last.Len() != rows {
				t.Fatalf("%d rows, want %d", last.Len(), rows)
			}
			for column, form := range collectedForms {
				if values, ok := last.Vector(pathOf(column)); !ok || values.Form() != form {
					t.Errorf("%s: collected %t, form %d, want form %d", column, ok, values.Form(), form)
				}
			}
			for _, column := range []string{"mixed", "late", "dims", "dims.box"} {
				if _, ok := last.Vector(pathOf(column)); ok {
					t.Errorf("%s was collected", column)
				}
			}
			checkCollected(t, last, 1)
			for _, table := range snapshots {
				checkCollected(t, table, 99)
			}
		})
	}
}

// addSome adds the row at an offset, or a block of rows if size is not 0. It returns the offset after them.
func addSome(t *testing.T, b *Builder, text []byte, at, size int) int {
	t.Helper()
	if size > 0 && text[at] == '{' {
		end := min(len(text), at+size)
		end = at + bytes.LastIndexByte(text[at:end], '\n') + 1
		block := b.Scanner().Scan(text[at:end], func(_ []byte, end int) int { return end + 1 })
		if !b.JoinBlock(text, at, &block) {
			t.Fatal("the block was not added")
		}
		if block.End > 0 {
			return at + block.End + 1
		}
	}
	n, err := b.AppendIn(text, at, len(text))
	if err != nil {
		t.Fatal(err)
	}
	return at + n + 1
}

// checkCollected compares the collected values of every row, or of every tenth row and so on, with the cells.
func checkCollected(t *testing.T, table Table, step int) {
	t.Helper()
	for column := range collectedForms {
		values, ok := table.Vector(pathOf(column))
		if !ok {
			continue
		}
		if values.Len() != table.Len() {
			t.Fatalf("%s: %d values of %d rows", column, values.Len(), table.Len())
		}
		reader := table.Reader(pathOf(column))
		reader.Ahead(0, min(64, table.Len()))
		for row := 0; row < table.Len(); row += step {
			if got, want := reader.Cell(row), table.At(row, pathOf(column)); got.Kind() != want.Kind() || !bytes.Equal(got.Raw(), want.Raw()) || cap(got.Raw()) != cap(want.Raw()) {
				t.Fatalf("%s: row %d of %d: the reader returns %q, want %q", column, row, table.Len(), got.Raw(), want.Raw())
			}
			if !isSame(table, column, &values, row) {
				t.Fatalf("%s: row %d of %d has %q, the collected value differs", column, row, table.Len(), table.At(row, pathOf(column)).Raw())
			}
		}
	}
}

// isSame reports whether the collected value of a row is the value of its cell.
func isSame(table Table, column string, values *vector.Vector, row int) bool {
	cell := table.At(row, pathOf(column))
	switch values.Form() {
	case vector.Codes:
		first := values.First()[values.Codes()[row]]
		return bytes.Equal(table.At(int(first), pathOf(column)).Raw(), cell.Raw()) && int(first) <= row
	case vector.Numbers:
		number := values.Numbers()[row]
		if cell.Kind() != CellNumber {
			return math.IsNaN(number)
		}
		return number == parse.JSON(cell.Raw())
	case vector.Times:
		if cell.Kind() != CellString || len(cell.Raw()) == 2 {
			return values.Times()[row] == vector.NoTime
		}
		date, isDate := parse.Date([]byte(strings.Trim(string(cell.Raw()), `"`)))
		micros, isExact := vector.Micros(date)
		return isDate && isExact && values.Times()[row] == micros
	case vector.Places:
		from, to := values.Places()[row].Bounds()
		return values.Places()[row] != vector.Far && bytes.Equal(table.Part(row, from, to).Raw(), cell.Raw()) && to-from == len(cell.Raw())
	default:
		return false
	}
}

// TestRowsWithoutKnownValuesEndCollecting adds rows in the ways that do not find values.
func TestRowsWithoutKnownValuesEndCollecting(t *testing.T) {
	for name, add := range map[string]func(b *Builder) error{
		"repaired": func(b *Builder) error { return b.AppendRepaired([]byte(`{"id":NaN}`), []byte(`{"id":123}`)) },
		"part": func(b *Builder) error {
			var p Part
			err := p.AppendLike([]byte(`{"id":5}`), 0, nil)
			b.Join(&p)
			return err
		},
		"rewritten": func(b *Builder) error {
			b.Rewrite(5, func(dst, _ []byte) []byte { return append(dst, `{"id":9}`...) }, func() {})
			return nil
		},
	} {
		var b Builder
		for i := range 3000 {
			if _, err := b.Append([]byte(collectable(i))); err != nil {
				t.Fatal(err)
			}
		}
		if _, ok := b.Items().Vector(PathOf("id")); !ok {
			t.Fatal("nothing was collected")
		}
		if err := add(&b); err != nil {
			t.Fatal(err)
		}
		if _, ok := b.Items().Vector(PathOf("id")); ok {
			t.Errorf("%s: values were collected", name)
		}
	}
}

func TestComputedColumnsHaveNoCollectedValues(t *testing.T) {
	var b Builder
	for i := range 3000 {
		if _, err := b.Append([]byte(collectable(i))); err != nil {
			t.Fatal(err)
		}
	}
	table := b.Items().WithComputed("id", func(*Evaluation) func(int) Cell {
		return func(int) Cell { return NewCell([]byte("1")) }
	})
	if _, ok := table.Vector(PathOf("id")); ok {
		t.Error("the computed column has the values of the column that it replaces")
	}
	if _, ok := table.Vector(PathOf("brand")); !ok {
		t.Error("another column has lost its values")
	}
}

// appendLong adds rows with 20 columns of numbers, which are long enough for these columns to be collected.
func appendLong(t *testing.T, b *Builder) {
	t.Helper()
	for i := range 2100 {
		row := fmt.Appendf(nil, `{"text":"%03000d"`, i)
		for column := range 20 {
			row = fmt.Appendf(row, `,"n%d":%d`, column, i*1000+column)
		}
		if _, err := b.Append(append(row, '}')); err != nil {
			t.Fatal(err)
		}
	}
}

// TestShortRowsEndCollecting adds long rows, and then so many short ones that collected values would need most of the
// memory.
func TestShortRowsEndCollecting(t *testing.T) {
	const short = 300_000
	text := bytes.Repeat([]byte("{}\n"), short)
	for name, blockSize := range map[string]int{"rows": 0, "blocks": 100_000, "one block": len(text)} {
		var b Builder
		appendLong(t, &b)
		if _, ok := b.Items().Vector(PathOf("n1")); !ok {
			t.Fatal("nothing was collected")
		}
		for at := 0; at < len(text); {
			at = addSome(t, &b, text, at, blockSize)
		}
		if _, ok := b.Items().Vector(PathOf("n1")); ok || b.Len() < short {
			t.Errorf("%s: values of %d rows were collected", name, b.Len())
		}
	}
}

// allocated returns the number of bytes that a function allocates.
func allocated(do func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	do()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// TestExpectingTooMuchTakesLittleMemory tells the builder the size of a sparse file, which is much larger than the limit
// of the table.
func TestExpectingTooMuchTakesLittleMemory(t *testing.T) {
	const limit = 256 << 20
	size := allocated(func() {
		var b Builder
		b.SetLimit(limit)
		b.Expect(1 << 60)
		appendLong(t, &b)
	})
	if size > limit/4 {
		t.Errorf("%d bytes were allocated", size)
	}
}

// TestSamplesOfManyRowsTakeLittleMemory adds a block of many short rows, one of which has many keys.
func TestSamplesOfManyRowsTakeLittleMemory(t *testing.T) {
	text := []byte("{")
	for column := range maxCollected {
		text = fmt.Appendf(text, `"n%d":1,`, column)
	}
	text = append(text, "\"last\":1}\n"...)
	text = append(text, bytes.Repeat([]byte("{}\n"), 100_000)...)
	size := allocated(func() {
		var b Builder
		addSome(t, &b, text, 0, len(text))
	})
	if size > 100<<20 {
		t.Errorf("%d bytes were allocated", size)
	}
}

// TestCollectedValuesStaySmall adds rows with many columns that first have few different values, and so have codes, but
// later have many different numbers.
func TestCollectedValuesStaySmall(t *testing.T) {
	const limit = 24 << 20
	var b Builder
	b.SetLimit(limit)
	b.Expect(1 << 40)
	for i := 0; !b.Full(); i++ {
		row := []byte{'{'}
		for column := range 250 {
			row = fmt.Appendf(row, `"k%d":%d,`, column, i%max(3, i-3000))
		}
		if i < 2048 {
			row = fmt.Appendf(row, `"long":"%3000d",`, i)
		}
		if _, err := b.Append(append(row, `"last":1}`...)); err != nil {
			t.Fatal(err)
		}
	}
	table := b.Items()
	if memory := table.Memory(); memory > limit+limit/4 {
		t.Errorf("the table has %d bytes, the limit is %d", memory, limit)
	}
	if _, ok := table.Vector(PathOf("k0")); !ok {
		t.Error("no column was collected")
	}
	for _, c := range table.table.collected {
		if n := cap(c.values.Codes()) + cap(c.values.Numbers()); n > limit {
			t.Errorf("%d entries were allocated", n)
		}
	}
}
