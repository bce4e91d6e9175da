// Package charset reads text in any encoding as valid UTF-8.
package charset
