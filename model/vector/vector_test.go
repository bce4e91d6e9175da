package vector

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"sbwatch/model/parse"
)

func TestFormOf(t *testing.T) {
	for _, test := range []struct {
		what  string
		value func(i int) string
		want  Form
	}{
		{"few texts", func(i int) string { return fmt.Sprintf(`"brand %d"`, i%20) }, Codes},
		{"few numbers", func(i int) string { return fmt.Sprint(i % 20) }, Codes},
		{"only missing", func(int) string { return "" }, Codes},
		{"numbers", func(i int) string { return fmt.Sprintf("-%d.5e3", i) }, Numbers},
		{"numbers and others", func(i int) string { return []string{fmt.Sprint(i), fmt.Sprint(-i), "", "null", "true", "[1]"}[i%6] }, Numbers},
		{"numbers and text", func(i int) string { return []string{fmt.Sprint(i), `"$5"`}[i%2] }, None},
		{"dates", func(i int) string { return fmt.Sprintf(`"20%02d-%02d-%02d"`, i%100, 1+i%12, 1+i%28) }, Times},
		{"dates, null and empty", func(i int) string {
			return []string{fmt.Sprintf(`"20%02d-01-15T%02d:%02d:00.25Z"`, i%100, i%23, i%59), "null", `""`}[i%3]
		}, Times},
		{"dates of another form", func(i int) string { return fmt.Sprintf(`"%02d/%02d/20%02d"`, 1+i%12, 1+i%28, i%100) }, None},
		{"dates with nanoseconds", func(i int) string { return fmt.Sprintf(`"2024-01-15T00:00:00.%09dZ"`, i) }, None},
		{"texts", func(i int) string { return fmt.Sprintf(`"name %d"`, i) }, None},
		{"objects", func(i int) string { return fmt.Sprintf(`{"a":%d}`, i) }, None},
	} {
		var sample [][]byte
		for i := range 1000 {
			sample = append(sample, []byte(test.value(i)))
		}
		if got := FormOf(sample); got != test.want {
			t.Errorf("%s: form %d, want %d", test.what, got, test.want)
		}
	}
	if FormOf(nil) != Codes {
		t.Error("an empty sample has another form than codes")
	}
}

// randomValues returns JSON values of one kind, except that a few are of other kinds.
func randomValues(random *rand.Rand, kind string, n, others int) [][]byte {
	values := make([][]byte, n)
	for i := range values {
		n := random.IntN(400)
		text := fmt.Sprintf(`"text %d"`, n)
		switch kind {
		case "few":
			text = fmt.Sprint(n % 10)
		case "numbers":
			text = fmt.Sprint(n)
		case "dates":
			text = fmt.Sprintf(`"20%02d-%02d-%02d"`, n%100, 1+n%12, 1+n%28)
		}
		if random.IntN(1000) < others {
			text = []string{"", "null", "true", `""`, fmt.Sprint(n), fmt.Sprintf(`"x%d"`, n), `"2024-01-01"`}[n%7]
		}
		values[i] = []byte(text)
	}
	return values
}

// TestPartsHaveTheEntriesOfTheWhole compares a vector to which all values were added with one that was joined from
// parts of any form.
func TestPartsHaveTheEntriesOfTheWhole(t *testing.T) {
	forms := map[Form]int{}
	for seed := range uint64(300) {
		random := rand.New(rand.NewPCG(seed, 0))
		kind := []string{"few", "numbers", "dates", "texts"}[random.IntN(4)]
		values := randomValues(random, kind, random.IntN(1500), []int{0, 1, 100}[random.IntN(3)])
		form := []Form{Codes, Codes, Numbers, Times, Places}[random.IntN(5)]
		whole, joined, part := New(form), New(form), Vector{}
		for i, value := range values {
			whole.Add(value, offsetOf(i))
		}
		for from := 0; from < len(values); {
			to := min(len(values), from+1+random.IntN(600))
			part.Reset(joined.Form())
			for i := from; i < to; i++ {
				part.Add(values[i], offsetOf(i))
			}
			joined.Append(&part)
			from = to
		}
		for _, v := range []*Vector{&whole, &joined} {
			checkEntries(t, v, values)
		}
		if whole.Form() != joined.Form() {
			t.Fatalf("seed %d: form %d of the whole, form %d of the parts", seed, whole.Form(), joined.Form())
		}
		forms[whole.Form()]++
	}
	if len(forms) != 5 {
		t.Errorf("the vectors have only the forms %v", forms)
	}
}

