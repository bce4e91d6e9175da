package item

import (
	"fmt"
	"strings"
	"testing"
)

func TestPartsAreTheUnionOverAllItems(t *testing.T) {
	var wide strings.Builder
	for i := range MaxParts + 50 {
		fmt.Fprintf(&wide, `"k%d":1,`, i)
	}
	items := itemsOf(t, `{"d":{"w":1},"p":1}`, `{"d":null}`, `{}`, `{"d":{"h":2,"w":{"x":1}}}`, `{"d":[1,[2]],"l":[]}`,
		`{"many":{`+strings.TrimSuffix(wide.String(), ",")+`}}`)
	never := func() bool { return false }
	for name, want := range map[string]string{"d": "d.w d.h d.0 d.1", "d.w": "d.w.x", "d.1": "d.1.0", "p": "", "l": ""} {
		path, _ := items.FindPath(name)
		var names []string
		for _, part := range items.Parts(path, never).Paths {
			names = append(names, part.Name().Raw())
		}
		if got := strings.Join(names, " "); got != want {
			t.Errorf("%s has the parts %q, want %q", name, got, want)
		}
	}
	if n := len(items.Parts(PathOf("many"), never).Paths); n != MaxParts {
		t.Errorf("%d parts of a value that has more than %d", n, MaxParts)
	}
	if n := len(items.Parts(PathOf("d"), func() bool { return true }).Paths); n != 0 {
		t.Errorf("%d parts found by a search that was stopped", n)
	}
	if items.Parts(PathOf("d"), never).Mixed || !itemsOf(t, `{"d":{"w":1}}`, `{"d":"1x2"}`).Parts(PathOf("d"), never).Mixed {
		t.Error("Mixed is wrong")
	}
}
