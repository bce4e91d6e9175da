package ui

import (
	"fmt"
	"time"

	tea "charm.land/bubbletea/v2"

	"charm.land/bubbles/v2/key"
	"github.com/dustin/go-humanize"

	"sbwatch/model"
)

// keymap is the keymap as it stands: what the screen has no use for is disabled.
func (a *App) keymap() keymap {
	k := newKeymap()
	screen := a.screen()
	inTable := screen == screenResults && a.tab == tabItems && !a.help.open && a.table.len() > 0
	enable(a.waits(), &k.PollNow)
	enable(screen == screenResults && !a.help.open, &k.NextTab, &k.PreviousTab, &k.Tab)
	enable(inTable && a.itemCovers(), &k.PreviousItem, &k.NextItem)
	enable(inTable && !a.itemCovers(), &k.Left, &k.Right, &k.FirstColumn, &k.LastColumn, &k.CopyCell, &k.OpenURL)
	enable(inTable && !a.item.open, &k.Open)
	enable(inTable, &k.CopyItem)
	enable(screen == screenOutcome && !a.help.open && a.errorText() != "", &k.CopyError)
	enable(a.item.open || a.help.open, &k.Back)
	moves := screen == screenResults || screen == screenOutcome || a.help.open
	enable(moves, &k.Up, &k.Down, &k.FirstRow, &k.LastRow, &k.PageDown, &k.PageUp, &k.HalfPageDown, &k.HalfPageUp)
	return k
}

// press does what a key asks for.
func (a *App) press(msg tea.KeyPressMsg) tea.Cmd {
	k := a.keymap()
	a.toast = toast{}
	switch {
	case key.Matches(msg, k.Quit):
		return tea.Quit
	case key.Matches(msg, k.Suspend):
		return tea.Suspend
	case key.Matches(msg, k.Redraw):
		return tea.ClearScreen
	case key.Matches(msg, k.Help):
		a.help = helpScreen{open: !a.help.open}
	case key.Matches(msg, k.Back):
		a.back()
	case key.Matches(msg, k.PollNow):
		return a.pollNow()
	case key.Matches(msg, k.NextTab):
		a.goTo((a.tab + 1) % tabs)
	case key.Matches(msg, k.PreviousTab):
		a.goTo((a.tab + tabs - 1) % tabs)
	case key.Matches(msg, k.Tab):
		a.goTo(tab(msg.Code - '1'))
	case key.Matches(msg, k.Open):
		return a.openItem(a.table.row)
	case key.Matches(msg, k.CopyCell):
		return a.copyCell()
	case key.Matches(msg, k.CopyItem):
		return a.copyItem()
	case key.Matches(msg, k.CopyError):
		return a.copied("the error", a.errorText())
	case key.Matches(msg, k.OpenURL):
		return a.openURL()
	default:
		return a.move(k.movement(msg))
	}
	return nil
}

// pollNow polls at once. A poll that is not answered is given up for a new one.
func (a *App) pollNow() tea.Cmd {
	if a.schedule.InFlight(theSlot) {
		a.pollAgain = true
		a.endPoll()
		return nil
	}
	a.schedule.Demand(theSlot, a.now)
	return a.pump()
}

// back closes what is open. It never leaves the program.
func (a *App) back() {
	if a.help.open {
		a.help = helpScreen{}
		return
	}
	a.item = item{}
	a.arrangeTable()
}

func (a *App) goTo(t tab) {
	if t >= 0 && t < tabs {
		a.tab = t
		a.arrangeHead()
	}
}

