package history

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"sbwatch/internal/golden"
	"sbwatch/model/baseline"
	"sbwatch/model/item"
	"sbwatch/model/optional"
	"sbwatch/model/profile"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/theme"
	"sbwatch/ui/draw"
	"sbwatch/ui/layout"
	"sbwatch/ui/screen"
)

var now = time.Date(2026, 11, 28, 9, 0, 0, 0, time.UTC)

// night describes the results of one nightly run.
type night struct {
	items    int
	drift    float64
	coverage map[string]float64 // only of columns whose coverage is not the usual one
	failed   bool
}

// shopNights returns n nights of a shop, oldest first, the last one today. Small differences from night to night are
// always the same.
func shopNights(n, columns int, change func(daysAgo int, tonight *night)) []Run {
	runs := make([]Run, n)
	for i := range runs {
		daysAgo := n - 1 - i
		tonight := night{items: 160 + 7*(i%4) - 3*(i%3), drift: 0.03 + 0.01*float64(i%3), coverage: map[string]float64{}}
		change(daysAgo, &tonight)
		runs[i] = nightRun(tonight, daysAgo, i, columns)
	}
	return runs
}

func nightRun(tonight night, daysAgo, i, columns int) Run {
	var r Run
	r.ID, r.RecipeID = text.NewText(fmt.Sprintf("run%08d", i)), text.NewText("catalogue01")
	r.StartedAt = now.AddDate(0, 0, -daysAgo).Add(-6 * time.Hour)
	r.CompletedAt = r.StartedAt.Add(time.Duration(120+i%5) * time.Second)
	if tonight.failed {
		r.Status, r.Error = run.StatusFailed, text.NewText("page 4: element not found: a.next-page")
		return r
	}
	pages := int64(math.Ceil(float64(tonight.items) / 20))
	r.Status, r.HasItems = run.StatusCompleted, true
	r.Items, r.Pages = optional.Some(int64(tonight.items)), optional.Some(pages)
	r.Credits, r.Drift = optional.Some(2*pages), optional.Some(tonight.drift)
	usual := []float64{1, 1, 0.99, 0.86, 0.21, 0.6}
	names := []string{"name", "price", "brand", "rating", "old_price", "stock"}
	for c := range columns {
		name, share := fmt.Sprintf("attribute_%03d", c), 0.3+float64(c%7)/10
		if c < len(names) {
			name, share = names[c], usual[c]
		}
		if changed, known := tonight.coverage[name]; known {
			share = changed
		} else if share < 1 {
			share += 0.01 * float64((i+c)%3-1)
		}
		covered := int(math.Round(min(1, share) * float64(tonight.items)))
		if covered == 0 {
			continue
		}
		r.Columns = append(r.Columns, profile.ColumnSummary{
			Path: item.PlaceOf(item.PathOf(name)), Name: text.NewText(name), Of: tonight.items, Covered: covered,
			Types: map[string]int{"text": covered}, Distinct: profile.Amount{N: covered},
		})
	}
	return r
}

// broken simulates a redesign of the shop three nights ago: the price vanished two nights ago, drift rose and items are
// missing.
func broken(daysAgo int, tonight *night) {
	if daysAgo > 2 {
		return
	}
	tonight.items, tonight.drift = 61+daysAgo, 0.61
	tonight.coverage["price"], tonight.coverage["rating"] = 0, 0.4
}

func healthy(int, *night) {}

// fakeSource returns recorded runs from memory.
type fakeSource struct {
	runs map[string][]Run
	err  error
}

func (f fakeSource) Recipes(context.Context) ([]Recipe, error) {
	var recipes []Recipe
	for id, runs := range f.runs {
		recipes = append(recipes, Recipe{RecipeKey: RecipeKey{ID: id}, Runs: len(runs), LastAt: runs[len(runs)-1].At()})
	}
	return recipes, f.err
}

func (f fakeSource) Runs(_ context.Context, recipe RecipeKey, limit int) ([]Run, error) {
	runs := f.runs[recipe.ID]
	return runs[max(0, len(runs)-limit):], f.err
}

func (f fakeSource) Spent(context.Context, time.Time) ([]baseline.Spent, error) { return nil, f.err }

