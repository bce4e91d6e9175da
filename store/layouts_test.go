package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"sbwatch/model/item"
	"sbwatch/model/run"
)

func layoutOf(width int) item.Layout {
	return item.Layout{
		Columns: []item.ColumnLayout{{Path: item.PathOf("price"), Width: width}, {Path: item.PathOf("dims", "w"), Hidden: true}},
		Frozen:  1, Keys: []item.Path{item.PathOf("sku")},
	}
}

func mustLoad(t *testing.T, l Layouts, recipe string, want item.Layout) {
	t.Helper()
	got, found, err := l.Load(recipe)
	if err != nil || found == want.IsZero() || !reflect.DeepEqual(got, want) {
		t.Errorf("%q: %v %v, want %v: %v", recipe, got, found, want, err)
	}
}

func mustSave(t *testing.T, l Layouts, recipe string, layout item.Layout) {
	t.Helper()
	if err := l.Save(recipe, layout); err != nil {
		t.Fatal(err)
	}
}

func TestSavedLayoutsAreLoaded(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "not", "there", "yet")
	l := NewLayouts(folder)
	mustLoad(t, l, "catalogue01", item.Layout{})
	recipes := []string{"catalogue01", "CATALOGUE01", "", "..", "../../etc/passwd", "a/b", "a\\b", "\x00", "\xff", strings.Repeat("x", 10_000), "CON", "日本", "a.json"}
	for i, recipe := range recipes {
		mustSave(t, l, recipe, layoutOf(i+1))
	}
	for i, recipe := range recipes {
		mustLoad(t, NewLayouts(folder), recipe, layoutOf(i+1))
	}
	mustSave(t, l, "catalogue01", layoutOf(99))
	mustLoad(t, l, "catalogue01", layoutOf(99))
	mustSave(t, l, "catalogue01", item.Layout{})
	mustSave(t, l, "catalogue01", item.Layout{})
	mustLoad(t, l, "catalogue01", item.Layout{})
	mustLoad(t, l, "CATALOGUE01", layoutOf(2))

	files, err := filepath.Glob(filepath.Join(folder, "layouts", "*"))
	if err != nil || len(files) != len(recipes)-1 {
		t.Fatalf("%d files for %d recipes: %v", len(files), len(recipes)-1, err)
	}
	for _, file := range files {
		if info, err := os.Stat(file); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v %v", file, info.Mode(), err)
		}
	}
}

func TestNoFolderSavesNothing(t *testing.T) {
	l := NewLayouts("")
	mustSave(t, l, "a", layoutOf(1))
	mustLoad(t, l, "a", item.Layout{})
}

