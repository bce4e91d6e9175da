package webhook

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"strings"
)

const (
	// SecretVariable is the name of the environment variable that may contain the secret.
	SecretVariable = "SBWATCH_WEBHOOK_SECRET"
	// SecretHeader is the header that may contain the secret. The secret is then not needed in the path.
	SecretHeader = "X-Webhook-Secret"
)

// Limits on the length of a secret, in bytes. A shorter secret could be guessed.
const (
	minSecret = 16
	maxSecret = 512
)

// CheckSecret returns an error if a secret is too short or too long, or cannot be part of a URL or a header. The error
// does not contain the secret.
func CheckSecret(secret string) error {
	isOther := func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune(`?#%"<>\`, r) }
	switch {
	case secret == "":
		return errors.New("no webhook secret")
	case len(secret) < minSecret:
		return fmt.Errorf("the webhook secret is shorter than %d characters", minSecret)
	case len(secret) > maxSecret:
		return fmt.Errorf("the webhook secret is longer than %d characters", maxSecret)
	case strings.ContainsFunc(secret, isOther):
		return errors.New("the webhook secret has characters that must be escaped in a URL")
	case strings.Contains(secret, "//") || strings.HasPrefix(secret, "/") || strings.HasSuffix(secret, "/") || strings.Contains("/"+secret+"/", "/./") ||
		strings.Contains("/"+secret+"/", "/../"):
		return errors.New("the webhook secret has slashes or dots that clients and proxies may remove")
	default:
		return nil
	}
}

// secret compares texts with a secret. The duration of a comparison does not reveal how much of a text is correct.
type secret struct {
	hash [sha256.Size]byte
	size int
}

func newSecret(text string) secret { return secret{sha256.Sum256([]byte(text)), len(text)} }

func (s secret) equals(text string) bool {
	hash := sha256.Sum256([]byte(text))
	return subtle.ConstantTimeCompare(hash[:], s.hash[:]) == 1
}

// isIn reports whether a request contains the secret, in the header or as the last part of the path. A proxy may have
// added a prefix to the path.
func (s secret) isIn(r *http.Request) bool {
	end := r.URL.Path
	if start := len(end) - s.size; start > 0 && end[start-1] == '/' {
		end = end[start:]
	}
	inPath, inHeader := s.equals(end), s.equals(r.Header.Get(SecretHeader))
	return inPath || inHeader
}
