// Package collected collects the messages that the tested code writes, for example for the user.
package collected

import (
	"slices"
	"sync"
)

// Lines is a list of lines. The zero value is empty. It is safe for concurrent use.
type Lines struct {
	mu  sync.Mutex
	all []string
}

// Add appends a line.
func (l *Lines) Add(line string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all = append(l.all, line)
}

// All returns all lines.
func (l *Lines) All() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.all)
}
