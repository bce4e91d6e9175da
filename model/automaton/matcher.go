package automaton

import (
	"encoding/binary"
	"regexp/syntax"
	"slices"
	"unicode/utf8"
)

// Matcher reports whether texts match a program. It is not safe for concurrent use.
type Matcher struct {
	*Program
	// stride is the number of entries in next for each state: one for each class, and one for the end of the text.
	stride int
	// next is the table of transitions: it holds the next state for each state and class. The number of a state is the
	// index in next at which its transitions begin.
	next []uint32
	// states holds all states. index maps a key, which encodes a state, to the number of that state.
	states []state
	index  map[string]uint32
	start  uint32
	// idle is the state in which a search spends most of its time. skip marks the bytes that do not leave this state.
	// Before the state has been found, idle is the constant unknown. If too many bytes leave the state, idle is the
	// constant none.
	idle uint32
	skip [1 << 8]bool

	// read is the number of bytes that were read since the last call of the method forget.
	read       int
	isOverfull bool

	set, stepped pcSet
	key          []byte
}

// state is a set of instructions of the program, together with the kind of the character before the current position.
// The program continues with one of these instructions.
type state struct {
	pcs  []uint32
	prev prevKind
}

// prevKind is the kind of the character before a position in the text. Conditions such as the start of a line depend on
// this character.
type prevKind uint8

const (
	beforeOther prevKind = iota
	beforeStart          // there is no character
	beforeLine           // a line feed
	beforeWord           // a word character
)

// rune returns an example of a character of this kind.
func (b prevKind) rune() rune { return [...]rune{' ', -1, '\n', 'a'}[b] }

// The special states, which contain no instructions.
const (
	unknown = iota // the transition has not been computed
	dead           // no match is possible
	matched
	specials

	none = 1<<32 - 1
)

// maxNext is the maximum length of Matcher.next. At this length, all states are forgotten. If the matcher has then read
// fewer than minRead bytes per state, it would be slower than package regexp, which is then used instead.
const (
	maxNext = 1 << 18
	minRead = 10
)

// Matcher returns a new matcher.
func (p *Program) Matcher() *Matcher {
	m := &Matcher{Program: p, isOverfull: p.code == nil}
	if p.code != nil {
		m.stride = len(p.samples) + 1
		m.set.init(len(p.code.Inst))
		m.stepped.init(len(p.code.Inst))
		m.forget()
	}
	return m
}

// forget removes all states except the start state.
func (m *Matcher) forget() {
	m.next = make([]uint32, specials*m.stride)
	m.states, m.index = make([]state, specials), map[string]uint32{}
	m.read, m.idle = 0, unknown
	m.skip = [1 << 8]bool{}
	for _, special := range []uint32{dead, matched} {
		for class := range m.stride {
			m.next[int(special)*m.stride+class] = special * uint32(m.stride)
		}
	}
	m.set.clear()
	m.add(&m.set, uint32(m.code.Start))
	first := beforeOther
	if m.conditions&(syntax.EmptyBeginText|syntax.EmptyBeginLine) != 0 {
		first = beforeStart
	}
	m.start = m.stateOf(first)
}

// Match reports whether a text contains a match.
func (m *Matcher) Match(text []byte) bool {
	if m.isOverfull {
		return m.fallback.Match(text)
	}
	m.read += len(text)
	last, now := uint32(matched*m.stride), m.start
	for i := 0; i < len(text); {
		if now == m.idle {
			for i < len(text) && m.skip[text[i]] {
				i++
			}
			if i == len(text) {
				break
			}
		}
		class, size := m.classAt(text[i:])
		next := m.next[now+class]
		if next == unknown {
			next = m.step(now, class)
		}
		if next <= last {
			return m.result(text, next)
		}
		now = next
		i += size
		table := m.next
		for i < len(text) && text[i] < utf8.RuneSelf && now != m.idle { // fast path for ASCII characters with known transitions
			if next = table[now+m.ascii[text[i]]]; next <= last {
				break
			}
			now = next
			i++
		}
	}
	end := uint32(m.stride - 1)
	next := m.next[now+end]
	if next == unknown {
		next = m.step(now, end)
	}
	return m.result(text, next)
}

// classAt returns the class of the first character of text, and its length.
func (m *Matcher) classAt(text []byte) (class uint32, size int) {
	if text[0] < utf8.RuneSelf {
		return m.ascii[text[0]], 1
	}
	r, size := utf8.DecodeRune(text)
	return m.searchClass(r), size
}

// result reports whether a search found a match. The parameter state is the special state in which the search ended,
// such as matched.
func (m *Matcher) result(text []byte, state uint32) bool {
	if m.isOverfull {
		return m.fallback.Match(text)
	}
	return state == uint32(matched*m.stride)
}

// step returns the state that follows the current state when a character of the class is read, and stores this
// transition in the table. It is called for transitions that have not been computed yet.
func (m *Matcher) step(current, class uint32) uint32 {
	if len(m.next) > maxNext {
		if m.read < minRead*len(m.states) {
			m.isOverfull = true
			return dead
		}
		kept := m.states[current/uint32(m.stride)]
		m.forget()
		m.set.clear()
		for _, pc := range kept.pcs {
			m.set.add(pc)
		}
		current = m.stateOf(kept.prev)
	}
	to := m.target(m.states[current/uint32(m.stride)], int(class))
	m.next[current+class] = to
	if to == current && m.idle == unknown {
		m.setIdle(current)
	}
	return to
}

