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

	"sbwatch/model"
	"sbwatch/model/profile"
	"sbwatch/work"
)

// does presses keys, one after the other, and lets all commands that come of them do their work before the next.
func (s *stage) does(keys ...string) *stage {
	for _, k := range keys {
		_, cmd := s.Update(keyPress(k))
		s.follow(cmd)
	}
	return s
}

// inNoTime runs a test whose commands may wait: time passes by itself.
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

// follow runs a command, and all that come of what it brings.
func (s *stage) follow(cmd tea.Cmd) *stage {
	for _, msg := range messagesOf(cmd) {
		_, next := s.Update(msg)
		s.follow(next)
	}
	return s
}

// shows are the numbers, from 1, of the items in the table's rows.
func (s *stage) shows() []int {
	var numbers []int
	for row := range s.table.len() {
		numbers = append(numbers, s.table.item(row)+1)
	}
	return numbers
}

// browses is a completed run whose items were looked at.
func browses(t testing.TB, w, h int, pages ...[]string) *stage {
	t.Helper()
	return browsesItems(w, h, itemsOf(t, pages...))
}

func browsesItems(w, h int, items model.Items) *stage {
	s := watchingWithService(w, h).at(time.Minute)
	_, cmd := s.Update(polledMsg{answer: finished(result(0.07), items, time.Minute), fits: fitColumns(s.look, items, fitItems)})
	return s.follow(cmd)
}

func watchingWithService(w, h int) *stage {
	return newStage(Config{Watch: model.NewWatch(model.NewText("k7Xb9dRmQ2p")), Service: &fakeService{}, Exporter: &fakeExporter{}}, w, h)
}

// fakeExporter notes what it was asked to write.
type fakeExporter struct {
	there   bool // the file
	written []Export
}

func (f *fakeExporter) Check(e Export) (bool, error) {
	if !strings.Contains(e.Name, ".") {
		return false, errors.New("the ending tells the format")
	}
	return f.there, nil
}

func (f *fakeExporter) Write(_ context.Context, e Export, progress *work.Progress) (int64, error) {
	progress.Add(1)
	f.written = append(f.written, e)
	return 212_000, nil
}

// catalogue is a small shop's: prices in texts, a key that is missing, nulls, nested values.
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
			if s.table.row != row || s.table.column != column {
				t.Errorf("%s: the cursor is at %d,%d, want %d,%d", why, s.table.row, s.table.column, row, column)
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
		if frame := frameOf(t, s); !strings.Contains(frame, "from the end again") {
			t.Errorf("nothing says that it went round the end:\n%s", frame)
		}
		s.does("esc")
		if !s.find.search.IsEmpty() || s.table.marks != nil {
			t.Error("esc does not end the search")
		}
	})
}

func TestSearchThatIsGivenUpLeavesNothing(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := browses(t, 100, 30, catalogue()).does("j")
		s.does("/").types("desk").does("esc")
		if s.table.row != 1 || !s.find.search.IsEmpty() {
			t.Errorf("the cursor is in row %d, the search is %q", s.table.row, s.find.search.Text())
		}
		s.does("/").types("re:[").does("enter")
		if frame := frameOf(t, s); !s.prompt.open() || !strings.Contains(frame, "without ]") {
			t.Errorf("a wrong expression is taken, or nothing is said of it:\n%s", frame)
		}
		s.does("esc").does("/").types("desk").does("enter", "/", "up")
		if got := s.prompt.text(); got != "desk" {
			t.Errorf("the history has %q", got)
		}
	})
}

func TestFiltersStackAndAreLifted(t *testing.T) {
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
		if s.table.item(s.table.row) != 3 {
			t.Errorf("the cursor left its item for item %d", s.table.item(s.table.row)+1)
		}
		s.does("f").types("rating > 4").does("enter")
		want(1, 4)
		s.does("F", "down", "enter")
		if len(s.find.filters) != 1 || s.find.filters[0].Title() != "rating > 4" {
			t.Errorf("another filter was lifted; left: %v", s.find.filters)
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
			wrong := s.prompt.text()[s.prompt.wrongFrom:s.prompt.wrongTo]
			if !s.prompt.open() || s.prompt.wrong == "" || !strings.Contains(wrong, word) && wrong != "" {
				t.Errorf("%q: said %q of %q", text, s.prompt.wrong, wrong)
			}
			if frame := frameOf(t, s); !strings.Contains(frame, s.look.cut(s.prompt.wrong, 60)) {
				t.Errorf("%q is not said to be wrong:\n%s", text, frame)
			}
			s.does("esc")
		}
		if len(s.find.filters) != 0 {
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
		if got := s.prompt.text(); !strings.HasPrefix(got, "brand") {
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
		if s.table.row != 0 || s.table.column != 1 {
			t.Errorf("the cursor went to %d,%d", s.table.row, s.table.column)
		}
		if frame := frameOf(t, s); !strings.Contains(frame, "price ↑") {
			t.Errorf("the header does not tell the order:\n%s", frame)
		}
		s.does("s")
		want(3, 1, 6, 2, 5, 4)
		s.does("l", "s", "h", "S")
		want(1, 5, 4, 3, 2, 6)
		if frame := frameOf(t, s); !strings.Contains(frame, "brand ↑1") || !strings.Contains(frame, "price ↑2") {
			t.Errorf("the headers do not tell the order:\n%s", frame)
		}
		s.does("esc")
		want(1, 2, 3, 4, 5, 6)
	})
}

