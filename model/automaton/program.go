package automaton

import (
	"encoding/binary"
	"regexp"
	"regexp/syntax"
	"slices"
	"unicode"
	"unicode/utf8"
)

// Program is a compiled expression. It is immutable and safe for concurrent use.
type Program struct {
	fallback *regexp.Regexp
	code     *syntax.Prog
	// isAnchored means that a match can start only at the start of the text.
	isAnchored bool
	// conditions are the conditions in the expression, such as the start of a line or a word boundary.
	conditions syntax.EmptyOp

	// Characters that the expression treats alike are in the same class. bounds holds the first character of each range
	// of characters. classes holds the class of each range. samples holds one character of each class. ascii holds the
	// class of each ASCII character.
	bounds  []rune
	classes []uint32
	samples []rune
	ascii   [utf8.RuneSelf]uint32
}

// maxCode is the maximum number of instructions. Expressions that need more instructions are matched by package regexp.
const maxCode = 4000

// New returns the program for a valid expression. The parameter compiled is the same expression, compiled by package
// regexp.
func New(expression string, compiled *regexp.Regexp) *Program {
	p := &Program{fallback: compiled}
	parsed, err := syntax.Parse(expression, syntax.Perl)
	if err != nil {
		return p
	}
	code, err := syntax.Compile(parsed.Simplify())
	if err != nil || len(code.Inst) > maxCode {
		return p
	}
	p.code = code
	p.isAnchored = code.StartCond()&syntax.EmptyBeginText != 0
	for i := range code.Inst {
		if code.Inst[i].Op == syntax.InstEmptyWidth {
			p.conditions |= syntax.EmptyOp(code.Inst[i].Arg)
		}
	}
	p.classify()
	return p
}

// classify divides all characters into classes.
func (p *Program) classify() {
	p.bounds = p.allBounds()
	known := map[string]uint32{}
	var signature []byte
	for _, first := range p.bounds {
		signature = p.signature(signature[:0], first)
		class, found := known[string(signature)]
		if !found {
			class = uint32(len(p.samples))
			known[string(signature)] = class
			p.samples = append(p.samples, first)
		}
		p.classes = append(p.classes, class)
	}
	for c := range p.ascii {
		p.ascii[c] = p.searchClass(rune(c))
	}
}

// allBounds returns the first characters of ranges that together contain all characters. The expression makes no
// difference between two characters of the same range.
func (p *Program) allBounds() []rune {
	bounds := []rune{0, '\n', '\n' + 1, '0', '9' + 1, 'A', 'Z' + 1, '_', '_' + 1, 'a', 'z' + 1}
	for i := range p.code.Inst {
		inst := &p.code.Inst[i]
		if inst.Op != syntax.InstRune && inst.Op != syntax.InstRune1 {
			continue
		}
		if len(inst.Rune) == 1 {
			first := inst.Rune[0]
			bounds = append(bounds, first, first+1)
			for other := unicode.SimpleFold(first); other != first; other = unicode.SimpleFold(other) {
				bounds = append(bounds, other, other+1)
			}
			continue
		}
		for k := 0; k+1 < len(inst.Rune); k += 2 {
			bounds = append(bounds, inst.Rune[k], inst.Rune[k+1]+1)
		}
	}
	slices.Sort(bounds)
	return slices.Compact(bounds)
}

// signature appends bytes that are equal for two characters if the expression treats these characters alike. The bytes
// list the instructions that accept r, and the properties of r that matter to conditions, such as whether r is a line
// break.
func (p *Program) signature(dst []byte, r rune) []byte {
	for i := range p.code.Inst {
		inst := &p.code.Inst[i]
		switch inst.Op {
		case syntax.InstRune, syntax.InstRune1, syntax.InstRuneAny, syntax.InstRuneAnyNotNL:
			if accepts(inst, r) {
				dst = binary.LittleEndian.AppendUint16(dst, uint16(i))
			}
		default:
		}
	}
	if p.conditions != 0 && syntax.IsWordChar(r) {
		dst = append(dst, 'w')
	}
	if p.conditions != 0 && r == '\n' {
		dst = append(dst, 'n')
	}
	return dst
}

// accepts reports whether an instruction for a character accepts r.
func accepts(inst *syntax.Inst, r rune) bool {
	switch inst.Op {
	case syntax.InstRuneAny:
		return true
	case syntax.InstRuneAnyNotNL:
		return r != '\n'
	case syntax.InstRune, syntax.InstRune1:
		return inst.MatchRune(r)
	default:
		return false
	}
}

// searchClass returns the class of a character.
func (p *Program) searchClass(r rune) uint32 {
	i, exact := slices.BinarySearch(p.bounds, r)
	if !exact {
		i--
	}
	return p.classes[i]
}
