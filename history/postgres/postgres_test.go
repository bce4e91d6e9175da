package postgres

import (
	"database/sql"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	_ "github.com/jackc/pgx/v5/stdlib"

	"sbwatch/history/storetest"
)

func TestStore(t *testing.T) {
	addresses := newAddresses()
	storetest.Run(t, func(t *testing.T) storetest.Store { return open(t, addresses.of(t)) })
}

func open(t *testing.T, at string) storetest.Store {
	t.Helper()
	store, err := Open(t.Context(), at)
	if err != nil {
		t.Fatal(err)
	}
	return store
}

// TestConflictsAreRepeated injects serialization failures: a trigger refuses the first changes with the error code
// 40001.
func TestConflictsAreRepeated(t *testing.T) {
	at := storetest.PostgresAddress(t)
	store := open(t, at)
	defer func() { _ = store.Close() }()
	db, err := sql.Open("pgx", at)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	for _, statement := range []string{
		`CREATE SEQUENCE tries`, // a sequence keeps its value when a transaction is rolled back
		`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
			IF nextval('tries') <= 4 THEN RAISE EXCEPTION 'injected' USING ERRCODE = '40001'; END IF; RETURN NEW; END $$`,
		`CREATE TRIGGER refuse BEFORE INSERT ON runs FOR EACH ROW EXECUTE FUNCTION refuse()`,
	} {
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	if err := store.Put(t.Context(), storetest.Sample("a", 1)); err != nil {
		t.Fatal(err)
	}
	if stats, err := store.Stats(t.Context()); err != nil || stats.Runs != 1 {
		t.Errorf("%+v, %v", stats, err)
	}
	if _, err := db.ExecContext(t.Context(), `ALTER SEQUENCE tries RESTART WITH -1000 MINVALUE -1000`); err != nil {
		t.Fatal(err)
	}
	if err := store.Put(t.Context(), storetest.Sample("a", 2)); err == nil || !strings.Contains(err.Error(), "injected") {
		t.Errorf("refused forever: %v, want the refusal", err)
	}
}

func TestErrorsDoNotShowThePassword(t *testing.T) {
	for _, at := range []string{
		"postgres://user:s3cret%20word@127.0.0.1:1/db?connect_timeout=1",
		"postgres://user:s3cret word@127.0.0.1:1/db",
		"postgres://user:s3cret@127.0.0.1:notaport/db",
		"host=127.0.0.1 port=1 user=u password=s3cret connect_timeout=1",
		"host=127.0.0.1 port=x password=s3cret",
	} {
		_, err := Open(t.Context(), at)
		if err == nil {
			t.Fatalf("%s was opened", at)
		}
		if strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%v shows the password", err)
		}
	}
}

// addresses holds the database address of each test.
type addresses struct {
	mu    sync.Mutex
	known map[string]string
}

func newAddresses() *addresses { return &addresses{known: map[string]string{}} }

func (a *addresses) of(t *testing.T) string {
	t.Helper()
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.known[t.Name()] == "" {
		a.known[t.Name()] = storetest.PostgresAddress(t)
	}
	return a.known[t.Name()]
}

func TestErrorOfConnectingIsShort(t *testing.T) {
	_, err := Open(t.Context(), "postgres://me:hunter2@127.0.0.1:1/x")
	want := "the database on 127.0.0.1: connection refused"
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	// The same error, for a database that was open before.
	_, err = pgx.Connect(t.Context(), "postgres://me:hunter2@127.0.0.1:1/x")
	if err = dialect("hunter2").Explain(err); err == nil || err.Error() != want {
		t.Errorf("later: got %v, want %s", err, want)
	}
}