func TestColumnsAreLaidOut(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := browses(t, 120, 30, catalogue())
		names := func() string {
			var names []string
			for _, path := range s.table.columns.paths() {
				names = append(names, path.Name().Raw())
			}
			return strings.Join(names, " ")
		}
		want := func(after, columns string) {
			t.Helper()
			if got := names(); got != columns {
				t.Errorf("after %s the columns are %q, want %q", after, got, columns)
			}
		}
		s.does("l", "-")
		want("hiding", "name brand rating dims tags")
		s.does("=")
		want("showing", "name price brand rating dims tags")
		s.does("L")
		want("moving right", "name brand price rating dims tags")
		s.does("H", "H")
		want("moving left twice", "price name brand rating dims tags")
		s.does("c").types("dim").does("enter")
		if path := s.table.path(); path != model.PathOf("dims") {
			t.Errorf("c went to %q", path.Name())
		}
		s.does("(")
		want("opening", "price name brand rating dims.w dims.h tags")
		if frame := frameOf(t, s); !strings.Contains(frame, "dims.w") {
			t.Errorf("the parts do not show:\n%s", frame)
		}
		s.does("l", ")")
		want("closing", "price name brand rating dims tags")
		s.does("0", "l", "z", "$")
		if s.table.columns.frozen != 2 || !strings.Contains(frameOf(t, s), "│") {
			t.Error("no column is frozen")
		}
		s.does("0", "-", "-", "-", "-", "-", "-")
		want("hiding all", "tags")
		s.does("=", "enter")
		want("showing all", "price name brand rating dims tags")
	})
}

func TestEmptyCellsAreFound(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := browses(t, 100, 30, catalogue()).does("l", "}")
		if s.table.row != 3 {
			t.Errorf("the first empty price is in row %d", s.table.row)
		}
		s.does("}")
		if s.table.row != 4 {
			t.Errorf("the next empty price is in row %d", s.table.row)
		}
		s.does("}", "{")
		if s.table.row != 3 {
			t.Errorf("the empty price before is in row %d", s.table.row)
		}
	})
}

func TestFiltersStayWhileItemsArrive(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		whole := itemsOf(t, catalogue())
		s := watchingWithService(100, 30).at(time.Second)
		_, cmd := s.Update(receivingMsg{poll: s.polls, items: itemsOf(t, catalogue()[:3]), fits: fitColumns(s.look, whole, fitItems), from: closedItems()})
		s.follow(cmd).does("f").types("brand = Acme").does("enter")
		if got := s.shows(); !slices.Equal(got, []int{1}) {
			t.Errorf("items %v show while more arrive", got)
		}
		_, cmd = s.Update(polledMsg{answer: finished(result(0), whole, time.Minute), fits: fitColumns(s.look, whole, fitItems)})
		if got := s.follow(cmd).shows(); !slices.Equal(got, []int{1, 4, 5}) {
			t.Errorf("items %v show when all have come", got)
		}
	})
}

func TestFromFindingsToItems(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		var pages [][]string
		for page := range 6 {
			var rows []string
			for i := range 10 {
				price := fmt.Sprintf(`,"price":"$%d.50"`, 10*page+i)
				if page >= 3 {
					price = ""
				}
				rows = append(rows, fmt.Sprintf(`{"sku":"S%d","brand":"B%d"%s}`, 10*page+i, i%3, price))
			}
			pages = append(pages, rows)
		}
		pages[4] = append(pages[4], pages[4][0], pages[4][0])
		s := browses(t, 120, 40, pages...)
		if frame := frameOf(t, s); !strings.Contains(frame, "✗ price is missing from page 4 on") {
			t.Errorf("the column that stops is not told above the table:\n%s", frame)
		}
		s.does("2", "enter")
		if n := s.table.len(); s.tab != tabItems || n != 32 || s.table.item(0) != 30 {
			t.Errorf("on tab %d %d items without a price show", s.tab, n)
		}
		s.does("esc", "3", "j", "j", "enter")
		if got := s.shows(); len(got) != 10 || got[0] != 21 {
			t.Errorf("of page 3 the items %v show", got)
		}
		s.does("esc", "2")
		for f := s.judge.entries[s.judge.columns.at].finding; f == nil || f.Kind != profile.DuplicateItems; f = s.judge.entries[s.judge.columns.at].finding {
			s.does("j")
		}
		s.does("enter")
		if !s.judge.detail.open {
			t.Fatal("the duplicates do not open")
		}
		s.does("enter")
		if got := s.shows(); !slices.Equal(got, []int{41, 51, 52}) {
			t.Errorf("of the duplicates the items %v show", got)
		}
	})
}

