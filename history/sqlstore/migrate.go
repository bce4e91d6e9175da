package sqlstore

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"

	"sbwatch/history"
)

//go:embed migrations/*.sql
var migrations embed.FS

// errNotSaved is the error for a database that could not be copied before a change of its schema.
var errNotSaved = errors.New("the schema of the history was not changed, because the file could not be backed up")

// migrate updates the schema to the current version. Several processes may call it at the same time: only one of them
// changes the schema.
func (s *Store) migrate(ctx context.Context, before func(ctx context.Context, version int64) error) error {
	for try := 1; ; try++ {
		err := s.migrateOnce(ctx, before)
		if err == nil || try == maxTries || ctx.Err() != nil || s.dialect.ReadOnly {
			return err
		}
		if errors.Is(err, errNotSaved) {
			return err // without a copy, an existing schema must not be changed
		}
	}
}

func (s *Store) migrateOnce(ctx context.Context, before func(ctx context.Context, version int64) error) error {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(database.Dialect(s.dialect.Name), s.db, files)
	if err != nil {
		return err
	}
	version, newest, err := provider.GetVersions(ctx)
	switch {
	case err != nil:
		return fmt.Errorf("reading the version of the schema: %w", err)
	case version > newest:
		s.newer = true
		return nil
	case version == newest:
		return nil
	case s.dialect.ReadOnly:
		return history.ErrReadOnly // the queries need the newest schema
	}
	if version > 0 && before != nil {
		if err := before(ctx, version); err != nil {
			return fmt.Errorf("%w: %w", errNotSaved, err)
		}
	}
	if _, err := provider.Up(ctx); err != nil && !errors.Is(err, goose.ErrAlreadyApplied) {
		return fmt.Errorf("changing the schema: %w", err)
	}
	return nil
}
