package jsonscan

import "encoding/binary"

// Keys are the different keys of many objects, decoded, in order of their first appearance. The objects of a table have
// mostly the same keys in the same order, so each key remembers which one came after it, and that guess saves the search.
type Keys struct {
	// known begins with one that is no key: it stands before the first key of an object, and where there is no guess.
	known []key
	// places finds a key by its name.
	places map[string]int
	most   int
	capped bool

	last int    // the key before the one that comes
	turn uint64 // the number of the object, from 1

	// What the object is like; see IsRegular, IsNested and IsEscaped.
	irregular, nested, escaped bool

	inner InnerKeys

	// What was so before the object that is being read.
	lengthBefore int
	cappedBefore bool

	room int // bytes that are left for names
}

type key struct {
	name string
	// sent is what a guess expects in the text behind the opening quote: the name, the closing quote and the colon. For a
	// name that is not the same in JSON, where it has escapes, it is something that never comes.
	sent string
	// begin is the first 16 bytes of sent, as two numbers, and mask which of their bytes count.
	begin, mask [2]uint64
	next        int    // the guess
	seen        uint64 // the turn of the object that had it last
}

// never is no beginning of a key in a text of JSON.
const never = "\x00"

// MaxNames is how many bytes the names of a list of keys may take together.
const MaxNames = 16 << 20

// NewKeys begins a list of at most so many keys, whose names fit [MaxNames]. Further ones are passed over.
func NewKeys(most int) *Keys {
	k := &Keys{known: make([]key, 1), places: map[string]int{}, most: most, room: MaxNames}
	k.known[0].expect(never)
	return k
}

// Len is the number of keys.
func (k *Keys) Len() int { return len(k.known) - 1 }

// Name is key i, decoded.
func (k *Keys) Name(i int) string { return k.known[i+1].name }

// Capped tells whether there were more keys than fit.
func (k *Keys) Capped() bool { return k.capped }

// IsRegular tells whether each key of the newest object was sent once and without escapes, with its colon right behind it,
// and was noted, and no key of an object in it has an escape: what [Finder] relies on.
func (k *Keys) IsRegular() bool { return !k.irregular }

// IsNested tells whether the newest object has objects in it.
func (k *Keys) IsNested() bool { return k.nested }

// IsEscaped tells whether the newest object has a backslash in it.
func (k *Keys) IsEscaped() bool { return k.escaped }

// InnerKeys are the keys of all objects within objects so far.
func (k *Keys) InnerKeys() InnerKeys { return k.inner }

func (k *Keys) begin() {
	k.last, k.lengthBefore, k.cappedBefore = 0, len(k.known), k.capped
	k.turn++
	k.irregular, k.nested, k.escaped = false, false, false
}

// rollBack forgets the keys of an object that came to nothing.
func (k *Keys) rollBack() {
	k.capped = k.cappedBefore
	if len(k.known) == k.lengthBefore {
		return
	}
	for _, forgotten := range k.known[k.lengthBefore:] {
		delete(k.places, forgotten.name)
		k.room += len(forgotten.name)
	}
	k.known = k.known[:k.lengthBefore]
	for i := range k.known {
		if k.known[i].next >= len(k.known) {
			k.known[i].next = 0
		}
	}
}

// scan takes the place after the opening quote of a key, as scanKey does, and notes the key.
func (k *Keys) scan(text []byte, from int) int {
	guess := k.known[k.last].next
	if end := from + k.known[guess].match(text[from:]); end > from {
		k.meet(guess)
		return end
	}
	end := scanString(text, from, k)
	if end < 0 {
		return end
	}
	k.note(text[from : end-1])
	if end < len(text) && text[end] != ':' {
		k.irregular = true
	}
	return scanColon(text, end)
}

// match gives the length of what a text begins with if that is the key, as it is sent; else 0. Close to the end of the text
// it need not see it.
func (k *key) match(text []byte) int {
	if len(text) < max(16, len(k.sent)) {
		return 0
	}
	first, second := binary.LittleEndian.Uint64(text), binary.LittleEndian.Uint64(text[8:])
	if (first^k.begin[0])&k.mask[0]|(second^k.begin[1])&k.mask[1] != 0 {
		return 0
	}
	if len(k.sent) > 16 && string(text[16:len(k.sent)]) != k.sent[16:] {
		return 0
	}
	return len(k.sent)
}

// expect sets what match looks for.
func (k *key) expect(sent string) {
	k.sent = sent
	var begin, mask [16]byte
	for i := range copy(begin[:], sent) {
		mask[i] = 0xff
	}
	for i := range k.begin {
		k.begin[i], k.mask[i] = binary.LittleEndian.Uint64(begin[8*i:]), binary.LittleEndian.Uint64(mask[8*i:])
	}
}

// meet notes that the object has a known key.
func (k *Keys) meet(place int) {
	known := &k.known[place]
	if known.seen == k.turn {
		k.irregular = true
	}
	known.seen = k.turn
	k.last = place
}

// scanInner is scan for a key of an object within the object.
func (k *Keys) scanInner(text []byte, from int) int {
	k.nested = true
	end := scanString(text, from, k)
	if end < 0 {
		return end
	}
	sent := text[from : end-1]
	k.inner.add(sent)
	if HasEscape(sent) { // its end may read as another key
		k.irregular = true
	}
	return scanColon(text, end)
}

// note finds or adds a key that came unexpected, as it stands in the text, and expects it the next time.
func (k *Keys) note(sent []byte) {
	name := sent
	plain := !HasEscape(sent)
	if !plain {
		name = AppendDecoded(nil, sent)
		k.irregular = true
	}
	place, known := k.places[string(name)]
	switch {
	case known:
	case k.Len() < k.most && len(name) <= k.room:
		place = len(k.known)
		k.room -= len(name)
		k.known = append(k.known, key{name: string(name)})
		k.known[place].expect(never)
		k.places[k.known[place].name] = place
	default:
		k.capped, k.irregular = true, true
		return
	}
	if plain && k.known[place].sent == never {
		k.known[place].expect(k.known[place].name + `":`)
	}
	k.known[k.last].next = place
	k.meet(place)
}
