package cmd

import "path/filepath"

// dataFolder is where what is remembered stands: $XDG_DATA_HOME/sbwatch, below the user's folder unless that is set; empty
// where there is no such folder.
func (p *program) dataFolder() string {
	if data := p.getenv("XDG_DATA_HOME"); filepath.IsAbs(data) {
		return filepath.Join(data, "sbwatch")
	}
	if home := p.getenv("HOME"); filepath.IsAbs(home) {
		return filepath.Join(home, ".local", "share", "sbwatch")
	}
	return ""
}
