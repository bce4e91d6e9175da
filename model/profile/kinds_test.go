package profile

import (
	"testing"

	"sbwatch/model/item"
	"sbwatch/model/parse"
)

func TestShortcutsOfClassifyChangeNothing(t *testing.T) {
	learned := style{}
	var learner parse.Learner
	for range 20 {
		learner.Add([]byte("12 kg"))
	}
	learned.numbers = learner.Numbers()
	var words parse.Words
	for _, text := range []string{
		"https://shop.example/p/1", "http://5", "ftp://12.50", "ftps://2024-05-01", "http://May,1,2024", "https:// 5", "ftp 5", "http 12 May 2024",
		"Walnut lamp 5", "Varnish Premium 611", "Walnut\u200b lamp 5", "from 5 to 10 dollars", "March 12, 2024 12:00", "Price in dollars 5",
		"5 lb", "12 kg", "Weight 12 kg or less", "<b>Walnut</b> lamp 5 &amp; 6", "Walnut lamps &amp; desks 5",
	} {
		for _, as := range []style{{}, learned} {
			got, want := classify(item.CellString, nil, []byte(text), &as, &words), value{kind: Text}
			want.stray, want.isASCII = strayIn([]byte(text))
			want.parse([]byte(text), &as)
			if isURL([]byte(text)) {
				if want.kind != Text {
					t.Errorf("%q is a web address and a %v", text, want.kind)
				}
				want.kind = URL
			}
			if got != want {
				t.Errorf("%q is %+v, want %+v", text, got, want)
			}
		}
	}
}

func FuzzWebAddressesAreNeitherNumbersNorDates(f *testing.F) {
	for _, text := range []string{"http://5", "ftp://12.50", "ftps://2024-05-01", "https://\u200b5", "ftp://1\u00a05"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if len(text) > maxNumber || !isURL(text) {
			return
		}
		for _, as := range []style{{}, {numbers: parse.Numbers{CommaIsDecimal: true}, dates: parse.Dates{DayFirst: true}}} {
			var v value
			if v.parse(text, &as); v != (value{}) {
				t.Errorf("%q is also %+v", text, v)
			}
		}
	})
}
