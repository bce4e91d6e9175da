package filter

// Form is an example of one kind of expression, with its meaning. The help lists all Forms.
type Form struct{ Text, Meaning string }

// Syntax returns the forms of the filter language, each as an example that parses.
func Syntax() []Form {
	return []Form{
		{"price > 20", "compare: = != < <= > >=, numbers also in text"},
		{"brand ~ acme", "contains; !~ does not contain"},
		{"brand ~ re:^ac", "regular expression"},
		{"price?", `has a value; the opposite is "not price?"`},
		{"rating = null", "null, missing"},
		{"page = 7", "page and row numbers"},
		{`a > 1 and not (b = "x y")`, "and, or, not, ( ), quotes"},
		{"dims.w >= 10", "value in an object"},
		{"tags[] = red", "any value in a list"},
	}
}
