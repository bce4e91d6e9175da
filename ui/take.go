package ui

import (
	"fmt"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model"
	"sbwatch/ui/cell"
	"sbwatch/ui/screen"
)

// What is taken out of the dashboard: to the clipboard, or to a browser.

func (t *itemsTab) copyCell() tea.Cmd {
	cell := t.table.Cell()
	if cell.Kind() == model.CellMissing {
		return t.env.Say("this item has no such key")
	}
	return copied(t.env.Env, "", cell.Text().Raw())
}

func (t *itemsTab) copyItem() tea.Cmd {
	return copied(t.env.Env, "the item", string(t.table.Items().Row(t.table.Item(t.table.Row()))))
}

// clipboardDoubtful is the size, in bytes, from which several terminals refuse what is sent to their clipboard.
const clipboardDoubtful = 74_000

// copied puts a text on the clipboard and says so. The text goes as it came: the terminal is sent it encoded.
func copied(env *screen.Env, what, content string) tea.Cmd {
	if what == "" {
		what = env.Painter.Cut(model.NewText(content[:min(len(content), cell.PreviewSize)]).String(), 40)
	}
	said := "copied " + what
	if len(content) > clipboardDoubtful {
		said += fmt.Sprintf(" (%s: some terminals take less)", bytesText(len(content)))
	}
	env.Say(said)
	return tea.SetClipboard(content)
}

// browsedMsg tells what became of opening a web page.
type browsedMsg struct {
	address model.Text
	err     error
}

func (t *itemsTab) openURL() tea.Cmd {
	value := t.table.Cell()
	if !cell.IsURL(value) || t.config.OpenURL == nil {
		return t.env.Say("not a web address: o opens cells that begin with http:// or https://")
	}
	address, open := value.Text(), t.config.OpenURL
	return t.env.Cmd(func() tea.Msg { return browsedMsg{address, open(address.Raw())} })
}

func (t *itemsTab) browsed(msg browsedMsg) tea.Cmd {
	if msg.err != nil {
		return t.env.Say("no browser could be opened here; y copies the address")
	}
	return t.env.Say("opened " + t.env.Painter.Cut(msg.address.String(), 50))
}
