package archive_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sbwatch/history"
	"sbwatch/history/archive"
	"sbwatch/model/text"
)

func TestName(t *testing.T) {
	for _, test := range []struct {
		recipe, run, host string
		at                time.Time
		want              string
	}{
		{"m3Yc2tFvN8q", "k7Xb9dRmQ2p", "api.webscrape.ai", time.Date(2026, 11, 28, 4, 0, 0, 9, time.FixedZone("", 3600)), "recipe=m3Yc2tFvN8q/20261128T030000Z-k7Xb9dRmQ2p.ndjson.zst"},
		{"m3Yc2tFvN8q", "k7Xb9dRmQ2p", "127.0.0.1:80", time.Time{}, "recipe=m3Yc2tFvN8q/00010101T000000Z-k7Xb9dRmQ2p@127%2E0%2E0%2E1%3A80.ndjson.zst"},
		{"", "..", "api.webscrape.ai", time.Time{}, "recipe=__HIVE_DEFAULT_PARTITION__/00010101T000000Z-%2E%2E.ndjson.zst"},
	} {
		r := &history.Record{Host: test.host}
		r.RecipeID, r.ID, r.StartedAt = text.NewText(test.recipe), text.NewText(test.run), test.at
		if got := archive.Name(r); got != test.want {
			t.Errorf("the name is %s, want %s", got, test.want)
		}
	}
}

// TestNamesAreReversible checks that the ids of recipes can be restored from the names, and that long ids have
// different names.
func TestNamesAreReversible(t *testing.T) {
	nameOf := func(id string) string {
		r := &history.Record{}
		r.RecipeID, r.ID = text.NewText(id), text.NewText(id)
		folder, _, _ := strings.Cut(strings.TrimPrefix(archive.Name(r), "recipe="), "/")
		return folder
	}
	rapid.Check(t, func(t *rapid.T) {
		id, other := rapid.String().Draw(t, "id"), rapid.String().Draw(t, "other")
		name := nameOf(id)
		if id != other && name == nameOf(other) {
			t.Fatalf("%q and %q have the same name", id, other)
		}
		decoded, err := url.PathUnescape(name)
		if isHashed := strings.Contains(name, "~"); id != "" && !isHashed && (err != nil || decoded != id) {
			t.Fatalf("%q is read as %q, %v", id, decoded, err)
		}
		if len(name) > 64 {
			t.Fatalf("the name of %q has %d bytes", id, len(name))
		}
	})
}
