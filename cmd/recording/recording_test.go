package recording

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"sbwatch/config"
	"sbwatch/files/read"
	"sbwatch/history"
	"sbwatch/internal/collected"
	"sbwatch/model/baseline"
	"sbwatch/model/item"
	"sbwatch/model/optional"
	"sbwatch/model/profile"
	"sbwatch/model/rules"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/ui"
)

const host = "api.webscrape.ai"

// night returns the answer for the run of night n. items is the number of items, and priced is the number of items with
// a price.
func night(t *testing.T, n, items, priced int, drift float64) run.Answer {
	t.Helper()
	var rows []string
	for i := range items {
		row := fmt.Sprintf(`{"sku":%d}`, i)
		if i < priced {
			row = fmt.Sprintf(`{"sku":%d,"price":%d}`, i, i+1)
		}
		rows = append(rows, row)
	}
	saved := fmt.Sprintf(`{"status":"completed","data":{"id":"night%d","recipe_id":"m3Yc2tFvN8q","run_status":"completed",
		"started_at":"2026-10-%02dT03:00:00Z","completed_at":"2026-10-%02dT03:01:00Z","pages_extracted":1,"items_extracted":%d,
		"result":{"drift":%g,"warnings":[],"pages":[{"items":[%s]}]}}}`, n, n, n, items, drift, strings.Join(rows, ","))
	answer, err := read.Open(strings.NewReader(saved), read.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

// fakeService answers each poll with the next answer.
type fakeService struct {
	ui.Service
	answers []run.Answer
}

func (s *fakeService) Poll(context.Context, string, func(item.Table)) (run.Answer, error) {
	if len(s.answers) == 0 {
		return run.Answer{}, errors.New("no answer")
	}
	answer := s.answers[0]
	s.answers = s.answers[1:]
	return answer, nil
}

func (s *fakeService) Usage(context.Context) (run.Usage, error) {
	return run.Usage{LastRun: optional.Some(run.LastRun{ID: text.NewText("night1"), EffectiveCap: optional.Some(int64(1))})}, nil
}

func start(t *testing.T, change func(*Options)) (*Recording, Places, *collected.Lines) {
	t.Helper()
	var m collected.Lines
	options := Options{Places: Places{Folder: t.TempDir()}, Host: host, Say: m.Add, Now: time.Now, Interval: 2 * time.Second}
	if change != nil {
		change(&options)
	}
	return Start(options), options.Places, &m
}

func TestServiceIsRecorded(t *testing.T) {
	r, places, m := start(t, nil)
	service := r.Service(&fakeService{answers: []run.Answer{night(t, 1, 20, 20, 0.02)}})
	if _, err := service.Poll(t.Context(), "night1", nil); err != nil {
		t.Fatal(err)
	}
	if _, err := service.Poll(t.Context(), "night1", nil); err == nil {
		t.Error("the error of a poll is lost")
	}
	if _, err := service.Usage(t.Context()); err != nil {
		t.Fatal(err)
	}
	r.Close(t.Context())
	record, err := places.Find(t.Context(), "night1", host)
	if err != nil {
		t.Fatal(err)
	}
	if record.Items.Or(0) != 20 || len(record.Columns) != 2 || record.Archive.IsEmpty() || record.Cut != run.CutByPlan {
		t.Errorf("recorded %+v", record)
	}
	source, err := places.OpenRun(t.Context(), record)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := read.Open(source, read.Options{})
	if err := errors.Join(err, source.Close()); err != nil || answer.Items.Len() != 20 || answer.Items.Pages() != 1 {
		t.Errorf("the recorded run has %d items on %d pages: %v", answer.Items.Len(), answer.Items.Pages(), err)
	}
	if len(m.All()) > 0 {
		t.Errorf("said %q", m.All())
	}
}

func TestNothingIsOpenedBeforeTheFirstAnswer(t *testing.T) {
	r, places, _ := start(t, nil)
	r.Close(t.Context())
	if entries, err := os.ReadDir(places.Folder); err != nil || len(entries) > 0 {
		t.Errorf("the folder has %v: %v", entries, err)
	}
	if _, err := places.Find(t.Context(), "night1", host); !errors.Is(err, ErrNone) {
		t.Errorf("finding a run: %v", err)
	}
	if entries, _ := os.ReadDir(places.Folder); len(entries) > 0 {
		t.Errorf("looking for a run created %v", entries)
	}
}

func TestMessagesAreHeldBack(t *testing.T) {
	r, _, m := start(t, func(o *Options) {
		o.Hold = true
		o.Places.Folder = "/dev/null/x"
	})
	_, _ = r.Load(func(context.Context, func(item.Table)) (run.Answer, error) { return night(t, 1, 2, 2, 0), nil })(t.Context(), nil)
	_, _ = r.Load(func(context.Context, func(item.Table)) (run.Answer, error) { return run.Answer{}, nil })(t.Context(), nil)
	early := m.All()
	r.Close(t.Context())
	said := slices.Sorted(slices.Values(m.All()))
	if len(early) > 0 || len(said) != 2 || !strings.HasPrefix(said[0], "nothing was recorded: the file has no run id") ||
		!strings.HasPrefix(said[1], "this run is not recorded: ") {
		t.Errorf("said %q, then %q", early, said)
	}
}

func TestCloseIsLimited(t *testing.T) {
	for name, test := range map[string]struct {
		takes, want time.Duration
		said        []string
	}{
		"fast":     {0, 0, nil},
		"slow":     {2 * time.Second, 2 * time.Second, []string{"recording the run"}},
		"too slow": {time.Hour, maxWait, []string{"recording the run", "the run was not recorded completely: it took too long"}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r, _, m := start(t, func(o *Options) {
					o.Judge = func(ctx context.Context, _ run.Run, _ *profile.Profile, _ item.Table) ([]rules.Verdict, error) {
						select {
						case <-time.After(test.takes):
							return nil, nil
						case <-ctx.Done():
							return nil, ctx.Err()
						}
					}
				})
				service := r.Service(&fakeService{answers: []run.Answer{night(t, 1, 2, 2, 0.02)}})
				if _, err := service.Poll(t.Context(), "night1", nil); err != nil {
					t.Fatal(err)
				}
				began := time.Now()
				r.Close(t.Context())
				if took := time.Since(began); took != test.want {
					t.Errorf("took %v, want %v", took, test.want)
				}
				if !slices.Equal(m.All(), test.said) {
					t.Errorf("said %q, want %q", m.All(), test.said)
				}
				synctest.Wait()
			})
		})
	}
}