func TestFromAValueToItsItems(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := browses(t, 100, 40, catalogue()).does("2")
		for {
			e := s.judge.entries[s.judge.columns.at]
			if e.finding == nil && s.judge.profile.Columns[e.column].Place.String() == "brand" {
				break
			}
			s.does("j")
		}
		s.does("l")
		for !strings.HasPrefix(s.judge.detail.lines[s.judge.detail.list.at].text, "Acme") {
			s.does("j")
		}
		s.does("enter")
		if got := s.shows(); !slices.Equal(got, []int{1, 4, 5}) {
			t.Errorf("items %v show for the brand Acme", got)
		}
		if path := s.table.path(); path != model.PathOf("brand") {
			t.Errorf("the cursor is in column %q", path.Name())
		}
	})
}

func TestAMarkedKeyTellsItsDuplicates(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := browses(t, 100, 30, []string{`{"sku":"a","n":1}`, `{"sku":"b","n":2}`, `{"sku":"a","n":3}`}).does("!")
		if frame := frameOf(t, s); !strings.Contains(frame, "2 items share theirs with another") {
			t.Errorf("nothing says that the key is none:\n%s", frame)
		}
		s.does("2", "enter", "j", "enter")
		if got := s.shows(); !slices.Equal(got, []int{1, 3}) {
			t.Errorf("items %v show for the key", got)
		}
	})
}

func TestExporting(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := browses(t, 100, 30, catalogue())
		exporter := new(fakeExporter)
		s.config.Exporter = exporter
		s.does("l", "-", "f").types("brand = Acme").does("enter", "e").types("items").does("enter")
		if frame := frameOf(t, s); len(exporter.written) != 0 || !strings.Contains(frame, "the ending tells the format") {
			t.Fatalf("%d files written; the dialog:\n%s", len(exporter.written), frame)
		}
		s.types(".ndjson").does("enter")
		if len(exporter.written) != 1 {
			t.Fatalf("%d files written", len(exporter.written))
		}
		e := exporter.written[0]
		if e.Name != "items.ndjson" || !slices.Equal(e.Rows, []uint32{0, 3, 4}) || len(e.Columns) != 5 || e.Overwrite || e.CSVSafe {
			t.Errorf("written: %+v", e)
		}
		if frame := frameOf(t, s); !strings.Contains(frame, "wrote 3 items to items.ndjson (212 kB)") {
			t.Errorf("nothing says that the file was written:\n%s", frame)
		}
		exporter.there = true
		s.does("e", "down", "space", "down", "space", "enter")
		if frame := frameOf(t, s); len(exporter.written) != 1 || !strings.Contains(frame, "there is such a file") {
			t.Errorf("a file is written over without a question:\n%s", frame)
		}
		s.does("enter")
		if len(exporter.written) != 2 || !exporter.written[1].Overwrite || exporter.written[1].Rows != nil || exporter.written[1].Columns != nil {
			t.Errorf("written: %+v", exporter.written)
		}
		s.does("e", "esc")
		if s.export != nil || len(exporter.written) != 2 {
			t.Error("esc does not close the dialog")
		}
	})
}

// fakeLayouts remembers layouts for a test.
type fakeLayouts map[string]model.Layout

func (f fakeLayouts) Load(recipe string) (model.Layout, bool, error) {
	layout, known := f[recipe]
	return layout, known, nil
}

func (f fakeLayouts) Save(recipe string, layout model.Layout) error {
	f[recipe] = layout
	return nil
}

