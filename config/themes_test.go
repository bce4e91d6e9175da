package config

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"sbwatch/theme"
)

func TestThemes(t *testing.T) {
	folder := t.TempDir()
	for name, content := range map[string]string{
		"mine.toml": "title = 'Mine'\n[dark]\naccent = 'red'\nacent = 'red'\n",
		"nord.toml": "title = 'My Nord'\n",
		"notes.txt": "no theme",
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	themes, problems := Themes(folder)
	titles := map[string]string{}
	for _, found := range themes {
		titles[found.Name] = found.Title
	}
	if len(themes) != len(theme.Embedded())+1 || titles["mine"] != "Mine" || titles["nord"] != "My Nord" {
		t.Errorf("got %v", titles)
	}
	want := filepath.Join(folder, "mine.toml") + `: line 4: there is no entry "dark.acent": did you mean dark.accent?`
	if len(problems) != 1 || problems[0].String() != want {
		t.Errorf("got the problems %v, want %s", problems, want)
	}
	if got, problems := Theme("mine", folder); got.Title != "Mine" || len(problems) != 1 {
		t.Errorf("got %s, %v", got.Title, problems)
	}
}

func TestThemeThatDoesNotExist(t *testing.T) {
	for name, want := range map[string]string{
		"nrod":           `there is no theme "nrod": did you mean nord?`,
		"../themes/nord": `there is no theme "../themes/nord": run sbwatch config themes to list the themes`,
	} {
		got, problems := Theme(name, t.TempDir())
		if got.Name != theme.Auto || len(problems) != 1 || problems[0].String() != want {
			t.Errorf("%s: got %s, %v", name, got.Name, problems)
		}
	}
	if got, problems := Theme("", ""); got.Name != theme.Auto || len(problems) != 0 {
		t.Errorf("got %s, %v", got.Name, problems)
	}
	if names := theme.Embedded(); !slices.IsSorted(names[6:]) {
		t.Errorf("got %v", names)
	}
}
