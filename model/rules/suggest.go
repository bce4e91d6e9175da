package rules

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"sbwatch/model/profile"
	"sbwatch/model/text"
)

// Suggest returns a rules file for the user to edit. The rules are based on earlier runs of the recipe. If there are
// none, they are based on this run. The limits leave some margin. The text is printable.
func Suggest(subject Subject) string {
	p := subject.Profile
	var b strings.Builder
	name := "these items"
	if id := subject.Run.ID; !id.IsEmpty() {
		name = "run " + id.String()
	}
	name += " (" + text.Counted(int64(p.Items().Len()), "item") + ")"
	if subject.Usual.Runs > 0 {
		name += " and " + text.Counted(int64(subject.Usual.Runs), "earlier run")
	}
	fmt.Fprintf(&b, "# Rules for sbwatch check, made from %s with some margin. Edit them.\n", name)
	b.WriteString("# A rule can have two limits. Beyond the limit \"warn\" it warns. Beyond the limit \"fail\" it sets exit code 3.\n")
	for i := range p.Findings {
		if f := &p.Findings[i]; f.Severity == profile.Error {
			b.WriteString("# This run looks wrong: " + f.Text + "\n")
		}
	}
	table := ""
	switch recipe := subject.Run.RecipeID; {
	case recipe.IsEmpty():
	case !canBeNamed(recipe):
		fmt.Fprintf(&b, "# The id of recipe %s cannot be written in TOML: these rules apply to all recipes.\n", shortName(recipe))
	default:
		table = recipeWord + "." + tomlKey(recipe)
		fmt.Fprintf(&b, "\n[%s]", table)
		table += "."
	}
	b.WriteString("\n")
	suggestCounts(&b, subject)
	suggestUnique(&b, subject)
	suggestColumns(&b, subject, table)
	return b.String()
}

// suggestCounts writes the rules that are not about a column.
func suggestCounts(b *strings.Builder, s Subject) {
	summary := s.Profile.Summary()
	if n := s.Usual.MinItems.Or(summary.Items); n > 0 {
		fmt.Fprintf(b, "min-items = { warn = %d, fail = %d }\n", max(1, n*4/5), max(1, n/2))
		fmt.Fprintf(b, "max-duplicates = %d\n", summary.DuplicateItems+(n+19)/20)
	}
	if summary.Pages > 0 {
		fmt.Fprintf(b, "max-empty-pages = %d\nmax-repeated-pages = %d\n", summary.EmptyPages, summary.RepeatedPages)
	}
	usualDrift := s.Run.Drift()
	if s.Usual.MaxDrift.Known() {
		usualDrift = s.Usual.MaxDrift
	}
	if drift, known := usualDrift.Get(); known && drift >= 0 && drift <= 1 {
		warn := min(1, math.Ceil((max(drift, 0.05)+0.1)*100)/100)
		fmt.Fprintf(b, "max-drift = { warn = %s, fail = %s }\n", number(warn), number(min(1, math.Ceil((warn+0.15)*100)/100)))
	}
	if warnings, known := s.Run.Warnings().Get(); known {
		switch len(warnings) {
		case 0:
			b.WriteString("no-warnings = { warn = true }\n")
		default:
			fmt.Fprintf(b, "# no-warnings = true # this run has %s\n", text.Counted(int64(len(warnings)), "warning"))
		}
	}
}

// number formats the limit of a rule for TOML.
func number(x float64) string {
	text := strconv.FormatFloat(x, 'f', 4, 64)
	text = strings.TrimRight(text, "0")
	if strings.HasSuffix(text, ".") {
		text += "0"
	}
	return text
}

// minValues is the minimum number of values that a column must have before rules are suggested for it.
const minValues = 10

// maxKeys is the maximum number of columns for which the rule "unique" is suggested.
const maxKeys = 2

// suggestUnique writes the rule "unique" for a few columns that look like keys: their values are unique, and their
// names are typical of keys.
func suggestUnique(b *strings.Builder, s Subject) {
	var keys []string
	for i := range s.Profile.Columns {
		c := &s.Profile.Columns[i]
		if len(keys) < maxKeys && c.Level == 0 && c.Covered() == c.Of && c.Of >= minValues && looksLikeKey(c) &&
			canBeNamed(c.Place.Name()) && isFoundByName(s.Profile, c) && s.allDiffer(c) {
			keys = append(keys, tomlString(c.Place.Name()))
		}
	}
	if len(keys) > 0 {
		fmt.Fprintf(b, "unique = [%s]\n", strings.Join(keys, ", "))
	}
}

