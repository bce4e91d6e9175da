package faults

import (
	"math/rand/v2"

	tea "charm.land/bubbletea/v2"
)

// Keys returns the messages for n random events that a user causes. Most events are single keys that the dashboard
// binds, or typed words. The rest are unbound keys, keys with modifiers, pastes and resizes. None of them quits the
// dashboard.
func Keys(seed uint64, n int) []tea.Msg {
	dice := newDice(seed, "keys")
	msgs := make([]tea.Msg, 0, n+20)
	for len(msgs) < n {
		switch dice.IntN(20) {
		case 0:
			msgs = append(msgs, typed(dice)...)
		case 1:
			msgs = append(msgs, modified(dice))
		case 2:
			msgs = append(msgs, tea.PasteMsg{Content: text(dice)})
		case 3:
			msgs = append(msgs, characters(dice))
		case 4, 5, 6, 7:
			msgs = append(msgs, tea.KeyPressMsg{Code: pick(dice, namedKeys())})
		default:
			key := pick(dice, []rune("kjhlgG0$b12345/nN&fFsS}{c-=HL,._z!()yYoep? \t"))
			if key == '\t' {
				msgs = append(msgs, tea.KeyPressMsg{Code: tea.KeyTab})
				continue
			}
			msgs = append(msgs, tea.KeyPressMsg{Code: key, Text: string(key)})
		}
	}
	return msgs[:n]
}

func namedKeys() []rune {
	return []rune{
		tea.KeyEnter, tea.KeyEnter, tea.KeyEscape, tea.KeyTab, tea.KeyBackspace, tea.KeyDelete, tea.KeyUp, tea.KeyDown, tea.KeyLeft,
		tea.KeyRight, tea.KeyHome, tea.KeyEnd, tea.KeyPgUp, tea.KeyPgDown, tea.KeyInsert, tea.KeyF1, tea.KeySpace,
	}
}

// modified returns a key press with modifiers, such as ctrl+w or alt+left.
func modified(dice *rand.Rand) tea.Msg {
	mod := pick(dice, []tea.KeyMod{tea.ModCtrl, tea.ModAlt, tea.ModShift, tea.ModCtrl | tea.ModAlt, tea.ModSuper})
	code := pick(dice, []rune("abdefhknuvwyt"))
	if dice.IntN(2) == 0 {
		code = pick(dice, namedKeys())
	}
	if mod == tea.ModCtrl && code == 'z' {
		code = 'l'
	}
	return tea.KeyPressMsg{Code: code, Mod: mod}
}

// typed returns a key that opens a prompt, followed by words that are valid in the prompt and sometimes by enter.
func typed(dice *rand.Rand) []tea.Msg {
	words := pick(dice, []string{
		"price > 20 and not rating?", "brand ~ acme", "re:^ac", "re:(", "name", "x.csv", "~/y.json", "tags[] = red", "((((", "dims.w >= ", "page = 2", "",
	})
	var msgs []tea.Msg
	for _, r := range words {
		msgs = append(msgs, tea.KeyPressMsg{Code: r, Text: string(r)})
	}
	if dice.IntN(2) == 0 {
		msgs = append(msgs, tea.KeyPressMsg{Code: tea.KeyEnter})
	}
	return msgs
}

// characters returns a key press with text that no keyboard produces, such as text from input methods and broken
// terminals.
func characters(dice *rand.Rand) tea.Msg {
	text := pick(dice, []string{"é", "日本", "👩🏽‍🚀", "\ufffd", "\u202e", "\u0301", "\x00", "\x1b[31m", "\xff\xfe", "\u200d", "\t", "\n"})
	return tea.KeyPressMsg{Code: tea.KeyExtended, Text: text}
}
