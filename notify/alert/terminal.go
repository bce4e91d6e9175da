package alert

import (
	"encoding/base64"
	"strings"

	"sbwatch/model/text"
)

// Terminal is what a terminal understands.
type Terminal struct {
	protocol protocol
	// throughTmux wraps the notification for tmux, which passes it on if its option allow-passthrough is on.
	throughTmux bool
}

// protocol is a way to ask for a notification on the desktop.
type protocol int

const (
	// bellOnly means that no way is known.
	bellOnly protocol = iota
	// osc9 is that of iTerm2: one text.
	osc9
	// osc777 is that of rxvt-unicode: a title and a text.
	osc777
	// osc99 is that of kitty.
	osc99
)

// Detect returns what the terminal understands, according to the variables that terminals set. A terminal that is not
// known gets only the bell, because some show what they do not understand.
func Detect(getenv func(name string) string) Terminal {
	t := Terminal{protocol: ownProtocol(getenv)}
	switch {
	case getenv("TERM") == "dumb" || getenv("TERM") == "linux":
		return Terminal{}
	case getenv("TMUX") != "":
		// TERM and TERM_PROGRAM are those of tmux; the other variables are of the terminal in which it was started.
		return Terminal{protocol: t.protocol, throughTmux: t.protocol != bellOnly}
	case getenv("STY") != "" || getenv("ZELLIJ") != "":
		return Terminal{} // screen and zellij pass on only the bell
	}
	return t
}

// ownProtocol returns the protocol of the terminal, whatever runs in between.
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
	// st ends a control string.
	st = esc + `\`
	// maxMessage is the maximum length of a message in bytes. Terminals refuse long control strings.
	maxMessage = 250
)

// Sequence returns the bytes that make the terminal notify: the bell, and a notification with a title and a text if it can
// show one. Neither can end the control string: both are made printable.
func (t Terminal) Sequence(title, message string) string {
	title, message = short(text.NewText(title), maxMessage), short(text.NewText(message), maxMessage)
	sequence := ""
	switch t.protocol {
	case osc9:
		// The title comes first: terminals take a text that starts with a digit for another command.
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
