package parquetfile_test

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
)

type leaves struct {
	N *int64   `parquet:"n,optional,dict"          json:"n"`
	S string   `parquet:"s"                        json:"s"`
	L []string `parquet:"l,list"                   json:"l"`
	F float64  `parquet:"f,dict"                   json:"f"`
}

type branches struct {
	A *leaves `parquet:"a,optional"                json:"a"`
	B *bool   `parquet:"b,optional"                json:"b"`
	C *leaves `parquet:"c,optional"                json:"c"`
	D leaves  `parquet:"d"                         json:"d"`
}

type nestedRow struct {
	M *branches `parquet:"m,optional"              json:"m"`
	L leaves    `parquet:"l"                       json:"l"`
	T string    `parquet:"t,dict"                  json:"t"`
	Z *leaves   `parquet:"z,optional"              json:"z"`
}

// randomLeaves returns random values, some of which are missing or long.
func randomLeaves(random *rand.Rand) leaves {
	found := leaves{S: strings.Repeat("x", random.IntN(100)), L: make([]string, random.IntN(3)), F: float64(random.IntN(3))}
	if random.IntN(3) > 0 {
		found.N = new(int64(random.IntN(5)))
	}
	return found
}

func maybe[T any](random *rand.Rand, value T) *T {
	if random.IntN(3) == 0 {
		return nil
	}
	return &value
}

// TestStructsAreReadWithTheirNulls reads structs in which values, lists and whole structs are missing.
func TestStructsAreReadWithTheirNulls(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	rows := make([]nestedRow, 900)
	for i := range rows {
		middle := branches{
			A: maybe(random, randomLeaves(random)), B: maybe(random, i%2 == 0), C: maybe(random, randomLeaves(random)), D: randomLeaves(random),
		}
		rows[i] = nestedRow{
			M: maybe(random, middle), L: randomLeaves(random), T: strings.Repeat("t", 1+random.IntN(3000)), Z: maybe(random, randomLeaves(random)),
		}
	}
	got, err := read(written(t, rows, parquet.MaxRowsPerRowGroup(400), parquet.PageBufferSize(1000)))
	if err != nil {
		t.Fatal(err)
	}
	for i, row := range strings.Split(got, "\n") {
		want, err := json.Marshal(rows[i])
		if err != nil {
			t.Fatal(err)
		}
		if row != string(want) {
			t.Fatalf("row %d is\n%s, want\n%s", i, row, want)
		}
	}
}

// TestNonFiniteValuesInDictionaries reads NaN and Infinity from dictionaries, in and outside of structs.
func TestNonFiniteValuesInDictionaries(t *testing.T) {
	type inner struct {
		F float64 `parquet:"f,dict"`
	}
	type row struct {
		I inner   `parquet:"i"`
		F float64 `parquet:"f,dict"`
	}
	got, err := read(fileOf(t, row{inner{math.NaN()}, 1}, row{inner{2}, math.Inf(-1)}, row{inner{3}, 4}))
	if want := `{"i":{"f":NaN},"f":1}` + "\n" + `{"i":{"f":2},"f":-Infinity}` + "\n" + `{"i":{"f":3},"f":4}`; err != nil || got != want {
		t.Errorf("%s, %v, want %s", got, err, want)
	}
}
