package screen

import (
	"errors"
	"image"
	"slices"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/lang"
	"sbwatch/model/search"
	"sbwatch/model/text"
	"sbwatch/ui/action"
	"sbwatch/ui/cursor"
	"sbwatch/ui/draw"
	"sbwatch/ui/line"
	"sbwatch/ui/widget/prompt"
)

// Find searches the rows of a screen, which are all in memory. It asks the user for a text and moves the cursor from
// match to match. The screen passes its rows as [FindIn].
type Find struct {
	query   search.Query
	history prompt.History
	// matches are the indexes of the matching rows, in ascending order.
	matches []int
}

// FindIn describes the rows to search and the position of the cursor. Select moves the cursor to a row and scrolls to
// it.
type FindIn struct {
	Len, Cursor int
	Matches     func(row int, q search.Query) bool
	Select      func(row int)
}

// Query returns the current search. It is empty if there is none.
func (f *Find) Query() search.Query { return f.query }

// Set replaces the search, and finds the matches among the rows.
func (f *Find) Set(q search.Query, in FindIn) {
	f.query = q
	f.Refresh(in)
}

// Clear ends the search.
func (f *Find) Clear() { f.query, f.matches = search.Query{}, nil }

// Refresh finds the matches again after the rows have changed.
func (f *Find) Refresh(in FindIn) {
	f.matches = nil
	if f.query.IsEmpty() {
		return
	}
	for row := range in.Len {
		if in.Matches(row, f.query) {
			f.matches = append(f.matches, row)
		}
	}
}

// Open opens a prompt for the text to search for. While the user types, the cursor moves to the first match at or after
// its original row. If the user cancels, the cursor returns to its original row.
func (f *Find) Open(env *Env, rows func() FindIn) {
	previous, from := f.query, rows().Cursor
	l := &findLayer{env: env, prompt: prompt.New("/", "enter done   esc cancel   ↑ history   re: regular expression", f.history)}
	l.changed = func(q search.Query) {
		in := rows()
		f.query = q
		f.Refresh(in)
		in.Select(f.next(from-1, 1, from))
	}
	l.canceled = func() {
		in := rows()
		f.query = previous
		f.Refresh(in)
		in.Select(from)
	}
	l.entered = func(typed string) { f.history.Add(typed) }
	env.Layers.Open(l)
}

// next returns the next match after row (by = 1) or the last match before row (by = -1). It continues at the other end
// of the list. If no row matches, it returns fallback.
func (f *Find) next(row, by, fallback int) int {
	n := len(f.matches)
	if n == 0 {
		return fallback
	}
	if by > 0 {
		for _, match := range f.matches {
			if match > row {
				return match
			}
		}
		return f.matches[0]
	}
	for i := n - 1; i >= 0; i-- {
		if f.matches[i] < row {
			return f.matches[i]
		}
	}
	return f.matches[n-1]
}

// Walk moves the cursor to the next match (by = 1) or to the previous match (by = -1).
func (f *Find) Walk(env *Env, in FindIn, by int) tea.Cmd {
	f.Refresh(in)
	to := f.next(in.Cursor, by, -1)
	if to < 0 {
		return env.Say("no match for " + env.Painter.Cut(f.query.Title(), 40))
	}
	in.Select(to)
	switch {
	case by > 0 && to <= in.Cursor:
		return env.Say("continued from the top")
	case by < 0 && to >= in.Cursor:
		return env.Say("continued from the bottom")
	}
	return nil
}

// Count returns the search and the position among its matches for the footer, such as "/acme 2 of 5". It returns "" if
// there is no search.
func (f *Find) Count(p draw.Painter, row int) string {
	if f.query.IsEmpty() {
		return ""
	}
	title := p.Cut(f.query.Title(), 20) + " "
	if len(f.matches) == 0 {
		return title + "no match"
	}
	if at, on := slices.BinarySearch(f.matches, row); on {
		return title + cursor.Of(at+1, len(f.matches))
	}
	return title + text.Count(int64(len(f.matches))) + " found"
}

// Actions lists the actions that search the rows of a screen.
func (f *Find) Actions(env *Env, rows func() FindIn, enabled bool) action.Table {
	walks := enabled && !f.query.IsEmpty()
	return action.Table{
		{
			ID: "find.search", Group: action.GroupFind, Title: "search", Keys: []string{"/"}, Rank: 6, Enabled: enabled,
			Run: action.Do(func() { f.Open(env, rows) }),
		},
		{
			ID: "find.next", Group: action.GroupFind, Title: "next match", Keys: []string{"n"}, Enabled: walks,
			Run: func() tea.Cmd { return f.Walk(env, rows(), 1) },
		},
		{
			ID: "find.previous", Group: action.GroupFind, Title: "previous match", Keys: []string{"N"}, Enabled: walks,
			Run: func() tea.Cmd { return f.Walk(env, rows(), -1) },
		},
	}
}

// Back returns the step that clears the search. It returns false if there is no search.
func (f *Find) Back() (Step, bool) {
	return Step{Title: "clear search", Run: action.Do(f.Clear)}, !f.query.IsEmpty()
}

// findLayer is the prompt for a search.
type findLayer struct {
	env      *Env
	prompt   prompt.Prompt
	changed  func(search.Query)
	entered  func(text string)
	canceled func()
}

// Place returns PlaceFooter, because the prompt is in the footer.
func (*findLayer) Place() Place { return PlaceFooter }

// Input returns the prompt.
func (l *findLayer) Input() *prompt.Prompt { return &l.prompt }

// Actions returns nil because the prompt handles all keys itself.
func (*findLayer) Actions() action.Table { return nil }

// View draws the prompt.
func (l *findLayer) View(area image.Rectangle) []string {
	return l.prompt.View(l.env.Painter, area.Dx())
}

// Update handles key presses and pasted text.
func (l *findLayer) Update(msg tea.Msg) tea.Cmd {
	switch msg.(type) {
	case tea.KeyPressMsg, tea.PasteMsg:
	default:
		return nil
	}
	switch l.prompt.Update(msg) {
	case prompt.Changed:
		q, err := search.Parse(l.prompt.Text())
		if err != nil {
			l.prompt.SetProblem(LineProblem(err))
			return nil
		}
		l.changed(q)
	case prompt.Entered:
		l.env.Layers.Close(l)
		l.entered(l.prompt.Text())
	case prompt.Canceled:
		l.env.Layers.Close(l)
		l.canceled()
	case prompt.None, prompt.CompletionWanted:
	}
	return nil
}

// LineProblem returns the message about an invalid filter, formula or search, and the part of the text that is wrong.
func LineProblem(err error) (string, line.Span) {
	var wrong line.Span
	if at, ok := errors.AsType[*lang.Error](err); ok {
		wrong = line.Span{From: at.From, To: at.To}
	}
	return err.Error(), wrong
}

// Completions converts candidates to the completions that a prompt shows.
func Completions(candidates []lang.Candidate) []prompt.Completion {
	completions := make([]prompt.Completion, len(candidates))
	for i, c := range candidates {
		completions[i] = prompt.Completion(c)
	}
	return completions
}
