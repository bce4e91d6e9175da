package history

import (
	"cmp"
	"context"
	"errors"
	"image"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/baseline"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/ui/action"
	"sbwatch/ui/cursor"
	"sbwatch/ui/draw"
	"sbwatch/ui/screen"
	"sbwatch/ui/widget/list"
	"sbwatch/ui/widget/prompt"
)

// recipeRuns is the maximum number of runs of each recipe that are compared for the list of recipes. For the screen of
// a single recipe, up to maxRuns runs are compared.
const recipeRuns = 40

// Recipes is the screen that lists all recorded recipes, the worst first.
type Recipes struct {
	env    *screen.Env
	source Source

	reading screen.Job
	loaded  bool
	problem string
	recipes []judged // worst first, once all are compared
	// pending are the recipes whose runs are not compared yet.
	pending []RecipeKey

	// query is the search. Only recipes whose id contains query are shown. shown holds the indexes of these recipes.
	query string
	shown []int
	list  list.List
}

type judged struct {
	Recipe

	study *Study // nil until the runs are compared
}

// NewRecipes returns the screen. Call [Recipes.Load] to read the recipes.
func NewRecipes(env *screen.Env, source Source) *Recipes { return &Recipes{env: env, source: source} }

type (
	recipesMsg struct {
		generation int
		recipes    []Recipe
		err        error
	}
	recipeMsg struct {
		generation int
		recipe     RecipeKey
		study      *Study
		err        error
	}
)

// Load returns a command that reads the recipes from the history.
func (s *Recipes) Load() tea.Cmd {
	ctx, _, generation := s.reading.Begin(s.env, "reading the history")
	source := s.source
	return screen.ToLayer(s, func() tea.Msg {
		recipes, err := source.Recipes(ctx)
		return screen.UnlessOver(ctx, recipesMsg{generation, recipes, err})
	})
}

// Update handles the results of the screen's own commands. It ignores all other messages.
func (s *Recipes) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case recipesMsg:
		if !s.reading.Done(msg.generation) {
			return nil
		}
		return s.listed(msg)
	case recipeMsg:
		if !s.reading.Done(msg.generation) {
			return nil
		}
		return s.compared(msg)
	}
	return nil
}

// listed handles a recipesMsg: it shows the recipes. It returns a command that starts to compare their runs.
func (s *Recipes) listed(msg recipesMsg) tea.Cmd {
	s.loaded, s.problem, s.recipes, s.pending = true, "", nil, nil
	if msg.err != nil && !errors.Is(msg.err, context.Canceled) {
		s.problem = text.Printable(msg.err.Error())
	}
	for _, recipe := range msg.recipes {
		s.recipes = append(s.recipes, judged{Recipe: recipe})
		s.pending = append(s.pending, recipe.RecipeKey)
	}
	s.sort()
	return s.compareNext()
}

// compareNext returns a command that compares the runs of the next pending recipe. It returns nil if all recipes are
// compared.
func (s *Recipes) compareNext() tea.Cmd {
	if len(s.pending) == 0 {
		return nil
	}
	recipe := s.pending[0]
	s.pending = s.pending[1:]
	ctx, _, generation := s.reading.Begin(s.env, "comparing runs")
	source := s.source
	return screen.ToLayer(s, func() tea.Msg {
		runs, err := source.Runs(ctx, recipe, recipeRuns)
		return screen.UnlessOver(ctx, recipeMsg{generation, recipe, StudyRuns(runs), err})
	})
}

// compared handles a recipeMsg: it stores the comparison of a recipe's runs. It does not sort the list until all
// recipes are compared, so that lines do not move.
func (s *Recipes) compared(msg recipeMsg) tea.Cmd {
	if msg.err != nil && !errors.Is(msg.err, context.Canceled) {
		s.problem = text.Printable(msg.err.Error())
	}
	for i := range s.recipes {
		if s.recipes[i].RecipeKey == msg.recipe {
			s.recipes[i].study = msg.study
		}
	}
	if len(s.pending) == 0 {
		s.sort()
	}
	return s.compareNext()
}

// sort sorts the recipes, the worst first. Equally bad recipes are sorted by their last run, newest first. A cursor on
// the first line stays there. Otherwise the cursor stays on its recipe.
func (s *Recipes) sort() {
	selected, found := s.selected()
	atTop := s.list.Cursor() == 0
	slices.SortStableFunc(s.recipes, func(a, b judged) int {
		return cmp.Or(cmp.Compare(b.badness(), a.badness()), b.LastAt.Compare(a.LastAt), cmp.Compare(a.ID, b.ID))
	})
	s.filter()
	if found && !atTop {
		for row, i := range s.shown {
			if s.recipes[i].RecipeKey == selected {
				s.list.Select(row)
			}
		}
	}
	s.list.Follow(s.rows())
}

