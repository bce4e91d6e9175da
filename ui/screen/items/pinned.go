package items

import (
	"image"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/filter"
	"sbwatch/model/item"
	"sbwatch/model/text"
	"sbwatch/ui/action"
	"sbwatch/ui/line"
	"sbwatch/ui/screen"
	"sbwatch/ui/widget/picker"
	"sbwatch/ui/widget/prompt"
)

// Filters loads and saves the pinned filters of recipes. Its methods are called from commands and may block.
type Filters interface {
	Load(recipe string) ([]filter.Pinned, error)
	// Save replaces the pinned filters of a recipe.
	Save(recipe string, filters []filter.Pinned) error
}

// pins saves filters under a name, and applies them again in later runs of the recipe.
type pins struct {
	*filterer

	store  Filters
	recipe text.Text
	asked  bool // the pinned filters were requested
	all    []filter.Pinned
}

// pinnedMsg has the pinned filters of the recipe. said describes what has changed.
type pinnedMsg struct {
	all  []filter.Pinned
	said string
	err  error
}

// actions lists the actions for pinned filters.
func (p *pins) actions() action.Table {
	inTable := p.table.Items().Len() > 0 && !p.itemCovers()
	pinned := action.Action{
		ID: "find.pinned", Group: action.GroupFind, Title: "pinned filters", Keys: []string{"P"}, Enabled: inTable && len(p.all) > 0,
		Run: action.Do(p.choose), Targets: p.targets,
	}
	return action.Table{
		{ID: "find.pin", Group: action.GroupFind, Title: "pin the filters", Keys: []string{"W"}, Enabled: inTable && len(p.filters) > 0 && p.store != nil, Run: p.ask},
		pinned,
	}
}

// load returns a command that loads the pinned filters. It does so once, as soon as the recipe is known.
func (p *pins) load() tea.Cmd {
	recipe, store := p.recipe, p.store
	if p.asked || recipe.IsEmpty() || store == nil {
		return nil
	}
	p.asked = true
	return p.env.Cmd(func() tea.Msg {
		all, err := store.Load(recipe.Raw())
		return pinnedMsg{all: all, err: err}
	})
}

// loaded handles a pinnedMsg: it stores the pinned filters and shows what has changed, or shows the error.
func (p *pins) loaded(msg pinnedMsg) tea.Cmd {
	if msg.err != nil {
		return p.env.Say(text.Printable(msg.err.Error()))
	}
	p.all = msg.all
	if msg.said == "" {
		return nil
	}
	return p.env.Say(msg.said)
}

// edit returns a command that applies the function change to the saved filters. The command first reads the filters
// again, because another process may have changed them. The parameter said is the message to the user.
func (p *pins) edit(said string, change func([]filter.Pinned) []filter.Pinned) tea.Cmd {
	recipe, store := p.recipe, p.store
	return p.env.Cmd(func() tea.Msg {
		all, err := store.Load(recipe.Raw())
		if err == nil {
			all = change(all)
			err = store.Save(recipe.Raw(), all)
		}
		return pinnedMsg{all, said, err}
	})
}

// ask asks for the name of the current filters.
func (p *pins) ask() tea.Cmd {
	var texts []string
	for _, one := range p.filters {
		expr, isExpr := one.(filter.Expr)
		if !isExpr {
			return p.env.Say("cannot pin " + p.env.Painter.Cut(one.Title(), 30) + ": only filters made with f, v or x can be pinned")
		}
		texts = append(texts, expr.Text())
	}
	if p.recipe.IsEmpty() {
		return p.env.Say("filters are pinned for a recipe, and the recipe of these items is unknown")
	}
	l := &pinLayer{pins: p, texts: texts, prompt: prompt.New("pin as ", "enter save   esc cancel", nil)}
	p.env.Layers.Open(l)
	return nil
}

// maxPinName is the maximum size in bytes of the name under which filters are pinned.
const maxPinName = 60

