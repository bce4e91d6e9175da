package picture

import (
	"context"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// InTmux returns a function that reports whether the terminal in which tmux runs can show images. It returns nil if the
// program does not run in tmux. environ is the environment for the program tmux.
func InTmux(environ []string) func(ctx context.Context) bool {
	isSet := false
	for _, entry := range environ {
		isSet = isSet || strings.HasPrefix(entry, "TMUX=") && entry != "TMUX="
	}
	if !isSet {
		return nil
	}
	return func(ctx context.Context) bool {
		ctx, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel()
		command := exec.CommandContext(ctx, "tmux", "display-message", "-p", "#{client_termtype}")
		command.Env = environ
		name, err := command.Output()
		return err == nil && hasPlaceholders(string(name))
	}
}

// hasPlaceholders reports whether a terminal supports Unicode placeholders, which are characters that the terminal
// replaces with an image. It decides by the name and version of the terminal, such as "kitty(0.35.2)", because
// terminals have no query for this feature.
func hasPlaceholders(name string) bool {
	if strings.HasPrefix(name, "ghostty") {
		return true
	}
	version := regexp.MustCompile(`^kitty\((\d+)\.(\d+)`).FindStringSubmatch(name)
	if version == nil {
		return false
	}
	major, _ := strconv.Atoi(version[1])
	minor, _ := strconv.Atoi(version[2])
	const since = 28 // kitty 0.28
	return major > 0 || minor >= since
}
