package archive_test

import (
	"cmp"
	"context"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"sbwatch/files/read"
	"sbwatch/history"
	"sbwatch/history/archive"
	"sbwatch/model/item"
)

// testBucket is the bucket that the tests use.
const testBucket = "sbwatch-test"

// s3Endpoint returns the address of the S3 service of the test environment, and creates the test bucket. The
// credentials come from the usual AWS variables.
func s3Endpoint(t *testing.T) string {
	t.Helper()
	endpoint := os.Getenv("SBWATCH_TEST_S3")
	if endpoint == "" {
		t.Skip("SBWATCH_TEST_S3 is not set: give the address of an S3 service, as .ci/run does")
	}
	client, err := minio.New(strings.TrimPrefix(endpoint, "http://"), &minio.Options{Creds: credentials.NewEnvAWS()})
	if err != nil {
		t.Fatal(err)
	}
	err = client.MakeBucket(t.Context(), testBucket, minio.MakeBucketOptions{})
	if code := minio.ToErrorResponse(err).Code; err != nil && code != minio.BucketAlreadyOwnedByYou && code != minio.BucketAlreadyExists {
		t.Fatal(err)
	}
	return endpoint
}

func openBucket(t *testing.T, endpoint string) *archive.Archiver {
	t.Helper()
	a, err := archive.Open(archive.Config{
		Location: "s3://" + testBucket + "/" + strings.NewReplacer("/", "-", " ", "_").Replace(t.Name()) + "/x y/",
		Spool:    filepath.Join(t.TempDir(), "spool"), Endpoint: endpoint,
	})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// delivered is an archive that uploads items at once, as a recorder does.
type delivered struct{ *archive.Archiver }

func (d delivered) Write(ctx context.Context, r *history.Record, items item.Table) (history.Archive, error) {
	kept, err := d.Archiver.Write(ctx, r, items)
	if errors.Is(err, history.ErrArchivePending) {
		err = d.Deliver(ctx, kept)
	}
	return kept, err
}

func TestBucket(t *testing.T) {
	testArchiver(t, delivered{openBucket(t, s3Endpoint(t))})
}

func TestBucketWithoutASpool(t *testing.T) {
	t.Chdir(t.TempDir())
	a, err := archive.Open(archive.Config{Location: "s3://" + testBucket, Endpoint: s3Endpoint(t)})
	if err != nil {
		t.Fatal(err)
	}
	testArchiver(t, a)
	if n := countFiles(t, "."); n != 0 {
		t.Errorf("%d files were written to the current folder", n)
	}
}

// countFiles returns the number of files below a folder.
func countFiles(t *testing.T, folder string) int {
	t.Helper()
	count := 0
	_ = filepath.WalkDir(folder, func(_ string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			count++
		}
		return nil
	})
	return count
}

func TestBucketIsDeliveredWhenItCanBeReached(t *testing.T) {
	endpoint := s3Endpoint(t)
	var isDown atomic.Bool
	var headers atomic.Pointer[http.Header]
	gate := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if isDown.Load() {
			http.Error(w, "<Error><Code>NotImplemented</Code></Error>", http.StatusNotImplemented)
			return
		}
		headers.Store(new(r.Header.Clone()))
		proxy := &httputil.ReverseProxy{Rewrite: func(p *httputil.ProxyRequest) {
			p.Out.URL.Scheme, p.Out.URL.Host = "http", strings.TrimPrefix(endpoint, "http://")
			p.Out.Host = p.In.Host
		}}
		proxy.ServeHTTP(w, r)
	}))
	defer gate.Close()
	t.Setenv("WEBSCRAPE_API_KEY", "sb_live_secret")
	spool := filepath.Join(t.TempDir(), "spool")
	a, err := archive.Open(archive.Config{Location: "s3://" + testBucket + "/down", Spool: spool, Endpoint: gate.URL})
	if err != nil {
		t.Fatal(err)
	}
	isDown.Store(true)
	kept, err := a.Write(t.Context(), recordOf("down"), itemsOf(t, `[1]`))
	if !errors.Is(err, history.ErrArchivePending) {
		t.Fatalf("writing: %v", err)
	}
	if err := a.Deliver(t.Context(), kept); err == nil {
		t.Error("delivered to a service that refuses everything")
	}
	if got := contentOf(t, a, kept); got != "1\n" || countFiles(t, spool) != 1 {
		t.Errorf("on this machine is %q", got)
	}
	isDown.Store(false)
	for range 2 {
		if err := a.Deliver(t.Context(), kept); err != nil {
			t.Fatal(err)
		}
	}
	if got := contentOf(t, a, kept); got != "1\n" || countFiles(t, spool) != 0 {
		t.Errorf("in the bucket is %q, and %d files are left", got, countFiles(t, spool))
	}
	for name, values := range *headers.Load() {
		if strings.Contains(strings.Join(values, " "), "sb_live_secret") {
			t.Errorf("the header %s has the key of SmartBrowse", name)
		}
	}
	if err := a.Remove(t.Context(), kept); err != nil {
		t.Fatal(err)
	}
}

