package jsonscan

// Field is a member of objects: the one at a path of keys. [Keys.Value] returns its value. The zero Field has no value.
type Field struct {
	of    *members
	index int
	// isNested is true if the path has several keys.
	isNested bool
}

// Field returns the field at a path of decoded keys. Its value is recorded in all objects that are scanned from now on.
// If no object so far has the first key of the path, the result is the zero Field.
func (k *Keys) Field(path ...string) Field {
	at, known := k.index[path[0]]
	if !known {
		return Field{}
	}
	f := Field{of: &k.members, index: at, isNested: len(path) > 1}
	for _, name := range path[1:] {
		parent := &f.of.keys[f.index]
		if parent.inner == nil {
			parent.inner = new(newMembers())
		}
		f.of = parent.inner
		f.index = f.of.add(name)
		k.inner.add([]byte(name))
	}
	return f
}

// add returns the index of a key in the slice m.keys. It adds the key if it is not known.
func (m *members) add(name string) int {
	if at, known := m.index[name]; known {
		return at
	}
	at := m.append(name)
	if indexSpecial([]byte(name)) == len(name) { // it is written without escapes
		m.keys[at].expect(name + `":`)
	}
	return at
}

// Value returns the offsets of the value of a field in the newest object, or 0 and 0 if there is no value. If the
// result isKnown is false, search the object for the value instead, for example because it has keys twice. The results
// are undefined if [Keys.Capped] returns true.
func (k *Keys) Value(f Field) (from, to int, isKnown bool) {
	switch {
	case f.of == nil:
		return 0, 0, true
	case f.isNested && (k.irregular || k.repeated):
		return 0, 0, false
	}
	key := &f.of.keys[f.index]
	if key.lastObject != k.objectNumber {
		return 0, 0, true
	}
	return int(key.from), int(key.to), true
}

// enter returns the known keys of the object that is scanned next, or nil. The parameter depth is that of scanValue.
func (k *Keys) enter(depth int) *members {
	switch {
	case k == nil:
		return nil
	case depth == MaxDepth:
		return &k.members
	}
	known := k.next
	if k.next = nil; known != nil {
		known.previous = 0
	}
	return known
}

// setValue records the offsets of the value of the newest key.
func (m *members) setValue(from, to int) {
	key := &m.keys[m.previous]
	key.from, key.to = uint32(from), uint32(to)
}

// maxKnown is the maximum number of known keys of a nested object that are known although no [Field] needs them. Their
// names have at most maxKnownName bytes each.
const (
	maxKnown     = 64
	maxKnownName = 256
)

// scanKnown is like scanInner, but for an object whose keys are known.
func (k *Keys) scanKnown(m *members, text []byte, start int) int {
	guess := m.keys[m.previous].guess
	if end := start + m.keys[guess].match(text[start:]); end > start {
		k.nested = true
		k.markKnown(m, guess)
		return end
	}
	end := k.scanInnerName(text, start)
	if end < 0 {
		return end
	}
	name := Decoded(text[start:end-1], &k.decoded)
	at, known := m.index[string(name)]
	if !known && len(m.keys) < maxKnown && len(name) <= maxKnownName {
		at = m.add(string(name))
	}
	m.keys[m.previous].guess = at
	k.markKnown(m, at)
	return scanColon(text, end)
}

// markKnown records that the current object has the key with index i in m.keys. If i is 0, the key is not known.
func (k *Keys) markKnown(m *members, i int) {
	current := &m.keys[i]
	if current.lastObject == k.objectNumber && i > 0 {
		k.repeated = true
	}
	current.lastObject = k.objectNumber
	m.previous = i
}
