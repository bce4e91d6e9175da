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
			"a run of rec reads up to 500 pages: at most 1,000 credits of 12,345; a page costs 2",
		},
		"credits limit the run": {
			run.Usage{PagesPerRun: known(500), CostPerPage: known(2), CreditsRemaining: known(3)},
			"a run of rec reads up to 1 page: at most 2 credits of 3; a page costs 2; the plan allows 500 pages, but the credits pay for no more",
		},
		"balance unknown": {
			run.Usage{PagesPerRun: known(500), CostPerPage: known(2)},
			"a run of rec reads up to 500 pages: at most 1,000 credits; a page costs 2",
		},
		"price unknown": {
			run.Usage{PagesPerRun: known(500), CreditsRemaining: known(3)},
			"a run of rec reads up to 500 pages; what a page costs is not known",
		},
		"nothing known": {
			run.Usage{},
			"what a run of rec may cost is not known: the account's limits were not told",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := CostLine(text.NewText("rec"), test.usage); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
