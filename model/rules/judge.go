package rules

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"sbwatch/model/item"
	"sbwatch/model/optional"
	"sbwatch/model/profile"
	"sbwatch/model/run"
	"sbwatch/model/text"
)

// Level is the outcome of a rule.
type Level int

// The levels.
const (
	Holds Level = iota
	Warns
	Broken
	// NotJudged is the outcome of a rule that cannot be checked. For example, the drift is unknown for a file that
	// contains only items. The check fails unless the rule can only warn.
	NotJudged
)

// String returns "ok", "warn", "fail" or "not judged".
func (l Level) String() string {
	switch l {
	case Holds:
		return "ok"
	case Warns:
		return "warn"
	case Broken:
		return "fail"
	case NotJudged:
	}
	return "not judged"
}

// IsBroken reports whether a rule with this level makes the whole check fail.
func (l Level) IsBroken() bool { return l >= Broken }

// Verdict is a rule and its outcome.
type Verdict struct {
	Rule  Rule
	Level Level
	// Found is the printable result of the check: "0.61: in 53 of 87 items".
	Found string
	// Value is the number that was compared with the limits. It is unknown for rules without a number.
	Value optional.Value[float64]
	// Rows and Pages are the first few items and pages that break the rule.
	Rows  []int
	Pages []int
	// Filter selects the unwanted items: for the rule "coverage price", the items without a price. It may be set even
	// if the rule holds, because a limit can allow some of these items. Filter is nil if there are none.
	Filter item.Filter
}

// Subject is a run to check.
type Subject struct {
	Run     run.Run
	Profile *profile.Profile
	// Duplicates returns the items with equal values at a path.
	Duplicates func(path item.Path) (profile.Duplicates, error)
	// Uncomputed maps the name of each computed column that cannot be computed to the reason. Rules for such a column
	// cannot be judged.
	Uncomputed map[string]string
	// Usual describes earlier runs of the recipe, for [Suggest]. It is the zero value if there are no earlier runs.
	Usual Usual
}

// Usual describes earlier runs of a recipe.
type Usual struct {
	// Runs is the number of earlier runs.
	Runs int
	// MinItems is the lowest usual number of items. MaxDrift is the highest usual drift.
	MinItems optional.Value[int]
	MaxDrift optional.Value[float64]
	// Coverage maps the name of each column to its lowest usual coverage.
	Coverage map[string]float64
}

// Judge checks a run against each rule, in the order of the set. It returns an error only if Subject.Duplicates returns
// an error.
func Judge(set Set, subject Subject) ([]Verdict, error) {
	verdicts := make([]Verdict, 0, len(set))
	for _, rule := range set {
		verdict, err := subject.judge(rule)
		if err != nil {
			return nil, err
		}
		verdicts = append(verdicts, verdict)
	}
	return verdicts, nil
}

func (s Subject) judge(rule Rule) (Verdict, error) {
	items := s.Profile.Items()
	v := Verdict{Rule: rule}
	if reason := s.Uncomputed[rule.Column.Raw()]; reason != "" && rule.Kind.OfColumn() {
		v.markNotJudged("column " + rule.Column.String() + ": " + reason)
		return v, nil
	}
	switch rule.Kind {
	case MinItems, MaxItems:
		v.compareCount(items.Len(), text.Counted(int64(items.Len()), "item"))
	case Coverage:
		s.coverage(&v)
	case Type:
		s.types(&v)
	case Unique:
		return v, s.unique(&v)
	case MaxDuplicates:
		s.duplicates(&v)
	case MaxEmptyPages:
		s.pages(&v, "empty page", func(p profile.Page) bool { return p.Len() == 0 })
	case MaxRepeatedPages:
		s.pages(&v, "repeated page", profile.Page.Repeats)
	case MaxDrift:
		drift, known := s.Run.Drift().Get()
		if !known {
			v.markNotJudged("the drift is unknown")
			break
		}
		v.compare(drift)
		v.Found = "drift " + text.DriftText(drift)
	case NoWarnings:
		s.warnings(&v)
	case kinds:
	}
	return v, nil
}

// markNotJudged records why the rule cannot be checked. It sets the level to NotJudged or, if the rule has no fail
// limit, to Warns.
func (v *Verdict) markNotJudged(why string) {
	v.Level, v.Found = NotJudged, "cannot be judged: "+why
	if !v.Rule.Fail.Set {
		v.Level = Warns
	}
}

