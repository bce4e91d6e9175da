package formulas

import (
	"image"
	"slices"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/compute"
	"sbwatch/model/item"
	"sbwatch/model/text"
	"sbwatch/ui/action"
	"sbwatch/ui/cell"
	"sbwatch/ui/line"
	"sbwatch/ui/screen"
	"sbwatch/ui/widget/prompt"
	"sbwatch/ui/widget/table"
)

// layer is the prompt for a formula. Above the prompt, it shows the value of the formula for the item at the cursor.
type layer struct {
	formulas *Formulas
	prompt   prompt.Prompt
	// items are the items with the columns that the formula can read.
	items item.Table
	// at is the index of the computed column that is edited. It is -1 for a new column.
	at int
	// preview is the job that computes the value of the formula.
	preview screen.Job
}

const hint = "unit = round(price / size, 2)   tab complete   enter add   esc cancel"

func (f *Formulas) ask(at int) {
	columns := table.CellsOf(f.table).Computed()
	l := &layer{formulas: f, prompt: prompt.New("compute ", hint, f.history), at: at, items: f.table.Items()}
	if at >= 0 {
		l.prompt = prompt.New("compute ", "enter change   esc cancel", f.history)
		l.items = f.set.with(f.set.base, columns[:at])
	}
	f.asking = l
	f.env.Layers.Open(l)
	l.complete()
}

// Place returns PlaceFooter, because the prompt is in the footer.
func (*layer) Place() screen.Place { return screen.PlaceFooter }

// Actions returns nil because the prompt handles all keys itself.
func (*layer) Actions() action.Table { return nil }

// View draws the prompt.
func (l *layer) View(area image.Rectangle) []string {
	return l.prompt.View(l.formulas.env.Painter, area.Dx())
}

// Update handles key presses and pasted text.
func (l *layer) Update(msg tea.Msg) tea.Cmd {
	switch msg.(type) {
	case tea.KeyPressMsg, tea.PasteMsg:
	default:
		return nil
	}
	switch l.prompt.Update(msg) {
	case prompt.Changed:
		return l.typed()
	case prompt.CompletionWanted:
		l.complete()
	case prompt.Entered:
		return l.enter()
	case prompt.Canceled:
		l.close()
	case prompt.None:
	}
	return nil
}

func (l *layer) close() {
	l.preview.Stop()
	l.formulas.asking = nil
	l.formulas.env.Layers.Close(l)
}

// typed shows completions and returns a command that computes the value of the formula for the item at the cursor.
func (l *layer) typed() tea.Cmd {
	if !l.prompt.IsCompleted() {
		l.complete()
	}
	l.preview.Stop()
	l.prompt.SetStatus("")
	f, err := compute.Parse(l.prompt.Text())
	if err != nil || f.Check(l.items) != nil || l.formulas.table.Len() == 0 {
		return nil
	}
	ctx, _, generation := l.preview.Begin(l.formulas.env.Env, "computing")
	items, at := l.items, l.formulas.table.Item(l.formulas.table.Row())
	return l.formulas.env.Cmd(func() tea.Msg {
		value := items.WithComputed(f.Name(), f.On(items).Reader).At(at, item.PathOf(f.Name()))
		return screen.UnlessOver(ctx, PreviewMsg{generation, at, value})
	})
}

// PreviewMsg has the value of the typed formula for an item.
type PreviewMsg struct {
	generation, item int
	value            item.Cell
}

// Previewed shows a value in the prompt.
func (f *Formulas) Previewed(msg PreviewMsg) {
	if f.asking == nil || !f.asking.preview.Done(msg.generation) {
		return
	}
	p := f.env.Painter
	value := p.Warning.Render("no value")
	if msg.value.Kind() != item.CellMissing {
		value = p.Strong.Render(p.Cut(cell.Text(msg.value), 30))
	}
	f.asking.prompt.SetStatus(p.Muted.Render("item "+text.Count(int64(msg.item+1))+": ") + value)
}

// complete shows the completions of the word at the cursor.
func (l *layer) complete() {
	from, to, candidates := compute.Complete(l.prompt.Text(), l.prompt.Cursor(), l.items)
	completions := screen.Completions(candidates)
	if l.prompt.Text() == "" {
		completions = nil // leave room for the keys
	}
	l.prompt.SetCompletions(completions, line.Span{From: from, To: to})
}

// enter adds or changes the computed column. If the formula is not valid, the prompt shows the error instead.
func (l *layer) enter() tea.Cmd {
	written := l.prompt.Text()
	if written == "" {
		l.close()
		return nil
	}
	f, err := compute.Parse(written)
	if err == nil {
		err = f.CheckBefore(l.items, l.later(), laterHint)
	}
	if err != nil {
		l.prompt.SetProblem(screen.LineProblem(err))
		return nil
	}
	if problem := l.nameProblem(f.Name()); problem != "" {
		l.prompt.SetProblem(problem, line.Span{})
		return nil
	}
	l.close()
	l.formulas.history.Add(written)
	return l.formulas.accept(f, l.at)
}

// later returns the names of the computed columns after the one that is edited.
func (l *layer) later() []string {
	if l.at < 0 {
		return nil
	}
	return columnNames(table.CellsOf(l.formulas.table).Computed()[l.at+1:])
}

// nameProblem returns the reason why name cannot be used as the name of the computed column. It returns "" if name can
// be used.
func (l *layer) nameProblem(name string) string {
	columns := table.CellsOf(l.formulas.table).Computed()
	other := slices.IndexFunc(columns, func(c item.ComputedColumn) bool { return c.Name == name })
	switch {
	case l.formulas.set.baseOf(l.formulas.table.Items()).HasKey(name):
		return "a column has that name; type another name and = before the formula"
	case other >= 0 && other != l.at:
		return "this computed column exists already; press * on it to edit its formula"
	case l.at < 0 && len(columns) == item.MaxComputed:
		return "there are " + text.Count(item.MaxComputed) + " computed columns already; remove one first"
	}
	return ""
}
