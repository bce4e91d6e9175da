package faults

import (
	"strings"

	tea "charm.land/bubbletea/v2"
)

// Words returns texts to type into input fields that hold up to maxLength characters. Earlier versions of these fields
// dropped, cut or miscounted such texts.
func Words(maxLength int) []string {
	return []string{
		"", " ", "a", "\ufffd", "k\ufffd", "\xff\xfe", "a\x00b", "\x1b[31m", "tab\there", "line\nbreak", "\u0085", "\u00a0", "\u2028",
		"e\u0301", "👩‍👩‍👧‍👦", "\u202eabc", "日本語", `"`, `a"b'c` + "`", `\`, "and", strings.Repeat("x", maxLength), strings.Repeat("日", maxLength+1),
		strings.Repeat("a ", 3*maxLength), strings.Repeat("\xff", 5*maxLength),
	}
}

// Key returns a key press that is determined by n: any key with any modifiers, with or without text.
func Key(n uint64) tea.KeyPressMsg {
	special := []rune{
		tea.KeyLeft, tea.KeyRight, tea.KeyHome, tea.KeyEnd, tea.KeyDelete, tea.KeyBackspace, tea.KeyTab, tea.KeySpace, tea.KeyUp,
		tea.KeyDown, tea.KeyPgUp, tea.KeyPgDown, tea.KeyInsert, tea.KeyF1, tea.KeyEnter, tea.KeyEscape,
	}
	press := tea.KeyPressMsg{Mod: tea.KeyMod(n>>8) & (tea.ModShift | tea.ModAlt | tea.ModCtrl)}
	if at := int(n & 0x7f); at < ' ' {
		press.Code = special[at%len(special)]
	} else {
		press.Code = rune(at)
	}
	if press.Mod&^tea.ModShift == 0 && press.Code >= ' ' && press.Code < 0x7f {
		press.Text = string(press.Code)
	}
	return press
}