// compare compares value with the limits of the rule. It sets the field Value and the level.
func (v *Verdict) compare(value float64) {
	v.Value = optional.Some(value)
	breaks := func(l Limit) bool {
		if v.Rule.Kind.isMin() {
			return l.Set && value < l.Number
		}
		return l.Set && !(value <= l.Number)
	}
	v.setLevel(breaks(v.Rule.Warn), breaks(v.Rule.Fail))
}

func (v *Verdict) setLevel(breaksWarn, breaksFail bool) {
	switch {
	case breaksFail:
		v.Level = Broken
	case breaksWarn:
		v.Level = Warns
	}
}

// compareCount compares the number n with the limits. The parameter result is n in words, such as "87 items".
func (v *Verdict) compareCount(n int, result string) {
	v.compare(float64(n))
	v.Found = result
}

// markBroken sets the level of a broken rule whose limits are not numbers.
func (v *Verdict) markBroken() { v.setLevel(v.Rule.Warn.Set, v.Rule.Fail.Set) }

// column returns the index and the place of the column that a rule is about. The index is -1 if no item has the column.
func (s Subject) column(rule Rule) (column int, place item.Place) {
	place, found := s.Profile.Items().FindPlace(rule.Column.Raw())
	if !found {
		return -1, place
	}
	column, found = s.Profile.Find(place)
	if !found {
		return -1, place
	}
	return column, place
}

// missingColumnText returns a text such as "no item has prise, did you mean price?".
func (s Subject) missingColumnText(rule Rule) string {
	if s.Profile.Items().Len() == 0 {
		return "there are no items"
	}
	reason := "no item has " + rule.Column.String()
	var names []string
	for i := range s.Profile.Columns {
		names = append(names, s.Profile.Columns[i].Place.Name().Raw())
	}
	if name := text.Nearest(rule.Column.Raw(), slices.Values(names)); name != "" {
		reason += ", did you mean " + text.Printable(name) + "?"
	}
	return reason
}

func (s Subject) coverage(v *Verdict) {
	column, place := s.column(v.Rule)
	if column < 0 {
		v.compare(0)
		v.Found = "0: " + s.missingColumnText(v.Rule)
		return
	}
	c := &s.Profile.Columns[column]
	v.compare(c.Coverage())
	what := "item"
	if place.InList() {
		what = "value"
	}
	v.Found = shareText(c.Coverage()) + ": in " + text.Count(int64(c.Covered())) + " of " + text.Counted(int64(c.Of), what)
	if c.Covered() < c.Of {
		v.Filter = profile.Without(place)
	}
	if v.Level != Holds {
		v.Rows = s.firstRows(profile.Without(place))
	}
}

// shareText formats a share with two decimals, rounded down: "0.61". A share between 0 and 0.01 is "under 0.01". The
// share 0 is "0", and the share 1 is "1".
func shareText(share float64) string {
	if share == 0 || share == 1 {
		return strconv.FormatFloat(share, 'f', -1, 64)
	}
	text := strconv.FormatFloat(math.Floor(share*100)/100, 'f', 2, 64)
	if share < 0.01 {
		return "under 0.01"
	}
	return text
}

// maxRows is the maximum number of items that a verdict lists. It is also the maximum number of pages.
const maxRows = 3

// firstRows returns the rows of the first few items that a filter selects.
func (s Subject) firstRows(filter item.Filter) []int {
	var found []int
	items := s.Profile.Items()
	picker := filter.Picker(items)
	for row := range items.Len() {
		if len(picker.Pick(nil, []uint32{uint32(row)})) == 0 {
			continue
		}
		if found = append(found, row); len(found) == maxRows {
			break
		}
	}
	return found
}

