package report

import (
	"testing"

	"sbwatch/model/optional"
	"sbwatch/model/run"
	"sbwatch/model/text"
)

func TestCostLine(t *testing.T) {
	known := func(n int64) optional.Value[int64] { return optional.Some(n) }
	tests := map[string]struct {
		usage run.Usage
		want  string
	}{
		"everything known": {
			run.Usage{PagesPerRun: known(500), CostPerPage: known(2), CreditsRemaining: known(12345)},
			"a run of rec costs up to 1,000 of your 12,345 credits: 500 pages at 2 credits per page",
		},
		"credits limit the run": {
			run.Usage{PagesPerRun: known(500), CostPerPage: known(2), CreditsRemaining: known(3)},
			"a run of rec costs up to 2 of your 3 credits: 1 page at 2 credits per page; the plan allows 500 pages, but the credits do not cover more",
		},
		"balance unknown": {
			run.Usage{PagesPerRun: known(500), CostPerPage: known(2)},
			"a run of rec costs up to 1,000 credits: 500 pages at 2 credits per page",
		},
		"price unknown": {
			run.Usage{PagesPerRun: known(500), CreditsRemaining: known(3)},
			"a run of rec reads up to 500 pages; the cost per page is unknown",
		},
		"nothing known": {
			run.Usage{},
			"the cost of a run of rec is unknown: the limits of the account are unknown",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := CostLine([]text.Text{text.NewText("rec")}, test.usage); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
