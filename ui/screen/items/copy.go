package items

import (
	"context"
	"errors"
	"image"
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
	"sbwatch/ui/screen/picture"
	"sbwatch/ui/widget/picker"
	"sbwatch/ui/widget/table"
	"sbwatch/work"
)

// copier copies table cells and items. If items are marked, it copies only from the marked items.
type copier struct {
	*browser

	copying screen.Job
}

// copyCell copies the table cell at the cursor. If items are marked, it copies their cells in the same column, one per
// line.
func (c *copier) copyCell() tea.Cmd {
	if c.marks.Len() > 0 {
		return c.copyColumn(c.chosen(), c.field().Path)
	}
	value := c.field().Value
	if value.Kind() == item.CellMissing {
		return c.env.Say("this item does not have this field")
	}
	return screen.Copy(c.env.Env, "", cellContent(value))
}

// cellContent returns the text of a value as it is copied.
func cellContent(value item.Cell) string {
	content := value.Text().Raw()
	if kind := value.Kind(); kind == item.CellObject || kind == item.CellArray {
		content, _ = validJSON([]byte(content))
	}
	return content
}

// copyItem copies the item at the cursor as JSON. If items are marked, it copies all marked items as a JSON array.
func (c *copier) copyItem() tea.Cmd {
	if c.marks.Len() > 0 {
		return c.copyRows(c.chosen(), tabular.JSON)
	}
	content, replaced := validJSON(c.table.Items().Row(c.table.Item(c.table.Row())))
	what := "the item"
	if replaced > 0 {
		what += " (" + text.Counted(int64(replaced), "value") + " NaN or Infinity, copied as null)"
	}
	return screen.Copy(c.env.Env, what, content)
}

// validJSON returns a value as valid JSON. It replaces NaN and Infinity with null, and bytes that are not UTF-8 with
// U+FFFD. replaced is the number of replaced NaN and Infinity values.
func validJSON(value []byte) (valid string, replaced int) {
	finite, replaced := jsonscan.AppendFinite(nil, value)
	return strings.ToValidUTF8(string(finite), string(utf8.RuneError)), replaced
}

// way is one way to copy, such as "visible items as CSV".
type way struct {
	title, note string
	run         func() tea.Cmd
}

// ways lists the ways to copy from which the user can choose.
func (c *copier) ways() []way {
	var ways []way
	rows := func(scope, note string, rows func() selection) {
		for _, format := range tabular.Formats() {
			ways = append(ways, way{scope + " as " + format.String(), note, func() tea.Cmd { return c.copyRows(rows(), format) }})
		}
	}
	shown := func() selection { return selection{Rows: c.table.Rows()} }
	if n := c.marks.Len(); n > 0 {
		rows("marked items", text.Count(int64(n)), c.chosen)
		ways = append(ways, way{"cells of marked items", text.Count(int64(n)), func() tea.Cmd { return c.copyColumn(c.chosen(), c.field().Path) }})
	} else {
		rows("item", "", c.chosen)
	}
	ways = append(ways, way{"cell as JSON", "", c.copyCellJSON})
	visible := text.Count(int64(c.table.Len()))
	ways = append(ways, way{"column", visible, func() tea.Cmd { return c.copyColumn(shown(), c.field().Path) }})
	rows("visible items", visible, shown)
	return append(ways, c.formattedWays()...)
}

// formattedWays lists the ways to copy numbers in their number formats. It returns nil if no column has a number
// format.
func (c *copier) formattedWays() []way {
	cells := table.CellsOf(&c.table)
	if len(cells.Formats()) == 0 {
		return nil
	}
	var ways []way
	if shown, ok := cells.Text(c.field().Path, c.field().Value); ok {
		ways = append(ways, way{"cell as shown", "", func() tea.Cmd { return screen.Copy(c.env.Env, "", text.Printable(shown)) }})
	}
	for _, format := range tabular.Formats() {
		if format != tabular.JSON {
			ways = append(ways, way{"visible items as shown, as " + format.String(), text.Count(int64(c.table.Len())), func() tea.Cmd { return c.copyShown(format) }})
		}
	}
	return ways
}

// copyShown returns a command that copies the visible items. It writes numbers as the table shows them.
func (c *copier) copyShown(format tabular.Format) tea.Cmd {
	rows, shown := c.table.Rows(), table.CellsOf(&c.table).Texts()
	return c.copyWith(selection{Rows: rows}, &tabular.Writer{Format: format, Items: rows.Items, Columns: c.table.Paths(), Shown: shown})
}

// chooseCopy asks what to copy, and in which format.
func (c *copier) chooseCopy() {
	ways := c.ways()
	var choices []picker.Choice
	for i, one := range ways {
		choices = append(choices, picker.Choice{Name: text.NewText(one.title), Note: one.note, ID: i})
	}
	pick(c.env.Env, "copy", choices, func(choice picker.Choice) tea.Cmd { return ways[choice.ID].run() })
}

// copyTargets returns one action for each way to copy.
func (c *copier) copyTargets() action.Table {
	var actions action.Table
	for _, one := range c.ways() {
		actions = append(actions, action.Action{ID: "copy.as", Group: action.GroupExport, Title: "copy " + one.title, Enabled: true, Run: one.run})
	}
	return actions
}

func (c *copier) copyCellJSON() tea.Cmd {
	value := c.field().Value
	if value.Kind() == item.CellMissing {
		return c.env.Say("this item does not have this field")
	}
	content, _ := validJSON(value.Raw())
	return screen.Copy(c.env.Env, "", content)
}

