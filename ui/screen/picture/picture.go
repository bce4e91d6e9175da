// Package picture implements a box that shows the image whose URL is in a cell, in terminals that support images.
//
// [Open] fetches the image only if the terminal supports images. The website learns that someone looks at the image, so
// call Open only when the user asks for it. A data: URL contains the image, so nothing is fetched.
package picture

import (
	"context"
	"image"
	"slices"
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"

	"sbwatch/model/text"
	"sbwatch/ui/action"
	"sbwatch/ui/draw"
	"sbwatch/ui/graphics"
	"sbwatch/ui/layout"
	"sbwatch/ui/screen"
)

// Fetch fetches and decodes the image at a URL.
type Fetch func(ctx context.Context, address string) (image.Image, error)

// InTmux reports whether the terminal in which tmux runs can show images.
type InTmux func(ctx context.Context) bool

// method is a way to show images in a terminal.
type method int

const (
	methodNone method = iota
	methodKitty
	methodKittyInTmux
	methodSixel
)

type box struct {
	env     *screen.Env
	address text.Text
	fetch   Fetch
	open    func() tea.Cmd // opens the URL in the browser; nil for a data: URL
	inTmux  InTmux         // nil outside tmux

	method  method
	isAsked bool // whether the terminal has answered or the time for an answer is over
	// isRefused means that the terminal in which tmux runs cannot show images.
	isRefused bool
	cell      image.Point // size of a cell in pixels
	source    image.Image // nil until fetched
	problem   string      // why there is no image, in printable form
	shown     encodedMsg
	cancel    context.CancelFunc
	// generation counts attempts to draw the image. Messages of earlier attempts are ignored.
	generation int
}

// Messages to the box.
type (
	// tmuxMsg reports whether the terminal in which tmux runs can show images.
	tmuxMsg struct{ canShow bool }
	// lateMsg reports that the time for the terminal's answer is over.
	lateMsg struct{}
	// fetchedMsg reports the image or an error.
	fetchedMsg struct {
		source image.Image
		err    error
	}
	// encodedMsg has the escape sequence that shows the image, and the size of the image in cells.
	encodedMsg struct {
		generation int
		cells      image.Point
		command    string
	}
	// placeMsg asks the box to send the image, because the terminal has had time to draw the box.
	placeMsg struct {
		generation int
		isLast     bool
	}
)

const (
	// answerTime is how long to wait for the terminal's answer.
	answerTime = time.Second
	// drawTime is how long to wait before sending the image, so that the terminal draws the box first and the image
	// over it. Sixels are sent again after againTime, in case a slow terminal draws the box late.
	drawTime  = 60 * time.Millisecond
	againTime = 700 * time.Millisecond
)

// cellSize returns the assumed size of a cell in pixels, for terminals that do not report it. Most cells are larger, so
// the image still fits into the box.
func cellSize() image.Point { return image.Pt(6, 12) }

// sixelAttribute is the device attribute of terminals that support sixels.
const sixelAttribute = 4

// Open opens a box that shows the image at the URL address. The function inTmux reports whether the terminal in which
// tmux runs can show images; inTmux is nil outside tmux. The function browse opens the URL in the browser. It is nil if
// address is a data: URL, which contains the image. Such an address is shown but not requested.
func Open(env *screen.Env, fetch Fetch, inTmux InTmux, address text.Text, browse func() tea.Cmd) tea.Cmd {
	b := &box{env: env, address: address, fetch: fetch, inTmux: inTmux, open: browse, cell: cellSize()}
	env.Layers.Open(b)
	if inTmux != nil {
		return screen.ToLayer(b, func() tea.Msg { return tmuxMsg{inTmux(env.Life)} })
	}
	return b.ask(graphics.QueryKitty)
}

// ask queries what the terminal supports. query is the query for the kitty graphics protocol.
func (b *box) ask(query string) tea.Cmd {
	// Terminals answer queries in order, and every terminal answers the last query. tmux answers the last query itself,
	// before the outer terminal answers the first query.
	ask := tea.Raw(requestCellSize + query + ansi.RequestPrimaryDeviceAttributes)
	return tea.Batch(ask, tea.Tick(answerTime, func(time.Time) tea.Msg { return screen.LayerMsg{To: b, Msg: lateMsg{}} }))
}

// requestCellSize queries the size of a cell in pixels.
const requestCellSize = "\x1b[16t"

// Place returns PlaceBox.
func (*box) Place() screen.Place { return screen.PlaceBox }

// Actions returns nil because the box handles all keys itself.
func (*box) Actions() action.Table { return nil }

// Update handles answers of the terminal, results of commands, and keys.
func (b *box) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case fetchedMsg:
		return b.fetched(msg)
	case encodedMsg:
		return b.encoded(msg)
	case placeMsg:
		return b.place(msg)
	case screen.ResizedMsg:
		return tea.Batch(b.Remove(), b.encode())
	case tea.KeyPressMsg:
		return b.press(msg)
	default:
		return b.learn(msg)
	}
}

