package items

import (
	"strings"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/item"
	"sbwatch/model/jsonscan"
	"sbwatch/model/text"
	"sbwatch/ui/cell"
	"sbwatch/ui/screen"
)

func (t *Tab) copyCell() tea.Cmd {
	cell := t.field().Value
	if cell.Kind() == item.CellMissing {
		return t.env.Say("this item does not have this key")
	}
	content := cell.Text().Raw()
	if kind := cell.Kind(); kind == item.CellObject || kind == item.CellArray {
		content, _ = validJSON([]byte(content))
	}
	return screen.Copy(t.env.Env, "", content)
}

func (t *Tab) copyItem() tea.Cmd {
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
