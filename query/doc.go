// Package query asks a table of items questions that take a while, spread over all cores: filters, searches, sorts,
// profiles.
package query
