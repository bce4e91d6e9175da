package report

import (
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"

	"sbwatch/internal/testrun"
	"sbwatch/model/optional"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
)

func TestSummary(t *testing.T) {
	now := time.Date(2026, 5, 21, 12, 2, 0, 0, time.UTC)
	sample := testrun.Completed("pagination stalled before its limit", "\x1b]0;owned\a")
	sample.Run.Pages, sample.Run.Items, sample.Run.Credits = optional.Some[int64](3), optional.Some[int64](0), optional.Some[int64](6)

	failed := run.Answer{Run: testrun.Of(run.StatusFailed, 3, 61), RequestID: text.NewText("req_aB3xY9Kp")}
	failed.Run.Error = text.NewText("page 4: element not found: a.next-page")

	polled := func(w watch.Watch, answers ...run.Answer) watch.Watch {
		for _, a := range answers {
			w.Polled(a, now, time.Second)
		}
		return w
	}
	refused := testrun.Watch("zzzzzzzzzzz")
	refused.PollFailed(&run.Problem{
		Kind: run.ProblemRefused, What: text.NewText("run zzzzzzzzzzz"), Summary: text.NewText("no such run"),
		Code: text.NewText("not_found"), HTTPStatus: 404, RequestID: text.NewText("req_1"), NextStep: text.NewText("check the id"),
	})
	waiting := polled(testrun.Watch("k7Xb9dRmQ2p"), testrun.Running(1, 29))
	waiting.PollFailed(&run.Problem{Kind: run.ProblemNoConnection, Summary: text.NewText("no connection")})
	unanswered := testrun.Dispatch("m3Yc2tFvN8q")
	unanswered.Dispatching(now)
	lost := testrun.Dispatch("m3Yc2tFvN8q")
	lost.UsageRead(run.Usage{LastRun: optional.Some(run.LastRun{ID: text.NewText("older")})})
	lost.Dispatching(now)
	lost.DispatchFailed(&run.Problem{Kind: run.ProblemLost, Summary: text.NewText("the connection broke")})
	lost.UsageRead(run.Usage{LastRun: optional.Some(run.LastRun{ID: text.NewText("$(reboot)"), Status: text.NewText("running")})})
	var array watch.Watch
	array.OpenFailed(run.Answer{}, &run.Problem{Kind: run.ProblemInput, What: text.NewText("a b.json"), Summary: text.NewText("it breaks off in line 7")})

	tests := map[string]struct {
		watch    watch.Watch
		cause    error
		commands Commands
		want     string
	}{
		"completed": {polled(testrun.Watch("k7Xb9dRmQ2p"), sample), ErrLeft, Commands{}, `
k7Xb9dRmQ2p  completed in 1:30  recipe m3Yc2tFvN8q
  3 pages, 0 items, 6 credits, drift 0.02, 2 warnings
  warning  pagination stalled before its limit
  warning  \x1b]0;owned\x07
  note     completed without items: the page answered, but nothing on it matched the recipe: check the page; if it has changed, re-author the recipe
  again    sbwatch watch k7Xb9dRmQ2p
`},
		"failed": {polled(testrun.Watch("k7Xb9dRmQ2p"), failed), ErrLeft, Commands{Options: []string{"--base-url", "http://127.0.0.1:1/v1"}}, `
k7Xb9dRmQ2p  failed  recipe m3Yc2tFvN8q
  3 pages, 61 items, 6 credits
  error    page 4: element not found: a.next-page (req_aB3xY9Kp)
  again    sbwatch watch --base-url http://127.0.0.1:1/v1 k7Xb9dRmQ2p
`},
		"refused": {refused, ErrLeft, Commands{}, `
zzzzzzzzzzz
  problem  run zzzzzzzzzzz: no such run (not_found, HTTP 404, req_1): check the id
  again    sbwatch watch zzzzzzzzzzz
`},
		"left while requests fail": {waiting, signal{syscall.SIGTERM}, Commands{}, `
k7Xb9dRmQ2p  running  recipe m3Yc2tFvN8q
  1 page, 29 items, 2 credits
  problem  no connection
  note     left before run k7Xb9dRmQ2p ended; the run continues
  again    sbwatch watch k7Xb9dRmQ2p
`},
		"timeout in the demo": {polled(testrun.Dispatch("catalogue01"), testrun.Running(1, 29)), ErrTimeout, Commands{Kind: ForDemo}, `
k7Xb9dRmQ2p  running  recipe catalogue01
  1 page, 29 items, 2 credits
  note     the timeout passed before run k7Xb9dRmQ2p ended
  again    sbwatch demo catalogue01
`},
		"left before the dispatch was answered": {unanswered, ErrLeft, Commands{}, `
run id unknown  recipe m3Yc2tFvN8q
  note     left before the dispatch was answered: a run may have started: sbwatch usage
`},
		"dispatch lost": {lost, ErrLeft, Commands{}, `
run id unknown  recipe m3Yc2tFvN8q
  problem  the connection broke
  note     The account's newest run, $(reboot) (running), may be this run. To watch it: sbwatch watch '$(reboot)'
`},
		"damaged file": {array, ErrLeft, Commands{Kind: ForFile, File: text.NewText("a b.json")}, `
a b.json  not read completely
  problem  a b.json: it breaks off in line 7
  again    sbwatch open 'a b.json'
`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got := Summary(&test.watch, test.cause, test.commands, now, 2*time.Second)
			wantLines(t, "summary", got, test.want)
		})
	}
}

