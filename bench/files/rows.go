//go:build unix

package main

import (
	"path/filepath"
	"strings"
)

// row is an operation that is measured in sbwatch and in DuckDB.
type row struct {
	name string
	// ours holds the arguments with which bench/files runs itself to measure sbwatch.
	ours []string
	// theirs holds the SQL statements for DuckDB. Only the last one is measured.
	theirs []string
	// target is the maximum ratio of the time of sbwatch to that of DuckDB. memoryTarget is the maximum ratio of the
	// memory of sbwatch to the size of the file. 0 means no target.
	target, memoryTarget float64
	// file is the file to read, or the file whose items are exported.
	file string
}

// paths holds the paths of the files to load, by format. out is the path of the exported file.
type paths struct{ json, csv, snappy, zstd, out string }

func (o options) paths() paths {
	base := filepath.Join(o.folder, "files-"+o.shape)
	return paths{base + ".json", base + ".csv", base + ".snappy.parquet", base + ".zstd.parquet", base + "-exported"}
}

// quoted returns a name as an SQL string.
func quoted(name string) string { return "'" + strings.ReplaceAll(name, "'", "''") + "'" }

// rows returns the operations to measure, such as loading CSV.
func (o options) rows() []row {
	p := o.paths()
	load := func(name, file, function string, target float64) row {
		return row{
			name: "load " + name, ours: []string{"-load", file}, theirs: []string{"create table t as select * from " + function + "(" + quoted(file) + ")"},
			target: target, memoryTarget: 1.5, file: p.json,
		}
	}
	export := func(name, ending, format string, target float64) row {
		to := p.out + "." + ending
		return row{
			name: "export " + name, ours: []string{"-export", to, "-from", p.json},
			theirs: []string{
				"create table t as select * from read_json(" + quoted(p.json) + ", format = 'array', maximum_object_size = 200000000)",
				"copy t to " + quoted(p.out+".duckdb."+ending) + " (" + format + ")",
			},
			target: target, memoryTarget: 1.5, file: p.json,
		}
	}
	rows := []row{
		load("JSON", p.json, "read_json", 0.5),
		load("CSV", p.csv, "read_csv", 1),
		load("Parquet (snappy)", p.snappy, "read_parquet", 1.5),
		load("Parquet (zstd)", p.zstd, "read_parquet", 1.5),
		export("CSV", "csv", "format csv", 0.6),
		export("Parquet (snappy)", "parquet", "format parquet, compression snappy", 1),
		export("Parquet (zstd)", "zstd.parquet", "format parquet, compression zstd", 1),
		export("CSV .zst", "csv.zst", "format csv, compression zstd", 0.8),
		export("NDJSON .zst", "ndjson.zst", "format json, compression zstd", 0.8),
	}
	rows[0].theirs[0] = strings.Replace(rows[0].theirs[0], ")", ", format = 'array', maximum_object_size = 200000000)", 1)
	return rows
}
