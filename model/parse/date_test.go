package parse

import (
	"testing"
	"time"
)

func TestDates(t *testing.T) {
	for text, want := range map[string]string{
		"2024-05-01": "2024-05-01T00:00:00Z", "2024/05/01": "2024-05-01T00:00:00Z", "2024.5.1": "2024-05-01T00:00:00Z", "2024-5-1": "2024-05-01T00:00:00Z",
		"2024-05-01T12:30:00Z": "2024-05-01T12:30:00Z", "2024-05-01T12:30:00+02:00": "2024-05-01T10:30:00Z", "2024-05-01 12:30": "2024-05-01T12:30:00Z",
		"2024-05-01T12:30:05.25Z": "2024-05-01T12:30:05.25Z", "2024-05-01 12:30:05 -0730": "2024-05-01T20:00:05Z", "2024-05-01T12:30:00.123456789123+00": "2024-05-01T12:30:00.123456789Z",
		"01.05.2024": "2024-05-01T00:00:00Z", "1.5.2024": "2024-05-01T00:00:00Z", "01.05.2024, 12:30": "2024-05-01T12:30:00Z", "1. May 2024": "2024-05-01T00:00:00Z",
		"25/12/2024": "2024-12-25T00:00:00Z", "12/25/2024": "2024-12-25T00:00:00Z", "25-12-2024": "2024-12-25T00:00:00Z", "05/05/2024": "2024-05-05T00:00:00Z",
		"May 1, 2024": "2024-05-01T00:00:00Z", "May 1 2024": "2024-05-01T00:00:00Z", "may 1st, 2024": "2024-05-01T00:00:00Z", "Sept. 3, 2024": "2024-09-03T00:00:00Z",
		"1 May 2024": "2024-05-01T00:00:00Z", "1-May-2024": "2024-05-01T00:00:00Z", "1st of May 2024": "2024-05-01T00:00:00Z", "1 MAY, 2024": "2024-05-01T00:00:00Z",
		"May 2024": "2024-05-01T00:00:00Z", "December 2023": "2023-12-01T00:00:00Z", "Dec-25-2023": "2023-12-25T00:00:00Z",
		"Tue, 05 Mar 2024 10:00:00 GMT": "2024-03-05T10:00:00Z", "Tue, 05 Mar 2024 10:00:00 +0100 (CET)": "2024-03-05T09:00:00Z",
		"Tuesday, March 5, 2024 at 3:04 PM": "2024-03-05T15:04:00Z", "March 5, 2024 12:04 am": "2024-03-05T00:04:00Z", "5 Mar 2024 10:00 EST": "2024-03-05T15:00:00Z",
		// other languages
		"1. Mai 2024": "2024-05-01T00:00:00Z", "1er mai 2024": "2024-05-01T00:00:00Z", "le 1er mai 2024": "2024-05-01T00:00:00Z", "lundi 5 août 2024": "2024-08-05T00:00:00Z",
		"lun. 5 août 2024": "2024-08-05T00:00:00Z", "1 de mayo de 2024": "2024-05-01T00:00:00Z", "mayo de 2024": "2024-05-01T00:00:00Z", "1º de março de 2024": "2024-03-01T00:00:00Z",
		"sexta-feira, 5 de abril de 2024": "2024-04-05T00:00:00Z", "5 maggio 2024": "2024-05-05T00:00:00Z", "12 gennaio 2024": "2024-01-12T00:00:00Z", "5 mei 2024": "2024-05-05T00:00:00Z",
		"15 maart 2024": "2024-03-15T00:00:00Z", "1 października 2024": "2024-10-01T00:00:00Z", "1 paź 2024 r.": "2024-10-01T00:00:00Z", "5 мая 2024 г.": "2024-05-05T00:00:00Z",
		"5 мая 2024 г., 12:30": "2024-05-05T12:30:00Z", "5 августа 2024": "2024-08-05T00:00:00Z", "Montag, 5. August 2024 um 12:30 Uhr": "2024-08-05T12:30:00Z", "Mo., 5. Aug. 2024": "2024-08-05T00:00:00Z",
		"den 5 maj 2024 kl. 12:30": "2024-05-05T12:30:00Z", "5 Ağustos 2024": "2024-08-05T00:00:00Z", "2024. május 5.": "2024-05-05T00:00:00Z", "5 ÁPRILIS 2024": "2024-04-05T00:00:00Z",
		"5 août 2024 à 12h30": "2024-08-05T12:30:00Z", "Dezember 2023": "2023-12-01T00:00:00Z", "1. 5. 2024": "2024-05-01T00:00:00Z", "3. října 2024": "2024-10-03T00:00:00Z", "23/sept/2011": "2011-09-23T00:00:00Z",
		"2024年5月1日": "2024-05-01T00:00:00Z", "2024年05月01日（水） 12:30": "2024-05-01T12:30:00Z", "2024년 5월 1일": "2024-05-01T00:00:00Z", "2024年5月": "2024-05-01T00:00:00Z", "２０２４-０５-０１": "2024-05-01T00:00:00Z",
		"٢٠٢٤/٠٥/٠١": "2024-05-01T00:00:00Z", "\u200e2024-05-01": "2024-05-01T00:00:00Z", "2024-May-01": "2024-05-01T00:00:00Z", "2024 Sep 23": "2024-09-23T00:00:00Z",
		// years of two digits
		"23-Sep-11": "2011-09-23T00:00:00Z", "01-Dec-12": "2012-12-01T00:00:00Z", "1 May 68": "2068-05-01T00:00:00Z", "1 May 69": "1969-05-01T00:00:00Z", "Sep 11, 23": "2023-09-11T00:00:00Z",
		"Sep 11, '23": "2023-09-11T00:00:00Z", "5. Mai 24": "2024-05-05T00:00:00Z", "23-Sep-11 12:30": "2011-09-23T12:30:00Z", "5-août-24": "2024-08-05T00:00:00Z",
		"Tue Mar  5 10:00:00 2024": "2024-03-05T10:00:00Z", "Tue Mar 5 10:00:00 UTC 2024": "2024-03-05T10:00:00Z", " 2024-05-01 ": "2024-05-01T00:00:00Z", "2024-02-29": "2024-02-29T00:00:00Z",
	} {
		got, ok := Date([]byte(text))
		if written := got.Format(time.RFC3339Nano); !ok || written != want {
			t.Errorf("%q = %s, %t, want %s", text, written, ok, want)
		}
	}
	for _, text := range []string{
		"", "2024", "20240501", "1714521600", "1384216367111", "12:30", "2024-05", "2024-13-01", "2024-02-30", "2023-02-29", "2024-00-10", "0000-01-01", "2024-05-01T25:00", "2024-05-01x",
		"2024-05-01 12", "2024-05-01T12:30 CET", "05/01/2024", "05-01-2024", "01.13.2024", "13/13/2024", "5 May", "May 1", "May", "may the force", "Mayor 1, 2024", "1 Foo 2024", "1.5.24", "1/5/24",
		"04/27/20", "01.05.24", "Sep-11", "5 mai", "mai", "5 May 12:30", "May 10, 12:30", "31 Sep 11", "5 lampes 2024", "lundi 2024", "le 2024", "le 5", "1 May 123", "1 May '2024", "2024 lamp 5", "2024年", "2024年13月1日", "de 5 mai 2024",
		"Mai Tai 2024", "Mars 2020 rover", "Marti 5", "May 24 pieces", "1 May 24 pieces",
		"$1,299.00", "3.50", "1.2.3", "1.2.3456", "Walnut desk lamp, brass", "2024-05/01", "2024-05-01 13:30 PM", "Mon", "Monday lamp 2024", "SUN-2024-05", "2024-05-01 to 2024-05-09",
		"1 May 2024 in Rome", "2024-05-01T12:30:00+99:00", "1 May 02024", "2024-05-011", "Wed May 1 12:30:00 CET 2024", "123456789012345678901234567890", "\xff\xff\xff\xff\xff\xff\xff\xff\xff",
	} {
		if got, ok := Date([]byte(text)); ok {
			t.Errorf("%q = %s, want no date", text, got)
		}
	}
}

