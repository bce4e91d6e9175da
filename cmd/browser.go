package cmd

import (
	"errors"
	"fmt"
	"net/url"
	"os/exec"
	"runtime"
	"time"
)

// browserPatience is how long the system's opener is waited for. Some stay for as long as the browser does.
const browserPatience = 3 * time.Second

// openURL shows a web page in the user's browser. The address was scraped from somewhere, so nothing but the web is
// opened; nothing that the opener says reaches our terminal, and it does not get the API key.
func (p *program) openURL(address string) error {
	page, err := webAddress(address)
	if err != nil {
		return err
	}
	opener := browserCommand(runtime.GOOS, page)
	opener.Env = p.childEnviron()
	detach(opener)
	if err := opener.Start(); err != nil {
		return fmt.Errorf("no browser could be opened: %s cannot be run", opener.Args[0])
	}
	ended := make(chan error, 1)
	go func() { ended <- opener.Wait() }()
	select {
	case err := <-ended:
		if err != nil {
			return fmt.Errorf("no browser could be opened: %s ended with %v", opener.Args[0], err) //nolint:errorlint // only shown
		}
	case <-time.After(browserPatience):
	}
	return nil
}

// webAddress checks an address and writes it so that it holds nothing but an address.
func webAddress(address string) (string, error) {
	page, err := url.Parse(address)
	if err != nil || (page.Scheme != "http" && page.Scheme != "https") || page.Host == "" {
		return "", errors.New("not the address of a web page: it does not begin with http:// or https://")
	}
	return page.String(), nil
}

// browserCommand is the program that opens pages on an operating system.
func browserCommand(goos, page string) *exec.Cmd {
	switch goos {
	case "darwin":
		return exec.Command("open", page) //nolint:noctx // it may outlive us
	case "windows":
		return exec.Command("rundll32", "url.dll,FileProtocolHandler", page) //nolint:noctx // as above
	default:
		return exec.Command("xdg-open", page) //nolint:noctx // as above
	}
}
