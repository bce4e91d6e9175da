package sqlstore

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"
)

//go:embed migrations/*.sql
var migrations embed.FS

// migrate brings the schema up to date. Several processes may do so at once: whoever comes second finds the work done.
func (s *Store) migrate(ctx context.Context, before func(ctx context.Context, version int64) error) error {
	for try := 1; ; try++ {
		err := s.migrateOnce(ctx, before)
		if err == nil || try == maxTries || ctx.Err() != nil {
			return err
		}
		before = nil // the schema has been saved, or is not changed by us
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
	}
	if version > 0 && before != nil {
		if err := before(ctx, version); err != nil {
			return err
		}
	}
	if _, err := provider.Up(ctx); err != nil && !errors.Is(err, goose.ErrAlreadyApplied) {
		return fmt.Errorf("changing the schema: %w", err)
	}
	return nil
}
