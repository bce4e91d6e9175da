package ui

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"sbwatch/internal/golden"
	"sbwatch/model/item"
	"sbwatch/model/optional"
	"sbwatch/model/run"
	"sbwatch/model/search"
	"sbwatch/model/text"
	"sbwatch/model/watch"
	"sbwatch/monitor"
	"sbwatch/ui/screen"
	runscreen "sbwatch/ui/screen/run"
	"sbwatch/ui/widget/prompt"
	"sbwatch/ui/widget/table"
	"sbwatch/ui/widget/tree"
)

// The golden frames in testdata/golden are complete screens, one file per state and size. To update them after an
// intended change, run: go test ./ui -update

var start = time.Date(2026, 5, 21, 12, 0, 0, 0, time.UTC)

// stage is a dashboard whose clock is set by the test.
type stage struct {
	*App
	run     *runscreen.Screen
	watcher *polledRun // nil for a saved answer
	clock   time.Time
}

func newStage(config Config, w, h int) *stage {
	s := &stage{clock: start}
	config.Now = func() time.Time { return s.clock }
	config.Jitter = func() float64 { return 0.5 }
	config.Interval = 2 * time.Second
	config.Width, config.Height = w, h
	config.Commands = commandLines{}
	s.App = New(ctxForTests(), config)
	s.run = s.runs[s.first].screen
	s.watcher, _ = s.runs[s.first].source.(*polledRun)
	return s
}

// Accessors for the Items tab.

func (s *stage) table() *table.Table { return s.run.Items().Table() }

func (s *stage) itemRow() int {
	row, _, _ := s.run.Items().OpenItem()
	return row
}

func (s *stage) itemText() *tree.Tree {
	_, text, _ := s.run.Items().OpenItem()
	return text
}

func (s *stage) itemIsOpen() bool {
	_, _, isOpen := s.run.Items().OpenItem()
	return isOpen
}

func (s *stage) prompt() *prompt.Prompt {
	prompt, _ := s.run.Items().Prompt()
	return prompt
}

func (s *stage) promptIsOpen() bool {
	_, isOpen := s.run.Items().Prompt()
	return isOpen
}

func (s *stage) search() search.Query {
	q, _ := s.run.Items().Search()
	return q
}

func (s *stage) searchIsDone() bool {
	_, isDone := s.run.Items().Search()
	return isDone
}

func (s *stage) exportProblem() string {
	problem, _ := s.run.Items().ExportProblem()
	return problem
}

func (s *stage) exportIsOpen() bool {
	_, isOpen := s.run.Items().ExportProblem()
	return isOpen
}

// ask waits for a request of the given kind. Earlier requests are given answers without content.
func (s *stage) ask(kind watch.Request) {
	for range 3 {
		request, _, isAsking := s.monitor.InFlight(s.first)
		switch {
		case !isAsking:
			s.monitor.Demand(s.clock, s.first)
			s.monitor.Due(s.clock)
		case request.Kind != kind:
			s.monitor.Apply(s.clock, monitor.Answer{Request: request, Problem: &run.Problem{Kind: run.ProblemMalformed}})
		}
	}
}

// commandLines proposes the same command lines as the program.
type commandLines struct{}

func (commandLines) Rerun(w *watch.Watch) string { return "sbwatch run " + w.RecipeID().String() }
func (commandLines) Watch(id text.Text) string   { return "sbwatch watch " + id.String() }
func (commandLines) Usage() string               { return "sbwatch usage" }

func (commandLines) Suggest(w *watch.Watch) string {
	return "sbwatch check --suggest " + w.RunID().String()
}

// at sets the clock to d after the start.
func (s *stage) at(d time.Duration) *stage {
	s.clock = start.Add(d)
	return s
}

func (s *stage) send(msgs ...tea.Msg) *stage {
	for _, msg := range msgs {
		s.update(msg)
	}
	return s
}

