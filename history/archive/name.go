package archive

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strings"

	"sbwatch/history"
)

const (
	// extension is the file name extension of archived items.
	extension = ".ndjson.zst"
	// parquetExtension is the file name extension of exported items.
	parquetExtension = ".parquet"
	// noRecipe is the name that Hive uses for a partition without a value. Programs that read partitions treat it as
	// null.
	noRecipe = "__HIVE_DEFAULT_PARTITION__"
	// serviceHost is the host of the service. The file names of runs on any other host contain the host.
	serviceHost = "api.webscrape.ai"
	// maxEscaped is the maximum length of an escaped id. A longer id is replaced with its first keptEscaped bytes and a
	// hash.
	maxEscaped, keptEscaped = 64, 24
	// hashBytes is the number of bytes of the hash for a long id.
	hashBytes = 16
)

// Name returns the name of the file for the items of a run: "recipe=ID/TIME-RUN.ndjson.zst". TIME is the start of the
// run in UTC. Two machines that record the same run use the same name.
//
// Ids come from outside and may contain any bytes. ASCII letters, digits, "-" and "_" are kept. Any other byte becomes
// "%" and two hexadecimal digits, as in Hive. So names are safe in all file systems and buckets, and other programs can
// restore the id. If the escaped id is longer than 64 bytes, it is cut, and a hash is added.
func Name(r *history.Record) string { return stem(r) + extension }

// parquetName returns the name of the file to which the items of a run are exported.
func parquetName(r *history.Record) string { return stem(r) + parquetExtension }

func stem(r *history.Record) string {
	recipe := noRecipe
	if !r.RecipeID.IsEmpty() {
		recipe = escape(r.RecipeID.Raw())
	}
	at := r.At()
	if at.IsZero() {
		at = r.CompletedAt
	}
	name := "recipe=" + recipe + "/" + at.UTC().Format("20060102T150405Z") + "-" + escape(r.ID.Raw())
	if r.Host != serviceHost {
		name += "@" + escape(r.Host)
	}
	return name
}

// escape returns an id as a part of a file name: see [Name].
func escape(id string) string {
	const digits = "0123456789ABCDEF"
	escaped := make([]byte, 0, len(id))
	for i := range len(id) {
		switch c := id[i]; {
		case isPlain(c) && id != noRecipe:
			escaped = append(escaped, c)
		default:
			escaped = append(escaped, '%', digits[c>>4], digits[c&0xf])
		}
		if len(escaped) > maxEscaped {
			hash := sha256.Sum256([]byte(id))
			kept := escaped[:keptEscaped]
			if cut := strings.LastIndexByte(string(kept), '%'); cut > keptEscaped-len("%00") {
				kept = kept[:cut]
			}
			return string(kept) + "~" + hex.EncodeToString(hash[:hashBytes])
		}
	}
	return string(escaped)
}

func isPlain(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_'
}

// isName reports whether name has the form that [Name] returns. A name of any other form must not be used to open a
// file, because other people may write to the store that contains the names.
func isName(name string) bool {
	return regexp.MustCompile(`^recipe=[0-9A-Za-z_%~-]{1,80}/[0-9]{8,12}T[0-9]{6}Z-[0-9A-Za-z_%~@-]{1,200}\.ndjson\.zst$`).MatchString(name)
}
