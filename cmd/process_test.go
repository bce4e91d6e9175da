package cmd

import (
	"os"
	"syscall"
	"time"
)

// afterwards delivers a signal after some time.
func afterwards(wait time.Duration, signal syscall.Signal) <-chan os.Signal {
	signals := make(chan os.Signal, 1)
	time.AfterFunc(wait, func() { signals <- signal })
	return signals
}