// update sends a message. If the message is an answer, update first waits for the request, and sets the key of the run.
func (s *stage) update(msg tea.Msg) tea.Cmd {
	switch msg.(type) {
	case usageMsg:
		s.ask(watch.RequestUsage)
	case dispatchedMsg:
		s.ask(watch.RequestDispatch)
	case polledMsg, receivingMsg:
		s.ask(watch.RequestPoll)
	}
	switch msg.(type) {
	case usageMsg, dispatchedMsg, polledMsg, receivingMsg, loadedMsg:
		msg = screen.RunMsg{Run: s.first, Msg: msg}
	}
	_, cmd := s.Update(msg)
	return cmd
}

func (s *stage) press(keys ...string) *stage {
	for _, k := range keys {
		s.Update(keyPress(k))
	}
	return s
}

func keyPress(name string) tea.KeyPressMsg {
	special := map[string]rune{
		"enter": tea.KeyEnter, "esc": tea.KeyEscape, "tab": tea.KeyTab, "space": tea.KeySpace,
		"down": tea.KeyDown, "up": tea.KeyUp, "left": tea.KeyLeft, "right": tea.KeyRight, "delete": tea.KeyDelete,
	}
	if code, ok := special[name]; ok {
		return tea.KeyPressMsg{Code: code}
	}
	if letter, ok := strings.CutPrefix(name, "ctrl+"); ok {
		return tea.KeyPressMsg{Code: rune(letter[0]), Mod: tea.ModCtrl}
	}
	return tea.KeyPressMsg{Code: []rune(name)[0], Text: name}
}

// polled answers the poll in progress.
func (s *stage) polled(answer run.Answer) *stage {
	return s.send(polledMsg{answer: answer, fits: table.FitColumns(s.env.Painter, answer.Items, table.FitItems), took: 84 * time.Millisecond})
}

func (s *stage) failed(problem *run.Problem) *stage { return s.send(polledMsg{problem: problem}) }

// runAnswer returns an answer about the run of the tests.
func runAnswer(status string, pages, items, credits int64) run.Answer {
	return run.Answer{
		Run: run.Run{
			ID: text.NewText("k7Xb9dRmQ2p"), RecipeID: text.NewText("catalogue01"), StatusSent: text.NewText(status),
			Pages: optional.Some(pages), Items: optional.Some(items), Credits: optional.Some(credits),
			CreatedAt: start, StartedAt: start,
		},
		RequestID: text.NewText("req_aB3xY9Kp"), CreditsRemaining: optional.Some(int64(470)),
	}
}

// finished returns a completed run with the given items.
func finished(result run.Result, items item.Table, took time.Duration) run.Answer {
	answer := runAnswer("completed", int64(items.Pages()), int64(items.Len()), int64(2*items.Pages()))
	answer.Run.CompletedAt = start.Add(took)
	answer.Run.Result = optional.Some(result)
	answer.Items = items
	answer.Envelope = text.NewText("{\n  \"status\": \"completed\",\n  \"data\": {\n    \"run_status\": \"completed\"\n  }\n}")
	return answer
}

func result(drift float64, warnings ...string) run.Result {
	texts := []text.Text{}
	for _, w := range warnings {
		texts = append(texts, text.NewText(w))
	}
	return run.Result{Mode: text.NewText("replay"), Drift: optional.Some(drift), Warnings: optional.Some(texts)}
}

// itemsOf returns a table with pages of items.
func itemsOf(t testing.TB, pages ...[]string) item.Table {
	t.Helper()
	var b item.Builder
	for _, page := range pages {
		b.StartPage()
		for _, row := range page {
			if _, err := b.Append([]byte(row + " ")); err != nil {
				t.Fatalf("%s: %v", row, err)
			}
		}
	}
	return b.Items()
}

