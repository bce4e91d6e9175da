package ui_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"sbwatch/api/emulator"
	"sbwatch/internal/emulated"
	"sbwatch/internal/faults"
	"sbwatch/internal/headless"
	"sbwatch/internal/testrun"
	"sbwatch/model/item"
	"sbwatch/model/optional"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
	"sbwatch/ui"
	"sbwatch/work"
)

// attacked is a dashboard that receives hostile input. Every frame is checked.
type attacked struct {
	*headless.Player
	width, height int
	method        ansi.Method
	last          string // last input
	err           error  // error of the first unsafe frame
}

// attack starts a dashboard on a terminal whose size, colors and cell counting depend on seed.
func attack(ctx context.Context, seed uint64, config ui.Config) *attacked {
	size := [][2]int{{60, 20}, {80, 24}, {120, 40}, {170, 50}}[seed%4]
	a := &attacked{width: size[0], height: size[1], method: ansi.WcWidth, last: "start"}
	config.Width, config.Height = a.width, a.height
	config.Interval, config.Now, config.Jitter = 2*time.Second, time.Now, func() float64 { return 0.5 }
	config.NoColor, config.Light = seed%5 == 0, seed%3 == 0
	config.Exporter, config.OpenURL = noFiles{}, func(string) error { return nil }
	a.Player = headless.Start(ui.New(ctx, config))
	if seed%2 == 0 {
		a.method = ansi.GraphemeWidth
		a.does(tea.ModeReportMsg{Mode: ansi.ModeUnicodeCore, Value: ansi.ModeReset})
	}
	return a
}

// does sends messages, runs their commands, and checks the frame after each.
func (a *attacked) does(msgs ...tea.Msg) {
	for _, msg := range msgs {
		if a.err != nil || a.Quit {
			return
		}
		a.last = fmt.Sprintf("%T %q", msg, fmt.Sprint(msg))
		if size, ok := msg.(tea.WindowSizeMsg); ok {
			a.width, a.height = size.Width, size.Height
		}
		a.Send(msg)
		a.check()
		a.Run(20 * time.Millisecond)
		a.check()
	}
}

// presses presses keys: characters, or names in angle brackets.
func (a *attacked) presses(keys string) {
	named := map[string]rune{"enter": tea.KeyEnter, "esc": tea.KeyEscape, "tab": tea.KeyTab, "down": tea.KeyDown}
	for keys != "" {
		if name, rest, found := strings.Cut(strings.TrimPrefix(keys, "<"), ">"); found && keys[0] == '<' {
			a.does(tea.KeyPressMsg{Code: named[name]})
			keys = rest
			continue
		}
		a.does(tea.KeyPressMsg{Code: rune(keys[0]), Text: keys[:1]})
		keys = keys[1:]
	}
}

func (a *attacked) check() {
	view := a.Model.View()
	var panicked error
	if app, ok := a.Model.(*ui.App); ok && len(app.Panics()) > 0 {
		panicked = errors.New(app.Panics()[0])
	}
	err := errors.Join(
		panicked,
		faults.Check(faults.Frame{Content: view.Content, Width: a.width, Height: a.height, Method: a.method}),
		faults.CheckLine(view.WindowTitle),
	)
	if strings.Contains(view.Content+view.WindowTitle, emulator.ExampleKey) {
		err = errors.Join(err, errors.New("the key is shown"))
	}
	if err != nil && a.err == nil {
		a.err = fmt.Errorf("after %s: %w", a.last, err)
	}
}

// noFiles is an exporter that writes nothing.
type noFiles struct{}

func (noFiles) Extensions() string { return ".csv" }

func (noFiles) IsCSV(string) bool { return true }

func (noFiles) Check(ui.Export) (bool, error) { return false, nil }

func (noFiles) Write(context.Context, ui.Export, *work.Progress) (ui.Written, error) {
	return ui.Written{Size: 7}, nil
}

// hostileTexts returns n hostile texts for a seed.
func hostileTexts(seed uint64, n int) []text.Text {
	texts := make([]text.Text, n)
	for i := range texts {
		texts[i] = text.NewText(faults.Text(seed<<16 + uint64(i)))
	}
	return texts
}

// hostileAnswer returns a run in which every text is hostile.
func hostileAnswer(t *testing.T, seed uint64, status string) run.Answer {
	t.Helper()
	texts := hostileTexts(seed, 20)
	return run.Answer{
		Run: run.Run{
			ID: texts[0], RecipeID: texts[1], StatusSent: text.NewText(status), Error: texts[2],
			Pages: optional.Some[int64](3), Items: optional.Some[int64](6), CreatedAt: time.Now(), StartedAt: time.Now(),
			Result: optional.Some(run.Result{Mode: texts[3], Drift: optional.Some(0.4), Warnings: optional.Some(texts[4:14])}),
		},
		RequestID: texts[14], Envelope: texts[15], Items: testrun.Items(t, faults.Items(seed, 6)...),
	}
}

