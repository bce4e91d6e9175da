package report

import (
	"encoding/json"
	"io"
	"strings"
	"time"

	"sbwatch/model/run"
	"sbwatch/model/text"
	"sbwatch/monitor"
)

// DeliveryLines writes a line for each delivery of a webhook.
type DeliveryLines struct {
	out    io.Writer
	asJSON bool
	plain  *PlainLines
}

// NewDeliveryLines returns a DeliveryLines that writes text for people or, if asJSON is true, JSON for programs.
func NewDeliveryLines(out io.Writer, asJSON bool) *DeliveryLines {
	return &DeliveryLines{out: out, asJSON: asJSON, plain: NewPlainLines(out)}
}

// jsonDelivery is the JSON form of a delivery. The fields have the same names as in the service's deliveries. Unknown
// values are null. Only lines about deliveries have the field "delivery". Lines about runs have the field "run_status"
// instead.
type jsonDelivery struct {
	Delivery   string       `json:"delivery"` // new or repeated
	ReceivedAt string       `json:"received_at"`
	Event      *text.Text   `json:"event"`
	Timestamp  *string      `json:"timestamp"`
	RunID      text.Text    `json:"run_id"`
	RecipeID   *text.Text   `json:"recipe_id"`
	Status     *text.Text   `json:"status"`
	Pages      *int64       `json:"pages_extracted"`
	Items      *int64       `json:"items_extracted"`
	Credits    *int64       `json:"credits_used"`
	Mode       *text.Text   `json:"mode"`
	Drift      *float64     `json:"drift"`
	Warnings   *[]text.Text `json:"warnings"`
	Error      *text.Text   `json:"error"`
}

// Received writes a line about a delivery. It returns an error if the output fails.
func (l *DeliveryLines) Received(now time.Time, d run.Delivery, isRepeated bool) error {
	kind := "new"
	if isRepeated {
		kind = "repeated"
	}
	if !l.asJSON {
		return l.plain.write(l.line(now, d, isRepeated))
	}
	object := jsonDelivery{
		Delivery: kind, ReceivedAt: now.UTC().Format(time.RFC3339), Event: textOrNull(d.Event), RunID: d.RunID, RecipeID: textOrNull(d.RecipeID),
		Status: textOrNull(d.Status), Pages: orNull(d.Pages), Items: orNull(d.Items), Credits: orNull(d.Credits), Mode: textOrNull(d.Mode),
		Drift: orNull(d.Drift), Warnings: orNull(d.Warnings), Error: textOrNull(d.Error),
	}
	if !d.Timestamp.IsZero() {
		timestamp := d.Timestamp.UTC().Format(time.RFC3339)
		object.Timestamp = &timestamp
	}
	line, err := json.Marshal(object)
	if err != nil {
		return err
	}
	_, err = l.out.Write(append(line, '\n'))
	return WriteError(err)
}

// line returns a line about a delivery, with the same columns as the lines about runs.
func (l *DeliveryLines) line(now time.Time, d run.Delivery, isRepeated bool) string {
	p := l.plain
	line := now.Format(time.TimeOnly) + "  " + padRight(d.RunID.String(), p.idWidth) + "  " + padRight("delivered", p.statusWidth) +
		"  " + alignedCount(d.Pages, "page", &p.pageWidth) + "  " + alignedCount(d.Items, "item", &p.itemWidth) +
		"  " + alignedCount(d.Credits, "credit", &p.creditWidth)
	var more []string
	if status := d.StatusText(); !status.IsEmpty() {
		more = append(more, status.String())
	}
	if drift, known := d.Drift.Get(); known {
		more = append(more, "drift "+text.DriftText(drift))
	}
	if !d.Error.IsEmpty() {
		more = append(more, d.Error.String())
	}
	if isRepeated {
		more = append(more, "repeated")
	}
	return line + "   " + strings.Join(more, "   ")
}

// Confirmations is a reporter for polls that confirm deliveries. It removes each run from the monitor after its first
// successful poll, or when the service refuses the poll.
type Confirmations struct {
	Monitor *monitor.Monitor
	// Lines writes the final states of the runs.
	Lines Lines
	Say   func(message string)
}

// Begin does nothing.
func (c *Confirmations) Begin(time.Time) {}

// NextHeartbeat returns the zero time, because no heartbeat is necessary.
func (c *Confirmations) NextHeartbeat() time.Time { return time.Time{} }

// Finish writes a message with the number of runs that were not polled successfully.
func (c *Confirmations) Finish(error) {
	if waiting := len(c.Monitor.Keys()); waiting > 0 {
		c.Say("not confirmed yet: " + text.Counted(int64(waiting), "run") + " that the webhook reported")
	}
}

// Report writes the states of the runs whose end a poll has confirmed. If a delivery said that a run has ended, but the
// run has not ended, Report writes a message. It returns an error if the output fails or the service refuses the API
// key.
func (c *Confirmations) Report(now time.Time, events []monitor.Event) error {
	for _, event := range events {
		w := c.Monitor.Watch(event.Key)
		if w == nil {
			continue
		}
		switch {
		case event.Problem != nil && event.Problem.Kind == run.ProblemKey:
			return event.Problem
		case event.Kind == monitor.ProblemFound:
			c.Say("not confirmed yet: " + event.Problem.Error())
			continue
		case event.Kind == monitor.Ended && event.Problem == nil:
			if err := c.Lines.end(now, w); err != nil {
				return err
			}
		case event.Kind == monitor.Ended:
			c.Say("not confirmed: " + event.Problem.Error())
		case event.Kind == monitor.Changed:
			c.Say("not confirmed: run " + w.RunID().String() + " is " + w.Run().StatusText())
		default:
			continue
		}
		c.Monitor.Remove(now, event.Key)
	}
	return nil
}
