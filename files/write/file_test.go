package write_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"sbwatch/files"
	"sbwatch/files/write"
	"sbwatch/model/item"
	"sbwatch/model/run"
	"sbwatch/work"
)

var ndjson = write.Options{Format: files.NDJSON}

// contentOf returns the content of a file. It fails the test if the folder of the file contains more than this file and
// others.
func contentOf(t *testing.T, name string, others ...string) string {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(name))
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != 1+len(others) {
		t.Errorf("the folder has %v", entries)
	}
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func problemOf(t *testing.T, err error, says string) {
	t.Helper()
	problem, ok := errors.AsType[*run.Problem](err)
	if !ok || !strings.Contains(problem.Error(), says) {
		t.Errorf("error %v, want a problem that says %q", err, says)
	}
}

// TestWhatIsBeingWrittenIsAsPrivateAsTheOldFile checks that others can never read the new file, even while it is being
// written, if only its owner can read the old one.
func TestWhatIsBeingWrittenIsAsPrivateAsTheOldFile(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("permissions are other ones")
	}
	folder := t.TempDir()
	name := filepath.Join(folder, "a.ndjson")
	if err := os.WriteFile(name, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	var looked atomic.Int64
	ctx := looking{t.Context(), func() {
		entries, err := os.ReadDir(folder)
		if err != nil {
			t.Error(err)
		}
		for _, entry := range entries {
			info, err := entry.Info()
			if err != nil {
				t.Error(err)
				continue
			}
			if looked.Add(1); info.Mode().Perm() != 0o600 {
				t.Errorf("%s has mode %v", entry.Name(), info.Mode())
			}
		}
	}}
	if err := (write.Target{Name: name, Force: true}).Write(ctx, itemsOf(t, `1`), ndjson); err != nil || looked.Load() < 2 {
		t.Errorf("looked at %d files, %v", looked.Load(), err)
	}
}

// looking is a context that calls the function look each time its error is requested.
type looking struct {
	context.Context
	look func()
}

func (l looking) Err() error {
	l.look()
	return l.Context.Err()
}

// TestAPipeOfTheShellIsWrittenTo exports to names such as /dev/fd/63, which a shell uses in commands such as: sbwatch
// export -o >(gzip). These names are links to a pipe that has no other name.
func TestAPipeOfTheShellIsWrittenTo(t *testing.T) {
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = reader.Close() }()
	name := fmt.Sprintf("/dev/fd/%d", writer.Fd())
	if _, err := os.Stat(name); err != nil {
		t.Skipf("this system has no such names: %v", err)
	}
	if err := (write.Target{Name: name}).Write(t.Context(), itemsOf(t, `{"a":1}`), ndjson); err != nil {
		t.Error(err)
	}
	_ = writer.Close()
	if got, err := io.ReadAll(reader); err != nil || string(got) != "{\"a\":1}\n" {
		t.Errorf("%q, %v", got, err)
	}
}

func TestAFileIsReplacedOnlyWhereThatIsAllowed(t *testing.T) {
	items := itemsOf(t, `{"a":1}`)
	name := filepath.Join(t.TempDir(), "a.ndjson")
	if err := (write.Target{Name: name}).Write(t.Context(), items, ndjson); err != nil {
		t.Fatal(err)
	}
	if got := contentOf(t, name); got != "{\"a\":1}\n" {
		t.Errorf("the file has %q", got)
	}
	again := write.Target{Name: name}
	for _, err := range []error{again.Check(), again.Write(t.Context(), item.Table{}, ndjson)} {
		problemOf(t, err, "the file already exists: give another name, or use --force to replace the file")
		if !errors.Is(err, write.ErrExists) {
			t.Errorf("error %v", err)
		}
	}
	if err := os.Chmod(name, 0o640); err != nil {
		t.Fatal(err)
	}
	again.Force = true
	if err := again.Write(t.Context(), itemsOf(t, `2`), ndjson); err != nil || contentOf(t, name) != "2\n" {
		t.Errorf("%v", err)
	}
	if info, err := os.Stat(name); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o640 {
		t.Errorf("the file has mode %v", info.Mode())
	}
	again.Source = filepath.Join(filepath.Dir(name), ".", "a.ndjson")
	for _, err := range []error{again.Check(), again.Write(t.Context(), items, ndjson)} {
		problemOf(t, err, "it is the file the items were read from")
		if !errors.Is(err, write.ErrIsSource) {
			t.Errorf("error %v", err)
		}
	}
}

func TestWhatCannotBeWrittenTo(t *testing.T) {
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, says := range map[string]string{
		"": "the file name is empty", folder: "it is a directory",
		filepath.Join(folder, "no", "x"): "its folder does not exist", filepath.Join(folder, "file", "x"): "not a directory",
	} {
		problemOf(t, write.Target{Name: name}.Check(), says)
		problemOf(t, write.Target{Name: name}.Write(t.Context(), item.Table{}, ndjson), says)
	}
}

