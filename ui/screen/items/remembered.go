package items

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/item"
	"sbwatch/model/optional"
	"sbwatch/model/text"
	"sbwatch/ui/screen"
	"sbwatch/ui/widget/table"
)

// The layout of a recipe's columns is remembered for its next run.

// Layouts remembers the column layouts of recipes. It is called by commands and may block.
type Layouts interface {
	Load(recipe string) (item.Layout, bool, error)
	// Save remembers a layout; the zero layout is forgotten.
	Save(recipe string, layout item.Layout) error
}

// remembered is the state of the remembered layout.
type remembered struct {
	asked bool // for it
	// waiting is a layout for items that have not come yet.
	waiting optional.Value[item.Layout]
	changes int // the generation of what the user has laid out
	saved   int // the generation that was saved
}

// layoutMsg holds the remembered layout.
type layoutMsg struct {
	layout item.Layout
	known  bool
	err    error
}

// askLayout asks once for the layout of the recipe, when the recipe is known.
func (a *arranger) askLayout() tea.Cmd {
	recipe, layouts := a.recipe, a.layouts
	if a.remembered.asked || recipe.IsEmpty() || layouts == nil {
		return nil
	}
	a.remembered.asked = true
	return a.env.Cmd(func() tea.Msg {
		layout, known, err := layouts.Load(recipe.Raw())
		return layoutMsg{layout, known, err}
	})
}

// recallLayout applies the remembered layout, unless the user has already changed the columns.
func (a *arranger) recallLayout(msg layoutMsg) tea.Cmd {
	switch {
	case msg.err != nil:
		return a.env.Say(text.Printable(msg.err.Error()))
	case !msg.known || a.remembered.changes > 0:
		return nil
	}
	a.remembered.waiting = optional.Some(msg.layout)
	return a.applyLayout()
}

// applyLayout applies the remembered layout once there are columns.
func (a *arranger) applyLayout() tea.Cmd {
	layout, waits := a.remembered.waiting.Get()
	if !waits || a.table.Items().Len() == 0 {
		return nil
	}
	a.remembered.waiting = optional.Value[item.Layout]{}
	a.table.SetLayout(layout)
	a.Arrange()
	return tea.Batch(a.env.Send(KeyMarkedMsg{}), a.fitNested())
}

// nestedMsg holds the nested values of expanded columns.
type nestedMsg struct {
	generation int
	parts      map[item.Path]item.Parts
	fits       table.Fits
}

// updateNested looks for nested values of expanded columns that other runs did not have.
func (a *arranger) updateNested() tea.Cmd {
	opened := a.table.ExpandedPaths()
	if len(opened) == 0 {
		return nil
	}
	ctx, _, generation := a.parting.Begin(a.env.Env, "looking into nested values")
	items, p := a.table.Items(), a.env.Painter
	return a.env.Cmd(func() tea.Msg {
		msg := nestedMsg{generation: generation, parts: map[item.Path]item.Parts{}, fits: table.Fits{}}
		for _, path := range opened {
			parts := items.Parts(path, func() bool { return ctx.Err() != nil })
			msg.parts[path] = parts
			msg.fits.Add(table.FitPaths(p, items, parts.Paths))
		}
		return screen.UnlessOver(ctx, msg)
	})
}

func (a *arranger) nestedFound(msg nestedMsg) {
	if !a.parting.Done(msg.generation) {
		return
	}
	a.table.AddFits(msg.fits)
	a.table.AddNested(msg.parts)
	a.Arrange()
}

// fitsMsg holds widths that fit columns.
type fitsMsg struct{ fits table.Fits }

// fitNested computes the widths of nested values that have none.
func (a *arranger) fitNested() tea.Cmd {
	parts := a.table.UnfittedPaths()
	if len(parts) == 0 || a.table.Items().Len() == 0 {
		return nil
	}
	items, p := a.table.Items(), a.env.Painter
	return a.env.Cmd(func() tea.Msg { return fitsMsg{table.FitPaths(p, items, parts)} })
}

// pauseBeforeSaving groups several changes into one save.
const pauseBeforeSaving = 500 * time.Millisecond

// saveMsg says that it is time to save the layout.
type saveMsg struct{ changes int }

// layoutChanged saves the layout after a pause.
func (a *arranger) layoutChanged() tea.Cmd {
	a.remembered.changes++
	changes := a.remembered.changes
	if a.layouts == nil || a.recipe.IsEmpty() {
		return nil
	}
	return a.env.Cmd(func() tea.Msg {
		return tea.Tick(pauseBeforeSaving, func(time.Time) tea.Msg { return saveMsg{changes} })()
	})
}

// saveLayout saves the layout, unless there is a newer one or it is saved.
func (a *arranger) saveLayout(changes int) tea.Cmd {
	r, layouts, recipe := &a.remembered, a.layouts, a.recipe
	if changes != r.changes || changes == r.saved || layouts == nil || recipe.IsEmpty() {
		return nil
	}
	r.saved = changes
	layout := a.table.Layout()
	return a.env.Cmd(func() tea.Msg {
		if err := layouts.Save(recipe.Raw(), layout); err != nil {
			return layoutMsg{err: err}
		}
		return nil
	})
}

// flush returns the command that saves unsaved changes, nil if there are none.
func (a *arranger) flush() tea.Cmd { return a.saveLayout(a.remembered.changes) }
