package archive_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"sbwatch/history/archive"
	"sbwatch/model/text"
)

// query runs SQL in DuckDB.
func query(t *testing.T, sql string) (rows []map[string]any) {
	t.Helper()
	modules := os.Getenv("SBWATCH_TEST_DUCKDB")
	if modules == "" {
		t.Skip("SBWATCH_TEST_DUCKDB is not set: give the node_modules folder with @duckdb/node-api, as .ci/run does")
	}
	modules, err := filepath.Abs(modules)
	if err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), "node", filepath.Join("testdata", "query.mjs"), modules, sql)
	command.Stderr = os.Stderr
	output, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(output, &rows); err != nil {
		t.Fatal(err)
	}
	return rows
}

func TestDuckDBReadsTheArchive(t *testing.T) {
	root := t.TempDir()
	a := archive.NewDirectory(root)
	for _, recipe := range []string{"m3Yc2tFvN8q", "0042", "a/b c"} {
		r := recordOf(recipe)
		r.ID = text.NewText(recipe + "-1")
		write(t, a, r, itemsOf(t, `[{"name":"caf\u00e9","price":1.5},{"name":"b",
			"price":2}]`))
		if _, err := a.WriteParquet(t.Context(), r, itemsOf(t, `[{"name":"a","price":1.5}]`)); err != nil {
			t.Fatal(err)
		}
	}
	path := strings.ReplaceAll(filepath.ToSlash(root), "'", "''")
	for name, test := range map[string]struct{ sql, want string }{
		"NDJSON": {
			`SELECT recipe, COUNT(*)::INT AS items, SUM(price) AS total, MIN(name) AS name FROM
				read_ndjson('` + path + `/recipe=*/*.ndjson.zst', hive_partitioning = true, hive_types = {'recipe': VARCHAR})
				GROUP BY recipe ORDER BY recipe`,
			`[{"recipe":"0042","items":2,"total":3.5,"name":"b"},{"recipe":"a/b c","items":2,"total":3.5,"name":"b"},
				{"recipe":"m3Yc2tFvN8q","items":2,"total":3.5,"name":"b"}]`,
		},
		"one recipe": {
			`SELECT name FROM read_ndjson('` + path + `/**/*.ndjson.zst', hive_partitioning = true, hive_types = {'recipe': VARCHAR})
				WHERE recipe = 'm3Yc2tFvN8q' ORDER BY price`,
			`[{"name":"café"},{"name":"b"}]`,
		},
		"Parquet": {
			`SELECT recipe, name, price FROM read_parquet('` + path + `/recipe=*/*.parquet', hive_partitioning = true, hive_types = {'recipe': VARCHAR})
				ORDER BY recipe LIMIT 2`,
			`[{"recipe":"0042","name":"a","price":1.5},{"recipe":"a/b c","name":"a","price":1.5}]`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			var want []map[string]any
			if err := json.Unmarshal([]byte(test.want), &want); err != nil {
				t.Fatal(err)
			}
			if got := query(t, test.sql); !reflect.DeepEqual(got, want) {
				t.Errorf("DuckDB returned %v, want %v", got, want)
			}
		})
	}
}
