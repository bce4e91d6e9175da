package sqlstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"time"

	"sbwatch/history"
	"sbwatch/model/optional"
	"sbwatch/model/profile"
	"sbwatch/model/run"
	"sbwatch/model/watch"
)

// Put adds a record. If the run already has a record, Put combines the two.
func (s *Store) Put(ctx context.Context, r *history.Record) error {
	r = normalize(r)
	return s.write(ctx, func(tx *transaction) error {
		before, err := tx.record(r.Key())
		switch {
		case errors.Is(err, history.ErrNotFound):
			return tx.change(&history.Record{}, r)
		case err != nil:
			return err
		}
		return tx.change(before, history.Unite(before, r))
	})
}

// normalize returns a record as it would be read back from the store, so that it can be compared with stored records.
func normalize(r *history.Record) *history.Record {
	n := *r
	n.Host = storable(n.Host)
	for _, t := range []*time.Time{&n.CreatedAt, &n.StartedAt, &n.CompletedAt, &n.RecordedAt} {
		*t = timeOf(micros(*t))
	}
	n.Columns = withoutTop(n.Columns)
	n.Samples = slices.Clone(n.Samples)
	for i := range n.Samples {
		n.Samples[i].At = timeOf(micros(n.Samples[i].At))
	}
	return &n
}

// change updates a stored record. before is the stored record, and after is the new one. change writes only the parts
// that differ.
func (t *transaction) change(before, after *history.Record) error {
	if reflect.DeepEqual(before, after) {
		return nil
	}
	if err := t.putRun(before, after); err != nil {
		return err
	}
	if err := t.putSamples(before.Samples, after); err != nil {
		return err
	}
	if !reflect.DeepEqual(before.Columns, after.Columns) {
		if err := t.putColumns(after); err != nil {
			return err
		}
	}
	if !reflect.DeepEqual(before.Notes, after.Notes) {
		return t.putNotes(after)
	}
	return nil
}

// putRun writes the row of a run. If another process has inserted the same row, the insert fails as a duplicate, and
// the transaction is repeated.
func (t *transaction) putRun(before, r *history.Record) error {
	warnings, err := json.Marshal(r.Warnings)
	if err != nil {
		return err
	}
	requests, err := json.Marshal(r.RequestIDs)
	if err != nil {
		return err
	}
	columns, err := formatColumns(r.Columns)
	if err != nil {
		return err
	}
	pages, err := json.Marshal(r.Archive.Pages)
	if err != nil {
		return err
	}
	broken, findings := counts(r.Notes)
	values := []any{
		storable(r.RecipeID.Raw()), r.Status.String(), cutName(r.Cut), storable(r.Error.Raw()), storable(r.Mode.Raw()),
		micros(ranAt(r)), micros(r.CreatedAt), micros(r.StartedAt), micros(r.CompletedAt),
		nullable(r.Pages), nullable(r.Items), nullable(r.Credits), nullable(r.Drift),
		string(warnings), string(requests), columns, findings, broken,
		storable(r.Archive.Name), r.Archive.Bytes, string(pages), micros(r.RecordedAt),
	}
	key := []any{storable(r.Host), storable(r.ID.Raw())}
	if before.ID.IsEmpty() {
		return t.exec(`INSERT INTO runs (recipe_id, status, cut, error, mode, ran_at, created_at, started_at, completed_at,
			pages, items, credits, drift, warnings, request_ids, profile, findings, broken_rules,
			archive, archive_bytes, archive_pages, recorded_at, host, run_id) VALUES (`+placeholders(24)+`)`, slices.Concat(values, key)...)
	}
	return t.exec(`UPDATE runs SET recipe_id = ?, status = ?, cut = ?, error = ?, mode = ?, ran_at = ?, created_at = ?, started_at = ?,
		completed_at = ?, pages = ?, items = ?, credits = ?, drift = ?, warnings = ?, request_ids = ?, profile = ?, findings = ?,
		broken_rules = ?, archive = ?, archive_bytes = ?, archive_pages = ?, recorded_at = ?
		WHERE host = ? AND run_id = ?`, slices.Concat(values, key)...)
}

// withoutTop returns the columns without their most frequent values. The history does not use these values, and they
// would need most of its space.
func withoutTop(columns []profile.ColumnSummary) []profile.ColumnSummary {
	columns = slices.Clone(columns)
	for i := range columns {
		columns[i].Top = nil
	}
	return columns
}

