package history_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"sbwatch/files/read"
	"sbwatch/history"
	"sbwatch/history/storetest"
	"sbwatch/model/item"
	"sbwatch/model/optional"
	"sbwatch/model/run"
	"sbwatch/model/text"
)

// memory is an archive that keeps one run in memory.
type memory struct {
	items   io.Reader
	removed []string
	fails   error
}

func (*memory) Write(context.Context, *history.Record, item.Table) (history.Archive, error) {
	return history.Archive{}, errors.ErrUnsupported
}
func (*memory) Deliver(context.Context, history.Archive) error { return nil }

func (m *memory) Open(context.Context, history.Archive) (io.ReadCloser, error) {
	return io.NopCloser(m.items), nil
}

func (m *memory) Remove(_ context.Context, a history.Archive) error {
	if m.fails == nil {
		m.removed = append(m.removed, a.Name)
	}
	return m.fails
}

func TestAnswerHasThePagesOfTheRun(t *testing.T) {
	long := `"` + strings.Repeat("long ", 50_000) + `"`
	for name, test := range map[string]struct {
		pages []int
		items string
		want  string
	}{
		"one page":         {[]int{2}, "1\n2\n", `{"items":[1,2]}`},
		"several pages":    {[]int{1, 2}, "1\n2\n3\n", `{"items":[1]},{"items":[2,3]}`},
		"empty pages":      {[]int{0, 0, 1, 0, 1, 0}, "1\n2\n", `{"items":[]},{"items":[]},{"items":[1]},{"items":[]},{"items":[2]},{"items":[]}`},
		"no pages":         {nil, "1\n2\n", `{"items":[1,2]}`},
		"nothing":          {nil, "", ``},
		"more items":       {[]int{1, 1}, "1\n2\n3\n", `{"items":[1]},{"items":[2,3]}`},
		"fewer items":      {[]int{2, 2}, "1\n", `{"items":[1]},{"items":[]}`},
		"negative":         {[]int{-1, 1}, "1\n", `{"items":[]},{"items":[1]}`},
		"long lines":       {[]int{1, 1}, long + "\n" + long + "\n", `{"items":[` + long + `]},{"items":[` + long + `]}`},
		"no last newline":  {[]int{2}, "1\n2", `{"items":[1,2]}`},
		"spaces are kept":  {[]int{2}, "{ \"a\" :1 }\n [1]\n", `{"items":[{ "a" :1 }, [1]]}`},
		"blank lines":      {[]int{2}, "1\n\n2\n", `{"items":[1,2]}`},
		"a long last line": {[]int{1}, long, `{"items":[` + long + `]}`},
	} {
		t.Run(name, func(t *testing.T) {
			r := storetest.Sample("recipe", 1)
			r.Archive.Pages = test.pages
			file, err := history.OpenAnswer(t.Context(), &memory{items: iotest.HalfReader(strings.NewReader(test.items))}, r)
			if err != nil {
				t.Fatal(err)
			}
			content, err := io.ReadAll(file)
			if err != nil {
				t.Fatal(err)
			}
			_, pages, _ := strings.Cut(string(content), `"pages":[`)
			if pages = strings.TrimSuffix(pages, "]}}}\n"); pages != test.want {
				t.Errorf("the pages are\n%.300s\nwant\n%.300s", pages, test.want)
			}
		})
	}
}

func TestAnswerWithoutItemsHasTheFacts(t *testing.T) {
	r := storetest.Sample("recipe", 1)
	r.Archive, r.Status, r.Error, r.Drift, r.Warnings = history.Archive{}, run.StatusFailed, text.NewText("no \"route\"\n\xff"), optional.Value[float64]{}, nil
	for _, status := range []run.Status{run.StatusFailed, run.StatusCompleted, run.StatusRunning, run.StatusUnknown} {
		r.Status = status
		file, err := history.OpenAnswer(t.Context(), nil, r)
		if err != nil {
			t.Fatal(err)
		}
		got, err := read.Open(file, read.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got.Run.ID != r.ID || got.Run.Status() != status || got.Run.Error.IsEmpty() || got.Run.Items != r.Items || got.Run.Drift().Known() || got.Run.Warnings().Known() {
			t.Errorf("%v: %+v", status, got.Run)
		}
	}
}

func TestAnswerOfADamagedArchiveHasWhatWasBefore(t *testing.T) {
	broken := errors.New("broken")
	r := storetest.Sample("recipe", 1)
	r.Archive.Pages = []int{2}
	file, err := history.OpenAnswer(t.Context(), &memory{items: io.MultiReader(strings.NewReader("1\n2\n"), iotest.ErrReader(broken))}, r)
	if err != nil {
		t.Fatal(err)
	}
	got, err := read.Open(file, read.Options{})
	if !errors.Is(err, broken) || got.Items.Len() == 0 || got.Run.ID != r.ID {
		t.Errorf("%d items of %+v, %v", got.Items.Len(), got.Run, err)
	}
}
