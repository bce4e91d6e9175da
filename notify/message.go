package notify

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"strings"

	"sbwatch/model/optional"
	"sbwatch/model/text"
)

// Format is the format of the message that is sent to a URL.
type Format int

// The formats.
const (
	// FormatJSON is a JSON object with all facts.
	FormatJSON Format = iota
	// FormatSlack is a message for an incoming webhook of Slack, or of another service that accepts this format.
	FormatSlack
)

// Formats returns the words for the formats.
func Formats() []string { return []string{"json", "slack"} }

// ParseFormat returns the format for one of the words "json" and "slack".
func ParseFormat(word string) (Format, error) {
	switch word {
	case "json":
		return FormatJSON, nil
	case "slack":
		return FormatSlack, nil
	default:
		return 0, errors.New("must be json or slack")
	}
}

// String returns "json" or "slack".
func (f Format) String() string { return Formats()[f] }

// jsonFacts is the JSON form of the facts. The fields about the run have the same names as in the API. Unknown values
// are null.
type jsonFacts struct {
	Event       string       `json:"event"` // always "run_ended"
	Summary     string       `json:"summary"`
	Host        string       `json:"host"`
	RunID       *text.Text   `json:"run_id"`
	RecipeID    *text.Text   `json:"recipe_id"`
	Status      string       `json:"run_status"`
	Error       *text.Text   `json:"error"`
	Pages       *int64       `json:"pages_extracted"`
	Items       *int64       `json:"items_extracted"`
	Credits     *int64       `json:"credits_used"`
	Drift       *float64     `json:"drift"`
	Elapsed     *float64     `json:"elapsed_seconds"`
	Warnings    *[]text.Text `json:"warnings"`
	Findings    *[]Finding   `json:"findings"`
	Check       *string      `json:"check"`
	CheckError  *string      `json:"check_error"`
	Rules       []Verdict    `json:"rules"`
	RulesBroken int          `json:"rules_broken"`
	Baseline    *Baseline    `json:"baseline"`
}

// message returns the message about a run in a format.
func (f *Facts) message(format Format) []byte {
	if format == FormatSlack {
		return encoded(f.slack())
	}
	object := jsonFacts{
		Event: "run_ended", Summary: f.Summary(), Host: f.Host, RunID: textOrNull(f.RunID, maxID), RecipeID: textOrNull(f.RecipeID, maxID),
		Status: f.Status, Error: textOrNull(f.Error, maxError), Pages: orNull(f.Pages), Items: orNull(f.Items), Credits: orNull(f.Credits),
		Drift: orNull(f.Drift), Check: stringOrNull(f.Check()), CheckError: stringOrNull(f.CheckError),
		Rules: shortened(f.Rules), RulesBroken: f.Broken(), Baseline: orNull(f.Baseline),
	}
	if object.Drift != nil && (math.IsNaN(*object.Drift) || math.IsInf(*object.Drift, 0)) {
		object.Drift = nil // JSON has no NaN and no Infinity
	}
	if took, known := f.Elapsed.Get(); known {
		seconds := math.Round(took.Seconds()*1000) / 1000
		object.Elapsed = &seconds
	}
	if warnings, known := f.Warnings.Get(); known {
		list := shortened(warnings)
		for i := range list {
			list[i] = text.NewText(text.Shorten(list[i].Raw(), maxLine))
		}
		object.Warnings = &list
	}
	if findings, known := f.Findings.Get(); known {
		list := shortened(findings)
		for i := range list {
			list[i].Text = text.Shorten(list[i].Text, maxLine)
		}
		object.Findings = &list
	}
	for i := range object.Rules {
		object.Rules[i].Rule, object.Rules[i].Found = text.Shorten(object.Rules[i].Rule, maxLine), text.Shorten(object.Rules[i].Found, maxLine)
	}
	if object.Baseline != nil {
		object.Baseline.Changes = shortened(object.Baseline.Changes)
	}
	return encoded(object)
}

func orNull[T any](o optional.Value[T]) *T {
	if value, known := o.Get(); known {
		return &value
	}
	return nil
}

func textOrNull(t text.Text, limit int) *text.Text {
	if t.IsEmpty() {
		return nil
	}
	return new(text.NewText(text.Shorten(t.Raw(), limit)))
}

func stringOrNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// encoded returns a value as JSON on one line.
func encoded(object any) []byte {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(object); err != nil {
		panic(err) // only plain values are encoded
	}
	return b.Bytes()
}

// slackMessage is the JSON form of a message for Slack. Link previews are turned off.
type slackMessage struct {
	Text        string `json:"text"`
	Markdown    bool   `json:"mrkdwn"`
	UnfurlLinks bool   `json:"unfurl_links"`
	UnfurlMedia bool   `json:"unfurl_media"`
}

// maxSlackRules is the maximum number of broken rules that a message lists.
const maxSlackRules = 10

// slack returns a message for Slack with the summary, the broken rules and the advice.
func (f *Facts) slack() slackMessage {
	lines := []string{f.Summary()}
	for _, v := range f.Rules {
		if v.isBroken && len(lines) <= maxSlackRules {
			lines = append(lines, "• "+text.Shorten(v.Rule, maxLine)+": "+text.Shorten(v.Found, maxLine))
		}
	}
	if advice := f.Baseline.Or(Baseline{}).Advice; advice != "" {
		lines = append(lines, text.Shorten(advice, maxLine))
	}
	if !f.RecipeID.IsEmpty() && !f.RunID.IsEmpty() {
		lines = append(lines, "recipe "+text.Line(f.RecipeID, maxID)+" on "+f.Host)
	}
	return slackMessage{Text: slackEscaped(strings.Join(lines, "\n"))}
}

// slackEscaped escapes characters with a special meaning in Slack messages. The text then cannot contain links, or
// mentions such as <!channel>. Other services with this format also treat @channel as a mention, so slackEscaped adds a
// zero-width space after each @.
func slackEscaped(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "@", "@\u200b").Replace(s)
}
