package items

import (
	"context"
	"strings"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/item"
	"sbwatch/model/jsonscan"
	"sbwatch/model/tabular"
	"sbwatch/model/text"
	"sbwatch/ui/action"
	"sbwatch/ui/cell"
	"sbwatch/ui/screen"
	"sbwatch/ui/widget/picker"
	"sbwatch/ui/widget/table"
	"sbwatch/work"
)

// copyCell copies the cell at the cursor. If items are marked, it copies their cells in this column, one per line.
func (t *Tab) copyCell() tea.Cmd {
	if t.marks.Len() > 0 {
		return t.copyColumn(table.Rows{Items: t.table.Items(), Order: t.chosen()}, t.field().Path)
	}
	value := t.field().Value
	if value.Kind() == item.CellMissing {
		return t.env.Say("this item does not have this key")
	}
	return screen.Copy(t.env.Env, "", cellContent(value))
}

// cellContent returns the text of a value as it is copied.
func cellContent(value item.Cell) string {
	content := value.Text().Raw()
	if kind := value.Kind(); kind == item.CellObject || kind == item.CellArray {
		content, _ = validJSON([]byte(content))
	}
	return content
}

// copyItem copies the item at the cursor as JSON. If items are marked, it copies all of them as a JSON array.
func (t *Tab) copyItem() tea.Cmd {
	if t.marks.Len() > 0 {
		return t.copyRows(table.Rows{Items: t.table.Items(), Order: t.chosen()}, tabular.JSON)
	}
	content, replaced := validJSON(t.table.Items().Row(t.table.Item(t.table.Row())))
	what := "the item"
	if replaced > 0 {
		what += " (" + text.Counted(int64(replaced), "value") + " NaN or Infinity: copied as null)"
	}
	return screen.Copy(t.env.Env, what, content)
}

// validJSON returns a value as valid JSON. It replaces NaN and Infinity with null, and bytes that are not UTF-8 with
// U+FFFD. replaced is the number of NaN and Infinity values.
func validJSON(value []byte) (valid string, replaced int) {
	finite, replaced := jsonscan.AppendFinite(nil, value)
	return strings.ToValidUTF8(string(finite), string(utf8.RuneError)), replaced
}

// way is a way to copy, which the user can choose.
type way struct {
	title, note string
	run         func() tea.Cmd
}

// ways lists the ways to copy: each scope in each format.
func (t *Tab) ways() []way {
	items := t.table.Items()
	var ways []way
	rows := func(scope, note string, rows func() table.Rows) {
		for _, format := range tabular.Formats() {
			ways = append(ways, way{scope + " as " + format.String(), note, func() tea.Cmd { return t.copyRows(rows(), format) }})
		}
	}
	chosen := func() table.Rows { return table.Rows{Items: items, Order: t.chosen()} }
	if n := t.marks.Len(); n > 0 {
		rows("marked items", text.Count(int64(n)), chosen)
		ways = append(ways, way{"cells of marked items", text.Count(int64(n)), func() tea.Cmd { return t.copyColumn(chosen(), t.field().Path) }})
	} else {
		rows("item", "", chosen)
	}
	ways = append(ways, way{"cell as JSON", "", t.copyCellJSON})
	visible := text.Count(int64(t.table.Len()))
	ways = append(ways, way{"column", visible, func() tea.Cmd { return t.copyColumn(t.table.Rows(), t.field().Path) }})
	rows("visible items", visible, t.table.Rows)
	return ways
}

// chooseCopy asks what to copy, and in which format.
func (t *Tab) chooseCopy() {
	ways := t.ways()
	var choices []picker.Choice
	for i, one := range ways {
		choices = append(choices, picker.Choice{Name: text.NewText(one.title), Note: one.note, ID: i})
	}
	pick(t.env.Env, "copy", choices, func(c picker.Choice) tea.Cmd { return ways[c.ID].run() })
}

// copyTargets returns one action for each way to copy.
func (t *Tab) copyTargets() action.Table {
	var actions action.Table
	for _, one := range t.ways() {
		actions = append(actions, action.Action{ID: "copy.as", Group: action.GroupExport, Title: "copy " + one.title, Enabled: true, Run: one.run})
	}
	return actions
}