// pin saves filters under a name.
func (p *pins) pin(name string, texts []string) tea.Cmd {
	return p.edit("pinned as "+text.Printable(name), func(all []filter.Pinned) []filter.Pinned {
		return filter.Pin(all, filter.Pinned{Name: name, Filters: texts})
	})
}

// title returns a pinned filter in one line.
func title(one filter.Pinned) string { return text.Printable(strings.Join(one.Filters, " › ")) }

// targets returns one action for each pinned filter.
func (p *pins) targets() action.Table {
	var table action.Table
	for _, one := range p.all {
		table = append(table, action.Action{
			ID: "pinned", Group: "pinned filters", Title: "filter " + text.Printable(one.Name), Enabled: true,
			Run: func() tea.Cmd { return p.apply(one) },
		})
	}
	return table
}

// choose opens a picker of the pinned filters.
func (p *pins) choose() {
	var choices []picker.Choice
	all := p.all
	for i, one := range all {
		choices = append(choices, picker.Choice{Name: text.NewText(one.Name), Note: p.env.Painter.Cut(title(one), 28), ID: i})
	}
	openPicker(p.env.Env, picker.Options{Title: "pinned filters", Choices: choices, Enter: "apply", Delete: "delete"},
		func(c picker.Choice) tea.Cmd { return p.apply(all[c.ID]) },
		func(c picker.Choice) tea.Cmd {
			name := all[c.ID].Name
			return p.edit("deleted "+text.Printable(name), func(saved []filter.Pinned) []filter.Pinned { return filter.Unpin(saved, name) })
		})
}

// apply replaces all filters with the pinned filters. If the pinned filters are not valid for the items, apply shows
// the reason.
func (p *pins) apply(pinned filter.Pinned) tea.Cmd {
	exprs, err := pinned.Parse()
	filters := make([]item.Filter, 0, len(exprs))
	for _, expr := range exprs {
		if err == nil {
			err = expr.Check(p.table.Items())
		}
		filters = append(filters, expr)
	}
	if err != nil {
		return p.env.Say("cannot apply " + text.Printable(pinned.Name) + ": " + text.Printable(err.Error()))
	}
	return p.setFilters(filters)
}

// pinLayer is the prompt for the name of pinned filters.
type pinLayer struct {
	pins   *pins
	texts  []string
	prompt prompt.Prompt
	// replaces is the name of existing filters that the user was warned about.
	replaces string
}

// Place returns PlaceFooter, because the prompt is in the footer.
func (*pinLayer) Place() screen.Place { return screen.PlaceFooter }

// Input returns the prompt.
func (l *pinLayer) Input() *prompt.Prompt { return &l.prompt }

// Actions returns nil because the prompt handles all keys itself.
func (*pinLayer) Actions() action.Table { return nil }

// View draws the prompt.
func (l *pinLayer) View(area image.Rectangle) []string {
	return l.prompt.View(l.pins.env.Painter, area.Dx())
}

// Update handles key presses and pasted text.
func (l *pinLayer) Update(msg tea.Msg) tea.Cmd {
	switch msg.(type) {
	case tea.KeyPressMsg, tea.PasteMsg:
	default:
		return nil
	}
	switch l.prompt.Update(msg) {
	case prompt.Entered:
		return l.enter(strings.TrimSpace(l.prompt.Text()))
	case prompt.Canceled:
		l.pins.env.Layers.Close(l)
	case prompt.None, prompt.Changed, prompt.CompletionWanted:
	}
	return nil
}

// enter saves the filters. If the name is already used, it asks to press Enter again.
func (l *pinLayer) enter(name string) tea.Cmd {
	isUsed := slices.ContainsFunc(l.pins.all, func(one filter.Pinned) bool { return one.Name == name })
	switch {
	case name == "":
		l.pins.env.Layers.Close(l)
		return nil
	case len(name) > maxPinName:
		l.prompt.SetProblem("the name is too long", line.Span{})
		return nil
	case isUsed && l.replaces != name:
		l.replaces = name
		l.prompt.SetWarning("This name is used. Enter again to replace its filters", line.Span{})
		return nil
	}
	l.pins.env.Layers.Close(l)
	return l.pins.pin(name, l.texts)
}