// target returns the state that follows the current state when a character of the class is read. The last class stands
// for the end of the text.
func (m *Matcher) target(current state, class int) uint32 {
	isEnd := class == m.stride-1
	read, after := rune(-1), beforeOther
	if !isEnd {
		read = m.samples[class]
	}
	context := syntax.EmptyOpContext(current.prev.rune(), read)
	m.set.clear()
	for _, pc := range current.pcs {
		m.addIn(&m.set, pc, context)
	}
	m.stepped.clear()
	for _, pc := range m.set.pcs {
		inst := &m.code.Inst[pc]
		if inst.Op == syntax.InstMatch {
			return matched * uint32(m.stride)
		}
		if !isEnd && accepts(inst, read) {
			m.add(&m.stepped, inst.Out)
		}
	}
	if isEnd {
		return dead * uint32(m.stride)
	}
	switch {
	case read == '\n' && m.conditions&syntax.EmptyBeginLine != 0:
		after = beforeLine
	case m.conditions&(syntax.EmptyWordBoundary|syntax.EmptyNoWordBoundary) != 0 && syntax.IsWordChar(read):
		after = beforeWord
	}
	if !m.isAnchored {
		m.add(&m.stepped, uint32(m.code.Start))
	}
	m.set, m.stepped = m.stepped, m.set
	return m.stateOf(after)
}

// add adds the instruction with index pc to a set. It also adds the instructions that follow it, up to the next
// instructions that read a character or check a condition.
func (m *Matcher) add(set *pcSet, pc uint32) { m.addIn(set, pc, 0) }

// addIn adds the instruction with index pc to a set. It also adds the instructions that follow it, up to the next
// instructions that read a character or check a condition that is not met. The parameter context is the set of
// conditions that are met.
func (m *Matcher) addIn(set *pcSet, pc uint32, context syntax.EmptyOp) {
	if !set.add(pc) {
		return
	}
	pending := append(set.pending[:0], pc)
	for len(pending) > 0 {
		inst := &m.code.Inst[pending[len(pending)-1]]
		pending = pending[:len(pending)-1]
		var reached [2]uint32
		count := 0
		switch inst.Op {
		case syntax.InstAlt, syntax.InstAltMatch:
			reached, count = [2]uint32{inst.Out, inst.Arg}, 2
		case syntax.InstCapture, syntax.InstNop:
			reached, count = [2]uint32{inst.Out}, 1
		case syntax.InstEmptyWidth:
			if syntax.EmptyOp(inst.Arg)&^context == 0 {
				reached, count = [2]uint32{inst.Out}, 1
			}
		default:
		}
		for _, next := range reached[:count] {
			if set.add(next) {
				pending = append(pending, next)
			}
		}
	}
	set.pending = pending
}

// stateOf returns the number of the state that consists of the instructions in m.set and of prev. It creates the state
// if necessary.
func (m *Matcher) stateOf(prev prevKind) uint32 {
	pcs := m.set.pcs[:0]
	for _, pc := range m.set.pcs {
		switch m.code.Inst[pc].Op {
		case syntax.InstMatch:
			return matched * uint32(m.stride)
		case syntax.InstRune, syntax.InstRune1, syntax.InstRuneAny, syntax.InstRuneAnyNotNL, syntax.InstEmptyWidth:
			pcs = append(pcs, pc)
		default: // add has already followed this instruction
		}
	}
	if len(pcs) == 0 {
		return dead * uint32(m.stride)
	}
	slices.Sort(pcs)
	m.key = append(m.key[:0], byte(prev))
	for _, pc := range pcs {
		m.key = binary.LittleEndian.AppendUint16(m.key, uint16(pc))
	}
	if known, found := m.index[string(m.key)]; found {
		return known
	}
	number := uint32(len(m.next))
	m.index[string(m.key)] = number
	m.states = append(m.states, state{slices.Clone(pcs), prev})
	m.next = append(m.next, make([]uint32, m.stride)...)
	return number
}

// setIdle makes a state the idle state and determines the bytes that do not leave it. If many bytes leave the state, it
// sets m.idle to none: processors cannot predict where skipping ends, which makes skipping slower than normal reading.
func (m *Matcher) setIdle(idle uint32) {
	const maxLeaving = 8
	stays := make([]bool, m.stride-1)
	for class := range stays {
		if m.next[idle+uint32(class)] == unknown {
			m.next[idle+uint32(class)] = m.target(m.states[idle/uint32(m.stride)], class)
		}
		stays[class] = m.next[idle+uint32(class)] == idle
	}
	leaving := 0
	for c, class := range m.ascii {
		m.skip[c] = stays[class]
		if !stays[class] {
			leaving++
		}
	}
	m.idle = idle
	if leaving > maxLeaving {
		m.idle = none
	}
}

// pcSet is a set of instructions, each given by its index in the program.
type pcSet struct {
	pcs     []uint32
	has     []bool
	pending []uint32
}

func (s *pcSet) init(size int) { s.has = make([]bool, size) }

func (s *pcSet) clear() {
	clear(s.has)
	s.pcs = s.pcs[:0]
}

// add adds an element and reports whether it is new.
func (s *pcSet) add(pc uint32) bool {
	if s.has[pc] {
		return false
	}
	s.has[pc] = true
	s.pcs = append(s.pcs, pc)
	return true
}