func TestALinkStaysALink(t *testing.T) {
	folder := t.TempDir()
	link, file, nowhere := filepath.Join(folder, "link"), filepath.Join(folder, "file"), filepath.Join(folder, "nowhere")
	if err := errors.Join(os.WriteFile(file, nil, 0o600), os.Symlink(file, link), os.Symlink("gone", nowhere)); err != nil {
		t.Skip(err)
	}
	problemOf(t, write.Target{Name: nowhere, Force: true}.Check(), "it is a link to a file that does not exist")
	if err := (write.Target{Name: link, Force: true}).Write(t.Context(), itemsOf(t, `1`), ndjson); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&fs.ModeSymlink == 0 || contentOf(t, file, "link", "nowhere") != "1\n" {
		t.Errorf("%v, %v", info, err)
	}
}

func TestADiskThatIsFull(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip(err)
	}
	for _, format := range files.Formats() {
		err := write.Target{Name: "/dev/full"}.Write(t.Context(), itemsOf(t, `{"a":1}`), write.Options{Format: format})
		problemOf(t, err, "/dev/full: no space left on device: free some disk space")
		if !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("%v: error %v", format, err)
		}
	}
}

// endsAfter is a context that ends after its method Err was called a number of times.
type endsAfter struct {
	context.Context
	asked int
}

var errEnough = errors.New("enough")

func (c *endsAfter) Err() error {
	if c.asked--; c.asked < 0 {
		return errEnough
	}
	return nil
}

func (c *endsAfter) Value(key any) any { return c.Context.Value(key) }

// TestACancelledExportLeavesTheOldFile checks that after an incomplete export, the old file is unchanged and there are
// no other files.
func TestACancelledExportLeavesTheOldFile(t *testing.T) {
	items := itemsOf(t, strings.Split(strings.Repeat(`{"a":1},`, 5000), ",")[:5000]...)
	for _, format := range files.Formats() {
		name := filepath.Join(t.TempDir(), "old")
		if err := os.WriteFile(name, []byte("old"), 0o600); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(errEnough)
		err := write.Target{Name: name, Force: true}.Write(ctx, items, write.Options{Format: format})
		if !errors.Is(err, errEnough) || contentOf(t, name) != "old" {
			t.Errorf("%v: %v", format, err)
		}
		if err := write.Write(&endsAfter{Context: t.Context(), asked: 3}, io.Discard, items, write.Options{Format: format}); err == nil {
			t.Errorf("%v: an export went on to its end", format)
		}
	}
}

type failing struct{ left int }

var errFull = errors.New("full")

func (f *failing) Write(p []byte) (int, error) {
	if f.left -= len(p); f.left < 0 {
		return 0, errFull
	}
	return len(p), nil
}

func TestAStreamThatFails(t *testing.T) {
	items := itemsOfRecipe(t, "hostile0001")
	for _, format := range files.Formats() {
		for _, compression := range []files.Compression{files.Uncompressed, files.Gzip, files.Zstd} {
			for _, room := range []int{0, 1, 1000} {
				err := write.Write(t.Context(), &failing{room}, items, write.Options{Format: format, Compression: compression})
				if !errors.Is(err, errFull) {
					t.Errorf("%v%s, %d bytes: %v", format, endingOf(compression), room, err)
				}
			}
		}
	}
}

func TestProgressComesToItsEnd(t *testing.T) {
	items := itemsOf(t, strings.Split(strings.Repeat(`{"a":1},`, 20_000), ",")[:20_000]...)
	for _, format := range files.Formats() {
		var progress work.Progress
		if err := write.Write(t.Context(), io.Discard, items, write.Options{Format: format, Progress: &progress}); err != nil || progress.Share() != 1 {
			t.Errorf("%v: %v, %v", format, progress.Share(), err)
		}
	}
}

func TestNamesTellFormats(t *testing.T) {
	for name, want := range map[string]string{
		"a.csv": "csv", "a.JSON": "json", "b/a.jsonl.gz": "ndjson.gz", "a.parquet.zst": "parquet.zst", "a": "?", "a.gz": "?", "csv": "?", "": "?",
	} {
		got := "?"
		if format, ok := files.FormatOf(name); ok {
			compression, _ := files.CompressionOf(name)
			got = format.String() + endingOf(compression)
		}
		if got != want {
			t.Errorf("%q is %s, want %s", name, got, want)
		}
	}
}

func BenchmarkWrite(b *testing.B) {
	var rows []string
	for i := range 100_000 {
		rows = append(rows, `{"name":"Product `+strings.Repeat("x", i%20)+`","price":"$19.99","stock":12,"rating":4.5,"brand":"Acme","url":"https://shop.example.com/p/12345","tags":["a","b"]}`)
	}
	items := itemsOf(b, rows...)
	size := 0
	for i := range items.Len() {
		size += len(items.Row(i))
	}
	for _, format := range files.Formats() {
		b.Run(format.String(), func(b *testing.B) {
			b.SetBytes(int64(size))
			for b.Loop() {
				if err := write.Write(b.Context(), io.Discard, items, write.Options{Format: format}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
