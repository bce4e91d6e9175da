package faults

import (
	"bytes"
	"math/rand/v2"
)

// Broken returns a damaged copy of a file: with bits flipped, bytes removed, repeated, overwritten or inserted, the end
// cut off, or parts of another file inserted. One in ten copies is undamaged.
func Broken(seed uint64, file []byte, others ...[]byte) []byte {
	dice := newDice(seed, "file")
	broken := bytes.Clone(file)
	if dice.IntN(10) == 0 {
		return broken
	}
	for range 1 + dice.IntN(4) {
		broken = damage(dice, broken, others)
	}
	return broken
}

// damage makes one random change to a file.
func damage(dice *rand.Rand, file []byte, others [][]byte) []byte {
	from, to := randomRange(dice, len(file))
	switch dice.IntN(8) {
	case 0: // cut off the end
		return file[:from]
	case 1: // remove a range from the middle
		return append(file[:from:from], file[to:]...)
	case 2: // repeat a range
		copies := bytes.Repeat(file[from:to], 1+dice.IntN(20))
		return splice(file, to, copies)
	case 3: // insert random bytes
		return splice(file, from, []byte(randomBytes(dice)))
	case 4: // insert a syntax token
		return splice(file, from, []byte(pick(dice, tokens())))
	case 5: // insert a part of another file
		if len(others) == 0 {
			return file
		}
		other := pick(dice, others)
		begin, end := randomRange(dice, len(other))
		return splice(file, from, other[begin:end])
	case 6: // overwrite
		for i := from; i < min(to, from+8); i++ {
			file[i] = pick(dice, []byte{0, 0xff, 0x7f, 0x80, '"', '{', '\n', byte(dice.IntN(256))})
		}
		return file
	default: // flip bits
		for range 1 + dice.IntN(8) {
			if len(file) > 0 {
				file[dice.IntN(len(file))] ^= 1 << dice.IntN(8)
			}
		}
		return file
	}
}

// randomRange returns a random range within n bytes. Short ranges are more frequent.
func randomRange(dice *rand.Rand, n int) (from, to int) {
	if n == 0 {
		return 0, 0
	}
	from = dice.IntN(n)
	longest := n - from
	if dice.IntN(2) == 0 {
		longest = min(longest, 64)
	}
	return from, from + dice.IntN(longest+1)
}

func splice(file []byte, at int, part []byte) []byte {
	out := make([]byte, 0, len(file)+len(part))
	out = append(out, file[:at]...)
	out = append(out, part...)
	return append(out, file[at:]...)
}

// tokens returns byte sequences with a special meaning in JSON, CSV, gzip, zstd or Parquet.
func tokens() []string {
	return []string{
		"{", "}", "[", "]", ",", ":", `"`, `\`, `\u`, `\ud800`, `\ud83d\ud83d`, "null", "-", "1e999999999", "00", "\r", "\n", "\r\n", ";", "\t",
		"\ufeff", "\xff\xfe", "\x00", "\x1f\x8b\x08", "\x28\xb5\x2f\xfd", "PAR1", "\xff\xff\xff\xff", "\xff\xff\xff\x7f", "\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01",
		`{"error":"x"}`, `"data":{`, `"result":{"pages":[{"items":[`, "[[[[[[[[[[[[[[[[", `{"a":{"a":{"a":{"a":`,
	}
}
