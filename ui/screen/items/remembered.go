package items

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model"
	"sbwatch/ui/screen"
	"sbwatch/ui/widget/table"
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

// AskLayout asks for the layout of the recipe, once, when the recipe is known.
func (t *Tab) AskLayout() tea.Cmd {
	recipe, layouts := t.recipe, t.config.Layouts
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
func (t *Tab) recallLayout(msg layoutMsg) tea.Cmd {
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
func (t *Tab) applyLayout() tea.Cmd {
	layout, waits := t.remembered.waiting.Get()
	if !waits || t.table.Items().Len() == 0 {
		return nil
	}
	t.remembered.waiting = model.Optional[model.Layout]{}
	t.table.SetLayout(layout)
	t.Arrange()
	return tea.Batch(t.env.Send(KeyMarkedMsg{}), t.fitParts())
}

// renewedMsg are the parts that columns have in these items.
type renewedMsg struct {
	generation int
	parts      map[model.Path]model.Parts
	fits       table.Fits
}

// renewParts looks for parts of opened columns that were not there when they were opened, in a run before this one maybe.
func (t *Tab) renewParts() tea.Cmd {
	opened := t.table.ExpandedPaths()
	if len(opened) == 0 {
		return nil
	}
	ctx, _, generation := t.parting.Begin(t.env.Env, "looking into nested values")
	items, p := t.table.Items(), t.env.Painter
	return t.env.Cmd(func() tea.Msg {
		msg := renewedMsg{generation: generation, parts: map[model.Path]model.Parts{}, fits: table.Fits{}}
		for _, path := range opened {
			parts := items.Parts(path, func() bool { return ctx.Err() != nil })
			msg.parts[path] = parts
			msg.fits.Add(table.FitPaths(p, items, parts.Paths))
		}
		return screen.UnlessOver(ctx, msg)
	})
}

func (t *Tab) renewed(msg renewedMsg) {
	if !t.parting.Done(msg.generation) {
		return
	}
	t.table.AddFits(msg.fits)
	t.table.AddNested(msg.parts)
	t.Arrange()
}

// fitsMsg are the fits of columns.
type fitsMsg struct{ fits table.Fits }

// fitParts fits the parts of nested values that show and have not been fitted.
func (t *Tab) fitParts() tea.Cmd {
	parts := t.table.UnfittedPaths()
	if len(parts) == 0 || t.table.Items().Len() == 0 {
		return nil
	}
	items, p := t.table.Items(), t.env.Painter
	return t.env.Cmd(func() tea.Msg { return fitsMsg{table.FitPaths(p, items, parts)} })
}

// pauseBeforeSaving lets several keys in a row be saved at once.
const pauseBeforeSaving = 500 * time.Millisecond

// saveMsg says that it is time to save what the user has laid out.
type saveMsg struct{ changes int }

// layoutChanged sees to it that what the user has laid out is saved in a moment.
func (t *Tab) layoutChanged() tea.Cmd {
	t.remembered.changes++
	changes := t.remembered.changes
	if t.config.Layouts == nil || t.recipe.IsEmpty() {
		return nil
	}
	return t.env.Cmd(func() tea.Msg {
		return tea.Tick(pauseBeforeSaving, func(time.Time) tea.Msg { return saveMsg{changes} })()
	})
}

// saveLayout saves what the user has laid out, unless there is something newer, or it is saved.
func (t *Tab) saveLayout(changes int) tea.Cmd {
	r, layouts, recipe := &t.remembered, t.config.Layouts, t.recipe
	if changes != r.changes || changes == r.saved || layouts == nil || recipe.IsEmpty() {
		return nil
	}
	r.saved = changes
	layout := t.table.Layout()
	return t.env.Cmd(func() tea.Msg {
		if err := layouts.Save(recipe.Raw(), layout); err != nil {
			return layoutMsg{err: err}
		}
		return nil
	})
}

// Flush returns the command that saves what is not saved yet; nil where all is.
func (t *Tab) Flush() tea.Cmd { return t.saveLayout(t.remembered.changes) }
