package alert

import (
	"encoding/base64"
	"strings"

	"sbwatch/model/text"
)

// Terminal describes the notifications that a terminal supports.
type Terminal struct {
	protocol protocol
	// throughTmux is true inside tmux. The sequence is then wrapped, so that tmux passes it to the outer terminal. tmux
	// passes it only if the tmux option allow-passthrough is on.
	throughTmux bool
}

// protocol is a kind of escape sequence for desktop notifications.
type protocol int

const (
	// bellOnly means that the terminal supports no known protocol.
	bellOnly protocol = iota
	// osc9 is the protocol of iTerm2. Its notification contains a single text.
	osc9
	// osc777 is the protocol of rxvt-unicode. Its notification contains a title and a text.
	osc777
	// osc99 is the protocol of kitty.
	osc99
)

// Detect determines what the terminal supports, from the environment variables that terminals set. An unknown terminal
// gets only the bell, because some terminals display sequences that they do not know.
func Detect(getenv func(name string) string) Terminal {
	t := Terminal{protocol: ownProtocol(getenv)}
	switch {
	case getenv("TERM") == "dumb" || getenv("TERM") == "linux":
		return Terminal{}
	case getenv("TMUX") != "":
		// tmux sets TERM and TERM_PROGRAM itself. The other variables come from the terminal in which tmux was started.
		return Terminal{protocol: t.protocol, throughTmux: t.protocol != bellOnly}
	case getenv("STY") != "" || getenv("ZELLIJ") != "":
		return Terminal{} // screen and zellij pass on only the bell
	}
	return t
}

// ownProtocol returns the protocol of the terminal itself, even inside tmux.
func ownProtocol(getenv func(name string) string) protocol {
	has := func(names ...string) bool {
		for _, name := range names {
			if getenv(name) != "" {
				return true
			}
		}
		return false
	}
	term := getenv("TERM")
	switch getenv("TERM_PROGRAM") {
	case "iTerm.app", "WarpTerminal":
		return osc9
	case "WezTerm", "ghostty", "rio":
		return osc777
	case "kitty":
		return osc99
	case "Apple_Terminal", "vscode":
		return bellOnly
	}
	switch {
	case has("KITTY_WINDOW_ID") || strings.HasPrefix(term, "xterm-kitty"):
		return osc99
	case has("GHOSTTY_RESOURCES_DIR", "WEZTERM_PANE", "KONSOLE_VERSION", "VTE_VERSION"),
		strings.HasPrefix(term, "foot"), strings.HasPrefix(term, "rxvt-unicode"), term == "xterm-ghostty", term == "wezterm", term == "contour":
		return osc777
	case getenv("LC_TERMINAL") == "iTerm2", has("ITERM_SESSION_ID"): // LC_TERMINAL arrives through SSH
		return osc9
	}
	return bellOnly
}

const (
	bell = "\a"
	esc  = "\x1b"
	// st is the byte sequence that ends a control string.
	st = esc + `\`
	// maxMessage is the maximum length of a message, in bytes. It is limited because terminals ignore long control
	// strings.
	maxMessage = 250
)

// Sequence returns the bytes of a notification: the bell and, if the terminal supports it, a desktop notification with
// a title and a text. Sequence makes both printable, so that they cannot end the control string.
func (t Terminal) Sequence(title, message string) string {
	title, message = text.Line(text.NewText(title), maxMessage), text.Line(text.NewText(message), maxMessage)
	sequence := ""
	switch t.protocol {
	case osc9:
		// The title comes first, because terminals interpret a text that starts with a digit, such as "3 runs ended",
		// as another command.
		sequence = esc + "]9;" + title + ": " + message + st
	case osc777:
		sequence = esc + "]777;notify;" + strings.ReplaceAll(title, ";", ",") + ";" + message + st
	case osc99:
		encode := base64.StdEncoding.EncodeToString
		sequence = esc + "]99;i=sbwatch:d=0:e=1:p=title;" + encode([]byte(title)) + st +
			esc + "]99;i=sbwatch:d=1:e=1:p=body;" + encode([]byte(message)) + st
	case bellOnly:
	}
	if t.throughTmux && sequence != "" {
		sequence = esc + "Ptmux;" + strings.ReplaceAll(sequence, esc, esc+esc) + st
	}
	return sequence + bell
}
