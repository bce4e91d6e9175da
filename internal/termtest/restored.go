//go:build unix

package termtest

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/charmbracelet/x/ansi"
	xterm "github.com/charmbracelet/x/term"
	"golang.org/x/sys/unix"
)

// ModesRestored waits for the program to end. It fails the test if the program did not restore the terminal: the
// screen, the cursor, the mouse, the keyboard and the line discipline.
func (term *Term) ModesRestored() {
	term.t.Helper()
	term.Exit()
	for _, leftover := range leftovers(term.Raw()) {
		term.t.Error("the program did not restore:", leftover)
	}
	if term.after == nil || *term.after != *term.before {
		term.t.Error("the program did not restore the line discipline (echo, line editing, signals)")
	}
}

// leftovers returns what a program with the given output has changed in the terminal and not restored, such as "another
// shape of cursor".
func leftovers(output []byte) []string {
	state := newTerminalState()
	parser := ansi.NewParser()
	parser.SetHandler(ansi.Handler{
		HandleCsi: func(cmd ansi.Cmd, params ansi.Params) { state.control(int(cmd), params) },
		HandleOsc: state.operatingSystemCommand,
		HandleEsc: func(cmd ansi.Cmd) { state.escape(cmd.Final()) },
	})
	parser.Parse(output)
	return state.leftovers()
}

// terminalState holds what a program may change in a terminal and must restore.
type terminalState struct {
	modes    map[ansi.DECMode]bool // only modes that were set or reset
	keyboard [2][]int              // stacks of Kitty keyboard flags of the main and the alternate screen
	other    map[string]bool       // other changes, such as "another shape of cursor"
}

func newTerminalState() *terminalState {
	return &terminalState{modes: map[ansi.DECMode]bool{}, keyboard: [2][]int{{0}, {0}}, other: map[string]bool{}}
}

func (s *terminalState) control(cmd int, params ansi.Params) {
	first, _, _ := params.Param(0, 0)
	switch cmd {
	case ansi.Command('?', 0, 'h'), ansi.Command('?', 0, 'l'):
		for _, mode := range params {
			s.modes[ansi.DECMode(mode.Param(0))] = ansi.Cmd(cmd).Final() == 'h'
		}
	case ansi.Command('>', 0, 'u'):
		stack := s.keyboardStack()
		*stack = append(*stack, first)
	case ansi.Command('<', 0, 'u'):
		stack := s.keyboardStack()
		if *stack = (*stack)[:max(0, len(*stack)-max(1, first))]; len(*stack) == 0 {
			*stack = []int{0}
		}
	case ansi.Command('=', 0, 'u'):
		how, _, _ := params.Param(1, 1)
		top := &(*s.keyboardStack())[len(*s.keyboardStack())-1]
		*top = map[int]int{1: first, 2: *top | first, 3: *top &^ first}[how]
	case ansi.Command('>', 0, 'm'):
		value, _, _ := params.Param(1, 0)
		s.other["modifyOtherKeys on"] = first == 4 && value != 0
	case ansi.Command(0, ' ', 'q'):
		s.other["another shape of cursor"] = first > 1
	}
}

// keyboardStack returns the stack of keyboard modes of the current screen. The main and the alternate screen have one
// each.
func (s *terminalState) keyboardStack() *[]int {
	if s.modes[ansi.ModeAltScreen] || s.modes[ansi.ModeAltScreenSaveCursor] {
		return &s.keyboard[1]
	}
	return &s.keyboard[0]
}

func (s *terminalState) operatingSystemCommand(cmd int, data []byte) {
	_, value, _ := bytes.Cut(data, []byte(";"))
	switch cmd {
	case 9:
		if progress, ok := bytes.CutPrefix(value, []byte("4;")); ok {
			s.other["a progress bar"] = !bytes.HasPrefix(progress, []byte("0"))
		}
	case 10, 11, 12:
		if !bytes.Equal(value, []byte("?")) {
			s.other[fmt.Sprintf("another color (OSC %d)", cmd)] = true
		}
	case 110, 111, 112:
		s.other[fmt.Sprintf("another color (OSC %d)", cmd-100)] = false
	}
}

func (s *terminalState) escape(final byte) {
	switch final {
	case '=', '>':
		s.other["the keypad in application mode"] = final == '='
	case 'c':
		*s = *newTerminalState()
	}
}

func (s *terminalState) leftovers() []string {
	var left []string
	for _, mode := range slices.Sorted(maps.Keys(s.modes)) {
		if on := s.modes[mode]; on != isInitiallyOn(mode) {
			left = append(left, fmt.Sprintf("%s %s", modeName(mode), map[bool]string{true: "on", false: "off"}[on]))
		}
	}
	for screen, stack := range s.keyboard {
		if len(stack) > 1 || stack[0] != 0 {
			left = append(left, fmt.Sprintf("Kitty keyboard flags on the %s screen", []string{"main", "alternate"}[screen]))
		}
	}
	for _, what := range slices.Sorted(maps.Keys(s.other)) {
		if s.other[what] {
			left = append(left, what)
		}
	}
	return left
}

func isInitiallyOn(mode ansi.DECMode) bool {
	return mode == ansi.ModeTextCursorEnable || mode == ansi.ModeAutoWrap
}

func modeName(mode ansi.DECMode) string {
	switch mode {
	case ansi.ModeTextCursorEnable:
		return "the cursor"
	case ansi.ModeAutoWrap:
		return "line wrapping"
	case ansi.ModeAltScreen, ansi.ModeAltScreenSaveCursor:
		return "the alternate screen"
	case ansi.ModeBracketedPaste:
		return "bracketed paste"
	case ansi.ModeMouseX10, ansi.ModeMouseNormal, ansi.ModeMouseButtonEvent, ansi.ModeMouseAnyEvent, ansi.ModeMouseExtSgr:
		return fmt.Sprintf("mouse mode %d", mode)
	case ansi.ModeFocusEvent:
		return "focus reports"
	case ansi.ModeSynchronizedOutput:
		return "synchronized updates"
	case ansi.ModeUnicodeCore:
		return "grapheme clusters"
	default:
		return fmt.Sprintf("mode %d", mode)
	}
}

// Changed returns what the program has changed in the terminal so far and not restored, such as "another line
// discipline".
func (term *Term) Changed() []string {
	changed := leftovers(term.Raw())
	if now, err := xterm.GetState(term.slave.Fd()); err != nil || *now != *term.before {
		changed = append(changed, "another line discipline")
	}
	return changed
}

// Foreground returns the foreground process group of the terminal.
func (term *Term) Foreground() int {
	term.t.Helper()
	var group int
	conn, err := term.master.SyscallConn() // calling Fd would make the file blocking
	if err == nil {
		err = errors.Join(conn.Control(func(fd uintptr) { group, err = unix.IoctlGetInt(int(fd), unix.TIOCGPGRP) }), err)
	}
	if err != nil {
		term.t.Fatal("the terminal's process group:", err)
	}
	return group
}

// HangUp disconnects the terminal from the program, as when a window is closed. There is no output afterwards.
func (term *Term) HangUp() { _ = term.master.Close() }