func (t *Tab) copyCellJSON() tea.Cmd {
	value := t.field().Value
	if value.Kind() == item.CellMissing {
		return t.env.Say("this item does not have this key")
	}
	content, _ := validJSON(value.Raw())
	return screen.Copy(t.env.Env, "", content)
}

// contentMsg has the text to copy. what describes it. isTooLarge reports whether it exceeds maxCopy.
type contentMsg struct {
	generation    int
	what, content string
	isTooLarge    bool
}

// maxCopy is the maximum size of a text to copy, in bytes.
const maxCopy = 16 << 20

// copyRows returns a command that copies rows in a format.
func (t *Tab) copyRows(rows table.Rows, format tabular.Format) tea.Cmd {
	w := &tabular.Writer{Format: format, Items: rows.Items, Columns: t.table.Paths()}
	return t.write(rows.Len(), text.Counted(int64(rows.Len()), "item")+" as "+format.String(), func(each func(write func(row int)) bool) (string, bool) {
		w.Begin()
		done := each(func(row int) { w.Add(rows.Item(row)) })
		return w.End(), done
	}, w.Len)
}

// copyColumn returns a command that copies the values of a column, one per line. Items without a value have an empty line.
func (t *Tab) copyColumn(rows table.Rows, path item.Path) tea.Cmd {
	reader := rows.Items.Reader(path)
	var b strings.Builder
	what := text.Counted(int64(rows.Len()), "value") + " of " + t.env.Painter.Cut(cell.Name(path.Name()), 20)
	oneLine := strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ")
	return t.write(rows.Len(), what, func(each func(write func(row int)) bool) (string, bool) {
		done := each(func(row int) {
			if value := reader.Cell(rows.Item(row)); value.Kind() != item.CellMissing && value.Kind() != item.CellNull {
				b.WriteString(oneLine.Replace(cellContent(value)))
			}
			b.WriteByte('\n')
		})
		return b.String(), done
	}, b.Len)
}

// write returns a command that builds a text from n rows and copies it. build calls each with a function for a row; each
// returns false if the command was canceled or the text, whose size size returns, is too large.
func (t *Tab) write(n int, what string, build func(each func(write func(row int)) bool) (string, bool), size func() int) tea.Cmd {
	ctx, progress, generation := t.copying.Begin(t.env.Env, "copying")
	t.copying.Note("   esc cancel")
	return t.env.Cmd(func() tea.Msg {
		progress.Add(n)
		content, done := build(func(write func(row int)) bool { return writeRows(ctx, n, progress, write, size) })
		return screen.UnlessOver(ctx, contentMsg{generation, what, content, !done})
	})
}

// writeRows calls write for each of n rows. It stops and returns false if ctx ends or if size exceeds maxCopy.
func writeRows(ctx context.Context, n int, progress *work.Progress, write func(row int), size func() int) bool {
	const step = 256
	for from := 0; from < n; from += step {
		to := min(n, from+step)
		for row := from; row < to; row++ {
			write(row)
		}
		progress.Done(to - from)
		if ctx.Err() != nil || size() > maxCopy {
			return false
		}
	}
	return true
}

// copied copies the text that a command has built.
func (t *Tab) copied(msg contentMsg) tea.Cmd {
	switch {
	case !t.copying.Done(msg.generation):
		return nil
	case msg.isTooLarge:
		return t.env.Say("more than " + screen.BytesText(maxCopy) + ": too large for the clipboard; press e to write a file")
	}
	return screen.Copy(t.env.Env, msg.what, msg.content)
}

// browsedMsg reports whether a web page could be opened.
type browsedMsg struct {
	address text.Text
	err     error
}

func (t *Tab) openURL() tea.Cmd {
	value := t.field().Value
	if !cell.IsURL(value) || t.config.OpenURL == nil {
		return t.env.Say("not a URL: o opens cells that start with http:// or https://")
	}
	address, open := value.Text(), t.config.OpenURL
	return t.env.Cmd(func() tea.Msg { return browsedMsg{address, open(address.Raw())} })
}

func (t *Tab) browsed(msg browsedMsg) tea.Cmd {
	if msg.err != nil {
		return t.env.Say("cannot open a browser here; press y to copy the URL")
	}
	return t.env.Say("opened " + t.env.Painter.Cut(msg.address.String(), 50))
}
