package ui

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"

	"sbwatch/internal/faults"
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
		return faults.Key(uint64(code) | uint64(modifiers)<<8)
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
		left, tab = 0, 6 // numbers of faults.Key
		alt       = byte(tea.ModAlt)
	)
	inputs := []string{"/", "f", "&", "e", "c"}
	// Former crashes: completing a text that an input cannot hold, and deleting the last word.
	for i, item := range hostileItems() {
		f.Add(byte(1), item, "", []byte{tab, 0, tab, 0, tab, 0, ' ', 0, tab, 0, tab, 0})
		f.Add(byte(i), item, faults.Words(line.MaxLength)[i], randomScript(uint64(i)))
	}
	for i := range inputs {
		f.Add(byte(i), `{"a":1}`, "", []byte{'a', 0, left, 0, 'd', alt})
	}
	for i, word := range faults.Words(line.MaxLength) {
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
