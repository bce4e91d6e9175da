package ui

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"

	"sbwatch/files"
	"sbwatch/model/item"
	"sbwatch/model/text"
	"sbwatch/model/watch"
	"sbwatch/ui/widget/table"
	"sbwatch/work"
)

// does presses keys one after the other and runs all resulting commands before the next key.
func (s *stage) does(keys ...string) *stage {
	for _, k := range keys {
		_, cmd := s.Update(keyPress(k))
		s.follow(cmd)
	}
	return s
}

// inNoTime runs a test in a bubble of testing/synctest, so that commands that wait take no real time.
func inNoTime(t *testing.T, test func(*testing.T)) {
	t.Helper()
	synctest.Test(t, test)
}

// types types a text.
func (s *stage) types(text string) *stage {
	for _, r := range text {
		s.does(string(r))
	}
	return s
}

// follow runs a command, and the commands that follow from its messages.
func (s *stage) follow(cmd tea.Cmd) *stage {
	for _, msg := range messagesOf(cmd) {
		_, next := s.Update(msg)
		s.follow(next)
	}
	return s
}

// shows returns the numbers, starting at 1, of the items in the table's rows.
func (s *stage) shows() []int {
	var numbers []int
	for row := range s.table().Len() {
		numbers = append(numbers, s.table().Item(row)+1)
	}
	return numbers
}

// browses returns a dashboard that shows a completed run whose items have been profiled.
func browses(t testing.TB, w, h int, pages ...[]string) *stage {
	t.Helper()
	return browsesItems(w, h, itemsOf(t, pages...))
}

func browsesItems(w, h int, items item.Table) *stage {
	s := watchingWithService(w, h).at(time.Minute)
	cmd := s.update(polledMsg{answer: finished(result(0.07), items, time.Minute), fits: table.FitColumns(s.env.Painter, items, table.FitItems)})
	return s.follow(cmd)
}

func watchingWithService(w, h int) *stage { return watchingWith(w, h, nil) }

func watchingWith(w, h int, layouts Layouts) *stage {
	return newStage(Config{
		Watch: watch.NewWatch(text.NewText("k7Xb9dRmQ2p")), Service: &fakeService{}, Exporter: &fakeExporter{}, Layouts: layouts,
	}, w, h)
}

// exporter returns the exporter of the dashboard.
func (s *stage) exporter() *fakeExporter {
	exporter, _ := s.config.Exporter.(*fakeExporter)
	return exporter
}

// fakeExporter records the exports it was asked to write.
type fakeExporter struct {
	there   bool // whether the file exists
	written []Export
	changes []string // returned by Write
	err     error    // returned by Write
}

func (*fakeExporter) Extensions() string     { return files.Endings() }
func (*fakeExporter) IsCSV(name string) bool { return strings.HasSuffix(name, ".csv") }

func (f *fakeExporter) Check(e Export) (bool, error) {
	if !strings.Contains(e.Name, ".") {
		return false, errors.New("the ending tells the format")
	}
	return f.there, nil
}

func (f *fakeExporter) Write(_ context.Context, e Export, progress *work.Progress) (Written, error) {
	progress.Add(1)
	if f.err != nil {
		return Written{}, f.err
	}
	f.written = append(f.written, e)
	return Written{Size: 212_000, Changes: f.changes}, nil
}

// catalogue returns the items of a small shop: prices as text, a missing key, nulls and nested values.
func catalogue() []string {
	return []string{
		`{"name":"Kettle","price":"$120.00","brand":"Acme","rating":4.5,"dims":{"w":10,"h":2}}`,
		`{"name":"Lamp","price":"$9.50","brand":"Søren","rating":null}`,
		`{"name":"acme anvil","price":"$1,020.00","brand":"Other","rating":3,"dims":{"h":7}}`,
		`{"name":"Chair","brand":"Acme","rating":4.5,"tags":["new","wood"]}`,
		`{"name":"Éclair","price":"","brand":"Acme","rating":1}`,
		`{"name":"Desk","price":"$99.99","brand":"\u00c9tat","rating":2.25}`,
	}
}

func TestSearchGoesFromMatchToMatch(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := browses(t, 100, 30, catalogue())
		s.does("/").types("acme")
		if frame := frameOf(t, s); !strings.Contains(frame, "/acme") || !strings.Contains(frame, "1 of 4") {
			t.Errorf("the search does not show:\n%s", frame)
		}
		s.does("enter")
		at := func(row, column int, why string) {
			t.Helper()
			if s.table().Row() != row || s.table().Column() != column {
				t.Errorf("%s: the cursor is at %d,%d, want %d,%d", why, s.table().Row(), s.table().Column(), row, column)
			}
		}
		at(0, 2, "the first match")
		s.does("n")
		at(2, 0, "the next match is in another column")
		s.does("n")
		at(3, 2, "and the next")
		s.does("N", "N")
		at(0, 2, "back again")
		s.does("N")
		at(4, 2, "round the end")
		if frame := frameOf(t, s); !strings.Contains(frame, "continued from the bottom") {
			t.Errorf("no message about wrapping around:\n%s", frame)
		}
		s.does("esc")
		if !s.search().IsEmpty() || s.table().Marker() != nil {
			t.Error("esc does not end the search")
		}
	})
}