// learn handles messages about what the terminal supports.
func (b *box) learn(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tmuxMsg:
		if msg.canShow && !b.env.Painter.IsASCII { // placeholders are not ASCII
			return b.ask(graphics.ThroughTmux(graphics.QueryKitty))
		}
		b.isRefused = true
		return b.ask("")
	case uv.CellSizeEvent:
		const largest = 200
		if msg.Width > 0 && msg.Height > 0 && msg.Width <= largest && msg.Height <= largest {
			b.cell = image.Pt(msg.Width, msg.Height)
		}
	case uv.KittyGraphicsEvent:
		if b.isAsked || !graphics.IsKitty(msg.Options.ID, string(msg.Payload)) {
			return nil
		}
		b.method = methodKitty
		if b.inTmux != nil {
			b.method = methodKittyInTmux
			return b.answered(false)
		}
	case uv.PrimaryDeviceAttributesEvent:
		if hasSixels := slices.Contains(msg, sixelAttribute); hasSixels || b.inTmux == nil || b.isRefused {
			return b.answered(hasSixels)
		}
	case lateMsg:
		return b.answered(false)
	}
	return nil
}

// Mouse closes the box on a click.
func (b *box) Mouse(m screen.Mouse) tea.Cmd {
	if m.IsClick() {
		return b.close()
	}
	return nil
}

// isData reports whether the image is in a data: URL.
func (b *box) isData() bool { return b.open == nil }

// press closes the box. For the key o, it also opens the URL in the browser.
func (b *box) press(key tea.KeyPressMsg) tea.Cmd {
	if key.String() == "o" && !b.isData() {
		return tea.Batch(b.close(), b.open())
	}
	return b.close()
}

// close closes the box and removes the image.
func (b *box) close() tea.Cmd {
	if b.cancel != nil {
		b.cancel()
	}
	b.env.Layers.Close(b)
	return b.Remove()
}

// Remove returns a command that removes the image from the terminal.
func (b *box) Remove() tea.Cmd {
	b.generation++
	wasShown := b.shown.command != ""
	b.shown.command = ""
	switch {
	case !wasShown:
		return nil
	case b.method == methodKitty:
		return tea.Raw(graphics.DeleteKitty)
	case b.method == methodKittyInTmux:
		return tea.Raw(graphics.DeleteInTmux())
	default:
		return tea.ClearScreen // redrawing the whole screen removes sixels
	}
}

// unsupported returns the reason why the terminal does not show the image.
func (b *box) unsupported() string {
	const passthrough = "tmux does not let images through. To allow them, run\ntmux set -g allow-passthrough on"
	nothing := " Nothing was fetched."
	if b.isData() {
		nothing = ""
	}
	switch {
	case b.isRefused:
		return "This terminal cannot show images inside tmux; kitty 0.28 and Ghostty can." + nothing
	case b.inTmux != nil && b.isData():
		return passthrough
	case b.inTmux != nil:
		return "Nothing was fetched: " + passthrough
	default:
		return "This terminal cannot show images." + nothing
	}
}

// answered handles the terminal's answer about its support for images. If the terminal supports images, answered starts
// to fetch the image.
func (b *box) answered(hasSixels bool) tea.Cmd {
	if b.isAsked {
		return nil
	}
	b.isAsked = true
	if b.method == methodNone && hasSixels {
		b.method = methodSixel
	}
	if b.method == methodNone {
		b.problem = b.unsupported()
		return nil
	}
	ctx, cancel := context.WithCancel(b.env.Life)
	b.cancel = cancel
	fetch, address := b.fetch, b.address.Raw()
	return screen.ToLayer(b, func() tea.Msg {
		defer cancel()
		source, err := fetch(ctx, address)
		return screen.UnlessOver(ctx, fetchedMsg{source, err})
	})
}

func (b *box) fetched(msg fetchedMsg) tea.Cmd {
	if msg.err != nil {
		b.problem = "No image: " + text.Printable(msg.err.Error())
		return nil
	}
	b.source = msg.source
	return b.encode()
}

// room returns the maximum size of the image in cells.
func (b *box) room() image.Point {
	const columns, lines = 6, 7 // for the border, the text and a margin
	room := image.Pt(max(1, b.env.Width()-columns), max(1, b.env.Height()-lines))
	if b.method == methodKittyInTmux {
		room = image.Pt(min(room.X, graphics.MaxPlaced), min(room.Y, graphics.MaxPlaced))
	}
	return room
}

