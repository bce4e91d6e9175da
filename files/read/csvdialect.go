package read

import (
	"bytes"
	"io"

	"sbwatch/files/read/csvscan"
	"sbwatch/model/run"
	"sbwatch/model/text"
)

// hasCSVOption reports whether an option that applies only to CSV is set.
func (f *reader) hasCSVOption() bool {
	return f.options.Delimiter != 0 || f.options.Header != HeaderGuessed
}

// detectCSV determines whether the text is CSV. If so, it skips the lines before the header. It also recognizes JSON
// after the lines of a log. The parameter isDeclared says whether an option or the ending of the file's name declares
// that the text is CSV. If the text is neither CSV nor JSON, detectCSV returns a problem with the given reason.
func (f *reader) detectCSV(isDeclared bool, reason string) (content, *run.Problem) {
	f.forgetDelimiter()
	options := csvscan.Options{Delimiter: f.options.Delimiter, Above: isDeclared && f.options.Header == HeaderGuessed}
	if f.takeSepLine(&options) {
		isDeclared = true
	}
	for lines := sampleLines; ; {
		begin, state := f.sample(lines)
		ended := state == sampleEnded
		if ended && endsLinesInCR(begin) && f.dialect.Delimiter == 0 {
			f.convertCRs()
			f.takeSepLine(&options)
			begin, state = f.sample(lines)
			ended = state == sampleEnded
		}
		if !f.hasCSVOption() && holdsItems(begin) {
			return contentJSON, nil
		}
		dialect, above, verdict := csvscan.Judge(begin, options, ended)
		if verdict == csvscan.IsCSV || verdict == csvscan.IsNotCSV && isDeclared && (ended || state == sampleWaiting && lines > sampleLines) {
			f.dialect = dialect
			f.skipAbove(begin[:above])
			f.noteDialect(begin[above:], options.Delimiter == 0, ended)
			return contentCSV, nil
		}
		if verdict == csvscan.IsNotCSV && ended {
			if options.Ragged {
				return 0, notCSV(reason, begin)
			}
			options.Ragged, options.Above = true, f.options.Header == HeaderGuessed
			continue
		}
		if state == sampleFull {
			lines *= 2
		}
	}
}

// forgetDelimiter sets the delimiter to unknown if the option DelimiterFits is set and the first line does not contain
// the delimiter.
func (f *reader) forgetDelimiter() {
	if begin, _ := f.sample(1); f.options.DelimiterFits && bytes.IndexByte(begin, f.options.Delimiter) < 0 {
		f.options.Delimiter = 0
	}
}

// notCSV returns the problem for a text that was not recognized as CSV. If the text may still be CSV, the problem says
// how to open it as CSV.
func notCSV(reason string, begin []byte) *run.Problem {
	problem := notSaved(reason)
	if bytes.ContainsAny(begin, ",;\t|") && bytes.IndexByte(begin, '\n') >= 0 && bytes.IndexByte(begin, 0) < 0 {
		problem.NextStep = text.NewText("if it is CSV, say so with --header or --no-header")
	}
	return problem
}

// takeSepLine skips a first line such as "sep=;". If o has no delimiter, takeSepLine sets it to the delimiter of that
// line and returns true. Otherwise, and if there is no such line, it returns false.
func (f *reader) takeSepLine(o *csvscan.Options) bool {
	begin, _ := f.sample(1)
	delimiter, length := sepLine(begin)
	f.Advance(length)
	if length == 0 || o.Delimiter != 0 {
		return false
	}
	o.Delimiter = delimiter
	f.note(run.NoteDelimiter, f.Offset()-1, delimiterName(delimiter))
	return true
}

// skipAbove skips the lines before the header.
func (f *reader) skipAbove(above []byte) {
	for line := range bytes.Lines(above) {
		if len(bytes.TrimSpace(line)) > 0 {
			f.note(run.NoteAbove, f.Offset(), "")
		}
		f.Advance(len(line))
	}
}

// noteDialect adds notes about the properties of CSV that were guessed, such as its delimiter. The parameter begin is
// the beginning of the text.
func (f *reader) noteDialect(begin []byte, guessedDelimiter, ended bool) {
	d := f.dialect
	if guessedDelimiter && d.Delimiter != ',' && d.Delimiter != '\t' {
		f.notes.Add(run.NoteDelimiter, 0, delimiterName(d.Delimiter))
	}
	if d.Backslash {
		f.notes.Add(run.NoteBackslash, 0, "")
	}
	if f.options.Header == HeaderGuessed && csvscan.LacksHeader(begin, d, ended) {
		f.options.Header = HeaderAbsent
		f.notes.Add(run.NoteNoHeader, 0, "")
	}
}

// delimiterName returns the name of a delimiter in the plural, such as "commas".
func delimiterName(delimiter byte) string {
	switch delimiter {
	case ',':
		return "commas"
	case ';':
		return "semicolons"
	case '\t':
		return "tabs"
	case '|':
		return "pipes"
	default:
		return string(rune(delimiter))
	}
}

// sepLine recognizes a first line such as "sep=;", which sets the delimiter in Excel. It returns the delimiter and the
// length of the line, which is 0 if there is no such line.
func sepLine(begin []byte) (delimiter byte, length int) {
	line, _, found := bytes.Cut(begin, []byte{'\n'})
	if !found {
		return 0, 0
	}
	word := bytes.Trim(bytes.TrimRight(line, "\r"), `"`)
	const prefix = "sep="
	if len(word) != len(prefix)+1 || !bytes.EqualFold(word[:len(prefix)], []byte(prefix)) {
		return 0, 0
	}
	return word[len(prefix)], len(line) + 1
}

// endsLinesInCR reports whether the lines of a text end in CR alone.
func endsLinesInCR(text []byte) bool {
	return bytes.Contains(text, []byte{'\r'}) && !bytes.Contains(text, []byte{'\n'})
}

// convertCRs replaces each CR of the text with an LF.
func (f *reader) convertCRs() {
	f.Decoder = f.Unpacked(crReader{f.Reader()}, f.Offset)
	f.CountLines()
	f.notes.Add(run.NoteLineEnds, 0, "CR alone")
}

// crReader replaces each CR with an LF.
type crReader struct{ source io.Reader }

// Read implements [io.Reader].
func (r crReader) Read(p []byte) (int, error) {
	n, err := r.source.Read(p)
	for i, c := range p[:n] {
		if c == '\r' {
			p[i] = '\n'
		}
	}
	return n, err
}
