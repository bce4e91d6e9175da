package cmd

import (
	"strconv"
	"strings"

	"github.com/charmbracelet/x/term"
)

// isTerminal tells whether a stream is one.
func isTerminal(stream any) bool {
	file, ok := stream.(interface{ Fd() uintptr })
	return ok && term.IsTerminal(file.Fd())
}

// usesDashboard tells whether there is a terminal that can show the dashboard, and whether it is wanted.
func (p *program) usesDashboard(f watchFlags) bool {
	return !f.plain && !f.json && isTerminal(p.Stdout) && p.getenv("TERM") != "dumb"
}

// canAsk tells whether there is somebody to answer a question.
func (p *program) canAsk() bool { return isTerminal(p.Stdin) && isTerminal(p.Stderr) }

// terminalSize is the size of standard output in cells, or the usual one where the terminal does not tell.
func (p *program) terminalSize() (width, height int) {
	if file, ok := p.Stdout.(interface{ Fd() uintptr }); ok {
		width, height, err := term.GetSize(file.Fd())
		if err == nil && width > 0 && height > 0 {
			return width, height
		}
	}
	return 80, 24
}

// isLightBackground guesses from COLORFGBG, which some terminals set to the numbers of their colours: "0;15" is black
// on white.
func isLightBackground(colorFGBG string) bool {
	fields := strings.Split(colorFGBG, ";")
	background, err := strconv.Atoi(fields[len(fields)-1])
	return err == nil && (background == 7 || (background > 8 && background < 16))
}
