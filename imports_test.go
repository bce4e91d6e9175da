package main_test

import (
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// room is a folder of the project and what its code may use. Imports point downwards, so that each room can be read,
// tested and changed without those above it.
type room struct {
	folder string
	// uses are the rooms that it may import.
	uses []string
	// never are packages, with all below them, that it must not import.
	never []string
}

func rooms() []room {
	// The ui asks its client, its store and its clock, which it is given; model is plain values and pure functions.
	outside := []string{"os", "net", "database/sql", "syscall"}
	return []room{
		{folder: ".", uses: []string{"cmd"}},
		{folder: "cmd", uses: []string{"api", "api/emulator", "api/wire", "files", "files/read", "files/write", "model", "monitor", "query", "report", "store", "theme", "ui", "work"}},
		{folder: "ui", uses: []string{"model", "monitor", "query", "theme", "work"}, never: outside},
		{folder: "report", uses: []string{"model", "monitor"}, never: []string{"net", "context"}},
		{folder: "theme", never: outside},
		{folder: "monitor", uses: []string{"model"}, never: append(outside, "context", "io/fs", "log", "sync")},
		{folder: "query", uses: []string{"model", "work"}, never: outside},
		{folder: "work", never: outside},
		{folder: "atomicfile", never: []string{"net"}},
		{folder: "files", never: outside},
		{folder: "files/read", uses: []string{"api/wire", "files", "model", "work"}, never: []string{"net"}},
		{folder: "files/write", uses: []string{"atomicfile", "files", "model", "work"}, never: []string{"net"}},
		{folder: "store", uses: []string{"atomicfile", "model"}, never: []string{"net"}},
		{folder: "api/emulator", uses: []string{"api/wire", "model"}},
		{folder: "api/wire", uses: []string{"model"}, never: []string{"os", "net/http", "syscall", "context"}},
		{folder: "api", uses: []string{"api/wire", "model"}},
		{folder: "model", never: append(outside, "io/fs", "log")},
		{folder: "bench", uses: []string{"api", "api/emulator", "api/wire", "files", "files/read", "files/write", "internal", "model", "query", "theme", "ui", "work"}},
		{folder: "internal", uses: []string{"api", "api/emulator"}}, // what tests need
	}
}

// reservation keeps a package, with all below it, to the rooms that are there to keep it from the others.
type reservation struct {
	pkg   string
	rooms []string
}

func reservations() []reservation {
	return []reservation{
		{"charm.land/bubbletea", []string{"ui", "cmd", "bench", "internal"}},
		{"charm.land/bubbles", []string{"bench", "ui"}},
		{"charm.land/lipgloss", []string{"theme", "ui"}},
		{"charm.land/fang", []string{"cmd"}},
		{"github.com/spf13/cobra", []string{"cmd"}},
		{"github.com/creack/pty", []string{"internal", "bench"}},
		{"github.com/charmbracelet/x/vt", []string{"internal", "bench"}},
		{"image/color", []string{"theme", "internal"}},
		{"github.com/parquet-go/parquet-go", []string{"files/read", "files/write"}},
		{"github.com/klauspost/compress", []string{"files/read", "files/write"}},
		{"testing", []string{"internal"}},
	}
}

// Tests may import what they like: those of the ui run against the emulator.
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
			if complaint := forbids(roomOf(file.room()), pkg); complaint != "" {
				t.Errorf("%s imports %s: %s", file.path, pkg, complaint)
			}
		}
	}
}

// roomOf is the room that a folder belongs to: the folder itself, or the nearest above it. A folder that is not in the
// plan is a room that may import nothing of ours.
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

// forbids says why code of a room may not import a package; "" where it may.
func forbids(r room, pkg string) string {
	if ours, ok := strings.CutPrefix(pkg, "sbwatch/"); ok {
		if there := roomOf(ours).folder; there == r.folder || slices.Contains(r.uses, there) {
			return ""
		}
		return "imports point downwards; see the table of rooms"
	}
	for _, never := range r.never {
		if isWithin(pkg, never) {
			return r.folder + " has no business there"
		}
	}
	for _, reserved := range reservations() {
		if isWithin(pkg, reserved.pkg) && !slices.Contains(reserved.rooms, r.folder) {
			return "it is kept to " + strings.Join(reserved.rooms, ", ")
		}
	}
	return ""
}

// isWithin tells whether a path is parent or below it.
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
		{"ui/widget", "sbwatch/api", false},
		{"theme", "sbwatch/model", false},
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
		if complaint := forbids(roomOf(c.from), c.pkg); (complaint == "") != c.allowed {
			t.Errorf("%s importing %s: complaint %q, want allowed %v", c.from, c.pkg, complaint, c.allowed)
		}
	}
}
