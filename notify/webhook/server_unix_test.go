//go:build unix

package webhook

import (
	"context"
	"errors"
	"path/filepath"
	"syscall"
	"testing"
)

// TestListenWaitsForACertificateUntilTheContextEnds uses a named pipe that nobody writes to as the certificate.
func TestListenWaitsForACertificateUntilTheContextEnds(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	interrupted := errors.New("interrupted")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(interrupted)
	if _, err := Listen(ctx, newReceiver(t), ServerOptions{Address: ":0", CertFile: pipe, KeyFile: pipe}); !errors.Is(err, interrupted) {
		t.Errorf("got error %v, want %v", err, interrupted)
	}
}