// shop returns a page of products with every kind of value that a table distinguishes.
func shop(t testing.TB) item.Table {
	t.Helper()
	page := func(from int) []string {
		var rows []string
		for i := from; i < from+30; i++ {
			row := fmt.Sprintf(`{"name":"Rugged Kettle %04d","price":"$%d.92","brand":"Søren","rating":%d.5,"in_stock":%v,"url":"https://shop.example.com/p/%d"}`,
				i, 100+37*i%1900, i%5, i%3 == 0, i)
			switch i % 10 {
			case 3:
				row = fmt.Sprintf(`{"name":"Quiet Lamp %04d","brand":"日本電機","rating":null,"in_stock":true,"tags":["new","a b"],"dims":{"w":10,"h":2.50}}`, i)
			case 7:
				row = fmt.Sprintf(`{"name":"","price":"null","brand":"Café","rating":4,"url":"https://shop.example.com/%d"}`, i)
			}
			rows = append(rows, row)
		}
		return rows
	}
	return itemsOf(t, page(1), page(31), nil, page(61))
}

// hostile returns items designed to break terminals and tables.
func hostile(t testing.TB) item.Table {
	t.Helper()
	return itemsOf(t, []string{
		`{"na\u001b[31mme":"\u001b]0;owned\u0007\u001b[2J","b":"\u202egnp.exe"}`,
		`"a bare text \u0000"`, `null`, `[1,2,{"x":"\u009b31m"}]`,
		`{"":"empty key","b":"line one\nline two\ttab","long":"` + strings.Repeat("x", 5000) + `"}`,
		`{"b":"👨‍👩‍👧 👍🏽 ❤️ e` + strings.Repeat("\u0301", 30) + `","n":123456789012345678901234567890.10,"n":1e400}`,
		"{\"b\":\"raw \x7f del and \xff byte\"}",
	})
}

func watchingRun(w, h int) *stage {
	return newStage(Config{Watch: watch.NewWatch(text.NewText("k7Xb9dRmQ2p"))}, w, h)
}

// running simulates a run with one page every 3.4 s.
func (s *stage) running(until time.Duration) *stage {
	for d := time.Second; d <= until; d += 2 * time.Second {
		pages := int64(float64(d) / float64(3400*time.Millisecond))
		s.at(d).polled(runAnswer("running", pages, 29*pages, 2*pages))
		if d == time.Second {
			s.usageKnown()
		}
	}
	return s.at(until)
}

// usageKnown answers the request for the account's usage, with this run as the newest.
func (s *stage) usageKnown() *stage {
	return s.send(usageMsg{usage: run.Usage{
		CreditsRemaining: optional.Some(int64(494)), CostPerPage: optional.Some(int64(2)), PagesPerRun: optional.Some(int64(200)),
		LastRun: optional.Some(run.LastRun{ID: text.NewText("k7Xb9dRmQ2p"), EffectiveCap: optional.Some(int64(200))}),
	}})
}

func refused() *run.Problem {
	return &run.Problem{
		Kind: run.ProblemRefused, What: text.NewText("run k7Xb9dRmQ2p"), Summary: text.NewText("no such run"),
		Code: text.NewText("not_found"), HTTPStatus: 404, RequestID: text.NewText("req_aB3xY9Kp"),
		Details: text.NewText(`{"hint":"check the account"}`), NextStep: text.NewText("check the id, and which account the key belongs to"),
	}
}

func limited() *run.Problem {
	return &run.Problem{
		Kind: run.ProblemRateLimited, Summary: text.NewText("rate limited (60 a minute)"), Code: text.NewText("rate_limited"),
		HTTPStatus: 429, RequestID: text.NewText("req_aB3xY9Kp"), RetryAfter: optional.Some(12 * time.Second),
	}
}

type scene struct {
	name string
	play func(t *testing.T, w, h int) *stage
}