// textsEach is the number of hostile texts shown by each attacked dashboard.
const textsEach = 100

// TestAttackScreens shows hostile text on every screen and in every dialog and prompt. No control sequence may reach
// the terminal, and every frame must have the size of its terminal.
func TestAttackScreens(t *testing.T) {
	faults.Each(t, 3, 100_000/textsEach, func(t *testing.T, seed uint64) error {
		var err error
		synctest.Test(t, func(t *testing.T) {
			err = errors.Join(attackItems(t, seed), attackLive(t, seed))
		})
		return err
	})
}

// attackItems shows hostile items on every tab and in every dialog.
func attackItems(t *testing.T, seed uint64) error {
	t.Helper()
	answer := hostileAnswer(t, seed, "completed")
	texts := hostileTexts(seed+1, 8)
	load := func(context.Context, func(item.Table)) (run.Answer, error) { return answer, nil }
	a := attack(t.Context(), seed, ui.Config{Files: []ui.File{{Source: texts[0], Load: load}, {Source: texts[5], Load: load}, {Source: texts[6], Load: load}}})
	defer a.Stop()
	paste := func(text text.Text) { a.does(tea.PasteMsg{Content: text.Raw()}) }
	a.Run(time.Second)
	a.presses("llljj<enter>jGlh<esc>")
	a.presses("/e<enter>nN&<esc><esc>/")
	paste(texts[1])
	a.presses("<enter><esc><esc>f<tab><tab><tab><esc>f")
	paste(texts[2])
	a.presses("<enter><esc><esc>fname?<enter>F<down><enter><esc>sSs}{c<down><down>")
	paste(texts[3])
	a.presses("<enter><esc>c<enter>-=<enter>HL,._z!()llly")
	a.presses("Yo$(0)e<tab><enter><esc>e")
	paste(texts[4])
	a.presses("<enter><enter><esc>2jjjlGh<enter><esc>3jj<enter><esc>4jG5jG?G<esc>1G<enter><esc>")
	a.does(tea.WindowSizeMsg{Width: 10, Height: 3}, tea.WindowSizeMsg{Width: 61, Height: 21})
	a.presses("12345<esc>]B<down><esc>:file<down><enter>[")
	return a.err
}

// hostileService answers with hostile texts and errors.
type hostileService struct {
	answer  run.Answer
	texts   []text.Text
	polls   int
	refuses bool
}

func (s *hostileService) problem(kind run.ProblemKind) *run.Problem {
	return &run.Problem{
		Kind: kind, What: s.texts[0], Summary: s.texts[1], Code: s.texts[2], Message: s.texts[3], RequestID: s.texts[4],
		Details: s.texts[5], NextStep: s.texts[6], HTTPStatus: 500, Cause: errors.New(s.texts[7].Raw()),
	}
}

func (s *hostileService) Dispatch(context.Context, string) (run.Dispatch, error) {
	return run.Dispatch{RunID: s.texts[8], RecipeID: s.texts[9], RequestID: s.texts[10]}, nil
}

func (s *hostileService) Poll(context.Context, string, func(item.Table)) (run.Answer, error) {
	s.polls++
	switch {
	case s.polls%2 == 0:
		return run.Answer{}, s.problem(run.ProblemService)
	case s.polls < 6:
		running := s.answer
		running.Run.StatusSent, running.Items = s.texts[11], item.Table{}
		return running, nil
	case s.refuses:
		return run.Answer{}, s.problem(run.ProblemRefused)
	default:
		failed := s.answer
		failed.Run.StatusSent, failed.Items = text.NewText("failed"), item.Table{}
		return failed, nil
	}
}

func (s *hostileService) Usage(context.Context) (run.Usage, error) {
	return run.Usage{LastRun: optional.Some(run.LastRun{ID: s.texts[12], Status: s.texts[13]})}, nil
}

// attackLive watches a run with hostile texts from its dispatch to a failure.
func attackLive(t *testing.T, seed uint64) error {
	t.Helper()
	answer := hostileAnswer(t, seed+2, "running")
	service := &hostileService{answer: answer, texts: hostileTexts(seed+3, 14), refuses: seed%2 == 0}
	a := attack(t.Context(), seed+1, ui.Config{Watch: watch.NewDispatchWatch(service.texts[9]), Service: service})
	defer a.Stop()
	for range 30 {
		a.Run(2 * time.Second)
		a.check()
		a.presses("jkp?<esc>")
	}
	a.presses("jGy12345<esc>?G")
	return a.err
}

