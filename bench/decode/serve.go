package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"time"

	"sbwatch/bench/answers"
)

// serve answers each poll with the same body, which it generates in advance. When it is ready, it prints its base URL.
// It ends when stdin is closed.
func serve(stdin io.Reader, stdout io.Writer, items int) error {
	var body bytes.Buffer
	if err := answers.Write(&body, answers.HugeRecipe, items); err != nil {
		return err
	}
	var config net.ListenConfig
	listener, err := config.Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := http.Server{
		ReadHeaderTimeout: 10 * time.Second,
		Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("Content-Length", strconv.Itoa(body.Len()))
			// A client that disconnects is not an error.
			_, _ = w.Write(body.Bytes())
		}),
	}
	go func() {
		_, _ = io.Copy(io.Discard, stdin)
		_ = server.Close()
	}()
	if _, err := fmt.Fprintf(stdout, "http://%s/v1\n", listener.Addr()); err != nil {
		return err
	}
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
