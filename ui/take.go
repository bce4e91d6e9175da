package ui

import (
	"fmt"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/item"
	"sbwatch/model/text"
)

// What is taken out of the dashboard: to the clipboard, or to a browser.

func (a *App) copyCell() tea.Cmd {
	cell := a.table.cell()
	if cell.Kind() == item.CellMissing {
		return a.say("this item has no such key")
	}
	return a.copied("", cell.Text().Raw())
}

func (a *App) copyItem() tea.Cmd {
	return a.copied("the item", string(a.table.items.Row(a.table.item(a.table.row))))
}

// clipboardDoubtful is the size, in bytes, from which several terminals refuse what is sent to their clipboard.
const clipboardDoubtful = 74_000

// copied puts a text on the clipboard and says so. The text goes as it came: the terminal is sent it encoded.
func (a *App) copied(what, content string) tea.Cmd {
	if what == "" {
		what = a.look.cut(text.NewText(content[:min(len(content), previewSize)]).String(), 40)
	}
	said := "copied " + what
	if len(content) > clipboardDoubtful {
		said += fmt.Sprintf(" (%s: some terminals take less)", bytesText(len(content)))
	}
	return tea.Batch(tea.SetClipboard(content), a.say(said))
}

// browsedMsg tells what became of opening a web page.
type browsedMsg struct {
	address text.Text
	err     error
}

func (a *App) openURL() tea.Cmd {
	cell := a.table.cell()
	if !isURL(cell) || a.config.OpenURL == nil {
		return a.say("not a web address: o opens cells that begin with http:// or https://")
	}
	address, open := cell.Text(), a.config.OpenURL
	return func() tea.Msg { return browsedMsg{address, open(address.Raw())} }
}

func (a *App) browsed(msg browsedMsg) tea.Cmd {
	if msg.err != nil {
		return a.say("no browser could be opened here; y copies the address")
	}
	return a.say("opened " + a.look.cut(msg.address.String(), 50))
}
