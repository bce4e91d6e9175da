package ui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model"
	"sbwatch/ui/screen"
)

// The layout of a recipe's columns is remembered for its next run.

// Layouts remembers how the columns of recipes' items are laid out. It is asked by commands, and may take its time.
type Layouts interface {
	Load(recipe string) (model.Layout, bool, error)
	// Save remembers a layout; the zero layout is forgotten.
	Save(recipe string, layout model.Layout) error
}

// remembered is what the dashboard knows of the layout that was remembered.
type remembered struct {
	asked bool // for it
	// waiting is a layout for items that have not come yet.
	waiting model.Optional[model.Layout]
	changes int // the generation of what the user has laid out
	saved   int // the generation that was saved
}

// layoutMsg is the layout that was remembered.
type layoutMsg struct {
	layout model.Layout
	known  bool
	err    error
}

// askLayout asks for the layout of the recipe, once, when the recipe is known.
func (t *itemsTab) askLayout() tea.Cmd {
	recipe, layouts := t.names.recipe, t.config.Layouts
	if t.remembered.asked || recipe.IsEmpty() || layouts == nil {
		return nil
	}
	t.remembered.asked = true
	return t.env.Cmd(func() tea.Msg {
		layout, known, err := layouts.Load(recipe.Raw())
		return layoutMsg{layout, known, err}
	})
}

// recallLayout lays the columns out as they were, unless the user has begun to do so already.
func (t *itemsTab) recallLayout(msg layoutMsg) tea.Cmd {
	switch {
	case msg.err != nil:
		return t.env.Say(model.Printable(msg.err.Error()))
	case !msg.known || t.remembered.changes > 0:
		return nil
	}
	t.remembered.waiting = model.Some(msg.layout)
	return t.applyLayout()
}

// applyLayout lays the columns out as they were, once there are any.
func (t *itemsTab) applyLayout() tea.Cmd {
	layout, waits := t.remembered.waiting.Get()
	if !waits || t.table.items.Len() == 0 {
		return nil
	}
	t.remembered.waiting = model.Optional[model.Layout]{}
	t.table.columns.apply(layout)
	t.table.clamp()
	if len(layout.Keys) > 0 {
		t.table.key, t.table.hasKey = layout.Keys[0], true
	}
	t.arrangeTable()
	return tea.Batch(t.env.Send(keyMarkedMsg{}), t.fitParts())
}

// renewedMsg are the parts that columns have in these items.
type renewedMsg struct {
	generation int
	parts      map[model.Path]model.Parts
	fits       columnFits
}

// renewParts looks for parts of opened columns that were not there when they were opened, in a run before this one maybe.
func (t *itemsTab) renewParts() tea.Cmd {
	opened := t.table.columns.openedPaths()
	if len(opened) == 0 {
		return nil
	}
	ctx, _, generation := t.parting.Begin(t.env.Env, "looking into nested values")
	items, p := t.table.items, t.env.Painter
	return t.env.Cmd(func() tea.Msg {
		msg := renewedMsg{generation: generation, parts: map[model.Path]model.Parts{}, fits: columnFits{}}
		for _, path := range opened {
			parts := items.Parts(path, func() bool { return ctx.Err() != nil })
			msg.parts[path] = parts
			msg.fits.add(fitPaths(p, items, parts.Paths))
		}
		return screen.UnlessOver(ctx, msg)
	})
}

func (t *itemsTab) renewed(msg renewedMsg) {
	if !t.parting.Done(msg.generation) {
		return
	}
	under := t.table.path()
	t.table.fits.add(msg.fits)
	t.table.columns.renew(msg.parts)
	t.table.column = max(0, t.table.columns.place(under))
	t.table.clamp()
	t.arrangeTable()
}

// fitsMsg are the fits of columns.
type fitsMsg struct{ fits columnFits }

// fitParts fits the parts of nested values that show and have not been fitted.
func (t *itemsTab) fitParts() tea.Cmd {
	var parts []model.Path
	for _, path := range t.table.columns.paths() {
		if _, fitted := t.table.fits[path]; !fitted && path.Depth() > 1 {
			parts = append(parts, path)
		}
	}
	if len(parts) == 0 || t.table.items.Len() == 0 {
		return nil
	}
	items, p := t.table.items, t.env.Painter
	return t.env.Cmd(func() tea.Msg { return fitsMsg{fitPaths(p, items, parts)} })
}

// pauseBeforeSaving lets several keys in a row be saved at once.
const pauseBeforeSaving = 500 * time.Millisecond

// saveMsg says that it is time to save what the user has laid out.
type saveMsg struct{ changes int }

// layoutChanged sees to it that what the user has laid out is saved in a moment.
func (t *itemsTab) layoutChanged() tea.Cmd {
	t.remembered.changes++
	changes := t.remembered.changes
	if t.config.Layouts == nil || t.names.recipe.IsEmpty() {
		return nil
	}
	return t.env.Cmd(func() tea.Msg {
		return tea.Tick(pauseBeforeSaving, func(time.Time) tea.Msg { return saveMsg{changes} })()
	})
}

// saveLayout saves what the user has laid out, unless there is something newer, or it is saved.
func (t *itemsTab) saveLayout(changes int) tea.Cmd {
	r, layouts, recipe := &t.remembered, t.config.Layouts, t.names.recipe
	if changes != r.changes || changes == r.saved || layouts == nil || recipe.IsEmpty() {
		return nil
	}
	r.saved = changes
	layout := t.table.layout()
	return t.env.Cmd(func() tea.Msg {
		if err := layouts.Save(recipe.Raw(), layout); err != nil {
			return layoutMsg{err: err}
		}
		return nil
	})
}

// flush returns the command that saves what is not saved yet; nil where all is.
func (t *itemsTab) flush() tea.Cmd { return t.saveLayout(t.remembered.changes) }

// layout is what the user has made of the columns.
func (t *table) layout() model.Layout {
	layout := model.Layout{Frozen: t.columns.frozen}
	for _, column := range t.columns.all {
		layout.Columns = append(layout.Columns, model.ColumnLayout{
			Path: column.path, Width: column.width, Hidden: column.hidden, Opened: column.opened,
		})
	}
	if t.hasKey {
		layout.Keys = []model.Path{t.key}
	}
	return layout
}

// apply lays the columns out as a layout says. Columns that it does not know come behind; those that the items do not have
// are kept for when they come.
func (c *columns) apply(layout model.Layout) {
	has := make(map[model.Path]bool, len(c.all))
	for _, one := range c.all {
		has[one.path] = true
	}
	laidOut := make([]column, 0, len(c.all))
	placed := make(map[model.Path]bool, len(layout.Columns))
	for _, one := range layout.Columns {
		placed[one.Path] = true
		laidOut = append(laidOut, column{
			path: one.Path, width: one.Width, hidden: one.Hidden, opened: one.Opened,
			part: one.Path.Depth() > 1, absent: !has[one.Path.Column()],
		})
	}
	for _, one := range c.all {
		if !placed[one.path] {
			laidOut = append(laidOut, one)
		}
	}
	c.all, c.frozen = laidOut, layout.Frozen
	c.arrange()
	if len(c.visible) == 0 { // a layout that leaves nothing to see is none
		for i := range c.all {
			c.all[i].hidden = false
		}
		c.arrange()
	}
}
