// Package sqlstore implements [history.Store] over database/sql.
//
// It uses only SQL that PostgreSQL, SQLite and the databases that speak PostgreSQL's protocol have in common: no sequences, foreign
// keys, JSON types, partial indexes, advisory locks or triggers. Every transaction is repeated if the database asks for it.
package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"sbwatch/history"
)

// Dialect is how a database differs from others.
type Dialect struct {
	// Name is "sqlite3" or "postgres", as goose calls it.
	Name string
	// Numbered is true if parameters are $1, $2 instead of question marks.
	Numbered bool
	// Clock is the SQL expression for the time of the database, in microseconds since 1970.
	Clock string
	// IsRetryable reports whether a failed transaction should be repeated because it conflicted with another.
	IsRetryable func(error) bool
	// Size returns the size of the database in bytes.
	Size func(ctx context.Context, db *sql.DB) (int64, error)
	// ReadOnly means that the database cannot be changed.
	ReadOnly bool
	// Explain, unless nil, returns an error of the database as one that says what to do.
	Explain func(error) error
	// Isolation is that of writing transactions.
	Isolation sql.IsolationLevel
}

// Store is a [history.Store] in a database.
type Store struct {
	db      *sql.DB
	dialect Dialect
	newer   bool // the schema is newer than ours
}

// Open returns a store in a database and brings its schema up to date. It closes the database if that fails. beforeMigration is
// called before an existing schema is changed.
func Open(ctx context.Context, db *sql.DB, dialect Dialect, beforeMigration func(ctx context.Context, version int64) error) (*Store, error) {
	s := &Store{db: db, dialect: dialect}
	if err := s.migrate(ctx, beforeMigration); err != nil {
		_ = db.Close()
		return nil, err
	}
	return s, nil
}

// IsReadOnly reports whether the schema is newer than this program knows, so that nothing is changed.
func (s *Store) IsReadOnly() bool { return s.newer }

// Close closes the database.
func (s *Store) Close() error { return s.db.Close() }

// maxTries is how often a transaction is tried, and retryPause the mean pause before the second try; it doubles.
const (
	maxTries   = 8
	retryPause = 10 * time.Millisecond
)

// write runs a transaction that changes the store, again if the database asks for it.
func (s *Store) write(ctx context.Context, work func(tx *transaction) error) error {
	switch {
	case s.newer:
		return history.ErrNewer
	case s.dialect.ReadOnly:
		return history.ErrReadOnly
	}
	for try := 1; ; try++ {
		err := s.try(ctx, work)
		if err == nil || try == maxTries || !s.dialect.IsRetryable(err) {
			return s.explain(err)
		}
		pause := time.Duration(float64(retryPause) * float64(int(1)<<(try-1)) * (0.5 + rand.Float64()))
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return errors.Join(err, ctx.Err())
		}
	}
}

func (s *Store) try(ctx context.Context, work func(tx *transaction) error) error {
	tx, err := s.db.BeginTx(ctx, &sql.TxOptions{Isolation: s.dialect.Isolation})
	if err != nil {
		return err
	}
	if err := work(&transaction{ctx: ctx, tx: tx, numbered: s.dialect.Numbered, now: s.dialect.Clock}); err != nil {
		_ = tx.Rollback() // the first error says more
		return err
	}
	return tx.Commit()
}

// explain returns an error as one that says what to do.
func (s *Store) explain(err error) error {
	if err == nil || s.dialect.Explain == nil {
		return err
	}
	return s.dialect.Explain(err)
}

// query runs a query outside of a transaction, again if the database asks for it, and passes each row to scan.
func (s *Store) query(ctx context.Context, scan func(*sql.Rows) error, query string, args ...any) error {
	for try := 1; ; try++ {
		err := queryRows(ctx, s.db, scan, numbered(query, s.dialect.Numbered), args)
		if err == nil || try == maxTries || !s.dialect.IsRetryable(err) {
			return s.explain(err)
		}
	}
}

// transaction is a transaction in progress.
type transaction struct {
	ctx      context.Context //nolint:containedctx // a transaction lives within one call
	tx       *sql.Tx
	numbered bool
	now      string // see Dialect.Clock
}

// exec runs a statement with question marks for parameters.
func (t *transaction) exec(statement string, args ...any) error {
	_, err := t.tx.ExecContext(t.ctx, numbered(statement, t.numbered), args...)
	return err
}

// query passes each row of a query to scan.
func (t *transaction) query(scan func(*sql.Rows) error, query string, args ...any) error {
	return queryRows(t.ctx, t.tx, scan, numbered(query, t.numbered), args)
}

// querier is a database or a transaction.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

func queryRows(ctx context.Context, q querier, scan func(*sql.Rows) error, query string, args []any) error {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	for rows.Next() {
		if err := scan(rows); err != nil {
			_ = rows.Close()
			return err
		}
	}
	return errors.Join(rows.Err(), rows.Close())
}

// numbered replaces question marks by $1, $2 and so on if wanted.
func numbered(statement string, wanted bool) string {
	if !wanted {
		return statement
	}
	var b strings.Builder
	for i, part := range strings.Split(statement, "?") {
		if i > 0 {
			fmt.Fprintf(&b, "$%d", i)
		}
		b.WriteString(part)
	}
	return b.String()
}

// placeholders returns n question marks.
func placeholders(n int) string { return strings.TrimSuffix(strings.Repeat("?, ", n), ", ") }

// storable returns a text that every database can store: valid UTF-8 without NUL.
func storable(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\ufffd"), "\x00", "\ufffd")
}
