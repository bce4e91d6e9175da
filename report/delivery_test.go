package report

import (
	"strings"
	"testing"
	"time"

	"sbwatch/model/optional"
	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/model/watch"
	"sbwatch/monitor"
)

func TestDeliveryLines(t *testing.T) {
	now := time.Date(2026, 5, 21, 12, 1, 31, 0, time.UTC)
	full := run.Delivery{
		Event: text.NewText("completed"), Timestamp: now.Add(-time.Second), RunID: text.NewText("k7Xb9dRmQ2p"), RecipeID: text.NewText("m3Yc2tFvN8q"),
		Status: text.NewText("completed"), Pages: optional.Some(int64(3)), Items: optional.Some(int64(87)), Credits: optional.Some(int64(6)),
		Mode: text.NewText("replay"), Drift: optional.Some(0.02), Warnings: optional.Some([]text.Text{text.NewText("slow")}),
	}
	hostile := run.Delivery{RunID: text.NewText("a\x1b[2J\n"), Event: text.NewText("\x07"), Error: text.NewText("x\r\ny")}
	for _, c := range []struct {
		delivery   run.Delivery
		isRepeated bool
		plain      string
		json       string
	}{
		{
			full, false, "12:01:31  k7Xb9dRmQ2p  delivered    3 pages    87 items   6 credits   completed   drift 0.02\n",
			`{"delivery":"new","received_at":"2026-05-21T12:01:31Z","event":"completed","timestamp":"2026-05-21T12:01:30Z","run_id":"k7Xb9dRmQ2p",` +
				`"recipe_id":"m3Yc2tFvN8q","status":"completed","pages_extracted":3,"items_extracted":87,"credits_used":6,"mode":"replay","drift":0.02,"warnings":["slow"],"error":null}` + "\n",
		},
		{
			hostile, true, `12:01:31  a\x1b[2J\n   delivered    - pages     - items   - credits   \x07   x\r\ny   repeated` + "\n",
			`{"delivery":"repeated","received_at":"2026-05-21T12:01:31Z","event":"\u0007","timestamp":null,"run_id":"a\u001b[2J\u000a","recipe_id":null,"status":null,` +
				`"pages_extracted":null,"items_extracted":null,"credits_used":null,"mode":null,"drift":null,"warnings":null,"error":"x\u000d\u000ay"}` + "\n",
		},
		{run.Delivery{RunID: text.NewText("a")}, false, "12:01:31  a            delivered    - pages     - items   - credits\n", ""},
	} {
		for asJSON, want := range map[bool]string{false: c.plain, true: c.json} {
			var out strings.Builder
			if err := NewDeliveryLines(&out, asJSON).Received(now, c.delivery, c.isRepeated); err != nil {
				t.Fatal(err)
			}
			if want != "" && out.String() != want {
				t.Errorf("got  %swant %s", out.String(), want)
			}
		}
	}
}

// TestConfirmations checks the lines and messages about each poll, and that the run is then removed from the monitor.
func TestConfirmations(t *testing.T) {
	now := time.Date(2026, 5, 21, 12, 1, 31, 0, time.UTC)
	polled := func(status string) monitor.Answer {
		return monitor.Answer{Poll: run.Answer{Run: run.Run{StatusSent: text.NewText(status), Pages: optional.Some(int64(3))}}}
	}
	failed := func(kind run.ProblemKind) monitor.Answer {
		return monitor.Answer{Problem: &run.Problem{Kind: kind, Summary: text.NewText("trouble")}}
	}
	for _, c := range []struct {
		answer       monitor.Answer
		stdout, said string
		forgets      bool
		fails        bool
		counts       watch.Deliveries
	}{
		{polled("completed"), "a            completed    3 pages", "", true, false, watch.Deliveries{Confirmed: 1}},
		{polled("failed"), "a            failed       3 pages", "", true, false, watch.Deliveries{Confirmed: 1}},
		{polled("running"), "", "not confirmed: run a is running", true, false, watch.Deliveries{Unconfirmed: 1}},
		{failed(run.ProblemRefused), "", "not confirmed: trouble", true, false, watch.Deliveries{Unconfirmed: 1}},
		{failed(run.ProblemService), "", "not confirmed yet: trouble", false, false, watch.Deliveries{}},
		{failed(run.ProblemKey), "", "", false, true, watch.Deliveries{Unconfirmed: 1}},
	} {
		var out, said strings.Builder
		m := monitor.New(time.Second, func() float64 { return 0.5 })
		confirmations := Confirmations{Monitor: m, Lines: NewPlainLines(&out), Say: func(message string) { said.WriteString(message) }}
		m.Add(now, watch.NewWatch(text.NewText("a")))
		m.Delivered(now, text.NewText("a"))
		c.answer.Request = m.Due(now)[0]
		err := confirmations.Report(now, m.Apply(now, c.answer))
		if (err != nil) != c.fails {
			t.Errorf("%+v: error %v", c.answer, err)
		}
		if !strings.Contains(out.String(), c.stdout) || c.stdout == "" && out.Len() > 0 {
			t.Errorf("wrote %q, want %q", out.String(), c.stdout)
		}
		if said.String() != c.said {
			t.Errorf("said %q, want %q", said.String(), c.said)
		}
		if forgotten := len(m.Keys()) == 0; forgotten != c.forgets {
			t.Errorf("%q: forgotten is %t", c.said, forgotten)
		}
		if m.Deliveries() != c.counts {
			t.Errorf("counts %v, want %v", m.Deliveries(), c.counts)
		}
	}
}