func liveScenes() []scene {
	return []scene{
		{"waiting", func(_ *testing.T, w, h int) *stage { return watchingRun(w, h) }},
		{"dispatching", func(_ *testing.T, w, h int) *stage {
			return newStage(Config{Watch: watch.NewDispatchWatch(text.NewText("catalogue01"))}, w, h)
		}},
		{"queued", func(_ *testing.T, w, h int) *stage {
			return watchingRun(w, h).at(time.Second).polled(runAnswer("queued", 0, 0, 0))
		}},
		{"queued-long", func(_ *testing.T, w, h int) *stage {
			answer := runAnswer("queued", 0, 0, 0)
			answer.Run.StartedAt = time.Time{}
			return watchingRun(w, h).at(5 * time.Minute).polled(answer)
		}},
		{"counts-go-down", func(_ *testing.T, w, h int) *stage {
			return watchingRun(w, h).running(41 * time.Second).polled(runAnswer("running", 5, -20, 10))
		}},
		{"no-answer", func(_ *testing.T, w, h int) *stage {
			s := watchingRun(w, h).running(41 * time.Second)
			s.at(43 * time.Second).send(tickMsg{s.ticks})
			return s.at(61 * time.Second).send(tickMsg{s.ticks})
		}},
		{"usage-limited", func(_ *testing.T, w, h int) *stage {
			s := newStage(Config{Watch: watch.NewDispatchWatch(text.NewText("catalogue01"))}, w, h)
			return s.send(usageMsg{problem: limited()})
		}},
		{"running", func(_ *testing.T, w, h int) *stage { return watchingRun(w, h).running(41 * time.Second) }},
		{"running-huge", func(_ *testing.T, w, h int) *stage {
			s := watchingRun(w, h).at(time.Second).polled(runAnswer("running", 1, 2500, 2)).usageKnown()
			for d := 2 * time.Second; d <= 8*time.Second; d += 2 * time.Second {
				pages := int64(d / time.Second * 24)
				s.at(d).polled(runAnswer("running", pages, 2500*pages*5, 2*pages))
			}
			return s
		}},
		{"per-page", func(_ *testing.T, w, h int) *stage { return watchingRun(w, h).running(41 * time.Second).press("c") }},
		{"failed-per-page", func(_ *testing.T, w, h int) *stage {
			answer := runAnswer("failed", 12, 348, 0)
			answer.Run.Error, answer.Run.CompletedAt = text.NewText("the next button is gone"), start.Add(42*time.Second)
			return watchingRun(w, h).running(41 * time.Second).at(43 * time.Second).polled(answer).press("c")
		}},
		{"rate-limited", func(_ *testing.T, w, h int) *stage {
			return watchingRun(w, h).running(41 * time.Second).failed(limited()).at(43 * time.Second).send(tickMsg{})
		}},
		{"no-connection-at-all", func(_ *testing.T, w, h int) *stage {
			return watchingRun(w, h).failed(&run.Problem{
				Kind: run.ProblemNoConnection, Summary: text.NewText("no connection to api.webscrape.ai (connection refused)"),
			})
		}},
		{"stalled", func(_ *testing.T, w, h int) *stage {
			s := watchingRun(w, h).running(41 * time.Second)
			return s.at(85 * time.Second).polled(runAnswer("running", 12, 348, 24))
		}},
		{"near-the-limit", func(_ *testing.T, w, h int) *stage { return watchingRun(w, h).running(13*time.Minute + 30*time.Second) }},
		{"unknown-status", func(_ *testing.T, w, h int) *stage {
			return watchingRun(w, h).at(41 * time.Second).polled(runAnswer("paused\x1b[2J", 12, 348, 24))
		}},
		{"help-live", func(_ *testing.T, w, h int) *stage { return watchingRun(w, h).running(41 * time.Second).press("?") }},
	}
}

