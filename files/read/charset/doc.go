// Package charset converts text in any encoding to valid UTF-8.
package charset
