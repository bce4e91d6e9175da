// Package raw implements the Raw tab, which shows the answer of the service as it was sent. The items of each page are
// folded at first.
package raw

import (
	"encoding/json"
	"image"
	"slices"
	"sort"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/item"
	"sbwatch/model/jsonscan"
	"sbwatch/model/search"
	"sbwatch/model/text"
	"sbwatch/theme"
	"sbwatch/ui/action"
	"sbwatch/ui/cursor"
	"sbwatch/ui/screen"
	"sbwatch/ui/widget/tree"
)

// Tab is the Raw tab of a run.
type Tab struct {
	env  screen.RunEnv
	area image.Rectangle

	envelope text.Text
	root     item.Cell // the answer without its items, as JSON
	items    item.Table
	folds    map[item.Path]bool
	tree     tree.Tree
	find     screen.Find

	laying screen.Job
	// laid is the layout that the tree shows now. wanted is the layout that the tree must show. begun is the layout
	// whose computation was started last.
	laid, wanted, begun layoutKey
	// laidFolds and laidQuery are the folds and the search of the layout that the tree shows now.
	laidFolds map[item.Path]bool
	laidQuery search.Query
}

// layoutKey has everything that the layout of the service's answer depends on.
type layoutKey struct {
	envelope text.Text
	items    int
	width    int
	folds    int // number of changes of folds
	query    string
	styles   *theme.Styles
}

// New returns the tab for a run.
func New(env screen.RunEnv) Tab { return Tab{env: env, folds: map[item.Path]bool{}} }

// SetAnswer sets the answer to show. envelope is the answer without its items.
func (t *Tab) SetAnswer(envelope text.Text, items item.Table) {
	t.items = items
	if envelope == t.envelope {
		return
	}
	t.envelope = envelope
	content := []byte(envelope.Raw())
	if n, err := jsonscan.Value(content); err != nil || n != len(content) {
		content, _ = json.Marshal(envelope.Raw()) // a string can always be marshaled
	}
	t.root = item.NewCell(content)
}

// SetArea sets the area that the tab draws in.
func (t *Tab) SetArea(area image.Rectangle) { t.area = area }

// elided returns the items that value stands for, such as the items of a page for the text "9 items". It returns at
// most tree.MaxElided items, and nil if value does not stand for items.
func elided(items item.Table, path item.Path, value item.Cell) []item.Cell {
	from, end, isElided := elidedRows(items, path, value)
	if !isElided {
		return nil
	}
	cells := make([]item.Cell, min(end-from, tree.MaxElided))
	for i := range cells {
		cells[i] = items.Item(from + i)
	}
	return cells
}

// elidedRows returns the range [from, end) of the items that value stands for. A text such as "9 items" stands for the
// items of one page, or for all items. isElided is false if value is not such a text, or if its number differs from the
// number of items in the range.
func elidedRows(items item.Table, path item.Path, value item.Cell) (from, end int, isElided bool) {
	if value.Kind() != item.CellString || len(value.Raw()) > len(`"1,000,000,000 items"`) {
		return 0, 0, false
	}
	number, _, found := strings.Cut(value.Text().Raw(), " item")
	n, err := strconv.Atoi(strings.ReplaceAll(number, ",", ""))
	if !found || err != nil || n < 0 {
		return 0, 0, false
	}
	from, end = 0, items.Len()
	if keys := slices.Collect(path.Keys()); len(keys) >= 3 && keys[len(keys)-3] == "pages" {
		page, err := strconv.Atoi(keys[len(keys)-2])
		if err != nil {
			return 0, 0, false
		}
		from = sort.Search(end, func(row int) bool { return items.Page(row) > page })
		end = sort.Search(end, func(row int) bool { return items.Page(row) > page+1 })
	}
	return from, end, end-from == n
}

// maxCopied is the maximum size of a list of items that can be copied, in bytes.
const maxCopied = 8 << 20

// copy copies a value as it was sent. A text is copied without quotes and escapes.
func (t *Tab) copy(f tree.Field) tea.Cmd {
	from, end, isElided := elidedRows(t.items, f.Path, f.Value)
	if !isElided {
		return screen.Copy(t.env.Env, "", f.Value.Text().Raw())
	}
	content := []byte{'['}
	for row := from; row < end; row++ {
		if row > from {
			content = append(content, ',')
		}
		if content = append(content, t.items.Item(row).Raw()...); len(content) > maxCopied {
			return t.env.Say("too many items to copy: press e in the Items tab to export them")
		}
	}
	return screen.Copy(t.env.Env, text.Counted(int64(end-from), "item")+" as JSON", string(append(content, ']')))
}

