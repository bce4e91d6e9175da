// Package history records runs, so that they can be viewed and compared later.
//
// A [Record] holds the data of one run. A [Store] stores records; the packages sqlite and postgres implement it. Items
// are stored in an archive instead, and the record contains their place.
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

// Record holds the recorded data of a run.
type Record struct {
	Host string
	baseline.Run

	// Mode is the mode of the run, which is free text of the service.
	Mode text.Text
	// Warnings are the warnings of the service. It is nil if the run has not completed.
	Warnings []text.Text
	// Samples are the counts of the run over time, oldest first.
	Samples []watch.Sample
	// Notes are the findings, the notices and the outcomes of rules.
	Notes []Note
	// RequestIDs are the ids of the requests for the run. The service's support may ask for them.
	RequestIDs []text.Text
	// Archive is the place of the items. Its zero value means that the items are not stored.
	Archive Archive
	// RecordedAt is when the record was last changed, by the clock of the recording machine.
	RecordedAt time.Time
}

// Key returns the key of the record.
func (r *Record) Key() Key { return Key{Host: r.Host, RunID: r.ID.Raw()} }

// NoteKind says what a note is about.
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
	// Severity is "error", "warning" or "note". For the outcome of a rule, it is "ok", "warn", "fail" or "not judged".
	Severity string
	// Column is the name of the column, or empty if the note is not about a column.
	Column text.Text
	// Subject is the rule, or empty if the note is not about a rule.
	Subject string
	// Text is the printable text of the note.
	Text string
	// Count is the number of affected items, values or pages, and Of the number of all. Both may be 0.
	Count, Of int
}

// Archive is the place of the archived items of a run.
type Archive struct {
	// Name is the path of the file in the archive, with slashes:
	// "recipe=m3Yc2tFvN8q/20261128T030000Z-k7Xb9dRmQ2p.ndjson.zst".
	Name string
	// Bytes is the size of the archived file.
	Bytes int64
	// Pages holds the number of items on each page.
	Pages []int
}

// IsEmpty reports whether the items are not archived.
func (a Archive) IsEmpty() bool { return a.Name == "" }
