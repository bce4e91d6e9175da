package cmd

import (
	"os"
	"path/filepath"
	"testing"
)

func TestDataFolder(t *testing.T) {
	home, data := t.TempDir(), t.TempDir()
	for _, test := range []struct{ name, variable, home, want string }{
		{"variable", data, home, filepath.Join(data, "sbwatch")},
		{"default", "", home, filepath.Join(home, "sbwatch")},
		{"relative variable", "data", home, filepath.Join(home, "sbwatch")},
		{"unknown", "", "", ""},
	} {
		p := &program{Process: Process{Environ: []string{"XDG_DATA_HOME=" + test.variable}, DataHome: test.home}}
		if got := p.dataFolder(); got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
}

// writeFile writes a file, creates its folder if necessary, and returns its name.
func writeFile(t *testing.T, name, content string) string {
	t.Helper()
	err := os.MkdirAll(filepath.Dir(name), 0o700)
	if err == nil {
		err = os.WriteFile(name, []byte(content), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	return name
}
