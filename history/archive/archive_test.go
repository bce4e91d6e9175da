package archive_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"sbwatch/files/read"
	"sbwatch/history"
	"sbwatch/history/archive"
	"sbwatch/history/storetest"
	"sbwatch/model/item"
	"sbwatch/model/text"
)

// saved is an answer with an empty page, a line break between tokens, and values that an inexact reader would change.
const saved = `{"status":"completed","data":{"id":"k7Xb9dRmQ2p","recipe_id":"m3Yc2tFvN8q","run_status":"completed","result":{"pages":[
	{"items":[]},{"items":[{"price":1.50,"n":12345678901234567890},
{
  "name" : "caf\u00e9",
  "price":1e400, "price":null
}]},{"items":[]},{"items":["\ud800",[1,2]]},{"items":[]}]}}}`

// lines holds the items of the answer saved, in the form in which they are archived.
const lines = `{"price":1.50,"n":12345678901234567890}
{  "name" : "caf\u00e9",  "price":1e400, "price":null}
"\ud800"
[1,2]
`

// itemsOf returns the items of an answer.
func itemsOf(t *testing.T, answer string) item.Table {
	t.Helper()
	opened, err := read.Open(strings.NewReader(answer), read.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return opened.Items
}

// contentOf returns the archived items of a run.
func contentOf(t *testing.T, a history.Archiver, kept history.Archive) string {
	t.Helper()
	file, err := a.Open(t.Context(), kept)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	content, err := io.ReadAll(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// testArchiver is the conformance suite of [history.Archiver]: every implementation must pass it. The archive a must be
// empty.
func testArchiver(t *testing.T, a history.Archiver) {
	for name, test := range map[string]func(t *testing.T, a history.Archiver){
		"items are read as they were":      testContent,
		"a run is read as an answer":       testAnswer,
		"a second time replaces the first": testReplaces,
		"ids are data":                     testHostileIDs,
		"names of others lead nowhere":     testHostileNames,
		"removed items are gone":           testRemove,
		"a large run is read as it was":    testLarge,
		"a cancelled context ends a write": testCancelled,
		"delivering what is there is fine": testDeliverNothing,
		"an empty table is an empty file":  testEmpty,
	} {
		t.Run(name, func(t *testing.T) { test(t, a) })
	}
}

// recordOf returns a record of a run that no other test uses.
func recordOf(recipe string) *history.Record {
	r := storetest.Sample(recipe, 1)
	r.Archive = history.Archive{}
	return r
}

func write(t *testing.T, a history.Archiver, r *history.Record, items item.Table) history.Archive {
	t.Helper()
	kept, err := a.Write(t.Context(), r, items)
	if err != nil {
		t.Fatal(err)
	}
	return kept
}

func testContent(t *testing.T, a history.Archiver) {
	kept := write(t, a, recordOf("m3Yc2tFvN8q"), itemsOf(t, saved))
	if want := "recipe=m3Yc2tFvN8q/20261002T030000Z-m3Yc2tFvN8q-run1.ndjson.zst"; kept.Name != want {
		t.Errorf("the name is %s, want %s", kept.Name, want)
	}
	if got := contentOf(t, a, kept); got != lines {
		t.Errorf("archived\n%s\nwant\n%s", got, lines)
	}
	if len(kept.Pages) != 5 || kept.Pages[1] != 2 || kept.Pages[3] != 2 || kept.Bytes == 0 {
		t.Errorf("kept %+v", kept)
	}
}

func testAnswer(t *testing.T, a history.Archiver) {
	r, items := recordOf("answer"), itemsOf(t, saved)
	r.Archive = write(t, a, r, items)
	file, err := history.OpenAnswer(t.Context(), a, r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	got, err := read.Open(file, read.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got.Run.ID != r.ID || got.Run.RecipeID != r.RecipeID || !got.Run.CompletedAt.Equal(r.CompletedAt) || got.Run.Status() != r.Status {
		t.Errorf("the run is %+v", got.Run)
	}
	if got.Run.Drift() != r.Drift || got.Run.Mode() != r.Mode || len(got.Run.Warnings().Or(nil)) != 1 || got.Run.Credits != r.Credits {
		t.Errorf("the result is %+v", got.Run)
	}
	if got.Items.Len() != items.Len() || got.Items.Pages() != items.Pages() {
		t.Fatalf("%d items on %d pages, want %d on %d", got.Items.Len(), got.Items.Pages(), items.Len(), items.Pages())
	}
	for i := range items.Len() {
		want := strings.ReplaceAll(string(items.Row(i)), "\n", "")
		if string(got.Items.Row(i)) != want || got.Items.Page(i) != items.Page(i) {
			t.Errorf("item %d is %s on page %d, want %s on page %d", i, got.Items.Row(i), got.Items.Page(i), want, items.Page(i))
		}
	}
}

func testReplaces(t *testing.T, a history.Archiver) {
	r := recordOf("twice")
	write(t, a, r, itemsOf(t, `[1,2,3]`))
	kept := write(t, a, r, itemsOf(t, `[4]`))
	if got := contentOf(t, a, kept); got != "4\n" {
		t.Errorf("archived %q", got)
	}
}

// hostileIDs returns ids that would be dangerous in file names.
func hostileIDs() []string {
	return []string{
		"", ".", "..", "../../x", `..\..\x`, "/etc/passwd", "a\x00b", "a\x1b[31mb", "\u202e\U0001f600", "CON", "aux.txt", "c:", "a b ", "%2E%2E", "%", "~", "@",
		"*?<>|\"", "\xff\xfe", strings.Repeat("a", 300), strings.Repeat("a", 299) + "b", strings.Repeat("/", 100), "__HIVE_DEFAULT_PARTITION__",
	}
}

func testHostileIDs(t *testing.T, a history.Archiver) {
	names := map[string]string{}
	for _, id := range hostileIDs() {
		r := recordOf("x")
		r.ID, r.RecipeID, r.Host = text.NewText(id), text.NewText(id), id
		kept := write(t, a, r, itemsOf(t, `["`+strings.Repeat("x", len(names))+`"]`))
		if other, taken := names[kept.Name]; taken {
			t.Errorf("%q and %q have the same name %s", id, other, kept.Name)
		}
		names[kept.Name] = id
		if got := contentOf(t, a, kept); len(got) != len(names)-1+len("\"\"\n") {
			t.Errorf("%q: archived %q", id, got)
		}
		if strings.Count(kept.Name, "/") != 1 || strings.ContainsAny(kept.Name, "\\: \x00\x1b") || strings.Contains(kept.Name, "..") || len(kept.Name) > 250 {
			t.Errorf("%q is kept under %q", id, kept.Name)
		}
	}
}

func testHostileNames(t *testing.T, a history.Archiver) {
	for _, name := range []string{"", "..", "../x.ndjson.zst", "/etc/passwd", "recipe=a/../../20261002T030000Z-x.ndjson.zst", "recipe=a/20261002T030000Z-x.ndjson.zst\x00", "history.db"} {
		kept := history.Archive{Name: name}
		if file, err := a.Open(t.Context(), kept); !errors.Is(err, archive.ErrNotKept) {
			t.Errorf("%q was opened: %v, %v", name, file, err)
		}
		if err := errors.Join(a.Remove(t.Context(), kept), a.Deliver(t.Context(), kept)); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
}

func testRemove(t *testing.T, a history.Archiver) {
	first, second := recordOf("removed"), recordOf("removed")
	second.ID = text.NewText("other")
	kept, other := write(t, a, first, itemsOf(t, `[1]`)), write(t, a, second, itemsOf(t, `[2]`))
	for range 2 {
		if err := a.Remove(t.Context(), kept); err != nil {
			t.Fatal(err)
		}
		if _, err := a.Open(t.Context(), kept); !errors.Is(err, archive.ErrNotKept) {
			t.Errorf("opening removed items: %v", err)
		}
	}
	if got := contentOf(t, a, other); got != "2\n" {
		t.Errorf("the other run has %q", got)
	}
}

func testLarge(t *testing.T, a history.Archiver) {
	var content bytes.Buffer
	for content.Len() < 8<<20 {
		content.WriteString(`{"name":"` + strings.Repeat("item ", content.Len()%97) + `","price":` + strings.Repeat("7", content.Len()%13+1) + "}\n")
	}
	kept := write(t, a, recordOf("large"), itemsOf(t, content.String()))
	if got := contentOf(t, a, kept); got != content.String() {
		t.Errorf("%d bytes of %d, or other ones", len(got), content.Len())
	}
	if kept.Bytes > int64(content.Len()/5) {
		t.Errorf("%d bytes take %d", content.Len(), kept.Bytes)
	}
}

func testCancelled(t *testing.T, a history.Archiver) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r := recordOf("cancelled")
	if _, err := a.Write(ctx, r, itemsOf(t, `[1]`)); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled write: %v", err)
	}
	if _, err := a.Open(t.Context(), history.Archive{Name: archive.Name(r)}); !errors.Is(err, archive.ErrNotKept) {
		t.Errorf("after a cancelled write: %v", err)
	}
}

func testDeliverNothing(t *testing.T, a history.Archiver) {
	kept := write(t, a, recordOf("delivered"), itemsOf(t, `[1]`))
	if err := a.Deliver(t.Context(), kept); err != nil {
		t.Error(err)
	}
	if got := contentOf(t, a, kept); got != "1\n" {
		t.Errorf("archived %q", got)
	}
}

func testEmpty(t *testing.T, a history.Archiver) {
	kept := write(t, a, recordOf("empty"), item.Table{})
	if got := contentOf(t, a, kept); got != "" || kept.Pages != nil {
		t.Errorf("archived %q, %+v", got, kept)
	}
}

func TestDirectory(t *testing.T) {
	testArchiver(t, archive.NewDirectory(filepath.Join(t.TempDir(), "archive")))
}
