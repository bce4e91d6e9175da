package overview

import (
	"image"
	"math"
	"slices"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
	"sbwatch/ui/action"
	"sbwatch/ui/draw"
	"sbwatch/ui/screen"
)

// dispatching is a box that shows what new runs of some recipes may cost, and asks whether to dispatch them.
type dispatching struct {
	s       *Screen
	recipes []text.Text
}

// dispatcher dispatches recipes after the user has confirmed.
type dispatcher struct{ *Screen }

// confirm opens the box that asks whether to dispatch recipes.
func (s dispatcher) confirm(recipes []text.Text) tea.Cmd {
	if len(recipes) == 0 {
		return nil
	}
	s.env.Layers.Open(&dispatching{s.Screen, recipes})
	return tea.Batch(s.runs.AskUsage(), s.runs.AskPast(recipes))
}

// Place returns PlaceBox, because the box floats above the screen.
func (*dispatching) Place() screen.Place { return screen.PlaceBox }

// Actions returns nil because the box handles all keys itself.
func (*dispatching) Actions() action.Table { return nil }

// Update dispatches the recipes if the user presses y. It closes the box on esc and n.
func (d *dispatching) Update(msg tea.Msg) tea.Cmd {
	key, isKey := msg.(tea.KeyPressMsg)
	if !isKey {
		return nil
	}
	switch key.String() {
	case "y", "Y":
		d.s.env.Layers.Close(d)
		return dispatcher{d.s}.dispatch(d.recipes)
	case "esc", "n", "N":
		d.s.env.Layers.Close(d)
		return d.s.env.Say("nothing was dispatched")
	}
	return nil
}

// dispatch dispatches each of the recipes once.
func (s dispatcher) dispatch(recipes []text.Text) tea.Cmd {
	var cmds []tea.Cmd
	for i, recipe := range recipes {
		key, cmd := s.runs.Add(watch.NewDispatchWatch(recipe))
		cmds = append(cmds, cmd)
		if i == 0 {
			s.at = position{run: key, recipe: recipe.String()}
		}
	}
	s.Refresh()
	said := "dispatching " + recipesText(recipes)
	if _, isOpen := s.runs.Opened(); isOpen {
		said += ": esc shows all runs"
	}
	s.env.Say(said)
	return tea.Batch(cmds...)
}

// recipesText returns the id of a single recipe, or the number of recipes.
func recipesText(recipes []text.Text) string {
	if len(recipes) == 1 {
		return recipes[0].String()
	}
	return text.Counted(int64(len(recipes)), "recipe")
}

// maxListed is the maximum number of recipes that the box lists by id.
const maxListed = 8

// View draws the box.
func (d *dispatching) View(area image.Rectangle) []string {
	const maxWidth = 66
	p, w := d.s.env.Painter, min(maxWidth, area.Dx()-6)
	lines := []string{p.Strong.Render(p.Cut("Dispatch "+recipesText(d.recipes)+"?", w)), ""}
	for i, recipe := range d.recipes {
		if i == maxListed && len(d.recipes) > maxListed+1 {
			lines = append(lines, p.Muted.Render("and "+text.Counted(int64(len(d.recipes)-i), "more recipe")))
			break
		}
		lines = append(lines, p.Wrap(recipe.String()+": "+dispatcher{d.s}.earlierCosts(recipe), w)...)
	}
	lines = append(lines, "")
	for _, line := range append(dispatcher{d.s}.activeWarning(d.recipes), d.costs()...) {
		lines = append(lines, p.Wrap(line, w)...)
	}
	lines = append(lines, "", p.Strong.Render("y")+" "+p.Muted.Render("dispatch")+draw.Spaces(3)+p.Strong.Render("esc")+" "+p.Muted.Render("cancel"))
	return p.Box(lines, w)
}

// earlierCosts returns a text with the lowest and the highest numbers of pages and credits of completed runs of a
// recipe. The runs may be on the screen or in the history.
func (s dispatcher) earlierCosts(recipe text.Text) string {
	var pages, credits span
	n := 0
	for _, r := range s.rows {
		one := r.watch.Run()
		if r.watch.RecipeID() != recipe || one.Status() != run.StatusCompleted || !one.Pages.Known() {
			continue
		}
		n++
		pages.add(one.Pages.Or(0))
		if cost, known := one.Credits.Get(); known {
			credits.add(cost)
		}
	}
	for _, past := range s.pastRuns[recipe.Raw()] {
		if _, isHere := s.byID(past.ID); isHere || !past.Pages.Known() {
			continue
		}
		n++
		pages.add(past.Pages.Or(0))
		if cost, known := past.Credits.Get(); known {
			credits.add(cost)
		}
	}
	if n == 0 {
		return "no completed run is known"
	}
	said := pages.String() + " pages"
	if credits.isKnown {
		said += ", " + credits.String() + " credits"
	}
	return said + " in " + text.Counted(int64(n), "completed run")
}

