package checks

import (
	"strings"

	"charm.land/lipgloss/v2"

	"sbwatch/model/rules"
	"sbwatch/model/text"
	"sbwatch/ui/draw"
)

type tabLayout struct {
	intro  []string // lines above the list
	list   int      // number of verdicts in the list that are visible
	detail []string // the full text of the rule at the cursor, below the list

	name, limit, result int // widths of the parts of a line, in cells; limit is 0 if there is no room
}

// The widths of the parts of a line, in cells.
const (
	partGap   = 2
	markWidth = 2
	maxName   = 32
	minResult = 16
)

// maxDetail is the maximum number of lines for the full text of a rule.
const maxDetail = 4

func (t *Tab) layout() tabLayout {
	list, _, isWide := t.areas()
	p, w, h := t.env.Painter, list.Dx(), list.Dy()
	l := tabLayout{name: p.Width("rule"), limit: p.Width("asked")}
	for _, v := range t.verdicts {
		l.name = max(l.name, min(p.Width(v.Rule.Name()), maxName))
		l.limit = max(l.limit, p.Width(v.Rule.Asked()))
	}
	const cursorWidth = 2
	rest := w - cursorWidth - markWidth
	l.name = min(l.name, rest/2)
	if rest -= l.name + partGap; rest-l.limit-partGap < minResult {
		l.limit = 0
	} else {
		rest -= l.limit + partGap
	}
	l.result = max(1, rest)
	if h >= 8 {
		l.intro, l.detail = t.intro(w), t.detail(w, l)
	}
	if isWide {
		l.detail = nil // the rule is shown in full next to the list
	}
	// If there are only a few lines, shorten the texts around the list before the list itself.
	minVerdicts := min(len(t.verdicts), h/3)
	if len(l.intro) > 0 && h-1-len(l.intro)-min(2, len(l.detail)) < minVerdicts {
		l.intro = []string{p.Muted.Render(p.Cut("suggested rules (none were given)", w))}
	}
	l.detail = shortened(p, l.detail, max(2, h-1-len(l.intro)-minVerdicts), w)
	l.list = max(1, h-1-len(l.intro)-len(l.detail))
	return l
}

// shortened returns at most n lines. n must be at least 1. If there are more lines, the n-th line of the result is the
// rest of the text, cut to w cells with an ellipsis.
func shortened(p draw.Painter, lines []string, n, w int) []string {
	if len(lines) <= n {
		return lines
	}
	return append(lines[:n-1:n-1], p.Cut(strings.Join(lines[n-1:], " "), w))
}

// intro returns the lines that explain suggested rules. w is the width in cells.
func (t *Tab) intro(w int) []string {
	if t.suggested == "" {
		return nil
	}
	p := t.env.Painter
	words := "No rules were given. This run meets the following rules. Press y to copy them as a rules file."
	if t.rules != nil {
		words = "The rules file has no rules for this recipe. This run meets the following rules. Press y to copy them as a rules file."
	}
	lines := draw.Styled(p.Muted, p.Wrap(words, w))
	if t.command != "" {
		lines = append(lines, p.Accent.Render("→ ")+p.Cut(t.command+" > rules.toml", w-2))
	}
	return append(lines, "")
}

// detail returns the full text of the rule at the cursor. It returns nil if each rule fits completely on its line of
// the list. The result has the same number of lines for each rule, so that the list does not move.
func (t *Tab) detail(w int, l tabLayout) []string {
	p := t.env.Painter
	isCut, height := l.limit == 0, 0
	full := func(v rules.Verdict) []string {
		return p.Wrap(v.Rule.Name()+": asked "+v.Rule.Asked()+"; found "+v.Found, w)
	}
	for _, v := range t.verdicts {
		isCut = isCut || p.Width(v.Found) > l.result || p.Width(v.Rule.Name()) > l.name
		height = max(height, len(full(v)))
	}
	v, found := t.Selected()
	if !found || !isCut {
		return nil
	}
	return append([]string{p.Rule(w)}, draw.Exactly(full(v), min(height, maxDetail))...)
}

