package compute

import (
	"slices"
	"strconv"

	"sbwatch/model/lang"
)

type node struct {
	kind   nodeKind
	number number
	text   string // content of a text
	column int    // index in Formula.columns
	sign   string // sign of an operator
	call   *function
	args   []*node
}

type nodeKind int

const (
	nodeNumber nodeKind = iota
	nodeText
	nodeTrue
	nodeFalse
	nodeColumn
	nodeSign // an operator with one or two arguments
	nodeCall
)

// parser is a recursive descent parser for formulas.
type parser struct {
	lexer
	token   token // the next token
	depth   int
	columns []column
	name    string
	body    int // offset of the expression, after the name
}

// advance reads the next token.
func (p *parser) advance() (err error) {
	p.token, err = p.next()
	return err
}

// parse parses the whole formula.
func (p *parser) parse() (*node, error) {
	if err := p.parseName(); err != nil {
		return nil, err
	}
	p.body = p.token.from
	if p.token.kind == tokenEnd {
		return nil, &lang.Error{From: p.token.from, To: p.token.to, Reason: "the formula is empty", Hint: "try price / size, round(price, 1) or host(url)"}
	}
	root, err := p.parseOr()
	if err != nil {
		return nil, err
	}
	if p.token.kind != tokenEnd {
		return nil, p.unexpected()
	}
	return root, nil
}

// parseName reads the name of the column and "=" if the formula starts with them.
func (p *parser) parseName() error {
	start := p.at
	if err := p.advance(); err != nil {
		return err
	}
	first := p.token
	if first.kind != tokenName && first.kind != tokenQuotedName && first.kind != tokenText {
		return nil
	}
	end := first.to
	for { // an unquoted name may have several words
		if err := p.advance(); err != nil || p.token.kind != tokenName || first.kind != tokenName {
			break
		}
		end = p.token.to
	}
	if !p.token.isSign("=") {
		p.at = start
		return p.advance()
	}
	p.name = first.text
	if first.kind == tokenName {
		p.name = p.text[first.from:end]
	}
	switch {
	case p.name == "":
		return &lang.Error{From: first.from, To: first.to, Reason: "the name is empty"}
	case len(p.name) > maxName:
		return &lang.Error{From: first.from, To: end, Reason: "the name is too long"}
	}
	return p.advance()
}

// unexpected returns the error for a token that cannot follow an expression.
func (p *parser) unexpected() error {
	t := p.token
	word := lang.Excerpt(p.text[t.from:t.to])
	switch {
	case t.isSign(")"):
		return &lang.Error{From: t.from, To: t.to, Reason: "unmatched )"}
	case t.isSign("="):
		return &lang.Error{From: t.from, To: t.to, Reason: "unexpected =", Hint: "put a comparison in parentheses, as in a = (b = c)"}
	case t.isSign(","):
		return &lang.Error{From: t.from, To: t.to, Reason: "unexpected ,", Hint: "commas separate the arguments of a function, not thousands"}
	case t.isSign("^"):
		return &lang.Error{From: t.from, To: t.to, Reason: "unknown operator ^", Hint: "multiply with *"}
	case t.kind == tokenSign:
		return &lang.Error{From: t.from, To: t.to, Reason: "unexpected " + word}
	default:
		return &lang.Error{From: t.from, To: t.to, Reason: "expected an operator before " + word, Hint: "put a column name that has spaces in backquotes"}
	}
}

// binary parses operands separated by operators of one precedence. The function read parses an operand. The function
// sign returns the operator of a token, or "" if the token is not an operator of this precedence.
func (p *parser) binary(read func() (*node, error), sign func(token) string) (*node, error) {
	left, err := read()
	for err == nil {
		op := sign(p.token)
		if op == "" {
			return left, nil
		}
		at := p.token
		if err = p.advance(); err != nil {
			break
		}
		if p.token.kind == tokenEnd || p.token.isSign(")", ",") {
			return nil, &lang.Error{From: at.from, To: at.to, Reason: "expected a value after " + lang.Excerpt(p.text[at.from:at.to])}
		}
		var right *node
		if right, err = read(); err == nil {
			left = &node{kind: nodeSign, sign: op, args: []*node{left, right}}
		}
	}
	return nil, err
}

// signOf returns a function for the parameter sign of [parser.binary]. If the text of a token is one of signs, the
// function returns the usual form of the operator, and otherwise "".
func signOf(signs ...string) func(token) string {
	return func(t token) string {
		if t.isSign(signs...) {
			return canonical(t.text)
		}
		return ""
	}
}

// canonical returns the usual form of an operator, such as "=" for "==".
func canonical(sign string) string {
	switch sign {
	case "==":
		return "="
	case "<>":
		return "!="
	case "×":
		return "*"
	case "÷":
		return "/"
	case "−":
		return "-"
	default:
		return sign
	}
}

func (p *parser) parseOr() (*node, error) {
	return p.binary(p.parseAnd, func(t token) string {
		if t.isWord("or") || t.isSign("||") {
			return "or"
		}
		return ""
	})
}

func (p *parser) parseAnd() (*node, error) {
	return p.binary(p.parseComparison, func(t token) string {
		if t.isWord("and") || t.isSign("&&") {
			return "and"
		}
		return ""
	})
}

func (p *parser) parseComparison() (*node, error) {
	accepts := signOf("==", "!=", "<>", "<=", ">=", "<", ">")
	if p.depth > 0 { // at the top, "=" only follows the name of the column
		accepts = signOf("=", "==", "!=", "<>", "<=", ">=", "<", ">")
	}
	return p.binary(p.parseSum, accepts)
}