// Actions lists the available actions.
func (t *Tab) Actions() action.Table {
	f, known := t.tree.Field()
	known = known && t.isShown()
	isNested := known && f.IsNested
	one := func(id string, group action.Group, title string, keys []string, rank int, enabled bool, run func() tea.Cmd) action.Action {
		return action.Action{ID: "raw." + id, Group: group, Title: title, Keys: keys, Rank: rank, Enabled: enabled, Run: run}
	}
	open := action.Do(func() { t.fold(f, false) })
	table := append(action.Moves(t.move, known, false),
		one("open", action.GroupView, "open", []string{"enter"}, 2, isNested && !f.IsOpen, open),
		one("show", action.GroupView, "show the answer", []string{"enter"}, 2, !t.isShown() && !t.laying.Runs() && !t.envelope.IsEmpty(), t.begin),
		one("open-also", action.GroupView, "open", []string{"l", "right", "("}, 0, isNested && !f.IsOpen, open),
		one("fold", action.GroupView, "fold", []string{"enter"}, 2, isNested && f.IsOpen, action.Do(func() { t.fold(f, true) })),
		one("fold-parent", action.GroupView, "fold", []string{"h", "left", ")"}, 0, known, action.Do(func() { t.foldParent(f) })),
		one("copy", action.GroupExport, "copy", []string{"y"}, 11, known, func() tea.Cmd { return t.copy(f) }),
		one("copy-all", action.GroupExport, "copy the answer", []string{"Y"}, 12, known, func() tea.Cmd {
			return screen.Copy(t.env.Env, "the answer without its items", t.envelope.Raw())
		}),
	)
	return append(table, t.find.Actions(t.env.Env, t.rows, known)...)
}

// fold folds a field, or opens it if isFolded is false.
func (t *Tab) fold(f tree.Field, isFolded bool) {
	t.folds[f.Path] = isFolded
	t.wanted.folds++
	t.Arrange()
	t.find.Refresh(t.rows())
}

// foldParent folds an open field. If the field is not open, foldParent folds the field that contains it.
func (t *Tab) foldParent(f tree.Field) {
	path := f.Path
	if !f.IsOpen {
		if path.Depth() == 0 {
			return
		}
		path = path.Parent()
	}
	if i, found := t.tree.Find(path); found {
		t.tree.Select(i, t.area.Dy())
		container, _ := t.tree.At(i)
		t.fold(container, true)
	}
}

// rows returns the fields that can be searched. A folded field matches if a field inside it matches.
func (t *Tab) rows() screen.FindIn {
	return screen.FindIn{
		Len: t.tree.Len(), Cursor: t.tree.Cursor(),
		Matches: func(row int, q search.Query) bool {
			f, name := t.tree.At(row)
			if len(q.Spans(name)) > 0 || f.IsNested && f.IsOpen {
				return len(q.Spans(name)) > 0
			}
			contains := func(value item.Cell) bool { return len(q.Spans(string(value.Raw()))) > 0 }
			return contains(f.Value) || slices.ContainsFunc(elided(t.items, f.Path, f.Value), contains)
		},
		Select: func(row int) {
			t.tree.Select(row, t.area.Dy())
			t.Arrange() // lays out the highlights
		},
	}
}

// Back returns what Esc does next in the tab: it cancels a layout in progress or clears the search. It returns false if
// there is neither.
func (t *Tab) Back() (screen.Step, bool) {
	if t.laying.Runs() {
		return screen.Step{Title: "cancel", Run: action.Do(t.cancel)}, true
	}
	step, can := t.find.Back()
	clearing := step.Run
	step.Run = func() tea.Cmd {
		cmd := clearing()
		t.Arrange()
		return cmd
	}
	return step, can
}

func (t *Tab) move(m cursor.Move) tea.Cmd {
	t.tree.Move(m, t.area.Dy())
	return nil
}

// View draws the tab.
func (t *Tab) View() []string {
	p := t.env.Painter
	if t.envelope.IsEmpty() {
		return []string{"", p.Muted.Render(p.Cut("no answer from the service yet", t.area.Dx()))}
	}
	switch {
	case t.isShown():
		return t.tree.View(p, t.area.Dy(), true)
	case t.laying.Runs():
		return []string{"", p.Muted.Render(p.Cut("laying out "+screen.BytesText(t.size())+" …", t.area.Dx()))}
	default:
		return []string{"", p.Muted.Render(p.Cut("canceled: enter shows the answer ("+screen.BytesText(t.size())+")", t.area.Dx()))}
	}
}

// isShown reports whether the tree shows the current answer at the current width.
func (t *Tab) isShown() bool {
	return t.laid.envelope == t.envelope && t.laid.width == t.area.Dx() && !t.isCanceled()
}

// Position returns the position of the cursor for the footer. During a search, it also returns the position among the
// matches.
func (t *Tab) Position() string {
	if !t.isShown() {
		return ""
	}
	if count := t.find.Count(t.env.Painter, t.tree.Cursor()); count != "" {
		return count + " · " + t.tree.Position()
	}
	return t.tree.Position()
}
