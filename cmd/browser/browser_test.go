package browser

import (
	"slices"
	"strings"
	"testing"
)

func TestWebAddress(t *testing.T) {
	for address, want := range map[string]string{
		"https://shop.example/p/1?a=b&c=d#e": "https://shop.example/p/1?a=b&c=d#e",
		"http://shop.example":                "http://shop.example",
		"HTTPS://shop.example/$(reboot)":     "https://shop.example/$(reboot)",
		"https://shop.example/a b":           "https://shop.example/a%20b",
		"file:///etc/passwd":                 "",
		"javascript:alert(1)":                "",
		"vscode://x":                         "",
		"shop.example/p/1":                   "",
		"/p/1":                               "",
		"https://":                           "",
		"--help":                             "",
		"https://shop.example/\x1b]0;x\a":    "",
		"https://shop.example/\nfile:///x":   "",
		"":                                   "",
	} {
		got, err := webAddress(address)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q: got %q (%v), want %q", address, got, err, want)
		}
		if err != nil && strings.ContainsAny(err.Error(), "\x1b\n") {
			t.Errorf("the error %q contains the address %q", err, address)
		}
	}
}

func TestCommand(t *testing.T) {
	const page = "https://shop.example/"
	for goos, want := range map[string][]string{
		"darwin":  {"open", page},
		"windows": {"rundll32", "url.dll,FileProtocolHandler", page},
		"linux":   {"xdg-open", page},
		"freebsd": {"xdg-open", page},
	} {
		opener := command(goos, page)
		if !slices.Equal(opener.Args, want) {
			t.Errorf("%s: got %q, want %q", goos, opener.Args, want)
		}
		if opener.Stdin != nil || opener.Stdout != nil || opener.Stderr != nil {
			t.Errorf("%s: the opener is connected to our terminal", goos)
		}
	}
}

func TestOpenWithoutBrowser(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	if err := Open("https://shop.example/", []string{}); err == nil || !strings.Contains(err.Error(), "cannot open a browser") {
		t.Errorf("got error %v, want that no browser can be opened", err)
	}
}
