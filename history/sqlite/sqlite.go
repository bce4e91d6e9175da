// Package sqlite keeps the history in an SQLite file.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"sbwatch/history/sqlstore"
)

// busyWait is how long, in milliseconds, a write waits for that of another process.
const busyWait = 10_000

// Open opens the file at path, or creates it and its folder. Only the user can read them. Before the schema of an existing file
// is changed, the file is copied beside itself, with ".before-N" for the new version N behind its name.
func Open(ctx context.Context, path string) (*sqlstore.Store, error) {
	options := url.Values{}
	err := prepare(path)
	readOnly := isReadOnly(err)
	switch {
	case readOnly:
		readOptions(path, options)
	case err != nil:
		return nil, err
	default:
		writeOptions(options)
	}
	address := url.URL{Scheme: "file", Path: filepath.ToSlash(path), RawQuery: options.Encode()}
	db, err := sql.Open("sqlite", address.String())
	if err != nil {
		return nil, err
	}
	// A damaged file is found here, since goose takes it for an empty one and tries again for long.
	if _, err := db.ExecContext(ctx, "SELECT MAX(version_id) FROM goose_db_version"); isDamaged(err) {
		return nil, errors.Join(explain(err, path), db.Close())
	}
	dialect := sqlstore.Dialect{
		Name: "sqlite3", IsRetryable: isRetryable, ReadOnly: readOnly,
		Clock:   "CAST(unixepoch('subsec') * 1000000 AS INTEGER)",
		Size:    func(context.Context, *sql.DB) (int64, error) { return sizeOf(path) },
		Explain: func(err error) error { return explain(err, path) },
	}
	store, err := sqlstore.Open(ctx, db, dialect, func(ctx context.Context, version int64) error { return backUp(ctx, db, path, version+1) })
	if err != nil {
		return nil, explain(err, path)
	}
	return store, nil
}

// writeOptions adds the options for a file that is written to.
func writeOptions(options url.Values) {
	// WAL lets readers read while another process writes. A transaction takes its lock at the beginning, so that none has to
	// be given up halfway.
	options["_pragma"] = []string{fmt.Sprintf("busy_timeout(%d)", busyWait), "journal_mode(WAL)", "synchronous(NORMAL)"}
	options["_txlock"] = []string{"immediate"}
}

// readOptions adds the options for a file that cannot be written to. Without a log beside it nothing changes it, and it is read without
// the files for locks, which could not be created.
func readOptions(path string, options url.Values) {
	options.Set("mode", "ro")
	options.Set("_pragma", fmt.Sprintf("busy_timeout(%d)", busyWait))
	if info, err := os.Stat(path + "-wal"); err != nil || info.Size() == 0 {
		options.Set("immutable", "1")
	}
}

// isReadOnly reports whether an existing file could not be opened because it must not be changed.
func isReadOnly(err error) bool {
	failure, ok := errors.AsType[*fs.PathError](err)
	if !ok || failure.Op != "open" || !errors.Is(err, fs.ErrPermission) && !isReadOnlySystem(err) {
		return false
	}
	file, err := os.Open(failure.Path)
	return err == nil && file.Close() == nil
}

// backUp copies the database before its schema is changed. The copy appears under its name when it is complete.
func backUp(ctx context.Context, db *sql.DB, path string, version int64) error {
	target := fmt.Sprintf("%s.before-%d", path, version)
	folder, err := os.MkdirTemp(filepath.Dir(path), ".history-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	copied := filepath.Join(folder, "copy")
	if _, err := db.ExecContext(ctx, "VACUUM INTO ?", copied); err != nil {
		return fmt.Errorf("copying %s before its schema is changed: %w", path, err)
	}
	return os.Rename(copied, target)
}

// isDamaged reports whether a file is damaged or no database.
func isDamaged(err error) bool {
	failure, ok := errors.AsType[*sqlite.Error](err)
	if !ok {
		return false
	}
	switch failure.Code() & 0xff {
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return true
	}
	return false
}

// explain returns an error of SQLite with the path of the file and what to do.
func explain(err error, path string) error {
	failure, ok := errors.AsType[*sqlite.Error](err)
	if !ok {
		return err
	}
	if isDamaged(failure) {
		return fmt.Errorf("%s is damaged or no database: move it away to begin a new history: %w", path, failure)
	}
	switch failure.Code() & 0xff {
	case sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN:
		return fmt.Errorf("%s: %w", path, failure)
	}
	return err
}

// prepare creates the file and its folder unless they exist.
func prepare(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	return file.Close()
}

// sizeOf returns the size of the database with its log.
func sizeOf(path string) (int64, error) {
	var size int64
	for _, name := range []string{path, path + "-wal"} {
		info, err := os.Stat(name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return 0, err
		}
		size += info.Size()
	}
	return size, nil
}

// isRetryable reports whether another connection was in the way.
func isRetryable(err error) bool {
	failure, ok := errors.AsType[*sqlite.Error](err)
	if !ok {
		return false
	}
	switch failure.Code() & 0xff {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return true
	}
	return false
}