// move moves what the screen has the cursor in.
func (a *App) move(m movement) tea.Cmd {
	w, h := a.innerWidth(), a.bodyHeight()
	switch {
	case m == moveNone:
	case a.help.open:
		a.help.scroll.move(m, len(a.helpLines(w)), a.helpHeight())
	case a.screen() == screenOutcome:
		a.outcome.scroll.move(m, len(a.outcome.lines), h)
	case a.screen() != screenResults:
	case a.tab == tabWarnings:
		a.warnings.scroll.move(m, len(a.warnings.lines), h)
	case a.tab == tabRaw:
		a.raw.scroll.move(m, len(a.raw.lines), h)
	case a.itemCovers():
		return a.moveInItem(m)
	case a.item.open && m.isPage():
		a.item.scroll.move(m, len(a.item.lines), h-1)
	default:
		w, h = a.tableSize()
		a.table.move(a.look, m, w, h)
		return a.followItem()
	}
	return nil
}

// moveInItem scrolls the item that covers the table, or goes on to the item beside it.
func (a *App) moveInItem(m movement) tea.Cmd {
	switch m {
	case moveLeft:
		return a.openItem(max(0, a.table.row-1))
	case moveRight:
		return a.openItem(min(a.table.len()-1, a.table.row+1))
	default:
		a.item.scroll.move(m, len(a.item.lines), a.bodyHeight()-1)
		return nil
	}
}

// followItem shows the item of the cursor's row, where an item is open beside the table.
func (a *App) followItem() tea.Cmd {
	if !a.item.open || a.item.row == a.table.row {
		return nil
	}
	return a.openItem(a.table.row)
}

// quickItem is how large an item may be, in bytes, to be laid out at once. A larger one is a command's work.
const quickItem = 64 << 10

// itemLinesMsg is a large item, laid out.
type itemLinesMsg struct {
	row, width int
	lines      []string
}

// openItem shows an item whole, and puts the cursor on it.
func (a *App) openItem(row int) tea.Cmd {
	a.table.row = row
	a.item = item{open: true, row: row}
	a.arrangeTable()
	if !a.itemIsLarge() {
		return nil
	}
	a.item.lines = []string{a.look.Muted.Render("laying out " + bytesText(len(a.table.items.Row(a.table.item(row)))) + " …")}
	return a.layOutLargeItem()
}

// itemIsLarge tells whether the open item takes too long to lay out for Update.
func (a *App) itemIsLarge() bool {
	return a.item.open && a.item.row < a.table.len() && len(a.table.items.Row(a.table.item(a.item.row))) > quickItem
}

// layOutLargeItem is the command that lays out a large item for the screen as it is now; nil where none is open.
func (a *App) layOutLargeItem() tea.Cmd {
	if !a.itemIsLarge() {
		return nil
	}
	row, item, w, items, l := a.item.row, a.table.item(a.item.row), a.itemWidth(), a.table.items, a.look
	return func() tea.Msg { return itemLinesMsg{row, w, itemLines(l, items, item, w)} }
}

// itemDrawn takes a layout, unless the screen has changed since it was asked for.
func (a *App) itemDrawn(msg itemLinesMsg) {
	if a.item.open && a.item.row == msg.row && a.itemWidth() == msg.width {
		a.item.lines = msg.lines
	}
}

func (a *App) copyCell() tea.Cmd {
	cell := a.table.cell()
	if cell.Kind() == model.CellMissing {
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
		what = a.look.cut(model.NewText(content[:min(len(content), previewSize)]).String(), 40)
	}
	said := "copied " + what
	if len(content) > clipboardDoubtful {
		said += fmt.Sprintf(" (%s: some terminals take less)", bytesText(len(content)))
	}
	return tea.Batch(tea.SetClipboard(content), a.say(said))
}

// browsedMsg tells what became of opening a web page.
type browsedMsg struct {
	address model.Text
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

// toast is a few words about what was just done, at the foot of the screen for a moment.
type toast struct {
	words string
	until time.Time
}

const toastTime = 3 * time.Second

func (t toast) shows(now time.Time) bool { return t.words != "" && now.Before(t.until) }

// say shows a few words at the foot of the screen.
func (a *App) say(words string) tea.Cmd {
	a.toast = toast{words, a.now.Add(toastTime)}
	return a.nextTick()
}

// bytesText writes a size: "512 B", "2.4 MB".
func bytesText(n int) string { return humanize.Bytes(uint64(max(0, n))) }
