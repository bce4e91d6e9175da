package history

import (
	"bufio"
	"context"
	"errors"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"sbwatch/model/jsonscan"
	"sbwatch/model/optional"
	"sbwatch/model/run"
	"sbwatch/model/text"
)

// OpenAnswer returns a recorded run as an answer to a poll, which can be used like a saved answer. If items of the run
// are archived, the answer contains them. archiver may be nil if no items are archived.
func OpenAnswer(ctx context.Context, archiver Archiver, r *Record) (io.ReadCloser, error) {
	if r.Archive.IsEmpty() {
		return io.NopCloser(answerReader(r, strings.NewReader(""))), nil
	}
	items, err := archiver.Open(ctx, r.Archive)
	if err != nil {
		return nil, err
	}
	return &answerFile{answerReader(r, items), items}, nil
}

// answerFile is a reader of an answer whose items come from the archive.
type answerFile struct {
	io.Reader
	io.Closer
}

// answerReader returns an answer with the given items. Each line of items is one item. answerReader needs little
// memory, even for many items.
func answerReader(r *Record, items io.Reader) io.Reader {
	facts := append([]byte(`{"status":"completed","data":{`), joinMembers(
		textMember("id", r.ID), textMember("recipe_id", r.RecipeID),
		textMember("run_status", text.NewText(r.Status.String())),
		countMember("pages_extracted", r.Pages), countMember("items_extracted", r.Items), countMember("credits_used", r.Credits),
		timeMember("created_at", r.CreatedAt), timeMember("started_at", r.StartedAt), timeMember("completed_at", r.CompletedAt),
		optionalText("error", r.Error),
	)...)
	if r.Status != run.StatusCompleted && r.Archive.IsEmpty() {
		return strings.NewReader(string(facts) + "}}\n")
	}
	facts = append(facts, `,"result":{`...)
	if result := joinMembers(optionalText("mode", r.Mode), driftMember(r.Drift), warningsMember(r.Warnings)); result != "" {
		facts = append(append(facts, result...), ',')
	}
	facts = append(facts, `"pages":[`...)
	pages := &pageReader{lines: bufio.NewReaderSize(items, readBuffer), pages: r.Archive.Pages, page: -1, isLineStart: true}
	return io.MultiReader(strings.NewReader(string(facts)), pages, strings.NewReader("]}}}\n"))
}

// readBuffer is the size of the buffer for items, in bytes.
const readBuffer = 64 << 10

// joinMembers joins the members of a JSON object with commas. It leaves out members that are "".
func joinMembers(all ...string) string {
	var joined strings.Builder
	for _, member := range all {
		if member == "" {
			continue
		}
		if joined.Len() > 0 {
			joined.WriteByte(',')
		}
		joined.WriteString(member)
	}
	return joined.String()
}

func textMember(key string, value text.Text) string {
	return `"` + key + `":` + string(jsonscan.AppendQuoted(nil, []byte(value.Raw())))
}

func optionalText(key string, value text.Text) string {
	if value.IsEmpty() {
		return ""
	}
	return textMember(key, value)
}

func countMember(key string, value optional.Value[int64]) string {
	n, known := value.Get()
	if !known {
		return ""
	}
	return `"` + key + `":` + strconv.FormatInt(n, 10)
}

func timeMember(key string, value time.Time) string {
	if value.IsZero() {
		return ""
	}
	return `"` + key + `":"` + value.UTC().Format(time.RFC3339Nano) + `"`
}

func driftMember(value optional.Value[float64]) string {
	drift, known := value.Get()
	if !known || math.IsNaN(drift) || math.IsInf(drift, 0) {
		return ""
	}
	return `"drift":` + strconv.FormatFloat(drift, 'g', -1, 64)
}

func warningsMember(warnings []text.Text) string {
	if warnings == nil {
		return ""
	}
	list := []byte(`"warnings":[`)
	for i, warning := range warnings {
		if i > 0 {
			list = append(list, ',')
		}
		list = jsonscan.AppendQuoted(list, []byte(warning.Raw()))
	}
	return string(append(list, ']'))
}

// pageReader reads items, one per line, and returns the pages of a result as JSON, without the brackets of the array of
// pages. The last page contains all remaining items.
type pageReader struct {
	lines *bufio.Reader
	pages []int // number of items on each page
	// page is the index of the current page; it is -1 before the first page. pageItems is the number of items on this
	// page so far.
	page, pageItems int
	isLineStart     bool

	buffer []byte
	out    []byte // part of buffer that is not returned yet
	err    error  // error to return after out
}

// Read implements [io.Reader].
func (r *pageReader) Read(p []byte) (int, error) {
	for len(r.out) == 0 {
		if r.err != nil {
			return 0, r.err
		}
		r.buffer = r.buffer[:0]
		r.fill()
		r.out = r.buffer
	}
	n := copy(p, r.out)
	r.out = r.out[n:]
	return n, nil
}

// fill reads the next line, or the next part of a long line, into the buffer.
func (r *pageReader) fill() {
	piece, err := r.lines.ReadSlice('\n')
	line := piece
	if len(piece) > 0 && piece[len(piece)-1] == '\n' {
		line = piece[:len(piece)-1]
	}
	if r.isLineStart && len(line) > 0 {
		r.startItem()
	}
	r.buffer = append(r.buffer, line...)
	if len(piece) > 0 {
		r.isLineStart = len(line) < len(piece)
	}
	if errors.Is(err, bufio.ErrBufferFull) {
		return
	}
	r.err = err
	if errors.Is(err, io.EOF) {
		for r.page+1 < len(r.pages) {
			r.startPage()
		}
		if r.page >= 0 {
			r.buffer = append(r.buffer, "]}"...)
		}
	}
}

// startItem writes the text before an item: a comma, or the end of the current page and the start of the next page.
func (r *pageReader) startItem() {
	for r.page < 0 || r.page+1 < len(r.pages) && r.pageItems >= r.pages[r.page] {
		r.startPage()
	}
	if r.pageItems > 0 {
		r.buffer = append(r.buffer, ',')
	}
	r.pageItems++
}

func (r *pageReader) startPage() {
	if r.page >= 0 {
		r.buffer = append(r.buffer, "]},"...)
	}
	r.buffer = append(r.buffer, `{"items":[`...)
	r.page, r.pageItems = r.page+1, 0
}
