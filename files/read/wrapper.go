package read

import (
	"bytes"
	"errors"
	"slices"
	"strings"

	"sbwatch/files/read/jsonrepair"
	"sbwatch/model/item"
	"sbwatch/model/jsonscan"
	"sbwatch/model/run"
	"sbwatch/model/text"
)

// Limits on the search for lists of items in an object.
const (
	maxWrapperDepth = 8
	maxNamedLists   = 5
)

// innerList is an array of objects in a value, such as the items in a response.
type innerList struct {
	path   string
	length int
}

// innerLists finds the fields of an object whose value is an array of objects, such as "items" in {"items":[{"a":1}]}.
// It also searches in nested objects, but not in the elements of arrays. The object must be valid JSON.
func innerLists(object []byte, path string, depth int) []innerList {
	var found []innerList
	for key, value := range jsonscan.Members(object) {
		name := path + string(jsonscan.AppendDecoded(nil, key))
		switch value[0] {
		case '{':
			if depth > 1 {
				found = append(found, innerLists(value, name+".", depth-1)...)
			}
		case '[':
			if length := objectsIn(value); length > 0 {
				found = append(found, innerList{name, length})
			}
		}
	}
	return found
}

// emptyList returns the empty list in a response without items, such as "items" in {"total":0,"items":[]}. It returns
// nil for {"items":[]}, because this object may itself be an item. At least one field must describe a list, as "total"
// does.
func emptyList(object []byte) []innerList {
	var found []innerList
	tellsOfList := false
	for key, value := range jsonscan.Members(object) {
		name := string(jsonscan.AppendDecoded(nil, key))
		tellsOfList = tellsOfList || isWrapperName(name)
		if value[0] == '[' && name != "" && !isWrapperName(name) {
			found = append(found, innerList{path: name})
		}
	}
	if len(found) != 1 || !tellsOfList || !isWrapper(object, found[0].path) {
		return nil
	}
	for range jsonscan.Elements(partAt(object, found[0].path)) {
		return nil
	}
	return found
}

// objectsIn returns the number of elements of an array. If an element is not an object, it returns 0.
func objectsIn(array []byte) int {
	length := 0
	for element := range jsonscan.Elements(array) {
		if element[0] != '{' {
			return 0
		}
		length++
	}
	return length
}

// isKeyed reports whether an object has at least two values, and all of them are objects with the same first key, as in
// {"a":{"x":1},"b":{"x":2}}.
func isKeyed(object []byte) bool {
	members, common := 0, ""
	for _, value := range jsonscan.Members(object) {
		first := ""
		if value[0] == '{' {
			for key := range jsonscan.Members(value) {
				first = string(key)
				break
			}
		}
		if first == "" || members > 0 && first != common {
			return false
		}
		common = first
		members++
	}
	return members > 1
}

// wrapperNames returns the names of fields that describe a list of items, such as "total". The names are in lower case,
// without separators.
func wrapperNames() []string {
	return []string{
		"count", "total", "totalcount", "totalresults", "totalpages", "totalitems", "numfound", "size", "limit", "offset", "start", "skip",
		"page", "pages", "pagesize", "pagenumber", "perpage", "pagination", "paging", "next", "nextpage", "nexturl", "nextcursor", "previous", "prev",
		"cursor", "hasmore", "hasnext", "links", "meta", "metadata", "status", "success", "ok", "error", "errors", "message", "code",
		"version", "took", "timestamp", "query", "requestid",
	}
}

// isWrapper reports whether an object is certainly not an item. This is the case if all its fields except the list at
// the path describe that list, as "total" does in {"total":2,"items":[…]}.
func isWrapper(object []byte, path string) bool {
	name, _, _ := strings.Cut(path, ".")
	for key := range jsonscan.Members(object) {
		other := string(jsonscan.AppendDecoded(nil, key))
		if other != name && !isWrapperName(other) {
			return false
		}
	}
	return true
}

// isWrapperName reports whether a field with this name describes a list of items, such as "total".
func isWrapperName(name string) bool {
	plain := strings.NewReplacer("_", "", "-", "", "@", "").Replace(strings.ToLower(name))
	return slices.Contains(wrapperNames(), plain)
}

