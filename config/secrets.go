package config

import (
	"regexp"
	"strings"
)

// secretMark is shown instead of a secret.
const secretMark = "xxxxx"

// secretName matches the name of a setting, variable or header whose value is probably a secret.
const secretName = `(?:` +
	`[\w.-]*(?:token|secret|passw|passphrase|pwd|api[_-]?key|access[_-]?key|private[_-]?key|credential|cookie|authorization)[\w.-]*` +
	`|\b(?:[\w.-]*[_.-])?(?:pass|auth|key)(?:[_.-][\w.-]*)?)`

// secretValue matches a value: text, quoted text and escaped characters without spaces between them. References to
// variables, such as $TOKEN, are not secrets, but their default values may be.
const secretValue = `\\"[^"$][^"]*"` +
	`|(?:"(?:[^"\\$]|\\.)(?:[^"\\]|\\.)*"|\$?'[^'$][^']*')(?:"(?:[^"\\]|\\.)*"|'[^']*'|\\.|[^\s"';&|<>()\\},\]])*` +
	`|(?:\$\{\w+:?[-=+?][^}]*\}|\\.|[^\s"'$;&|<>()\\])(?:"(?:[^"\\]|\\.)*"|'[^']*'|\\.|[^\s"';&|<>()\\])*`

// loginFlag matches a flag with a user name and a password as its value. It is the beginning of a group.
const loginFlag = `((?:^|\s)(?:-u|--user|--proxy-user|-a|--auth)[\s=]*`

// WithoutSecrets returns a command line with what looks like a secret replaced by "xxxxx": passwords and paths in URLs,
// values whose name says that they are secrets, such as --token=x, TOKEN=x or "X-Token: x", logins after -u or before @,
// and words that look like tokens. It cannot find all secrets, so the result is only for the user who wrote the command.
func WithoutSecrets(command string) string {
	for _, hide := range []struct{ pattern, with string }{
		{`(?i)("` + secretName + `:\s*)[^"$][^"]*`, `${1}` + secretMark},
		{`(?i)('` + secretName + `:\s*)[^'$][^']*`, `${1}` + secretMark},
		{`(?i)(\b(?:bearer|basic)\s+)[^\s"'$][^\s"']*`, `${1}` + secretMark},
		{`(?i)(` + secretName + `\\?["']?\s*[:=]\s*)(?:` + secretValue + `)(\s+` + secretMark + `)?`, `${1}` + secretMark},
		{`(?i)(--?` + secretName + `\s+)(?:` + secretValue + `)`, `${1}` + secretMark},
		{`(\bsshpass\s+-p\s*)(?:` + secretValue + `)`, `${1}` + secretMark},
		{`(\bmysql\w*\s(?:[^|;&]*\s)?-p)(?:` + secretValue + `)`, `${1}` + secretMark},
		{loginFlag + `")[^"$:]+:[^"]+`, `${1}` + secretMark},
		{loginFlag + `')[^'$:]+:[^']+`, `${1}` + secretMark},
		{loginFlag + `)[^\s"':$]+:[^\s"']+`, `${1}` + secretMark},
		{`(^|[\s"'])[^\s"'$:/@=]+:[^\s"'$:/@]+@`, `${1}` + secretMark + `@`},
		{`\b(?:wsg_\w+_|gh[opsur]_|github_pat_|glpat-|xox[a-z]-|sk-|sk_\w+_|AKIA|eyJ)[\w.-]{8,}`, secretMark},
	} {
		command = regexp.MustCompile(hide.pattern).ReplaceAllString(command, hide.with)
	}
	command = regexp.MustCompile(`\b[A-Za-z][A-Za-z0-9+.-]*://[^\s"'|;<>()]+`).ReplaceAllStringFunc(command, withoutPath)
	return regexp.MustCompile(`[\w+=-]{24,}`).ReplaceAllStringFunc(command, func(word string) string {
		if strings.ContainsAny(word, "0123456789") && strings.ContainsAny(strings.ToLower(word), "abcdefghijklmnopqrstuvwxyz") {
			return secretMark
		}
		return word
	})
}

// withoutPath returns an address without its login, path and query, which may be secrets.
func withoutPath(address string) string {
	scheme, rest, _ := strings.Cut(address, "://")
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		end = len(rest)
	}
	host, path := rest[:end], rest[end:]
	if at := strings.LastIndexByte(host, '@'); at >= 0 {
		host = secretMark + host[at:]
	}
	if strings.Trim(path, "/") != "" && !regexp.MustCompile(`^(?:/\$\{?\w+\}?)+/?$`).MatchString(path) {
		path = "/" + secretMark
	}
	return scheme + "://" + host + path
}
