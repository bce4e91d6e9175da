package screen

import (
	"context"
	"fmt"

	tea "charm.land/bubbletea/v2"
	"github.com/dustin/go-humanize"

	"sbwatch/model/text"
	"sbwatch/ui/cell"
)

// largeClipboard is the size in bytes above which several terminals refuse to copy a text.
const largeClipboard = 74_000

// CopyWay says how a text was copied.
type CopyWay int

// The ways to copy a text.
const (
	// CopyTerminal means that only the terminal can copy the text. An escape sequence asks the terminal to do so. The
	// terminal may ignore it.
	CopyTerminal CopyWay = iota
	// CopySystem means that the text is in the system's clipboard.
	CopySystem
	// CopyTmux means that the text is in a buffer of tmux, and that tmux copies it to the terminal's clipboard, too.
	CopyTmux
	// CopyTmuxTerminal means that the text is in a buffer of tmux, and that tmux does not copy it to the terminal.
	CopyTmuxTerminal
)

// Copier copies a text to the clipboard. It returns how the text was copied, such as by tmux. It may block.
type Copier func(ctx context.Context, content string) CopyWay

// CopiedMsg reports how a text was copied. The field what describes the text, such as "the item".
type CopiedMsg struct {
	what, content string
	way           CopyWay
}

// Copy copies content to the clipboard and shows a message. The parameter what describes the content in the message,
// such as "the item".
func Copy(env *Env, what, content string) tea.Cmd {
	if what == "" {
		room := min(max(env.Frame.Body.Dx()-messageRoom, 10), 40)
		what = env.Painter.Cut(text.NewText(content[:min(len(content), cell.PreviewSize)]).String(), room)
	}
	if env.Copier == nil {
		return Copied(env, CopiedMsg{what, content, CopyTerminal})
	}
	life, copier := env.Life, env.Copier
	return func() tea.Msg { return CopiedMsg{what, content, copier(life, content)} }
}

// messageRoom is the width of the longest message of [Copied], in cells. This width does not include the description of
// the text.
const messageRoom = len("copied  to tmux; the terminal may refuse it") + 2

// Copied shows a message that says how a text was copied. If the way is [CopyTerminal], Copied asks the terminal to
// copy the text.
func Copied(env *Env, msg CopiedMsg) tea.Cmd {
	said := "copied " + msg.what
	switch msg.way {
	case CopySystem:
		return env.Say(said + " to the clipboard")
	case CopyTmux:
		return env.Say(said + " to tmux; the terminal may refuse it")
	case CopyTmuxTerminal:
		said += " to tmux; the terminal may refuse it"
	case CopyTerminal:
		said = "sent " + msg.what + " to the terminal, which may refuse it"
	}
	if len(msg.content) > largeClipboard {
		said += fmt.Sprintf(" (%s is too large for some terminals)", BytesText(len(msg.content)))
	}
	env.Say(said)
	return tea.SetClipboard(msg.content)
}

// BytesText formats a size, such as "512 B" or "2.4 MB".
func BytesText(n int) string { return humanize.Bytes(uint64(max(0, n))) }

// Step is what Esc does next.
type Step struct {
	Title string // the title in the hint line
	Run   func() tea.Cmd
}