func TestTheLayoutIsThereInTheNextRun(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		layouts := fakeLayouts{}
		browse := func(rows ...string) *stage {
			s := watchingWithService(120, 30).at(time.Minute)
			s.config.Layouts = layouts
			items := itemsOf(t, rows)
			// The recipe is known, and its layout there, before any item is.
			_, cmd := s.Update(polledMsg{answer: runAnswer("running", 1, 3, 2)})
			s.follow(cmd)
			_, cmd = s.Update(polledMsg{answer: finished(result(0.07), items, time.Minute), fits: fitColumns(s.look, items, fitItems)})
			return s.follow(cmd)
		}
		names := func(s *stage) string {
			var names []string
			for _, path := range s.table.columns.paths() {
				names = append(names, path.Name().Raw())
			}
			return strings.Join(names, " ")
		}
		s := browse(catalogue()...)
		// Hide price, put rating first and freeze it, open dims, make brand the key.
		s.does("l", "-", "l", "H", "H", "z", "$", "h", "(", "0", "l", "l", "!", ".")
		want := names(s)
		if want != "rating name brand dims.w dims.h tags" {
			t.Fatalf("laid out: %s", want)
		}
		s.does("q")
		s = browse(catalogue()...)
		if got := names(s); got != want || s.table.columns.frozen != 1 || !s.table.hasKey || s.table.key != model.PathOf("brand") {
			t.Errorf("in the next run: %s, %d frozen, key %v", got, s.table.columns.frozen, s.table.key.Name())
		}
		if frame := frameOf(t, s); !strings.Contains(frame, "dims.w") {
			t.Errorf("the parts do not show:\n%s", frame)
		}
		if got := names(browse(`{"sku":1,"brand":"x","price":2}`)); got != "brand sku" {
			t.Errorf("with other columns: %s", got)
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
		first := s.item.scroll.offset
		s.does("n")
		if second := s.item.scroll.offset; first == 0 || second <= first || s.item.row != 0 {
			t.Errorf("the item is scrolled to %d, then %d, of row %d", first, second, s.item.row)
		}
		s.does("n")
		if s.item.row != 1 || !s.item.open {
			t.Errorf("behind the last match the item of row %d is open", s.item.row)
		}
	})
}

func TestASearchThatIsGivenUpGivesTheFormerBack(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := browses(t, 100, 30, catalogue()).does("/").types("acme").does("enter", "/").types("lamp").does("esc")
		if got := s.find.search.Text(); got != "acme" || s.table.row != 0 || !s.find.matched {
			t.Errorf("the search is %q, in row %d", got, s.table.row)
		}
	})
}

func TestNestedValuesOpenFromAnyRow(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := browses(t, 120, 30, catalogue()).does("j", "c").types("dims").does("enter", "(")
		if path := s.table.path(); path != model.PathOf("dims", "w") {
			t.Errorf("from a row without dims the cursor is in %q", path.Name())
		}
		s.does("0", "(")
		if frame := frameOf(t, s); !strings.Contains(frame, "no item has an object or a list") {
			t.Errorf("nothing says that there is nothing to open:\n%s", frame)
		}
	})
}

func TestColumnsAreFittedFrozenAndFound(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		long := strings.Repeat("abcdefghi ", 9)
		s := browses(t, 140, 30, []string{`{"id":1,"text":"` + long + `","b":2,"c":3}`, `{"id":2,"text":"short","b":2,"c":"` + long + `"}`})
		s.does("l", "_")
		if frame := frameOf(t, s); !strings.Contains(frame, long) {
			t.Errorf("the column is not as wide as what it holds:\n%s", frame)
		}
		s.does("_")
		if s.table.columns.at(1).width != 0 {
			t.Error("_ again does not give the usual width back")
		}
		s.does("_", "l", "l", "_", "z")
		if frame := frameOf(t, s); s.table.columns.frozen != 0 || !strings.Contains(frame, "no room for others") {
			t.Errorf("%d columns are frozen:\n%s", s.table.columns.frozen, frame)
		}
		s.does("0", "-", "c").types("id").does("enter")
		if path := s.table.path(); path != model.PathOf("id") {
			t.Errorf("c goes to %q, not to the hidden column", path.Name())
		}
	})
}

func TestColumnsAreFittedWhileItemsArrive(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := watchingWithService(100, 30).at(time.Second)
		arriving := make(chan model.Items, 3)
		rows := []string{`{"a":"x"}`}
		arriving <- itemsOf(t, rows)
		for i := range 40 {
			rows = append(rows, fmt.Sprintf(`{"a":"thing number %d"}`, i))
		}
		arriving <- itemsOf(t, rows)
		close(arriving)
		s.follow(receiveCmd(s.look, s.polls, arriving))
		if frame := frameOf(t, s); !strings.Contains(frame, "thing number 17") {
			t.Errorf("the column is as wide as its first item:\n%s", frame)
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

func TestAllColumnsOfPagesCanBeReached(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := browses(t, 60, 20, broken()...).does("3", "$")
		if frame := frameOf(t, s); !strings.Contains(frame, "7 of 7") {
			t.Errorf("the last column does not show:\n%s", frame)
		}
		s.does("0", "l")
		if s.judge.pageFrom != 1 {
			t.Errorf("the first column that shows is %d", s.judge.pageFrom)
		}
	})
}
