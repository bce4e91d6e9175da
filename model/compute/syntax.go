package compute

import "sbwatch/model/lang"

// Syntax returns examples of all forms of formulas, such as "unit = price / size", and the functions. Each example can
// be parsed.
func Syntax() []lang.Form {
	forms := []lang.Form{
		{Text: "unit = price / size", Meaning: "a column with a name; + - * / % ( ); text $3.50 counts as 3.5"},
		{Text: "`in-stock` * 2", Meaning: "a column name with symbols or spaces"},
		{Text: `brand & " " & name`, Meaning: "joined texts"},
		{Text: `if(price > 20, "high", "low")`, Meaning: "comparisons: = != < <= > >=, and, or, not"},
	}
	for _, f := range functions() {
		if f.name != "if" {
			forms = append(forms, lang.Form{Text: f.usage, Meaning: f.does})
		}
	}
	return forms
}
