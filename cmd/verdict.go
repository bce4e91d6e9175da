package cmd

import (
	"encoding/json"
	"io"
	"strconv"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"sbwatch/model"
	"sbwatch/model/profile"
	"sbwatch/model/rules"
)

// writeVerdicts writes a line for each rule, and one for each thing that looks wrong.
func writeVerdicts(out io.Writer, verdicts []rules.Verdict, findings []profile.Finding) error {
	levels, asked := 0, 0
	for _, v := range verdicts {
		levels = max(levels, len(v.Level.String()))
		asked = max(asked, min(mostAsked, ansi.StringWidth(v.Rule.String())))
	}
	for i := range findings {
		levels = max(levels, len(findings[i].Severity.String()))
	}
	var b strings.Builder
	for _, v := range verdicts {
		b.WriteString(padRight(v.Level.String(), levels) + "  " + padRight(v.Rule.String(), asked) + "  " + v.Found + examples(v.Rows, v.Pages) + "\n")
	}
	for i := range findings[:min(len(findings), mostFindings)] {
		f := &findings[i]
		b.WriteString(padRight(f.Severity.String(), levels) + "  " + f.Text + examples(f.Rows, nil) + "\n")
	}
	if more := len(findings) - mostFindings; more > 0 {
		b.WriteString("and " + model.Count(int64(more)) + " more: --json lists them all\n")
	}
	_, err := io.WriteString(out, b.String())
	return written(err)
}

// mostFindings is how many of the things that look wrong are told in lines, the worst of them.
const mostFindings = 25

// mostAsked is how wide the column of what was asked may become, in cells.
const mostAsked = 40

// examples names a few items and pages, by their numbers from 1.
func examples(rows, pages []int) string {
	text := ""
	if len(rows) > 0 {
		text += ", such as " + numbered("item", itemNumbers(rows))
	}
	if len(pages) > 0 {
		text += ", such as " + numbered("page", pages)
	}
	return text
}

func itemNumbers(rows []int) []int {
	numbers := make([]int, len(rows))
	for i, row := range rows {
		numbers[i] = row + 1
	}
	return numbers
}

// numbered is a noun and some numbers, without separators between thousands, as it is for programs too.
func numbered(noun string, numbers []int) string {
	words := make([]string, len(numbers))
	for i, n := range numbers {
		words[i] = strconv.Itoa(n)
	}
	if len(words) > 1 {
		noun += "s"
	}
	return noun + " " + strings.Join(words, ", ")
}

// jsonVerdict is a rule and what became of it.
type jsonVerdict struct {
	Rule   string      `json:"rule"`
	Column *model.Text `json:"column"`
	// Warn and Fail are the limits: a number, a type, or true for rules that have none; null where there is no such level.
	Warn any `json:"warn"`
	Fail any `json:"fail"`
	// Level is ok, warn, fail or not_judged.
	Level string   `json:"level"`
	Value *float64 `json:"value"`
	Found string   `json:"found"`
	Items []int    `json:"items"`
	Pages []int    `json:"pages"`
}

// jsonFinding is something that looks wrong.
type jsonFinding struct {
	Finding  string      `json:"finding"`
	Severity string      `json:"severity"`
	Column   *model.Text `json:"column"`
	Count    int         `json:"count"`
	Of       int         `json:"of"`
	Text     string      `json:"text"`
	Items    []int       `json:"items"`
	Pages    []int       `json:"pages"`
}

// writeVerdictsJSON writes an object a line for each rule, and for each thing that looks wrong. Items and pages are numbers
// from 1.
func writeVerdictsJSON(columns func(int) model.Text) func(io.Writer, []rules.Verdict, []profile.Finding) error {
	return func(out io.Writer, verdicts []rules.Verdict, findings []profile.Finding) error {
		encoder := json.NewEncoder(out)
		encoder.SetEscapeHTML(false)
		for _, v := range verdicts {
			err := encoder.Encode(jsonVerdict{
				Rule: v.Rule.Kind.String(), Column: textOrNull(v.Rule.Column),
				Warn: jsonLimit(v.Rule, v.Rule.Warn), Fail: jsonLimit(v.Rule, v.Rule.Fail),
				Level: strings.ReplaceAll(v.Level.String(), " ", "_"), Value: orNull(v.Value), Found: v.Found,
				Items: itemNumbers(v.Rows), Pages: append([]int{}, v.Pages...),
			})
			if err != nil {
				return written(err)
			}
		}
		for i := range findings {
			f := &findings[i]
			object := jsonFinding{
				Finding: f.Kind.String(), Severity: f.Severity.String(), Count: f.Count, Of: f.Of, Text: f.Text,
				Items: itemNumbers(f.Rows), Pages: append([]int{}, f.Pages...),
			}
			if f.Column >= 0 {
				object.Column = new(columns(f.Column))
			}
			if err := encoder.Encode(object); err != nil {
				return written(err)
			}
		}
		return nil
	}
}

// jsonLimit is a limit as JSON has it.
func jsonLimit(rule rules.Rule, limit rules.Limit) any {
	switch {
	case !limit.Set:
		return nil
	case rule.Kind == rules.Type:
		return limit.Type.String()
	case rule.Kind == rules.Unique || rule.Kind == rules.NoWarnings:
		return true
	default:
		return limit.Number
	}
}
