package build

import (
	"runtime/debug"
	"testing"
)

func TestVersion(t *testing.T) {
	setting := func(key, value string) debug.BuildSetting { return debug.BuildSetting{Key: key, Value: value} }
	commit := setting("vcs.revision", "0123456789abcdef0123")
	tests := map[string]struct {
		info debug.BuildInfo
		want string
		line string
	}{
		"installed": {debug.BuildInfo{Main: debug.Module{Version: "v1.2.3"}}, "v1.2.3", "v1.2.3"},
		"go run":    {debug.BuildInfo{Main: debug.Module{Version: "(devel)"}}, "devel", "devel"},
		"released": {debug.BuildInfo{Main: debug.Module{Version: "v1.2.3"}, Settings: []debug.BuildSetting{
			commit, setting("vcs.time", "2026-11-28T12:34:56Z"), setting("vcs.modified", "false"),
		}}, "v1.2.3", "v1.2.3 (commit 0123456789ab, 2026-11-28)"},
		"a checkout": {debug.BuildInfo{Settings: []debug.BuildSetting{
			commit, setting("vcs.modified", "true"),
		}}, "devel-0123456789ab+changed", "devel-0123456789ab+changed (commit 0123456789ab)"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := versionOf(&test.info); got != test.want {
				t.Errorf("version %q, want %q", got, test.want)
			}
			if got := versionLineOf(&test.info); got != test.line {
				t.Errorf("version line %q, want %q", got, test.line)
			}
		})
	}
}
