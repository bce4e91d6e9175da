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

// recallLayout lays the columns out as they were, unless the user has begun to do so already.
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

// applyLayout lays the columns out as they were, once there are any.
func (a *arranger) applyLayout() tea.Cmd {
	layout, waits := a.remembered.waiting.Get()
	if !waits || a.table.Items().Len() == 0 {
		return nil
	}
	a.remembered.waiting = optional.Value[item.Layout]{}
	a.table.SetLayout(layout)
	a.Arrange()
	return tea.Batch(a.env.Send(KeyMarkedMsg{}), a.fitParts())
}

// renewedMsg are the parts that columns have in these items.
type renewedMsg struct {
	generation int
	parts      map[item.Path]item.Parts
	fits       table.Fits
}

// renewParts looks for parts of opened columns that were not there when they were opened, in a run before this one maybe.
func (a *arranger) renewParts() tea.Cmd {
	opened := a.table.ExpandedPaths()
	if len(opened) == 0 {
		return nil
	}
	ctx, _, generation := a.parting.Begin(a.env.Env, "looking into nested values")
	items, p := a.table.Items(), a.env.Painter
	return a.env.Cmd(func() tea.Msg {
		msg := renewedMsg{generation: generation, parts: map[item.Path]item.Parts{}, fits: table.Fits{}}
		for _, path := range opened {
			parts := items.Parts(path, func() bool { return ctx.Err() != nil })
			msg.parts[path] = parts
			msg.fits.Add(table.FitPaths(p, items, parts.Paths))
		}
		return screen.UnlessOver(ctx, msg)
	})
}

func (a *arranger) renewed(msg renewedMsg) {
	if !a.parting.Done(msg.generation) {
		return
	}
	a.table.AddFits(msg.fits)
	a.table.AddNested(msg.parts)
	a.Arrange()
}

// fitsMsg are the fits of columns.
type fitsMsg struct{ fits table.Fits }

// fitParts fits the parts of nested values that show and have not been fitted.
func (a *arranger) fitParts() tea.Cmd {
	parts := a.table.UnfittedPaths()
	if len(parts) == 0 || a.table.Items().Len() == 0 {
		return nil
	}
	items, p := a.table.Items(), a.env.Painter
	return a.env.Cmd(func() tea.Msg { return fitsMsg{table.FitPaths(p, items, parts)} })
}

// pauseBeforeSaving lets several keys in a row be saved at once.
const pauseBeforeSaving = 500 * time.Millisecond

// saveMsg says that it is time to save what the user has laid out.
type saveMsg struct{ changes int }

// layoutChanged sees to it that what the user has laid out is saved in a moment.
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

// saveLayout saves what the user has laid out, unless there is something newer, or it is saved.
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

// flush returns the command that saves what is not saved yet; nil where all is.
func (a *arranger) flush() tea.Cmd { return a.saveLayout(a.remembered.changes) }