// firstObject reads the first value, which is an object. If the text has no other value, and the object contains one
// array of objects, the elements of this array are the items.
func (j *jsonReader) firstObject() error {
	f := j.in
	if j.isBroken() {
		return j.value('{')
	}
	whole, _, valid, err := j.peek()
	if err != nil {
		return j.value('{')
	}
	lists, keyed := innerLists(valid, "", maxWrapperDepth), isKeyed(valid)
	if len(lists) == 0 {
		lists = emptyList(valid)
	}
	if len(lists) == 0 && !keyed {
		return j.value('{')
	}
	valid = slices.Clone(valid) // the window may be moved when more is read
	switch isOnly := !j.follows(whole); {
	case len(lists) == 1 && (isOnly || isWrapper(valid, lists[0].path)):
		j.path, j.found = lists[0].path, true
		f.notes.Add(run.NoteWrapper, 0, text.NewText(j.path).String())
		j.lists++
		return j.valueAt('{')
	case isOnly && len(lists) > 1:
		f.notes.Add(run.NoteLists, 0, describeLists(lists))
	case isOnly:
		f.notes.Add(run.NoteLists, 0, "one object under each key (--at '*' reads these objects as items)")
	}
	return j.value('{')
}

// describeLists returns the number of lists and their names, such as "2 lists: a (1 item), b (2 items)".
func describeLists(lists []innerList) string {
	return text.Counted(int64(len(lists)), "list") + ": " + nameLists(lists, ", ")
}

// nameLists returns the names and lengths of the first maxNamedLists lists, such as "a (1 item), b (2 items)".
func nameLists(lists []innerList, separator string) string {
	var words []string
	for _, list := range lists[:min(len(lists), maxNamedLists)] {
		words = append(words, text.NewText(list.path).String()+" ("+text.Counted(int64(list.length), "item")+")")
	}
	if len(lists) > maxNamedLists {
		words = append(words, "…")
	}
	return strings.Join(words, separator)
}

// peek returns the length of the next value of the text. The results row and valid are two forms of the value, as in
// the fields Row and Valid of [jsonrepair.Repairer]. They must not be used after more text is read.
func (j *jsonReader) peek() (length int, row, valid []byte, err error) {
	f := j.in
	for {
		length, err = jsonscan.Value(f.Bytes())
		if err == nil {
			j.repair.Faults = [jsonrepair.Kinds]int{}
			return length, f.Bytes()[:length], f.Bytes()[:length], nil
		}
		if syntax, ok := errors.AsType[*jsonscan.SyntaxError](err); ok {
			err = &jsonscan.SyntaxError{Offset: f.Offset() + syntax.Offset, Reason: syntax.Reason}
			break
		}
		if len(f.Bytes()) > f.Limits().ItemSize() {
			return 0, nil, nil, item.ErrItemTooLarge
		}
		if err = f.Grow(); err != nil {
			err = f.Broken(err)
			break
		}
	}
	j.waste(err)
	if length, err = j.repairValue(err); err != nil {
		return 0, nil, nil, err
	}
	return length, j.repair.Row, j.repair.Valid, nil
}

// follows reports whether the text after the next n bytes contains anything except white space, commas, and the ")" or
// ";" after JSON in JavaScript.
func (j *jsonReader) follows(n int) bool {
	f := j.in
	for {
		i := jsonscan.Space(f.Bytes(), n)
		for i < len(f.Bytes()) && (f.Bytes()[i] == ',' || f.isScriptEnd(f.Bytes()[i])) {
			i = jsonscan.Space(f.Bytes(), i+1)
		}
		if i < len(f.Bytes()) {
			return true
		}
		if f.Grow() != nil {
			return false
		}
	}
}

// atFits reports whether the first value of the text, or the first element of its first array, has something at the path
// in the option At. If this value is not valid JSON, which is repaired only when it is read, atFits returns true.
func (f *reader) atFits() bool {
	if f.options.At == "." {
		return true
	}
	for {
		text := bytes.TrimLeft(f.Bytes(), " \t\r\n[\x1e")
		length, err := jsonscan.Value(text)
		syntax, isSyntax := errors.AsType[*jsonscan.SyntaxError](err)
		switch {
		case err == nil:
			part, _ := itemsAt(text[:length], f.options.At)
			return len(part) > 0
		case isSyntax:
			return syntax.Offset > 0 || text[0] != ']' // an empty array
		case len(f.Bytes()) > f.Limits().ItemSize():
			return false
		case f.Grow() != nil:
			return true
		}
	}
}