// filter applies the search to the list.
func (s *Recipes) filter() {
	s.shown = nil
	query := strings.ToLower(s.query)
	for i := range s.recipes {
		if strings.Contains(strings.ToLower(s.recipes[i].ID), query) {
			s.shown = append(s.shown, i)
		}
	}
	s.list.SetLen(len(s.shown))
	s.list.Follow(s.rows())
}

// badness returns a number for the state of a recipe. The number is higher for a worse state, and 0 if nothing is
// wrong. The number depends first on the advice, and then on how the newest run differs from usual.
func (j *judged) badness() int {
	if j.study == nil || len(j.study.runs) == 0 {
		return 0
	}
	const perAdvice = 10
	bad := 0
	if newest := j.study.newest(); newest >= 0 {
		bad = perAdvice*int(j.study.judgments[newest].Advice.Kind) + int(j.study.signOf(newest))
	}
	return max(bad, int(j.study.signOf(len(j.study.runs)-1)))
}

func (s *Recipes) selected() (RecipeKey, bool) {
	if s.list.Cursor() >= len(s.shown) {
		return RecipeKey{}, false
	}
	return s.recipes[s.shown[s.list.Cursor()]].RecipeKey, true
}

// Place returns PlaceBody.
func (s *Recipes) Place() screen.Place { return screen.PlaceBody }

// Header returns the line at the top of the screen, w cells wide.
func (s *Recipes) Header(w int) string {
	p := s.env.Painter
	right := ""
	if s.loaded {
		right = p.Muted.Render(text.Counted(int64(len(s.recipes)), "recipe"))
	}
	if bad := s.countBad(); bad > 0 {
		right = p.Error.Render("✗ "+text.Count(int64(bad))+" to re-author") + "  " + right
	}
	return p.Between(p.Strong.Render("history"), right, w)
}

func (s *Recipes) countBad() int {
	n := 0
	for i := range s.recipes {
		if s.recipes[i].advice().Kind == baseline.AdviceReAuthor {
			n++
		}
	}
	return n
}

func (j *judged) advice() baseline.Advice {
	if j.study == nil {
		return baseline.Advice{}
	}
	if newest := j.study.newest(); newest >= 0 {
		return j.study.judgments[newest].Advice
	}
	return baseline.Advice{}
}

// rows returns the number of lines below the header.
func (s *Recipes) rows() int { return max(1, s.env.Frame.Body.Dy()-1) }

// View draws the screen.
func (s *Recipes) View(area image.Rectangle) []string {
	p, w := s.env.Painter, area.Dx()
	switch {
	case s.env.Frame.IsTooSmall:
		return tooSmall(s.env, area)
	case s.problem != "" && len(s.recipes) == 0:
		return draw.Marked("✗", p.Error, p.Wrap("The history cannot be read: "+s.problem, w-2))
	case !s.loaded:
		return []string{p.Muted.Render("reading the history …")}
	case len(s.recipes) == 0:
		return draw.Styled(p.Muted, p.Wrap("No runs are recorded yet. sbwatch records each run that it watches: sbwatch run RECIPE_ID", w))
	case len(s.shown) == 0:
		return draw.Styled(p.Muted, p.Wrap("No recipe has "+text.Printable(s.query)+" in its id. Esc removes the search.", w))
	}
	c := s.columns(w - cursorWidth)
	lines := []string{p.Table.Header.Render(draw.Spaces(cursorWidth) + p.Cut(c.header(p), w-cursorWidth))}
	s.list.Follow(s.rows())
	return append(lines, s.list.View(p, s.rows(), func(row int) string { return s.line(&s.recipes[s.shown[row]], c, w-cursorWidth) })...)
}

// recipeColumns holds the widths of the columns in the list of recipes, in cells. A column of width 0 is left out.
type recipeColumns struct{ id, host, spark, items, drift, last int }

// The widths of the parts of a line, in cells.
const (
	itemsWidth = 7
	driftWidth = 6
	lastWidth  = 12
	// The items and the drift are shown only if at least minAdvice cells remain for the advice. The host, the last run
	// and the sparkline are shown only if at least adviceRoom cells remain for the advice.
	adviceRoom = 40
	minAdvice  = 24
)

