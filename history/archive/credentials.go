package archive

import (
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"time"

	"github.com/minio/minio-go/v7/pkg/credentials"
)

// roleTimeout is the maximum time to wait for the credentials of the machine's role. On most machines, nothing answers
// a request for these credentials.
const roleTimeout = 2 * time.Second

// errNoCredentials is the error for a bucket without credentials.
var errNoCredentials = errors.New("no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE to a profile of ~/.aws/credentials")

// credentialsOf returns the first credentials that it finds in the environment, the AWS files, or the role of the
// machine.
func credentialsOf(transport http.RoundTripper) *credentials.Credentials {
	search := &credentialSearch{providers: []credentials.Provider{&credentials.EnvAWS{}, &credentials.FileAWSCredentials{}}}
	if os.Getenv("AWS_EC2_METADATA_DISABLED") != "true" {
		client := &http.Client{Transport: transport, Timeout: roleTimeout}
		search.providers = append(search.providers, &credentials.IAM{Client: client})
	}
	return credentials.New(search)
}

// credentialSearch is a provider that asks several providers in turn. Unlike the library's own chain of providers, it
// returns an error if none of them has credentials.
type credentialSearch struct {
	providers []credentials.Provider
	found     credentials.Provider
}

// Retrieve implements [credentials.Provider].
func (s *credentialSearch) Retrieve() (credentials.Value, error) {
	return s.RetrieveWithCredContext(nil)
}

// RetrieveWithCredContext implements [credentials.Provider].
func (s *credentialSearch) RetrieveWithCredContext(c *credentials.CredContext) (credentials.Value, error) {
	var why error
	for i, provider := range s.providers {
		value, err := provider.RetrieveWithCredContext(c)
		if err == nil && value.AccessKeyID != "" && value.SecretAccessKey != "" {
			s.found = provider
			return value, nil
		}
		if isFile := i == 1; isFile && err != nil && !errors.Is(err, fs.ErrNotExist) {
			why = err
		}
	}
	if why != nil {
		return credentials.Value{}, fmt.Errorf("%w (%w)", errNoCredentials, why)
	}
	return credentials.Value{}, errNoCredentials
}

// IsExpired implements [credentials.Provider].
func (s *credentialSearch) IsExpired() bool { return s.found == nil || s.found.IsExpired() }
