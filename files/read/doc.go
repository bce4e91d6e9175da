// Package read opens files of items: saved answers of SmartBrowse, JSON, NDJSON, CSV and Parquet, each also compressed with gzip
// or zstd.
//
// [Open] recognizes the format by the content and reads the file into the same answer that a poll gives, so that a file can be
// browsed, checked and exported like a run. Of a damaged file it returns the items before the damage.
package read
