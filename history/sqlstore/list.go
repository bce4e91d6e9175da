package sqlstore

import (
	"context"
	"database/sql"

	"sbwatch/history"
	"sbwatch/model/text"
)

// defaultLimit is the maximum number of runs for a query without a limit.
const defaultLimit = 1000

// Runs returns runs of a recipe, newest first.
func (s *Store) Runs(ctx context.Context, q history.Query) ([]history.Summary, error) {
	where, args := `recipe_id = ?`, []any{storable(q.RecipeID)}
	if q.Host != "" {
		where, args = where+` AND host = ?`, append(args, storable(q.Host))
	}
	if !q.Before.IsZero() {
		where, args = where+` AND ran_at < ?`, append(args, micros(q.Before))
	}
	if q.Limit <= 0 {
		q.Limit = defaultLimit
	}
	selected := runColumns
	if q.WithoutColumns {
		selected = runFacts
	}
	var summaries []history.Summary
	err := s.query(ctx, func(rows *sql.Rows) error {
		summary, err := scanSummary(rows, !q.WithoutColumns)
		summaries = append(summaries, summary)
		return err
	}, `SELECT `+selected+` FROM runs WHERE `+where+` ORDER BY ran_at DESC, host, run_id LIMIT ?`, append(args, q.Limit)...)
	return summaries, err
}

func scanSummary(rows *sql.Rows, withColumns bool) (history.Summary, error) {
	row, err := scanRun(rows)
	if err != nil {
		return history.Summary{}, err
	}
	summary := history.Summary{Host: row.host, Run: row.run, Findings: row.findings, Broken: row.broken, Archive: row.archive}
	var warnings []text.Text
	if err := parse(row.warnings, &warnings, "warnings"); err != nil {
		return summary, err
	}
	summary.Warnings = len(warnings)
	if withColumns {
		summary.Columns, err = parseColumns(row.profile)
	}
	return summary, err
}

// Recipes returns the recipes, each with its newest runs.
func (s *Store) Recipes(ctx context.Context, limit int) ([]history.Recipe, error) {
	var recipes []history.Recipe
	err := s.query(ctx, func(rows *sql.Rows) error {
		var r history.Recipe
		err := rows.Scan(&r.Host, &r.ID, &r.Count)
		recipes = append(recipes, r)
		return err
	}, `SELECT host, recipe_id, COUNT(*) FROM runs GROUP BY host, recipe_id ORDER BY recipe_id, host`)
	if err != nil || limit <= 0 {
		return recipes, err
	}
	for i := range recipes {
		r := &recipes[i]
		if r.Runs, err = s.Runs(ctx, history.Query{Host: r.Host, RecipeID: r.ID, Limit: limit, WithoutColumns: true}); err != nil {
			return nil, err
		}
	}
	return recipes, nil
}

// Archives returns the runs whose items are archived, oldest first.
func (s *Store) Archives(ctx context.Context) ([]history.Forgotten, error) {
	var archives []history.Forgotten
	err := s.query(ctx, func(rows *sql.Rows) error {
		archive, err := scanForgotten(rows)
		archives = append(archives, archive)
		return err
	}, `SELECT `+forgottenColumns+` FROM runs WHERE archive <> '' ORDER BY ran_at, host, run_id`)
	return archives, err
}

// forgottenColumns are the columns that scanForgotten reads.
const forgottenColumns = `host, run_id, recipe_id, archive, archive_bytes, archive_pages`

func scanForgotten(rows *sql.Rows) (history.Forgotten, error) {
	var f history.Forgotten
	var pages string
	if err := rows.Scan(&f.Host, &f.RunID, &f.RecipeID, &f.Archive.Name, &f.Archive.Bytes, &pages); err != nil {
		return f, err
	}
	return f, parse(pages, &f.Archive.Pages, "archive_pages")
}

// DropArchive records that the items of a run are no longer archived.
func (s *Store) DropArchive(ctx context.Context, key history.Key) error {
	return s.write(ctx, func(tx *transaction) error {
		return tx.exec(`UPDATE runs SET archive = '', archive_bytes = 0, archive_pages = 'null' WHERE host = ? AND run_id = ?`,
			storable(key.Host), storable(key.RunID))
	})
}

// Forget removes records and returns them.
func (s *Store) Forget(ctx context.Context, which history.Forget) ([]history.Forgotten, error) {
	where, args := `1 = 1`, []any(nil)
	switch {
	case which.RunID != "":
		where, args = `run_id = ?`, []any{storable(which.RunID)}
	case which.RecipeID != "":
		where, args = `recipe_id = ?`, []any{storable(which.RecipeID)}
	case !which.All:
		return nil, nil
	}
	if which.Host != "" {
		where, args = where+` AND host = ?`, append(args, storable(which.Host))
	}
	var forgotten []history.Forgotten
	err := s.write(ctx, func(tx *transaction) error {
		forgotten = nil
		err := tx.query(func(rows *sql.Rows) error {
			f, err := scanForgotten(rows)
			forgotten = append(forgotten, f)
			return err
		}, `SELECT `+forgottenColumns+` FROM runs WHERE `+where+` ORDER BY ran_at, host, run_id`, args...)
		if err != nil {
			return err
		}
		for _, f := range forgotten {
			for _, table := range []string{"samples", "columns", "notes", "runs"} {
				if err := tx.deleteFrom(table, f.Key); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return forgotten, err
}

// Stats returns statistics of the store.
func (s *Store) Stats(ctx context.Context) (history.Stats, error) {
	var stats history.Stats
	var first, last, archiveBytes sql.NullInt64
	one := func(into ...any) func(*sql.Rows) error {
		return func(rows *sql.Rows) error { return rows.Scan(into...) }
	}
	for _, q := range []struct {
		query string
		scan  func(*sql.Rows) error
	}{
		{`SELECT COUNT(*), MIN(ran_at), MAX(ran_at) FROM runs`, one(&stats.Runs, &first, &last)},
		{`SELECT COUNT(*) FROM (SELECT DISTINCT host, recipe_id FROM runs) AS recipes`, one(&stats.Recipes)},
		{`SELECT COUNT(*) FROM samples`, one(&stats.Samples)},
		{`SELECT COUNT(*), CAST(SUM(archive_bytes) AS BIGINT) FROM runs WHERE archive <> ''`, one(&stats.Archives, &archiveBytes)},
	} {
		if err := s.query(ctx, q.scan, q.query); err != nil {
			return stats, err
		}
	}
	stats.ArchiveBytes, stats.First, stats.Last = archiveBytes.Int64, timeOf(first.Int64), timeOf(last.Int64)
	var err error
	stats.Bytes, err = s.dialect.Size(ctx, s.db)
	return stats, err
}