func resultScenes() []scene {
	done := func(t *testing.T, w, h int) *stage {
		t.Helper()
		s := watchingRun(w, h).running(121 * time.Second)
		return s.at(122 * time.Second).polled(finished(result(0.07, "page 23: 4 products without a price were kept"), shop(t), 121*time.Second))
	}
	return []scene{
		{"completed", done},
		{"completed-moved", func(t *testing.T, w, h int) *stage {
			t.Helper()
			return done(t, w, h).press("G", "k", "k", "$")
		}},
		{"item", func(t *testing.T, w, h int) *stage { t.Helper(); return done(t, w, h).press("j", "j", "enter") }},
		{"warnings", func(t *testing.T, w, h int) *stage {
			t.Helper()
			warnings := []string{"pagination stalled at page 12 before reaching the configured limit of 50", "the next button was there, but\nclicking it changed nothing \x1b[31m", strings.Repeat("a long warning ", 20)}
			return watchingRun(w, h).at(time.Minute).polled(finished(result(0.11, warnings...), shop(t), time.Minute)).press("5")
		}},
		{"raw", func(t *testing.T, w, h int) *stage { t.Helper(); return done(t, w, h).press("6") }},
		{"help-table", func(t *testing.T, w, h int) *stage { t.Helper(); return done(t, w, h).press("?") }},
		{"copied", func(t *testing.T, w, h int) *stage { t.Helper(); return done(t, w, h).press("l", "y") }},
		{"drifted", func(t *testing.T, w, h int) *stage {
			t.Helper()
			items := itemsOf(t, []string{`{"name":"A","price":"$1"}`}, []string{`{"name":"B"}`})
			return watchingRun(w, h).at(45 * time.Second).
				polled(finished(result(0.61, "price: selector matched nothing from page 3 on", "second", "third"), items, 45*time.Second))
		}},
		{"failed-with-items", func(t *testing.T, w, h int) *stage {
			t.Helper()
			answer := finished(result(123, "<string>"), itemsOf(t, []string{"{}"}), time.Second)
			answer.Run.StatusSent, answer.Run.Error = text.Text{}, text.NewText("<string>")
			answer.Run.Pages, answer.Run.Items, answer.Run.Credits = optional.Some(int64(123)), optional.Some(int64(123)), optional.Some(int64(123))
			return watchingRun(w, h).at(time.Second).polled(answer)
		}},
		{"sample-drift", func(t *testing.T, w, h int) *stage {
			t.Helper()
			return watchingRun(w, h).at(time.Second).polled(finished(result(123), itemsOf(t, []string{"{}"}), time.Second))
		}},
		{"cut-by-credits", func(t *testing.T, w, h int) *stage {
			t.Helper()
			s := watchingRun(w, h).at(time.Minute).polled(finished(result(0.02), shop(t), time.Minute))
			return s.send(usageMsg{usage: run.Usage{LastRun: optional.Some(run.LastRun{
				ID: text.NewText("k7Xb9dRmQ2p"), EffectiveCap: optional.Some(int64(4)), ClampedByCredits: optional.Some(true),
			})}})
		}},
		{"empty", func(t *testing.T, w, h int) *stage {
			t.Helper()
			return watchingRun(w, h).at(10 * time.Second).
				polled(finished(result(0.3, "no element matched the item selector"), itemsOf(t, nil), 10*time.Second))
		}},
		{"hostile", func(t *testing.T, w, h int) *stage {
			t.Helper()
			return watchingRun(w, h).at(time.Second).polled(finished(result(0.1, "\x1b]52;c;aGk=\a\u202e"), hostile(t), time.Second)).press("j", "j", "j", "j")
		}},
		{"receiving", func(t *testing.T, w, h int) *stage {
			t.Helper()
			s := watchingRun(w, h).at(time.Second)
			return s.send(receivingMsg{poll: s.watcher.polls, items: shop(t), fits: table.FitColumns(s.env.Painter, shop(t), table.FitItems)})
		}},
		{"opened", func(t *testing.T, w, h int) *stage {
			t.Helper()
			s := newStage(Config{Load: noLoad, Source: text.NewText("items.ndjson")}, w, h)
			return s.send(loadedMsg{answer: run.Answer{Items: shop(t)}, fits: table.FitColumns(s.env.Painter, shop(t), table.FitItems)})
		}},
		{"opened-empty", func(_ *testing.T, w, h int) *stage {
			return newStage(Config{Load: noLoad, Source: text.NewText("items.json")}, w, h).send(loadedMsg{})
		}},
		{"opened-running", func(_ *testing.T, w, h int) *stage {
			s := newStage(Config{Load: noLoad, Source: text.NewText("answer.json")}, w, h)
			return s.send(loadedMsg{answer: runAnswer("running", 3, 87, 6)})
		}},
		{"opening", func(_ *testing.T, w, h int) *stage {
			return newStage(Config{Load: noLoad, Source: text.NewText("answer.json")}, w, h)
		}},
		{"received-in-part", func(t *testing.T, w, h int) *stage {
			t.Helper()
			s := watchingRun(w, h).at(time.Second)
			s.send(receivingMsg{poll: s.watcher.polls, items: shop(t), fits: table.FitColumns(s.env.Painter, shop(t), table.FitItems), from: closedItems()})
			return s.press("G", "enter").failed(&run.Problem{
				Kind: run.ProblemMalformed, Summary: text.NewText("the answer was cut short"), HTTPStatus: 200,
			})
		}},
		{"opened-broken", func(t *testing.T, w, h int) *stage {
			t.Helper()
			s := newStage(Config{Load: noLoad, Source: text.NewText("items.ndjson")}, w, h)
			return s.send(loadedMsg{
				answer: run.Answer{Items: shop(t)}, fits: table.FitColumns(s.env.Painter, shop(t), table.FitItems),
				problem: &run.Problem{Kind: run.ProblemInput, Summary: text.NewText("line 91 is not JSON; what comes after it was not read")},
			})
		}},
	}
}