func (f fakeSource) Open(context.Context, Run, func(item.Table)) (run.Answer, error) {
	return run.Answer{}, f.err
}

func envOf(w, h int) *screen.Env {
	return &screen.Env{
		Life: context.Background(), Now: now, Layers: new(screen.Stack),
		Painter: draw.New(theme.Mono(), ansi.WcWidth), Frame: layout.NewFrame(w, h),
	}
}

// follow runs a command and the commands that its messages lead to.
func follow(layer screen.Layer, cmd tea.Cmd) {
	for cmd != nil {
		msg, forLayer := cmd().(screen.LayerMsg)
		if !forLayer {
			return
		}
		cmd = layer.Update(msg.Msg)
	}
}

// screenOf returns the screen of a recipe with the given runs.
func screenOf(w, h int, runs []Run) *Screen {
	env := envOf(w, h)
	s := New(env, fakeSource{runs: map[string][]Run{"catalogue01": runs}}, RecipeKey{ID: "catalogue01"})
	env.Layers.Open(s)
	follow(s, s.Load())
	return s
}

func frame(t *testing.T, env *screen.Env, s interface {
	screen.Layer
	screen.Header
	screen.Positioned
},
) string {
	t.Helper()
	body := env.Frame.Body
	lines := []string{s.Header(body.Dx())}
	lines = append(lines, s.View(body)...)
	if len(lines) > body.Dy()+1 {
		t.Errorf("%d lines on a body of %d", len(lines)-1, body.Dy())
	}
	return golden.Marked(t, append(lines, s.Position()), body.Dx(), env.Painter.Method)
}

func sizes() [][2]int { return [][2]int{{40, 10}, {60, 20}, {80, 24}, {120, 40}} }

func TestRecipeScreen(t *testing.T) {
	for name, runs := range map[string][]Run{
		"broken":  shopNights(31, 6, broken),
		"healthy": shopNights(31, 6, healthy),
		"none":    nil,
		"one":     shopNights(1, 6, healthy),
		"two":     shopNights(2, 6, broken),
		"three":   shopNights(3, 6, healthy),
		"many":    shopNights(120, 24, broken),
		"failed": shopNights(20, 6, func(daysAgo int, tonight *night) {
			tonight.failed = daysAgo == 0 || daysAgo == 9
		}),
	} {
		for _, size := range sizes() {
			s := screenOf(size[0], size[1], runs)
			golden.Check(t, fmt.Sprintf("recipe-%s-%dx%d", name, size[0], size[1]), frame(t, s.env, s))
		}
	}
}

// TestFirstLinesAnswer checks that the first three lines say what to do, since when and in which column.
func TestFirstLinesAnswer(t *testing.T) {
	for _, w := range []int{60, 80, 120} {
		s := screenOf(w, 20, shopNights(31, 6, broken))
		head := ansi.Strip(strings.Join(s.View(s.env.Frame.Body)[:3], " "))
		for _, want := range []string{"Re-author the recipe", "since Nov 26", "price is gone"} {
			if !strings.Contains(head, want) {
				t.Errorf("%d cells: the first three lines do not say %q: %s", w, want, head)
			}
		}
	}
}

func TestManyRunsAndColumnsScroll(t *testing.T) {
	s := screenOf(60, 20, shopNights(120, 40, broken))
	press := func(key string, times int) {
		for range times {
			action, found := s.Actions().For(keyPress(key), false)
			if !found {
				t.Fatalf("%s does nothing", key)
			}
			action.Run()
			frame(t, s.env, s)
		}
	}
	press("0", 1)
	if r, _, _ := s.panel.Selected(); r.ID.Raw() != "run00000000" {
		t.Errorf("0 leads to %s", r.ID)
	}
	press("n", 1)
	if r, _, _ := s.panel.Selected(); r.ID.Raw() != "run00000117" {
		t.Errorf("n leads to %s, want the first night that differs", r.ID)
	}
	press("G", 1)
	if _, column, _ := s.panel.Selected(); !strings.HasPrefix(column.Raw(), "attribute_") {
		t.Errorf("G leads to %s", column)
	}
	press("left", 30)
	if _, from := s.panel.run, s.panel.firstRun; from > s.panel.run {
		t.Errorf("run %d is not visible from %d on", s.panel.run, from)
	}
}

