package filter

import "sbwatch/model/lang"

// Syntax returns examples of all forms of filters, such as "price > 20". Each example can be parsed.
func Syntax() []lang.Form {
	return []lang.Form{
		{Text: "price > 20", Meaning: "compare: = != < <= > >=; text $3.50 counts as 3.5"},
		{Text: "brand ~ acme", Meaning: "contains; !~ does not contain"},
		{Text: "brand ~ re:^ac", Meaning: "regular expression"},
		{Text: "price?", Meaning: `has a value; the opposite is "not price?"`},
		{Text: "rating = null", Meaning: "null, missing"},
		{Text: "page = 7", Meaning: "page and row numbers"},
		{Text: `a > 1 and not (b = "x y")`, Meaning: "and, or, not, ( ), quotes"},
		{Text: "dims.w >= 10", Meaning: "value in an object"},
		{Text: "tags[] = red", Meaning: "any value in a list"},
	}
}
