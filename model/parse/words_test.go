package parse

import "testing"

func TestWordsAreText(t *testing.T) {
	var w Words
	for range 2 { // the second time, the words are known
		for text, want := range map[string]bool{
			"Walnut Coffee Lamp 5": true, "retailer of lamps 12": true, "Walnut 12/31/2024 x": true, "From 12 to 15 dollars": false,
			"March 12, 2024 12:00": false, "marzo 12 de 2024 a las": false, "Wednesday, 12 March 2024": false, "of lamps and tables": false,
			"Lamp 5": false, "one-word-without-spaces": false, "Price in dollars 12.50": false, "septiembre 12 de 2024": false,
		} {
			if got := w.IsText([]byte(text)); got != want {
				t.Errorf("%q: %t, want %t", text, got, want)
			}
		}
	}
}

func FuzzWords(f *testing.F) {
	for _, text := range []string{"Walnut Coffee Lamp 5", "marzo 12 de 2024 a las", "Price in dollars 12.50", "enero\u00a0 12 de 2024 de", "Lamp \u200b12/31/2024 12:00"} {
		f.Add([]byte(text))
	}
	var w Words
	f.Fuzz(func(t *testing.T, text []byte) {
		if !w.IsText(text) {
			return
		}
		for _, numbers := range []Numbers{{}, {CommaIsDecimal: true}} {
			if number, ok := numbers.Number(text); ok {
				t.Errorf("%q is the number %v", text, number)
			}
		}
		for _, dates := range []Dates{{}, {DayFirst: true}} {
			if date, ok := dates.Date(text); ok {
				t.Errorf("%q is the date %v", text, date)
			}
		}
	})
}