// View draws the tab.
func (t *Tab) View() []string {
	p := t.env.Painter
	switch {
	case t.judging.Runs():
		return []string{"", p.Muted.Render("checking rules …")}
	case !t.isJudged:
		return []string{"", p.Muted.Render(p.Cut("rules are checked when all items have arrived", t.area.Dx()))}
	case len(t.verdicts) == 0:
		return append([]string{""}, t.intro(t.area.Dx())...)
	}
	l := t.layout()
	header := []string{p.Fit("rule", l.name)}
	if l.limit > 0 {
		header = append(header, p.Fit("asked", l.limit))
	}
	header = append(header, "found")
	lines := append(l.intro, draw.Spaces(2+markWidth)+p.Table.Header.Render(strings.Join(header, draw.Spaces(partGap))))
	rows := t.list.View(p, l.list, func(i int) string { return t.line(t.verdicts[i], l) })
	lines = append(append(lines, rows...), l.detail...)
	if list, rule, isWide := t.areas(); isWide {
		return p.Divided(lines, ruleView{t, rule.Dx()}.lines(), list.Dx(), rule.Dx(), t.area.Dy())
	}
	return lines
}

func (t *Tab) line(v rules.Verdict, l tabLayout) string {
	p := t.env.Painter
	mark, style := Mark(p, v.Level)
	name := p.Fit(v.Rule.Name(), l.name)
	found := p.Cut(v.Found, l.result)
	if v.Level != rules.Holds {
		name, found = p.Strong.Render(name), style.Render(found)
	}
	parts := []string{style.Render(mark) + " " + name}
	if l.limit > 0 {
		parts = append(parts, p.Muted.Render(p.Fit(v.Rule.Asked(), l.limit)))
	}
	return strings.Join(append(parts, found), draw.Spaces(partGap))
}

// Mark returns the symbol and the style for the level of a verdict. The symbols differ in shape, so that users who
// cannot see the colors can tell them apart.
func Mark(p draw.Painter, level rules.Level) (mark string, style lipgloss.Style) {
	switch level {
	case rules.Holds:
		return "✓", p.Success
	case rules.Warns:
		return "!", p.Warning
	case rules.Broken:
		return "✗", p.Error
	case rules.NotJudged:
	}
	return "?", p.Error
}

// Pending returns how many rules a run of a recipe will be checked against, such as "3 rules to check". It returns ""
// if there are no rules.
func (t *Tab) Pending(recipe text.Text) string {
	if t.rules == nil {
		return ""
	}
	n := len(t.rules(recipe))
	if n == 0 {
		return ""
	}
	return t.env.Painter.Muted.Render(text.Counted(int64(n), "rule") + " to check")
}

// Summary returns the outcome of the user's rules in two forms, such as "✗ 1 of 3 rules broken" and, without the last
// word, "✗ 1 of 3 rules". Both are "" if there are no rules or if they are not judged yet.
func (t *Tab) Summary() (long, short string) {
	p := t.env.Painter
	given, broken, warning := t.Count()
	rule := " of " + text.Counted(int64(given), "rule")
	count := func(n int) string { return text.Count(int64(n)) + rule }
	switch {
	case given == 0:
		return "", ""
	case broken > 0:
		return p.Error.Render("✗ " + count(broken) + " broken"), p.Error.Render("✗ " + count(broken))
	case warning == 1:
		return p.Warning.Render("! " + count(warning) + " warns"), p.Warning.Render("! " + count(warning))
	case warning > 1:
		return p.Warning.Render("! " + count(warning) + " warn"), p.Warning.Render("! " + count(warning))
	default:
		met := p.Success.Render("✓") + p.Muted.Render(" "+text.Counted(int64(given), "rule")+" met")
		return met, met
	}
}
