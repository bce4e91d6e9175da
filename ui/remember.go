package ui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/item"
	"sbwatch/model/optional"
	"sbwatch/model/text"
)

// The layout of a recipe's columns is remembered for its next run.

// Layouts remembers how the columns of recipes' items are laid out. It is asked by commands, and may take its time.
type Layouts interface {
	Load(recipe string) (item.Layout, bool, error)
	// Save remembers a layout; the zero layout is forgotten.
	Save(recipe string, layout item.Layout) error
}

// remembered is what the dashboard knows of the layout that was remembered.
type remembered struct {
	asked bool // for it
	// waiting is a layout for items that have not come yet.
	waiting optional.Value[item.Layout]
	changes int // the generation of what the user has laid out
	saved   int // the generation that was saved
}

// layoutMsg is the layout that was remembered.
type layoutMsg struct {
	layout item.Layout
	known  bool
	err    error
}

// askLayout asks for the layout of the recipe, once, when the recipe is known.
func (a *App) askLayout() tea.Cmd {
	recipe, layouts := a.watch.RecipeID(), a.config.Layouts
	if a.remembered.asked || recipe.IsEmpty() || layouts == nil {
		return nil
	}
	a.remembered.asked = true
	return func() tea.Msg {
		layout, known, err := layouts.Load(recipe.Raw())
		return layoutMsg{layout, known, err}
	}
}

// recallLayout lays the columns out as they were, unless the user has begun to do so already.
func (a *App) recallLayout(msg layoutMsg) tea.Cmd {
	switch {
	case msg.err != nil:
		return a.say(text.Printable(msg.err.Error()))
	case !msg.known || a.remembered.changes > 0:
		return nil
	}
	a.remembered.waiting = optional.Some(msg.layout)
	return a.applyLayout()
}

// applyLayout lays the columns out as they were, once there are any.
func (a *App) applyLayout() tea.Cmd {
	layout, waits := a.remembered.waiting.Get()
	if !waits || a.table.items.Len() == 0 {
		return nil
	}
	a.remembered.waiting = optional.Value[item.Layout]{}
	a.table.columns.apply(layout)
	a.table.clamp()
	if len(layout.Keys) > 0 {
		a.table.key, a.table.hasKey = layout.Keys[0], true
	}
	a.arrangeTable()
	return tea.Batch(a.findKeyed(), a.fitParts())
}

// renewedMsg are the parts that columns have in these items.
type renewedMsg struct {
	generation int
	parts      map[item.Path]item.Parts
	fits       columnFits
}

// renewParts looks for parts of opened columns that were not there when they were opened, in a run before this one maybe.
func (a *App) renewParts() tea.Cmd {
	opened := a.table.columns.openedPaths()
	if len(opened) == 0 {
		return nil
	}
	ctx, _, generation := a.parting.begin(a.ctx, a.now, "looking into nested values")
	items, l := a.table.items, a.look
	return tea.Batch(func() tea.Msg {
		msg := renewedMsg{generation: generation, parts: map[item.Path]item.Parts{}, fits: columnFits{}}
		for _, path := range opened {
			parts := items.Parts(path, func() bool { return ctx.Err() != nil })
			msg.parts[path] = parts
			msg.fits.add(fitPaths(l, items, parts.Paths))
		}
		return unlessOver(ctx, msg)
	}, a.nextTick())
}

func (a *App) renewed(msg renewedMsg) {
	if !a.parting.done(msg.generation) {
		return
	}
	under := a.table.path()
	a.table.fits.add(msg.fits)
	a.table.columns.renew(msg.parts)
	a.table.column = max(0, a.table.columns.place(under))
	a.table.clamp()
	a.arrangeTable()
}

// fitsMsg are the fits of columns.
type fitsMsg struct{ fits columnFits }

// fitParts fits the parts of nested values that show and have not been fitted.
func (a *App) fitParts() tea.Cmd {
	var parts []item.Path
	for _, path := range a.table.columns.paths() {
		if _, fitted := a.table.fits[path]; !fitted && path.Depth() > 1 {
			parts = append(parts, path)
		}
	}
	if len(parts) == 0 || a.table.items.Len() == 0 {
		return nil
	}
	items, l := a.table.items, a.look
	return func() tea.Msg { return fitsMsg{fitPaths(l, items, parts)} }
}

// pauseBeforeSaving lets several keys in a row be saved at once.
const pauseBeforeSaving = 500 * time.Millisecond

// saveMsg says that it is time to save what the user has laid out.
type saveMsg struct{ changes int }

// layoutChanged sees to it that what the user has laid out is saved in a moment.
func (a *App) layoutChanged() tea.Cmd {
	a.remembered.changes++
	changes := a.remembered.changes
	if a.config.Layouts == nil || a.watch.RecipeID().IsEmpty() {
		return nil
	}
	return tea.Tick(pauseBeforeSaving, func(time.Time) tea.Msg { return saveMsg{changes} })
}

// saveLayout saves what the user has laid out, unless there is something newer, or it is saved.
func (a *App) saveLayout(changes int) tea.Cmd {
	r, layouts, recipe := &a.remembered, a.config.Layouts, a.watch.RecipeID()
	if changes != r.changes || changes == r.saved || layouts == nil || recipe.IsEmpty() {
		return nil
	}
	r.saved = changes
	layout := a.table.layout()
	return func() tea.Msg {
		if err := layouts.Save(recipe.Raw(), layout); err != nil {
			return layoutMsg{err: err}
		}
		return nil
	}
}

// quit leaves the program, and saves before that what is not saved yet.
func (a *App) quit() tea.Cmd {
	if save := a.saveLayout(a.remembered.changes); save != nil {
		return tea.Sequence(guarded(save), tea.Quit)
	}
	return tea.Quit
}

// layout is what the user has made of the columns.
func (t *table) layout() item.Layout {
	layout := item.Layout{Frozen: t.columns.frozen}
	for _, column := range t.columns.all {
		layout.Columns = append(layout.Columns, item.ColumnLayout{
			Path: column.path, Width: column.width, Hidden: column.hidden, Opened: column.opened,
		})
	}
	if t.hasKey {
		layout.Keys = []item.Path{t.key}
	}
	return layout
}

// apply lays the columns out as a layout says. Columns that it does not know come behind; those that the items do not have
// are kept for when they come.
func (c *columns) apply(layout item.Layout) {
	has := make(map[item.Path]bool, len(c.all))
	for _, one := range c.all {
		has[one.path] = true
	}
	laidOut := make([]column, 0, len(c.all))
	placed := make(map[item.Path]bool, len(layout.Columns))
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
