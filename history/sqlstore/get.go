package sqlstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"sbwatch/history"
	"sbwatch/model/baseline"
	"sbwatch/model/optional"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
)

// Get returns the complete record of a run.
func (s *Store) Get(ctx context.Context, key history.Key) (*history.Record, error) {
	var record *history.Record
	read := func(tx *transaction) (err error) {
		record, err = tx.record(key)
		return err
	}
	for try := 1; ; try++ {
		err := s.try(ctx, read)
		if err == nil {
			return record, nil
		}
		if try == maxTries || !s.dialect.IsRetryable(err) {
			return nil, err
		}
	}
}

// Find returns the keys of the runs with this id. Each host may have one such run.
func (s *Store) Find(ctx context.Context, runID string) ([]history.Key, error) {
	var keys []history.Key
	err := s.query(ctx, func(rows *sql.Rows) error {
		key := history.Key{RunID: runID}
		err := rows.Scan(&key.Host)
		keys = append(keys, key)
		return err
	}, `SELECT host FROM runs WHERE run_id = ? ORDER BY host`, storable(runID))
	return keys, err
}

// runColumns are the columns that scanRun reads. runFacts are the same columns, but with an empty list in place of the
// profile of the items.
const (
	runFacts = `host, run_id, recipe_id, status, cut, error, created_at, started_at, completed_at, pages, items, credits, drift,
	warnings, findings, broken_rules, archive, archive_bytes, archive_pages, '[]'`
	runColumns = `host, run_id, recipe_id, status, cut, error, created_at, started_at, completed_at, pages, items, credits, drift,
	warnings, findings, broken_rules, archive, archive_bytes, archive_pages, profile`
)

// scannedRun is a row of the table of runs.
type scannedRun struct {
	host string
	run  baseline.Run
	// warnings and profile contain JSON.
	warnings, profile string
	findings, broken  int
	archive           history.Archive
}

// scanRun reads a row of the table of runs. extra receives the values of additional columns in the row.
func scanRun(rows *sql.Rows, extra ...any) (scannedRun, error) {
	var row scannedRun
	var runID, recipeID, status, cut, message, pagesOf string
	var created, started, completed int64
	var pages, items, credits sql.NullInt64
	var drift sql.NullFloat64
	into := []any{
		&row.host, &runID, &recipeID, &status, &cut, &message, &created, &started, &completed, &pages, &items, &credits, &drift,
		&row.warnings, &row.findings, &row.broken, &row.archive.Name, &row.archive.Bytes, &pagesOf, &row.profile,
	}
	if err := rows.Scan(append(into, extra...)...); err != nil {
		return row, err
	}
	row.run = baseline.Run{
		ID: text.NewText(runID), RecipeID: text.NewText(recipeID), Status: run.ParseStatus(status), Cut: cutOf(cut), Error: text.NewText(message),
		CreatedAt: timeOf(created), StartedAt: timeOf(started), CompletedAt: timeOf(completed),
		Pages: optionalOf(pages.Int64, pages.Valid), Items: optionalOf(items.Int64, items.Valid), Credits: optionalOf(credits.Int64, credits.Valid),
		Drift: optionalOf(drift.Float64, drift.Valid),
	}
	return row, parse(pagesOf, &row.archive.Pages, "archive_pages")
}

// optionalOf returns value as a known value if valid is true, and an unknown value otherwise.
func optionalOf[T any](value T, valid bool) optional.Value[T] {
	if !valid {
		return optional.Value[T]{}
	}
	return optional.Some(value)
}

// parse parses a column that contains JSON. column is the name of the column, for errors.
func parse(content string, into any, column string) error {
	if err := json.Unmarshal([]byte(content), into); err != nil {
		return fmt.Errorf("the history is damaged: column %q of table \"runs\": %w", column, err)
	}
	return nil
}

// cutOf returns the limit that cut a run short. name is the stored name of the limit, such as "credits".
func cutOf(name string) run.Cut {
	for _, cut := range []run.Cut{run.CutByCredits, run.CutByPlan} {
		if cutName(cut) == name {
			return cut
		}
	}
	return run.CutNone
}

// record reads the complete record of a run.
func (t *transaction) record(key history.Key) (*history.Record, error) {
	host, runID := storable(key.Host), storable(key.RunID)
	var record *history.Record
	err := t.query(func(rows *sql.Rows) error {
		var mode, requests string
		var recorded int64
		row, err := scanRun(rows, &mode, &requests, &recorded)
		if err != nil {
			return err
		}
		record = &history.Record{Host: row.host, Run: row.run, Mode: text.NewText(mode), Archive: row.archive, RecordedAt: timeOf(recorded)}
		if err := parse(row.warnings, &record.Warnings, "warnings"); err != nil {
			return err
		}
		if err := parse(requests, &record.RequestIDs, "request_ids"); err != nil {
			return err
		}
		record.Columns, err = parseColumns(row.profile)
		return err
	}, `SELECT `+runColumns+`, mode, request_ids, recorded_at FROM runs WHERE host = ? AND run_id = ?`, host, runID)
	switch {
	case err != nil:
		return nil, err
	case record == nil:
		return nil, history.ErrNotFound
	}
	err = t.query(func(rows *sql.Rows) error {
		var at int64
		var sample watch.Sample
		err := rows.Scan(&at, &sample.Pages, &sample.Items)
		sample.At = timeOf(at)
		record.Samples = append(record.Samples, sample)
		return err
	}, `SELECT at, pages, items FROM samples WHERE host = ? AND run_id = ? ORDER BY at`, host, runID)
	if err != nil {
		return nil, err
	}
	return record, t.query(func(rows *sql.Rows) error {
		var note history.Note
		var kind, column string
		err := rows.Scan(&kind, &note.Severity, &column, &note.Subject, &note.Text, &note.Count, &note.Of)
		note.Kind, note.Column = history.NoteKind(kind), text.NewText(column)
		record.Notes = append(record.Notes, note)
		return err
	}, `SELECT kind, severity, column_name, subject, message, affected, possible FROM notes WHERE host = ? AND run_id = ? ORDER BY position`,
		host, runID)
}
