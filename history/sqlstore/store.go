// Package sqlstore implements [history.Store] with database/sql.
//
// It uses only SQL that PostgreSQL, SQLite and other databases with PostgreSQL's protocol have in common: no sequences,
// foreign keys, JSON types, partial indexes, advisory locks or triggers. It repeats a transaction if the database asks
// for that.
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

// Dialect describes the properties of one kind of database.
type Dialect struct {
	// Name is "sqlite3" or "postgres", as in the library goose.
	Name string
	// Numbered is true if parameters are written as $1, $2 and false if they are question marks.
	Numbered bool
	// Clock is the SQL expression for the current time of the database, in microseconds since 1970.
	Clock string
	// IsRetryable reports whether a transaction that failed with err should be repeated, because it conflicted with
	// another transaction.
	IsRetryable func(error) bool
	// Size returns the size of the database in bytes.
	Size func(ctx context.Context, db *sql.DB) (int64, error)
	// ReadOnly means that the database cannot be changed.
	ReadOnly bool
	// Explain, if not nil, adds advice for the user to an error of the database.
	Explain func(error) error
	// Isolation is the isolation level of transactions that write.
	Isolation sql.IsolationLevel
}

// Store is a [history.Store] in a database.
type Store struct {
	db      *sql.DB
	dialect Dialect
	newer   bool // whether the schema is newer than this program
}

// Open updates the schema of a database and returns a store in it. It calls beforeMigration before it changes an
// existing schema. If Open fails, it closes the database.
func Open(ctx context.Context, db *sql.DB, dialect Dialect, beforeMigration func(ctx context.Context, version int64) error) (*Store, error) {
	s := &Store{db: db, dialect: dialect}
	if err := s.migrate(ctx, beforeMigration); err != nil {
		_ = db.Close()
		return nil, err
	}
	return s, nil
}

// IsReadOnly reports whether the schema is newer than this program. Such a store must not be changed.
func (s *Store) IsReadOnly() bool { return s.newer }

// Close closes the database.
func (s *Store) Close() error { return s.db.Close() }

// maxTries is the maximum number of attempts for a transaction. retryPause is the average pause after the first
// attempt. The pause doubles after each further attempt.
const (
	maxTries   = 8
	retryPause = 10 * time.Millisecond
)

// write runs a transaction that changes the store. It repeats the transaction if the database asks for this.
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
		_ = tx.Rollback() // the first error is more useful
		return err
	}
	return tx.Commit()
}

// explain adds advice for the user to an error, if the dialect has any.
func (s *Store) explain(err error) error {
	if err == nil || s.dialect.Explain == nil {
		return err
	}
	return s.dialect.Explain(err)
}

// query runs a query outside a transaction, and passes each row to scan. It repeats the query if the database asks for
// this.
func (s *Store) query(ctx context.Context, scan func(*sql.Rows) error, query string, args ...any) error {
	for try := 1; ; try++ {
		err := queryRows(ctx, s.db, scan, withNumbers(query, s.dialect.Numbered), args)
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

// exec runs a statement. The parameters in statement are question marks.
func (t *transaction) exec(statement string, args ...any) error {
	_, err := t.tx.ExecContext(t.ctx, withNumbers(statement, t.numbered), args...)
	return err
}

// query runs a query and passes each row to scan.
func (t *transaction) query(scan func(*sql.Rows) error, query string, args ...any) error {
	return queryRows(t.ctx, t.tx, scan, withNumbers(query, t.numbered), args)
}

// querier can run queries. It is a database or a transaction.
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

// withNumbers replaces the question marks in a statement with $1, $2 and so on, if isNumbered is true. For example,
// "a = ? AND b = ?" becomes "a = $1 AND b = $2".
func withNumbers(statement string, isNumbered bool) string {
	if !isNumbered {
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

// placeholders returns n question marks, separated by commas.
func placeholders(n int) string { return strings.TrimSuffix(strings.Repeat("?, ", n), ", ") }

// storable returns s in a form that every database can store: as valid UTF-8 without NUL.
func storable(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\ufffd"), "\x00", "\ufffd")
}
