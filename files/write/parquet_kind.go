package write

import (
	"bytes"
	"context"
	"math"
	"strconv"
	"sync"

	"sbwatch/model/jsonscan"
	"sbwatch/work"
)

// parquetKind is the type of a column in a Parquet file.
type parquetKind int

// The types of columns. Only the values that are present and not null determine the type.
const (
	// parquetText is for texts and for columns without values. It is also for numbers if a double would change the
	// digits of at least one of them. Such numbers are written as text with all their digits.
	parquetText parquetKind = iota
	// parquetBool is for true and false.
	parquetBool
	// parquetInt is for integers if all of them fit in 64 bits.
	parquetInt
	// parquetDouble is for numbers if a double preserves the digits of all of them.
	parquetDouble
	// parquetJSON is for arrays and objects, and for columns with values of different types. All values are written as
	// JSON text.
	parquetJSON
)

// traits is the set of the kinds of values in a column.
type traits uint8

const (
	someText traits = 1 << iota
	someBool
	someNested
	// someInt is an integer that fits in 64 bits and that a double represents exactly. someLongInt is an integer that
	// fits in 64 bits, but that a double would round.
	someInt
	someLongInt
	// someDouble is a number such as 0.1, whose digits a double preserves. someLongNumber is a number such as 1e400,
	// which is no integer of 64 bits and whose digits a double would change.
	someDouble
	someLongNumber
)

const someNumber = someInt | someLongInt | someDouble | someLongNumber

// kind returns the type for a column with these kinds of values.
func (t traits) kind() parquetKind {
	switch {
	case t == someBool:
		return parquetBool
	case t&someNested != 0, t&someText != 0 && t != someText, t&someBool != 0:
		return parquetJSON
	case t == someText, t&someNumber == 0, t&someLongNumber != 0, t&someDouble != 0 && t&someLongInt != 0:
		return parquetText
	case t&someDouble != 0:
		return parquetDouble
	default:
		return parquetInt
	}
}

// union returns a set with the kinds in t and the kinds of the given JSON values.
func (t traits) union(values [][]byte) traits {
	for _, value := range values {
		t |= traitsOf(value)
	}
	return t
}

// traitsOf returns the set with the kind of one JSON value. nil stands for a missing value.
func traitsOf(value []byte) traits {
	if len(value) == 0 {
		return 0
	}
	switch value[0] {
	case 'n':
		return 0
	case 't', 'f':
		return someBool
	case '"':
		return someText
	case '[', '{':
		return someNested
	default:
		return traitsOfNumber(value)
	}
}

// exactDigits is the number of significant digits that a double always preserves.
const exactDigits = 15

func traitsOfNumber(number []byte) traits {
	if _, decimals, ok := decimal(number); ok {
		if decimals == 0 {
			return someInt
		}
		return someDouble
	}
	if jsonscan.IsNonFinite(number) {
		return someDouble
	}
	isWhole := !bytes.ContainsAny(number, ".eE") && string(number) != "-0"
	switch {
	case isWhole && len(number) <= exactDigits:
		return someInt
	case isWhole:
		if _, err := strconv.ParseInt(string(number), 10, 64); err == nil {
			if fitsDouble(number) {
				return someInt
			}
			return someLongInt
		}
	}
	if fitsDouble(number) {
		return someDouble
	}
	return someLongNumber
}

// decimal returns a number as digits / 10^decimals. It returns false if the number is a negative zero, has an exponent,
// or has more than 15 characters.
func decimal(number []byte) (digits int64, decimals int, ok bool) {
	if len(number) > exactDigits {
		return 0, 0, false
	}
	point := len(number) - 1
	for i, c := range number {
		switch {
		case isDigit(c):
			digits = digits*10 + int64(c-'0')
		case c == '.':
			point = i
		case c != '-' || i > 0:
			return 0, 0, false
		}
	}
	if number[0] == '-' {
		if digits == 0 {
			return 0, 0, false
		}
		digits = -digits
	}
	return digits, len(number) - 1 - point, true
}

// integer parses an integer that fits in 64 bits.
func integer(number []byte) int64 {
	n, _ := strconv.ParseInt(string(number), 10, 64) // the type was chosen so that it fits
	return n
}

// double parses a number that a double can represent.
func double(number []byte) float64 {
	n, _ := strconv.ParseFloat(string(number), 64) // the type was chosen so that it fits
	return n
}

// doubleOf returns digits / 10^decimals, correctly rounded. The arguments must be results of the function decimal.
func doubleOf(digits int64, decimals int) float64 {
	divisor := 1.0
	for range decimals {
		divisor *= 10
	}
	return float64(digits) / divisor // both are exact, so the result is rounded correctly
}

// fitsDouble reports whether a double preserves all digits of a number.
func fitsDouble(number []byte) bool {
	if len(number) <= exactDigits && !bytes.ContainsAny(number, "eE") {
		return true
	}
	value, err := strconv.ParseFloat(string(number), 64)
	if err != nil || math.IsInf(value, 0) {
		return false
	}
	var scratch [32]byte
	shortest := strconv.AppendFloat(scratch[:0], value, 'e', -1, 64)
	digits, point := significant(number)
	held, heldPoint := significant(shortest)
	return bytes.Equal(digits, held) && (point == heldPoint || len(held) == 0)
}

// significant returns the digits of a number without leading and trailing zeros, and the position of its decimal point.
// Without its sign, the number equals 0.digits × 10^point.
func significant(number []byte) (digits []byte, point int) {
	mantissa, exponent := bytes.TrimPrefix(number, []byte("-")), 0
	if at := bytes.IndexAny(mantissa, "eE"); at >= 0 {
		exponent, _ = strconv.Atoi(string(mantissa[at+1:]))
		mantissa = mantissa[:at]
	}
	whole, fraction, _ := bytes.Cut(mantissa, []byte("."))
	digits = append(append(digits, whole...), fraction...)
	all := len(digits)
	digits = bytes.TrimLeft(digits, "0")
	point = exponent + len(whole) - (all - len(digits))
	return bytes.TrimRight(digits, "0"), point
}

// parquetTraits returns the kinds of values in each column. It reads all values of the table.
func parquetTraits(ctx context.Context, t *table) ([]traits, error) {
	type state struct {
		cells *cells
		found []traits
	}
	found, rows := make([]traits, len(t.columns)), batchRows(len(t.columns))
	var mutex sync.Mutex
	begin := func() *state { return &state{newCells(t, rows), make([]traits, len(t.columns))} }
	err := work.CostlyRows(ctx, t.len(), t.cost(), t.progress, begin, func(s *state, _, from, to int) {
		for ; from < to; from += rows {
			end := min(to, from+rows)
			s.cells.batch(t, from, end)
			for i := range s.found {
				s.found[i] = s.found[i].union(s.cells.column(i, end-from))
			}
		}
		mutex.Lock()
		defer mutex.Unlock()
		for i, more := range s.found {
			found[i] |= more
		}
	})
	if err != nil {
		return nil, context.Cause(ctx)
	}
	return found, nil
}
