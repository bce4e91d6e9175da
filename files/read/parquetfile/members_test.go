package parquetfile

import "testing"

// TestAgreement checks in which rows two parts of a struct agree on whether the struct is absent. In a damaged file, they
// may not.
func TestAgreement(t *testing.T) {
	const level, rows = 2, 10
	for what, test := range map[string]struct {
		a, b     []absentRow
		used     int
		wantRows int
	}{
		"no rows are absent":      {nil, nil, 0, rows},
		"the same rows":           {[]absentRow{{1, 0}, {3, 1}}, []absentRow{{1, 0}, {3, 1}}, 0, rows},
		"only a value is absent":  {[]absentRow{{1, 2}, {3, 1}}, []absentRow{{3, 1}, {4, 3}}, 0, rows},
		"other rows":              {[]absentRow{{1, 0}, {3, 1}}, []absentRow{{1, 0}, {4, 1}}, 0, 3},
		"fewer rows":              {[]absentRow{{1, 0}}, []absentRow{{1, 0}, {4, 1}}, 0, 4},
		"another level":           {[]absentRow{{1, 0}, {5, 0}}, []absentRow{{1, 0}, {5, 1}}, 0, 5},
		"before the next row":     {[]absentRow{{1, 0}}, []absentRow{{2, 0}}, 3, rows},
		"after the next row":      {[]absentRow{{1, 0}, {7, 0}}, []absentRow{{2, 0}}, 3, 4},
		"after the rows in use":   {[]absentRow{{12, 0}}, nil, 0, rows},
		"after them, from a used": {[]absentRow{{12, 0}}, nil, 3, 9},
	} {
		first, second := members{absent: test.a, ends: make([]int, 100)}, members{absent: test.b, ends: make([]int, 100)}
		a, b := first.cursor(test.used), second.cursor(test.used)
		if got := a.agreement(&b, level, rows); got != test.wantRows {
			t.Errorf("%s: %d rows, want %d", what, got, test.wantRows)
		}
		if got := b.agreement(&a, level, rows); got != test.wantRows {
			t.Errorf("%s, exchanged: %d rows, want %d", what, got, test.wantRows)
		}
	}
}
