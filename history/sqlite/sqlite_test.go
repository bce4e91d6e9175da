package sqlite

import (
	"bytes"
	"database/sql"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sbwatch/history"
	"sbwatch/history/storetest"
)

func TestStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T) storetest.Store { return open(t, filepath.Join(folderOf(t), "sub", "history.db")) })
}

// folderOf returns a folder for the test. All calls in one test return the same folder.
func folderOf(t *testing.T) string {
	t.Helper()
	folder := filepath.Join(os.TempDir(), "sbwatch-history-"+filepath.Base(t.Name()))
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	return folder
}

func open(t *testing.T, path string) storetest.Store {
	t.Helper()
	store, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	return store
}

func TestOnlyTheUserReadsTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a b?#%", "history.db")
	store := open(t, path)
	defer func() { _ = store.Close() }()
	if err := store.Put(t.Context(), storetest.Sample("a", 1)); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{path, path + "-wal"} {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v, want 0600", name, info.Mode())
		}
	}
}

func TestNewerSchemaIsReadOnly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.db")
	store := open(t, path)
	record := storetest.Sample("a", 1)
	if err := store.Put(t.Context(), record); err != nil {
		t.Fatal(err)
	}
	_ = store.Close()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(t.Context(), `INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, 1)`); err != nil {
		t.Fatal(err)
	}
	_ = db.Close()

	store = open(t, path)
	defer func() { _ = store.Close() }()
	if _, err := store.Get(t.Context(), record.Key()); err != nil {
		t.Errorf("reading: %v", err)
	}
	if err := store.Put(t.Context(), storetest.Sample("a", 2)); !errors.Is(err, history.ErrNewer) {
		t.Errorf("writing: %v, want ErrNewer", err)
	}
}

func TestNotADatabase(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.db")
	if err := os.WriteFile(path, []byte("this is no database, but a text that is long enough to be read as a header of one\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), path); err == nil {
		t.Error("a text was opened as a database")
	}
}

// TestDamagedFile checks that the error names the file and the next step.
func TestDamagedFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.db")
	store := open(t, path)
	for n := range 30 {
		if err := store.Put(t.Context(), storetest.Sample("a", n)); err != nil {
			t.Fatal(err)
		}
	}
	_ = store.Close()
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for at := 4096; at < len(whole); at++ {
		whole[at] = 0xa5
	}
	for name, content := range map[string][]byte{"pages": whole, "cut": whole[:5000], "text": bytes.Repeat([]byte("text "), 1000)} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "history.db")
			if err := os.WriteFile(path, content, 0o600); err != nil {
				t.Fatal(err)
			}
			store, err := Open(t.Context(), path)
			if err == nil {
				_, err = store.Stats(t.Context())
				_ = store.Close()
			}
			if err == nil || !strings.Contains(err.Error(), path+" is damaged or not a database: move it elsewhere") {
				t.Errorf("error %v", err)
			}
		})
	}
}

// TestReadOnlyFile checks that a read-only history can be read, even if no file can be created next to it.
func TestReadOnlyFile(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "history")
	path := filepath.Join(folder, "history.db")
	record := storetest.Sample("a", 1)
	store := open(t, path)
	if err := store.Put(t.Context(), record); err != nil {
		t.Fatal(err)
	}
	_ = store.Close()
	options := url.Values{}
	readOptions(path, options)
	if options.Get("immutable") != "1" || options.Get("mode") != "ro" {
		t.Errorf("options %v", options)
	}
	if err := errors.Join(os.Chmod(path, 0o400), os.Chmod(folder, 0o500)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Chmod(folder, 0o700) })
	if file, err := os.OpenFile(path, os.O_RDWR, 0); err == nil {
		_ = file.Close()
		t.Skip("this user may write to every file")
	}

	store = open(t, path)
	defer func() { _ = store.Close() }()
	if _, err := store.Get(t.Context(), record.Key()); err != nil {
		t.Errorf("reading: %v", err)
	}
	if err := store.Put(t.Context(), storetest.Sample("a", 2)); !errors.Is(err, history.ErrReadOnly) {
		t.Errorf("writing: %v, want ErrReadOnly", err)
	}
}

// TestBackUp checks that a second copy can be made, for example after a failed change of the schema.
func TestBackUp(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.db")
	store := open(t, path)
	defer func() { _ = store.Close() }()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	for n := range 2 {
		if err := store.Put(t.Context(), storetest.Sample("a", n)); err != nil {
			t.Fatal(err)
		}
		if err := backUp(t.Context(), db, path, 2); err != nil {
			t.Fatal(err)
		}
	}
	saved := open(t, path+".before-2")
	defer func() { _ = saved.Close() }()
	if stats, err := saved.Stats(t.Context()); err != nil || stats.Runs != 2 {
		t.Errorf("%d runs in the copy, %v; want 2", stats.Runs, err)
	}
}
