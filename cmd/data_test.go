package cmd

import (
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