func TestCancelingASearchLeavesNothing(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := browses(t, 100, 30, catalogue()).does("j")
		s.does("/").types("desk").does("esc")
		if s.table().Row() != 1 || !s.search().IsEmpty() {
			t.Errorf("the cursor is in row %d, the search is %q", s.table().Row(), s.search().Text())
		}
		s.does("/").types("re:[").does("enter")
		if frame := frameOf(t, s); !s.promptIsOpen() || !strings.Contains(frame, "unclosed [") {
			t.Errorf("a wrong expression is taken, or nothing is said of it:\n%s", frame)
		}
		s.does("esc").does("/").types("desk").does("enter", "/", "up")
		if got := s.prompt().Text(); got != "desk" {
			t.Errorf("the history has %q", got)
		}
	})
}

func TestAddingAndRemovingFilters(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := browses(t, 100, 30, catalogue())
		want := func(numbers ...int) {
			t.Helper()
			if got := s.shows(); !slices.Equal(got, numbers) {
				t.Errorf("items %v show, want %v", got, numbers)
			}
		}
		s.does("f").types("brand = Acme").does("enter")
		want(1, 4, 5)
		s.does("/").types("chair").does("enter", "&")
		want(4)
		if frame := frameOf(t, s); !strings.Contains(frame, "1 of 6 › brand = Acme › /chair/") {
			t.Errorf("the filters do not show:\n%s", frame)
		}
		s.does("esc")
		want(1, 4, 5)
		if s.table().Item(s.table().Row()) != 3 {
			t.Errorf("the cursor left its item for item %d", s.table().Item(s.table().Row())+1)
		}
		s.does("f").types("rating > 4").does("enter")
		want(1, 4)
		s.does("F", "down", "delete")
		if len(s.run.Items().Filters()) != 1 || s.run.Items().Filters()[0].Title() != "rating > 4" {
			t.Errorf("wrong filter removed; left: %v", s.run.Items().Filters())
		}
		want(1, 4)
		s.does("esc")
		want(1, 2, 3, 4, 5, 6)
	})
}

func TestAFilterThatIsWrongSaysWhere(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := browses(t, 100, 30, catalogue())
		for text, word := range map[string]string{"prise > 20": "prise", "price > > 3": ">", "(price > 3": "("} {
			s.does("f").types(text).does("enter")
			problem, span := s.prompt().Problem()
			wrong := s.prompt().Text()[span.From:span.To]
			if !s.promptIsOpen() || problem == "" || !strings.Contains(wrong, word) && wrong != "" {
				t.Errorf("%q: said %q of %q", text, problem, wrong)
			}
			if frame := frameOf(t, s); !strings.Contains(frame, s.env.Painter.Cut(problem, 60)) {
				t.Errorf("%q is not said to be wrong:\n%s", text, frame)
			}
			s.does("esc")
		}
		if len(s.run.Items().Filters()) != 0 {
			t.Error("a wrong filter was taken")
		}
	})
}

func TestCompletionOfAFilter(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := browses(t, 100, 30, catalogue())
		s.does("f").types("bra")
		if frame := frameOf(t, s); !strings.Contains(frame, "brand") {
			t.Fatalf("no completion shows:\n%s", frame)
		}
		s.does("tab")
		if got := s.prompt().Text(); !strings.HasPrefix(got, "brand") {
			t.Errorf("tab makes %q", got)
		}
	})
}

func TestSorting(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := browses(t, 100, 30, catalogue()).does("l", "j", "j")
		want := func(numbers ...int) {
			t.Helper()
			if got := s.shows(); !slices.Equal(got, numbers) {
				t.Errorf("items %v show, want %v", got, numbers)
			}
		}
		s.does("s")
		want(2, 6, 1, 3, 5, 4)
		if s.table().Row() != 0 || s.table().Column() != 1 {
			t.Errorf("the cursor went to %d,%d", s.table().Row(), s.table().Column())
		}
		if frame := frameOf(t, s); !strings.Contains(frame, "price ↑") {
			t.Errorf("the header does not tell the order:\n%s", frame)
		}
		s.does("s")
		want(3, 1, 6, 2, 5, 4)
		s.does("l", "s", "h", "S")
		want(1, 5, 4, 3, 2, 6)
		if frame := frameOf(t, s); !strings.Contains(frame, "bran↑1") || !strings.Contains(frame, "price ↑2") {
			t.Errorf("the headers do not tell the order:\n%s", frame)
		}
		s.does("esc")
		want(1, 4, 5, 3, 2, 6)
		s.does("esc")
		want(1, 2, 3, 4, 5, 6)
	})
}

