package parse

import (
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func TestNumbers(t *testing.T) {
	for text, want := range map[string]float64{
		"0": 0, "-3": -3, "42": 42, "007": 7, "3.50": 3.5, ".5": 0.5, "-0.5": -0.5, "  12 ": 12, "\u00a012\u00a0": 12, "\t12\n": 12,
		// separators of all countries
		"$1,299.00": 1299, "1.299,00 €": 1299, "1 299,50": 1299.5, "1\u00a0299,50": 1299.5, "1\u202f299": 1299, "1\u2009299": 1299,
		"1'299.00": 1299, "1’299.50": 1299.5, "12,5": 12.5, "12,50 €": 12.5, "0,125": 0.125, "0.125": 0.125, "1,234,567": 1234567,
		"1.234.567": 1234567, "1,234,567.891": 1234567.891, "12,34,567.50": 1234567.5, "₹1,00,000": 100000, "1234,567": 1234.567,
		"1.299": 1.299, "1,299": 1299, "12.345": 12.345, "12,345": 12345,
		// currencies
		"$ 5": 5, "US$ 5": 5, "US$5": 5, "5 USD": 5, "USD 5": 5, "5USD": 5, "€5": 5, "5€": 5, "£0.99": 0.99, "₹ 499": 499, "¥1,200": 1200, "￥1,200": 1200,
		"1 200 kr": 1200, "kr 1 200": 1200, "5 kr.": 5, "49,99 zł": 49.99, "zł 49,99": 49.99, "1 299 Kč": 1299, "1 299,00 ₽": 1299, "500 руб.": 500,
		"CHF 12.50": 12.5, "R$ 1.299,90": 1299.9, "Rs. 1,299": 1299, "A$5": 5, "5 US$": 5, "$.99": 0.99, "12,-": 12, "12,– €": 12, "CHF 12.-": 12, "1.299,-": 1299,
		"1.299,- €": 1299, "19,99 €*": 19.99, "-$5": -5, "$-5": -5, "- 5": -5, "−5": -5, "–5 €": -5, "+5": 5, "~12": 12, "+1.5": 1.5, "￦500": 500, "5 元": 5,
		// one dot before three digits, next to currencies with and without dots between thousands
		"€1.000": 1000, "€ 2.750": 2750, "1.299 €": 1299, "1.299€": 1299, "EUR 1.299": 1299, "1.299 EUR": 1299, "1.299 Euro": 1299, "kr 1.299": 1299, "1.299 kr.": 1299,
		"12.500 zł": 12500, "1.299 Kč": 1299, "R$ 1.299": 1299, "₺1.299": 1299, "1.299 TL": 1299, "Rp 15.000": 15000, "1.299 €/Monat": 1299, "-€1.299": -1299,
		"$1.299": 1.299, "£1.299": 1.299, "¥1.299": 1.299, "₹1.299": 1.299, "CHF 1.299": 1.299, "1.299 kg": 1.299, "€0.125": 0.125, "€1.29": 1.29, "€1.2999": 1.2999,
		"€1.299 Mio": 1299000, "€1,299": 1299, "$1,299": 1299,
		// lead-in words
		"from $4,300.00": 4300, "from €120": 120, "From €1.200": 1200, "ab 120 €": 120, "Ab 1.200 €": 1200, "ca. 15": 15, "ca.15": 15, "ca 15 kg": 15, "about 20": 20, "up to $5": 5,
		"approx. 3.5": 3.5, "~5": 5, "under $20": 20, "starting at $99.00": 99, "Starting from 99": 99, "à partir de 12,50 €": 12.5, "À partir de 12 €": 12, "a partir de 12": 12,
		"desde 5": 5, "bis zu 30 %": 30, "bis 30": 30, "at least 3": 3, "more than 1,000": 1000, "As low as $9.99": 9.99, "über 100": 100, "FROM -5": -5, "Only 3 left": 3, "plus de 100": 100,
		"más de 5": 5, "about 1e5": 1e5, " from\u00a05": 5, "over 9000": 9000, "jusqu'à 5": 5,
		// percentages, measures, counts
		"45%": 45, "45 %": 45, "-20% off": -20, "12,5 %": 12.5, "21°": 21, "21 °C": 21, `15.6"`: 15.6, "12 kg": 12, "16GB": 16, "16 GB": 16, "3.5mm": 3.5, "45 m²": 45, "45 m2": 45,
		"1,204 reviews": 1204, "3 bedrooms": 3, "1st": 1, "22nd": 22, "100+": 100, "60 km/h": 60, "5 €/kg": 5, "$12/month": 12, "4K": 4000,
		"4.5 out of 5": 4.5, "4.5 out of 5 stars": 4.5, "4,5 von 5 Sternen": 4.5, "4.5/5": 4.5, "4.5 / 5.0": 4.5, "3 of 12": 3, "4.5 ★": 4.5, "4 out of 5": 4,
		// multipliers
		"1.2k": 1200, "£1.2m": 1.2e6, "3M": 3e6, "1.2B": 1.2e9, "$3bn": 3e9, "1.2 million": 1.2e6, "3,4 Mio €": 3.4e6, "5m": 5, "$5k": 5000,
		"₹1.25 Cr": 1.25e7, "₹95 Lac": 9.5e6, "₹2.10 Cr": 2.1e7, "5 lakhs": 5e5, "₹ 95 L": 9.5e6, "95 L": 95, "2 crore 50 lakh": 2.5e7, "2.5 lakh crore": 2.5e12, "२३ लाख": 2.3e6,
		"9800万円": 9.8e7, "1億円": 1e8, "5000円": 5000, "1億2000万円": 1.2e8, "1億2,800万円": 1.28e8, "120万元": 1.2e6, "¥1.2万": 12000, "3억 5,000만원": 3.5e8, "5천만원": 5e7,
		"1,5 mio": 1.5e6, "1,5 Mio. €": 1.5e6, "3,2 Mrd. €": 3.2e9, "12 Tsd. €": 12000, "5 Billionen €": 5e12, "$1 billion": 1e9, "5 тыс. руб.": 5000, "1,2 млн ₽": 1.2e6,
		"12 tys. zł": 12000, "15 triệu": 1.5e7, "2,5 tỷ": 2.5e9, "Rp 1,5 juta": 1.5e6, "R$ 5 mil": 5000, "5 mil €": 5000, "2 mil millones €": 2e9, "3 mil. Kč": 3e6, "$1.2M": 1.2e6, "$1.2 M": 1.2e6,
		"12k": 12000, "$5MM": 5e6, "3 millones": 3e6, "2,5 milliards €": 2.5e9, "5 mld zł": 5e9, "1,2 milj. kr": 1.2e6,
		// countries, currencies and their local names
		"US $5.99": 5.99, "US $1,299.00": 1299, "C $12": 12, "$US 12": 12, "12 $ US": 12, "12,50 $ CA": 12.5, "USD $12.99": 12.99, "$12.99 USD": 12.99, "113 000 DH": 113000, "8 000 DH / mois": 8000,
		"AED 1,299": 1299, "1,299 AED": 1299, "1,299.00 د.إ": 1299, "Dhs. 45": 45, "dirhams 5": 5, "EUR 12,-": 12, "Euro 12,50": 12.5, "CHF 1'299.–": 1299, "Rs. 499/-": 499, "руб. 500": 500,
		"S/. 12.50": 12.5, "৳ 1,200": 1200, "Ksh 1,000": 1000, "12.000 ₫": 12000, "₹1,23,456": 123456, "R $ 1.299,90": 1299.9, "100 грн": 100, "25,90 лв.": 25.9, "1 000 сум": 1000, "150 درهم": 150,
		// digits of other scripts, invisible characters, comparisons
		"٣٤": 34, "١٬٢٩٩٫٥٠": 1299.5, "۱۲": 12, "１，２９９円": 1299, "１２": 12, "\u200e9.99": 9.99, "9.99\u200b": 9.99, "\ufeff$1,\u200d299": 1299, "1\u2003299 kr": 1299, "4.5 ⭐\ufe0f": 4.5,
		"> 5": 5, ">= 18": 18, "≈ 3.5 km": 3.5, "<1%": 1, "od 5 zł": 5, "от 500 руб.": 500, "vanaf € 12,50": 12.5, "1,000+ sold": 1000, "1.2K views": 1200,
		"R 1,299": 1299, "R1 299,00": 1299, "R 12.50": 12.5, "baht 500": 500, "naira 1,200": 1200, "45 ㎡": 45, "1.5㎏": 1.5, "1,299 CHF": 1299,
		// what an amount includes or is for, labels, footnotes
		"1.299,00 € inkl. MwSt.": 1299, "18,50 € inkl. MwSt": 18.5, "5 € zzgl. Versand": 5, "$1,299.00 incl. VAT": 1299, "18.50 ex. VAT": 18.5, "1 299,00 € TTC": 1299, "18,50 € HT": 18.5,
		"$5 per month": 5, "€ 20 pro Nacht": 20, "18 € par mois": 18, "$100,000 a year": 1e5, "$1,299 each": 1299, "$18 ea.": 18, "$1,299 pcm": 1299, "100 € VB": 100, "120 kg per box": 120,
		"Price: $1,299": 1299, "Preis: 1.299 €": 1299, "Prix : 18 €": 18, "Precio: 5 €": 5, "Sale price $5.99": 5.99, "Regular price: $18": 18, "Now $5.99": 5.99, "was £3": 3, "UVP 5 €": 5,
		"From: $5": 5, "a partire da 18,50 €": 18.5, "seulement 3 €": 3, "1.299,00 €¹": 1299, "$ 5†": 5, "★ 3.8": 3.8, "1,200 sq ft": 1200, "600 sq. ft.": 600, "85,5 sq m": 85.5,
		"1 299:-": 1299, "18:-": 18, "99¢": 0.99, "99 ¢": 0.99, "1 299 DT": 1299, "1 299 DA": 1299, "Kshs 7": 7, "Q1,299.00": 1299, "Q 18.50": 18.5, "0.5 ETH": 0.5, "5 ש\"ח": 5,
		"2 ล้านบาท": 2e6, "1.5 ล้าน": 1.5e6, "3 แสนบาท": 3e5, "5 หมื่น": 5e4, "1,500 บาท": 1500,
		// JSON numbers
		"1e5": 1e5, "1.5E-3": 1.5e-3, "-2e+2": -200,
		// many digits
		"12345678901234567890": 12345678901234567890, "0.1234567890123456789012": 0.1234567890123456789012, "9007199254740993": 9007199254740993,
		"1e999": math.MaxFloat64, "-1e999": -math.MaxFloat64, strings.Repeat("9", 400): math.MaxFloat64, "0.000000000000000000000000000001": 1e-30,
		"0." + strings.Repeat("0", 400) + "1": 0,
	} {
		got, ok := Numbers{}.Number([]byte(text))
		if math.IsNaN(want) {
			if ok {
				t.Errorf("%q = %v, want no number", text, got)
			}
			continue
		}
		if Imprecise(got) {
			got, _ = Numbers{}.Read([]byte(text))
		}
		if !ok || got != want {
			t.Errorf("%.60q = %v, %t, want %v", text, got, ok, want)
		}
	}
}

func TestNumbersRejectsOtherText(t *testing.T) {
	for _, text := range []string{
		"", " ", "-", "$", "€", ".", ",", "abc", "null", "NaN", "Inf", "-inf", "0x10", "1_000", "12.", "1..2", "1,,2", "--5", "-+5", "$$5", "$5 $",
		// dates, times, versions, addresses
		"12/05/2024", "2024-05-01", "01.05.2024", "1 May 2024", "5 May", "3 September", "12:30", "5 pm", "5PM", "1.2.3", "v1.2", "192.168.100.200", "10.0.0.1", "1.10.2",
		// ids and phone numbers
		"A-123", "A123", "123-456", "SKU 123", "R 12", "R1299", "R2-50", "123ABC", "12345X", "#12", "No. 5", "555-1234", "+49 30 123456", "+4930123456", "(030) 123", "020 123 456", "0800 123 4567",
		"+1 555 123 456", "RTX 4090", "ISO 9001", "5e", "1e5x", "1e", "$1e5", "1,000e5", "978-3-16", "B07XJ8C8F5", "12e45-x",
		// ranges, products, phrases, amounts in parentheses
		"10-20", "10 - 20", "3x4", "3 x 4", "10 Downing Street", "2001: A Space Odyssey", "12 angry men", "3, 4", "1; 2", "(3.50)", "(12)", "4/5", "1/2", "5'11",
		"12 34", "1 2", "12 3456", "1,23,45", "1.299.00", "1,299,00", "1.299,000.5", "1 299.000,5", "1'29", "0,123,456", ",5", "5 DOWNING", "12 §", "5 %%", "5 // 6", "5/",
		"from", "from ", "from5", "from from 5", "up 5", "at 5", "a 5", "a partir 5", "from 1 May 2024", "from 9 pm", "about", "approx.", "from page 2 on",
		"fromage 5", "about-5", "starting 5", "as low 5", "Walnut desk lamp", "Zürich", "übergroß 5", "kr", "USD", "US$", "5 per 2", "5a day", "$5 each of 2", "Q1", "Q 4", "Price", "Price:", "Price: n/a", "was:", "sq ft", "$5 + $2 shipping", "one", "\xff5", "5\xff", "5\x00", "1\u0301",
	} {
		if got, ok := (Numbers{}).Number([]byte(text)); ok {
			t.Errorf("%q = %v, want no number", text, got)
		}
	}
}

func TestRangesReadAsTheirLowEnd(t *testing.T) {
	for text, want := range map[string]float64{
		"$1.40 to $5.62": 1.4, "$10 - $20": 10, "$10-$20": 10, "$10 – $20": 10, "€10–20": 10, "10-20%": 10, "5 - 10 kg": 5, "10 to 20": 10, "from $5 to $10": 5, "between $5 and $10": 5,
		"10 à 20 €": 10, "de 10 à 20 €": 10, "von 5 bis 10 €": 5, "от 500 до 900 руб.": 500, "desde 5 hasta 10": 5, "US $1,299.00 - US $2,499.00": 1299, "$3 ~ $5": 3,
		"$1-2 million": 1e6, "₹50 - 75 Lac": 5e6, "$500 - $1.2k": 500, "50k - 60k": 50000, "€1.000 - 2.000": 1000, "1.000 - 2.000 €": 1000, "9,50 - 12,50 €": 9.5, "\u200e$10 - $20": 10,
	} {
		got, ok := Numbers{}.Number([]byte(text))
		if _, kind := (Numbers{}).Read([]byte(text)); !ok || got != want || kind != Range {
			t.Errorf("%q = %v, %t, kind %d, want the range from %v", text, got, ok, kind, want)
		}
	}
	for _, text := range []string{
		"5", "$5", "10-20", "10 - 20", "3 - 1", "$20 - $10", "$5 - $5", "555-1234", "2024-05-01", "2024-05-01 to 2024-05-09", "10:30 - 11:30", "May 1 - May 5", "5 kg - 10 lb", "1-2-3 €", "$5 -", "- $5", "up to $5",
		"table to 5", "5 to", "978-3-16-148410-0", "1 to go",
	} {
		if _, kind := (Numbers{}).Read([]byte(text)); kind == Range {
			t.Errorf("%q is a range", text)
		}
	}
}

func TestColumnOfMixedUnits(t *testing.T) {
	kilos := strings.Split(strings.Repeat("5 kg;", 20), ";")[:20]
	for _, test := range []struct {
		name      string
		samples   []string
		read, not []string
	}{
		{"one unit", []string{"5 foo", "7 foo", "3"}, []string{"4 foo", "4", "4 bar"}, nil},
		{"two unknown units", []string{"5 foo", "7 bar", "3"}, []string{"4", "$4", "4%", "4k"}, []string{"4 foo", "4 bar", "4 kg"}},
		{"known units are not converted", []string{"500 g", "1.2 kg"}, []string{"4"}, []string{"500 g", "1.2 kg", "1-2 kg"}},
		{"one unit nearly everywhere", append(kilos, "5 lb"), []string{"5 kg", "1-2 kg", "5"}, []string{"5 lb", "500 g"}},
		{"forms of one word", []string{"1 review", "5 reviews", "7 Reviews", "1 отзыв", "1 review"}, []string{"5"}, []string{"1 отзыв"}},
		{"singular and plural", []string{"1 review", "5 reviews", "7 Reviews"}, []string{"1 review", "7 reviews"}, nil},
		{"Russian plurals", []string{"1 отзыв", "2 отзыва", "5 отзывов"}, []string{"1 отзыв", "2 отзыва", "5 отзывов"}, nil},
		{"ordinals", []string{"1st", "2nd", "3rd", "4th"}, []string{"1st", "22nd"}, nil},
		{"currencies", []string{"$5", "€7", "5 zł", "9 dirhams", "1,2 млн ₽"}, []string{"5 zł", "9 dirhams", "€7"}, nil},
		{"multipliers", []string{"₹95 Lac", "₹1.25 Cr", "5 million €"}, []string{"₹95 Lac", "₹1.25 Cr"}, nil},
	} {
		var l Learner
		for _, sample := range test.samples {
			l.Add([]byte(sample))
		}
		for _, text := range test.read {
			if _, kind := l.Numbers().Read([]byte(text)); kind != OneNumber && kind != Range {
				t.Errorf("%s: %q is not a number", test.name, text)
			}
		}
		for _, text := range test.not {
			if got, kind := l.Numbers().Read([]byte(text)); kind != OtherUnit {
				t.Errorf("%s: %q = %v, want no number", test.name, text, got)
			}
		}
	}
}

func TestColumnStyleResolvesAmbiguousNumbers(t *testing.T) {
	for _, test := range []struct {
		name    string
		samples []string
		want    map[string]float64
	}{
		{"no samples", nil, map[string]float64{"1.299": 1.299, "1,299": 1299, "12,5": 12.5, "12.5": 12.5}},
		{"only ambiguous samples", []string{"1.299", "2.499", "text", ""}, map[string]float64{"1.299": 1.299}},
		{"commas", []string{"12,50 €", "1.299,00 €", "3.99"}, map[string]float64{"1.299 €": 1299, "1,299": 1.299, "12.5": 12.5, "0.125": 0.125, "1.299.000": 1299000}},
		{"dots between thousands", []string{"1.299.000"}, map[string]float64{"1.299": 1299}},
		{"commas between thousands", []string{"1,299,000", "5,5", "3,000,000"}, map[string]float64{"1.299": 1.299}},
		{"dots, euros", []string{"€12.50", "€1.299"}, map[string]float64{"€1.299": 1.299, "1.299 EUR": 1.299, "€1,299": 1299}},
		{"commas, dollars", []string{"$12,50"}, map[string]float64{"$1.299": 1299, "$1,299": 1.299}},
		{"dollars and euros", []string{"€1.000", "from $4,300.00", "$12.50", "1 200 €", "£1,100 pcm", "CHF 1’200.–", "12 000 kr"}, map[string]float64{"€1.000": 1000, "€2.750": 2750, "$1.299": 1.299, "£1,100 pcm": 1100}},
		{"dots without a currency", []string{"12.50", "$3.99"}, map[string]float64{"€1.299": 1.299}},
		{"ambiguous euros", []string{"€1.000", "€2.750"}, map[string]float64{"€1.100": 1100, "€950": 950, "1.299": 1.299}},
		{"dots", []string{"12.50", "3,5", "1.25"}, map[string]float64{"1,299": 1299}},
	} {
		var l Learner
		for _, sample := range test.samples {
			l.Add([]byte(sample))
		}
		for text, want := range test.want {
			if got, ok := l.Numbers().Number([]byte(text)); !ok || got != want {
				t.Errorf("%s: %q = %v, %t, want %v", test.name, text, got, ok, want)
			}
		}
	}
}

func TestParsingDoesNotAllocate(t *testing.T) {
	for _, text := range [][]byte{[]byte("$1,299.00"), []byte("4.5 out of 5"), []byte("1 299,50 zł"), []byte("Walnut desk lamp"), []byte("2024-05-01 12:30"), []byte("Starting at 1.299 €"), []byte("1億2000万円"), []byte("$10 - $20"), []byte("5 тыс. руб."), []byte("5 août 2024")} {
		if n := testing.AllocsPerRun(100, func() { Numbers{}.Number(text); Date(text) }); n > 0 {
			t.Errorf("%q: %v allocations, want 0", text, n)
		}
	}
}

func FuzzNumber(f *testing.F) {
	for _, text := range []string{"$1,299.00", "1.299,00 €", "4.5 out of 5", "1e5", "-0", "1e-400", "12,34,567.50", "£1.2m", "5 US$/kg*", "12,–", "Rs. 5", "z\xc5", "\xe2\x80", "from €1.299", "à partir de 1,5", "1.299,- kr", "₹1.25 Cr", "1億2000万円", "US $5 - US $7", "de 1 à 2 mil €", "٣٤٫٥", "1,2 млн. руб.", "5 $ US/mo+", "S/. 5", "12/-"} {
		f.Add([]byte(text), true)
		f.Add([]byte(text), false)
	}
	f.Fuzz(func(t *testing.T, text []byte, comma bool) {
		n := Numbers{CommaIsDecimal: comma}
		value, ok := n.Number(text)
		if math.IsNaN(value) || math.IsInf(value, -1) || !ok && value != 0 {
			t.Fatalf("%q = %v, %t", text, value, ok)
		}
		var l Learner
		l.Add(text)
		if ok && l.Numbers() == n {
			if again, ok := l.Numbers().Number(text); !ok || again != value {
				t.Fatalf("%q = %v, then %v", text, value, again)
			}
		}
		if again, kind := n.Read(text); again != value && !Imprecise(value) || math.IsInf(again, 0) || ok == (kind == NoNumber) || kind == OtherUnit {
			t.Fatalf("%q: %v, kind %d, but number %v, %t", text, again, kind, value, ok)
		}
		if marked := append([]byte("\u200e"), text...); len(marked) < maxClean {
			if again, ok2 := n.Number(marked); ok && (!ok2 || again != value) {
				t.Fatalf("%q = %v, but %v, %t after an invisible character", text, value, again, ok2)
			}
		}
		if value, ok := n.parsePlain(text); ok {
			if full := new(reading); !n.parse(text, nil, full) || full.value != value {
				t.Fatalf("%q = %v, but parse returns %v, %t", text, value, full.value, ok)
			}
		}
		JSON(text)
		if !json.Valid(text) || strings.Trim(string(text), "0123456789.eE+-") != "" {
			return
		}
		want, _ := strconv.ParseFloat(string(text), 64)
		want = clamp(want)
		if got := Nearest(text); got != want {
			t.Fatalf("Nearest(%q) = %v, want %v", text, got, want)
		}
		if got := JSON(text); got != want && !Imprecise(got) {
			t.Fatalf("JSON(%q) = %v, want %v", text, got, want)
		}
		if got, ok := (Numbers{}).Number(text); !ok || got != want && !Imprecise(got) {
			t.Fatalf("%q = %v, %t, want %v", text, got, ok, want)
		}
	})
}

func BenchmarkNumber(b *testing.B) {
	for _, text := range []string{
		"$1,299.00", "1.299,00 €", "€1.299", "from $4,300.00", "19.99", "1299", "4.5 out of 5", "45%", "Walnut desk lamp, brass", "2024-05-01", "https://shop.example/1", "SKU-0000012", "12 angry men",
	} {
		b.Run(text, func(b *testing.B) {
			raw := []byte(text)
			for b.Loop() {
				Numbers{}.Number(raw)
			}
		})
	}
	b.Run("mix", func(b *testing.B) { // what a profile parses in the texts of a shop
		texts := [][]byte{
			[]byte("Walnut desk lamp, brass"), []byte("$1,299.00"), []byte("1.299,00 €"), []byte("SKU-0000012"), []byte("2024-05-01T12:30:00Z"), []byte("in stock"), []byte("1,204 reviews"),
			[]byte("4.5 out of 5"), []byte("iPhone 15 Pro Max 256GB"), []byte("https://shop.example/p/12"), []byte("Café au lait"), []byte("12 kg"), []byte("May 1, 2024"), []byte("B07XJ8C8F5"),
		}
		for b.Loop() {
			for _, text := range texts {
				if _, kind := (Numbers{}).Read(text); kind == NoNumber {
					Date(text)
				}
			}
		}
	})
	b.Run("JSON", func(b *testing.B) {
		raw := []byte("1299.99")
		for b.Loop() {
			JSON(raw)
		}
	})
}

func TestSample(t *testing.T) {
	for _, test := range []struct{ rows, count, last int }{{0, 0, 0}, {1, 1, 0}, {1000, 1000, 999}, {1999, 1999, 1998}, {2000, 1000, 1998}, {1_000_000, 1000, 999_000}} {
		rows := slices.Collect(Sample(test.rows))
		if len(rows) != test.count || len(rows) > 0 && (rows[0] != 0 || rows[len(rows)-1] != test.last) {
			t.Errorf("%d rows: %d sampled, last %v", test.rows, len(rows), rows[max(0, len(rows)-1):])
		}
	}
}
