package item

import (
	"slices"
	"strings"
	"testing"
)

func numbersFrom(t *testing.T, rows int) Table {
	t.Helper()
	var b Builder
	for range rows {
		if _, err := b.Append([]byte(`{"a":1}`)); err != nil {
			t.Fatal(err)
		}
	}
	return b.Items()
}

func TestCost(t *testing.T) {
	items := numbersFrom(t, 3000)
	size := len(`{"a":1}`)
	for _, r := range [][2]int{{0, 0}, {0, 1}, {1000, 1100}, {0, 3000}, {1023, 1025}, {1024, 2048}} {
		if got, want := items.Cost()(r[0], r[1]), size*(r[1]-r[0]); got != want {
			t.Errorf("rows %v cost %d, want %d", r, got, want)
		}
	}
	if got := CostOf([]uint32{7, 2500, 3}, items.Cost())(1, 3); got != 2*size {
		t.Errorf("two of three rows cost %d, want %d", got, 2*size)
	}
	computed := items.WithComputed("b", func(*Evaluation) func(int) Cell { return func(int) Cell { return Cell{} } })
	if got := computed.CostAt(PathOf("a"))(0, 1); got != size {
		t.Errorf("a column that is not computed costs %d, want %d", got, size)
	}
	if got := computed.CostAt(PathOf("b"))(0, 1); got <= size {
		t.Errorf("a computed column costs %d", got)
	}
	if got := (Table{}).Cost()(0, 0); got != 0 {
		t.Errorf("no rows cost %d", got)
	}
}

func TestSamplesOfExpensiveColumnsEndEarly(t *testing.T) {
	items := numbersFrom(t, 3000)
	for size, want := range map[int]int{10: 3000, 64 << 10: 257} {
		value := []byte(`"` + strings.Repeat("x", size-2) + `"`)
		computed := items.WithComputed("b", func(*Evaluation) func(int) Cell { return func(int) Cell { return NewCell(value) } })
		reader := computed.Reader(PathOf("b"))
		read := 0
		for row := range reader.Sample(slices.Values(sequenceOf(3000))) {
			reader.Cell(row)
			read++
		}
		if read != want {
			t.Errorf("the sample of values with %d bytes has %d rows, want %d", size, read, want)
		}
	}
}

func sequenceOf(n int) []int {
	numbers := make([]int, n)
	for i := range numbers {
		numbers[i] = i
	}
	return numbers
}
