package groups

import (
	"math"
	"strconv"
	"strings"

	"sbwatch/model/text"
	"sbwatch/ui/cell"
	"sbwatch/ui/draw"
	"sbwatch/ui/widget/chart"
)

// headerHeight is the number of lines above the groups.
const headerHeight = 1

// Widths in cells.
const (
	markRoom   = 2 // the marker of the cursor
	gap        = 2
	minValue   = 12
	maxValue   = 40
	shareRoom  = 6
	minBar     = 8
	maxBar     = 24
	numberRoom = 14 // a column with numbers
)

// view draws the groups on w cells.
type view struct {
	*Screen

	w                 int
	value, count, bar int // widths of columns; bar is 0 if there is no room for it
	first, last       int // the visible columns with numbers: [first, last)
}

// layOut distributes w cells among the columns. If the columns with numbers do not all fit, they scroll.
func (s *Screen) layOut(w int) view {
	p := s.env.Painter
	v := view{Screen: s, w: w - markRoom, count: len("items ↓")}
	for i := range min(len(s.groups), w) {
		v.value = max(v.value, p.Width(cell.Text(s.value(i))))
	}
	v.count = max(v.count, len(text.Count(int64(s.count()))))
	v.value = min(max(v.value, minValue, p.Width(cell.Name(s.config.By.Name()))+2), maxValue)
	room := v.w - v.value - gap - v.count - gap - shareRoom
	if missing := min(len(s.numbers), 1)*(gap+numberRoom) - room; missing > 0 {
		v.value = max(min(v.value, minValue), v.value-missing)
		room = v.w - v.value - gap - v.count - gap - shareRoom
	}
	fits := max(0, min(len(s.numbers), room/(gap+numberRoom)))
	if at := s.column - columnCount - 1; at >= fits {
		v.first = at - fits + 1
	}
	v.last = min(len(s.numbers), v.first+fits)
	if room -= fits * (gap + numberRoom); room >= gap+minBar {
		v.bar = min(room-gap, maxBar)
	}
	return v
}

func (v view) header() string {
	p := v.env.Painter
	title := func(column int, words string, align func(string, int) string, w int) string {
		style := p.Table.Header
		if column == v.column {
			style = p.Table.HeaderCursor
		}
		words = p.Cut(words, w-2) + v.order.arrow(column, v.shows)
		return style.Render(align(words, w))
	}
	line := draw.Spaces(markRoom) + title(columnValue, cell.Name(v.config.By.Name()), p.Fit, v.value)
	line += draw.Spaces(gap) + title(columnCount, "items", p.FitRight, v.count)
	line += draw.Spaces(gap) + p.Table.Header.Render(p.FitRight("share", shareRoom))
	if v.bar > 0 {
		line += draw.Spaces(gap + v.bar)
	}
	var numbers strings.Builder
	for i := v.first; i < v.last; i++ {
		numbers.WriteString(draw.Spaces(gap) + title(columnCount+1+i, v.shows.String()+" "+cell.Name(v.numbers[i].Name()), p.FitRight, numberRoom))
	}
	return p.Fit(line+numbers.String(), v.w+markRoom)
}

func (v view) row(i int) string {
	p, g := v.env.Painter, v.groups[i]
	share := float64(g.Count) / float64(max(1, v.Screen.count()))
	value := p.Fit(cell.Text(v.Screen.value(i)), v.value)
	if i == v.list.Cursor() {
		value = p.Table.Cursor.Render(value)
	}
	line := value + draw.Spaces(gap) + p.FitRight(text.Count(int64(g.Count)), v.count)
	line += draw.Spaces(gap) + p.Muted.Render(p.FitRight(percent(share), shareRoom))
	if v.bar > 0 {
		line += draw.Spaces(gap) + chart.Bar(p, float64(g.Count)/float64(v.largest), v.bar, p.Accent.UnsetBold())
	}
	var numbers strings.Builder
	for k := v.first; k < v.last; k++ {
		numbers.WriteString(draw.Spaces(gap) + p.FitRight(v.shows.format(v.shows.compute(g.Numbers[k])), numberRoom))
	}
	return p.Fit(line+numbers.String(), v.w)
}

// format formats the aggregate x, such as "1,234.50" for a mean. It returns "–" if x is NaN. Means have two decimals if
// their absolute value is from 0.1 to 1e13.
func (a aggregate) format(x float64) string {
	const smallest, largest = 0.1, 1e13
	switch size := math.Abs(x); {
	case math.IsNaN(x):
		return "–"
	case a == aggregateMean && size >= smallest && size < largest:
		whole, decimals, _ := strings.Cut(strconv.FormatFloat(size, 'f', 2, 64), ".")
		n, err := strconv.ParseInt(whole, 10, 64)
		if err != nil {
			break
		}
		sign := ""
		if x < 0 {
			sign = "-"
		}
		return sign + text.Count(n) + "." + decimals
	}
	return text.Number(x)
}

// percent formats a share from 0 to 1, such as "12.5%". It returns "<0.1%" for very small shares and ">99.9%" for
// shares just below 1.
func percent(share float64) string {
	const smallest, largest = 0.001, 0.999
	switch {
	case share > 0 && share < smallest:
		return "<0.1%"
	case share < 1 && share > largest:
		return ">99.9%"
	}
	return strconv.FormatFloat(100*share, 'f', 1, 64) + "%"
}
