package raw

import (
	"maps"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/item"
	"sbwatch/model/search"
	"sbwatch/ui/screen"
	"sbwatch/ui/widget/tree"
)

// maxQuick is the maximum size, in bytes, of an answer of the service that Arrange lays out itself. For a larger answer,
// Deferred returns a tea.Cmd that lays it out.
const maxQuick = 64 << 10

// size returns the approximate size of the answer to lay out, in bytes.
func (t *Tab) size() int {
	size := len(t.root.Raw())
	if n := t.items.Len(); n > 0 && t.wanted.folds > 0 { // items may be open
		size += int(t.items.Memory() / int64(n) * int64(min(n, tree.MaxElided)))
	}
	return size
}

// Arrange lays out the tab for its area. If the service's answer is large, the command that [Tab.Deferred] returns lays
// it out later.
func (t *Tab) Arrange() {
	if t.envelope.IsEmpty() {
		return
	}
	t.wanted.envelope, t.wanted.items, t.wanted.width = t.envelope, t.items.Len(), t.area.Dx()
	t.wanted.query, t.wanted.styles = t.find.Query().Title(), t.env.Painter.Styles
	switch {
	case t.size() <= maxQuick:
		t.laying.Stop()
		v := t.value()
		t.show(laidMsg{key: t.wanted, folds: v.Folds, query: t.find.Query(), layout: v.Lay(t.env.Painter, t.area.Dx())})
	case t.laid == t.wanted:
		t.laying.Stop() // the layout in progress is not needed any more
		t.begun = t.wanted
		t.tree.Follow(t.area.Dy())
	case t.isShown():
		t.tree.Follow(t.area.Dy())
	}
}

// value returns the service's answer as a [tree.Value]. The result does not refer to the tab, so that a command can use
// it.
func (t *Tab) value() tree.Value {
	items := t.items
	v := tree.Value{
		Root: t.root, Folds: maps.Clone(t.folds), IsLiteral: t.root.Kind() != item.CellString,
		Elided: func(path item.Path, value item.Cell) []item.Cell { return elided(items, path, value) },
	}
	if query := t.find.Query(); !query.IsEmpty() {
		v.Marks = query.Spans
	}
	return v
}

func (t *Tab) show(msg laidMsg) {
	t.laid, t.laidFolds, t.laidQuery = msg.key, msg.folds, msg.query
	t.tree.SetLayout(msg.layout)
	t.tree.Follow(t.area.Dy())
}

// laidMsg has a layout of the answer of the service.
type laidMsg struct {
	generation int
	key        layoutKey
	folds      map[item.Path]bool
	query      search.Query
	layout     tree.Layout
}

// Deferred returns a command that lays out a large answer of the service, if the layout is outdated. Otherwise it
// returns nil.
func (t *Tab) Deferred() tea.Cmd {
	if t.envelope.IsEmpty() || t.laid == t.wanted || t.begun == t.wanted {
		return nil
	}
	return t.begin()
}

// begin returns the command that lays out the service's answer.
func (t *Tab) begin() tea.Cmd {
	ctx, progress, generation := t.laying.Begin(t.env.Env, "laying out")
	t.begun = t.wanted
	key, query, v, p := t.wanted, t.find.Query(), t.value(), t.env.Painter
	progress.Add(t.size())
	v.Next = func(bytes int) bool {
		progress.Done(bytes)
		return ctx.Err() == nil
	}
	return t.env.Cmd(func() tea.Msg {
		return screen.UnlessOver(ctx, laidMsg{generation, key, v.Folds, query, v.Lay(p, key.width)})
	})
}

// cancel cancels the layout in progress. It also undoes the search or the fold that required this layout, so that the
// tree is up to date again. If another change required the layout, such as a new width, the tab shows how to start the
// layout again.
func (t *Tab) cancel() {
	t.laying.Stop()
	if t.laid.envelope == t.envelope {
		t.folds = maps.Clone(t.laidFolds)
		t.find.Set(t.laidQuery, t.rows())
		t.wanted.folds, t.wanted.query = t.laid.folds, t.laid.query
	}
	t.begun = t.wanted
}

// isCanceled reports whether the tree is out of date because the user has canceled its new layout.
func (t *Tab) isCanceled() bool {
	return t.laid != t.wanted && t.begun == t.wanted && !t.laying.Runs()
}

// Update handles the results of the tab's commands.
func (t *Tab) Update(msg tea.Msg) {
	if msg, isLaid := msg.(laidMsg); isLaid && t.laying.Done(msg.generation) {
		t.show(msg)
		t.find.Refresh(t.rows())
	}
}

// Job returns the job that lays out a large answer of the service.
func (t *Tab) Job() *screen.Job { return &t.laying }
