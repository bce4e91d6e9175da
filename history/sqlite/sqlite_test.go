package sqlite

import (
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"sbwatch/history"
	"sbwatch/history/storetest"
)

func TestStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T) history.Store { return open(t, filepath.Join(folderOf(t), "sub", "history.db")) })
}

// folderOf returns one folder for each test.
func folderOf(t *testing.T) string {
	t.Helper()
	folder := filepath.Join(os.TempDir(), "sbwatch-history-"+filepath.Base(t.Name()))
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	return folder
}

func open(t *testing.T, path string) history.Store {
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
