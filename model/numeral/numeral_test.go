package numeral_test

import (
	"strings"
	"testing"

	"sbwatch/model/numeral"
	"sbwatch/model/parse"
)

func TestNumbersAreFormatted(t *testing.T) {
	thousands, whole, two := numeral.Format{Style: numeral.Thousands}, numeral.Format{Style: numeral.Fixed}, numeral.Format{Style: numeral.Fixed, Decimals: 2}
	short, percent := numeral.Format{Style: numeral.Short}, numeral.Format{Style: numeral.Percent, Decimals: 1}
	for _, test := range []struct {
		format       numeral.Format
		number, want string // a | stands before the decimals
	}{
		{thousands, "1234567.891", "1,234,567|.891"},
		{thousands, "12345678901234567890", "12,345,678,901,234,567,890|"},
		{thousands, "-999", "-999|"},
		{thousands, "1.5e3", "1,500|"},
		{thousands, "2.5E-2", "0|.025"},
		{thousands, "1e400", ""},
		{whole, "2.5", "3|"},
		{whole, "-0.4", "0|"},
		{two, "1.005", "1|.01"},
		{two, "999.999", "1,000|.00"},
		{two, "-1234.5", "-1,234|.50"},
		{two, "0", "0|.00"},
		{short, "999", "999|"},
		{short, "12.345", "12|.35"},
		{short, "999.999", "1|.0K"},
		{short, "1250", "1|.3K"},
		{short, "999950", "1|.0M"},
		{short, "1234567", "1|.2M"},
		{short, "2500000000", "2|.5B"},
		{short, "1e15", "1,000|.0T"},
		{short, "0.0001", ""},
		{short, "0", "0|"},
		{percent, "0.256", "25|.6%"},
		{percent, "-1", "-100|.0%"},
		{numeral.Format{}, "1234", ""},
	} {
		got, at, ok := test.format.Number([]byte(test.number))
		if ok {
			got = got[:at] + "|" + got[at:]
		}
		if got != test.want {
			t.Errorf("%v of %s: %q, want %q", test.format, test.number, got, test.want)
		}
	}
}

func TestTextsKeepTheirCurrency(t *testing.T) {
	two, short, percent := numeral.Format{Style: numeral.Fixed, Decimals: 2}, numeral.Format{Style: numeral.Short}, numeral.Format{Style: numeral.Percent}
	european := parse.Numbers{CommaIsDecimal: true}
	for _, test := range []struct {
		format     numeral.Format
		numbers    parse.Numbers
		text, want string
	}{
		{two, parse.Numbers{}, "$1,299.5", "$1,299|.50"},
		{two, parse.Numbers{}, "-$5", "-$5|.00"},
		{two, parse.Numbers{}, "US $12", "US $12|.00"},
		{two, parse.Numbers{}, "1 299,5 €", "1,299|.50 €"},
		{two, european, "1.299", "1,299|.00"},
		{two, parse.Numbers{}, "1.299", "1|.30"},
		{two, parse.Numbers{}, "₹95 Lac", ""},
		{two, parse.Numbers{}, "$10 - $20", ""},
		{two, parse.Numbers{}, "4.5 out of 5", ""},
		{two, parse.Numbers{}, "May 1, 2024", ""},
		{two, parse.Numbers{}, "sold out", ""},
		{short, parse.Numbers{}, "$1,250,000.00", "$1|.3M"},
		{percent, parse.Numbers{}, "12.5%", "13|%"},
		{percent, parse.Numbers{}, "0.5", "50|%"},
	} {
		got, at, ok := test.format.Text(test.text, test.numbers)
		if ok {
			got = got[:at] + "|" + got[at:]
		}
		if got != test.want {
			t.Errorf("%v of %q: %q, want %q", test.format, test.text, got, test.want)
		}
	}
}

func TestFormatsAreSavedAndRead(t *testing.T) {
	f := numeral.Format{}
	for range numeral.Formats() {
		saved, err := f.MarshalText()
		var read numeral.Format
		if err != nil || read.UnmarshalText(saved) != nil || read != f {
			t.Errorf("%v: saved as %q, read as %v", f, saved, read)
		}
		f = f.Next()
	}
	if !f.IsZero() {
		t.Errorf("the steps end at %v", f)
	}
	for text, want := range map[string]numeral.Format{"fixed 99": {Style: numeral.Fixed, Decimals: numeral.MaxDecimals}, "fixed -1": {Style: numeral.Fixed}, "golden": {}, "short 3": {Style: numeral.Short}} {
		var read numeral.Format
		if err := read.UnmarshalText([]byte(text)); err != nil || read != want {
			t.Errorf("%q: %v, %v", text, read, err)
		}
	}
}

func FuzzFormats(f *testing.F) {
	for _, seed := range []string{"1234.5", "-0", "1e30", "$1,299.00", "٣", "1.2.3", "9'9’9", "e", ".5 €"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, format := range numeral.Formats() {
			text, whole, ok := format.Number([]byte(s))
			if ok && (whole <= 0 || whole > len(text)) {
				t.Errorf("%v of %q: %q, %d", format, s, text, whole)
			}
			text, whole, ok = format.Text(s, parse.Numbers{})
			if ok && (whole <= 0 || whole > len(text) || !strings.ContainsAny(text, "0123456789")) {
				t.Errorf("%v of %q: %q, %d", format, s, text, whole)
			}
		}
	})
}