func (s *Recipes) columns(w int) recipeColumns {
	p := s.env.Painter
	c := recipeColumns{id: len("recipe")}
	hosts := map[string]bool{}
	for i := range s.recipes[:min(len(s.recipes), 500)] {
		c.id = max(c.id, min(24, p.Width(text.NewText(s.recipes[i].ID).String())))
		hosts[s.recipes[i].Host] = true
		c.host = max(c.host, min(24, p.Width(text.NewText(s.recipes[i].Host).String())))
	}
	rest := w - markWidth - c.id - partGap
	if rest-itemsWidth-partGap-driftWidth-partGap >= minAdvice {
		c.items, c.drift = itemsWidth, driftWidth
		rest -= itemsWidth + partGap + driftWidth + partGap
	}
	rest -= adviceRoom
	if len(hosts) < 2 || rest < c.host+partGap {
		c.host = 0
	} else {
		rest -= c.host + partGap
	}
	if rest >= lastWidth+partGap {
		c.last = lastWidth
		rest -= lastWidth + partGap
	}
	if rest >= 8+partGap {
		c.spark = min(30, rest-partGap)
	}
	return c
}

const markWidth = 2

// partCount returns the number of visible columns to the left of the last column, which shows the advice.
func (c recipeColumns) partCount() int {
	n := 1
	for _, width := range []int{c.host, c.spark, c.items, c.drift, c.last} {
		if width > 0 {
			n++
		}
	}
	return n
}

func (c recipeColumns) header(p draw.Painter) string {
	parts := []string{p.Fit("  recipe", markWidth+c.id)}
	if c.host > 0 {
		parts = append(parts, p.Fit("host", c.host))
	}
	if c.spark > 0 {
		parts = append(parts, p.FitRight("items over time", c.spark))
	}
	if c.items > 0 {
		parts = append(parts, p.FitRight("items", c.items), p.FitRight("drift", c.drift))
	}
	if c.last > 0 {
		parts = append(parts, p.Fit("last run", c.last))
	}
	return strings.Join(append(parts, "advice"), draw.Spaces(partGap))
}

// line draws a recipe on one line of w cells.
func (s *Recipes) line(j *judged, c recipeColumns, w int) string {
	p := s.env.Painter
	mark, style, advice := s.verdict(j, w-markWidth-c.id-c.host-c.spark-c.items-c.drift-c.last-partGap*c.partCount())
	parts := []string{style.Render(p.Fit(mark, markWidth)) + p.Strong.Render(p.Fit(text.NewText(j.ID).String(), c.id))}
	if c.host > 0 {
		parts = append(parts, p.Muted.Render(p.Fit(text.NewText(j.Host).String(), c.host)))
	}
	if c.spark > 0 {
		parts = append(parts, p.Accent.UnsetBold().Render(p.FitRight(j.sparkline(c.spark), c.spark)))
	}
	items, drift, driftStyle := "", "", p.Plain
	if j.study != nil && len(j.study.runs) > 0 {
		last := len(j.study.runs) - 1
		items, drift = text.CountOr(j.study.runs[last].Items), driftOr(j.study.runs[last].Drift)
		if j.study.severity(last, baseline.Drift) > baseline.Note {
			driftStyle = p.Warning
		}
	}
	if c.items > 0 {
		parts = append(parts, p.FitRight(items, c.items), driftStyle.Render(p.FitRight(drift, c.drift)))
	}
	if c.last > 0 {
		at := ""
		if !j.LastAt.IsZero() {
			at = j.LastAt.In(s.env.Now.Location()).Format("Jan 02 15:04")
		}
		parts = append(parts, p.Muted.Render(p.Fit(at, c.last)))
	}
	line := strings.Join(parts, draw.Spaces(partGap)) + draw.Spaces(partGap)
	return line + style.Render(p.Cut(advice, w-p.Width(line)))
}

// verdict returns the advice about a recipe in at most w cells, with its symbol and style.
func (s *Recipes) verdict(j *judged, w int) (mark string, style interface{ Render(...string) string }, words string) {
	p := s.env.Painter
	if j.study == nil {
		return "…", p.Muted, ""
	}
	panel := Panel{env: s.env, study: j.study}
	newest := j.study.newest()
	if n := len(j.study.runs); n > 0 && j.study.runs[n-1].Status == run.StatusFailed {
		return "✗", p.Error, "the last run failed: " + j.study.runs[n-1].Error.String()
	}
	if newest < 0 {
		return "·", p.Muted, "no completed run yet"
	}
	judgment := &j.study.judgments[newest]
	if judgment.Advice.Kind != baseline.AdviceNone {
		mark, style := AdviceMark(p, judgment.Advice.Kind)
		return mark, style, panel.shortVerdict(judgment, w)
	}
	if worst, found := worstOf(judgment); found {
		mark, style := ChangeMark(p, worst)
		return mark, style, worst.String()
	}
	if !judgment.ClaimsUsual() {
		return "·", p.Muted, text.Counted(int64(len(j.study.runs)), "run") + ": too few to say what is usual"
	}
	return "✓", p.Muted, "as usual"
}