func endScenes() []scene {
	ended := func(status, message string) func(t *testing.T, w, h int) *stage {
		return func(_ *testing.T, w, h int) *stage {
			s := watchingRun(w, h).running(31 * time.Second)
			answer := runAnswer(status, 3, 61, 0)
			answer.Run.Error = text.NewText(message)
			answer.Run.CompletedAt = start.Add(37 * time.Second)
			return s.at(38 * time.Second).polled(answer)
		}
	}
	lost := func(w, h int) *stage {
		s := newStage(Config{Watch: watch.NewDispatchWatch(text.NewText("catalogue01"))}, w, h)
		s.usageKnown().send(tickMsg{s.ticks})
		return s.send(dispatchedMsg{problem: &run.Problem{
			Kind: run.ProblemService, Summary: text.NewText("the service is in trouble"), Code: text.NewText("internal_error"), HTTPStatus: 500,
		}})
	}
	return []scene{
		{"failed", ended("failed", "page 4: element not found: a.next-page\x1b[5m")},
		{"failed-at-length", ended("failed", strings.Repeat("element not found: a.next-page ", 80))},
		{"cancelled", ended("cancelled", "")},
		{"failed-with-a-result", func(_ *testing.T, w, h int) *stage {
			answer := runAnswer("failed", 3, 61, 0)
			answer.Run.Error = text.NewText("the list did not come")
			answer.Run.CompletedAt = start.Add(37 * time.Second)
			answer.Run.Result = optional.Some(result(0.9, "the login page came instead of the list"))
			return watchingRun(w, h).at(38 * time.Second).polled(answer)
		}},
		{"refused", func(_ *testing.T, w, h int) *stage {
			return watchingRun(w, h).running(9 * time.Second).failed(refused())
		}},
		{"lost", func(_ *testing.T, w, h int) *stage { return lost(w, h) }},
		{"lost-found", func(_ *testing.T, w, h int) *stage {
			return lost(w, h).send(usageMsg{usage: run.Usage{LastRun: optional.Some(run.LastRun{
				ID: text.NewText("p2Lq8sVnX4c"), Status: text.NewText("running"),
			})}})
		}},
		{"lost-none", func(_ *testing.T, w, h int) *stage { return lost(w, h).usageKnown() }},
	}
}