func TestLearnerFindsDateOrder(t *testing.T) {
	for _, test := range []struct {
		samples []string
		want    string
	}{
		{[]string{"05/01/2024", "25/12/2024"}, "2024-01-05"},
		{[]string{"05/01/2024", " 12/25/2024 12:30"}, "2024-05-01"},
		{[]string{"25/12/2024", "12/25/2024"}, ""},
		{[]string{"05/01/2024", "2024-05-01", "12/5"}, ""},
	} {
		var l Learner
		for _, sample := range test.samples {
			l.Add([]byte(sample))
		}
		got, ok := l.Dates().Date([]byte("05/01/2024"))
		if ok != (test.want != "") || ok && got.Format(time.DateOnly) != test.want {
			t.Errorf("after %q: %s, %t, want %s", test.samples, got, ok, test.want)
		}
		for _, sample := range []string{"25/12/2024", "12/25/2024"} {
			if got, ok := l.Dates().Date([]byte(sample)); !ok || got.Day() != 25 {
				t.Errorf("after %q: %s = %s, %t", test.samples, sample, got, ok)
			}
		}
	}
}

func TestColumnOfShortYears(t *testing.T) {
	for _, test := range []struct {
		name    string
		samples []string
		text    string
		want    string // "" if the text is not a date
	}{
		{"months first", []string{"04/27/20", "12/03/19", "01/15/21"}, "12/03/19", "2019-12-03"},
		{"days first", []string{"27/04/20", "12/03/19"}, "12/03/19", "2019-03-12"},
		{"years first", []string{"99-12-31", "12-03-19"}, "12-03-19", "2012-03-19"},
		{"several readings", []string{"12/03/19", "01/02/03"}, "12/03/19", ""},
		{"days or years first, with dashes", []string{"27-04-20", "12-03-19"}, "12-03-19", ""},
		{"few different years, with dashes", []string{"27-04-20", "12-03-19", "14-03-19", "15-04-20"}, "12-03-19", "2019-03-12"},
		{"few different years that come first", []string{"20/04/27", "19/03/12", "19/03/14", "20/04/15"}, "19/03/12", "2019-03-12"},
		{"no reading", []string{"27/04/20", "04/27/20"}, "12/03/19", ""},
		{"a value that is none", []string{"04/27/20", "04/40/20"}, "12/03/19", ""},
		{"long years decide", []string{"27/04/2020", "12/03/19"}, "12/03/19", "2019-03-12"},
		{"outside the reading", []string{"04/27/20", "12/03/19"}, "27/04/20", ""},
		{"with a time", []string{"04/27/20 9:15 AM"}, "12/03/19 12:30", "2019-12-03"},
		{"dots", []string{"01.05.24", "12.6.24"}, "12.6.24", "2024-06-12"},
		{"versions", []string{"1.5.24", "2.1.11", "13.2.10"}, "1.5.24", ""},
		{"version with a zero", []string{"1.5.24", "2.0.11"}, "1.5.24", ""},
		{"sort codes", []string{"20-45-67", "12-03-19"}, "12-03-19", ""},
		{"last century", []string{"12/31/69"}, "12/31/99", "1999-12-31"},
	} {
		var l Learner
		for _, sample := range test.samples {
			l.Add([]byte(sample))
		}
		got, ok := l.Dates().Date([]byte(test.text))
		if ok != (test.want != "") || ok && got.Format(time.DateOnly) != test.want {
			t.Errorf("%s: %s = %s, %t, want %q", test.name, test.text, got, ok, test.want)
		}
	}
}