// offsetOf returns the offset in its item that value i has in the tests. Some offsets are too large for a place.
func offsetOf(i int) int { return i * 7919 % 80_000 }

func checkEntries(t *testing.T, v *Vector, values [][]byte) {
	t.Helper()
	want := len(values)
	if v.Form() == None {
		want = 0
	}
	if v.Len() != want || v.Size() != want*v.Form().Size() {
		t.Fatalf("%d entries with %d bytes, want %d", v.Len(), v.Size(), want)
	}
	for i, value := range values {
		switch v.Form() {
		case Codes:
			first := v.First()[v.Codes()[i]]
			if string(values[first]) != string(value) || slices.IndexFunc(values, func(other []byte) bool { return string(other) == string(value) }) != int(first) {
				t.Fatalf("the first item with %s is not %d", value, first)
			}
		case Numbers:
			number, ok := numberOf(value)
			if got := v.Numbers()[i]; !ok || got != number && !(math.IsNaN(got) && math.IsNaN(number)) {
				t.Fatalf("number %v for %s", got, value)
			}
		case Times:
			if micros, ok := timeOf(value); !ok || v.Times()[i] != micros {
				t.Fatalf("time %d for %s", v.Times()[i], value)
			}
		case Places:
			from, to := v.Places()[i].Bounds()
			isKnown := from == offsetOf(i) && to == from+len(value)
			if isFar := v.Places()[i] == Far; isFar != (offsetOf(i) >= 1<<16-1) || !isFar && !isKnown {
				t.Fatalf("place %d to %d for %s", from, to, value)
			}
		case None:
		}
	}
}

// TestPlacesOfLargeValues checks the largest offset and the largest size that fit into a place.
func TestPlacesOfLargeValues(t *testing.T) {
	const largest = 1<<16 - 1
	for _, test := range []struct {
		from, size int
		isFar      bool
	}{{0, 0, false}, {0, largest, false}, {0, largest + 1, true}, {largest - 1, largest, false}, {largest, 0, true}, {1 << 40, 1, true}} {
		place := PlaceOf(test.from, test.size)
		from, to := place.Bounds()
		if isFar := place == Far; isFar != test.isFar || !isFar && (from != test.from || to != test.from+test.size) {
			t.Errorf("offset %d and size %d give the bounds %d and %d", test.from, test.size, from, to)
		}
	}
}

// TestASnapshotDoesNotChange copies a vector before it changes its form.
func TestASnapshotDoesNotChange(t *testing.T) {
	var v Vector
	for i := range 100 {
		v.Add(fmt.Append(nil, i), 0)
	}
	snapshot := v
	for i := range 1000 {
		v.Add(fmt.Append(nil, i), 0)
	}
	if v.Form() != Numbers || v.Len() != 1100 || v.Numbers()[1050] != 950 {
		t.Fatalf("form %d with %d entries", v.Form(), v.Len())
	}
	if snapshot.Form() != Codes || snapshot.Len() != 100 || len(snapshot.First()) != 100 || snapshot.Codes()[99] != 99 {
		t.Errorf("form %d with %d entries", snapshot.Form(), snapshot.Len())
	}
}

// FuzzTimes checks that the date of a text does not depend on how other texts of its column write dates and numbers, and
// that the text is not a number. A column of such texts can therefore be stored before all of its texts are known.
func FuzzTimes(f *testing.F) {
	for _, seed := range []string{
		"2024-05-01", "2024-05-01T12:30:05Z", "2024-02-29 12:30", "2024-5-1", "2024-May-01", "2024-13-01", "2024-05", "2024-12", "0001-01-01", "1999-01-02 PM", "2024-05-01 04/27/20",
	} {
		f.Add(seed)
	}
	var learner parse.Learner
	learner.Add([]byte("25/12/24"))
	learner.Add([]byte("1.234,56"))
	styles := []parse.Dates{{DayFirst: true}, {MonthFirst: true}, learner.Dates()}
	f.Fuzz(func(t *testing.T, text string) {
		micros, ok := timeOf([]byte(`"` + text + `"`))
		if !ok || micros == NoTime {
			return
		}
		for _, style := range styles {
			date, isDate := style.Date([]byte(text))
			if other, exact := Micros(date); !isDate || !exact || other != micros {
				t.Errorf("%q is also %v", text, date)
			}
		}
		for _, numbers := range []parse.Numbers{{}, {CommaIsDecimal: true}, learner.Numbers()} {
			if number, isNumber := numbers.Number([]byte(text)); isNumber {
				t.Errorf("%q is also the number %v", text, number)
			}
		}
	})
}