// allDiffer reports whether all values of a column are different. If the profile only estimates the number of different
// values, allDiffer compares the values.
func (s Subject) allDiffer(c *profile.Column) bool {
	path, single := c.Place.Path()
	if !c.Distinct.Estimated || !single || float64(c.Distinct.N) < 0.8*float64(c.Of) {
		return c.Distinct == profile.Amount{N: c.Of}
	}
	found, err := s.Duplicates(path)
	return err == nil && found.Extra() == 0
}

// looksLikeKey reports whether a column's name is typical of columns with unique values.
func looksLikeKey(c *profile.Column) bool {
	name := strings.ToLower(c.Place.Name().Raw())
	words := strings.FieldsFunc(name, func(r rune) bool { return r < 'a' || r > 'z' })
	for _, known := range []string{"id", "sku", "key", "code", "url", "link", "href", "ean", "gtin", "isbn", "asin", "slug", "uuid", "guid"} {
		if slices.Contains(words, known) {
			return true
		}
	}
	return false
}

// minCoverage is the minimum coverage of a column for which a rule is suggested.
const minCoverage = 0.3

// maxRare is the maximum number of columns that a comment in the rules file names because their coverage is below
// minCoverage.
const maxRare = 20

// shortName returns the start of a name, for a comment in the rules file.
func shortName(name text.Text) string {
	const limit = 60
	runes := []rune(name.Raw())
	if len(runes) <= limit {
		return name.String()
	}
	return text.Printable(string(runes[:limit-1])) + "…"
}

// maxNameLength is the maximum length, in bytes, of a name in a rules file, to keep the file readable.
const maxNameLength = 500

// canBeNamed reports whether a name can be written to a rules file. TOML requires valid UTF-8.
func canBeNamed(name text.Text) bool {
	return utf8.ValidString(name.Raw()) && len(name.Raw()) <= maxNameLength
}

// isFoundByName reports whether a rule for the name of column c applies to c. If several columns have this name, the
// rule applies to only one of them.
func isFoundByName(p *profile.Profile, c *profile.Column) bool {
	found, ok := p.Items().FindPlace(c.Place.Name().Raw())
	return ok && found == c.Place
}

// suggestColumns writes a coverage rule for each column that has values in many items. It also writes a type rule for
// each column whose values all have one type.
func suggestColumns(b *strings.Builder, s Subject, table string) {
	p := s.Profile
	var coverage, types strings.Builder
	var untyped []untypedColumns
	var unnamed []string
	rare := 0
	for i := range p.Columns {
		c := &p.Columns[i]
		share := s.usualCoverage(c)
		if c.Level > 1 || c.Place.InList() || c.KeysAreData || c.Place.Name().IsEmpty() {
			continue
		}
		if !isFoundByName(p, c) {
			continue // another column has the same name
		}
		// If a nested key is in every object, the rule for the object is enough.
		always := c.Parent >= 0 && c.Covered() == p.Columns[c.Parent].Covered()
		if share < minCoverage {
			if c.Level > 0 {
				continue
			}
			if rare++; rare <= maxRare {
				fmt.Fprintf(&coverage, "# %s has a value in %s of %s\n", shortName(c.Place.Name()), text.Count(int64(c.Covered())), text.Counted(int64(c.Of), "item"))
			}
			continue
		}
		if !canBeNamed(c.Place.Name()) {
			unnamed = append(unnamed, shortName(c.Place.Name()))
			continue
		}
		warn, fail := math.Floor((share-0.05)*100)/100, math.Floor(share*80)/100
		if !always {
			fmt.Fprintf(&coverage, "%s = { warn = %s, fail = %s }\n", tomlKey(c.Place.Name()), number(warn), number(fail))
		}
		if kind, isOne := oneType(c); isOne {
			fmt.Fprintf(&types, "%s = %q\n", tomlKey(c.Place.Name()), kind.String())
		} else if c.Covered() > 0 {
			untyped = addUntyped(untyped, c)
		}
	}
	suggestVanished(&coverage, s)
	for _, name := range unnamed[:min(len(unnamed), maxRare)] {
		fmt.Fprintf(&coverage, "# no rule for %s: its name is not valid UTF-8 or too long\n", name)
	}
	if more := rare - maxRare; more > 0 {
		fmt.Fprintf(&coverage, "# and %s with values in few items\n", text.Counted(int64(more), "other column"))
	}
	if coverage.Len() > 0 {
		fmt.Fprintf(b, "\n[%scoverage]\n%s", table, coverage.String())
	}
	for _, u := range untyped {
		types.WriteString(u.comment())
	}
	if types.Len() > 0 {
		fmt.Fprintf(b, "\n[%stype]\n%s", table, types.String())
	}
}

