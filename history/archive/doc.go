// Package archive keeps the items of recorded runs as compressed NDJSON, in a directory or in an S3-compatible bucket.
//
// Each run is one file. Each recipe is a partition in the format of Hive, which DuckDB, Spark, Trino and ClickHouse can
// read:
//
//	recipe=m3Yc2tFvN8q/20261128T030000Z-k7Xb9dRmQ2p.ndjson.zst
//
// Each line is an item, byte for byte as the service sent it, except that line breaks between its tokens are left out.
// See [Name] for the names of files.
package archive
