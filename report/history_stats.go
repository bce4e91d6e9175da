package report

import (
	"io"
	"strings"
	"time"

	"sbwatch/history"
	"sbwatch/model/text"
)

// HistoryStats holds statistics of the history.
type HistoryStats struct {
	history.Stats
	// Database is the location of the database, without a password.
	Database string
	// Archive is the location of the archived items. It is empty if no items are stored.
	Archive string
	// KeepItems is the maximum size of the archive in bytes; 0 means no limit.
	KeepItems int64
	// Waiting is the number of runs that wait in the spool on this machine until the database can be reached.
	Waiting int
}

// HistoryStatsTable returns statistics of the history as a table, one value per line.
func HistoryStatsTable(s HistoryStats) string {
	var b strings.Builder
	row := func(label, value string) { b.WriteString(padRight(label, 16) + value + "\n") }
	row("database", text.Printable(s.Database)+" ("+text.Bytes(s.Bytes)+")")
	row("recipes", text.Count(int64(s.Recipes)))
	runs := text.Count(int64(s.Runs))
	if !s.First.IsZero() {
		runs += " from " + s.First.UTC().Format(time.DateOnly) + " to " + s.Last.UTC().Format(time.DateOnly)
	}
	row("runs", runs)
	row("polls", text.Count(int64(s.Samples)))
	if s.Archive != "" {
		row("items", text.Printable(s.Archive))
	}
	items := text.Counted(int64(s.Archives), "run") + " with items (" + text.Bytes(s.ArchiveBytes)
	if s.KeepItems > 0 {
		items += " of at most " + text.Bytes(s.KeepItems)
	}
	row("", items+")")
	if s.Waiting > 0 {
		row("not delivered", text.Counted(int64(s.Waiting), "run"))
	}
	return b.String()
}

// jsonHistoryStats is the JSON form of statistics of the history.
type jsonHistoryStats struct {
	Database     string     `json:"database"`
	Archive      string     `json:"archive"`
	Recipes      int        `json:"recipes"`
	Runs         int        `json:"runs"`
	Samples      int        `json:"samples"`
	Bytes        int64      `json:"bytes"`
	Archives     int        `json:"archived_runs"`
	ArchiveBytes int64      `json:"archive_bytes"`
	First        *time.Time `json:"first_run"`
	Last         *time.Time `json:"last_run"`
	Waiting      int        `json:"not_delivered"`
}

// WriteHistoryStatsJSON writes statistics of the history as a JSON object on one line.
func WriteHistoryStatsJSON(out io.Writer, s HistoryStats) error {
	return encodeLine(out, jsonHistoryStats{
		Database: s.Database, Archive: s.Archive, Recipes: s.Recipes, Runs: s.Runs, Samples: s.Samples, Bytes: s.Bytes,
		Archives: s.Archives, ArchiveBytes: s.ArchiveBytes, First: timeOrNull(s.First), Last: timeOrNull(s.Last), Waiting: s.Waiting,
	})
}
