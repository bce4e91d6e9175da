package parquetfile

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"math"
	"math/big"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"sbwatch/model/jsonscan"
)

// writer is a function that appends a value as JSON. The value must not be null.
type writer = func(dst []byte, v value) []byte

// writerOf returns the writer for the values of a leaf.
func writerOf(e element) writer {
	switch e.kind {
	case kindBoolean:
		return func(dst []byte, v value) []byte { return strconv.AppendBool(dst, v.number != 0) }
	case kindInt32, kindInt64:
		return writerOfIntegers(e)
	case kindInt96:
		return appendInt96
	case kindFloat:
		return func(dst []byte, v value) []byte {
			return appendNumber(dst, float64(math.Float32frombits(uint32(v.number))), 32)
		}
	case kindDouble:
		return func(dst []byte, v value) []byte { return appendNumber(dst, math.Float64frombits(v.number), 64) }
	default:
		return writerOfBytes(e)
	}
}

func writerOfIntegers(e element) writer {
	l := e.logical
	switch {
	case l.meaning == meansDecimal:
		return func(dst []byte, v value) []byte { return appendDecimal(dst, v, e.kind, l.scale) }
	case l.meaning == meansDate && e.kind == kindInt32:
		return func(dst []byte, v value) []byte {
			return appendTime(dst, time.Unix(int64(int32(v.number))*secondsOfDay, 0), time.DateOnly)
		}
	case l.meaning == meansTime:
		return timeOfDay(e.kind, l.unit)
	case l.meaning == meansTimestamp && e.kind == kindInt64:
		return timestamp(l)
	case l.meaning == meansInteger && !l.signed:
		return func(dst []byte, v value) []byte { return strconv.AppendUint(dst, v.number, 10) }
	default:
		return func(dst []byte, v value) []byte { return strconv.AppendInt(dst, signed(e.kind, v), 10) }
	}
}

func writerOfBytes(e element) writer {
	l := e.logical
	switch {
	case l.meaning == meansString || l.meaning == meansEnum:
		return func(dst []byte, v value) []byte { return jsonscan.AppendQuoted(dst, v.bytes) }
	case l.meaning == meansJSON:
		return appendJSON
	case l.meaning == meansBSON:
		return appendBase64
	case l.meaning == meansDecimal:
		return func(dst []byte, v value) []byte { return appendDecimal(dst, v, e.kind, l.scale) }
	case l.meaning == meansUUID && e.kind == kindFixed && e.length == 16:
		return appendUUID
	case l.meaning == meansFloat16 && e.kind == kindFixed && e.length == 2:
		return appendFloat16
	case l.meaning == meansInterval && e.kind == kindFixed && e.length == 12:
		return appendInterval
	default:
		return appendBytes
	}
}

// signed returns a value as a signed integer.
func signed(kind physical, v value) int64 {
	if kind == kindInt32 {
		return int64(int32(v.number))
	}
	return int64(v.number)
}

// appendNumber appends a number in the shortest exact form. It appends NaN, Infinity and -Infinity as words.
func appendNumber(dst []byte, number float64, bits int) []byte {
	switch {
	case math.IsNaN(number):
		return append(dst, "NaN"...)
	case math.IsInf(number, 1):
		return append(dst, "Infinity"...)
	case math.IsInf(number, -1):
		return append(dst, "-Infinity"...)
	}
	notation := byte('f')
	if size := max(number, -number); size != 0 && (size < 1e-6 || size >= 1e21) {
		notation = 'e'
	}
	return strconv.AppendFloat(dst, number, notation, -1, bits)
}

func appendFloat16(dst []byte, v value) []byte {
	const exponentBits, fractionBits = 5, 10
	stored := binary.LittleEndian.Uint16(v.bytes)
	exponent := int(stored>>fractionBits) & (1<<exponentBits - 1)
	number := float64(stored & (1<<fractionBits - 1))
	switch {
	case exponent == 1<<exponentBits-1 && number != 0:
		number = math.NaN()
	case exponent == 1<<exponentBits-1:
		number = math.Inf(1)
	case exponent == 0: // a subnormal number, with fewer digits
		number = math.Ldexp(number, -24)
	default:
		number = math.Ldexp(number+1<<fractionBits, exponent-25)
	}
	if stored>>15 != 0 {
		number = -number
	}
	return appendNumber(dst, number, 32)
}

// appendInterval appends an interval of months, days and milliseconds in the form of ISO 8601: P1M2DT3.004S.
func appendInterval(dst []byte, v value) []byte {
	months, days := binary.LittleEndian.Uint32(v.bytes), binary.LittleEndian.Uint32(v.bytes[4:])
	milliseconds := binary.LittleEndian.Uint32(v.bytes[8:])
	dst = strconv.AppendUint(append(dst, `"P`...), uint64(months), 10)
	dst = strconv.AppendUint(append(dst, 'M'), uint64(days), 10)
	dst = strconv.AppendFloat(append(dst, "DT"...), float64(milliseconds)/1000, 'f', -1, 64)
	return append(dst, `S"`...)
}

