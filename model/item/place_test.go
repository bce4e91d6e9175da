package item

import "testing"

func TestFindPlace(t *testing.T) {
	var b Builder
	for _, row := range []string{`{"tags":["x"],"a[]":[1],"a":[{"b":2}],"o.p":[{"q":[[3]]}]}`, `[{"k":1}]`} {
		if _, err := b.Append([]byte(row + " ")); err != nil {
			t.Fatal(err)
		}
	}
	items := b.Items()
	whole := Column{Whole: true}
	for name, want := range map[string]Place{
		"tags":         PlaceOf(PathOf("tags")),
		"tags[]":       PlaceOf(PathOf("tags")).Elements(),
		"tags.0":       PlaceOf(PathOf("tags", "0")),
		"a[]":          PlaceOf(PathOf("a[]")),
		"a[][]":        PlaceOf(PathOf("a[]")).Elements(),
		"a[].b":        PlaceOf(PathOf("a[]", "b")),
		"a.x[].b":      PlaceOf(PathOf("a", "x")).Elements().Child("b"),
		"o.p[].q[][]":  PlaceOf(PathOf("o.p")).Elements().Child("q").Elements().Elements(),
		"(value)[].k":  PlaceOf(whole.Path()).Elements().Child("k"),
		"(value)[]":    PlaceOf(whole.Path()).Elements(),
		"tags[].":      PlaceOf(PathOf("tags")).Elements().Child(""),
		"tags[][][][]": PlaceOf(PathOf("tags")).Elements().Elements().Elements().Elements(),
	} {
		place, found := items.FindPlace(name)
		if !found || place != want {
			t.Errorf("%s leads to %v %t, want %v", name, place, found, want)
		}
		if place.Name().Raw() != name {
			t.Errorf("%s is named %s", name, place)
		}
	}
	for _, name := range []string{"", "[]", "tag[]", "tags[]x", "tags[0]", "tags[][][][][][][][]", "nowhere[].k"} {
		if place, found := items.FindPlace(name); found {
			t.Errorf("%q leads to %s", name, place)
		}
	}
}