// activeWarning returns a warning that names the recipes with an active run. It returns nil if there are none.
func (s dispatcher) activeWarning(recipes []text.Text) []string {
	var active []text.Text
	for _, r := range s.rows {
		if recipe := r.watch.RecipeID(); !r.watch.Over() && slices.Contains(recipes, recipe) && !slices.Contains(active, recipe) {
			active = append(active, recipe)
		}
	}
	switch len(active) {
	case 0:
		return nil
	case 1:
		return []string{"! A run of " + active[0].String() + " has not ended yet."}
	default:
		return []string{"! Runs of " + recipesText(active) + " have not ended yet."}
	}
}

// span is the range of several counts, such as "2-9" for the counts 4, 2 and 9.
type span struct {
	isKnown         bool
	lowest, highest int64
}

func (s *span) add(n int64) {
	if !s.isKnown {
		*s = span{true, n, n}
	}
	s.lowest, s.highest = min(s.lowest, n), max(s.highest, n)
}

func (s span) String() string {
	if s.lowest == s.highest {
		return text.Count(s.lowest)
	}
	return text.Count(s.lowest) + "-" + text.Count(s.highest)
}

// costs returns what the account allows and what the runs may cost, one sentence per line.
func (d *dispatching) costs() []string {
	account := d.s.runs.Account()
	usage, known := account.Usage.Get()
	switch {
	case !known && account.Problem != nil:
		return []string{"The cost is unknown: " + account.Problem.Short()}
	case !known:
		return []string{"Reading what the account allows …"}
	}
	var lines []string
	pages, credits := usage.Allowance()
	each, inAll := "", ""
	if n := int64(len(d.recipes)); n > 1 {
		each = " each"
		if most, isKnown := credits.Get(); isKnown && most <= math.MaxInt64/n {
			inAll = ", " + text.Counted(most*n, "credit") + " in all"
		}
	}
	switch most, isKnown := credits.Get(); {
	case isKnown && pages.Or(0) == 0:
		lines = append(lines, "The credits do not cover one page: the service will refuse to start a run.")
	case isKnown:
		lines = append(lines, "At most "+text.Counted(pages.Or(0), "page")+each+", "+text.Counted(most, "credit")+" at "+text.CountOr(usage.CostPerPage)+" a page"+inAll+".")
	case pages.Known():
		lines = append(lines, "At most "+text.Counted(pages.Or(0), "page")+each+"; the cost per page is unknown.")
	default:
		lines = append(lines, "The limits of the account are unknown.")
	}
	if balance, isKnown := usage.CreditsRemaining.Get(); isKnown {
		lines = append(lines, "Credits left: "+text.Count(balance)+".")
	}
	if used, isKnown := usage.RunsUsed.Get(); isKnown && usage.RunsPerMonth.Known() {
		lines = append(lines, "Runs in 30 days: "+text.Count(used)+" of "+text.CountOr(usage.RunsPerMonth)+".")
		if left := max(0, usage.RunsPerMonth.Or(0)-used); left < int64(len(d.recipes)) {
			lines = append(lines, "! The plan allows only "+text.Counted(left, "more run")+".")
		}
	}
	return lines
}

// runAgain asks whether to dispatch a recipe again: the recipe of the open run or, if no run is open, the recipe of the
// run at the cursor.
func (s dispatcher) runAgain() tea.Cmd {
	r, found := s.current()
	if opened, isOpen := s.runs.Opened(); isOpen {
		r, found = s.byKey[opened], true
	}
	if !found || r.watch.RecipeID().IsEmpty() {
		return s.env.Say("the recipe of this run is not known yet")
	}
	return s.confirm([]text.Text{r.watch.RecipeID()})
}

// enteredRecipes asks whether to dispatch the recipes whose ids the user typed. A recipe that was typed twice is
// dispatched once.
func (s dispatcher) enteredRecipes(ids []string) tea.Cmd {
	var recipes []text.Text
	seen := map[string]bool{}
	for _, id := range ids {
		if !seen[id] {
			recipes = append(recipes, text.NewText(id))
		}
		seen[id] = true
	}
	return s.confirm(recipes)
}
