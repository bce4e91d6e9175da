// Package browser opens web pages in the user's browser.
package browser

import (
	"errors"
	"fmt"
	"net/url"
	"os/exec"
	"runtime"
	"time"
)

// openTimeout is how long Open waits for an error of the program that opens the page, such as xdg-open. Open does not
// wait for the end of that program, which may run until the browser is closed.
const openTimeout = 3 * time.Second

// Open opens a web page in the user's browser. The address may come from scraped items and is therefore untrusted: Open
// accepts only http and https addresses. Open starts another program, such as xdg-open, and discards its output.
//
// environ is the environment of that program, as a list of name=value. It must not be nil, because package os/exec
// replaces nil with the environment of this process.
func Open(address string, environ []string) error {
	page, err := webAddress(address)
	if err != nil {
		return err
	}
	opener := command(runtime.GOOS, page)
	opener.Env = environ
	detach(opener)
	if err := opener.Start(); err != nil {
		return fmt.Errorf("cannot open a browser: %s cannot be started", opener.Args[0])
	}
	ended := make(chan error, 1)
	go func() { ended <- opener.Wait() }()
	select {
	case err := <-ended:
		if err != nil {
			return fmt.Errorf("cannot open a browser: %s failed (%v)", opener.Args[0], err) //nolint:errorlint // only shown to the user
		}
	case <-time.After(openTimeout):
	}
	return nil
}

// webAddress returns the normalized form of an http or https address. It returns an error for any other address.
func webAddress(address string) (string, error) {
	page, err := url.Parse(address)
	if err != nil || (page.Scheme != "http" && page.Scheme != "https") || page.Host == "" {
		return "", errors.New("not a web page: the URL does not start with http:// or https://")
	}
	return page.String(), nil
}

// command returns the command that opens a page in the browser. goos is the operating system, as in [runtime.GOOS].
func command(goos, page string) *exec.Cmd {
	switch goos {
	case "darwin":
		return exec.Command("open", page) //nolint:noctx // it may outlive this process
	case "windows":
		return exec.Command("rundll32", "url.dll,FileProtocolHandler", page) //nolint:noctx // as above
	default:
		return exec.Command("xdg-open", page) //nolint:noctx // as above
	}
}
