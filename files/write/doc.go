// Package write exports items as CSV, JSON, NDJSON or Parquet, to a stream or to a file.
//
// What each format preserves:
//
//   - JSON and NDJSON keep each item byte for byte, except that NDJSON omits the line breaks between the tokens of an
//     item. If columns are selected, an item contains only these columns, with each value byte for byte. No keys are
//     added.
//   - CSV follows RFC 4180: CRLF between records, a header, UTF-8 without a byte order mark. Numbers, true and false
//     are unchanged. Arrays and objects are written as JSON, in quotes. A text that looks like one of these values is
//     quoted, so that readers can tell the two apart. null and a missing key become an empty field. An empty text
//     becomes "", a pair of quotes.
//   - Parquet has one type per column, chosen from all its values: see [parquetKind]. null and a missing key both
//     become null.
//
// Columns with the same name are numbered: "name", "name (2)".
package write
