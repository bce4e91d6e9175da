package archive

import "strings"

// Config says where an archive is, and how to reach it.
type Config struct {
	// Location is a directory, or "s3://bucket/prefix".
	Location string
	// Spool is a local folder for items that are waiting to be uploaded to a bucket. If it is empty, items are uploaded
	// at once. It is not used if Location is a directory.
	Spool string
	// Endpoint is the address of an S3-compatible service other than AWS, such as "https://s3.example.com". If it is
	// empty, the variables AWS_ENDPOINT_URL_S3 and AWS_ENDPOINT_URL are used.
	Endpoint string
	// Region is the region of the bucket. If it is empty, the variables AWS_REGION and AWS_DEFAULT_REGION are used. If
	// these are also empty, the service is asked.
	Region string
}

// bucketScheme is the start of the location of a bucket.
const bucketScheme = "s3://"

// Open returns the archive at a location. It does not connect to a bucket, and does not create a directory.
//
// If there is a spool, items for a bucket are first stored there: Write returns [history.ErrArchivePending], and
// Deliver uploads them. The credentials for a bucket come from the usual AWS variables, the AWS files, or the machine's
// role.
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
