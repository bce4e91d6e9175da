package notify

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"sbwatch/model/baseline"
	"sbwatch/model/item"
	"sbwatch/model/profile"
	"sbwatch/model/rules"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
)

func TestFactsOfWatchesWithoutAnEnd(t *testing.T) {
	refused := &run.Problem{Kind: run.ProblemCredits, What: text.NewText("recipe m"), Summary: text.NewText("not enough credits")}
	notStarted := watch.NewDispatchWatch(text.NewText("m"))
	notStarted.DispatchFailed(refused)
	lost := watch.NewDispatchWatch(text.NewText("m"))
	lost.Dispatching(time.Now())
	lost.DispatchFailed(&run.Problem{Kind: run.ProblemLost, Summary: text.NewText("the connection broke")})
	unknown := watch.NewWatch(text.NewText("r"))
	unknown.Polled(run.Answer{Run: run.Run{ID: text.NewText("r"), StatusSent: text.NewText("running")}}, time.Now(), 0)
	unknown.PollFailed(&run.Problem{Kind: run.ProblemKey, Summary: text.NewText("the API key was refused")})
	inferred := watchOf(run.Run{ID: text.NewText("r"), CompletedAt: time.Unix(9, 0)})
	for name, test := range map[string]struct {
		watch                  *watch.Watch
		status, error, summary string
	}{
		"not started": {&notStarted, StatusNotStarted, "recipe m: not enough credits", "recipe m was not dispatched: recipe m: not enough credits"},
		"lost":        {&lost, StatusLost, "the connection broke", "recipe m: the answer to the dispatch was lost: the connection broke"},
		"unknown":     {&unknown, StatusUnknown, "the API key was refused", "run r: the service refused to report its status: the API key was refused"},
		"inferred":    {inferred, "completed", "", "run r completed: 0 items"},
	} {
		f := FactsOf("host", test.watch, time.Now())
		if f.Status != test.status || f.Error.Raw() != test.error || f.Summary() != test.summary {
			t.Errorf("%s: got %q, %q, %q", name, f.Status, f.Error.Raw(), f.Summary())
		}
	}
}

func TestChecksOfTheFacts(t *testing.T) {
	rule := func(kind rules.Kind, value string) rules.Rule {
		t.Helper()
		r, err := rules.ParseFlag(kind, value)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	judge := func(given ...rules.Rule) func(context.Context, run.Run, *profile.Profile, item.Table) ([]rules.Verdict, error) {
		return func(_ context.Context, r run.Run, p *profile.Profile, _ item.Table) ([]rules.Verdict, error) {
			if r.RecipeID.Raw() != "m3Yc2tFvN8q" {
				return nil, errors.New("the rules of the recipe were not asked for")
			}
			return rules.Judge(given, rules.Subject{Run: r, Profile: p})
		}
	}
	profiled := func(context.Context, item.Table) (*profile.Profile, error) { return &profile.Profile{}, nil }
	incomplete := *watchOf(completed("r"))
	incomplete.Polled(run.Answer{
		Run: completed("r"), Incomplete: &run.Problem{Kind: run.ProblemTooLarge, Summary: text.NewText("too many items")},
	}, time.Now(), 0)
	failed := completed("r")
	failed.StatusSent = text.NewText("failed")
	for name, test := range map[string]struct {
		watch   *watch.Watch
		config  Config
		check   string
		broken  int
		problem string
	}{
		"no rules": {watchOf(completed("r")), Config{Profile: profiled}, "", 0, ""},
		"holds":    {watchOf(completed("r")), Config{Profile: profiled, Judge: judge(rule(rules.MaxDrift, "0.3"))}, "ok", 0, ""},
		"warns":    {watchOf(completed("r")), Config{Profile: profiled, Judge: judge(rule(rules.MaxDrift, "0.1/0.3"))}, "warn", 0, ""},
		"broken": {
			watchOf(completed("r")),
			Config{Profile: profiled, Judge: judge(rule(rules.MaxDrift, "0.1"), rule(rules.MinItems, "5"), rule(rules.MaxItems, "5"))},
			"fail", 2, "",
		},
		"not completed":            {watchOf(failed), Config{Profile: profiled, Judge: judge(rule(rules.MinItems, "5"))}, "", 0, ""},
		"incomplete":               {&incomplete, Config{Profile: profiled, Judge: judge(rule(rules.MinItems, "5"))}, "error", 0, "too many items"},
		"incomplete without rules": {&incomplete, Config{Profile: profiled}, "", 0, ""},
		"no profile": {
			watchOf(completed("r")),
			Config{
				Profile: func(context.Context, item.Table) (*profile.Profile, error) { return nil, errors.New("bro\x1bken") },
				Judge:   judge(rule(rules.MinItems, "5")),
			},
			"error", 0, `bro\x1bken`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			to := &receiver{answers: []string{"200"}}
			test.config.Post, _ = ParseURL("https://hooks.example")
			test.config.Transport, test.config.Now, test.config.Say = to, time.Now, func(line string) { t.Error(line) }
			n := New(test.config)
			n.Ended(0, test.watch)
			if err := n.Close(t.Context()); err != nil {
				t.Fatal(err)
			}
			var got struct {
				Check       string
				CheckError  string `json:"check_error"`
				RulesBroken int    `json:"rules_broken"`
			}
			if err := json.Unmarshal([]byte(to.bodies[0]), &got); err != nil {
				t.Fatal(err)
			}
			if got.Check != test.check || got.RulesBroken != test.broken || got.CheckError != test.problem {
				t.Errorf("got %+v", got)
			}
		})
	}
}

func TestBaselineOfTheFacts(t *testing.T) {
	var f Facts
	f.AddBaseline(&baseline.Judgment{
		Earlier: 7, Advice: baseline.Advice{Text: "re-author the recipe"},
		Changes: []baseline.Change{{Kind: baseline.Vanished, Subject: baseline.Coverage, Column: text.NewText("price\n")}},
	})
	got, known := f.Baseline.Get()
	if !known || got.Earlier != 7 || len(got.Changes) != 1 || !strings.HasPrefix(got.Changes[0], `price\n is gone`) {
		t.Errorf("got %+v", got)
	}
	if environ := f.environ([]string{"A=1", "SBWATCH_STATUS=old"}, func(s string) string { return s }); !slices.Contains(environ, "SBWATCH_ADVICE=re-author the recipe") || environ[0] != "A=1" {
		t.Errorf("the environment is %q", environ)
	}
}
