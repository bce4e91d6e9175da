package item

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

// A builder that joins parts has the same table as one to which each row is appended.
func TestJoinedPartsAreLikeAppendedRows(t *testing.T) {
	type row struct {
		text   string
		shape  int
		nested []string
	}
	long := strings.Repeat("x", minAdopted)
	for what, rows := range map[string][]row{
		"flat":       {{`{"a":1,"b":"x"}`, 2, nil}, {`{"a":2,"b":"\n"}`, 2, nil}, {`{"a":3}`, 1, nil}},
		"nested":     {{`{"a":{"k":1}}`, 1, []string{`{"k":1}`}}, {`{"a":{"\u006b":[{"l":1}]}}`, 1, []string{`{"\u006b":[{"l":1}]}`}}, {`{"a":[1]}`, 1, []string{`[1]`}}},
		"large":      {{`{"a":"` + long + `"}`, 1, nil}, {`{"a":"\\` + long + `"}`, 1, nil}},
		"same key":   {{`{"a":1,"a":2}`, 2, nil}, {`{"a":3,"a":4}`, 2, nil}},
		"escape key": {{`{"a\n":1}`, 1, nil}, {`{"a\n":2}`, 1, nil}},
	} {
		var appended, joined Builder
		var part Part
		for _, r := range rows {
			if _, err := appended.Append([]byte(r.text)); err != nil {
				t.Fatal(err)
			}
			var nested [][]byte
			for _, value := range r.nested {
				nested = append(nested, []byte(value))
			}
			if err := part.AppendLike([]byte(r.text), r.shape, nested); err != nil {
				t.Fatalf("%s: %v", what, err)
			}
		}
		cut := part.Cut()
		joined.Join(&cut)
		a, b := appended.Items(), joined.Items()
		if fmt.Sprint(a.Columns()) != fmt.Sprint(b.Columns()) || a.Len() != b.Len() {
			t.Errorf("%s: %d rows of %v, want %d of %v", what, b.Len(), b.Columns(), a.Len(), a.Columns())
			continue
		}
		for i := range a.Len() {
			if !bytes.Equal(a.Row(i), b.Row(i)) || a.place(i).chunkAndTraits>>chunkBits != b.place(i).chunkAndTraits>>chunkBits {
				t.Errorf("%s: row %d is %q with traits %b, want %q with %b", what, i, b.Row(i), b.place(i).chunkAndTraits>>chunkBits, a.Row(i), a.place(i).chunkAndTraits>>chunkBits)
			}
		}
	}
}

func TestPartRefusesWhatIsNotValid(t *testing.T) {
	var part Part
	if err := part.AppendLike([]byte(`{"a":1}`), 1, nil); err != nil {
		t.Fatal(err)
	}
	deep := strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000)
	for _, value := range []string{`[1`, `{"a"}`, `[1] `, deep} {
		if err := part.AppendLike([]byte(`{"a":`+value+`}`), 1, [][]byte{[]byte(value)}); err == nil {
			t.Errorf("%.20q was added", value)
		}
	}
	if cut := part.Cut(); len(cut.rows) != 1 {
		t.Errorf("%d rows, want 1", len(cut.rows))
	}
}

// Rows of an adopted text have the same traits as appended ones, whether the keys of their nested values are known or
// not.
func TestAdoptedRowsAreLikeAppendedRows(t *testing.T) {
	type row struct {
		text          string
		shape         int
		known, nested string
	}
	for what, rows := range map[string][]row{
		"known":       {{`{"a":{"k":1}}`, 1, `{"k":1}`, ""}, {`{"a":{"k":"\n"}}`, 1, `{"k":"\n"}`, ""}, {`{"a":null}`, 0, "", ""}, {`{"a":{"k":3}}`, 1, `{"k":3}`, ""}},
		"escaped key": {{`{"a":{"\n":1}}`, 1, `{"\n":1}`, ""}, {`{"a":{"\n":2}}`, 1, `{"\n":2}`, ""}, {`{"a":null}`, 0, "", ""}},
		"both":        {{`{"a":{"k":1},"b":{"\n":1}}`, 1, `{"k":1}`, `{"\n":1}`}, {`{"a":{"k":1},"b":[]}`, 1, `{"k":1}`, `[]`}, {`{"a":null,"b":[1]}`, 0, "", `[1]`}},
	} {
		var appended, joined Builder
		var part Part
		var text []byte
		for _, r := range rows {
			text = append(text, r.text...)
		}
		part.Adopt(text)
		values := func(value string) [][]byte {
			if value == "" {
				return nil
			}
			return [][]byte{[]byte(value)}
		}
		for _, r := range rows {
			if _, err := appended.Append([]byte(r.text)); err != nil {
				t.Fatal(err)
			}
			if err := part.AppendNext(len(r.text), r.shape, values(r.known), values(r.nested)); err != nil {
				t.Fatalf("%s: %v", what, err)
			}
		}
		cut := part.Cut()
		joined.Join(&cut)
		a, b := appended.Items(), joined.Items()
		for i := range rows {
			if !bytes.Equal(a.Row(i), b.Row(i)) || a.place(i).chunkAndTraits>>chunkBits != b.place(i).chunkAndTraits>>chunkBits {
				t.Errorf("%s: row %d is %q with traits %b, want %q with %b", what, i, b.Row(i), b.place(i).chunkAndTraits>>chunkBits, a.Row(i), a.place(i).chunkAndTraits>>chunkBits)
			}
		}
	}
}
