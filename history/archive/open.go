package archive

import "strings"

// Config says where an archive is.
type Config struct {
	// Location is a directory, or "s3://bucket/prefix".
	Location string
	// Spool is a folder of this machine for items on their way to a bucket; without it they are uploaded at once. It is not used for a
	// directory.
	Spool string
	// Endpoint is the address of an S3-compatible service other than AWS: "https://s3.example.com". Unless it is set, the
	// variables AWS_ENDPOINT_URL_S3 and AWS_ENDPOINT_URL are used.
	Endpoint string
	// Region is that of the bucket. Unless it is set, the variables AWS_REGION and AWS_DEFAULT_REGION are used, or the service is
	// asked.
	Region string
}

// bucketScheme begins the location of a bucket.
const bucketScheme = "s3://"

// Open returns the archive at a location. It neither connects nor creates anything.
//
// Items for a bucket are first kept in the spool, if there is one: Write returns [history.ErrArchivePending], and Deliver uploads them. Credentials for a
// bucket come from the usual AWS variables, the AWS files, or the machine's role.
func Open(c Config) (*Archiver, error) {
	if !strings.HasPrefix(c.Location, bucketScheme) {
		return NewDirectory(c.Location), nil
	}
	b, err := newBucket(c)
	if err != nil {
		return nil, err
	}
	return &Archiver{b}, nil
}
