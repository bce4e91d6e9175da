package overview

import (
	"image"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/search"
	"sbwatch/model/text"
	"sbwatch/model/watch"
	"sbwatch/monitor"
	"sbwatch/ui/action"
	"sbwatch/ui/line"
	"sbwatch/ui/screen"
	"sbwatch/ui/widget/prompt"
)

// askKind says what a prompt asks for.
type askKind int

const (
	askSearch askKind = iota
	askFilter
	askRun
	askRecipes
)

// asking is the prompt in the footer. While it is open, it receives all keys except the keys that quit the program.
type asking struct {
	s    *Screen
	kind askKind
	line prompt.Prompt
	// oldPosition is the position of the cursor before the prompt was opened, and previous is the search at that time.
	// Canceling restores both.
	oldPosition position
	previous    search.Query
}

func (s *Screen) ask(kind askKind) {
	s.hold()
	label, hint := kind.texts()
	s.env.Layers.Open(&asking{s: s, kind: kind, line: prompt.New(label, hint, *s.history(kind)), oldPosition: s.at, previous: s.search})
}

// texts returns the label of a prompt and the keys that are shown above it.
func (k askKind) texts() (label, hint string) {
	switch k {
	case askSearch:
		return "/", "enter done   esc cancel   ↑ history   re: regular expression"
	case askFilter:
		return "filter ", "status = failed   drift > 0.3   state = stalled   tab complete   enter filter   esc cancel"
	case askRun:
		return "run id ", "enter add   esc cancel   several ids: separate them by spaces"
	case askRecipes:
	}
	return "recipe id ", "enter show cost   tab complete   esc cancel   several ids: separate them by spaces"
}

func (s *Screen) history(kind askKind) *prompt.History {
	switch kind {
	case askSearch:
		return &s.searchHistory
	case askFilter:
		return &s.filterHistory
	case askRun:
		return &s.idHistory
	case askRecipes:
	}
	return &s.recipeHistory
}

// Place returns PlaceFooter, because the prompt is in the footer.
func (*asking) Place() screen.Place { return screen.PlaceFooter }

// Input returns the prompt.
func (a *asking) Input() *prompt.Prompt { return &a.line }

// Actions returns nil because the prompt handles all keys itself.
func (*asking) Actions() action.Table { return nil }

// View draws the prompt. The line above it shows an error, completions or the keys.
func (a *asking) View(area image.Rectangle) []string { return a.line.View(a.s.env.Painter, area.Dx()) }

// Update handles key presses and pasted text.
func (a *asking) Update(msg tea.Msg) tea.Cmd {
	switch msg.(type) {
	case tea.KeyPressMsg, tea.PasteMsg:
	default:
		return nil
	}
	a.s.hold()
	switch a.line.Update(msg) {
	case prompt.Changed:
		a.typed()
	case prompt.Entered:
		return a.entered(strings.TrimSpace(a.line.Text()))
	case prompt.Canceled:
		a.canceled()
	case prompt.CompletionWanted:
		a.complete()
	case prompt.None:
	}
	return nil
}

// typed handles a change of the text: it searches for the text, or completes a filter.
func (a *asking) typed() {
	switch a.kind {
	case askSearch:
		q, err := search.Parse(a.line.Text())
		if err != nil {
			a.line.SetProblem(err.Error(), line.Span{})
			return
		}
		finder{a.s}.setSearch(q)
		if !q.IsEmpty() && len(a.s.matches) > 0 {
			finder{a.s}.walk(a.s.find(a.oldPosition), 1)
		}
	case askFilter, askRecipes:
		if !a.line.IsCompleted() {
			a.complete()
		}
	case askRun:
	}
}

// complete shows completions for the word at the cursor.
func (a *asking) complete() {
	switch a.kind {
	case askFilter:
		finder{a.s}.complete(&a.line)
	case askRecipes:
		before := a.line.Text()[:a.line.Cursor()]
		from := strings.LastIndexByte(before, ' ') + 1
		a.line.SetCompletions(a.s.recipes(before[from:]), line.Span{From: from, To: len(before)})
	case askSearch, askRun:
	}
}

// canceled closes the prompt and undoes its changes.
func (a *asking) canceled() {
	a.s.env.Layers.Close(a)
	if a.kind != askSearch {
		return
	}
	finder{a.s}.setSearch(a.previous)
	a.s.list.Select(a.s.find(a.oldPosition))
	a.s.list.Follow(a.s.listHeight())
	a.s.notePosition()
}

// entered does what the prompt asks for, such as starting a search. If that fails, the prompt stays open.
func (a *asking) entered(typed string) tea.Cmd {
	s := a.s
	if a.kind == askFilter && typed != "" {
		expr, isRight := finder{s}.parseFilter(&a.line)
		if !isRight {
			return nil
		}
		finder{s}.addFilter(expr)
	}
	s.env.Layers.Close(a)
	s.history(a.kind).Add(typed)
	switch a.kind {
	case askRun:
		return s.addRuns(strings.Fields(typed))
	case askRecipes:
		return dispatcher{s}.enteredRecipes(strings.Fields(typed))
	case askSearch, askFilter:
	}
	return nil
}

// addRuns watches the runs with the given ids, and moves the cursor to the run with the last id. It does not add runs
// that are already on the screen.
func (s *Screen) addRuns(ids []string) tea.Cmd {
	var cmds []tea.Cmd
	added := 0
	for _, id := range ids {
		key, isThere := s.byID(id)
		if !isThere {
			var cmd tea.Cmd
			key, cmd = s.runs.Add(watch.NewWatch(text.NewText(id)))
			cmds = append(cmds, cmd)
			s.Refresh() // the same id must not be added twice
			added++
		}
		s.at = s.entryOf(key).position()
	}
	s.order(true)
	switch {
	case len(ids) > 0 && added == 0:
		s.env.Say("already on the screen")
	case added > 0:
		s.env.Say("added " + runsText(added))
	}
	return tea.Batch(cmds...)
}

// byID returns the run with this id. It returns false if there is none.
func (s *Screen) byID(id string) (monitor.RunKey, bool) {
	for _, r := range s.rows {
		if r.watch.RunID().Raw() == id {
			return r.key, true
		}
	}
	return 0, false
}

func (s *Screen) entryOf(run monitor.RunKey) entry { return entry{row: s.byKey[run]} }

// recipes returns the recipes whose ids start with prefix. It looks for them on the screen and in the history.
func (s *Screen) recipes(prefix string) []prompt.Completion {
	ids := slices.Clone(s.pastRecipes)
	for _, r := range s.rows {
		ids = append(ids, r.watch.RecipeID().Raw())
	}
	ids = slices.DeleteFunc(ids, func(id string) bool { return id == "" || !strings.HasPrefix(id, prefix) })
	slices.Sort(ids)
	ids = slices.Compact(ids)
	completions := make([]prompt.Completion, len(ids))
	for i, id := range ids {
		completions[i] = prompt.Completion{Text: id}
	}
	return completions
}
