package checks

import (
	"image"
	"strconv"
	"strings"

	"sbwatch/model/rules"
	"sbwatch/model/text"
	"sbwatch/ui/cell"
	"sbwatch/ui/draw"
	"sbwatch/ui/layout"
)

// areas returns the areas of the list of rules and of the selected rule. If isWide is false, both are the area of the
// tab, and only the list is drawn.
func (t *Tab) areas() (list, rule image.Rectangle, isWide bool) {
	return layout.ListAndDetail(t.area, t.env.Width())
}

// ruleView draws the selected rule on a wide terminal: its limits, the result, and the first items or pages that break
// the rule.
type ruleView struct {
	*Tab
	w int // width in cells
}

func (v ruleView) lines() []string {
	verdict, found := v.Selected()
	if !found {
		return nil
	}
	p := v.env.Painter
	mark, style := Mark(p, verdict.Level)
	lines := []string{p.Between(style.Render(mark)+" "+p.Strong.Render(p.Cut(verdict.Rule.Name(), max(8, v.w-14))), style.Render(meaning(verdict.Level)), v.w), ""}
	lines = append(lines, v.labeled("asked", verdict.Rule.Asked())...)
	lines = append(lines, v.labeled("found", verdict.Found)...)
	if len(verdict.Pages) > 0 {
		lines = append(lines, v.labeled("pages", v.pages(verdict.Pages))...)
	}
	if verdict.Rule.Kind == rules.NoWarnings {
		lines = append(lines, v.warnings()...)
	}
	if len(verdict.Rows) == 0 {
		return lines
	}
	title := "the first items that break the rule"
	if verdict.Level == rules.Holds {
		title = "the first items that a stricter limit would report"
	}
	lines = append(lines, "", p.Muted.Render(p.Cut(title, v.w)))
	for _, row := range verdict.Rows {
		lines = append(lines, "")
		lines = append(lines, v.item(row, verdict.Rule)...)
	}
	return lines
}

// meaning returns a word for the level of a verdict, such as "met" or "broken".
func meaning(level rules.Level) string {
	switch level {
	case rules.Holds:
		return "met"
	case rules.Warns:
		return "warns"
	case rules.Broken:
		return "broken"
	case rules.NotJudged:
	}
	return "not judged"
}

// labelWidth is the width of a label and the gap after it, in cells.
const labelWidth = 7

// labeled returns wrapped text with a label before the first line.
func (v ruleView) labeled(label, words string) []string {
	p := v.env.Painter
	lines := p.Wrap(words, v.w-labelWidth)
	for i := range lines {
		head := ""
		if i == 0 {
			head = label
		}
		lines[i] = p.Muted.Render(p.Fit(head, labelWidth)) + lines[i]
	}
	return lines
}

func (v ruleView) pages(pages []int) string {
	numbers := make([]string, len(pages))
	for i, page := range pages {
		numbers[i] = strconv.Itoa(page)
	}
	return strings.Join(numbers, ", ")
}

func (v ruleView) warnings() []string {
	p := v.env.Painter
	var lines []string
	for _, warning := range v.run.Warnings().Or(nil) {
		lines = append(lines, "")
		lines = append(lines, draw.Marked("!", p.Warning, p.Wrap(warning.String(), v.w-2))...)
	}
	return lines
}

// maxFields is the maximum number of fields that are shown for an item. An item of more than maxItem bytes is not
// shown, because parsing it would delay the drawing of the screen.
const (
	maxFields = 8
	maxItem   = 64 << 10
)

// item draws the first fields of an item. The column of the rule comes first.
func (v ruleView) item(row int, rule rules.Rule) []string {
	p, columns := v.env.Painter, v.items.Columns()
	head := "item " + text.Count(int64(row)+1)
	if page := v.items.Page(row); page > 0 {
		head += ", page " + strconv.Itoa(page)
	}
	lines := []string{p.Strong.Render(p.Cut(head, v.w))}
	if len(v.items.Row(row)) > maxItem {
		return append(lines, v.field("", "large item: Enter shows it in the table", false))
	}
	own, isColumn := v.pathOf(rule).Get()
	if isColumn {
		lines = append(lines, v.field(cell.Name(own.Name()), cell.Text(v.items.At(row, own)), true))
	}
	for i := 0; i < len(columns) && len(lines) <= maxFields; i++ {
		if !isColumn || columns[i].Path() != own {
			lines = append(lines, v.field(cell.Name(columns[i].Name), cell.Text(v.items.Cell(row, i)), false))
		}
	}
	return lines
}

// field draws a field of an item. isOwn says whether the rule checks this field.
func (v ruleView) field(name, value string, isOwn bool) string {
	const maxNameWidth, gap = 18, 2
	p := v.env.Painter
	style := p.Muted
	if isOwn {
		style = p.Accent
	}
	return draw.Spaces(gap) + style.Render(p.Fit(name, min(maxNameWidth, v.w/3))) + draw.Spaces(gap) + p.Cut(value, max(1, v.w-min(maxNameWidth, v.w/3)-2*gap))
}