func TestEmptyCellsAreFound(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := browses(t, 100, 30, catalogue()).does("l", "}")
		if s.table().Row() != 3 {
			t.Errorf("the first empty price is in row %d", s.table().Row())
		}
		s.does("}")
		if s.table().Row() != 4 {
			t.Errorf("the next empty price is in row %d", s.table().Row())
		}
		s.does("}", "{")
		if s.table().Row() != 3 {
			t.Errorf("the empty price before is in row %d", s.table().Row())
		}
	})
}

func TestFiltersStayWhileItemsArrive(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		whole := itemsOf(t, catalogue())
		s := watchingWithService(100, 30).at(time.Second)
		cmd := s.update(receivingMsg{poll: s.watcher.polls, items: itemsOf(t, catalogue()[:3]), fits: table.FitColumns(s.env.Painter, whole, table.FitItems), from: closedItems()})
		s.follow(cmd).does("f").types("brand = Acme").does("enter")
		if got := s.shows(); !slices.Equal(got, []int{1}) {
			t.Errorf("items %v show while more arrive", got)
		}
		cmd = s.update(polledMsg{answer: finished(result(0), whole, time.Minute), fits: table.FitColumns(s.env.Painter, whole, table.FitItems)})
		if got := s.follow(cmd).shows(); !slices.Equal(got, []int{1, 4, 5}) {
			t.Errorf("items %v show when all have come", got)
		}
	})
}

func TestAMatchShowsWhereverInACellItStands(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		row := func(before int) string {
			return fmt.Sprintf(`{"text":%q}`, strings.Repeat("word ", before)+"needle"+strings.Repeat(" rest", 9000))
		}
		for _, before := range []int{0, 2, 90, 2000, 9000} {
			s := browses(t, 80, 24, []string{row(before)}).does("/").types("needle").does("enter")
			if frame := frameOf(t, s); !strings.Contains(frame, "needle") || !strings.Contains(frame, "1 of 1") {
				t.Errorf("the match behind %d words does not show:\n%s", before, frame)
			}
			s.does("enter")
			if frame := frameOf(t, s); !strings.Contains(strings.SplitN(frame, "/needle/", 2)[0], "needle") {
				t.Errorf("behind %d words it does not show in the open item:\n%s", before, frame)
			}
		}
	})
}

func TestSearchWithinAnOpenItem(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		text := strings.Repeat("line\\n", 100) + "here\\n" + strings.Repeat("line\\n", 100) + "here"
		s := browses(t, 80, 24, []string{`{"text":"` + text + `"}`, `{"text":"here too"}`}).does("enter", "/").types("here").does("enter")
		first := s.itemText().Top()
		s.does("n")
		if second := s.itemText().Top(); first == 0 || second <= first || s.itemRow() != 0 {
			t.Errorf("the item is scrolled to %d, then %d, of row %d", first, second, s.itemRow())
		}
		s.does("n")
		if s.itemRow() != 1 || !s.itemIsOpen() {
			t.Errorf("behind the last match the item of row %d is open", s.itemRow())
		}
	})
}

func TestCancelingASearchRestoresThePreviousOne(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := browses(t, 100, 30, catalogue()).does("/").types("acme").does("enter", "/").types("lamp").does("esc")
		if got := s.search().Text(); got != "acme" || s.table().Row() != 0 || !s.searchIsDone() {
			t.Errorf("the search is %q, in row %d", got, s.table().Row())
		}
	})
}

func TestTheNewestFilterAlwaysShows(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := browses(t, 60, 20, catalogue())
		for _, filter := range []string{"not name = nothing_at_all", "not brand = nothing_else", "rating?"} {
			s.does("f").types(filter).does("enter")
		}
		if frame := frameOf(t, s); !strings.Contains(frame, "› rating?") {
			t.Errorf("the newest filter does not show:\n%s", frame)
		}
	})
}

func TestGoingToTheNextCellWithAValue(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := browses(t, 100, 30, catalogue()).does("l", "l", "l", "l", "l", ">")
		if s.table().Row() != 3 {
			t.Errorf("> goes to row %d, want that of the only item with tags", s.table().Row())
		}
		if s.does(">"); !strings.Contains(frameOf(t, s), "no other cell with a value in that direction") {
			t.Error("nothing says that there is no other")
		}
		if s.does("h", "<"); s.table().Row() != 2 {
			t.Errorf("< goes to row %d, want the previous item with dims", s.table().Row())
		}
	})
}