func TestMonthsOfOtherLanguagesAreNoUnits(t *testing.T) {
	for _, text := range []string{"5 августа", "3 octobre", "5 mai", "3 Dezember", "12 мая"} {
		if got, ok := (Numbers{}).Number([]byte(text)); ok {
			t.Errorf("%q = %v", text, got)
		}
	}
}

func FuzzDate(f *testing.F) {
	for _, text := range []string{
		"2024-05-01T12:30:05.25+02:00", "Tue, 05 Mar 2024 10:00:00 +0100 (CET)", "Wed May  1 12:30:00 UTC 2024", "1st of May 2024 at 3:04 PM", "25/12/2024", "May 2024", "2024-", "1 M", "04/27/20", "23-Sep-11", "lundi 5 août 2024 à 12h30", "2024年5月1日(水)", "1º de março de 2024", "2024. május 5.", "５ мая 2024 г.",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var l Learner
		l.Add([]byte(text))
		date, ok := Date([]byte(text))
		if ok && (date.Year() < 0 || date.Year() > 10000 || date.Location() != time.UTC) {
			t.Fatalf("%q = %s", text, date)
		}
		if short, ok := l.Dates().Date([]byte(text)); ok && (short.Year() < 0 || short.Year() > 10000) {
			t.Fatalf("%q = %s", text, short)
		}
		for _, layout := range []string{time.RFC3339Nano, time.DateTime, time.DateOnly, time.RFC1123Z} {
			want, err := time.Parse(layout, text)
			if err != nil || want.Year() < 1 {
				continue
			}
			if !ok || !date.Equal(want) {
				t.Fatalf("%q = %s, %t, want %s", text, date, ok, want)
			}
		}
	})
}

