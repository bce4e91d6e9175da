// Package history remembers runs.
//
// A [Record] is what is remembered of one run. A [Store] keeps records; the packages below this one implement it in
// SQLite and PostgreSQL. Items are not in the store: they go to an archive, which the record names.
package history

import (
	"time"

	"sbwatch/model/baseline"
	"sbwatch/model/text"
	"sbwatch/model/watch"
)

// Key identifies a run in a store.
type Key struct {
	// Host is the host of the service, with its port if that is not the default one: "api.webscrape.ai".
	Host string
	// RunID is the id of the run, as the service sent it.
	RunID string
}

// Record is what is remembered of a run.
type Record struct {
	Host string
	baseline.Run

	// Mode is free text of the service.
	Mode text.Text
	// Warnings are those of the service; unknown before the run completed.
	Warnings []text.Text
	// Samples are the counts of the run in the order of their times.
	Samples []watch.Sample
	// Notes are findings, notices and outcomes of rules.
	Notes []Note
	// RequestIDs are those of the answers, for questions to the service's support.
	RequestIDs []text.Text
	// Archive is where the items are; its zero value means that they are not kept.
	Archive Archive
	// RecordedAt is when the record was last changed, by the clock of the recording machine.
	RecordedAt time.Time
}

// Key returns the key of the record.
func (r *Record) Key() Key { return Key{Host: r.Host, RunID: r.ID.Raw()} }

// NoteKind is what a note is about.
type NoteKind string

// The kinds of notes. They are stored, so their values must not change.
const (
	NoteFinding NoteKind = "finding"
	NoteNotice  NoteKind = "notice"
	NoteRule    NoteKind = "rule"
)

// Note is a finding, a notice or the outcome of a rule.
type Note struct {
	Kind NoteKind
	// Severity is "error", "warning" or "note"; for a rule "ok", "warn", "fail" or "not judged".
	Severity string
	// Column is the name of the column concerned, if any.
	Column text.Text
	// Subject is the rule, or empty.
	Subject string
	// Text says what was found, printable.
	Text string
	// Count is the number of items, values or pages concerned, out of Of; both may be 0.
	Count, Of int
}

// Archive is where the items of a run are kept.
type Archive struct {
	// Name is the path below the root of the archive, with slashes: "recipe=m3Yc2tFvN8q/20261128T030000Z-k7Xb9dRmQ2p.ndjson.zst".
	Name string
	// Bytes is the size of the archived file.
	Bytes int64
	// Pages are the numbers of items on each page, in order.
	Pages []int
}

// IsEmpty reports whether no items are kept.
func (a Archive) IsEmpty() bool { return a.Name == "" }
