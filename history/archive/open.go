package archive

import "strings"

// Config contains the location of an archive, and how to connect to it.
type Config struct {
	// Location is a directory, or "s3://bucket/prefix".
	Location string
	// Spool is a local folder for items that are not uploaded to a bucket yet. If it is empty, items are uploaded
	// immediately. If Location is a directory, Spool is ignored.
	Spool string
	// Endpoint is the address of an S3-compatible service, such as "https://s3.example.com". If it is empty, the
	// environment variable AWS_ENDPOINT_URL_S3 or AWS_ENDPOINT_URL is used. If these are also empty, the service is
	// AWS.
	Endpoint string
	// Region is the region of the bucket. If it is empty, the environment variable AWS_REGION or AWS_DEFAULT_REGION is
	// used. If these are also empty, the service is asked for the region.
	Region string
}

const bucketScheme = "s3://"

// Open returns the archive at a location. Open does not connect to a bucket, and does not create a directory.
//
// If there is a spool, the method Write of the archive stores items for a bucket in the spool and returns
// [history.ErrArchivePending]. The method Deliver then uploads these items. The credentials for a bucket come from the
// usual AWS variables, the AWS files, or the machine's role.
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
