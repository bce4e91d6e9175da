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

func FuzzDate(f *testing.F) {
	for _, text := range []string{
		"2024-05-01T12:30:05.25+02:00", "Tue, 05 Mar 2024 10:00:00 +0100 (CET)", "Wed May  1 12:30:00 UTC 2024", "1st of May 2024 at 3:04 PM", "25/12/2024", "May 2024", "2024-", "1 M",
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