// sparkline draws the numbers of items of the newest runs on at most w cells. Even the highest bar leaves a gap to the
// line above.
func (j *judged) sparkline(w int) string {
	if j.study == nil {
		return ""
	}
	runs := j.study.runs[max(0, len(j.study.runs)-w):]
	most := int64(1)
	for _, r := range runs {
		most = max(most, r.Items.Or(0))
	}
	blocks := []rune("▁▂▃▄▅▆▇")
	var line strings.Builder
	for _, r := range runs {
		items, known := r.Items.Get()
		if !known {
			line.WriteRune(' ')
			continue
		}
		line.WriteRune(blocks[max(0, items)*int64(len(blocks)-1)/most])
	}
	return line.String()
}

// Position returns the position of the cursor, for the footer.
func (s *Recipes) Position() string {
	if s.query != "" {
		return "/" + s.env.Painter.Cut(text.Printable(s.query), 20) + " · " + s.list.Position()
	}
	return s.list.Position()
}

// IsWorking reports whether the history is being read.
func (s *Recipes) IsWorking() bool { return s.reading.Runs() }

// Work returns a text about the progress: how many recipes are not compared yet.
func (s *Recipes) Work() string {
	words := s.reading.Text(s.env.Now)
	if words != "" && len(s.pending) > 0 {
		words = "comparing runs … " + text.Counted(int64(len(s.pending)), "recipe") + " left"
	}
	return words
}

// Actions lists the available actions.
func (s *Recipes) Actions() action.Table {
	if s.env.Frame.IsTooSmall {
		return nil
	}
	_, found := s.selected()
	return append(action.Moves(s.move, found, false),
		action.Action{
			ID: "history.recipe", Group: action.GroupView, Title: "open recipe", Keys: []string{"enter"}, Rank: 3, Enabled: found,
			Run: func() tea.Cmd {
				key, _ := s.selected()
				return func() tea.Msg { return OpenRecipeMsg{key} }
			},
		},
		action.Action{
			ID: "history.search", Group: action.GroupFind, Title: "search", Keys: []string{"/"}, Rank: 4, Enabled: len(s.recipes) > 0,
			Run: action.Do(s.openPrompt),
		},
		action.Action{
			ID: "history.unsearch", Group: action.GroupFind, Title: "remove search", Keys: []string{"esc"}, Rank: 5, Enabled: s.query != "",
			Run: action.Do(func() { s.query = ""; s.filter() }),
		},
		action.Action{
			ID: "history.reload", Group: action.GroupView, Title: "read again", Keys: []string{"p"}, Rank: 13, Enabled: !s.IsWorking(),
			Run: s.Load,
		},
	)
}

func (s *Recipes) move(m cursor.Move) tea.Cmd {
	s.list.Move(m, s.rows())
	return nil
}

// WindowTitle returns the window title.
func (s *Recipes) WindowTitle() string { return "history - sbwatch" }

// ProgressBar returns nil, because the screen has no progress to show.
func (s *Recipes) ProgressBar() *tea.ProgressBar { return nil }

// ProgramStatus returns nil, because the screen has no status to show.
func (s *Recipes) ProgramStatus() *tea.ProgramStatus { return nil }

// openPrompt opens a prompt for the search. The list changes while the user types.
func (s *Recipes) openPrompt() {
	s.env.Layers.Open(&searchPrompt{s, prompt.New("/", "part of a recipe's id   enter done   esc show all", nil)})
}

type searchPrompt struct {
	recipes *Recipes
	prompt  prompt.Prompt
}

// Place returns PlaceFooter, because the prompt is in the footer.
func (*searchPrompt) Place() screen.Place { return screen.PlaceFooter }

// Input returns the prompt.
func (l *searchPrompt) Input() *prompt.Prompt { return &l.prompt }

// Actions returns nil because the prompt handles all keys itself.
func (*searchPrompt) Actions() action.Table { return nil }

// View draws the prompt.
func (l *searchPrompt) View(area image.Rectangle) []string {
	return l.prompt.View(l.recipes.env.Painter, area.Dx())
}

// Update handles key presses and pasted text.
func (l *searchPrompt) Update(msg tea.Msg) tea.Cmd {
	switch msg.(type) {
	case tea.KeyPressMsg, tea.PasteMsg:
	default:
		return nil
	}
	s := l.recipes
	switch l.prompt.Update(msg) {
	case prompt.Changed:
		s.query = l.prompt.Text()
		s.filter()
	case prompt.Entered:
		s.env.Layers.Close(l)
	case prompt.Canceled:
		s.query = ""
		s.filter()
		s.env.Layers.Close(l)
	case prompt.None, prompt.CompletionWanted:
	}
	return nil
}
