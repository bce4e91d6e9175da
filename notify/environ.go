package notify

import (
	"runtime"
	"strconv"
	"strings"

	"sbwatch/model/optional"
	"sbwatch/model/text"
)

// variablePrefix is the prefix of the variables that contain facts.
const variablePrefix = "SBWATCH_"

// environ returns the environment of the command: the variables in base, and one for each fact. The variable of an
// unknown fact is empty. The values of facts are printable.
func (f *Facts) environ(base []string, redact func(string) string) []string {
	var broken []string
	for _, v := range f.Rules {
		if v.isBroken {
			broken = append(broken, v.Rule)
		}
	}
	rules, brokenRules, warnings, elapsed := "", "", "", ""
	if len(f.Rules) > 0 {
		rules, brokenRules = strconv.Itoa(len(f.Rules)), strconv.Itoa(len(broken))
	}
	if known, ok := f.Warnings.Get(); ok {
		warnings = strconv.Itoa(len(known))
	}
	if took, ok := f.Elapsed.Get(); ok {
		elapsed = strconv.FormatFloat(took.Seconds(), 'f', 3, 64)
	}
	drift := ""
	if known, ok := f.Drift.Get(); ok {
		drift = strconv.FormatFloat(known, 'f', -1, 64)
	}
	environ := append([]string{}, base...) // not nil, because exec.Cmd would then use the environment of this process
	for _, variable := range [][2]string{
		{"RUN_ID", text.Line(f.RunID, maxID)},
		{"RECIPE_ID", text.Line(f.RecipeID, maxID)},
		{"HOST", f.Host},
		{"STATUS", f.Status},
		{"ERROR", text.Line(f.Error, maxError)},
		{"PAGES", countOf(f.Pages)},
		{"ITEMS", countOf(f.Items)},
		{"CREDITS", countOf(f.Credits)},
		{"DRIFT", drift},
		{"ELAPSED_SECONDS", elapsed},
		{"WARNINGS", warnings},
		{"FINDINGS", countOf(f.problems())},
		{"CHECK", f.Check()},
		{"CHECK_ERROR", f.CheckError},
		{"RULES", rules},
		{"RULES_BROKEN", brokenRules},
		{"BROKEN", text.Shorten(strings.Join(broken, ", "), maxError)},
		{"ADVICE", f.Baseline.Or(Baseline{}).Advice},
		{"SUMMARY", f.Summary()},
	} {
		value := text.Shorten(text.Printable(redact(variable[1])), maxError)
		if runtime.GOOS == "windows" {
			value = withoutMeta(value)
		}
		environ = append(environ, variablePrefix+variable[0]+"="+value)
	}
	return environ
}

// countOf returns a number in digits, or "" if it is unknown.
func countOf(n optional.Value[int64]) string {
	if count, known := n.Get(); known {
		return strconv.FormatInt(count, 10)
	}
	return ""
}

// withoutMeta replaces each character with a special meaning in cmd.exe, such as &, with "_". This is necessary because
// cmd.exe inserts the value of a %VARIABLE% into the command line before it parses the line, even inside quotes.
func withoutMeta(s string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("\"%!&|<>^()", r) {
			return '_'
		}
		return r
	}, s)
}