// encode returns a command that scales and encodes the image. It returns nil if there is no image.
func (b *box) encode() tea.Cmd {
	b.generation++
	if b.source == nil || b.env.Frame.IsTooSmall {
		return nil
	}
	generation, source, room, cell, how := b.generation, b.source, b.room(), b.cell, b.method
	return screen.ToLayer(b, func() tea.Msg {
		scaled := graphics.Scale(source, room.X*cell.X, room.Y*cell.Y)
		size := scaled.Rect.Size()
		msg := encodedMsg{generation: generation, cells: image.Pt((size.X+cell.X-1)/cell.X, (size.Y+cell.Y-1)/cell.Y)}
		switch how {
		case methodKitty:
			msg.command = graphics.Kitty(scaled, msg.cells)
		case methodKittyInTmux:
			msg.command = graphics.KittyInTmux(scaled, msg.cells)
		case methodSixel, methodNone:
			msg.command = graphics.Sixel(scaled)
		}
		return msg
	})
}

// encoded handles an encodedMsg: it reserves cells for the image in the box and schedules a placeMsg.
func (b *box) encoded(msg encodedMsg) tea.Cmd {
	if msg.generation != b.generation {
		return nil
	}
	b.shown = msg
	place := func(after time.Duration, isLast bool) tea.Cmd {
		return tea.Tick(after, func(time.Time) tea.Msg { return screen.LayerMsg{To: b, Msg: placeMsg{msg.generation, isLast}} })
	}
	if b.method != methodSixel {
		return place(drawTime, true)
	}
	return tea.Batch(place(drawTime, false), place(againTime, true))
}

// place sends the image to the terminal.
func (b *box) place(msg placeMsg) tea.Cmd {
	if msg.generation != b.generation || !b.env.Layers.Has(b) || b.env.Frame.IsTooSmall {
		return nil
	}
	const save, restore = "\x1b7", "\x1b8" // save and restore the position of the cursor
	at := b.area().Min
	command := b.shown.command
	if msg.isLast {
		b.shown.command = placed
	}
	if b.method == methodKittyInTmux {
		return tea.Raw(command)
	}
	return tea.Raw(save + ansi.CursorPosition(at.X+1, at.Y+1) + command + restore)
}

// placed replaces the stored escape sequence of the image once the sequence is not needed any more. This frees memory.
const placed = "sent"

// area returns the cells that the image covers on the screen.
func (b *box) area() image.Rectangle {
	lines := b.View(b.env.Frame.Screen)
	outer := layout.Centered(b.env.Frame.Screen, b.env.Painter.Width(lines[0]), len(lines))
	const left, top = 2, 1
	at := outer.Min.Add(image.Pt(left+(b.width()-b.shown.cells.X)/2, top))
	return image.Rectangle{Min: at, Max: at.Add(b.shown.cells)}
}

// width returns the width of the content of the box in cells.
func (b *box) width() int {
	const usual = 60
	return max(b.shown.cells.X, min(usual, b.room().X))
}

// View draws the box: empty cells for the image, and text below them.
func (b *box) View(image.Rectangle) []string {
	p, w := b.env.Painter, b.width()
	lines := slices.Repeat([]string{draw.Spaces(w)}, b.shown.cells.Y)
	if b.method == methodKittyInTmux && b.shown.command != "" {
		lines = draw.Indent(graphics.Placeholders(b.shown.cells), (w-b.shown.cells.X)/2)
	}
	switch {
	case b.problem != "":
		for _, line := range p.Wrap(b.problem, w) {
			lines = append(lines, p.Fit(line, w))
		}
	case !b.isAsked:
		lines = append(lines, p.Muted.Render(p.Fit("asking whether the terminal can show images …", w)))
	case b.source == nil && b.isData():
		lines = append(lines, p.Muted.Render(p.Fit("decoding the image …", w)))
	case b.source == nil:
		lines = append(lines, p.Muted.Render(p.Fit("fetching the image from "+b.host()+" …", w)))
	case b.shown.command == "":
		lines = append(lines, p.Muted.Render(p.Fit("scaling the image …", w)))
	}
	lines = append(lines, p.Between(p.Muted.Render(p.Cut(b.address.String(), max(1, w-p.Width(b.size())-2))), p.Muted.Render(b.size()), w))
	keys := p.Strong.Render("esc") + p.Muted.Render(" close")
	if !b.isData() {
		keys = p.Strong.Render("o") + p.Muted.Render(" open in browser") + draw.Spaces(3) + keys
	}
	return p.Box(append(lines, p.Fit(keys, w)), w)
}

// size returns the size of the image in pixels, such as "800x600", or "" if there is no image.
func (b *box) size() string {
	if b.source == nil {
		return ""
	}
	size := b.source.Bounds().Size()
	return strconv.Itoa(size.X) + "x" + strconv.Itoa(size.Y)
}

// host returns the host in the URL.
func (b *box) host() string {
	_, host, _ := strings.Cut(b.address.Raw(), "://")
	if end := strings.IndexAny(host, "/?#\\"); end >= 0 {
		host = host[:end]
	}
	return text.Printable(host[strings.LastIndex(host, "@")+1:])
}