func TestShellWord(t *testing.T) {
	for word, want := range map[string]string{
		"k7Xb9dRmQ2p":    "k7Xb9dRmQ2p",
		"":               "''",
		"a b":            "'a b'",
		"it's":           `'it'\''s'`,
		"$(rm -rf ~)":    "'$(rm -rf ~)'",
		"a\x1b[31m\nb":   `'a\x1b[31m\nb'`,
		"~/x":            "'~/x'",
		"./run-1_2.json": "./run-1_2.json",
	} {
		if got := shellWord(text.NewText(word)); got != want {
			t.Errorf("%q: got %s, want %s", word, got, want)
		}
	}
}

func TestCommandWithIDThatLooksLikeFlag(t *testing.T) {
	watch := testrun.Watch("-x")
	if got, want := (Commands{}).reopen(&watch), "sbwatch watch -- -x"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestWrap(t *testing.T) {
	got := Wrap("run\n  problem  no such run (not_found, HTTP 404, req_aB3xY9Kp): check the id, and which account the key belongs to\n", 50)
	want := "run\n  problem  no such run (not_found, HTTP 404,\n           req_aB3xY9Kp): check the id, and which\n           account the key belongs to\n"
	if got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	address := "https://shop.example.com/" + strings.Repeat("path/", 20)
	got = Wrap("  warning  see "+address+" and the rest\n", 50)
	want = "  warning  see\n           " + address + "\n           and the rest\n"
	if got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

func TestWrapKeepsCommandOnOneLine(t *testing.T) {
	line := "  again    sbwatch watch --base-url http://127.0.0.1:8080/v1 k7Xb9dRmQ2p\n"
	if got := Wrap(line, 50); got != line {
		t.Errorf("got %s, want it unchanged", got)
	}
}

func TestSummaryLimitsWarnings(t *testing.T) {
	var warnings []string
	for i := range 3000 {
		warnings = append(warnings, fmt.Sprintf("warning %d %s", i, strings.Repeat("very ", 1000)))
	}
	watch := testrun.Watch("k7Xb9dRmQ2p")
	watch.Polled(testrun.Completed(warnings...), time.Now(), time.Second)
	got := Summary(&watch, ErrLeft, Commands{}, time.Now(), time.Second)
	if len(got) > 4000 || !strings.Contains(got, "warning 4 ") || !strings.Contains(got, "and 2,995 more warnings") {
		t.Errorf("got %d bytes, want five short warnings and a count: %.500s", len(got), got)
	}
}