// itemsAt returns the part of a valid JSON value that has the items, or nil if there is nothing at the path. If isKeyed
// is true, the part is an object whose values are the items.
func itemsAt(valid []byte, path string) (part []byte, isKeyed bool) {
	path, isKeyed = strings.CutSuffix("."+path, ".*")
	part = valid
	if path = strings.TrimPrefix(path, "."); path != "" {
		part = partAt(valid, path)
	}
	if isKeyed && len(part) > 0 && part[0] != '{' {
		part = nil
	}
	return part, isKeyed
}

// valueAt reads the items in the next value of the text. j.path is the path from the value to the items.
func (j *jsonReader) valueAt(first byte) error {
	f := j.in
	whole, row, valid, err := j.peek()
	switch {
	case errors.Is(err, item.ErrItemTooLarge):
		return j.skipLarge()
	case err != nil:
		return j.passOr(err, first)
	}
	j.noteRepairs()
	part, isKeyed := itemsAt(valid, j.path)
	from := cap(valid) - cap(part)
	switch {
	case len(part) == 0:
		f.note(run.NoteNoList, f.Offset(), text.NewText(j.path).String())
		if valid[0] == '{' && j.others == nil {
			j.others = innerLists(valid, "", maxWrapperDepth)
		}
	case isKeyed:
		j.found = true
		err = j.addMembers(row[from:from+len(part)], part)
	case part[0] == '[':
		j.found = true
		for element := range jsonscan.Elements(part) {
			at := cap(valid) - cap(element)
			if err = j.add(row[at:at+len(element)], element); err != nil {
				break
			}
		}
	default:
		j.found = true
		err = j.add(row[from:from+len(part)], part)
	}
	f.Advance(whole)
	return err
}

// noListError is the error for a text that is valid but has no items.
type noListError struct{ reason, nextStep string }

func (e *noListError) Error() string { return e.reason }

// noList returns the error for a text in which no value has an array at j.path.
func (j *jsonReader) noList() error {
	j.in.notes = slices.DeleteFunc(j.in.notes, func(n run.Note) bool { return n.Kind == run.NoteNoList })
	words := "it has no list at " + text.NewText(j.path).String()
	if len(j.others) == 0 {
		return &noListError{words, j.in.options.otherAt("")}
	}
	return &noListError{words, j.in.options.otherAt(nameLists(j.others, " or "))}
}

// addMembers adds the values of an object as items. The key of a value becomes the first column of its item.
func (j *jsonReader) addMembers(row, valid []byte) error {
	var keyedRow, keyedValid []byte
	for key, value := range jsonscan.Members(valid) {
		at := cap(valid) - cap(value)
		given := row[at : at+len(value)]
		keyedRow, keyedValid = append(keyedRow[:0], given...), append(keyedValid[:0], value...)
		if value[0] == '{' {
			head := `{"` + keyColumn + `":"` + string(key) + `"`
			if jsonscan.Space(value, 1) != len(value)-1 {
				head += ","
			}
			keyedRow, keyedValid = append([]byte(head), given[1:]...), append([]byte(head), value[1:]...)
		}
		if err := j.add(keyedRow, keyedValid); err != nil {
			return err
		}
	}
	return nil
}

// keyColumn is the name of the column for the keys of an object whose values are the items.
const keyColumn = "(key)"

// partAt returns the value at a path in a valid JSON value, or nil if there is none. Keys may contain dots: the path
// "a.b" matches both {"a.b":1} and {"a":{"b":1}}. If an object has both, the longer key is used.
func partAt(value []byte, path string) []byte {
	if path == "" {
		return value
	}
	if len(value) == 0 || value[0] != '{' {
		return nil
	}
	var found []byte
	longest := -1
	for key, inner := range jsonscan.Members(value) {
		name := string(jsonscan.AppendDecoded(nil, key))
		rest, ok := strings.CutPrefix(path, name)
		if !ok || rest != "" && rest[0] != '.' || len(name) < longest {
			continue
		}
		if part := partAt(inner, strings.TrimPrefix(rest, ".")); part != nil {
			found, longest = part, len(name)
		}
	}
	return found
}
