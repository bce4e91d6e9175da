package api

import (
	"io"
	"net/http"
	"reflect"
	"testing"
	"time"

	"sbwatch/model/optional"
	"sbwatch/model/run"
	"sbwatch/model/text"
)

func TestUsage(t *testing.T) {
	tests := []struct {
		name string
		body string
		want run.Usage
	}{
		{
			"whole",
			`{"status":"completed","request_id":"req_1","credits_used":0,"credits_remaining":494,"data":{"runs_used_30d":7,
			"runs_per_month_cap":50,"pages_per_run_cap":20,"cost_per_page":2,"schedules_count":1,"schedules_allowed":true,
			"last_run":{"id":"r1","status":"completed","pages_extracted":3,"effective_cap":10,"clamped_by_credits":true,
			"created_at":"2026-05-21T12:00:00Z","completed_at":"2026-05-21T12:01:30Z"}}}`,
			run.Usage{
				RunsUsed: optional.Some[int64](7), RunsPerMonth: optional.Some[int64](50), PagesPerRun: optional.Some[int64](20),
				CostPerPage: optional.Some[int64](2), Schedules: optional.Some[int64](1), SchedulesAllowed: optional.Some(true),
				CreditsRemaining: optional.Some[int64](494), RequestID: text.NewText("req_1"),
				LastRun: optional.Some(run.LastRun{
					ID: text.NewText("r1"), Status: text.NewText("completed"), Pages: optional.Some[int64](3),
					CreatedAt:    time.Date(2026, 5, 21, 12, 0, 0, 0, time.UTC),
					CompletedAt:  time.Date(2026, 5, 21, 12, 1, 30, 0, time.UTC),
					EffectiveCap: optional.Some[int64](10), ClampedByCredits: optional.Some(true),
				}),
			},
		},
		{"no run yet", `{"data":{"last_run":null,"runs_used_30d":0}}`, run.Usage{RunsUsed: optional.Some[int64](0)}},
		{"nothing", `{"data":{}}`, run.Usage{}},
		{"counts below zero", `{"data":{"runs_used_30d":-1,"cost_per_page":-2,"last_run":{"id":"r1","effective_cap":-3}},"credits_remaining":-4}`, run.Usage{
			CreditsRemaining: optional.Some[int64](-4), LastRun: optional.Some(run.LastRun{ID: text.NewText("r1")}),
		}},
		{"other types", `{"data":{"last_run":"r1","schedules_allowed":1,"cost_per_page":"2"}}`, run.Usage{}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			client := serve(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, test.body) })
			got, err := client.Usage(t.Context())
			if err != nil || !reflect.DeepEqual(got, test.want) {
				t.Errorf("\n got %+v, %v\nwant %+v", got, err, test.want)
			}
		})
	}
}

func TestUsageOfAnotherAddress(t *testing.T) {
	client := serve(t, http.NotFound)
	_, err := client.Usage(t.Context())
	if problem := problemOf(t, err); problem.Passing() || problem.NextStep.Raw() != "check the base URL" {
		t.Errorf("%v", problem)
	}
}
