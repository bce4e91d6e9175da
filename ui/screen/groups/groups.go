// Package groups implements the screen that groups the items of a run by the values of a column. For each value it
// shows the number of items and their share. It also aggregates the columns with numbers.
package groups

import (
	"context"
	"errors"
	"image"
	"slices"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/group"
	"sbwatch/model/item"
	"sbwatch/model/search"
	"sbwatch/model/text"
	"sbwatch/query"
	"sbwatch/ui/action"
	"sbwatch/ui/cell"
	"sbwatch/ui/cursor"
	"sbwatch/ui/screen"
	"sbwatch/ui/widget/list"
	"sbwatch/work"
)

// Config says what to group, and what the user can do with a group.
type Config struct {
	Items item.Table
	// Rows are the indexes of the items to group. nil means all items.
	Rows []uint32
	// By is the column to group by.
	By item.Path
	// Columns are the visible columns. The values of columns with numbers are aggregated in each group.
	Columns []item.Path
	// Keep adds a filter for the items that have the given value, and Exclude adds a filter for all other items.
	Keep, Exclude func(item.Cell) tea.Cmd
}

// Screen shows the groups.
type Screen struct {
	env    *screen.Env
	config Config

	numbers []item.Path // the aggregated columns
	groups  []group.Group
	largest int // number of items of the largest group
	isKnown bool
	problem string

	list list.List
	find screen.Find
	// column is the index of the column at the cursor: 0 for the values, 1 for the counts, 2 for the first number
	// column.
	column int
	order  order
	shows  aggregate
	job    screen.Job
}

// maxNumbers is the maximum number of columns that are aggregated.
const maxNumbers = 8

// New returns the screen. Call [Screen.Load] to group the items.
func New(env *screen.Env, config Config) *Screen {
	return &Screen{env: env, config: config, column: columnCount, order: order{column: columnCount, isDescending: true}}
}

type loadedMsg struct {
	generation int
	numbers    []item.Path
	groups     []group.Group
	err        error
}

// sortedMsg has the groups in a new order.
type sortedMsg struct {
	generation int
	groups     []group.Group
	order      order
}

// Load returns a command that groups the items.
func (s *Screen) Load() tea.Cmd {
	ctx, progress, generation := s.job.Begin(s.env, "grouping")
	config := s.config
	return screen.ToLayer(s, func() tea.Msg { return load(ctx, config, progress, generation) })
}

func load(ctx context.Context, config Config, progress *work.Progress, generation int) tea.Msg {
	others := slices.DeleteFunc(slices.Clone(config.Columns), func(path item.Path) bool { return path == config.By })
	numbers := group.Numeric(config.Items, others)
	numbers = numbers[:min(len(numbers), maxNumbers)]
	found, err := query.Groups(ctx, config.Items, config.Rows, config.By, numbers, progress)
	return screen.UnlessOver(ctx, loadedMsg{generation, numbers, found, err})
}

// Place returns PlaceBody.
func (s *Screen) Place() screen.Place { return screen.PlaceBody }

// Header returns the line at the top of the screen, w cells wide.
func (s *Screen) Header(w int) string {
	p := s.env.Painter
	of := text.Counted(int64(s.count()), "item")
	if s.config.Rows != nil {
		of = text.Count(int64(s.count())) + " of " + text.Counted(int64(s.config.Items.Len()), "item")
	}
	return p.Between(p.Muted.Render("items by ")+p.Strong.Render(cell.Name(s.config.By.Name())), p.Muted.Render(of), w)
}

// count returns the number of grouped items.
func (s *Screen) count() int {
	if s.config.Rows != nil {
		return len(s.config.Rows)
	}
	return s.config.Items.Len()
}

// Update handles a message.
func (s *Screen) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case screen.ResizedMsg:
		s.list.Follow(s.height())
	case loadedMsg:
		s.loaded(msg)
	case sortedMsg:
		s.sorted(msg)
	}
	return nil
}

func (s *Screen) loaded(msg loadedMsg) {
	if !s.job.Done(msg.generation) {
		return
	}
	s.isKnown, s.numbers, s.groups = true, msg.numbers, msg.groups
	if len(msg.groups) > 0 {
		s.largest = msg.groups[0].Count
	}
	switch {
	case errors.Is(msg.err, group.ErrTooMany):
		s.problem = "This column has more than " + text.Count(group.MaxGroups) + " different values. Filter the items first, or group by another column."
	case msg.err != nil:
		s.problem = text.Printable(msg.err.Error())
	}
	s.setRows()
}

// setRows updates the list and the search after the groups have changed.
func (s *Screen) setRows() {
	s.list.SetLen(len(s.groups))
	s.list.Follow(s.height())
	s.find.Refresh(s.rows())
}

