package storetest

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"testing"
)

// PostgresAddress returns the address of the PostgreSQL database for tests. The address selects a new, empty schema,
// which is removed when the test ends. If there is no database, PostgresAddress skips the test. The caller must import
// the driver "pgx".
func PostgresAddress(t *testing.T) string {
	t.Helper()
	base := os.Getenv("SBWATCH_TEST_POSTGRES")
	if base == "" {
		t.Skip("SBWATCH_TEST_POSTGRES is not set: no PostgreSQL to test with")
	}
	schema := fmt.Sprintf("sbwatch_test_%d", rand.Uint64())
	db, err := sql.Open("pgx", base)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(t.Context(), "CREATE SCHEMA "+schema); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_, _ = db.ExecContext(context.WithoutCancel(t.Context()), "DROP SCHEMA "+schema+" CASCADE")
		_ = db.Close()
	})
	parsed, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	query := parsed.Query()
	query.Set("search_path", schema)
	parsed.RawQuery = query.Encode()
	return parsed.String()
}