func TestBucketSaysWhatIsWrong(t *testing.T) {
	for name, test := range map[string]struct {
		status     int
		code, want string
	}{
		"no bucket":  {http.StatusNotFound, "NoSuchBucket", "s3://bucket/p: there is no such bucket: create it, or correct the name"},
		"no access":  {http.StatusForbidden, "AccessDenied", "s3://bucket/p: access denied (AccessDenied): check the credentials and their permissions"},
		"wrong key":  {http.StatusForbidden, "InvalidAccessKeyId", "s3://bucket/p: access denied (InvalidAccessKeyId): check the credentials and their permissions"},
		"other ones": {http.StatusBadRequest, "InvalidRequest", "s3://bucket/p: no good"},
	} {
		t.Run(name, func(t *testing.T) {
			setKeys(t)
			service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/xml")
				w.WriteHeader(test.status)
				_, _ = io.WriteString(w, "<Error><Code>"+test.code+"</Code><Message>no good</Message></Error>")
			}))
			defer service.Close()
			a, err := archive.Open(archive.Config{Location: "s3://bucket/p", Spool: t.TempDir(), Endpoint: service.URL, Region: "eu-central-1"})
			if err == nil {
				_, err = a.WriteParquet(t.Context(), recordOf("x"), itemsOf(t, `[{"a":1}]`))
			}
			if err == nil || err.Error() != test.want {
				t.Errorf("the error is %v, want %s", err, test.want)
			}
		})
	}
}

func TestBucketOutOfReach(t *testing.T) {
	setKeys(t)
	service := httptest.NewServer(http.NotFoundHandler())
	address := service.Listener.Addr().String()
	service.Close()
	a, err := archive.Open(archive.Config{Location: "s3://bucket/p", Endpoint: "http://" + address, Region: "eu-central-1"})
	if err == nil {
		_, err = a.WriteParquet(t.Context(), recordOf("x"), itemsOf(t, `[{"a":1}]`))
	}
	if err == nil || !strings.HasPrefix(err.Error(), "s3://bucket/p: dial tcp "+address) {
		t.Errorf("the error is %v", err)
	}
}

// setKeys sets credentials that are not valid.
func setKeys(t *testing.T) {
	t.Helper()
	t.Setenv("AWS_ACCESS_KEY_ID", "id")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
}

func TestBucketNeedsCredentials(t *testing.T) {
	for _, name := range []string{"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_ACCESS_KEY", "AWS_SECRET_KEY", "AWS_PROFILE"} {
		t.Setenv(name, "")
	}
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
	folder := t.TempDir()
	t.Setenv("AWS_CONFIG_FILE", filepath.Join(folder, "config"))
	credentialFile := filepath.Join(folder, "credentials")
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", credentialFile)
	var used atomic.Pointer[string]
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		used.Store(new(r.Header.Get("Authorization")))
	}))
	defer service.Close()
	export := func() error {
		a, err := archive.Open(archive.Config{Location: "s3://bucket", Endpoint: service.URL, Region: "eu-central-1"})
		if err != nil {
			return err
		}
		_, err = a.WriteParquet(t.Context(), recordOf("x"), itemsOf(t, `[{"a":1}]`))
		return err
	}
	if err := export(); err == nil || !strings.HasPrefix(err.Error(), "s3://bucket: no credentials: set AWS_ACCESS_KEY_ID") || used.Load() != nil {
		t.Errorf("without credentials: %v", err)
	}
	if err := os.WriteFile(credentialFile, []byte("[team]\naws_access_key_id = TEAMKEY\naws_secret_access_key = x\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("AWS_PROFILE", "team")
	if err := export(); err != nil || !strings.Contains(*cmp.Or(used.Load(), new("")), "Credential=TEAMKEY/") || !strings.Contains(*used.Load(), "/eu-central-1/s3/") {
		t.Errorf("with a profile: %v, %v", err, used.Load())
	}
}

func TestOpenRefusesWhatIsNoBucket(t *testing.T) {
	for _, c := range []archive.Config{
		{Location: "s3://"}, {Location: "s3:///prefix"}, {Location: "s3://No bucket/x"}, {Location: "s3://bucket", Endpoint: "ftp://x"}, {Location: "s3://bucket", Endpoint: "https://"},
	} {
		if a, err := archive.Open(c); err == nil {
			t.Errorf("%+v opened %v", c, a)
		}
	}
}

func TestExportAsParquet(t *testing.T) {
	root := t.TempDir()
	testExport(t, archive.NewDirectory(root), func(name string) (io.ReadCloser, error) { return os.Open(filepath.Join(root, name)) })
}

func TestExportAsParquetToABucket(t *testing.T) {
	endpoint := s3Endpoint(t)
	a, err := archive.Open(archive.Config{Location: "s3://" + testBucket + "/parquet", Endpoint: endpoint})
	if err != nil {
		t.Fatal(err)
	}
	client, err := minio.New(strings.TrimPrefix(endpoint, "http://"), &minio.Options{Creds: credentials.NewEnvAWS()})
	if err != nil {
		t.Fatal(err)
	}
	testExport(t, a, func(name string) (io.ReadCloser, error) {
		return client.GetObject(t.Context(), testBucket, "parquet/"+name, minio.GetObjectOptions{})
	})
}

func testExport(t *testing.T, a *archive.Archiver, open func(name string) (io.ReadCloser, error)) {
	t.Helper()
	name, err := a.WriteParquet(t.Context(), recordOf("m3Yc2tFvN8q"), itemsOf(t, `[{"name":"a","price":1.5},{"name":"b"}]`))
	if err != nil || name != "recipe=m3Yc2tFvN8q/20261002T030000Z-m3Yc2tFvN8q-run1.parquet" {
		t.Fatalf("written to %q, %v", name, err)
	}
	file, err := open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	got, err := read.Open(file, read.Options{Name: name})
	if err != nil || got.Items.Len() != 2 || string(got.Items.Row(0)) != `{"name":"a","price":1.5}` {
		t.Errorf("read %d items, %v", got.Items.Len(), err)
	}
}