func (s *Screen) value(i int) item.Cell { return s.config.Items.At(s.groups[i].First, s.config.By) }

// rows returns the groups as rows that can be searched.
func (s *Screen) rows() screen.FindIn {
	return screen.FindIn{
		Len: len(s.groups), Cursor: s.list.Cursor(),
		Matches: func(row int, q search.Query) bool { return q.MatchCell(s.value(row)) },
		Select:  func(row int) { s.list.Select(row); s.list.Follow(s.height()) },
	}
}

// Position returns the position of the cursor, for the footer.
func (s *Screen) Position() string {
	if count := s.find.Count(s.env.Painter, s.list.Cursor()); count != "" {
		return count
	}
	if len(s.groups) == 0 {
		return ""
	}
	return cursor.Of(s.list.Cursor()+1, len(s.groups)) + " · sorted by " + s.order.title(s)
}

// IsWorking reports whether the items are being grouped.
func (s *Screen) IsWorking() bool { return s.job.Runs() }

// Work returns a text about the grouping that is in progress. It returns "" if there is none.
func (s *Screen) Work() string { return s.job.Text(s.env.Now) }

// height returns the number of groups that are visible.
func (s *Screen) height() int { return max(1, s.env.Frame.Body.Dy()-headerHeight) }

func (s *Screen) move(m cursor.Move) tea.Cmd {
	if m.IsAcross() {
		s.column = m.Across(s.column, columnCount+len(s.numbers)+1)
	} else {
		s.list.Move(m, s.height())
	}
	return nil
}

// Actions lists the available actions.
func (s *Screen) Actions() action.Table {
	if s.env.Frame.IsTooSmall {
		return action.Table{s.closing("esc")}
	}
	hasRows := len(s.groups) > 0
	one := func(id string, group action.Group, title string, keys []string, rank int, enabled bool, run func() tea.Cmd) action.Action {
		return action.Action{ID: "groups." + id, Group: group, Title: title, Keys: keys, Rank: rank, Enabled: enabled, Run: run}
	}
	table := append(action.Moves(s.move, hasRows, hasRows),
		one("keep", action.GroupFind, "filter to this value", []string{"enter", "v"}, 1, hasRows, s.closeAnd(s.config.Keep)),
		one("exclude", action.GroupFind, "exclude this value", []string{"x"}, 4, hasRows, s.closeAnd(s.config.Exclude)),
		one("sort", action.GroupFind, "sort", []string{"s"}, 3, hasRows && !s.job.Runs(), s.sort),
		one("aggregate", action.GroupView, "show "+s.shows.next().String(), []string{"a"}, 5, len(s.numbers) > 0, action.Do(func() { s.shows = s.shows.next() })),
		one("copy", action.GroupExport, "copy", []string{"y"}, 8, hasRows, s.copyValue),
	)
	if back, found := s.find.Back(); found {
		table = append(table, one("clear", action.GroupFind, back.Title, []string{"esc"}, 2, true, back.Run))
	}
	return append(append(table, s.find.Actions(s.env, s.rows, hasRows)...), s.closing("esc", "#"))
}

func (s *Screen) closing(keys ...string) action.Action {
	return action.Action{
		ID: "groups.close", Group: action.GroupView, Title: "back", Keys: keys, Rank: 2, Enabled: true,
		Run: action.Do(s.close),
	}
}

func (s *Screen) close() {
	s.job.Stop()
	s.env.Layers.Close(s)
}

// closeAnd returns a function that closes the screen and then calls the function do with the value at the cursor.
func (s *Screen) closeAnd(do func(item.Cell) tea.Cmd) func() tea.Cmd {
	return func() tea.Cmd {
		value := s.value(s.list.Cursor())
		s.close()
		return do(value)
	}
}

func (s *Screen) copyValue() tea.Cmd {
	value := s.value(s.list.Cursor())
	if value.Kind() == item.CellMissing {
		return s.env.Say("these items do not have this field")
	}
	return screen.Copy(s.env, "", value.Text().Raw())
}

// View draws the screen.
func (s *Screen) View(area image.Rectangle) []string {
	p := s.env.Painter
	switch {
	case s.env.Frame.IsTooSmall:
		return []string{p.Cut("This window is too small.", area.Dx())}
	case s.problem != "":
		return append([]string{""}, p.Wrap(s.problem, area.Dx())...)
	case !s.isKnown:
		return []string{"", p.Muted.Render("grouping the items")}
	}
	v := s.layOut(area.Dx())
	return append([]string{v.header()}, s.list.View(p, area.Dy()-headerHeight, v.row)...)
}
