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
	if err := prepare(path); err != nil {
		return nil, err
	}
	// WAL lets readers read while another process writes. A transaction takes its lock at the beginning, so that none has to
	// be given up halfway.
	options := url.Values{
		"_pragma": {fmt.Sprintf("busy_timeout(%d)", busyWait), "journal_mode(WAL)", "synchronous(NORMAL)"},
		"_txlock": {"immediate"},
	}
	address := url.URL{Scheme: "file", Path: filepath.ToSlash(path), RawQuery: options.Encode()}
	db, err := sql.Open("sqlite", address.String())
	if err != nil {
		return nil, err
	}
	dialect := sqlstore.Dialect{Name: "sqlite3", IsRetryable: isRetryable, Size: func(context.Context, *sql.DB) (int64, error) { return sizeOf(path) }}
	return sqlstore.Open(ctx, db, dialect, func(ctx context.Context, version int64) error {
		_, err := db.ExecContext(ctx, "VACUUM INTO ?", fmt.Sprintf("%s.before-%d", path, version+1))
		if err != nil {
			return fmt.Errorf("copying %s before its schema is changed: %w", path, err)
		}
		return nil
	})
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
