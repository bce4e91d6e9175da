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

// The following code saves the column layout of a recipe for its next run.

// Layouts loads and saves the column layouts of recipes. Its methods are called from commands and may block.
type Layouts interface {
	Load(recipe string) (item.Layout, bool, error)
	// Save saves the layout of a recipe. The zero layout deletes the saved layout.
	Save(recipe string, layout item.Layout) error
}

// remembered holds the state of loading and saving the layout.
type remembered struct {
	asked bool // the layout was requested
	// waiting is the loaded layout. It is applied when items arrive.
	waiting optional.Value[item.Layout]
	changes int // number of changes by the user
	saved   int // value of changes when the layout was last saved
}

// layoutMsg has the layout that was loaded.
type layoutMsg struct {
	layout item.Layout
	known  bool
	err    error
}

// askLayout returns a command that loads the layout of the recipe. It does so once, as soon as the recipe is known.
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

// recallLayout applies the loaded layout, unless the user has changed the layout in the meantime.
func (a *arranger) recallLayout(msg layoutMsg) tea.Cmd {
	switch {
	case msg.err != nil:
		return a.env.Say(text.Printable(msg.err.Error()))
	case !msg.known || a.remembered.changes > 0:
		return nil
	}
	a.remembered.waiting = optional.Some(a.given.AddTo(msg.layout))
	return a.applyLayout()
}

// applyLayout applies the loaded layout once there are columns.
func (a *arranger) applyLayout() tea.Cmd {
	layout, waits := a.remembered.waiting.Get()
	if !waits || a.table.Items().Len() == 0 {
		return nil
	}
	a.remembered.waiting = optional.Value[item.Layout]{}
	a.table.SetLayout(layout)
	a.Arrange()
	var computed tea.Cmd
	if len(layout.Computed) > 0 {
		computed = a.env.Send(ComputedMsg{a.table.Path()})
	}
	return tea.Batch(a.env.Send(KeyMarkedMsg{}), a.fitParts(), computed)
}

// refreshedMsg has the nested fields that expanded columns have now.
type refreshedMsg struct {
	generation int
	parts      map[item.Path]item.Parts
	fits       table.Fits
}

// refreshParts returns a command that looks for new nested fields of expanded columns. A field may have been missing
// when the column was expanded, for example in an earlier run.
func (a *arranger) refreshParts() tea.Cmd {
	opened := a.table.ExpandedPaths()
	if len(opened) == 0 {
		return nil
	}
	ctx, _, generation := a.expanding.Begin(a.env.Env, "expanding nested values")
	items, p := a.table.Items(), a.env.Painter
	return a.env.Cmd(func() tea.Msg {
		msg := refreshedMsg{generation: generation, parts: map[item.Path]item.Parts{}, fits: table.Fits{}}
		for _, path := range opened {
			parts := items.Parts(path, func() bool { return ctx.Err() != nil })
			msg.parts[path] = parts
			msg.fits.Add(table.FitPaths(p, items, parts.Paths))
		}
		return screen.UnlessOver(ctx, msg)
	})
}

func (a *arranger) refreshed(msg refreshedMsg) {
	if !a.expanding.Done(msg.generation) {
		return
	}
	a.table.AddFits(msg.fits)
	a.table.AddNested(msg.parts)
	a.Arrange()
}

type fitsMsg struct {
	fits    table.Fits
	formats map[item.Path]table.FormatFit
}

// fitParts returns a command that computes the widths of two kinds of visible columns: nested columns without a width,
// and columns with a number format.
func (a *arranger) fitParts() tea.Cmd {
	parts, formats := a.table.UnfittedPaths(), table.CellsOf(&a.table).Formats()
	if len(parts)+len(formats) == 0 || a.table.Items().Len() == 0 {
		return nil
	}
	items, p := a.table.Items(), a.env.Painter
	return a.env.Cmd(func() tea.Msg {
		return fitsMsg{table.FitPaths(p, items, parts), table.FitFormats(p, items, formats)}
	})
}

// saveDelay is how long to wait before a layout is saved, so that several key presses cause one save.
const saveDelay = 500 * time.Millisecond

// saveMsg asks to save the layout. It is ignored if the layout has changed since the message was scheduled.
type saveMsg struct{ changes int }

// layoutChanged counts a change of the layout and returns a command that saves the layout after a pause.
func (a *arranger) layoutChanged() tea.Cmd {
	a.remembered.changes++
	a.edited()
	changes := a.remembered.changes
	if a.layouts == nil || a.recipe.IsEmpty() {
		return nil
	}
	return a.env.Cmd(func() tea.Msg {
		return tea.Tick(saveDelay, func(time.Time) tea.Msg { return saveMsg{changes} })()
	})
}

// saveLayout returns a command that saves the layout. The parameter changes is the number of changes of the layout at
// the time when the save was scheduled. saveLayout returns nil if the layout has changed since then, or if it is
// already saved.
func (a *arranger) saveLayout(changes int) tea.Cmd {
	r, layouts, recipe := &a.remembered, a.layouts, a.recipe
	if changes != r.changes || changes == r.saved || layouts == nil || recipe.IsEmpty() {
		return nil
	}
	r.saved = changes
	layout := a.given.RemoveFrom(a.table.Layout())
	return a.env.Cmd(func() tea.Msg {
		if err := layouts.Save(recipe.Raw(), layout); err != nil {
			return layoutMsg{err: err}
		}
		return nil
	})
}

// flush returns a command that saves the layout. It returns nil if the layout is already saved.
func (a *arranger) flush() tea.Cmd { return a.saveLayout(a.remembered.changes) }