const secondsOfDay = 24 * 60 * 60

// appendTime appends a time in UTC, as a JSON string.
func appendTime(dst []byte, t time.Time, layout string) []byte {
	return append(t.UTC().AppendFormat(append(dst, '"'), layout), '"')
}

// atUnit returns the time that is the given number of units after the start of 1970. For example, 60 units of a second
// give one minute after midnight on January 1. Unlike a [time.Duration], the result does not overflow.
func atUnit(units int64, unit time.Duration) time.Time {
	perSecond := int64(time.Second / max(1, unit))
	seconds, rest := units/perSecond, units%perSecond
	return time.Unix(seconds, rest*int64(unit))
}

func timestamp(l logical) writer {
	layout := "2006-01-02T15:04:05.999999999"
	if l.isUTC {
		layout += "Z"
	}
	return func(dst []byte, v value) []byte { return appendTime(dst, atUnit(int64(v.number), l.unit), layout) }
}

func timeOfDay(kind physical, unit time.Duration) writer {
	return func(dst []byte, v value) []byte {
		return appendTime(dst, atUnit(signed(kind, v), unit), "15:04:05.999999999")
	}
}

// appendInt96 appends a timestamp in the format of old writers: the nanoseconds within the day, and the Julian day
// number.
func appendInt96(dst []byte, v value) []byte {
	const dayOf1970 = 2_440_588
	nanoseconds := int64(binary.LittleEndian.Uint64(v.bytes))
	day := int64(int32(binary.LittleEndian.Uint32(v.bytes[8:]))) - dayOf1970
	// The number of microseconds may overflow on purpose: Spark lets it overflow when it writes times after the year
	// 287,396, and again when it reads them.
	microseconds := day*secondsOfDay*1e6 + nanoseconds/1e3
	at := time.UnixMicro(microseconds).Add(time.Duration(nanoseconds % 1e3))
	return appendTime(dst, at, "2006-01-02T15:04:05.999999999Z")
}

// maxDecimal is the maximum size of a decimal, in bytes. Writers use up to 32 bytes. Converting a megabyte would take a
// second.
const maxDecimal = 1 << 10

// appendDecimal appends a decimal, which is stored as an integer and a scale. For example, the integer 1234 with scale
// 2 is 12.34. An integer longer than maxDecimal bytes is appended as bytes, not as a number.
func appendDecimal(dst []byte, v value, kind physical, scale int) []byte {
	number := new(big.Int)
	switch kind {
	case kindInt32, kindInt64:
		number.SetInt64(signed(kind, v))
	default:
		stored := v.bytes
		if len(stored) > maxDecimal {
			return appendBytes(dst, v)
		}
		number.SetBytes(stored)
		if len(stored) > 0 && stored[0] >= 0x80 { // negative in two's complement
			number.Sub(number, new(big.Int).Lsh(big.NewInt(1), uint(8*len(stored))))
		}
	}
	digits := number.String()
	const maxScale = 1000 // far more than writers use
	if scale <= 0 || scale > maxScale {
		return append(dst, digits...)
	}
	if unsigned, negative := strings.CutPrefix(digits, "-"); negative {
		dst, digits = append(dst, '-'), unsigned
	}
	digits = strings.Repeat("0", max(0, scale+1-len(digits))) + digits
	point := len(digits) - scale
	return append(append(append(dst, digits[:point]...), '.'), digits[point:]...)
}

func appendUUID(dst []byte, v value) []byte {
	const digits = "0123456789abcdef"
	dst = append(dst, '"')
	for i, c := range v.bytes {
		if i == 4 || i == 6 || i == 8 || i == 10 {
			dst = append(dst, '-')
		}
		dst = append(dst, digits[c>>4], digits[c&0xf])
	}
	return append(dst, '"')
}

// appendJSON appends a value that is JSON text. If the value is not valid JSON, it is appended as a string.
func appendJSON(dst []byte, v value) []byte {
	text := bytes.Trim(v.bytes, " \t\r\n")
	ended := append(bytes.Clone(text), '\n') // shows that a number at the end of the text is complete
	if end, err := jsonscan.Value(ended); err == nil && end == len(text) {
		return append(dst, text...)
	}
	return jsonscan.AppendQuoted(dst, v.bytes)
}

// appendBytes appends bytes of unknown meaning. If they are valid text, it appends them as a string, and otherwise in
// base64.
func appendBytes(dst []byte, v value) []byte {
	if utf8.Valid(v.bytes) {
		return jsonscan.AppendQuoted(dst, v.bytes)
	}
	return appendBase64(dst, v)
}

func appendBase64(dst []byte, v value) []byte {
	return append(base64.StdEncoding.AppendEncode(append(dst, '"'), v.bytes), '"')
}
