package ui

import (
	"strings"
	"testing"
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
		if frame := frameOf(t, s.press("y")); !strings.Contains(frame, "copied the suggested rules") {
			t.Errorf("nothing was copied:\n%s", frame)
		}
	})
}
