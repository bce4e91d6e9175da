package screen

import (
	"fmt"

	tea "charm.land/bubbletea/v2"
	"github.com/dustin/go-humanize"

	"sbwatch/model/text"
	"sbwatch/ui/cell"
)

// largeClipboard is the size, in bytes, above which several terminals refuse to set the clipboard.
const largeClipboard = 74_000

// Copy copies a text to the clipboard and shows a confirmation. The text is not sanitized, because it is sent to the
// terminal encoded.
func Copy(env *Env, what, content string) tea.Cmd {
	if what == "" {
		what = env.Painter.Cut(text.NewText(content[:min(len(content), cell.PreviewSize)]).String(), 40)
	}
	said := "copied " + what
	if len(content) > largeClipboard {
		said += fmt.Sprintf(" (%s: some terminals accept less)", BytesText(len(content)))
	}
	env.Say(said)
	return tea.SetClipboard(content)
}

// BytesText formats a size: "512 B", "2.4 MB".
func BytesText(n int) string { return humanize.Bytes(uint64(max(0, n))) }

// Step is what Esc does next.
type Step struct {
	Title string // for the hint line
	Run   func() tea.Cmd
}