// testScene runs a test with a scene in an 80x24 terminal.
func testScene(t *testing.T, scene scene, test func(*testing.T, *stage)) {
	t.Helper()
	t.Run(scene.name, func(t *testing.T) {
		inNoTime(t, func(t *testing.T) {
			t.Helper()
			test(t, scene.play(t, 80, 24))
		})
	})
}

func allScenes() []scene {
	return slices.Concat(liveScenes(), resultScenes(), browseScenes(), endScenes())
}

func TestGoldenFrames(t *testing.T) {
	for _, scene := range allScenes() {
		for _, size := range [][2]int{{40, 10}, {60, 20}, {80, 24}, {120, 40}, {200, 60}} {
			name := fmt.Sprintf("%s-%dx%d", scene.name, size[0], size[1])
			t.Run(name, func(t *testing.T) {
				inNoTime(t, func(t *testing.T) {
					t.Helper()
					golden.Check(t, name, frameOf(t, scene.play(t, size[0], size[1])))
				})
			})
		}
	}
	t.Run("item-160x45", func(t *testing.T) {
		s := watchingRun(160, 45).at(time.Minute).polled(finished(result(0.07), shop(t), time.Minute)).press("enter", "j", "j")
		golden.Check(t, "item-160x45", frameOf(t, s))
	})
	t.Run("too-small-39x9", func(t *testing.T) {
		golden.Check(t, "too-small-39x9", frameOf(t, watchingRun(39, 9).running(41*time.Second)))
	})
}

// A service may send any times and counts. The dashboard must not hang.
func TestARunWithExtremeTimesAndCounts(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		for _, started := range []time.Time{{}, time.Unix(-1<<40, 0), start.AddDate(-200, 0, 0), start, start.AddDate(500, 0, 0)} {
			for _, count := range []int64{0, 1, math.MaxInt64} {
				s := watchingRun(120, 40)
				for _, earlier := range []int64{2, 1} {
					answer := runAnswer("running", count/earlier, count/earlier, count/earlier)
					answer.Run.StartedAt = started
					s.polled(answer).at(time.Minute / time.Duration(earlier))
				}
				if frame := frameOf(t, s); !strings.Contains(frame, "k7Xb9dRmQ2p") {
					t.Errorf("started at %s, with counts of %d, the run is shown as\n%s", started, count, frame)
				}
			}
		}
	})
}

// TestEverySceneAtEverySize checks the invariants of a frame at all sizes, including unrealistically small ones.
func TestEverySceneAtEverySize(t *testing.T) {
	for _, scene := range allScenes() {
		testScene(t, scene, func(t *testing.T, s *stage) {
			t.Helper()
			for _, size := range [][2]int{{0, 0}, {1, 1}, {5, 40}, {39, 9}, {40, 10}, {41, 11}, {47, 12}, {50, 14}, {40, 16}, {59, 20}, {60, 20}, {61, 21}, {79, 23}, {99, 30}, {111, 33}, {112, 34}, {139, 50}, {140, 50}, {300, 100}, {80, 24}} {
				s.send(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
				frameOf(t, s)
			}
		})
	}
}

// frameOf returns the frame as plain text after checking its size and that it is safe.
func frameOf(t *testing.T, s *stage) string {
	t.Helper()
	view := s.View()
	lines := strings.Split(view.Content, "\n")
	if len(lines) != max(1, s.env.Height()) {
		t.Errorf("%dx%d: the frame has %d lines", s.env.Width(), s.env.Height(), len(lines))
	}
	golden.CheckSafe(t, view.WindowTitle)
	if status := view.ProgramStatus; status != nil {
		golden.CheckSafe(t, status.Title+status.Message)
	}
	for _, b := range []byte(view.WindowTitle) {
		if b >= 0x80 && b < 0xa0 {
			t.Errorf("some terminals would print the end of the title %q", view.WindowTitle)
		}
	}
	return golden.Frame(t, lines, s.env.Width(), s.env.Painter.Method)
}