// ranAt returns the time by which runs are sorted: the time of the run or, if unknown, the time at which the run was
// added to the history.
func ranAt(r *history.Record) time.Time {
	if at := r.At(); !at.IsZero() {
		return at
	}
	return r.RecordedAt
}

// counts returns the number of broken rules and the number of findings.
func counts(notes []history.Note) (broken, findings int) {
	for _, n := range notes {
		switch {
		case n.Kind == history.NoteFinding:
			findings++
		case n.Kind == history.NoteRule && n.Severity != "ok" && n.Severity != "warn":
			broken++
		}
	}
	return broken, findings
}

// putSamples stores the samples that are not stored yet.
func (t *transaction) putSamples(before []watch.Sample, r *history.Record) error {
	for _, sample := range r.Samples {
		if slices.Contains(before, sample) {
			continue
		}
		if err := t.exec(`DELETE FROM samples WHERE host = ? AND run_id = ? AND at = ?`, storable(r.Host), storable(r.ID.Raw()), micros(sample.At)); err != nil {
			return err
		}
		err := t.exec(`INSERT INTO samples (host, run_id, at, pages, items) VALUES (?, ?, ?, ?, ?)`,
			storable(r.Host), storable(r.ID.Raw()), micros(sample.At), sample.Pages, sample.Items)
		if err != nil {
			return err
		}
	}
	return nil
}

// putColumns replaces the stored columns of a run.
func (t *transaction) putColumns(r *history.Record) error {
	if err := t.deleteFrom("columns", r.Key()); err != nil {
		return err
	}
	for i := range r.Columns {
		c := &r.Columns[i]
		var count int
		var low, median, high sql.NullFloat64
		if n := c.Numbers; n != nil {
			count = n.Count
			low, median, high = sql.NullFloat64{Float64: n.Min, Valid: true}, sql.NullFloat64{Float64: n.Median, Valid: true}, sql.NullFloat64{Float64: n.Max, Valid: true}
		}
		err := t.exec(`INSERT INTO columns (host, run_id, position, name, possible, covered, main_type, distinct_values, number_count,
			number_min, number_median, number_max) VALUES (`+placeholders(12)+`)`,
			storable(r.Host), storable(r.ID.Raw()), i, storable(c.Name.Raw()), c.Of, c.Covered, c.MainType(), c.Distinct.N, count, low, median, high)
		if err != nil {
			return err
		}
	}
	return nil
}

// putNotes replaces the stored notes of a run.
func (t *transaction) putNotes(r *history.Record) error {
	if err := t.deleteFrom("notes", r.Key()); err != nil {
		return err
	}
	for i, n := range r.Notes {
		err := t.exec(`INSERT INTO notes (host, run_id, position, kind, severity, column_name, subject, message, affected, possible)
			VALUES (`+placeholders(10)+`)`, storable(r.Host), storable(r.ID.Raw()), i, string(n.Kind), storable(n.Severity),
			storable(n.Column.Raw()), storable(n.Subject), storable(n.Text), n.Count, n.Of)
		if err != nil {
			return err
		}
	}
	return nil
}

// deleteFrom deletes the rows of a run from a table.
func (t *transaction) deleteFrom(table string, key history.Key) error {
	return t.exec(`DELETE FROM `+table+` WHERE host = ? AND run_id = ?`, storable(key.Host), storable(key.RunID))
}

// cutName returns the stored name of the limit that cut a run short: "credits" or "plan", or "" if no limit did.
func cutName(c run.Cut) string {
	switch c {
	case run.CutByCredits:
		return "credits"
	case run.CutByPlan:
		return "plan"
	case run.CutNone:
	}
	return ""
}

// micros returns a time as microseconds since 1970. It returns 0 for the zero time.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// timeOf returns the time from microseconds since 1970. It returns the zero time for 0.
func timeOf(micros int64) time.Time {
	if micros == 0 {
		return time.Time{}
	}
	return time.UnixMicro(micros).UTC()
}

// nullable returns a value for the database: NULL if the value is unknown.
func nullable[T any](v optional.Value[T]) any {
	value, known := v.Get()
	if !known {
		return nil
	}
	return value
}
