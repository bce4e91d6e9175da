package run

import (
	"slices"
	"testing"
)

func TestNotes(t *testing.T) {
	var notes Notes
	for line := range int64(1200) {
		notes.Add(NoteShortRow, line+2, "")
	}
	notes.Add(NoteEncoding, 0, "Windows-1252")
	notes.Add(NoteAbove, 1, "")
	notes.Add(NoteBadText, 7, "Latin\x1b")
	notes.Add(NoteBadText, 7, "Latin\x1b")
	var got []string
	for _, note := range notes.Sorted() {
		got = append(got, note.String())
	}
	want := []string{
		"skipped a line above the header (line 1)",
		"read as Windows-1252",
		`2 lines have bytes that are not valid text: read as Latin\x1b (line 7)`,
		"1,200 rows have too few fields (lines 2, 3, 4, …)",
	}
	if !slices.Equal(got, want) {
		t.Errorf("notes %q, want %q", got, want)
	}
	if notes.NeedsLine(NoteShortRow) || !notes.NeedsLine(NoteQuote) {
		t.Error("a note needs a line although it has enough, or none although it has none")
	}
}

func TestEveryKindOfNoteHasWords(t *testing.T) {
	for kind := range noteKinds {
		if (Note{Kind: kind, Count: 1}).String() == "" {
			t.Errorf("kind %d has no words", kind)
		}
	}
}