func BenchmarkDate(b *testing.B) {
	for _, text := range []string{"2024-05-01", "2024-05-01T12:30:00Z", "May 1, 2024", "Walnut desk lamp, brass", "$1,299.00", "Monday lamp, brass", "1299.00 €"} {
		b.Run(text, func(b *testing.B) {
			raw := []byte(text)
			for b.Loop() {
				Date(raw)
			}
		})
	}
}

// TestPlainDatesAreDates compares the fast path with the general one.
func TestPlainDatesAreDates(t *testing.T) {
	check := func(text string) {
		fast, ok := plainDate([]byte(text))
		for _, d := range []Dates{{}, {DayFirst: true}, {MonthFirst: true}, {short: dayMonthYear}, {short: yearMonthDay}} {
			if general, isDate := d.parse([]byte(text)); ok && (!isDate || fast != general) {
				t.Errorf("%s is %v, want %v", text, fast, general)
			}
		}
	}
	for day := range 366 * 3 {
		for _, year := range []int{1, 3, 1899, 1969, 2000, 2023, 9990} {
			date := time.Date(year, 1, day, 23, 5, day%60, 0, time.UTC)
			check(date.Format("2006-01-02T15:04:05Z"))
			check(date.Format(time.DateOnly))
			isLeapDay := date.Month() == time.February && date.Day() == 29
			if _, ok := plainDate([]byte(date.Format(time.DateOnly))); ok == (isLeapDay || date.Year() == 0) {
				t.Fatalf("%v is plain: %t", date, ok)
			}
		}
	}
	for _, text := range []string{"0000-01-01", "2024-13-01", "2024-00-01", "2024-01-32", "2024-02-30", "2024-04-31", "2024-11-31", "2024-01-01T24:00:00Z", "2024-01-01T00:60:00Z", "2024-01-01T00:00:60Z", "2024/01/01", "2024-01-01t00:00:00z"} {
		if _, ok := plainDate([]byte(text)); ok {
			t.Errorf("%s is plain", text)
		}
		check(text)
	}
}

func TestPlainDatesHaveNoOtherBytes(t *testing.T) {
	for _, text := range []string{"2024-05-01", "2024-05-01T12:30:05Z"} {
		for at := range len(text) {
			for _, c := range []byte{0, '/', ':', '-', 'T', 'Z', 'a', 0x80, 0xb0, 0xff} {
				changed := []byte(text)
				changed[at] = c
				if _, ok := plainDate(changed); ok && c != text[at] {
					t.Errorf("%q is a date", changed)
				}
			}
		}
	}
}
