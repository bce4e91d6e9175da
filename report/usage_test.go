package report

import (
	"testing"

	"sbwatch/model"
)

func TestCostLine(t *testing.T) {
	known := func(n int64) model.Optional[int64] { return model.Some(n) }
	tests := map[string]struct {
		usage model.Usage
		want  string
	}{
		"all is known": {
			model.Usage{PagesPerRun: known(500), CostPerPage: known(2), CreditsRemaining: known(12345)},
			"a run of rec reads up to 500 pages: at most 1,000 credits of 12,345; a page costs 2",
		},
		"the credits are thin": {
			model.Usage{PagesPerRun: known(500), CostPerPage: known(2), CreditsRemaining: known(3)},
			"a run of rec reads up to 1 page: at most 2 credits of 3; a page costs 2; the plan allows 500 pages, but the credits pay for no more",
		},
		"the balance is not known": {
			model.Usage{PagesPerRun: known(500), CostPerPage: known(2)},
			"a run of rec reads up to 500 pages: at most 1,000 credits; a page costs 2",
		},
		"the price is not known": {
			model.Usage{PagesPerRun: known(500), CreditsRemaining: known(3)},
			"a run of rec reads up to 500 pages; what a page costs is not known",
		},
		"nothing is known": {
			model.Usage{},
			"what a run of rec may cost is not known: the account's limits were not told",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := CostLine(model.NewText("rec"), test.usage); got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}
