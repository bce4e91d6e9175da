// Package numeral formats numbers as the user has chosen for a column: with thousands separators, a fixed number of
// decimals, in short form (1.2M) or as a percentage. It rounds the decimal digits, half away from zero: with two
// decimals, 1.005 becomes 1.01.
package numeral

import (
	"slices"
	"strconv"
	"strings"
)

// Style is a way to write numbers.
type Style uint8

// The styles.
const (
	// AsReceived leaves numbers as they are.
	AsReceived Style = iota
	// Thousands separates thousands and keeps the decimals of each number: 1,234.5.
	Thousands
	// Fixed separates thousands and rounds to a fixed number of decimals: 1,234.50.
	Fixed
	// Short scales large numbers and marks them with K, M, B or T: 1.2M.
	Short
	// Percent multiplies numbers by 100: 0.25 becomes 25%. A text that has a percent sign is not multiplied.
	Percent
)

// MaxDecimals is the maximum number of decimals of a format.
const MaxDecimals = 6

// Format is the format of the numbers of a column. It is comparable. The zero Format leaves numbers as they are.
type Format struct {
	Style Style
	// Decimals is the number of decimals of Fixed and Percent.
	Decimals uint8
}

// Formats returns the formats that the user can choose, in the order in which repeated presses of a key select them.
// The first format leaves numbers unchanged.
func Formats() []Format {
	return []Format{
		{}, {Style: Thousands}, {Style: Fixed}, {Fixed, 1}, {Fixed, 2}, {Fixed, 3}, {Style: Short}, {Style: Percent}, {Percent, 1}, {Percent, 2},
	}
}

// Next returns the format after f in [Formats]. If f is the last format, Next returns the first.
func (f Format) Next() Format {
	all := Formats()
	return all[(slices.Index(all, f)+1)%len(all)]
}

// IsZero reports whether the format leaves numbers as they are.
func (f Format) IsZero() bool { return f.Style == AsReceived }

// String returns the format as an example and a name, such as "1,234.50 (2 decimals)".
func (f Format) String() string {
	example, name := "1234.5", "as received"
	switch f.Style {
	case AsReceived:
	case Thousands:
		example, name = "1,234.5", "thousands"
	case Fixed:
		example, _, _ = f.Number([]byte("1234.5"))
		name = strconv.Itoa(int(f.Decimals)) + " decimals"
		if f.Decimals == 1 {
			name = "1 decimal"
		}
	case Short:
		example, name = "1.2K", "short"
	case Percent:
		example, _, _ = f.Number([]byte("0.25"))
		name = "percent of 1"
	}
	return example + " (" + name + ")"
}

// names returns the names with which the styles are saved in a layout, such as "thousands".
func names() []string {
	return []string{AsReceived: "", Thousands: "thousands", Fixed: "fixed", Short: "short", Percent: "percent"}
}

// MarshalText returns the text that represents the format in a saved layout, such as "fixed 2" for two decimals.
func (f Format) MarshalText() ([]byte, error) {
	name := names()[f.Style]
	if f.Style == Fixed || f.Style == Percent {
		name += " " + strconv.Itoa(int(f.Decimals))
	}
	return []byte(name), nil
}

// UnmarshalText sets the format from the output of MarshalText. If the text has no known style, the format becomes the
// zero Format, which leaves numbers as they are. UnmarshalText never returns an error, so that a damaged layout can
// still be used.
func (f *Format) UnmarshalText(text []byte) error {
	name, decimals, _ := strings.Cut(string(text), " ")
	*f = Format{}
	style := slices.Index(names(), name)
	if style < 0 {
		return nil
	}
	n, err := strconv.Atoi(decimals)
	f.Style = Style(style)
	if err == nil && (f.Style == Fixed || f.Style == Percent) {
		f.Decimals = uint8(max(0, min(n, MaxDecimals)))
	}
	return nil
}
