package jsonscan

import (
	"slices"
	"testing"
)

func TestNonFiniteIsNotJSON(t *testing.T) {
	for _, text := range []string{"NaN ", "Infinity ", "-Infinity ", `{"a":NaN}`, `[-Infinity]`} {
		if end, err := Value([]byte(text)); err == nil {
			t.Errorf("%s is accepted up to %d", text, end)
		}
	}
	if _, err := Object([]byte(`{"a":Infinity}`), NewKeys(5)); err == nil {
		t.Error("an object with Infinity is accepted")
	}
}

func TestPartsThatAreNotFinite(t *testing.T) {
	const item = `{"a":NaN,"NaN":"NaN","b":[1,-Infinity , Infinity],"c":{"d":NaN}}`
	for _, test := range []struct{ key, want string }{
		{"a", "NaN"}, {"NaN", `"NaN"`}, {"b", "[1,-Infinity , Infinity]"}, {"c", `{"d":NaN}`},
	} {
		if got := string(Find([]byte(item), test.key)); got != test.want {
			t.Errorf("%s is %s, want %s", test.key, got, test.want)
		}
		finder, _ := NewFinder(test.key)
		if got := string(finder.Find([]byte(item))); test.key != "NaN" && got != test.want {
			t.Errorf("the finder's %s is %s, want %s", test.key, got, test.want)
		}
	}
	var elements, scalars []string
	for element := range Elements([]byte("[1,-Infinity , Infinity]")) {
		elements = append(elements, string(element))
	}
	if want := []string{"1", "-Infinity", "Infinity"}; !slices.Equal(elements, want) {
		t.Errorf("elements %q, want %q", elements, want)
	}
	for scalar := range Scalars([]byte(item)) {
		scalars = append(scalars, string(scalar))
	}
	if want := []string{"NaN", `"NaN"`, "1", "-Infinity", "Infinity", "NaN"}; !slices.Equal(scalars, want) {
		t.Errorf("scalars %q, want %q", scalars, want)
	}
}

func TestAppendFinite(t *testing.T) {
	for _, test := range []struct {
		value, want string
		replaced    int
	}{
		{`NaN`, `null`, 1},
		{`-Infinity`, `null`, 1},
		{`[NaN,-Infinity,Infinity,-1,"NaN","a\"-Infinity"]`, `[null,null,null,-1,"NaN","a\"-Infinity"]`, 3},
		{`{"NaN":1,"I":{"N":NaN}}`, `{"NaN":1,"I":{"N":null}}`, 1},
		{`{"a":1}`, `{"a":1}`, 0},
	} {
		got, replaced := AppendFinite([]byte("before "), []byte(test.value))
		if string(got) != "before "+test.want || replaced != test.replaced {
			t.Errorf("%s becomes %s with %d replaced, want %s with %d", test.value, got, replaced, test.want, test.replaced)
		}
	}
	for value, want := range map[string]bool{"NaN": true, "Infinity": true, "-Infinity": true, "-1": false, `"NaN"`: false, "null": false, "": false} {
		if IsNonFinite([]byte(value)) != want {
			t.Errorf("%q is not finite: %t, want %t", value, !want, want)
		}
	}
}