// untypedColumns are columns for which no type is suggested, all for the same reason.
type untypedColumns struct {
	why   string
	names string
	more  int // number of further columns
}

// maxUntyped is the maximum length in bytes of the names that a comment lists. Further columns are only counted.
const maxUntyped = 60

func addUntyped(all []untypedColumns, c *profile.Column) []untypedColumns {
	why := whyNoType(c)
	at := slices.IndexFunc(all, func(u untypedColumns) bool { return u.why == why })
	if at < 0 {
		at = len(all)
		all = append(all, untypedColumns{why: why})
	}
	switch u := &all[at]; {
	case u.names == "":
		u.names = shortName(c.Place.Name())
	case len(u.names) < maxUntyped:
		u.names += ", " + shortName(c.Place.Name())
	default:
		u.more++
	}
	return all
}

// comment returns a comment for the rules file: "# no type for name, brand: ordinary text needs no type rule".
func (u untypedColumns) comment() string {
	names := u.names
	if u.more > 0 {
		names += " and " + text.Count(int64(u.more)) + " more"
	}
	return "# no type for " + names + ": " + u.why + "\n"
}

// whyNoType returns the reason why no type is suggested for a column that has values.
func whyNoType(c *profile.Column) string {
	misfits, plural := c.Misfits()
	switch {
	case c.OtherUnits.Count > 0 && c.OtherUnits.Count*2 >= c.Covered():
		return "its numbers have units that cannot be compared"
	case misfits > 0:
		return profile.Percent(misfits, c.Covered()) + " of its values are not " + plural + " (" + c.TypeCounts() + ")"
	case c.Covered() < minValues && c.Types[profile.Text] == 0:
		return fmt.Sprintf("fewer than %d values", minValues)
	default:
		return "ordinary text needs no type rule"
	}
}

// usualCoverage returns the coverage of a column in earlier runs or, if there are none, in this run.
func (s Subject) usualCoverage(c *profile.Column) float64 {
	if share, known := s.Usual.Coverage[c.Place.Name().Raw()]; known && share > 0 {
		return share
	}
	return c.Coverage()
}

// suggestVanished writes a coverage rule for each column that earlier runs had and this run lacks. It leaves out nested
// columns.
func suggestVanished(b *strings.Builder, s Subject) {
	for _, name := range slices.Sorted(maps.Keys(s.Usual.Coverage)) {
		share := s.Usual.Coverage[name]
		if _, found := s.Profile.Items().FindPlace(name); found || share < minCoverage || strings.ContainsAny(name, ".[") || !canBeNamed(text.NewText(name)) {
			continue
		}
		fmt.Fprintf(b, "%s = { warn = %s, fail = %s } # not in this run\n", tomlKey(text.NewText(name)),
			number(math.Floor((share-0.05)*100)/100), number(math.Floor(share*80)/100))
	}
}

// oneType returns the type of all values of a column. It returns false if the values have several types or are ordinary
// text.
func oneType(c *profile.Column) (ValueType, bool) {
	for _, t := range []ValueType{TypeNumber, TypeDate, TypeURL, TypeBool, TypeObject, TypeList} {
		n := 0
		for found, count := range c.Types {
			if t.allows(profile.Type(found)) {
				n += count
			}
		}
		if n == c.Covered() && n >= minValues {
			return t, true
		}
	}
	return 0, false
}

// tomlKey formats a column's name or an id as a TOML key.
func tomlKey(name text.Text) string {
	raw := name.Raw()
	for i := range len(raw) {
		c := raw[i]
		if c|' ' < 'a' || c|' ' > 'z' {
			if (c < '0' || c > '9') && c != '-' && c != '_' {
				return tomlString(name)
			}
		}
	}
	if raw == "" {
		return `""`
	}
	return raw
}

// tomlString formats a TOML string. Unlike JSON, TOML has no surrogate pairs.
func tomlString(s text.Text) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s.Raw() {
		switch {
		case r == '"' || r == '\\':
			b.WriteString(`\` + string(r))
		case text.Printable(string(r)) == string(r):
			b.WriteRune(r)
		case r > 0xffff:
			fmt.Fprintf(&b, `\U%08x`, r)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