func TestBrokenFileIsReportedOnce(t *testing.T) {
	for what, text := range map[string]string{
		"empty": "", "cut": `{"version":1,"rec`, "something else": "hello", "of another recipe": `{"version":1,"recipe":"b","layout":{}}`, "too large": strings.Repeat(" ", maxSize) + "{}",
		"no version": `{"recipe":"a","layout":{}}`, "odd": `{"version":1,"recipe":"a","layout":[]}`, "deep": strings.Repeat("[", 100_000),
	} {
		l := NewLayouts(t.TempDir())
		mustSave(t, l, "a", layoutOf(1))
		if err := os.WriteFile(l.folder.file("a"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, found, err := l.Load("a")
		reported, ok := errors.AsType[*run.Problem](err)
		if found || !ok || !strings.Contains(reported.Error(), "column layout of recipe a: it was damaged and has been reset") || !strings.Contains(reported.Error(), ".broken") {
			t.Errorf("%s: %v %v", what, found, err)
		}
		mustLoad(t, l, "a", item.Layout{})
		mustSave(t, l, "a", layoutOf(2))
		mustLoad(t, l, "a", layoutOf(2))
	}
}

func TestLaterVersionIsLeftUnchanged(t *testing.T) {
	l := NewLayouts(t.TempDir())
	mustSave(t, l, "a", layoutOf(1))
	if err := os.WriteFile(l.folder.file("a"), []byte(`{"version":2,"recipe":{"id":"a"},"layout":7}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, found, err := l.Load("a"); found || err == nil || !strings.Contains(err.Error(), "a later version of sbwatch") {
			t.Errorf("%v %v", found, err)
		}
		for _, layout := range []item.Layout{layoutOf(1), {}} {
			if err := l.Save("a", layout); err == nil || !strings.Contains(err.Error(), "a later version of sbwatch") {
				t.Errorf("saved: %v", err)
			}
		}
	}
}

func TestSaveErrors(t *testing.T) {
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "layouts"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	l := NewLayouts(folder)
	if err := l.Save("\x1b[31m", layoutOf(1)); err == nil || !strings.HasPrefix(err.Error(), `column layout of recipe \x1b[31m: it cannot be saved`) {
		t.Errorf("%v", err)
	}
	if _, _, err := l.Load("a"); err == nil {
		t.Error("no error for a file in place of the folder")
	}
	l = NewLayouts(t.TempDir())
	mustSave(t, l, "a", layoutOf(1))
	huge := item.Layout{Columns: []item.ColumnLayout{{Path: item.PathOf(strings.Repeat("x", maxSize))}}}
	if err := l.Save("a", huge); err == nil || !strings.Contains(err.Error(), "exceeds 1 MiB") {
		t.Errorf("%v", err)
	}
	mustLoad(t, l, "a", layoutOf(1))
}

func TestOldestLayoutsAreDeleted(t *testing.T) {
	l := NewLayouts(t.TempDir())
	mustSave(t, l, "0", layoutOf(1))
	left := filepath.Join(l.folder.path, "left.tmp")
	if err := os.WriteFile(left, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(left, time.Unix(1, 0), time.Unix(1, 0)); err != nil {
		t.Fatal(err)
	}
	for i := range maxFiles + 5 {
		recipe := fmt.Sprint(i)
		if i < maxFiles { // writes the files directly, which is faster than Save
			text := fmt.Sprintf(`{"version":1,"recipe":%q,"layout":{"frozen":0,"columns":[{"path":["price"]}]}}`, recipe)
			if err := os.WriteFile(l.folder.file(recipe), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		} else {
			mustSave(t, l, recipe, layoutOf(i+1))
		}
		if err := os.Chtimes(l.folder.file(recipe), time.Unix(int64(i+1000), 0), time.Unix(int64(i+1000), 0)); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 5 {
		mustLoad(t, l, fmt.Sprint(i), item.Layout{})
	}
	mustLoad(t, l, "5", item.Layout{Columns: []item.ColumnLayout{{Path: item.PathOf("price")}}})
	mustLoad(t, l, fmt.Sprint(maxFiles+4), layoutOf(maxFiles+5))
	if _, err := os.Stat(left); err == nil {
		t.Error("the leftover temporary file still exists")
	}
}

func TestConcurrentSaves(t *testing.T) {
	folder := t.TempDir()
	var all sync.WaitGroup
	for writer := range 4 {
		all.Go(func() {
			l := NewLayouts(folder)
			for i := range 20 {
				if err := l.Save("shared", layoutOf(i+1)); err != nil {
					t.Error(err)
				}
				if err := l.Save(fmt.Sprint("own ", writer), layoutOf(i+1)); err != nil {
					t.Error(err)
				}
				if got, found, err := l.Load("shared"); err != nil || !found || len(got.Columns) != 2 {
					t.Errorf("%v %v %v", got, found, err)
				}
			}
		})
	}
	all.Wait()
	for writer := range 4 {
		mustLoad(t, NewLayouts(folder), fmt.Sprint("own ", writer), layoutOf(20))
	}
	if files, _ := filepath.Glob(filepath.Join(folder, "layouts", "*")); len(files) != 5 {
		t.Errorf("files left: %q", files)
	}
}
