package config

import (
	"regexp"
	"slices"
	"strings"
)

// secretMark is shown instead of what may be a secret.
const secretMark = "xxxxx"

// commandToken matches a part of a command line of the shell: blanks, an operator, a comment or a word.
const commandToken = `(?s)` +
	`(?P<blank>(?:[ \t\r]|\\\r?\n)+)` +
	`|(?P<operator>[0-9]?(?:>>|<<|<|>)(?:&[0-9-])?|&&|\|\||[;&|()\n])` +
	`|#[^\n]*` +
	`|(?:\\.|'[^']*'?|"(?:\\.|[^"\\])*"?|[^\s'"\\;&|<>()]|\\)+`

// variable matches a reference to a variable, such as $A or ${A}. ${A:-b} may contain a secret.
const variable = `(?:\$[A-Za-z_]\w*|\$\{[A-Za-z_]\w*\})`

// WithoutSecrets returns a command line with "xxxxx" instead of each part that may be a secret. It only shows the names
// of programs, flags and variables, the paths of files, the hosts of URLs, and some words such as POST.
func WithoutSecrets(command string) string {
	token := regexp.MustCompile(commandToken)
	var b strings.Builder
	isName := true // the next word is the name of a program
	for _, at := range token.FindAllStringSubmatchIndex(command, -1) {
		word, isOperator := command[at[0]:at[1]], at[4] >= 0
		switch {
		case isOperator && strings.HasSuffix(word, "<<"):
			return b.String() + word + secretMark // a here-document
		case isOperator:
			isName = startsCommand(word, command[:at[0]], command[at[1]:])
			b.WriteString(word)
		case at[2] >= 0:
			b.WriteString(word)
		default:
			var shown string
			shown, isName = shownWord(word, isName)
			b.WriteString(shown)
		}
	}
	return b.String()
}

// startsCommand reports whether the word after an operator is the name of a program. In "x.example/?a=b&c", the word c is
// probably part of a URL that the user forgot to quote.
func startsCommand(operator, before, after string) bool {
	isGlued := before != "" && !strings.ContainsAny(before[len(before)-1:], " \t\n;&|(")
	switch operator {
	case "\n":
		return true
	case "(":
		return !isGlued || strings.HasSuffix(before, "$")
	case ";", "&", "&&", "|", "||":
		return !isGlued || after == "" || strings.ContainsAny(after[:1], " \t\r\n")
	default:
		return false
	}
}

// shownWord returns what to show for a word of a command line. isName reports whether the word is in the place of the
// name of a program, and nextIsName whether the next word is.
func shownWord(word string, isName bool) (shown string, nextIsName bool) {
	if isName && !strings.HasPrefix(word, "-") {
		if slices.Contains([]string{"if", "then", "else", "elif", "while", "until", "do", "!", "{", "}", "exec", "env", "export", "nohup", "sudo", "time"}, word) {
			return word, true
		}
		if name, value, found := strings.Cut(word, "="); found && regexp.MustCompile(`^[A-Za-z_]\w*$`).MatchString(name) {
			return name + "=" + shownValue(value), true
		}
		if name := unquoted(word); regexp.MustCompile(`^[\w./~+:\\ -]+$`).MatchString(name) && !isToken(name) || isHarmless(name) {
			return word, false
		}
		return secretMark, false
	}
	if flag := regexp.MustCompile(`^(?:--[A-Za-z][\w-]*=?|-[A-Za-z0-9]=?)`).FindString(word); flag != "" && !isToken(flag) {
		switch value := word[len(flag):]; {
		case value == "", regexp.MustCompile(`^-[fLsSv]{2,5}$`).MatchString(word): // flags of curl
			return word, false
		case strings.HasSuffix(flag, "="):
			return flag + shownValue(value), false
		case len(flag) == len("-p"):
			return flag + secretMark, false
		}
	}
	return shownValue(word), false
}

// shownValue returns what to show for a word that is not a flag.
func shownValue(word string) string {
	value := unquoted(word)
	switch {
	case strings.HasPrefix(word, `'`) && strings.Contains(word, "$"): // not a variable
		return secretMark
	case value == "" || isHarmless(value) && !isToken(value):
		return word
	}
	scheme, rest, isURL := strings.Cut(value, "://")
	if !isURL || !regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]*$`).MatchString(scheme) {
		return secretMark
	}
	return strings.Replace(word, value, scheme+"://"+withoutPath(rest), 1)
}

// isHarmless reports whether a word without quotes cannot be a secret: variables, the path of a file or a known word.
func isHarmless(word string) bool {
	return regexp.MustCompile(`^(?:` +
		`(?:` + variable + `|[\s,.:;/@-])+` +
		`|@?(?:~|\.\.?|\$HOME|\$\{HOME\})?(?:/(?:[\w.+-]+|` + variable + `))+/?` +
		`|\$` + // as in $(date)
		`|GET|POST|PUT|PATCH|DELETE|HEAD|true|false` +
		`|(?i:Content-Type|Accept): ?(?:application/json|text/plain)` +
		`)$`).MatchString(word)
}

// isToken reports whether a text contains a long word of letters and digits, as in tokens.
func isToken(text string) bool {
	return slices.ContainsFunc(regexp.MustCompile(`[\w+=-]{24,}`).FindAllString(text, -1), func(word string) bool {
		return regexp.MustCompile(`[0-9]`).MatchString(word) && regexp.MustCompile(`[A-Za-z]`).MatchString(word)
	})
}

// withoutPath returns a URL after its scheme without the login, path and query, which may be secrets.
func withoutPath(rest string) string {
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		end = len(rest)
	}
	host, path := rest[:end], rest[end:]
	login := ""
	if at := strings.LastIndexByte(host, '@'); at >= 0 {
		login, host = secretMark+"@", host[at+1:]
	}
	if !regexp.MustCompile(`^(?:[\w.-]|`+variable+`)+(?::[0-9]+)?$`).MatchString(host) || isToken(host) {
		host = secretMark
	}
	if path != "/" && path != "" && !regexp.MustCompile(`^(?:/`+variable+`)+/?$`).MatchString(path) {
		path = "/" + secretMark
	}
	return login + host + path
}

// unquoted returns a word without the quotes around it, if it has no other quotes or escapes.
func unquoted(word string) string {
	for _, quote := range []string{`"`, `'`} {
		inner := strings.TrimSuffix(strings.TrimPrefix(word, quote), quote)
		if len(inner) == len(word)-2 && !strings.ContainsAny(inner, `"'`) {
			return inner
		}
	}
	return word
}
