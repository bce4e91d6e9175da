package history

import (
	"context"
	"errors"
	"image"
	"slices"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/optional"
	"sbwatch/model/text"
	"sbwatch/ui/action"
	"sbwatch/ui/cursor"
	"sbwatch/ui/screen"
)

// Send returns a command that runs cmd. The message that cmd returns goes to the owner of a panel.
type Send func(cmd func() tea.Msg) tea.Cmd

// Panel shows the recorded runs of a recipe. Its owner passes messages to [Panel.Update]. Use [NewPanel] to create one.
type Panel struct {
	env    *screen.Env
	send   Send
	source Source
	area   image.Rectangle

	recipe RecipeKey
	// current is the run of the screen that contains the panel. The run may not be recorded yet. current is unknown if
	// the panel is not on the screen of a run.
	current optional.Value[Run]
	runs    []Run // as read from the history, oldest first
	loaded  bool
	problem string
	study   *Study // nil until the runs are compared

	loading, judging screen.Job

	// hasMoved reports whether the user has moved the cursor. Until then, the cursor is on the current run. If there is
	// no current run, it is on the newest run.
	hasMoved bool
	// run and column are the position of the cursor. firstRun and firstColumn are the first visible run and the first
	// visible column.
	run, column           int
	firstRun, firstColumn int
}

// NewPanel returns a panel without a recipe.
func NewPanel(env *screen.Env, send Send, source Source) Panel {
	return Panel{env: env, send: send, source: source}
}

// The messages that a panel sends to itself.
type (
	loadedMsg struct {
		generation int
		runs       []Run
		err        error
	}
	studiedMsg struct {
		generation int
		study      *Study
	}
)

// Recipe returns the recipe that the panel shows. Its id is empty until [Panel.Load] is called.
func (t *Panel) Recipe() RecipeKey { return t.recipe }

// IsEnabled reports whether the panel has a history and a recipe.
func (t *Panel) IsEnabled() bool { return t.source != nil && t.recipe.ID != "" }

// Load returns a command that reads the runs of a recipe.
func (t *Panel) Load(recipe RecipeKey) tea.Cmd {
	if t.source == nil || recipe.ID == "" {
		return nil
	}
	t.recipe, t.problem = recipe, ""
	ctx, _, generation := t.loading.Begin(t.env, "reading the history")
	source := t.source
	return t.send(func() tea.Msg {
		runs, err := source.Runs(ctx, recipe, maxRuns)
		return screen.UnlessOver(ctx, loadedMsg{generation, runs, err})
	})
}

// Retry returns a command that reads the runs again if that has failed. Otherwise, it returns nil.
func (t *Panel) Retry() tea.Cmd {
	if t.problem == "" {
		return nil
	}
	return t.Load(t.recipe)
}

// SetCurrent sets the run of the screen that contains the panel. It returns a command that compares the run with the
// other runs of the recipe.
func (t *Panel) SetCurrent(r Run) tea.Cmd {
	t.current = optional.Some(r)
	if !t.loaded {
		return nil
	}
	return t.judge()
}

// SetCurrentID sets the id of the run of the screen that contains the panel. The panel uses the id until the other
// facts about the run are known.
func (t *Panel) SetCurrentID(id text.Text) {
	if !t.current.Known() {
		var r Run
		r.ID = id
		t.current = optional.Some(r)
	}
}

// judge returns a command that compares the runs with each other.
func (t *Panel) judge() tea.Cmd {
	runs := slices.Clone(t.runs)
	current, known := t.current.Get()
	if known && !current.At().IsZero() {
		runs = withCurrent(runs, current)
	}
	ctx, _, generation := t.judging.Begin(t.env, "comparing "+text.Counted(int64(len(runs)), "run"))
	return t.send(func() tea.Msg {
		return screen.UnlessOver(ctx, studiedMsg{generation, StudyRuns(runs)})
	})
}

// withCurrent returns a copy of runs that also has the current run, ordered by time. If runs has a run with the same
// id, the current run replaces it, because the facts of the current run are newer.
func withCurrent(runs []Run, current Run) []Run {
	if i := slices.IndexFunc(runs, func(r Run) bool { return r.ID.Raw() == current.ID.Raw() }); i >= 0 {
		current.HasItems, current.Host = runs[i].HasItems, runs[i].Host
		runs[i] = current
		return runs
	}
	at, _ := slices.BinarySearchFunc(runs, current, func(r, c Run) int { return r.At().Compare(c.At()) })
	return slices.Insert(runs, at, current)
}

