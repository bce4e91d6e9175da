package answers

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
)

// Shape determines the columns of generated items and the size of their values.
type Shape struct {
	Name  string
	Items int
	// appendMembers appends the members of the i-th item, a JSON object, to dst.
	appendMembers func(dst []byte, random *rand.Rand, i int) []byte
}

// Shapes returns shapes for the measurements of files: many columns, objects six levels deep, and long texts. The files
// are so large that the fixed memory of a process makes little difference.
func Shapes() []Shape {
	return []Shape{
		{"wide", 50_000, appendWide},
		{"deep", 2_000_000, appendDeep},
		{"long", 10_000, appendLong},
	}
}

// Write writes a JSON array of items, one per line. The result depends only on the number of items.
func (s Shape) Write(w io.Writer, items int) error {
	out := bufio.NewWriterSize(w, 1<<20)
	random := rand.New(rand.NewPCG(3, 4))
	var item []byte
	for i := range items {
		item = append(item[:0], ",\n{"...)
		if i == 0 {
			item = append(item[:0], "[\n{"...)
		}
		_, _ = out.Write(append(s.appendMembers(item, random, i), '}')) // Flush returns the error
	}
	if items == 0 {
		_, _ = out.WriteString("[")
	}
	_, _ = out.WriteString("\n]\n")
	return out.Flush()
}

// appendWide appends 300 columns: texts, numbers and nulls.
func appendWide(dst []byte, random *rand.Rand, i int) []byte {
	const columns = 300
	words := words()
	for c := range columns {
		if c > 0 {
			dst = append(dst, ',')
		}
		dst = fmt.Appendf(dst, `"column_%d":`, c)
		switch {
		case c == 0:
			dst = fmt.Appendf(dst, "%d", i)
		case random.IntN(20) == 0:
			dst = append(dst, "null"...)
		case c%3 == 0:
			dst = fmt.Appendf(dst, `"%s %s"`, words[random.IntN(14)], words[random.IntN(14)])
		default:
			dst = fmt.Appendf(dst, "%d.%d", random.IntN(10_000), 1+random.IntN(9))
		}
	}
	return dst
}

// appendDeep appends values in objects six levels deep.
func appendDeep(dst []byte, random *rand.Rand, i int) []byte {
	words := words()
	dst = fmt.Appendf(dst, `"id":%d,"a":{"b":{"c":{"d":{"e":{"n":%d,"text":"%s"}}}},"tags":[`, i, random.IntN(1000), words[random.IntN(14)])
	for t := range 1 + random.IntN(4) {
		if t > 0 {
			dst = append(dst, ',')
		}
		dst = fmt.Appendf(dst, "%q", words[random.IntN(14)])
	}
	return append(dst, "]}"...)
}

// appendLong appends a text of 100 KB.
func appendLong(dst []byte, random *rand.Rand, i int) []byte {
	const size = 100_000
	words := words()
	var text strings.Builder
	for text.Len() < size {
		text.WriteString(words[random.IntN(len(words))])
		text.WriteByte(' ')
	}
	return fmt.Appendf(dst, `"id":%d,"title":"%s","body":"%s"`, i, words[random.IntN(14)], text.String())
}
