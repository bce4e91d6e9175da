package compute

// Form is an example of one kind of formula, with its meaning. The help lists all Forms.
type Form struct{ Text, Meaning string }

// Syntax returns the forms of the language, each as an example that parses, and the functions.
func Syntax() []Form {
	forms := []Form{
		{"unit = price / size", "a column with a name; + - * / % ( ), numbers also in text"},
		{"`in-stock` * 2", "a column name with symbols or spaces"},
		{`brand & " " & name`, "joined texts"},
		{`if(price > 20, "high", "low")`, "comparisons: = != < <= > >=, and, or, not"},
	}
	for _, f := range functions() {
		if f.name != "if" {
			forms = append(forms, Form{f.usage, f.does})
		}
	}
	return forms
}
