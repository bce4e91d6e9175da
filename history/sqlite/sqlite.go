// Package sqlite stores the history in a SQLite file.
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
	"sbwatch/waitfile"
)

// busyWait is the maximum time to wait for another process that is writing, in milliseconds.
const busyWait = 10_000

// Open opens the file at path. If the file does not exist, Open creates the file and its folder, readable only by the
// user. Before Open changes the schema of an existing file to version N, it copies the file. The copy is in the same
// folder, and its name ends in ".before-N".
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
	// This query finds out whether the file is damaged. goose would treat a damaged file as an empty one and retry for
	// a long time.
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

// writeOptions adds the options for opening a file for writing.
func writeOptions(options url.Values) {
	// With WAL, other processes can read while one writes. A transaction takes its lock at the start, so that it need
	// not be rolled back halfway.
	options["_pragma"] = []string{fmt.Sprintf("busy_timeout(%d)", busyWait), "journal_mode(WAL)", "synchronous(NORMAL)"}
	options["_txlock"] = []string{"immediate"}
}

// readOptions adds the options for opening a read-only file. If the file has no log file, no process is changing the
// database, and the options include "immutable", so that SQLite needs no lock files, which it may be unable to create.
func readOptions(path string, options url.Values) {
	options.Set("mode", "ro")
	options.Set("_pragma", fmt.Sprintf("busy_timeout(%d)", busyWait))
	if info, err := os.Stat(path + "-wal"); err != nil || info.Size() == 0 {
		options.Set("immutable", "1")
	}
}

// isReadOnly reports whether an existing file could not be opened because it is read-only.
func isReadOnly(err error) bool {
	failure, ok := errors.AsType[*fs.PathError](err)
	if !ok || failure.Op != "open" || !errors.Is(err, fs.ErrPermission) && !isReadOnlySystem(err) {
		return false
	}
	file, err := waitfile.OpenRegular(failure.Path, os.O_RDONLY)
	return err == nil && file.Close() == nil
}

// backUp copies the database before its schema is changed. The copy gets its final name only when it is complete.
func backUp(ctx context.Context, db *sql.DB, path string, version int64) error {
	target := fmt.Sprintf("%s.before-%d", path, version)
	folder, err := os.MkdirTemp(filepath.Dir(path), ".history-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	copied := filepath.Join(folder, "copy")
	if _, err := db.ExecContext(ctx, "VACUUM INTO ?", copied); err != nil {
		return fmt.Errorf("cannot copy %s before changing its schema: %w", path, err)
	}
	return os.Rename(copied, target)
}

// isDamaged reports whether the error says that a file is damaged or is not a database.
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

// explain adds the path of the file and advice for the user to an error of SQLite.
func explain(err error, path string) error {
	failure, ok := errors.AsType[*sqlite.Error](err)
	if !ok {
		return err
	}
	if isDamaged(failure) {
		return fmt.Errorf("%s is damaged or not a database: move it elsewhere to start a new history: %w", path, failure)
	}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return fmt.Errorf("%s is not a regular file: move it elsewhere to start a new history", path)
	}
	switch failure.Code() & 0xff {
	case sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN:
		return fmt.Errorf("%s: %w", path, failure)
	}
	return err
}

// prepare creates the file and its folder if they do not exist.
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

// sizeOf returns the size of the database including its log, in bytes.
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

// isRetryable reports whether another connection has caused an error, so that a retry may succeed.
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