func TestEditingAFilter(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := browses(t, 100, 30, catalogue()).does("f").types("brand = Acme").does("enter", "f").types("rating > 4").does("enter")
		titles := func() string {
			var titles []string
			for _, f := range s.run.Items().Filters() {
				titles = append(titles, f.Title())
			}
			return strings.Join(titles, " & ")
		}
		s.does("F", "enter").types("0")
		if prompt, isOpen := s.run.Items().Prompt(); !isOpen || prompt.Text() != "rating > 40" {
			t.Fatalf("the prompt has %q", prompt.Text())
		}
		if frame := frameOf(t, s); !strings.Contains(frame, "no items match") {
			t.Errorf("the prompt does not count the matches:\n%s", frame)
		}
		if s.does("esc"); titles() != "brand = Acme & rating > 4" {
			t.Errorf("after esc the filters are %s", titles())
		}
		s.does("F", "enter", "ctrl+u").types("rating < 4")
		if frame := frameOf(t, s); !strings.Contains(frame, "1 of 6 items") {
			t.Errorf("the prompt does not count the matches:\n%s", frame)
		}
		if s.does("enter"); titles() != "brand = Acme & rating < 4" {
			t.Errorf("after editing the filters are %s", titles())
		}
		if got := s.shows(); !slices.Equal(got, []int{5}) {
			t.Errorf("items %v show", got)
		}
		if s.does("esc", "F", "ctrl+u", "enter"); titles() != "" {
			t.Errorf("without text the filter is %s", titles())
		}
	})
}

func TestADoubtfulFilterWarnsOnce(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := browses(t, 100, 30, catalogue()).does("f").types("price > abc")
		if frame := frameOf(t, s); !strings.Contains(frame, "abc is not a number, but price has numbers") {
			t.Errorf("nothing warns:\n%s", frame)
		}
		if s.does("enter"); len(s.run.Items().Filters()) != 0 || !strings.Contains(frameOf(t, s), "price has numbers: press Enter again to apply it") {
			t.Errorf("Enter does not ask:\n%s", frameOf(t, s))
		}
		if s.does("enter"); len(s.run.Items().Filters()) != 1 {
			t.Error("Enter again does not filter")
		}
	})
}

func TestFiltersFromACell(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := browses(t, 100, 40, catalogue()).does("l", "l", "v")
		if got := s.shows(); !slices.Equal(got, []int{1, 4, 5}) {
			t.Errorf("with Acme items %v show", got)
		}
		s.does("l", "x")
		if got := s.shows(); !slices.Equal(got, []int{5}) {
			t.Errorf("without the rating items %v show", got)
		}
		if frame := frameOf(t, s); !strings.Contains(frame, "brand = Acme › rating != 4.5") {
			t.Errorf("the filters are not named:\n%s", frame)
		}
		s.does("esc", "esc", "j", "l", "v")
		if got := s.shows(); !slices.Equal(got, []int{2, 4, 5, 6}) {
			t.Errorf("with a missing key items %v show", got)
		}
		s.does("esc", "h", "i")
		if line, isOpen := s.run.Columns().SelectedDetail(); s.run.Tab() != "columns" || !isOpen || !strings.Contains(line, "rating") {
			t.Errorf("i shows %q in %s", line, s.run.Tab())
		}
	})
}

func TestANextMatchIsInAnotherRow(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := browses(t, 100, 30, []string{
			`{"a":"red","b":"red","c":"x"}`, `{"a":"x","b":"red","c":"red"}`, `{"a":"x","b":"x","c":"red"}`,
		}).does("l", "/").types("red").does("enter")
		for i, want := range [][2]int{{0, 1}, {1, 1}, {2, 2}, {0, 0}} {
			if got := [2]int{s.table().Row(), s.table().Column()}; i < 3 && got != want {
				t.Errorf("match %d is at %v, want %v", i+1, got, want)
			}
			if frame := frameOf(t, s); !strings.Contains(frame, fmt.Sprintf("%d of 3", i%3+1)) {
				t.Errorf("match %d is not counted:\n%s", i+1, frame)
			}
			s.does("n")
		}
	})
}

// On 24 lines, a filter takes a line from the notices. Their only line then says how many more notices there are.
func TestNoticesAreFoldedForAFilter(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		items := shop(t)
		s := watchingWithService(80, 24).at(time.Minute)
		s.follow(s.update(polledMsg{answer: finished(result(0.61, "page 3: no price"), items, time.Minute), fits: table.FitColumns(s.env.Painter, items, table.FitItems)}))
		before := frameOf(t, s)
		if strings.Contains(before, " more") || !strings.Contains(before, "page 3: no price") {
			t.Fatalf("want two notices:\n%s", before)
		}
		s.does("f").types("name?").does("enter")
		if after := frameOf(t, s); !strings.Contains(after, "+1 more") || strings.Contains(after, "page 3: no price") {
			t.Errorf("the notices are not folded:\n%s", after)
		}
	})
}
