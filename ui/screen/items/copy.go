package items

import (
	tea "charm.land/bubbletea/v2"

	"sbwatch/model/item"
	"sbwatch/model/text"
	"sbwatch/ui/cell"
	"sbwatch/ui/screen"
)

func (t *Tab) copyCell() tea.Cmd {
	cell := t.field().Value
	if cell.Kind() == item.CellMissing {
		return t.env.Say("this item does not have this key")
	}
	return screen.Copy(t.env.Env, "", cell.Text().Raw())
}

func (t *Tab) copyItem() tea.Cmd {
	return screen.Copy(t.env.Env, "the item", string(t.table.Items().Row(t.table.Item(t.table.Row()))))
}

// browsedMsg reports the result of opening a web page.
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
