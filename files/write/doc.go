// Package write hands items on: as CSV, JSON, NDJSON or Parquet, to a stream or to a file.
//
// What each format carries:
//
//   - JSON and NDJSON carry each item byte for byte as it came; NDJSON without the line breaks between its tokens. Where
//     columns were chosen, an item has just these, each value byte for byte, and no key that it did not have.
//   - CSV is that of RFC 4180: CRLF between records, a header, UTF-8 without a byte order mark. A number, true and false
//     stand as they came; arrays and objects as their JSON, in quotes; a text that reads as any of these stands in quotes,
//     so that it can be told from them. null and a missing key are an empty field, the empty text is "" in quotes.
//   - Parquet has a type for each column, chosen by all of its values: see [parquetKind]. null and a missing key are its
//     one null.
//
// Columns that have the same name are told apart by a number: "name", "name (2)".
package write
