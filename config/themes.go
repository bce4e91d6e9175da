package config

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"sbwatch/model/settings"
	"sbwatch/theme"
	"sbwatch/userfile"
)

// ThemeVariable is the name of the environment variable that selects a theme.
const ThemeVariable = "SBWATCH_THEME"

// maxThemes is the maximum number of theme files that are read from a folder.
const maxThemes = 200

// Themes returns the embedded themes and the themes in a folder, whose files are named "NAME.toml". A file replaces the
// embedded theme with the same name. Wrong entries of a theme are left out and reported as problems. The folder need
// not exist.
func Themes(folder string) ([]theme.Theme, []settings.Problem) {
	var themes []theme.Theme
	for _, name := range theme.Embedded() {
		t, _ := theme.Load(name)
		themes = append(themes, t)
	}
	var problems []settings.Problem
	for _, path := range themeFiles(folder) {
		t, found := readTheme(path)
		problems = append(problems, found...)
		if at := slices.IndexFunc(themes, func(other theme.Theme) bool { return other.Name == t.Name }); at >= 0 {
			themes[at] = t
		} else {
			themes = append(themes, t)
		}
	}
	return themes, problems
}

// Theme returns the theme with this name, from a file in folder or from the embedded themes. If there is no such theme,
// it returns the default theme and a problem that suggests a similar name or the list of themes.
func Theme(name, folder string) (theme.Theme, []settings.Problem) {
	path := filepath.Join(folder, name+".toml")
	if name == "" {
		return theme.Default(), nil
	}
	if folder != "" && filepath.Base(path) == name+".toml" {
		if _, err := os.Stat(path); err == nil {
			return readTheme(path)
		}
	}
	if t, found := theme.Load(name); found {
		return t, nil
	}
	known := theme.Embedded()
	for _, path := range themeFiles(folder) {
		known = append(known, nameOf(path))
	}
	reason := settings.Unknown("theme", name, known)
	if !strings.HasSuffix(reason, "?") {
		reason += ": run sbwatch config themes to list the themes"
	}
	return theme.Default(), []settings.Problem{{Reason: reason}}
}

// themeFiles returns the paths of the theme files in a folder, in alphabetical order.
func themeFiles(folder string) []string {
	if folder == "" {
		return nil
	}
	entries, _ := os.ReadDir(folder)
	var paths []string
	for _, entry := range entries {
		if filepath.Ext(entry.Name()) == ".toml" && len(paths) < maxThemes {
			paths = append(paths, filepath.Join(folder, entry.Name()))
		}
	}
	return paths
}

func nameOf(path string) string { return strings.TrimSuffix(filepath.Base(path), ".toml") }

func readTheme(path string) (theme.Theme, []settings.Problem) {
	content, err := userfile.Read(path, maxFile)
	if err != nil {
		t := theme.Default()
		t.Name = nameOf(path)
		return t, []settings.Problem{unreadable("theme", path, err)}
	}
	t, problems := theme.Parse(nameOf(path), content)
	for i := range problems {
		problems[i].File = path
	}
	return t, problems
}
