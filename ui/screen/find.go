package screen

import (
	"errors"
	"image"
	"slices"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/search"
	"sbwatch/model/text"
	"sbwatch/ui/action"
	"sbwatch/ui/cursor"
	"sbwatch/ui/draw"
	"sbwatch/ui/line"
	"sbwatch/ui/widget/prompt"
)

// Find searches the rows of a screen that are all in memory. The owner says which rows match; Find asks for the text and
// walks from match to match.
type Find struct {
	query   search.Query
	history prompt.History
	// matches are the matching rows, ascending.
	matches []int
}

// FindIn is what Find needs to know of the rows. Select moves the cursor to a row and scrolls to it.
type FindIn struct {
	Len, Cursor int
	Matches     func(row int, q search.Query) bool
	Select      func(row int)
}

// Query returns the search. It is empty if there is none.
func (f *Find) Query() search.Query { return f.query }

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

// Open asks for the text to search for. The cursor follows to the first match at or after its row; canceling brings it
// back.
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

// next returns the next matching row after row (by = 1) or before it (by = -1), wrapping around, or otherwise if there
// is none.
func (f *Find) next(row, by, otherwise int) int {
	n := len(f.matches)
	if n == 0 {
		return otherwise
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

// Walk moves the cursor to the next match (by = 1) or the previous one (by = -1).
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

// Count describes the matches, for the footer: "/acme 2 of 5". It is empty if there is no search.
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

// Actions lists the actions of a search in rows.
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

// Back returns the step that clears the search, if there is one.
func (f *Find) Back() (Step, bool) {
	return Step{Title: "clear search", Run: action.Do(f.Clear)}, !f.query.IsEmpty()
}

// findLayer is the prompt of a search.
type findLayer struct {
	env      *Env
	prompt   prompt.Prompt
	changed  func(search.Query)
	entered  func(text string)
	canceled func()
}

// Place returns PlaceFooter.
func (*findLayer) Place() Place { return PlaceFooter }

// Actions returns nil because the prompt handles all keys itself.
func (*findLayer) Actions() action.Table { return nil }

// View draws the prompt.
func (l *findLayer) View(area image.Rectangle) []string {
	return l.prompt.View(l.env.Painter, area.Dx())
}

// Update handles keys and pasted text.
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
			l.prompt.SetProblem(SearchProblem(err))
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

// SearchProblem returns the message and position of an error in a search.
func SearchProblem(err error) (string, line.Span) {
	if at, ok := errors.AsType[*search.Error](err); ok {
		return at.Reason, line.Span{From: at.From, To: at.To}
	}
	return err.Error(), line.Span{}
}
