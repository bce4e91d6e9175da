package ui

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"

	"sbwatch/model/jsonscan"
	"sbwatch/ui/line"
)

// hostileItems returns items with names and values that inputs have dropped, cut or miscounted before.
func hostileItems() []string {
	return []string{
		`{"k\ufffd":1}`, `{"k\ud800":"\udc00"}`, `{"k":"a\ufffdb"}`, `{"k\u0000\t\n":"a\u0085\u001bb"}`, "{\"k\xff\":\"\xff\"}", `{"":""}`,
		`{"` + strings.Repeat("k", line.MaxLength+1) + `":"` + strings.Repeat("日", line.MaxLength+1) + `"}`,
		`{"a":` + strings.Repeat("[", 2_000) + strings.Repeat("]", 2_000) + "}",
		`{"a b":{"\"":[1,{"\\":null}]},"and":true,"👩‍👩‍👧‍👦":"\u202eabc"}`, `[1,"x"]`, `null`,
	}
}

// Events of a FuzzInputs script, besides keys.
const (
	eventPaste  = 0xff
	eventResize = 0xfe
)

// event maps two bytes of a script to an event.
func event(code, modifiers byte, word string) tea.Msg {
	switch code {
	case eventPaste:
		return tea.PasteMsg{Content: word}
	case eventResize:
		return tea.WindowSizeMsg{Width: int(modifiers), Height: int(modifiers) / 3}
	default:
		return anyKey(uint64(code) | uint64(modifiers)<<8)
	}
}

// randomScript returns a script for FuzzInputs, mostly keys without modifiers.
func randomScript(seed uint64) []byte {
	random := rand.New(rand.NewPCG(seed, 2))
	var script []byte
	for range 30 {
		code, modifiers := byte(random.IntN(0x7f)), byte(0)
		switch random.IntN(8) {
		case 0:
			code = eventPaste
		case 1, 2:
			modifiers = byte(random.IntN(8))
		case 3:
			code, modifiers = eventResize, byte(random.IntN(200))
		}
		script = append(script, code, modifiers)
	}
	return script
}

// FuzzInputs opens each input over hostile items and runs a script in it. Nothing may panic, and every frame must be
// safe for a terminal.
func FuzzInputs(f *testing.F) {
	const (
		left, tab = 0, 6 // numbers of anyKey
		alt       = byte(tea.ModAlt)
	)
	inputs := []string{"/", "f", "&", "e", "c"}
	// Former crashes: completing a text that an input cannot hold, and deleting the last word.
	for i, item := range hostileItems() {
		f.Add(byte(1), item, "", []byte{tab, 0, tab, 0, tab, 0, ' ', 0, tab, 0, tab, 0})
		f.Add(byte(i), item, hostileWords()[i], randomScript(uint64(i)))
	}
	for i := range inputs {
		f.Add(byte(i), `{"a":1}`, "", []byte{'a', 0, left, 0, 'd', alt})
	}
	for i, word := range hostileWords() {
		f.Add(byte(i), hostileItems()[i%len(hostileItems())], word, append([]byte{eventPaste, 0}, randomScript(uint64(i+100))...))
	}
	f.Fuzz(func(t *testing.T, input byte, item, word string, script []byte) {
		const maxEvents = 100
		if n, err := jsonscan.Value([]byte(item)); err != nil || n != len(item) {
			t.Skip("no JSON")
		}
		inNoTime(t, func(t *testing.T) {
			s := browses(t, 80, 24, []string{item, `{"a":1}`, item}).does(inputs[int(input)%len(inputs)])
			for i := 0; i+1 < min(len(script), 2*maxEvents) && !t.Failed(); i += 2 {
				msg := event(script[i], script[i+1], word)
				_, cmd := s.Update(msg)
				s.follow(cmd)
				checkFrame(t, s, fmt.Sprintf("event %d, %.80q", i/2, fmt.Sprint(msg)))
			}
		})
	})
}

// checkFrame draws a frame and reports any panic caught since the previous one.
func checkFrame(t *testing.T, s *stage, when string) {
	t.Helper()
	if content := s.View().Content; !utf8.ValidString(content) {
		t.Errorf("%s: the frame is invalid UTF-8: %q", when, content)
	}
	if panics := s.Panics(); len(panics) > 0 {
		t.Fatalf("%s: %s", when, panics[0])
	}
	if frameOf(t, s); t.Failed() {
		t.Log(when)
	}
}

// hostileWords returns texts that inputs have dropped, cut or miscounted before.
func hostileWords() []string {
	return []string{
		"", " ", "a", "\ufffd", "k\ufffd", "\xff\xfe", "a\x00b", "\x1b[31m", "tab\there", "line\nbreak", "\u0085", "\u00a0", "\u2028",
		"e\u0301", "👩‍👩‍👧‍👦", "\u202eabc", "日本語", `"`, `a"b'c` + "`", `\`, "and", strings.Repeat("x", line.MaxLength), strings.Repeat("日", line.MaxLength+1),
		strings.Repeat("a ", 3*line.MaxLength), strings.Repeat("\xff", 5*line.MaxLength),
	}
}

// anyKey maps a number to a key press: any code, including special keys, with any modifiers, with or without text.
func anyKey(n uint64) tea.KeyPressMsg {
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
