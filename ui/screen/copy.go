package screen

import (
	"fmt"

	tea "charm.land/bubbletea/v2"
	"github.com/dustin/go-humanize"

	"sbwatch/model/text"
	"sbwatch/ui/cell"
)

// clipboardDoubtful is the size, in bytes, from which several terminals refuse what is sent to their clipboard.
const clipboardDoubtful = 74_000

// Copy puts a text on the clipboard and says so. The text goes as it came: the terminal is sent it encoded.
func Copy(env *Env, what, content string) tea.Cmd {
	if what == "" {
		what = env.Painter.Cut(text.NewText(content[:min(len(content), cell.PreviewSize)]).String(), 40)
	}
	said := "copied " + what
	if len(content) > clipboardDoubtful {
		said += fmt.Sprintf(" (%s: some terminals take less)", BytesText(len(content)))
	}
	env.Say(said)
	return tea.SetClipboard(content)
}

// BytesText writes a size: "512 B", "2.4 MB".
func BytesText(n int) string { return humanize.Bytes(uint64(max(0, n))) }

// Step is what the key for going back does next.
type Step struct {
	Title string // for the hint
	Run   func() tea.Cmd
}
