// Package postgres stores the history in PostgreSQL, or in another database with the same protocol. A team can share
// such a history.
package postgres

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"

	"sbwatch/history/sqlstore"
)

// maxConnections is the maximum number of database connections of one sbwatch process.
const maxConnections = 4

// Open connects to the database at an address such as "postgres://user@host/database". Missing parts of the address
// come from the usual variables of PostgreSQL (PGPASSWORD, PGPASSFILE, PGSSLMODE). Errors do not contain the password.
func Open(ctx context.Context, address string) (*sqlstore.Store, error) {
	config, err := pgx.ParseConfig(address)
	if err != nil {
		return nil, fmt.Errorf("the address of the history is not a valid PostgreSQL address (%s): write postgres://USER@HOST/DATABASE", withoutPassword(err.Error(), address))
	}
	if config.RuntimeParams["application_name"] == "" {
		config.RuntimeParams["application_name"] = "sbwatch"
	}
	db := stdlib.OpenDB(*config)
	db.SetMaxOpenConns(maxConnections)
	store, err := sqlstore.Open(ctx, db, dialect(config.Password), nil)
	if err != nil {
		return nil, &connectError{err: err, password: config.Password}
	}
	return store, nil
}

// dialect returns the dialect for PostgreSQL. Its errors do not contain the password.
func dialect(password string) sqlstore.Dialect {
	return sqlstore.Dialect{
		Name: "postgres", Numbered: true, IsRetryable: isRetryable, Isolation: sql.LevelSerializable,
		Clock: "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)",
		Size: func(ctx context.Context, db *sql.DB) (int64, error) {
			var size sql.NullInt64
			row := db.QueryRowContext(ctx, `SELECT CAST(SUM(pg_total_relation_size(c.oid)) AS BIGINT) FROM pg_class c
				WHERE c.relname IN ('runs', 'samples', 'columns', 'notes') AND c.relkind = 'r'`)
			err := row.Scan(&size)
			return size.Int64, err
		},
		// The connection may be lost after Open. The next use of the database then connects again, which may fail with
		// a ConnectError.
		Explain: func(err error) error {
			if _, ok := errors.AsType[*pgconn.ConnectError](err); ok {
				return &connectError{err: err, password: password}
			}
			return err
		},
	}
}

// connectError hides the password in the message of an error about the database. If connecting failed, the message is
// only the host and the reason.
type connectError struct {
	err      error
	password string
}

func (e *connectError) Error() string {
	message := e.err.Error()
	if connecting, ok := errors.AsType[*pgconn.ConnectError](e.err); ok {
		message = "the database on " + connecting.Config.Host + ": " + reasonOf(connecting)
	}
	if e.password == "" {
		return message
	}
	return strings.NewReplacer(e.password, "xxxxx", url.QueryEscape(e.password), "xxxxx", url.PathEscape(e.password), "xxxxx").Replace(message)
}

// reasonOf returns the reason why connecting failed: the message of the server, or the innermost error. The errors that
// wrap the innermost error only repeat the address for each attempt.
func reasonOf(err error) string {
	if refused, ok := errors.AsType[*pgconn.PgError](err); ok {
		return refused.Message
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return "the server does not answer"
	}
	for {
		inner := errors.Unwrap(err)
		if many, ok := err.(interface{ Unwrap() []error }); ok && len(many.Unwrap()) > 0 {
			inner = many.Unwrap()[0]
		}
		if inner == nil {
			return err.Error()
		}
		err = inner
	}
}

func (e *connectError) Unwrap() error { return e.err }

// withoutPassword removes an address and its password from a message.
func withoutPassword(message, address string) string {
	shown := "postgres://..."
	message = strings.ReplaceAll(message, address, shown)
	parsed, err := url.Parse(address)
	if err != nil {
		return "it cannot be parsed" // it is unknown where the password starts and ends
	}
	if password, ok := parsed.User.Password(); ok && password != "" {
		message = strings.ReplaceAll(message, password, "xxxxx")
	}
	return message
}

// Codes of errors after which a client should repeat the transaction, in PostgreSQL and compatible databases.
const (
	serializationFailure = "40001"
	deadlockDetected     = "40P01"
	uniqueViolation      = "23505" // another process has inserted the same run
)

func isRetryable(err error) bool {
	failure, ok := errors.AsType[*pgconn.PgError](err)
	if !ok {
		return false
	}
	return failure.Code == serializationFailure || failure.Code == deadlockDetected || failure.Code == uniqueViolation
}
