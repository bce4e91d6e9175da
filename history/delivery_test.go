package history_test

import (
	"context"
	"errors"
	"io"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"sbwatch/history"
	"sbwatch/history/sqlite"
	"sbwatch/internal/collected"
	"sbwatch/model/item"
	"sbwatch/model/text"
)

// farArchiver simulates an archive on another machine.
type farArchiver struct {
	mu sync.Mutex
	// waiting holds the names of the items that are still on this machine. kept holds the names of the items in the
	// archive.
	waiting, kept []string
	// fails is the reason why the other machine cannot be reached, or nil.
	fails error
	// hold delays deliveries until this channel is closed. A nil channel does not delay them.
	hold chan struct{}
}

func (f *farArchiver) Write(_ context.Context, r *history.Record, items item.Table) (history.Archive, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.waiting = append(f.waiting, r.ID.Raw())
	return history.Archive{Name: r.ID.Raw(), Bytes: 1, Pages: []int{items.Len()}}, history.ErrArchivePending
}

func (f *farArchiver) Deliver(ctx context.Context, a history.Archive) error {
	if f.hold != nil {
		select {
		case <-f.hold:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.fails != nil {
		return f.fails
	}
	for i, name := range f.waiting {
		if name == a.Name {
			f.waiting = append(f.waiting[:i], f.waiting[i+1:]...)
			f.kept = append(f.kept, name)
			break
		}
	}
	return nil
}

func (*farArchiver) Open(context.Context, history.Archive) (io.ReadCloser, error) {
	return nil, errors.ErrUnsupported
}
func (*farArchiver) Remove(context.Context, history.Archive) error { return nil }

// farConfig returns the configuration of a recorder with an archive on another machine.
func farConfig(folder string, far *farArchiver, m *collected.Lines) history.RecorderConfig {
	config := configOf(filepath.Join(folder, "history.db"), m)
	config.OpenSpool = func(ctx context.Context) (history.Store, error) {
		return sqlite.Open(ctx, filepath.Join(folder, "spool.db"))
	}
	config.Archiver = func(context.Context) (history.Archiver, error) { return far, nil }
	return config
}

// spooled returns the number of records in the spool in a folder.
func spooled(t *testing.T, folder string) int {
	t.Helper()
	store, err := sqlite.Open(t.Context(), filepath.Join(folder, "spool.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = store.Close() }()
	stats, err := store.Stats(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return stats.Runs
}

func TestItemsAreDeliveredWhileRecording(t *testing.T) {
	folder, m, far := t.TempDir(), &collected.Lines{}, &farArchiver{}
	recorder := history.NewRecorder(farConfig(folder, far, m))
	for _, answer := range answers(t) {
		recorder.Polled(answer, time.Millisecond)
	}
	if err := recorder.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := stored(t, filepath.Join(folder, "history.db")); got.Archive.Name != "k7Xb9dRmQ2p" || got.Archive.Pages[0] != 3 || len(far.kept) != 1 {
		t.Errorf("recorded %+v, delivered %v", got.Archive, far.kept)
	}
	if n := spooled(t, folder); n != 0 || len(m.All()) != 0 {
		t.Errorf("%d records wait; it said %q", n, m.All())
	}
}

func TestItemsAreRecordedOnceDelivered(t *testing.T) {
	folder, m, far := t.TempDir(), &collected.Lines{}, &farArchiver{fails: errors.New("no route to host")}
	recorder := history.NewRecorder(farConfig(folder, far, m))
	for _, answer := range answers(t) {
		recorder.Polled(answer, time.Millisecond)
	}
	if err := recorder.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := stored(t, filepath.Join(folder, "history.db")); !got.Archive.IsEmpty() || len(got.Columns) != 2 {
		t.Errorf("before it is delivered: %+v", got)
	}
	if n := spooled(t, folder); n != 1 {
		t.Errorf("%d records wait, want 1", n)
	}
	if want := "the items are kept on this machine until the archive can be reached: no route to host"; len(m.All()) != 1 || m.All()[0] != want {
		t.Errorf("it said %q, want %q once", m.All(), want)
	}

	far.fails = nil
	recorder = history.NewRecorder(farConfig(folder, far, m))
	other := answers(t)[0]
	other.Run.ID = text.NewText("other")
	recorder.Polled(other, time.Millisecond)
	if err := recorder.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := stored(t, filepath.Join(folder, "history.db")); got.Archive.Name != "k7Xb9dRmQ2p" || len(got.Columns) != 2 || len(got.Samples) != 3 {
		t.Errorf("delivered: %+v", got)
	}
	if n := spooled(t, folder); n != 0 || len(far.kept) != 1 {
		t.Errorf("%d records wait, delivered %v", n, far.kept)
	}
}

func TestASlowUploadDelaysNoRecords(t *testing.T) {
	folder, m, far := t.TempDir(), &collected.Lines{}, &farArchiver{hold: make(chan struct{})}
	config := farConfig(folder, far, m)
	put := make(chan string, 100)
	working := config.Open
	config.Open = func(ctx context.Context) (history.Store, error) {
		store, err := working(ctx)
		return tellingStore{store, put}, err
	}
	recorder := history.NewRecorder(config)
	recorder.Polled(answers(t)[2], time.Millisecond)
	if id := <-put; id != "k7Xb9dRmQ2p" {
		t.Fatalf("%s was put", id)
	}
	other := answers(t)[0]
	other.Run.ID = text.NewText("other")
	recorder.Polled(other, time.Millisecond)
	for <-put != "other" {
	}
	close(far.hold)
	if err := recorder.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := stored(t, filepath.Join(folder, "history.db")); got.Archive.IsEmpty() || len(m.All()) != 0 {
		t.Errorf("recorded %+v, said %q", got, m.All())
	}
}

// tellingStore is a store that reports which runs are put.
type tellingStore struct {
	history.Store
	put chan<- string
}

func (s tellingStore) Put(ctx context.Context, r *history.Record) error {
	err := s.Store.Put(ctx, r)
	s.put <- r.ID.Raw()
	return err
}

func TestDeliveringFactsDoesNotWaitForItems(t *testing.T) {
	folder, far := t.TempDir(), &farArchiver{fails: errors.New("access denied")}
	config := farConfig(folder, far, &collected.Lines{})
	store, err := config.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = store.Close() }()
	spool := nights(t)
	err = history.Deliver(t.Context(), spool, store, far)
	if !errors.Is(err, history.ErrArchivePending) || !strings.Contains(err.Error(), "access denied") {
		t.Errorf("the error is %v", err)
	}
	if stats, err := store.Stats(t.Context()); err != nil || stats.Runs != 6 || stats.Archives != 0 {
		t.Errorf("delivered %+v, %v", stats, err)
	}
	far.fails = nil
	if err := history.Deliver(t.Context(), spool, store, far); err != nil {
		t.Error(err)
	}
	if stats, err := store.Stats(t.Context()); err != nil || stats.Archives != 6 {
		t.Errorf("delivered %+v, %v", stats, err)
	}
	if stats, err := spool.Stats(t.Context()); err != nil || stats.Runs != 0 {
		t.Errorf("the spool still has %+v, %v", stats, err)
	}
}

func TestSeveralProcessesDeliverOnce(t *testing.T) {
	folder, far := t.TempDir(), &farArchiver{waiting: []string{"a-run0", "a-run1", "a-run2", "b-run0", "b-run1", "b-run2"}}
	store, err := farConfig(folder, far, &collected.Lines{}).Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = store.Close() }()
	spool := nights(t)
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			if err := history.Deliver(t.Context(), spool, store, far); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	stats, err := store.Stats(t.Context())
	if err != nil || stats.Runs != 6 || stats.Archives != 6 || len(far.kept) != 6 {
		t.Errorf("delivered %v: %+v, %v", far.kept, stats, err)
	}
	if stats, err := spool.Stats(t.Context()); err != nil || stats.Runs != 0 {
		t.Errorf("the spool still has %+v, %v", stats, err)
	}
}
