package run

import (
	"slices"
	"strings"

	"sbwatch/model/text"
)

// NoteKind says what a [Note] is about.
type NoteKind int

// The kinds of notes, in the order in which they are shown. Notes about lost data come first.
const (
	// NoteBadLines: lines that are not JSON were skipped.
	NoteBadLines NoteKind = iota
	// NoteAbove: lines above the header of a CSV were skipped.
	NoteAbove
	// NoteEncoding: the encoding of the file was guessed. Detail is its name.
	NoteEncoding
	// NoteBadText: bytes that the encoding does not define were replaced. Detail is the replacement.
	NoteBadText
	// NoteDelimiter: the delimiter of a CSV was guessed. Detail is its name.
	NoteDelimiter
	// NoteNoHeader: a CSV seems to have no header.
	NoteNoHeader
	// NoteNames: columns of a CSV have no name, or the name of another column.
	NoteNames
	// NoteRepeatedHeader: lines that repeat the header of a CSV were skipped.
	NoteRepeatedHeader
	// NoteQuote: misplaced quotes, or quotes without a closing quote, were read as text.
	NoteQuote
	// NoteBackslash: \" was read as an escaped quote.
	NoteBackslash
	// NoteShortRow: some rows have fewer fields than the header.
	NoteShortRow
	// NoteLongRow: some rows have more fields than the header.
	NoteLongRow
	// NoteLineEnds: lines end in an unusual way. Detail says how.
	NoteLineEnds
	// NoteMark: byte order marks inside the file were skipped.
	NoteMark
	// NoteWrapper: the items are an array inside an object. Detail is the path of the array.
	NoteWrapper
	// NoteDefaultAt: the default of --at in the config file does not fit the file and was ignored. Detail is the default.
	NoteDefaultAt
	// NoteEmptyList: there are no items.
	NoteEmptyList
	// NoteHeaderOnly: a table has columns, but no rows.
	NoteHeaderOnly
	// NoteNonFinite: NaN and Infinity were read as numbers.
	NoteNonFinite
	// NoteLists: the file has several lists, and is read as one item. Detail lists their names.
	NoteLists
	// NoteNoList: values that have no list at the path of the items were skipped. Detail is the path.
	NoteNoList
	// NoteComma: a comma was skipped or added.
	NoteComma
	// NoteRepaired: text that is almost JSON was repaired.
	NoteRepaired
	// NoteScript: JavaScript around the JSON was skipped.
	NoteScript

	noteKinds // the number of kinds
)

// noteWords holds the sentences for a kind of note, and its flag.
type noteWords struct {
	one  string // sentence if Count is 1; $ stands for the detail
	many string // sentence after a Count above 1; $ stands for the detail
	flag string // flag that changes how the file is read
	lost bool   // the items lack a part of the file
}

func (k NoteKind) words() noteWords {
	return [noteKinds]noteWords{
		NoteBadLines:       {one: "skipped a line that is not JSON", many: "lines that are not JSON were skipped", lost: true},
		NoteAbove:          {one: "skipped a line above the header", many: "lines above the header were skipped", flag: "--header", lost: true},
		NoteEncoding:       {one: "read as $", flag: "--encoding"},
		NoteBadText:        {one: "a line has bytes that are not valid text: read as $", many: "lines have bytes that are not valid text: read as $", flag: "--encoding"},
		NoteDelimiter:      {one: "fields are separated by $", flag: "--delimiter"},
		NoteNoHeader:       {one: "the first line is data, not a header", flag: "--header"},
		NoteNames:          {one: "renamed a column that had no name, or the name of another column", many: "columns that had no name, or the name of another column, were renamed"},
		NoteRepeatedHeader: {one: "skipped a repeated header", many: "repeated headers were skipped", lost: true},
		NoteQuote:          {one: "a misplaced quote was read as text", many: "misplaced quotes were read as text"},
		NoteBackslash:      {one: `\" was read as a quote`},
		NoteShortRow:       {one: "a row has too few fields", many: "rows have too few fields"},
		NoteLongRow:        {one: "a row has too many fields", many: "rows have too many fields"},
		NoteLineEnds:       {one: "lines end in $"},
		NoteMark:           {one: "skipped a byte order mark inside the file", many: "byte order marks inside the file were skipped"},
		NoteWrapper:        {one: "the items were read from the list $", flag: "--at"},
		NoteDefaultAt:      {one: "the default --at $ of the config file does not fit this file and is ignored"},
		NoteEmptyList:      {one: "the list of items is empty"},
		NoteHeaderOnly:     {one: "there are columns, but no rows"},
		NoteNonFinite:      {one: "a number is NaN or Infinity", many: "numbers are NaN or Infinity"},
		NoteLists:          {one: "the file was read as one item, although it contains $", flag: "--at"},
		NoteNoList:         {one: "skipped a value that has no list at $", many: "values that have no list at $ were skipped", flag: "--at", lost: true},
		NoteComma:          {one: "an extra comma was skipped, or a missing one added", many: "extra commas were skipped, or missing ones added"},
		NoteRepaired:       {one: "repaired a value: its quotes, escapes or comments are not valid JSON", many: "values were repaired: their quotes, escapes or comments are not valid JSON"},
		NoteScript:         {one: "skipped JavaScript before the JSON"},
	}[k]
}

