package jsonscan

// Keys are the different keys of many objects, decoded, in order of their first appearance. The objects of a table have
// mostly the same keys in the same order, so each key remembers which one came after it, and that guess saves the search.
type Keys struct {
	known []key
	// places finds a key by its name.
	places map[string]int
	most   int
	capped bool

	first int // the guess for the first key
	last  int // the key before the one that comes

	// What was so before the object that is being read.
	knownBefore  int
	cappedBefore bool
}

type key struct {
	name string
	// plain tells that the name reads the same in JSON text, without escapes. Only then is it guessed.
	plain bool
	next  int
}

// none stands where there is no key.
const none = -1

// NewKeys begins a list of at most so many keys. Further ones are passed over.
func NewKeys(most int) *Keys {
	return &Keys{places: map[string]int{}, most: most, first: none, last: none}
}

// Len is the number of keys.
func (k *Keys) Len() int { return len(k.known) }

// Name is key i, decoded.
func (k *Keys) Name(i int) string { return k.known[i].name }

// Capped tells whether there were more keys than fit.
func (k *Keys) Capped() bool { return k.capped }

func (k *Keys) begin() { k.last, k.knownBefore, k.cappedBefore = none, len(k.known), k.capped }

// rollBack forgets the keys of an object that came to nothing.
func (k *Keys) rollBack() {
	for _, forgotten := range k.known[k.knownBefore:] {
		delete(k.places, forgotten.name)
	}
	k.known, k.capped = k.known[:k.knownBefore], k.cappedBefore
}

// scan takes the place after the opening quote of a key, as scanString does, and notes the key.
func (k *Keys) scan(text []byte, from int) int {
	guess := k.first
	if k.last != none {
		guess = k.known[k.last].next
	}
	if guess != none && guess < len(k.known) {
		expected := &k.known[guess]
		end := from + len(expected.name)
		if expected.plain && end < len(text) && text[end] == '"' && string(text[from:end]) == expected.name {
			k.last = guess
			return end + 1
		}
	}
	end := scanString(text, from)
	if end > 0 {
		k.note(text[from : end-1])
	}
	return end
}

// note finds or adds a key that came unexpected, as it stands in the text, and expects it the next time.
func (k *Keys) note(sent []byte) {
	name := sent
	plain := !HasEscape(sent)
	if !plain {
		name = AppendDecoded(nil, sent)
	}
	place, known := k.places[string(name)]
	switch {
	case known:
		k.known[place].plain = k.known[place].plain || plain
	case len(k.known) < k.most:
		place = len(k.known)
		k.known = append(k.known, key{name: string(name), plain: plain, next: none})
		k.places[k.known[place].name] = place
	default:
		k.capped = true
		return
	}
	if k.last == none {
		k.first = place
	} else {
		k.known[k.last].next = place
	}
	k.last = place
}
