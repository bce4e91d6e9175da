package cmd

import (
	"os"
	"path/filepath"

	"github.com/adrg/xdg"
)

// dataHome returns the directory in which programs of this user keep their data, such as ~/.local/share on Linux. It
// returns "" if the user has no home directory.
func dataHome() string {
	if _, err := os.UserHomeDir(); err != nil {
		return ""
	}
	return xdg.DataHome
}

// dataFolder returns the folder for data kept between runs: $XDG_DATA_HOME/sbwatch, or a folder in DataHome if that
// variable is not set. It returns "" if neither is known.
func (p *program) dataFolder() string {
	home := p.DataHome
	if data := p.getenv("XDG_DATA_HOME"); filepath.IsAbs(data) {
		home = data
	}
	if !filepath.IsAbs(home) {
		return ""
	}
	return filepath.Join(home, "sbwatch")
}