func (p *parser) parseSum() (*node, error) {
	return p.binary(p.parseProduct, signOf("+", "-", "−", "&"))
}

func (p *parser) parseProduct() (*node, error) {
	return p.binary(p.parseUnary, signOf("*", "/", "%", "×", "÷"))
}

// parseUnary parses a value with any number of "-", "+" and "not" before it.
func (p *parser) parseUnary() (*node, error) {
	at, sign := p.token, ""
	switch {
	case at.isSign("-", "−"):
		sign = "-"
	case at.isSign("+"):
		sign = "+"
	case at.isWord("not"):
		sign = "not"
	default:
		return p.parseValue()
	}
	return p.nested(at, func() (*node, error) {
		if err := p.advance(); err != nil {
			return nil, err
		}
		read := p.parseUnary
		if sign == "not" {
			read = p.parseComparison
		}
		value, err := read()
		if err != nil || sign == "+" {
			return value, err
		}
		return &node{kind: nodeSign, sign: sign, args: []*node{value}}, nil
	})
}

// nested calls the function read for an expression that is nested in another one, such as in parentheses. If the
// formula is nested too deeply, nested returns an error that points at the given token.
func (p *parser) nested(at token, read func() (*node, error)) (*node, error) {
	p.depth++
	defer func() { p.depth-- }()
	if p.depth > maxDepth {
		return nil, &lang.Error{From: at.from, To: at.to, Reason: "nested too deep"}
	}
	return read()
}

// parseValue parses a number, a text, a column, a call or an expression in parentheses.
func (p *parser) parseValue() (*node, error) {
	t := p.token
	switch {
	case t.kind == tokenEnd:
		return nil, &lang.Error{From: t.from, To: t.to, Reason: "expected a column or a number at the end"}
	case t.kind == tokenNumber:
		return p.parseNumber()
	case t.kind == tokenText:
		return &node{kind: nodeText, text: t.text}, p.advance()
	case t.isWord("true"):
		return &node{kind: nodeTrue}, p.advance()
	case t.isWord("false"):
		return &node{kind: nodeFalse}, p.advance()
	case t.isWord("and"), t.isWord("or"):
		return nil, &lang.Error{From: t.from, To: t.to, Reason: "expected a column or a number before " + t.text}
	case t.kind == tokenQuotedName:
		return p.columnNode(t), p.advance()
	case t.kind == tokenName:
		if err := p.advance(); err != nil {
			return nil, err
		}
		if p.token.isSign("(") {
			return p.parseCall(t)
		}
		return p.columnNode(t), nil
	case t.isSign("("):
		return p.parseParentheses()
	default:
		return nil, &lang.Error{From: t.from, To: t.to, Reason: "expected a column or a number before " + lang.Excerpt(p.text[t.from:t.to])}
	}
}

func (p *parser) columnNode(t token) *node {
	at := slices.IndexFunc(p.columns, func(c column) bool { return c.name == t.text })
	if at < 0 {
		at = len(p.columns)
		p.columns = append(p.columns, column{t.text, t.from, t.to})
	}
	return &node{kind: nodeColumn, column: at}
}

func (p *parser) parseNumber() (*node, error) {
	t := p.token
	float, err := strconv.ParseFloat(t.text, 64)
	if err != nil {
		return nil, &lang.Error{From: t.from, To: t.to, Reason: lang.Excerpt(t.text) + " is too large"}
	}
	if err := p.advance(); err != nil {
		return nil, err
	}
	if p.token.kind == tokenName && p.token.from == t.to {
		return nil, &lang.Error{From: t.from, To: p.token.to, Reason: "unexpected " + lang.Excerpt(p.text[t.from:p.token.to]), Hint: "quote a column name that begins with a digit in backquotes"}
	}
	return &node{kind: nodeNumber, number: number{float, readInteger([]byte(t.text))}}, nil
}

func (p *parser) parseParentheses() (*node, error) {
	open := p.token
	return p.nested(open, func() (*node, error) {
		if err := p.advance(); err != nil {
			return nil, err
		}
		value, err := p.parseOr()
		switch {
		case err != nil:
			return nil, err
		case p.token.kind == tokenEnd:
			return nil, &lang.Error{From: open.from, To: open.to, Reason: "unclosed ("}
		case !p.token.isSign(")"):
			return nil, p.unexpected()
		}
		return value, p.advance()
	})
}

// parseCall parses the arguments of a function. The next token is the parenthesis.
func (p *parser) parseCall(name token) (*node, error) {
	f := functionOf(name.text)
	if f == nil {
		return nil, unknownFunction(name)
	}
	call := &node{kind: nodeCall, call: f}
	open := p.token
	return p.nested(open, func() (*node, error) {
		if err := p.advance(); err != nil {
			return nil, err
		}
		for !p.token.isSign(")") {
			arg, err := p.parseOr()
			if err != nil {
				return nil, err
			}
			call.args = append(call.args, arg)
			switch {
			case p.token.isSign(","):
				if err := p.advance(); err != nil {
					return nil, err
				}
				if p.token.isSign(")") {
					return nil, &lang.Error{From: p.token.from, To: p.token.to, Reason: "expected an argument before )"}
				}
			case p.token.kind == tokenEnd:
				return nil, &lang.Error{From: open.from, To: open.to, Reason: "unclosed ("}
			case !p.token.isSign(")"):
				return nil, p.unexpected()
			}
		}
		if n := len(call.args); n < f.min || n > f.max {
			return nil, &lang.Error{From: name.from, To: p.token.to, Reason: "wrong number of arguments", Hint: "write " + f.usage}
		}
		return call, p.advance()
	})
}
