package item

import (
	"slices"
	"strings"
	"testing"
)

func TestPaths(t *testing.T) {
	items := itemsOf(t,
		`{"name":"a","dims":{"w":10,"h":{"min":1}},"tags":["x",["y"]],"a.b":1,"a":{"b":2,"b.c":3}}`,
		`[1,{"w":2}]`, `{"dims":null,"dims":{"w":7}}`)
	for _, c := range []struct {
		row  int
		path Path
		name string
		want string
	}{
		{0, PathOf("name"), "name", `"a"`},
		{0, PathOf("dims", "w"), "dims.w", "10"},
		{0, PathOf("dims", "h", "min"), "dims.h.min", "1"},
		{0, PathOf("tags", "1", "0"), "tags.1.0", `"y"`},
		{0, PathOf("tags", "2"), "tags.2", ""},
		{0, PathOf("tags", "01"), "tags.01", ""},
		{0, PathOf("name", "x"), "name.x", ""},
		{0, PathOf(), "", string(items.Row(0))},
		{0, Path{whole: true}, "(value)", ""},
		{1, Path{whole: true}, "(value)", "[1,{\"w\":2}]"},
		{1, Path{whole: true}.Child("1").Child("w"), "(value).1.w", "2"},
		{1, PathOf("0"), "0", ""},
		{2, PathOf("dims", "w"), "dims.w", "7"},
	} {
		if got := string(items.At(c.row, c.path).Raw()); got != c.want {
			t.Errorf("%s of item %d is %s, want %s", c.name, c.row, got, c.want)
		}
		if got := string(items.Reader(c.path).Cell(c.row).Raw()); got != c.want {
			t.Errorf("%s of item %d reads %s, want %s", c.name, c.row, got, c.want)
		}
		if got := c.path.Name().Raw(); got != c.name {
			t.Errorf("path is named %q, want %q", got, c.name)
		}
	}
	for name, want := range map[string]Path{
		"dims.w": PathOf("dims", "w"), "a.b": PathOf("a.b"), "a.b.c": PathOf("a.b", "c"), "a.c": PathOf("a", "c"),
		"(value)": {whole: true}, "(value).1": Path{whole: true}.Child("1"),
	} {
		if got, found := items.FindPath(name); !found || got != want {
			t.Errorf("%q finds %q %v", name, got.Name(), found)
		}
	}
	if _, found := items.FindPath("dim"); found {
		t.Error("a prefix of a name finds a column")
	}
}

func TestPathRelations(t *testing.T) {
	long := strings.Repeat("k", 300)
	p := PathOf("a", "", long, "d.e")
	if got := slices.Collect(p.Keys()); !slices.Equal(got, []string{"a", "", long, "d.e"}) || p.Depth() != 4 {
		t.Errorf("keys %q", got)
	}
	if p.Parent() != PathOf("a", "", long) || PathOf("a").Parent() != PathOf() || PathOf().Parent() != PathOf() {
		t.Error("wrong parent")
	}
	if !p.IsWithin(PathOf("a")) || p.IsWithin(p) || p.IsWithin(PathOf("b")) || !p.IsWithin(PathOf()) || PathOf("ab").IsWithin(PathOf("a")) {
		t.Error("wrong result of IsWithin")
	}
}