func (s Subject) types(v *Verdict) {
	column, _ := s.column(v.Rule)
	if column < 0 {
		v.markNotJudged(s.missingColumnText(v.Rule))
		return
	}
	c := &s.Profile.Columns[column]
	if c.Covered() == 0 {
		v.markNotJudged(v.Rule.Column.String() + " is empty everywhere")
		return
	}
	others := func(limit Limit) (n int, allowed func(profile.Type) bool) {
		for t, count := range c.Types {
			if !limit.Type.allows(profile.Type(t)) {
				n += count
			}
		}
		return n, limit.Type.allows
	}
	limit := v.Rule.Fail
	warned, _ := others(v.Rule.Warn)
	failed, _ := others(v.Rule.Fail)
	v.setLevel(v.Rule.Warn.Set && warned > 0, v.Rule.Fail.Set && failed > 0)
	if !limit.Set || v.Level == Warns {
		limit = v.Rule.Warn
	}
	n, allowed := others(limit)
	v.Value = optional.Some(float64(n))
	if n == 0 {
		v.Found = "all " + text.Counted(int64(c.Covered()), "value")
		return
	}
	var kinds []string
	for t, count := range c.Types {
		if kind := profile.Type(t); count > 0 && !allowed(kind) {
			kinds = append(kinds, kind.String()+" in "+text.Count(int64(count)))
			v.Rows = append(v.Rows, s.firstRows(c.WithType(kind))...)
		}
	}
	v.Filter = c.WithTypes("not "+limit.Type.String(), func(t profile.Type) bool { return !allowed(t) })
	slices.Sort(v.Rows)
	v.Rows = slices.Compact(v.Rows)
	v.Rows = v.Rows[:min(len(v.Rows), maxRows)]
	v.Found = strings.Join(kinds, ", ") + " of " + text.Counted(int64(c.Covered()), "value")
}

func (s Subject) unique(v *Verdict) error {
	column, place := s.column(v.Rule)
	if column < 0 {
		v.markNotJudged(s.missingColumnText(v.Rule))
		return nil
	}
	path, single := place.Path()
	if !single {
		v.markNotJudged(v.Rule.Column.String() + " is inside lists")
		return nil
	}
	covered := s.Profile.Columns[column].Covered()
	if covered == 0 {
		v.markNotJudged(v.Rule.Column.String() + " is empty everywhere")
		return nil
	}
	found, err := s.Duplicates(path)
	if err != nil {
		return err
	}
	v.Value = optional.Some(float64(found.Extra()))
	if found.Extra() == 0 {
		v.Found = "all " + text.Counted(int64(covered), "value") + " differ"
		if covered < s.Profile.Items().Len() {
			v.Found += "; empty in " + text.Counted(int64(s.Profile.Items().Len()-covered), "item")
		}
		return nil
	}
	v.markBroken()
	v.Filter = found.Filter()
	v.recordDuplicates(found, fmt.Sprintf("%s of %s are duplicates", text.Count(int64(found.Extra())), text.Counted(int64(covered), "value")))
	return nil
}

// recordDuplicates sets the result of the check to text. If the rule does not hold, it also sets Rows to items of the
// first group of duplicates.
func (v *Verdict) recordDuplicates(duplicates profile.Duplicates, text string) {
	v.Found = text
	if v.Level == Holds || duplicates.Groups() == 0 {
		return
	}
	for _, row := range duplicates.Group(0) {
		if len(v.Rows) < maxRows {
			v.Rows = append(v.Rows, int(row))
		}
	}
}

func (s Subject) duplicates(v *Verdict) {
	found := s.Profile.Duplicates
	v.compare(float64(found.Extra()))
	if found.Extra() > 0 {
		v.Filter = found.Filter()
	}
	v.recordDuplicates(found, text.Counted(int64(found.Extra()), "duplicate"))
}

func (s Subject) pages(v *Verdict, noun string, is func(profile.Page) bool) {
	if len(s.Profile.Pages) == 0 {
		v.markNotJudged("there are no pages")
		return
	}
	var found []int
	hasItems := false
	for _, page := range s.Profile.Pages {
		if is(page) {
			found = append(found, page.Number)
			hasItems = hasItems || page.Len() > 0
		}
	}
	v.compareCount(len(found), text.Counted(int64(len(found)), noun)+" of "+text.Count(int64(len(s.Profile.Pages))))
	if hasItems {
		v.Filter = profile.OnPages(found...)
	}
	if v.Level != Holds {
		v.Pages = found[:min(len(found), maxRows)]
	}
}

func (s Subject) warnings(v *Verdict) {
	warnings, known := s.Run.Warnings().Get()
	if !known {
		v.markNotJudged("the warnings are unknown")
		return
	}
	v.Value = optional.Some(float64(len(warnings)))
	v.Found = text.Counted(int64(len(warnings)), "warning")
	if len(warnings) > 0 {
		v.markBroken()
		v.Found += ": " + warnings[0].String()
	}
}
