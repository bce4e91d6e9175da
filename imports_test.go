package main_test

import (
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// room is a folder of the project, and the packages that its code may import. Imports point downwards, so that each
// room can be read, tested and changed without the rooms above it.
type room struct {
	folder string
	// uses lists the rooms that it may import.
	uses []string
	// never lists packages that it must not import, including all packages below them.
	never []string
	// apart means that the packages of the room must not import each other.
	apart bool
}

func rooms() []room {
	// The ui reaches the network, files and the clock only through its configuration; model has only plain values and
	// pure functions.
	outside := []string{"os", "net", "database/sql", "syscall"}
	// Screens consist of widgets, and do not import each other.
	beneathScreens := []string{"model", "monitor", "query", "theme", "ui/cell", "ui/cursor", "ui/draw", "ui/line", "ui/widget", "work"}
	return []room{
		{folder: ".", uses: []string{"cmd"}},
		{folder: "cmd", uses: []string{
			"api", "api/emulator", "api/wire", "collect", "config", "credentials", "files", "files/read", "files/write", "follow", "history", "history/archive",
			"history/postgres", "history/sqlite", "model", "monitor", "notify", "notify/alert", "notify/webhook", "query", "report", "store", "theme", "ui",
			"ui/action", "userfile", "waitfile", "work",
		}},
		{folder: "collect", uses: []string{"follow", "history", "model", "monitor", "report"}, never: []string{"os", "database/sql"}},
		{folder: "config", uses: []string{"model", "notify", "notify/alert", "theme", "userfile"}, never: []string{"net/http"}},
		{folder: "credentials", uses: []string{"userfile"}, never: []string{"net"}},
		{folder: "ui", uses: slices.Concat(beneathScreens, []string{
			"notify/alert", "ui/action", "ui/layout", "ui/screen", "ui/screen/groups", "ui/screen/help", "ui/screen/history", "ui/screen/items", "ui/screen/messages", "ui/screen/overview",
			"ui/screen/palette", "ui/screen/run", "ui/screen/themes", "ui/screen/usage",
		}), never: outside},
		{folder: "ui/screen", uses: slices.Concat(beneathScreens, []string{"ui/action", "ui/layout"}), never: outside},
		{folder: "ui/screen/help", uses: slices.Concat(beneathScreens, []string{"ui/action", "ui/layout", "ui/screen"}), never: outside},
		{folder: "ui/screen/messages", uses: slices.Concat(beneathScreens, []string{"ui/action", "ui/layout", "ui/screen"}), never: outside},
		{folder: "ui/screen/overview", uses: slices.Concat(beneathScreens, []string{"ui/action", "ui/layout", "ui/screen", "ui/screen/usage"}), never: outside},
		{folder: "ui/screen/palette", uses: slices.Concat(beneathScreens, []string{"ui/action", "ui/screen"}), never: outside},
		{folder: "ui/screen/themes", uses: slices.Concat(beneathScreens, []string{"ui/action", "ui/screen"}), never: outside},
		{folder: "ui/screen/usage", uses: slices.Concat(beneathScreens, []string{"ui/action", "ui/screen"}), never: outside},
		{folder: "ui/screen/finding", uses: beneathScreens, never: outside},
		{folder: "ui/screen/history", uses: slices.Concat(beneathScreens, []string{"ui/action", "ui/layout", "ui/screen"}), never: outside},
		{folder: "ui/screen/items", uses: slices.Concat(beneathScreens, []string{"ui/action", "ui/layout", "ui/screen", "ui/screen/groups", "ui/screen/picture"}), never: outside},
		{folder: "ui/screen/picture", uses: slices.Concat(beneathScreens, []string{"ui/action", "ui/graphics", "ui/layout", "ui/screen"}), never: outside},
		{folder: "ui/graphics", never: outside},
		{folder: "ui/screen/groups", uses: slices.Concat(beneathScreens, []string{"ui/action", "ui/layout", "ui/screen"}), never: outside},
		{folder: "ui/screen/columns", uses: slices.Concat(beneathScreens, []string{"ui/action", "ui/layout", "ui/screen", "ui/screen/finding"}), never: outside},
		{folder: "ui/screen/checks", uses: slices.Concat(beneathScreens, []string{"ui/action", "ui/layout", "ui/screen", "ui/screen/finding"}), never: outside},
		{folder: "ui/screen/pages", uses: slices.Concat(beneathScreens, []string{"ui/action", "ui/layout", "ui/screen", "ui/screen/finding"}), never: outside},
		{folder: "ui/screen/raw", uses: slices.Concat(beneathScreens, []string{"ui/action", "ui/screen"}), never: outside},
		{folder: "ui/screen/run", uses: slices.Concat(beneathScreens, []string{
			"ui/action", "ui/layout", "ui/screen", "ui/screen/checks", "ui/screen/columns", "ui/screen/finding", "ui/screen/history", "ui/screen/items", "ui/screen/pages", "ui/screen/raw",
		}), never: outside},
		{folder: "ui/action", uses: []string{"model", "ui/cursor"}, never: outside},
		{folder: "ui/layout", never: outside},
		{folder: "ui/draw", uses: []string{"theme"}, never: outside},
		{folder: "ui/cell", uses: []string{"model"}, never: outside},
		{folder: "ui/cursor", uses: []string{"model"}, never: outside},
		{folder: "ui/line", uses: []string{"model", "ui/draw"}, never: outside},
		{folder: "ui/widget", uses: []string{"model", "theme", "ui/cell", "ui/cursor", "ui/draw", "ui/line"}, never: outside, apart: true},
		{folder: "report", uses: []string{"history", "model", "monitor"}, never: []string{"net", "context"}},
		{folder: "theme", uses: []string{"model"}, never: outside},
		{folder: "monitor", uses: []string{"model"}, never: append(outside, "context", "io/fs", "log", "sync")},
		{folder: "follow", uses: []string{"model", "monitor"}, never: outside},
		{folder: "notify/webhook", uses: []string{"api/wire", "model"}},
		{folder: "query", uses: []string{"model", "work"}, never: outside},
		{folder: "work", never: outside},
		{folder: "atomicfile", uses: []string{"waitfile"}, never: []string{"net"}},
		{folder: "userfile", uses: []string{"atomicfile", "waitfile"}, never: []string{"net"}},
		{folder: "waitfile", never: []string{"net"}},
		{folder: "files", never: outside},
		{folder: "files/read", uses: []string{"api/wire", "files", "model", "work"}, never: []string{"net"}},
		{folder: "files/write", uses: []string{"atomicfile", "files", "model", "waitfile", "work"}, never: []string{"net"}},
		{folder: "history", uses: []string{"model"}, never: []string{"net"}},
		{folder: "history/archive", uses: []string{"atomicfile", "files", "files/write", "history", "model", "waitfile"}},
		{folder: "history/postgres", uses: []string{"history", "history/sqlstore", "model"}},
		{folder: "history/sqlite", uses: []string{"history", "history/sqlstore", "model", "waitfile"}},
		{folder: "history/sqlstore", uses: []string{"history", "model"}},
		{folder: "history/storetest", uses: []string{"history", "model"}},
		{folder: "notify", uses: []string{"model", "monitor"}},
		{folder: "notify/alert", uses: []string{"model"}, never: outside},
		{folder: "store", uses: []string{"model", "userfile"}, never: []string{"net"}},
		{folder: "api/emulator", uses: []string{"api/wire", "model"}},
		{folder: "api/wire", uses: []string{"model"}, never: []string{"os", "net/http", "syscall", "context"}},
		{folder: "api", uses: []string{"api/wire", "model"}},
		{folder: "model", never: append(outside, "io/fs", "log")},
		{folder: "bench", uses: []string{"api", "api/emulator", "api/wire", "files", "files/read", "files/write", "history", "history/archive", "history/postgres", "history/sqlite", "internal", "model", "monitor", "query", "report", "theme", "ui", "ui/screen", "work"}},
		{folder: "internal", uses: []string{"api", "api/emulator"}}, // test support
		{folder: "internal/testrun", uses: []string{"model"}},
	}
}

// reservation limits the use of a package, and of all packages below it, to some rooms.
type reservation struct {
	pkg   string
	rooms []string
}

// has reports whether a folder is one of the rooms. A room whose name ends in "/..." includes all folders below it.
func (r reservation) has(folder string) bool {
	return slices.ContainsFunc(r.rooms, func(room string) bool {
		above, isTree := strings.CutSuffix(room, "/...")
		return folder == room || isTree && isWithin(folder, above)
	})
}

func reservations() []reservation {
	return []reservation{
		{"charm.land/bubbletea", []string{"ui", "ui/action", "ui/screen/...", "ui/line", "ui/widget", "cmd", "bench", "internal"}},
		{"charm.land/bubbles", []string{"bench", "ui", "ui/line"}},
		{"charm.land/lipgloss", []string{"theme", "ui", "ui/draw", "ui/screen/...", "ui/line", "ui/widget"}},
		{"charm.land/fang", []string{"cmd"}},
		{"github.com/spf13/cobra", []string{"cmd"}},
		{"github.com/adrg/xdg", []string{"cmd"}},
		{"github.com/atotto/clipboard", []string{"cmd"}},
		{"github.com/creack/pty", []string{"internal", "bench"}},
		{"github.com/charmbracelet/x/vt", []string{"internal", "bench"}},
		{"image/color", []string{"theme", "internal"}},
		{"github.com/parquet-go/parquet-go", []string{"files/write"}},
		{"github.com/pierrec/lz4", []string{"files/read"}},
		{"github.com/klauspost/compress", []string{"bench", "files/read", "files/write", "history/archive"}},
		{"modernc.org", []string{"history/sqlite"}},
		{"github.com/jackc/pgx", []string{"history/postgres"}},
		{"github.com/pressly/goose", []string{"history/sqlstore"}},
		{"github.com/minio", []string{"history/archive"}},
		{"github.com/prometheus", []string{"collect"}},
		{"database/sql", []string{"history/..."}},
		{"testing", []string{"history/storetest", "internal/..."}},
	}
}

// TestImportsPointDownwards checks the imports of all packages. Tests may import anything: tests of the ui, for
// example, use the emulator.
func TestImportsPointDownwards(t *testing.T) {
	for _, file := range sourceFiles(t) {
		if file.isTest() {
			continue
		}
		for _, spec := range file.Imports {
			pkg, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			if complaint := forbids(file.room(), pkg); complaint != "" {
				t.Errorf("%s imports %s: %s", file.path, pkg, complaint)
			}
		}
	}
}

// TestImportsInsideModel checks that a package of model imports only packages that stand before it in this list.
func TestImportsInsideModel(t *testing.T) {
	levels := []string{
		"automaton", "jsonscan", "optional", "parse", "numeral", "text", "lang", "settings", "tally", "vector", "item", "compact", "run", "watch", "search", "filter", "group", "order", "compute", "profile", "rules", "tabular", "baseline",
	}
	for _, file := range sourceFiles(t) {
		name, inModel := strings.CutPrefix(file.room(), "model/")
		if !inModel || file.isTest() {
			continue
		}
		level := slices.Index(levels, name)
		if level < 0 {
			t.Errorf("%s has no place among the levels of model", file.room())
		}
		for _, spec := range file.Imports {
			imported, ours := strings.CutPrefix(strings.Trim(spec.Path.Value, `"`), "sbwatch/model/")
			if ours && slices.Index(levels, imported) >= level {
				t.Errorf("%s imports model/%s, which does not stand before it", file.path, imported)
			}
		}
	}
}

// roomOf returns the room of a folder: the folder itself or its nearest parent that is a room. A folder outside all
// rooms may not import any package of this project.
func roomOf(folder string) room {
	plan := rooms()
	for above := folder; ; above = path.Dir(above) {
		if i := slices.IndexFunc(plan, func(r room) bool { return r.folder == above }); i >= 0 {
			return plan[i]
		}
		if !strings.Contains(above, "/") {
			return room{folder: folder}
		}
	}
}

// forbids returns the reason why code in a folder must not import a package, or "" if it may.
func forbids(folder, pkg string) string {
	r := roomOf(folder)
	if ours, ok := strings.CutPrefix(pkg, "sbwatch/"); ok {
		there := roomOf(ours).folder
		switch {
		case there == r.folder && r.apart && ours != folder:
			return "the packages of " + r.folder + " stand apart"
		case there == r.folder || slices.Contains(r.uses, there):
			return ""
		}
		return "imports must point downwards; see rooms()"
	}
	for _, never := range r.never {
		if isWithin(pkg, never) {
			return r.folder + " must not import this package"
		}
	}
	for _, reserved := range reservations() {
		if isWithin(pkg, reserved.pkg) && !reserved.has(r.folder) {
			return "only these may import it: " + strings.Join(reserved.rooms, ", ")
		}
	}
	return ""
}

// isWithin reports whether name is parent or below it.
func isWithin(name, parent string) bool {
	return name == parent || strings.HasPrefix(name, parent+"/")
}

func TestForbids(t *testing.T) {
	for _, c := range []struct {
		from, pkg string
		allowed   bool
	}{
		{".", "sbwatch/cmd", true},
		{".", "sbwatch/ui", false},
		{"cmd", "sbwatch/api/emulator", true},
		{"cmd", "github.com/spf13/cobra", true},
		{"cmd", "sbwatch/internal/termtest", false},
		{"ui", "sbwatch/model", true},
		{"ui", "sbwatch/model/table", true},
		{"ui", "sbwatch/api", false},
		{"ui", "os/exec", false},
		{"ui", "net/http", false},
		{"ui", "charm.land/lipgloss/v2", true},
		{"ui", "image/color", false},
		{"ui", "sbwatch/ui/widget/list", true},
		{"ui/draw", "sbwatch/theme", true},
		{"ui/draw", "sbwatch/ui", false},
		{"ui/draw", "sbwatch/model", false},
		{"ui/widget/list", "sbwatch/api", false},
		{"ui/widget/list", "sbwatch/model/search", true},
		{"ui/widget/list", "sbwatch/query", false},
		{"ui/widget/list", "sbwatch/ui", false},
		{"ui/widget/list", "sbwatch/ui/draw", true},
		{"ui/widget/list", "sbwatch/ui/widget/list", true},
		{"ui/widget/list", "sbwatch/ui/widget/table", false},
		{"ui/widget/list", "sbwatch/ui/screen/items", false},
		{"ui/widget/list", "image/color", false},
		{"theme", "sbwatch/model", true},
		{"theme", "sbwatch/monitor", false},
		{"theme", "image/color", true},
		{"monitor", "sbwatch/model", true},
		{"monitor", "sbwatch/api", false},
		{"report", "sbwatch/monitor", true},
		{"report", "sbwatch/model/rules", true},
		{"report", "sbwatch/cmd", false},
		{"monitor", "context", false},
		{"api", "sbwatch/model", true},
		{"api", "sbwatch/api/emulator", false},
		{"api/emulator", "testing", false},
		{"api", "net/http", true},
		{"api", "sbwatch/files/read", false},
		{"api/wire", "net/http", false},
		{"api/wire", "sbwatch/api", false},
		{"files/read", "sbwatch/api", false},
		{"files/read", "sbwatch/api/wire", true},
		{"api/wire", "github.com/parquet-go/parquet-go", false},
		{"api/emulator", "sbwatch/api", false},
		{"api/emulator", "sbwatch/api/wire", true},
		{"api/emulator", "sbwatch/model", true},
		{"api/emulator", "sbwatch/ui", false},
		{"internal/termtest", "sbwatch/model", false},
		{"model", "sbwatch/api", false},
		{"model", "time", true},
		{"model", "os", false},
		{"model", "charm.land/bubbletea/v2", false},
		{"unheard/of", "sbwatch/model", false},
	} {
		if complaint := forbids(c.from, c.pkg); (complaint == "") != c.allowed {
			t.Errorf("%s importing %s: complaint %q, want allowed %v", c.from, c.pkg, complaint, c.allowed)
		}
	}
}