// MaxNoteLines is the maximum number of line numbers in a note.
const MaxNoteLines = 3

// Note says that something was skipped, repaired or guessed when a file was read.
type Note struct {
	Kind NoteKind
	// Count says how often something was skipped, repaired or guessed.
	Count int64
	// Lines holds the numbers of the first lines that the note is about, starting at 1. It is empty if the note is
	// about the whole file.
	Lines []int64
	// Detail is a name or a path, depending on the kind of the note.
	Detail text.Text

	more bool // further events happened on lines that are not in Lines
}

// Flag returns the flag that changes how the file is read, such as "--encoding". It returns "" if there is none.
func (n Note) Flag() string { return n.Kind.words().flag }

// IsLoss reports whether the items lack a part of the file.
func (n Note) IsLoss() bool { return n.Kind.words().lost }

// String returns the note as a printable sentence with its line numbers.
func (n Note) String() string {
	words := n.Kind.words()
	sentence := words.one
	if n.Count > 1 && words.many != "" {
		sentence = text.Count(n.Count) + " " + words.many
	}
	return strings.ReplaceAll(sentence, "$", n.Detail.String()) + n.lines()
}

// lines returns the line numbers in parentheses, or "".
func (n Note) lines() string {
	if len(n.Lines) == 0 {
		return ""
	}
	var numbers []string
	for _, line := range n.Lines {
		numbers = append(numbers, text.Count(line))
	}
	word := "line "
	if n.more {
		numbers = append(numbers, "…")
	}
	if len(numbers) > 1 {
		word = "lines "
	}
	return " (" + word + strings.Join(numbers, ", ") + ")"
}

// Notes says what was skipped, repaired or guessed when a file was read, with one [Note] for each kind.
type Notes []Note

// Add adds 1 to the count of the note of this kind, and adds the note if there is none. The parameter line is a line
// number, or 0 if the note is about the whole file. Only the first MaxNoteLines line numbers are kept.
func (n *Notes) Add(kind NoteKind, line int64, detail string) {
	at := slices.IndexFunc(*n, func(note Note) bool { return note.Kind == kind })
	if at < 0 {
		at = len(*n)
		*n = append(*n, Note{Kind: kind, Detail: text.NewText(detail)})
	}
	note := &(*n)[at]
	note.Count++
	switch {
	case len(note.Lines) == MaxNoteLines:
		note.more = note.more || line != note.Lines[MaxNoteLines-1]
	case line > 0 && !slices.Contains(note.Lines, line):
		note.Lines = append(note.Lines, line)
	}
}

// Has reports whether there is a note of the given kind.
func (n Notes) Has(kind NoteKind) bool {
	return slices.ContainsFunc(n, func(note Note) bool { return note.Kind == kind })
}

// NeedsLine reports whether the next call of [Notes.Add] for a kind needs the line number. Computing the line number
// may be slow.
func (n Notes) NeedsLine(kind NoteKind) bool {
	at := slices.IndexFunc(n, func(note Note) bool { return note.Kind == kind })
	return at < 0 || len(n[at].Lines) < MaxNoteLines
}

// Sorted returns the notes in the order of their kinds. Notes about lost data come first.
func (n Notes) Sorted() Notes {
	return slices.SortedFunc(slices.Values(n), func(a, b Note) int { return int(a.Kind) - int(b.Kind) })
}

// With returns the note with a different detail.
func (n Note) With(detail string) Note {
	n.Detail = text.NewText(detail)
	return n
}
