package parquetfile

import (
	"bytes"
	"encoding/base64"
	"math/big"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"

	"sbwatch/model/jsonscan"
)

// writer appends a value that is not null as JSON.
type writer = func(dst []byte, v parquet.Value) []byte

// writerOf returns the writer for the values of a type.
func writerOf(t parquet.Type) writer {
	if logical := t.LogicalType(); logical != nil {
		if w := writerOfLogical(t, logical); w != nil {
			return w
		}
	}
	switch t.Kind() {
	case parquet.Boolean:
		return func(dst []byte, v parquet.Value) []byte { return strconv.AppendBool(dst, v.Boolean()) }
	case parquet.Int32:
		return func(dst []byte, v parquet.Value) []byte { return strconv.AppendInt(dst, int64(v.Int32()), 10) }
	case parquet.Int64:
		return func(dst []byte, v parquet.Value) []byte { return strconv.AppendInt(dst, v.Int64(), 10) }
	case parquet.Int96:
		return appendInt96
	case parquet.Float:
		return func(dst []byte, v parquet.Value) []byte { return appendNumber(dst, float64(v.Float()), 32) }
	case parquet.Double:
		return func(dst []byte, v parquet.Value) []byte { return appendNumber(dst, v.Double(), 64) }
	default:
		return appendBytes
	}
}

// writerOfLogical returns the writer for a logical type, or nil if the physical type decides.
func writerOfLogical(t parquet.Type, logical *format.LogicalType) writer {
	switch l := logical.Value.(type) {
	case *format.StringType, *format.EnumType:
		return func(dst []byte, v parquet.Value) []byte { return jsonscan.AppendQuoted(dst, v.ByteArray()) }
	case *format.JsonType:
		return appendJSON
	case *format.UUIDType:
		return appendUUID
	case *format.DecimalType:
		return func(dst []byte, v parquet.Value) []byte { return appendDecimal(dst, v, int(l.Scale)) }
	case *format.DateType:
		return func(dst []byte, v parquet.Value) []byte {
			return appendTime(dst, time.Unix(int64(v.Int32())*secondsOfDay, 0), time.DateOnly)
		}
	case *format.TimeType:
		return timeOfDay(t, l.Unit)
	case *format.TimestampType:
		return timestamp(l)
	case *format.IntType:
		if !l.IsSigned && t.Kind() == parquet.Int32 {
			return func(dst []byte, v parquet.Value) []byte { return strconv.AppendUint(dst, uint64(v.Uint32()), 10) }
		}
		if !l.IsSigned && t.Kind() == parquet.Int64 {
			return func(dst []byte, v parquet.Value) []byte { return strconv.AppendUint(dst, v.Uint64(), 10) }
		}
	}
	return nil
}

const secondsOfDay = 24 * 60 * 60

// appendTime appends a time in UTC as text.
func appendTime(dst []byte, at time.Time, layout string) []byte {
	return append(at.UTC().AppendFormat(append(dst, '"'), layout), '"')
}

// unitOf returns the duration of a time unit.
func unitOf(unit format.TimeUnit) time.Duration {
	if unit.Value == nil {
		return time.Millisecond
	}
	return unit.Value.Duration()
}

// atUnit returns the time that is a number of units after 1970. Unlike a [time.Duration], it does not overflow.
func atUnit(units int64, unit time.Duration) time.Time {
	perSecond := int64(time.Second / max(1, unit))
	seconds, rest := units/perSecond, units%perSecond
	return time.Unix(seconds, rest*int64(unit))
}

func timestamp(l *format.TimestampType) writer {
	unit, layout := unitOf(l.Unit), "2006-01-02T15:04:05.999999999"
	if l.IsAdjustedToUTC {
		layout += "Z"
	}
	return func(dst []byte, v parquet.Value) []byte { return appendTime(dst, atUnit(v.Int64(), unit), layout) }
}

func timeOfDay(t parquet.Type, ofUnit format.TimeUnit) writer {
	unit := unitOf(ofUnit)
	return func(dst []byte, v parquet.Value) []byte {
		units := v.Int64()
		if t.Kind() == parquet.Int32 {
			units = int64(v.Int32())
		}
		return appendTime(dst, atUnit(units, unit), "15:04:05.999999999")
	}
}

// appendInt96 appends a timestamp in the format of old programs: nanoseconds of the day and the Julian day number.
func appendInt96(dst []byte, v parquet.Value) []byte {
	const dayOf1970 = 2_440_588
	stored := v.Int96()
	nanoseconds := int64(stored[1])<<32 | int64(stored[0])
	day := int64(stored[2]) - dayOf1970
	return appendTime(dst, time.Unix(day*secondsOfDay, 0).Add(time.Duration(nanoseconds)), "2006-01-02T15:04:05.999999999Z")
}

// appendDecimal appends a decimal, stored as an integer with a scale.
func appendDecimal(dst []byte, v parquet.Value, scale int) []byte {
	number := new(big.Int)
	switch v.Kind() {
	case parquet.Int32:
		number.SetInt64(int64(v.Int32()))
	case parquet.Int64:
		number.SetInt64(v.Int64())
	default:
		stored := v.ByteArray()
		number.SetBytes(stored)
		if len(stored) > 0 && stored[0] >= 0x80 { // two's complement
			number.Sub(number, new(big.Int).Lsh(big.NewInt(1), uint(8*len(stored))))
		}
	}
	digits := number.String()
	const mostScale = 1000 // far more than any writer uses
	if scale <= 0 || scale > mostScale {
		return append(dst, digits...)
	}
	if unsigned, negative := strings.CutPrefix(digits, "-"); negative {
		dst, digits = append(dst, '-'), unsigned
	}
	digits = strings.Repeat("0", max(0, scale+1-len(digits))) + digits
	point := len(digits) - scale
	return append(append(append(dst, digits[:point]...), '.'), digits[point:]...)
}

func appendUUID(dst []byte, v parquet.Value) []byte {
	const digits = "0123456789abcdef"
	dst = append(dst, '"')
	for i, c := range v.ByteArray() {
		if i == 4 || i == 6 || i == 8 || i == 10 {
			dst = append(dst, '-')
		}
		dst = append(dst, digits[c>>4], digits[c&0xf])
	}
	return append(dst, '"')
}

// appendJSON appends a value that is JSON, or text if it is not valid JSON.
func appendJSON(dst []byte, v parquet.Value) []byte {
	text := bytes.Trim(v.ByteArray(), " \t\r\n")
	ended := append(bytes.Clone(text), '\n') // a number at the end of the text could continue
	if end, err := jsonscan.Value(ended); err == nil && end == len(text) {
		return append(dst, text...)
	}
	return jsonscan.AppendQuoted(dst, v.ByteArray())
}

// appendBytes appends bytes of unknown meaning: as text if they are valid text, otherwise in base64.
func appendBytes(dst []byte, v parquet.Value) []byte {
	value := v.ByteArray()
	if utf8.Valid(value) {
		return jsonscan.AppendQuoted(dst, value)
	}
	return append(base64.StdEncoding.AppendEncode(append(dst, '"'), value), '"')
}
