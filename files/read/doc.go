// Package read opens files of items: saved answers of SmartBrowse, JSON, NDJSON, CSV and Parquet. Any of them may be
// compressed with gzip or zstd.
//
// [Open] recognizes the format by the content. It returns the same kind of answer as a poll, so that a file can be
// browsed, checked and exported like a run. If a file is damaged, it returns the items before the damage.
package read