func TestCompareUsesEarlierRuns(t *testing.T) {
	r, places, _ := start(t, nil)
	for n := 1; n <= 9; n++ {
		priced := 20
		if n > 5 {
			priced = 2 // must not matter, because the fifth run is compared only with earlier ones
		}
		answer := night(t, n, 20, priced, 0.02)
		_, _ = r.Load(func(context.Context, func(item.Table)) (run.Answer, error) { return answer, nil })(t.Context(), nil)
	}
	r.Close(t.Context())
	fifth, err := places.Find(t.Context(), "night5", "other host")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		host    string
		run     baseline.Run
		earlier int
	}{
		{host, fifth.Run, 4},
		{"", fifth.Run, 4},
		{"elsewhere", fifth.Run, 0},
		{host, baseline.Run{RecipeID: text.NewText("other"), Status: run.StatusCompleted}, 0},
	} {
		judgment, err := places.Compare(t.Context(), test.host, test.run)
		if err != nil || judgment.Earlier != test.earlier || len(judgment.Changes) > 0 {
			t.Errorf("on %q: compared with %d runs, %d differences: %v", test.host, judgment.Earlier, len(judgment.Changes), err)
		}
	}
}

func TestFindWantsWhatTheServiceHas(t *testing.T) {
	r, places, _ := start(t, func(o *Options) { o.Places.Config.KeepItems = optional.Some(int64(0)) })
	completed, running := night(t, 1, 3, 3, 0.02), night(t, 2, 0, 0, 0.02)
	running.Run.StatusSent = text.NewText("running")
	for _, answer := range []run.Answer{completed, running} {
		_, _ = r.Load(func(context.Context, func(item.Table)) (run.Answer, error) { return answer, nil })(t.Context(), nil)
	}
	r.Close(t.Context())
	for _, id := range []string{"night1", "night2", "night3"} {
		if record, err := places.Find(t.Context(), id, host); !errors.Is(err, history.ErrNotFound) {
			t.Errorf("%s: found %v: %v", id, record, err)
		}
	}
}

func TestPlaces(t *testing.T) {
	shared, err := config.ParseDatabaseURL("postgres://me:hunter2@db/x")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		places            Places
		database, archive string
	}{
		{Places{Folder: "/data/sbwatch"}, "/data/sbwatch/history.db", "/data/sbwatch/archive"},
		{Places{}, "", ""},
		{Places{Folder: "/data", Config: config.History{URL: shared, Archive: "s3://bucket/x"}}, "postgres://me:xxxxx@db/x", "s3://bucket/x"},
	} {
		if database, archive := test.places.Database(), test.places.Archive(); database != test.database || archive != test.archive {
			t.Errorf("got %q and %q, want %q and %q", database, archive, test.database, test.archive)
		}
	}
	if _, err := (Places{}).Open(t.Context()); !errors.Is(err, ErrNoFolder) {
		t.Errorf("opening nowhere: %v", err)
	}
}

// TestWrongAddress checks that the history on this machine is not used if the address of a shared history is wrong.
func TestWrongAddress(t *testing.T) {
	places := Places{Folder: t.TempDir()}
	store, err := places.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	_ = store.Close()
	places.Config.IsURLWrong = true
	for name, open := range map[string]func(context.Context) (history.Store, error){"to record": places.Open, "to read": places.OpenExisting} {
		if _, err := open(t.Context()); !errors.Is(err, ErrWrongAddress) {
			t.Errorf("%s: %v, want ErrWrongAddress", name, err)
		}
	}
}

func TestSpent(t *testing.T) {
	r, places, _ := start(t, nil)
	for n := 1; n <= 12; n++ {
		answer := night(t, n, 20, 20, 0.02)
		answer.Run.Credits = optional.Some(int64(n))
		_, _ = r.Load(func(context.Context, func(item.Table)) (run.Answer, error) { return answer, nil })(t.Context(), nil)
	}
	r.Close(t.Context())
	for name, want := range map[string]int{host: 9, "": 9, "elsewhere": 0} {
		reader := Reader{OpenStore: places.OpenExisting, Host: name}
		spent, err := reader.Spent(t.Context(), time.Date(2026, 10, 4, 0, 0, 0, 0, time.UTC))
		reader.Close()
		if err != nil || len(spent) != want {
			t.Errorf("on %q: %d runs cost something: %v", name, len(spent), err)
		}
		for _, one := range spent {
			if one.Credits != int64(one.At.Day()) {
				t.Errorf("the run of %v cost %d", one.At, one.Credits)
			}
		}
	}
	nowhere := Reader{OpenStore: Places{Folder: t.TempDir()}.OpenExisting}
	if spent, err := nowhere.Spent(t.Context(), time.Time{}); err != nil || len(spent) > 0 {
		t.Errorf("without a history: %v, %v", spent, err)
	}
}
