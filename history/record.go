// Package history records runs, so that users can view and compare them later.
//
// A [Record] holds the data of one run. A [Store] stores records; the packages sqlite and postgres implement it. The
// items of a run are not in its record but in an archive. The record contains their location.
package history

import (
	"time"

	"sbwatch/model/baseline"
	"sbwatch/model/text"
	"sbwatch/model/watch"
)

// Key identifies a run within a store.
type Key struct {
	// Host is the host of the service. It includes any port other than the default port: "api.webscrape.ai" or
	// "localhost:8080".
	Host string
	// RunID is the id of the run, as the service sent it.
	RunID string
}

// Record holds the recorded data of a run.
type Record struct {
	Host string
	baseline.Run

	// Mode is the mode of the run, a text that the service chooses.
	Mode text.Text
	// Warnings holds the warnings of the service, or nil if the run has not completed.
	Warnings []text.Text
	// Samples holds the counts of the run over time, oldest first.
	Samples []watch.Sample
	// Notes holds the findings about the items, the notices about the run, and the outcomes of the user's rules.
	Notes []Note
	// RequestIDs holds the ids of the requests about the run. The service's support may ask for them.
	RequestIDs []text.Text
	// Archive is the location of the items, or the zero value if the items are not stored.
	Archive Archive
	// RecordedAt is the time of the last change of the record, by the clock of the recording machine.
	RecordedAt time.Time
}

// Key returns the key of the record.
func (r *Record) Key() Key { return Key{Host: r.Host, RunID: r.ID.Raw()} }

// NoteKind is the subject of a note: a finding, a notice, a rule, or a problem with the check of the rules, such as a
// formula that names a missing column.
type NoteKind string

// The kinds of notes. They are stored, so their values must not change.
const (
	NoteFinding NoteKind = "finding"
	NoteNotice  NoteKind = "notice"
	NoteRule    NoteKind = "rule"
	NoteCheck   NoteKind = "check"
)

// Note is a finding, a notice, the outcome of a rule, or a problem with the check of the rules.
type Note struct {
	Kind NoteKind
	// Severity is "error", "warning" or "note". For the outcome of a rule, it is "ok", "warn", "fail" or "not judged".
	Severity string
	// Column is the name of the column that the note is about, if any.
	Column text.Text
	// Subject is the rule that the note is about, if any.
	Subject string
	// Text is the printable text of the note.
	Text string
	// Count is the number of affected items, values or pages, and Of is their total number: in "7 of 87", Count is 7
	// and Of is 87. Both may be 0.
	Count, Of int
}

// Archive is the location and the size of the archived items of a run.
type Archive struct {
	// Name is the path of the file within the archive, with slashes:
	// "recipe=m3Yc2tFvN8q/20261128T030000Z-k7Xb9dRmQ2p.ndjson.zst".
	Name string
	// Bytes is the size of the file.
	Bytes int64
	// Pages holds the number of items on each page.
	Pages []int
}

// IsEmpty reports whether there are no archived items.
func (a Archive) IsEmpty() bool { return a.Name == "" }