// contentMsg has the text to copy. The field what describes the text. isTooLarge reports whether the text exceeds
// maxCopy.
type contentMsg struct {
	generation    int
	what, content string
	isTooLarge    bool
}

// maxCopy is the maximum size of a text to copy, in bytes.
const maxCopy = 16 << 20

// copyRows returns a command that copies rows in a format.
func (c *copier) copyRows(chosen selection, format tabular.Format) tea.Cmd {
	return c.copyWith(chosen, &tabular.Writer{Format: format, Items: chosen.Items, Columns: c.table.Paths()})
}

// copyWith returns a command that copies rows with a writer.
func (c *copier) copyWith(chosen selection, w *tabular.Writer) tea.Cmd {
	return c.write(chosen, text.Counted(int64(chosen.Len()), "item")+" as "+w.Format.String(), func(each func(write func(entry int)) bool) (string, bool) {
		w.Begin()
		done := each(w.Add)
		return w.End(), done
	}, w.Len)
}

// copyColumn returns a command that copies the values of a column, one per line. Items without a value have an empty
// line.
func (c *copier) copyColumn(chosen selection, path item.Path) tea.Cmd {
	reader := chosen.Items.Reader(path)
	var b strings.Builder
	what := text.Counted(int64(chosen.Len()), "value") + " of " + c.env.Painter.Cut(cell.Name(path.Name()), 20)
	oneLine := strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ")
	return c.write(chosen, what, func(each func(write func(entry int)) bool) (string, bool) {
		done := each(func(entry int) {
			if value := reader.Cell(entry); value.Kind() != item.CellMissing && value.Kind() != item.CellNull {
				b.WriteString(oneLine.Replace(cellContent(value)))
			}
			b.WriteByte('\n')
		})
		return b.String(), done
	}, b.Len)
}

// write returns a command that copies the chosen items to the clipboard. The function build writes and returns the
// text. It calls its parameter each with a function that writes one item. The result of each is false if the command
// was canceled or the text is too large; the text is then not copied. The function size returns the size of the text so
// far, in bytes.
func (c *copier) write(chosen selection, what string, build func(each func(write func(entry int)) bool) (string, bool), size func() int) tea.Cmd {
	ctx, progress, generation := c.copying.Begin(c.env.Env, "copying")
	c.copying.Note("   esc cancel")
	return c.env.Cmd(func() tea.Msg {
		progress.Add(chosen.Len())
		if chosen.marked != nil {
			progress.Add(chosen.Rows.Len()) // for sorting the marked items
		}
		rows := chosen.rows(nextRows(ctx, progress))
		content, done := build(func(write func(entry int)) bool { return writeRows(ctx, rows, progress, write, size) })
		return screen.UnlessOver(ctx, contentMsg{generation, what, content, !done})
	})
}

// writeRows calls the function write for the item of each row. It stops and returns false if ctx ends, or if the size
// of the text exceeds maxCopy.
func writeRows(ctx context.Context, rows table.Rows, progress *work.Progress, write func(entry int), size func() int) bool {
	const step = 256
	for from := 0; from < rows.Len(); from += step {
		to := min(rows.Len(), from+step)
		for row := from; row < to; row++ {
			write(rows.Item(row))
		}
		progress.Done(to - from)
		if ctx.Err() != nil || size() > maxCopy {
			return false
		}
	}
	return true
}

// copied handles a contentMsg: it copies the text to the clipboard, or tells the user that the text is too large.
func (c *copier) copied(msg contentMsg) tea.Cmd {
	switch {
	case !c.copying.Done(msg.generation):
		return nil
	case msg.isTooLarge:
		return c.env.Say("more than " + screen.BytesText(maxCopy) + ": too large for the clipboard; press e to write a file")
	}
	return screen.Copy(c.env.Env, msg.what, msg.content)
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

// showImage shows the image whose URL is under the cursor. The URL may be a data: URL, which contains the image.
func (t *Tab) showImage() tea.Cmd {
	value := t.field().Value
	head, isData := cell.ImageData(value)
	switch {
	case isData:
		label := text.NewText(head + ", " + screen.BytesText(len(value.Raw())))
		return picture.Open(t.env.Env, t.imageIn(value), t.config.ImagesInTmux, label, nil)
	case !cell.IsURL(value):
		return t.env.Say("not a URL: I shows the image of cells that start with https:// or data:image/")
	case !strings.HasPrefix(strings.ToLower(value.Text().Raw()), "https:"):
		return t.env.Say("I fetches only from https:// addresses · o opens the browser")
	}
	return picture.Open(t.env.Env, t.config.FetchImage, t.config.ImagesInTmux, value.Text(), t.openURL)
}

// maxImageData is the maximum size of a data: URL in bytes of JSON. A longer one is not read.
const maxImageData = 32 << 20

// imageIn returns a function that decodes the image in a data: URL.
func (t *Tab) imageIn(value item.Cell) picture.Fetch {
	fetch := t.config.FetchImage
	return func(ctx context.Context, _ string) (image.Image, error) {
		if len(value.Raw()) > maxImageData {
			return nil, errors.New("the address is larger than " + screen.BytesText(maxImageData))
		}
		return fetch(ctx, value.Text().Raw())
	}
}

func (t *Tab) browsed(msg browsedMsg) tea.Cmd {
	if msg.err != nil {
		return t.env.Say("cannot open a browser here; press y to copy the URL")
	}
	return t.env.Say("opened " + t.env.Painter.Cut(msg.address.String(), 50))
}