// Update handles the results of the panel's commands. changed reports whether the panel must be redrawn.
func (t *Panel) Update(msg tea.Msg) (cmd tea.Cmd, changed bool) {
	switch msg := msg.(type) {
	case loadedMsg:
		if !t.loading.Done(msg.generation) {
			return nil, false
		}
		t.loaded = true
		if msg.err != nil && !errors.Is(msg.err, context.Canceled) {
			t.problem = text.Printable(msg.err.Error())
		}
		t.runs = msg.runs
		return t.judge(), true
	case studiedMsg:
		if !t.judging.Done(msg.generation) {
			return nil, false
		}
		t.setStudy(msg.study)
		return nil, true
	}
	return nil, false
}

// setStudy shows the result of a comparison. If the user has moved the cursor, the cursor stays on its run and column.
// Otherwise the cursor goes to the current run or, if there is none, to the newest run.
func (t *Panel) setStudy(study *Study) {
	previous := t.study
	t.study = study
	runID, name := t.current.Or(Run{}).ID.Raw(), ""
	if previous != nil && t.hasMoved && t.run < len(previous.runs) {
		runID = previous.runs[t.run].ID.Raw()
	}
	if previous != nil && t.hasMoved && t.column < len(previous.columns) {
		name = previous.columns[t.column].name.Raw()
	}
	if t.run = study.index(runID); t.run < 0 {
		t.run = max(0, len(study.runs)-1)
	}
	t.column = max(0, slices.IndexFunc(study.columns, func(c column) bool { return c.name.Raw() == name }))
}

// Study returns the result of the comparison. It returns nil until the runs are compared.
func (t *Panel) Study() *Study { return t.study }

// SetArea sets the area that the panel draws in.
func (t *Panel) SetArea(area image.Rectangle) { t.area = area }

// Jobs returns the panel's background jobs.
func (t *Panel) Jobs() []*screen.Job { return []*screen.Job{&t.loading, &t.judging} }

// IsWorking reports whether the runs are being read or compared.
func (t *Panel) IsWorking() bool { return t.loading.Runs() || t.judging.Runs() }

// Position returns the position of the cursor for the footer, such as "run 28 of 30".
func (t *Panel) Position() string {
	if t.study == nil || len(t.study.runs) == 0 {
		return ""
	}
	return "run " + cursor.Of(t.run+1, len(t.study.runs))
}

// Selected returns the run and the name of the column at the cursor. found is false if there are no runs.
func (t *Panel) Selected() (r Run, name text.Text, found bool) {
	if t.study == nil || len(t.study.runs) == 0 {
		return Run{}, text.Text{}, false
	}
	if t.column < len(t.study.columns) {
		name = t.study.columns[t.column].name
	}
	return t.study.runs[t.run], name, true
}

// Actions lists the available actions.
func (t *Panel) Actions() action.Table {
	r, _, found := t.Selected()
	isCurrent := found && t.isCurrent(r)
	hasColumns := found && len(t.study.columns) > 0
	return append(action.Moves(t.move, hasColumns, found),
		action.Action{
			ID: "history.open", Group: action.GroupView, Title: "open run", Keys: []string{"enter"}, Rank: 3,
			Enabled: found && !isCurrent, Run: t.open,
		},
		action.Action{
			ID: "history.worse", Group: action.GroupView, Title: "next difference", Keys: []string{"n"}, Rank: 4,
			Enabled: found, Run: func() tea.Cmd { return t.toSign(1) },
		},
		action.Action{
			ID: "history.worse.previous", Group: action.GroupView, Title: "previous difference", Keys: []string{"N"},
			Enabled: found, Run: func() tea.Cmd { return t.toSign(-1) },
		},
	)
}

// isCurrent reports whether r is the run of the screen that contains the panel.
func (t *Panel) isCurrent(r Run) bool { return r.ID.Raw() == t.current.Or(Run{}).ID.Raw() }

// open opens the run at the cursor.
func (t *Panel) open() tea.Cmd {
	r, name, found := t.Selected()
	if !found {
		return nil
	}
	return func() tea.Msg { return OpenMsg{r, name} }
}

// toSign moves the cursor to the nearest later run (by = 1) or earlier run (by = -1) that is worse than usual.
func (t *Panel) toSign(by int) tea.Cmd {
	for i := t.run + by; i >= 0 && i < len(t.study.runs); i += by {
		if t.study.signOf(i) >= signWarning {
			t.run, t.hasMoved = i, true
			return nil
		}
	}
	if by > 0 {
		return t.env.Say("no later run is worse than usual")
	}
	return t.env.Say("no earlier run is worse than usual")
}

// move moves the cursor. Up and down go from column to column. Left and right go from run to run.
func (t *Panel) move(m cursor.Move) tea.Cmd {
	t.hasMoved = true
	if m.IsAcross() {
		t.run = m.Across(t.run, len(t.study.runs))
	} else {
		t.column = m.Apply(t.column, len(t.study.columns), t.layout().matrix)
	}
	return nil
}
