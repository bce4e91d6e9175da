// Package inmemory sends HTTP requests to a handler without a network, so that tests can run in a bubble of
// testing/synctest.
package inmemory

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
)

// Transport returns a transport that calls handler directly. The client gets the same results as from a server. If a
// response is shorter than its Content-Length, or if the handler panics with [http.ErrAbortHandler], reading the body
// returns [io.ErrUnexpectedEOF]. If the request's context ends, the body ends too.
//
// As with a server, the handler runs until it has written everything or the request's context ends. The client must
// therefore read the response's body to its end, or close it.
func Transport(handler http.Handler) http.RoundTripper { return transport{handler} }

type transport struct{ handler http.Handler }

// RoundTrip serves one request; it returns as soon as the handler has written its header.
func (t transport) RoundTrip(request *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithCancel(request.Context())
	served := request.Clone(ctx)
	served.RequestURI = request.URL.RequestURI()
	served.RemoteAddr = "127.0.0.1:0"
	if served.Host == "" {
		served.Host = request.URL.Host
	}
	if served.Body == nil {
		served.Body = http.NoBody
	}

	reader, writer := io.Pipe()
	stop := context.AfterFunc(ctx, func() { writer.CloseWithError(context.Cause(ctx)) })
	w := &responseWriter{
		request:  request,
		header:   http.Header{},
		answered: make(chan *http.Response, 1),
		writer:   writer,
		body:     responseBody{PipeReader: reader, cancel: cancel},
		declared: -1,
	}
	failed := make(chan error, 1)
	go func() {
		defer cancel()
		defer stop()
		err := w.serve(t.handler, served)
		if err == nil {
			err = context.Cause(ctx) // the handler stopped early and has not written everything
		}
		_ = served.Body.Close()
		if err != nil && !w.wroteHeader {
			failed <- err
		}
		writer.CloseWithError(err)
	}()
	select {
	case response := <-w.answered:
		return response, nil
	case err := <-failed:
		return nil, err
	case <-request.Context().Done():
		return nil, context.Cause(request.Context())
	}
}

// responseBody is the body that the client reads. Closing the body ends the handler.
type responseBody struct {
	*io.PipeReader
	cancel context.CancelFunc
}

// Close discards the rest of the body.
func (b responseBody) Close() error {
	defer b.cancel()
	return b.PipeReader.Close()
}

// responseWriter is the handler's side of a request.
type responseWriter struct {
	request     *http.Request
	header      http.Header
	wroteHeader bool
	answered    chan *http.Response
	writer      *io.PipeWriter
	body        responseBody
	declared    int64 // Content-Length; -1 if not declared
	written     int64
	bodiless    bool
}

// serve runs the handler. If the handler panics, serve returns the error that the client gets when it reads the rest of
// the body; otherwise nil.
func (w *responseWriter) serve(handler http.Handler, request *http.Request) (err error) {
	defer func() {
		switch p := recover(); p {
		case nil:
		case http.ErrAbortHandler:
			err = io.ErrUnexpectedEOF
		default:
			err = fmt.Errorf("the handler of %s %s panicked: %v", request.Method, request.URL.Path, p)
		}
	}()
	handler.ServeHTTP(w, request)
	w.WriteHeader(http.StatusOK)
	if !w.bodiless && w.declared > w.written {
		return io.ErrUnexpectedEOF
	}
	return nil
}

// Header returns the header to send.
func (w *responseWriter) Header() http.Header { return w.header }

// WriteHeader passes the response to the client. Only the first call has an effect.
func (w *responseWriter) WriteHeader(status int) {
	if w.wroteHeader {
		return
	}
	w.wroteHeader = true
	header := w.header.Clone()
	if length, err := strconv.ParseInt(header.Get("Content-Length"), 10, 64); err == nil && length >= 0 {
		w.declared = length
	}
	response := &http.Response{
		Status:        strconv.Itoa(status) + " " + http.StatusText(status),
		StatusCode:    status,
		Proto:         "HTTP/1.1",
		ProtoMajor:    1,
		ProtoMinor:    1,
		Header:        header,
		Body:          w.body,
		ContentLength: w.declared,
		Request:       w.request,
	}
	w.bodiless = w.request.Method == http.MethodHead || status == http.StatusNoContent || status == http.StatusNotModified
	if w.bodiless {
		response.Body = http.NoBody
		response.ContentLength = max(0, w.declared)
	}
	w.answered <- response
}

// Write sends a piece of the body and waits until the client has read it.
func (w *responseWriter) Write(p []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	if w.bodiless {
		return len(p), nil
	}
	if w.declared >= 0 && w.written+int64(len(p)) > w.declared {
		return 0, http.ErrContentLength
	}
	n, err := w.writer.Write(p)
	w.written += int64(n)
	return n, err
}

// Flush sends the header if it has not been sent yet.
func (w *responseWriter) Flush() { w.WriteHeader(http.StatusOK) }
