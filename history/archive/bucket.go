package archive

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"os"
	"path"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/s3utils"

	"sbwatch/history"
	"sbwatch/waitfile"
)

const (
	// partSize is the size, in bytes, of the parts in which large files are uploaded. uploads is the number of parts
	// that are in memory at the same time.
	partSize, uploads = 16 << 20, 2
	// dialTimeout is the maximum time to wait for a connection. attempts is the maximum number of attempts per request.
	dialTimeout, attempts = 10 * time.Second, 3
)

// bucket stores files in a bucket of an S3-compatible service, below an optional prefix.
type bucket struct {
	client       *minio.Client
	name, prefix string
	// spool holds the files that are not uploaded yet. If spool is empty, files are uploaded immediately.
	spool directory
}

// newBucket returns a bucket, without connecting to the service.
func newBucket(c Config) (*bucket, error) {
	name, prefix, _ := strings.Cut(strings.TrimPrefix(c.Location, bucketScheme), "/")
	prefix = strings.Trim(prefix, "/")
	if err := s3utils.CheckValidBucketName(name); err != nil {
		return nil, fmt.Errorf("%q does not name a bucket (%w): write s3://BUCKET/PREFIX", c.Location, err)
	}
	endpoint := firstOf(c.Endpoint, os.Getenv("AWS_ENDPOINT_URL_S3"), os.Getenv("AWS_ENDPOINT_URL"), "https://s3.amazonaws.com")
	if !strings.Contains(endpoint, "://") {
		endpoint = "https://" + endpoint
	}
	address, err := url.Parse(endpoint)
	if err != nil || address.Host == "" || address.Scheme != "http" && address.Scheme != "https" {
		return nil, fmt.Errorf("%q is not an address of an S3 service: write https://HOST", endpoint)
	}
	// This transport is not shared with the API client, so no setting for the API applies to it.
	transport, err := minio.DefaultTransport(address.Scheme == "https")
	if err != nil {
		return nil, err
	}
	transport.DialContext = (&net.Dialer{Timeout: dialTimeout}).DialContext
	client, err := minio.New(address.Host, &minio.Options{
		Creds: credentialsOf(transport), Secure: address.Scheme == "https", Transport: transport,
		Region:     firstOf(c.Region, os.Getenv("AWS_REGION"), os.Getenv("AWS_DEFAULT_REGION")),
		MaxRetries: attempts,
	})
	if err != nil {
		return nil, err
	}
	return &bucket{client: client, name: name, prefix: prefix, spool: directory(c.Spool)}, nil
}

// firstOf returns the first text that is not empty.
func firstOf(texts ...string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}

func (b *bucket) String() string { return strings.TrimSuffix(bucketScheme+b.name+"/"+b.prefix, "/") }

func (b *bucket) key(name string) string { return path.Join(b.prefix, name) }

// write stores a file in the spool, so that it is not lost if the network fails.
func (b *bucket) write(ctx context.Context, name string, write func(io.Writer) error) error {
	if b.spool == "" {
		return b.export(ctx, name, write)
	}
	if err := b.spool.write(ctx, name, write); err != nil {
		return err
	}
	return history.ErrArchivePending
}

// deliver uploads a file from the spool. Several processes may upload the same file at the same time, because they
// upload the same bytes.
func (b *bucket) deliver(ctx context.Context, name string) error {
	if b.spool == "" {
		return nil
	}
	file, err := waitfile.OpenRegular(b.spool.path(name), os.O_RDONLY)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	err = b.upload(ctx, name, file)
	if err := errors.Join(err, file.Close()); err != nil {
		return err
	}
	return b.spool.remove(ctx, name)
}

// export uploads a file directly, without the spool.
func (b *bucket) export(ctx context.Context, name string, write func(io.Writer) error) error {
	file, err := os.CreateTemp("", "sbwatch-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(file.Name()) }()
	err = write(file)
	if err == nil {
		_, err = file.Seek(0, io.SeekStart)
	}
	if err == nil {
		err = b.upload(ctx, name, file)
	}
	return errors.Join(err, file.Close())
}

// upload uploads a file. The file appears in the bucket only when it is complete.
func (b *bucket) upload(ctx context.Context, name string, file *os.File) error {
	info, err := file.Stat()
	if err != nil {
		return err
	}
	contentType := "application/zstd"
	if strings.HasSuffix(name, parquetExtension) {
		contentType = "application/vnd.apache.parquet"
	}
	_, err = b.client.PutObject(ctx, b.name, b.key(name), file, info.Size(), minio.PutObjectOptions{
		ContentType: contentType, PartSize: partSize, NumThreads: uploads,
	})
	return b.problem(ctx, err)
}

// open opens a file, in the bucket or in the spool.
func (b *bucket) open(ctx context.Context, name string) (io.ReadCloser, error) {
	if b.spool != "" {
		if file, err := b.spool.open(ctx, name); err == nil {
			return file, nil
		}
	}
	body, _, _, err := minio.Core{Client: b.client}.GetObject(ctx, b.name, b.key(name), minio.GetObjectOptions{})
	if err != nil {
		return nil, b.problem(ctx, err)
	}
	return body, nil
}

// remove removes a file from the bucket and from the spool.
func (b *bucket) remove(ctx context.Context, name string) error {
	if b.spool != "" {
		if err := b.spool.remove(ctx, name); err != nil {
			return err
		}
	}
	err := b.problem(ctx, b.client.RemoveObject(ctx, b.name, b.key(name), minio.RemoveObjectOptions{}))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// problem adds the name of the bucket and advice for the user to an error of the service. If a file does not exist, the
// error wraps [fs.ErrNotExist].
func (b *bucket) problem(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	switch response := minio.ToErrorResponse(err); {
	case response.Code == minio.NoSuchKey:
		return fmt.Errorf("%s: %w", b, fs.ErrNotExist)
	case response.Code == minio.NoSuchBucket:
		return fmt.Errorf("%s: there is no such bucket: create it, or correct the name", b)
	case response.StatusCode == http.StatusForbidden:
		return fmt.Errorf("%s: access denied (%s): check the credentials and their permissions", b, response.Code)
	}
	if failed, ok := errors.AsType[*url.Error](err); ok {
		err = failed.Err // leaves out the address, because the bucket is named anyway
	}
	return fmt.Errorf("%s: %w", b, err)
}
