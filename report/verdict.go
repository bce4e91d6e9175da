package report

import (
	"io"
	"strconv"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"sbwatch/model/profile"
	"sbwatch/model/rules"
	"sbwatch/model/text"
)

// WriteVerdicts writes one line per rule, then one line per finding, for at most maxFindings findings.
func WriteVerdicts(out io.Writer, verdicts []rules.Verdict, findings []profile.Finding) error {
	levelWidth, ruleWidth := 0, 0
	for _, v := range verdicts {
		levelWidth = max(levelWidth, len(v.Level.String()))
		ruleWidth = max(ruleWidth, min(maxRuleWidth, ansi.StringWidth(v.Rule.String())))
	}
	for i := range findings {
		levelWidth = max(levelWidth, len(findings[i].Severity.String()))
	}
	var b strings.Builder
	for _, v := range verdicts {
		b.WriteString(padRight(v.Level.String(), levelWidth) + "  " + padRight(v.Rule.String(), ruleWidth) + "  " + v.Found + examples(v.Rows, v.Pages) + "\n")
	}
	for i := range findings[:min(len(findings), maxFindings)] {
		f := &findings[i]
		b.WriteString(padRight(f.Severity.String(), levelWidth) + "  " + f.Text + examples(f.Rows, nil) + "\n")
	}
	if more := len(findings) - maxFindings; more > 0 {
		b.WriteString("and " + text.Count(int64(more)) + " more: --json lists them all\n")
	}
	_, err := io.WriteString(out, b.String())
	return WriteError(err)
}

// maxFindings is the maximum number of findings that WriteVerdicts writes.
const maxFindings = 25

// maxRuleWidth is the maximum width of the rule column, in terminal cells.
const maxRuleWidth = 40

// examples returns the numbers of the items and pages in the examples of a finding, such as "items 3, 8", or "" if
// there are none. Numbers start at 1.
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

// numbered returns a noun with a list of numbers, such as "items 3, 8". The numbers have no thousands separators,
// because programs parse them.
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

// jsonVerdict is the JSON form of a verdict on a rule.
type jsonVerdict struct {
	Rule   string     `json:"rule"`
	Column *text.Text `json:"column"`
	// Warn and Fail are the limits at which the rule warns and fails: a number, a type, or true for a rule that needs
	// no value, such as unique. A limit that is not set is null.
	Warn any `json:"warn"`
	Fail any `json:"fail"`
	// Level is "ok", "warn", "fail" or "not_judged".
	Level string   `json:"level"`
	Value *float64 `json:"value"`
	Found string   `json:"found"`
	Items []int    `json:"items"`
	Pages []int    `json:"pages"`
}

// jsonFinding is the JSON form of a finding in the profile of the items.
type jsonFinding struct {
	Finding  string     `json:"finding"`
	Severity string     `json:"severity"`
	Column   *text.Text `json:"column"`
	Count    int        `json:"count"`
	Of       int        `json:"of"`
	Text     string     `json:"text"`
	Items    []int      `json:"items"`
	Pages    []int      `json:"pages"`
}

// WriteVerdictsJSON writes one JSON object per line: first for each rule, then for each finding. column(i) must return
// the name of the column with the index i in the profile. Numbers of items and pages start at 1.
func WriteVerdictsJSON(out io.Writer, verdicts []rules.Verdict, findings []profile.Finding, column func(int) text.Text) error {
	for _, v := range verdicts {
		err := encodeLine(out, jsonVerdict{
			Rule: v.Rule.Kind.String(), Column: textOrNull(v.Rule.Column),
			Warn: jsonLimit(v.Rule, v.Rule.Warn), Fail: jsonLimit(v.Rule, v.Rule.Fail),
			Level: strings.ReplaceAll(v.Level.String(), " ", "_"), Value: orNull(v.Value), Found: v.Found,
			Items: itemNumbers(v.Rows), Pages: append([]int{}, v.Pages...),
		})
		if err != nil {
			return err
		}
	}
	for i := range findings {
		f := &findings[i]
		object := jsonFinding{
			Finding: f.Kind.String(), Severity: f.Severity.String(), Count: f.Count, Of: f.Of, Text: f.Text,
			Items: itemNumbers(f.Rows), Pages: append([]int{}, f.Pages...),
		}
		if f.Column >= 0 {
			object.Column = new(column(f.Column))
		}
		if err := encodeLine(out, object); err != nil {
			return err
		}
	}
	return nil
}

// BrokenRules returns a message with the number of broken rules, or "" if no rule is broken.
func BrokenRules(verdicts []rules.Verdict) string {
	broken := 0
	for _, verdict := range verdicts {
		if verdict.Level.IsBroken() {
			broken++
		}
	}
	verb := " is broken"
	switch {
	case broken == 0:
		return ""
	case broken > 1:
		verb = " are broken"
	}
	return strconv.Itoa(broken) + " of " + text.Counted(int64(len(verdicts)), "rule") + verb
}

// jsonLimit returns a limit of a rule as a number, a type, or true for a rule that needs no value, such as unique. It
// returns nil if the limit is not set.
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
