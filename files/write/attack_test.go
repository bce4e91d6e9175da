package write_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"sbwatch/files"
	"sbwatch/files/read"
	"sbwatch/files/write"
	"sbwatch/internal/faults"
	"sbwatch/model/item"
	"sbwatch/model/profile"
	"sbwatch/model/rules"
	"sbwatch/model/run"
	"sbwatch/query"
)

// Limits for reading one broken file of a few kilobytes. They are generous. They detect files that make the program
// read forever, or allocate memory for data that do not exist.
const (
	maxFileTime  = 20 * time.Second
	maxFileBytes = 512 << 20 // bytes allocated in total, including memory that was freed again
	// maxColumnBytes is added for each column that is written, because Parquet needs buffers for each.
	maxColumnBytes = 512 << 10
)

// sampleFile is a file that the test breaks.
type sampleFile struct {
	name    string
	content []byte
}

// sampleFiles returns a small sample of every kind of file that can be read.
func sampleFiles(t *testing.T) []sampleFile {
	t.Helper()
	items := itemsOf(t, append(faults.Items(3, 5),
		`{"name":"Rugged Kettle","price":"$12.50","n":1,"ok":true,"dims":{"w":1.5},"tags":["a","b"]}`,
		`{"name":"Mug","price":"$3","n":-2,"ok":null,"dims":{"w":2},"tags":[]}`)...)
	var samples []sampleFile
	for _, format := range files.Formats() {
		for _, compression := range []files.Compression{files.Uncompressed, files.Gzip, files.Zstd} {
			if files.CheckNested(format, compression) != nil {
				continue
			}
			var b bytes.Buffer
			if err := write.Write(t.Context(), &b, items, write.Options{Format: format, Compression: compression}); err != nil {
				t.Fatal(err)
			}
			samples = append(samples, sampleFile{"x." + format.String() + endingOf(compression), b.Bytes()})
		}
	}
	envelope := `{"status":"completed","data":{"id":"k7Xb9dRmQ2p","recipe_id":"m3Yc2tFvN8q","run_status":"completed","pages_extracted":2,"items_extracted":2,` +
		`"result":{"pages":[{"items":[{"name":"A","price":1}]},{"items":[{"name":"B","price":null}]}],"drift":0.02,"warnings":["w"],"mode":"replay"}},"request_id":"req_1"}`
	return append(samples, sampleFile{"answer.json", []byte(envelope)})
}

// TestAttackFiles opens, checks and exports broken samples. There must be no panic and no long wait, and memory must be
// limited. The items that were read must be exported as valid JSON, CSV and UTF-8.
func TestAttackFiles(t *testing.T) {
	samples := sampleFiles(t)
	contents := make([][]byte, len(samples))
	for i, file := range samples {
		contents[i] = file.content
	}
	faults.Each(t, 300, 20_000, func(t *testing.T, seed uint64) error {
		t.Helper()
		file := samples[seed%uint64(len(samples))]
		return attackFile(t.Context(), file.name, faults.Broken(seed, file.content, contents...))
	})
}

// attackFile reads a broken file and exports its items, within the limits.
func attackFile(ctx context.Context, name string, content []byte) error {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	ctx, cancel := context.WithTimeout(ctx, maxFileTime)
	defer cancel()
	started := time.Now()
	answer, _ := read.Open(bytes.NewReader(content), read.Options{Name: name})
	err := errors.Join(judged(ctx, answer), exported(ctx, answer.Items))
	if took := time.Since(started); took > maxFileTime {
		err = errors.Join(err, fmt.Errorf("%s of %d bytes took %v", name, len(content), took))
	}
	runtime.ReadMemStats(&after)
	if taken := after.TotalAlloc - before.TotalAlloc; taken > maxFileBytes+maxColumnBytes*uint64(len(answer.Items.Columns())) {
		err = errors.Join(err, fmt.Errorf("%s of %d bytes took %d MB", name, len(content), taken>>20))
	}
	return err
}

// judged suggests rules for items, and checks the items against these rules, as "check --suggest" and "check" do. The
// items must pass.
func judged(ctx context.Context, answer run.Answer) error {
	found, err := query.Profile(ctx, answer.Items, nil)
	if err != nil {
		return fmt.Errorf("profile: %w", err)
	}
	for i := range found.Findings {
		if err := faults.CheckLine(found.Findings[i].Text); err != nil {
			return err
		}
	}
	subject := rules.Subject{Run: answer.Run, Profile: found, Duplicates: func(path item.Path) (profile.Duplicates, error) {
		return query.Duplicates(ctx, answer.Items, path, nil)
	}}
	suggested := rules.Suggest(subject)
	if !utf8.ValidString(suggested) {
		return fmt.Errorf("suggested rules are not UTF-8: %.200q", suggested)
	}
	file, problems := rules.ParseFile([]byte(suggested))
	if len(problems) > 0 {
		return fmt.Errorf("suggested rules are wrong: %v\n%.500s", problems, suggested)
	}
	verdicts, err := rules.Judge(file.For(answer.Run.RecipeID), subject)
	for _, verdict := range verdicts {
		if verdict.Level.IsBroken() {
			err = errors.Join(err, fmt.Errorf("suggested rule %q is broken by its own file: %s", verdict.Rule.String(), verdict.Found))
		}
	}
	return err
}

// exported writes items in every format. It reads the result with our own readers and with those of other libraries.
func exported(ctx context.Context, items item.Table) error {
	for _, format := range files.Formats() {
		var b bytes.Buffer
		if err := write.Write(ctx, &b, items, write.Options{Format: format}); err != nil {
			return fmt.Errorf("export as %v: %w", format, err)
		}
		again, err := read.Open(bytes.NewReader(b.Bytes()), read.Options{Name: "x." + format.String()})
		empty := items.Len() == 0 || format == files.NDJSON && items.Item(0).Kind() == item.CellArray
		if !empty && (err != nil || again.Items.Len() != items.Len()) {
			return fmt.Errorf("%v: %d of %d items are read again: %w", format, again.Items.Len(), items.Len(), err)
		}
		switch format {
		case files.JSON:
			if !json.Valid(b.Bytes()) {
				return fmt.Errorf("export is not JSON: %.300q", b.Bytes())
			}
		case files.NDJSON:
			for line := range strings.Lines(b.String()) {
				if !json.Valid([]byte(line)) {
					return fmt.Errorf("line is not JSON: %.300q", line)
				}
			}
		case files.CSV:
			reader := csv.NewReader(&b)
			if err := readAllRecords(reader); err != nil {
				return fmt.Errorf("export is not CSV: %w", err)
			}
		case files.Parquet:
		}
	}
	return nil
}

func readAllRecords(reader *csv.Reader) error {
	for {
		if _, err := reader.Read(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}
