package ui

import (
	"strings"
	"testing"
	"time"

	"sbwatch/model/text"
	"sbwatch/model/watch"
)

func TestBrokenRulesLeadToWhatBreaksThem(t *testing.T) {
	for name, c := range map[string]struct {
		rule  string // part of the line with the rule
		tab   string
		shows string
	}{
		"coverage":       {"coverage price", "items", "54 of 72 › without price"},
		"warning":        {"coverage rating", "items", "13 of 72 › without rating"},
		"unique":         {"unique name", "items", "18 of 72 › duplicates"},
		"repeated pages": {"max-repeated-pages", "items", "9 of 72 › page 6"},
	} {
		t.Run(name, func(t *testing.T) {
			inNoTime(t, func(t *testing.T) {
				s := checks(t, 100, 30, testRules)
				if header, _, _ := strings.Cut(frameOf(t, s), "\n"); !strings.Contains(header, "✗ 4 of 7 rules broken") {
					t.Errorf("the header is %q", header)
				}
				s.does("4")
				for range 7 {
					if v, _ := s.run.Checks().Selected(); strings.HasPrefix(v.Rule.String(), c.rule) {
						break
					}
					s.does("j")
				}
				s.does("enter")
				if frame := frameOf(t, s); s.run.Tab() != c.tab || !strings.Contains(frame, c.shows) {
					t.Errorf("enter opens %s:\n%s", s.run.Tab(), frame)
				}
			})
		})
	}
}

func TestRunsWithoutRulesSuggestSome(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := checks(t, 100, 30, nil).does("4")
		frame := frameOf(t, s)
		for _, want := range []string{"No rules were given", "sbwatch check --suggest k7Xb9dRmQ2p > rules.toml", "min-items"} {
			if !strings.Contains(frame, want) {
				t.Errorf("%q is missing:\n%s", want, frame)
			}
		}
		if strings.Contains(frame, "broken") {
			t.Errorf("suggested rules are reported as broken:\n%s", frame)
		}
		if frame := frameOf(t, s.press("y")); !strings.Contains(frame, "sent the suggested rules") {
			t.Errorf("nothing was copied:\n%s", frame)
		}
	})
}

func TestRulesShowBeforeTheRunIsJudged(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		s := newStage(Config{Watch: watch.NewWatch(text.NewText("k7Xb9dRmQ2p")), Service: &fakeService{}, Rules: testRules}, 80, 24).running(41 * time.Second)
		if frame := frameOf(t, s); !strings.Contains(frame, "7 rules to check   ● running") {
			t.Errorf("the header does not tell of the rules:\n%s", frame)
		}
	})
}

func TestBrokenRulesShowWithoutAHeader(t *testing.T) {
	inNoTime(t, func(t *testing.T) {
		if frame := frameOf(t, checks(t, 40, 10, testRules)); !strings.Contains(frame, "✗ 4 rules") {
			t.Errorf("nothing tells of the broken rules:\n%s", frame)
		}
	})
}
