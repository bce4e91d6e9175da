package run

import (
	"bytes"
	"fmt"
	"strings"

	"sbwatch/model/text"
)

// ListedID is an id in a list of ids.
type ListedID struct {
	ID   text.Text
	Kind IDKind
	Line int // line number, starting at 1
}

// IDKind says what an id identifies.
type IDKind int

// The kinds of ids.
const (
	IDOfAny IDKind = iota // the list does not say which kind
	IDOfRun
	IDOfRecipe
)

// ParseIDs parses a list of ids, one per line. The word "run" or "recipe" may come before an id. Blank lines and
// comments are skipped. A comment begins with a # at the start of a line or after a space.
func ParseIDs(list []byte) ([]ListedID, error) {
	var ids []ListedID
	number := 0
	for line := range bytes.Lines(bytes.TrimPrefix(list, []byte("\ufeff"))) {
		number++
		words := strings.Fields(string(line))
		for i, word := range words {
			if strings.HasPrefix(word, "#") {
				words = words[:i]
				break
			}
		}
		if len(words) == 0 {
			continue
		}
		id := ListedID{Line: number, Kind: kindOfID(words)}
		if id.Kind != IDOfAny {
			words = words[1:]
		}
		if len(words) > 1 {
			return nil, fmt.Errorf("line %d has several words: write one id per line", number)
		}
		id.ID = text.NewText(words[0])
		ids = append(ids, id)
	}
	return ids, nil
}

// kindOfID returns the kind of the id on a line. The parameter words holds the words of the line.
func kindOfID(words []string) IDKind {
	switch {
	case len(words) == 2 && words[0] == "run":
		return IDOfRun
	case len(words) == 2 && words[0] == "recipe":
		return IDOfRecipe
	default:
		return IDOfAny
	}
}