func keyPress(name string) tea.KeyPressMsg {
	special := map[string]rune{"enter": tea.KeyEnter, "esc": tea.KeyEscape, "left": tea.KeyLeft, "right": tea.KeyRight, "up": tea.KeyUp, "down": tea.KeyDown, "space": tea.KeySpace, "pgup": tea.KeyPgUp, "pgdown": tea.KeyPgDown}
	if code, ok := special[name]; ok {
		return tea.KeyPressMsg{Code: code}
	}
	return tea.KeyPressMsg{Code: []rune(name)[0], Text: name}
}

func TestEnterOpensTheRun(t *testing.T) {
	s := screenOf(80, 24, shopNights(31, 6, broken))
	action, _ := s.Actions().For(keyPress("enter"), false)
	msg, isOpen := action.Run()().(OpenMsg)
	if !isOpen || msg.Run.ID.Raw() != "run00000030" || msg.Column.Raw() != "price" {
		t.Errorf("enter sends %+v", msg)
	}
}

func TestRecipesScreen(t *testing.T) {
	for _, size := range sizes() {
		env := envOf(size[0], size[1])
		s := NewRecipes(env, fakeSource{runs: map[string][]Run{
			"catalogue01": shopNights(31, 6, healthy), "drifted0001": shopNights(31, 6, broken), "young000001": shopNights(2, 6, healthy),
			"failing0001": shopNights(12, 6, func(daysAgo int, tonight *night) { tonight.failed = daysAgo == 0 }),
		}})
		env.Layers.Open(s)
		follow(s, s.Load())
		golden.Check(t, fmt.Sprintf("recipes-%dx%d", size[0], size[1]), frame(t, env, s))
		if first, _ := s.selected(); first.ID != "drifted0001" {
			t.Errorf("the first recipe is %s, want the worst", first.ID)
		}
	}
}

func TestRecipesAreSearched(t *testing.T) {
	env := envOf(80, 24)
	s := NewRecipes(env, fakeSource{runs: map[string][]Run{"alpha": shopNights(3, 2, healthy), "beta": shopNights(3, 2, healthy)}})
	env.Layers.Open(s)
	follow(s, s.Load())
	s.openPrompt()
	for _, key := range []string{"B", "e", "enter"} {
		env.Layers.Top().Update(keyPress(key))
	}
	if view := frame(t, env, s); strings.Contains(view, "alpha") || !strings.Contains(view, "beta") {
		t.Errorf("searched for Be:\n%s", view)
	}
	if env.Layers.Top() != screen.Layer(s) {
		t.Error("the prompt is still open")
	}
	action, _ := s.Actions().For(keyPress("esc"), false)
	action.Run()
	if view := frame(t, env, s); !strings.Contains(view, "alpha") {
		t.Errorf("after esc:\n%s", view)
	}
}

func TestUnreadableHistory(t *testing.T) {
	env := envOf(80, 24)
	s := New(env, fakeSource{err: fmt.Errorf("connecting to \x1b[31mdb.example.com: refused")}, RecipeKey{ID: "catalogue01"})
	env.Layers.Open(s)
	follow(s, s.Load())
	if view := frame(t, env, s); !strings.Contains(view, "cannot be read") || !slices.Contains(strings.Fields(view), "refused") {
		t.Errorf("the screen says:\n%s", view)
	}
}

// TestAnyKeyAtAnySize presses keys in all sizes, with few and many runs and columns, and checks each frame.
func TestAnyKeyAtAnySize(t *testing.T) {
	keys := strings.Fields("G right $ n N 0 left h l j k g pgdown pgup down up space b")
	for _, runs := range [][]Run{nil, shopNights(1, 1, healthy), shopNights(2, 0, healthy), shopNights(3, 300, broken), shopNights(60, 12, broken)} {
		s := screenOf(120, 40, runs)
		for _, size := range [][2]int{{120, 40}, {200, 60}, {60, 20}, {40, 10}, {41, 13}, {300, 11}} {
			s.env.Frame = layout.NewFrame(size[0], size[1])
			s.Update(screen.ResizedMsg{})
			for _, key := range keys {
				if action, found := s.Actions().For(keyPress(key), false); found {
					action.Run()
				}
				frame(t, s.env, s)
			}
		}
	}
}