// keysEach is the number of keys pressed in each attacked dashboard.
const keysEach = 200

// TestAttackKeys presses random keys on several data sets and sizes. Nothing may panic, every frame must have the size
// of its terminal, and only q may quit.
func TestAttackKeys(t *testing.T) {
	faults.Each(t, 4, 200_000/keysEach, func(t *testing.T, seed uint64) error {
		var err error
		synctest.Test(t, func(t *testing.T) { err = attackKeys(t, seed) })
		return err
	})
}

func attackKeys(t *testing.T, seed uint64) error {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	a := attack(ctx, seed, dataSet(t, seed))
	defer a.Stop()
	defer cancel()
	if seed%7 != 0 { // in the other cases, press keys while the run is active
		a.Run(3 * time.Minute)
	}
	sizes := []tea.Msg{
		tea.WindowSizeMsg{Width: 10, Height: 3},
		tea.WindowSizeMsg{Width: 60, Height: 20},
		tea.WindowSizeMsg{Width: 80, Height: 24},
		tea.WindowSizeMsg{Width: 120, Height: 40},
		tea.WindowSizeMsg{Width: 1, Height: 1},
	}
	for i, key := range faults.Keys(seed, keysEach) {
		if i%40 == 39 {
			a.does(sizes[(seed+uint64(i/40))%uint64(len(sizes))])
		}
		a.does(key)
	}
	if a.Quit {
		return fmt.Errorf("%s quit", a.last)
	}
	return a.err
}

// dataSet returns the configuration for one attacked dashboard: runs of the emulator or items with several structures.
func dataSet(t *testing.T, seed uint64) ui.Config {
	t.Helper()
	recipes := []string{"catalogue01", "drifted0001", "hostile0001", "broken00001", "empty000001", "failing0001"}
	if n := seed % 9; n < 6 {
		client := emulated.Client(t, emulator.Options{Seed: seed})
		return ui.Config{Watch: watch.NewDispatchWatch(text.NewText(recipes[n])), Service: client}
	}
	items := faults.Items(seed, 40)
	switch seed % 9 {
	case 6:
		items = []string{`{"k\ufffd":1}`, `{"` + strings.Repeat("long", 600) + `":"x"}`, `7`, `"\ud800"`, `[1,[2,{"a":[]}]]`, `null`}
	case 7:
		items = []string{`{"a":{"b":{"c":{"d":[1,2,{"e":null}]}}},"price":"$12.50","brand":"Acme","name":""}`, `{}`, `{"price":3}`}
	}
	rows := testrun.Items(t, items...)
	return ui.Config{Source: text.NewText("items.json"), Load: func(context.Context, func(item.Table)) (run.Answer, error) {
		return run.Answer{Items: rows}, nil
	}}
}

// TestAttackDashboardRuns watches runs through a service that fails in every way it can. Nothing may panic, there must
// be only one dispatch, the run id must be kept, every frame must be safe, and the screen must show the end of a run
// that the service has reported.
func TestAttackDashboardRuns(t *testing.T) {
	log.SetOutput(io.Discard) // net/http servers log; so does the program
	t.Cleanup(func() { log.SetOutput(os.Stderr) })
	faults.Each(t, 8, 3000, func(t *testing.T, seed uint64) error {
		var err error
		synctest.Test(t, func(t *testing.T) { err = attackDashboard(t, seed) })
		return err
	})
}

func attackDashboard(t *testing.T, seed uint64) error {
	t.Helper()
	service := emulated.NewFaulty(t, seed)
	ctx, cancel := context.WithCancel(t.Context())
	a := attack(ctx, seed, ui.Config{Watch: watch.NewDispatchWatch(text.NewText(service.Recipe)), Service: service.Client})
	for range 40 {
		a.Run(20 * time.Second)
		a.check()
		a.presses("j?<esc>")
	}
	cancel()
	app, isApp := a.Model.(*ui.App)
	if !isApp {
		return errors.New("the model is another")
	}
	watch := app.Watches()[0]
	service.Close()
	a.Stop()
	return errors.Join(a.err, service.CheckRequests(watch.RunID().Raw()), judgeDashboard(service.Exchanges(), &watch))
}

// judgeDashboard reports whether the dashboard missed the end of the run.
func judgeDashboard(exchanges []faults.Exchange, w *watch.Watch) error {
	for _, x := range exchanges {
		ended := bytes.Contains(x.Answer, []byte(`"run_status":"completed"`)) || bytes.Contains(x.Answer, []byte(`"run_status":"failed"`))
		if x.Call == "poll" && x.Harmless && ended && w.Phase() != watch.PhaseEnded {
			return fmt.Errorf("the run has ended, the dashboard is in phase %d", w.Phase())
		}
	}
	return nil
}
