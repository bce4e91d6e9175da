package archive

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strings"

	"sbwatch/history"
)

const (
	// extension is that of archived items.
	extension = ".ndjson.zst"
	// parquetExtension is that of exported items.
	parquetExtension = ".parquet"
	// noRecipe is Hive's name for a partition without a value. Readers of partitions take it for null.
	noRecipe = "__HIVE_DEFAULT_PARTITION__"
	// serviceHost is the host of the service. Runs of other hosts have theirs in the name.
	serviceHost = "api.webscrape.ai"
	// maxEscaped is the maximum length of an escaped id; of a longer one, keptEscaped bytes and a hash are left.
	maxEscaped, keptEscaped = 64, 24
	// hashBytes is the number of bytes of the hash of a long id.
	hashBytes = 16
)

// Name returns the name under which the items of a run are kept: "recipe=ID/TIME-RUN.ndjson.zst". TIME is when the run started, in
// UTC. Two machines that record the same run get the same name.
//
// Ids come from outside. All bytes of an id except ASCII letters, digits, "-" and "_" become "%" and two hexadecimal digits, as in
// Hive, so that names are safe in all file systems and buckets and partitions are read as the ids that they were. An id that is
// longer than 64 bytes then is cut and gets a hash instead.
func Name(r *history.Record) string { return stem(r) + extension }

// parquetName returns the name under which the items of a run are exported.
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

// escape returns an id as a part of a name.
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

// isName reports whether a name could be one of [Name]. Names are read from a store that others may write to, so any other name
// must not lead to a file.
func isName(name string) bool {
	return regexp.MustCompile(`^recipe=[0-9A-Za-z_%~-]{1,80}/[0-9]{8,12}T[0-9]{6}Z-[0-9A-Za-z_%~@-]{1,200}\.ndjson\.zst$`).MatchString(name)
}
