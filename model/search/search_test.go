package search

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"sbwatch/model/item"
	"sbwatch/model/lang"
	"sbwatch/model/text"
)

func itemsOf(tb testing.TB, rows ...string) item.Table {
	tb.Helper()
	var b item.Builder
	for _, row := range rows {
		if _, err := b.Append([]byte(row + ",")); err != nil {
			tb.Fatalf("%.80s: %v", row, err)
		}
	}
	return b.Items()
}

func parsed(tb testing.TB, text string) Query {
	tb.Helper()
	q, err := Parse(text)
	if err != nil {
		tb.Fatalf("%q: %v", text, err)
	}
	return q
}

// matchingRows returns the rows that match a query.
func matchingRows(q Query, items item.Table) []uint32 {
	rows := make([]uint32, items.Len())
	for i := range rows {
		rows[i] = uint32(i)
	}
	return q.Picker(items).Pick(nil, rows)
}

func TestSearchDecodesText(t *testing.T) {
	for _, test := range []struct {
		what, row, query string
		want             bool
	}{
		{"a text", `{"a":"some text"}`, "me te", true},
		{"another", `{"a":"some text"}`, "met", false},
		{"either case", `{"a":"Some TEXT"}`, "some text", true},
		{"a capital makes it exact", `{"a":"some text"}`, "Some", false},
		{"a capital that is there", `{"a":"Some text"}`, "Some", true},
		{"a key", `{"name":"x"}`, "name", false},
		{"a key with space behind it", `{"name" : "x"}`, "name", false},
		{"a key with an escape", `{"n\u0061me":"x"}`, "name", false},
		{"a key and a value", `{"name":"a name"}`, "name", true},
		{"a nested value", `{"a":{"b":[1,{"c":"deep"}]}}`, "deep", true},
		{"a nested key", `{"a":{"b":[1,{"deep":"c"}]}}`, "deep", false},
		{"a value that looks like a key", `{"a":"\"name\":1"}`, `"name":`, true},
		{"two values", `["some","text"]`, `some","text`, false},
		{"two numbers", `[12,34]`, `2,3`, false},
		{"a text and what is behind it", `{"a":"x","b":1}`, `x"`, false},
		{"a text with braces", `{"a":"}{"}`, `}{`, true},
		{"a number", `{"a":-12.50e3}`, "2.50E", false},
		{"a number as it is written", `{"a":-12.50E3}`, "12.50e", true},
		{"a minus", `{"a":-12}`, "-1", true},
		{"true", `{"a":true}`, "tru", true},
		{"null", `[null]`, "null", true},
		{"false in a key", `{"false":1}`, "false", false},
		{"a colon outside", `{"a":1}`, ":", false},
		{"a space outside", `{"a": 1}`, " ", false},
		{"an empty object", `{}`, "{", false},
		{"an escaped letter", `{"a":"caf\u00e9"}`, "café", true},
		{"an escaped letter in the other case", `{"a":"CAF\u00C9"}`, "café", true},
		{"how a letter is written", `{"a":"caf\u00e9"}`, "u00e9", false},
		{"an escaped quote", `{"a":"15\" wide"}`, `15" w`, true},
		{"an escaped quote by number", `{"a":"15\u0022 wide"}`, `15" w`, true},
		{"a zero for a quote", `{"a":"15\u0000 wide"}`, `15" w`, false},
		{"a quote for a zero", `{"a":"15\" wide"}`, "15\x00 w", false},
		{"a zero", `{"a":"15\u0000 wide"}`, "5\x00 w", true},
		{"a backslash", `{"a":"c:\\new"}`, `c:\new`, true},
		{"what follows a backslash", `{"a":"x\new"}`, `new`, false},
		{"a line break", `{"a":"one\ntwo"}`, "one\ntwo", true},
		{"a slash", `{"a":"http:\/\/x"}`, "http://", true},
		{"two surrogates", `{"a":"\ud83d\ude00!"}`, "😀!", true},
		{"half a pair", `{"a":"\ud83d!"}`, "\ufffd!", true},
		{"not UTF-8", "{\"a\":\"\xff!\"}", "\ufffd!", false},
		{"behind what is not UTF-8", "{\"a\":\"\xff\xc3é\"}", "É", false},
		{"in either case behind what is not UTF-8", "{\"a\":\"\xff\xc3É\"}", "é", true},
		{"Latin", `["ÉCOLE"]`, "école", true},
		{"Cyrillic", `["СТОЛ"]`, "стол", true},
		{"Cyrillic, exactly", `["СТОЛ"]`, "Стол", false},
		{"Greek with its final sigma", `["ΟΔΟΣ"]`, "οδος", true},
		{"a letter that is longer in the other case", `["Ⱥx ẞ"]`, "ⱥx ß", true},
		{"between such letters", `["1 Ⱥ22 ẞ 3"]`, "ⱥ22 ß 3", true},
		{"only such a letter", `["ẞ"]`, "ß", true},
		{"Angstrom", `["10 Å"]`, "10 å", true},
		{"the Kelvin sign looks like K", `["\u212a"]`, "k", true},
		{"the long s does not look like s", `["s"]`, "ſ", false},
		{"nor does s look like it", `["ſ"]`, "s", false},
		{"a no-break space", `{"n":"1\u00a0299 kr"}`, "1 299", true},
		{"a no-break space as it is", "{\"n\":\"1\u00a0299 kr\"}", "1 299", true},
		{"a narrow no-break space", "{\"n\":\"1\u202f299 kr\"}", "1 299 KR", false},
		{"a typed no-break space", `{"n":"1 299 kr"}`, "1\u00a0299", true},
		{"an ideographic space", "[\"a\u3000b\"]", "a b", true},
		{"a decomposed letter", "[\"Cafe\u0301 Noir\"]", "é", true},
		{"a decomposed letter, exactly", "[\"Cafe\u0301 Noir\"]", "Café N", true},
		{"a decomposed query", `["Café Noir"]`, "cafe\u0301", true},
		{"without its accent", "[\"Cafe\u0301\"]", "cafe", false},
		{"full-width letters", `["ＡＢＣ １２"]`, "abc 12", true},
		{"half-width katakana", `["ｶﾞ"]`, "ガ", true},
		{"kana", `["ガラス"]`, "ラス", true},
		{"a ligature", `["oﬃce"]`, "office", true},
		{"invisible characters", "[\"soft\u00adware\u200b 5\"]", "software 5", true},
		{"an invisible query", "[\"a\u200eb\"]", "\u200e", true},
		{"an invisible query elsewhere", `["ab"]`, "\u200e", false},
		{"a no-break hyphen", `["T\u2011shirt"]`, "t-shirt", true},
		{"a typographic apostrophe", `["Levi’s"]`, "levi's", true},
		{"a full-width quote is not one", `["＂"]`, `"`, false},
		{"Hangul in letters", "[\"\u1112\u1161\u11ab\"]", "한", true},
		{"a folded key", "{\"a\u00a0b\":1}", "a b", false},
		{"an expression is exact", "[\"a\u00a0b\"]", "re:a b", false},
		{"an expression finds a no-break space", "[\"a\u00a0b\"]", `re:a\xa0b`, true},
		{"a top-level text", `"text"`, "text", true},
		{"a top-level number", `12`, "12", true},
		{"an expression", `{"a":"15 cm"}`, `re:\d+ ?cm`, true},
		{"an expression in either case", `{"a":"ACME"}`, `re:^acme$`, true},
		{"an expression with a capital", `{"a":"acme"}`, `re:^Acme$`, false},
		{"a capital of the syntax", `{"a":"acme 1"}`, `re:ACME\D`, false},
		{"a capital of the syntax only", `{"a":"ACME 1"}`, `re:acm\D\s\S`, true},
		{"an expression begins where the value does", `{"a":"x acme"}`, `re:^acme`, false},
		{"an expression on a key", `{"acme":1}`, `re:acme`, false},
		{"an expression on a number", `{"a":1299.5}`, `re:^\d{4}\.5$`, true},
		{"an expression on two values", `["ab","cd"]`, `re:ab.*cd`, false},
		{"an expression finds Kelvin", `["\u212aelvin"]`, `re:kelvin`, true},
		{"an expression finds what is not UTF-8", "[\"x\xff\"]", "re:x\ufffd", true},
		{"an expression on an escape", `["15\" wide"]`, `re:5" w`, true},
		{"an expression of a quote", `["15 wide", "\""]`, `re:^"$`, true},
	} {
		items := itemsOf(t, `{"other":[1]}`, test.row, `"?"`)
		q := parsed(t, test.query)
		if got := matchingRows(q, items); test.want != slices.Contains(got, 1) {
			t.Errorf("%s: %q in %s: picked rows %d, want row 1 among them: %t", test.what, test.query, test.row, got, test.want)
		}
		if got := q.MatchCell(items.Item(1)); got != test.want {
			t.Errorf("%s: %q in the cell %s: %t, want %t", test.what, test.query, test.row, got, test.want)
		}
	}
}

func TestMatchesDoNotSpanRows(t *testing.T) {
	items := itemsOf(t, `12`, `34`, `"ab"`, `{"k":"c"}`, `{"k":"d"}`)
	for _, query := range []string{"23", "1234", `}{`, `""`, "bc"} {
		if got := matchingRows(parsed(t, query), items); len(got) > 0 {
			t.Errorf("%q matches rows %d", query, got)
		}
	}
}

func TestPickOnlyGivenRows(t *testing.T) {
	var rows []string
	for i := range 3000 {
		rows = append(rows, fmt.Sprintf(`{"a":"%s\t%d"}`, strings.Repeat("x", i%200), i%10))
	}
	items := itemsOf(t, rows...)
	picker := parsed(t, "\t7").Picker(items)
	picked := picker.Pick([]uint32{1}, []uint32{7, 17, 18, 2997})
	picked = picker.Pick(picked, []uint32{2998, 2999})
	if want := []uint32{1, 7, 17, 2997}; !slices.Equal(picked, want) {
		t.Errorf("picked %d, want %d", picked, want)
	}
	if got := matchingRows(parsed(t, "\t7"), items); len(got) != 300 {
		t.Errorf("picked %d of all rows, want 300", len(got))
	}
}

func TestLongRows(t *testing.T) {
	long := `{"name":"` + strings.Repeat("long ", blockSize/4) + `%s"}`
	items := itemsOf(t, `{"a":"needle"}`, fmt.Sprintf(long, `n\u0065edle`), `{"needle":1}`, fmt.Sprintf(long, "needle"), fmt.Sprintf(long, ""), `["needle"]`)
	if got, want := matchingRows(parsed(t, "needle"), items), []uint32{0, 1, 3, 5}; !slices.Equal(got, want) {
		t.Errorf("picked %d, want %d", got, want)
	}
}

func TestEmptyQuery(t *testing.T) {
	items := itemsOf(t, `{}`, `{"a":1}`)
	for _, text := range []string{"", "re:"} {
		q := parsed(t, text)
		if !q.IsEmpty() || q.Text() != text || len(matchingRows(q, items)) != 2 || q.MatchCell(items.Item(1)) || q.Spans("x") != nil {
			t.Errorf("%q is not empty", text)
		}
	}
	if q := parsed(t, "x"); q.IsEmpty() || q.MatchCell(item.Cell{}) {
		t.Error("a query finds something in a cell that is missing, or is empty")
	}
}

func TestSpans(t *testing.T) {
	for _, test := range []struct {
		query, shown string
		want         [][2]int
	}{
		{"an", "Banana, ANANAS", [][2]int{{1, 3}, {3, 5}, {8, 10}, {10, 12}}},
		{"ana", "banana", [][2]int{{1, 4}}},
		{"x", "banana", nil},
		{"é", "É é e", [][2]int{{0, 2}, {3, 5}}},
		{"ⱥ1", "Ⱥ1ⱥ1Ⱥ1", [][2]int{{0, 3}, {3, 7}, {7, 10}}},
		{"ab", "", nil},
		{"é n", "Cafe\u0301 Noir", [][2]int{{3, 8}}},
		{"1 299", "1\u00a0299 kr", [][2]int{{0, 6}}},
		{"b", "a\u200bb\u200bb", [][2]int{{4, 5}, {8, 9}}},
		{"ab", "a\u200bb", [][2]int{{0, 5}}},
		{"f", "oﬃce", [][2]int{{1, 4}}},
		{"12", "x１２", [][2]int{{1, 7}}},
		{"re:a*", "baac", [][2]int{{1, 3}}},
		{`re:\bb`, "bb b", [][2]int{{0, 1}, {3, 4}}},
		{"re:^a", "aaa", [][2]int{{0, 1}}},
	} {
		if got := parsed(t, test.query).Spans(test.shown); !slices.Equal(got, test.want) {
			t.Errorf("%q in %q: %v, want %v", test.query, test.shown, got, test.want)
		}
	}
}

func TestTitle(t *testing.T) {
	for text, want := range map[string]string{
		"acme":                   "/acme/",
		"a\x1b[31mb":             `/a\x1b[31mb/`,
		strings.Repeat("é", 100): "/" + strings.Repeat("é", 23) + "…/",
		"re:^a":                  "/re:^a/",
	} {
		if got := parsed(t, text).Title(); got != want {
			t.Errorf("the title of %q is %s, want %s", text, got, want)
		}
	}
}

func TestErrorsPointAtWrongPart(t *testing.T) {
	for _, test := range []struct{ query, part, reason string }{
		{"re:a(b", "(", "unclosed ("},
		{"re:(a)((b)", "(", "unclosed ("},
		{"re:a)b", ")", "unmatched )"},
		{"re:[a][b", "[", "unclosed ["},
		{"re:a*|*b", "*", "nothing to repeat"},
		{"re:a**", "**", "repeated repetition"},
		{`re:a\yb`, `\y`, "unknown escape"},
		{"re:x[z-a]", "z-a", "invalid character range"},
		{"re:x{2000}", "{2000}", "repetition count too large"},
		{`re:x\`, `\`, "trailing backslash"},
		{"a\xffb", "\xff", "invalid UTF-8"},
		{"re:é(?<a", "(?<a", "invalid group name"},
	} {
		_, err := Parse(test.query)
		var wrong *lang.Error
		if !errors.As(err, &wrong) {
			t.Errorf("%q: error %v", test.query, err)
			continue
		}
		if got := test.query[wrong.From:wrong.To]; got != test.part || wrong.Reason != test.reason {
			t.Errorf("%q: %s at %q, want %s at %q", test.query, wrong.Reason, got, test.reason, test.part)
		}
	}
}

// reference is a slow implementation that reports whether a query matches a row.
func reference(tb testing.TB, row, query string) bool {
	tb.Helper()
	text := query
	if folded := appendFolded(nil, []byte(query)); len(folded) > 0 {
		text = string(folded)
	}
	finds := func(value string) bool {
		if text != query || len(appendFolded(nil, []byte(query))) > 0 {
			value = string(appendFolded(nil, []byte(value)))
		}
		folds := !strings.ContainsFunc(query, isCapital)
		if !folds {
			return strings.Contains(value, text)
		}
		return containsFolded(value, text)
	}
	if pattern, ok := strings.CutPrefix(query, "re:"); ok {
		if !hasCapital(pattern) {
			pattern = "(?i)" + pattern
		}
		finds = regexp.MustCompile(pattern).MatchString
	}
	decoder := json.NewDecoder(strings.NewReader(row))
	decoder.UseNumber()
	inObject := []bool{false}
	isKey := false
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return false
		}
		if err != nil {
			tb.Fatalf("%s: %v", row, err)
		}
		within := inObject[len(inObject)-1]
		switch token := token.(type) {
		case json.Delim:
			if token == '{' || token == '[' {
				inObject = append(inObject, token == '{')
				isKey = token == '{'
				continue
			}
			inObject = inObject[:len(inObject)-1]
			within = inObject[len(inObject)-1]
		case nil:
			if finds("null") {
				return true
			}
		default:
			if (!within || !isKey) && finds(fmt.Sprint(token)) {
				return true
			}
			if within && isKey {
				isKey = false
				continue
			}
		}
		isKey = within
	}
}

// containsFolded is like strings.Contains, but ignores case.
func containsFolded(value, text string) bool {
	runes, wanted := []rune(value), []rune(text)
	for from := range len(runes) - len(wanted) + 1 {
		if slices.EqualFunc(runes[from:from+len(wanted)], wanted, func(a, b rune) bool {
			return (a < utf8.RuneSelf) == (b < utf8.RuneSelf) && strings.EqualFold(string(a), string(b))
		}) {
			return true
		}
	}
	return false
}

// randomText returns text that is likely to confuse the search.
func randomText(random *rand.Rand, length int) string {
	parts := []string{
		"a", "A", "b", "k", "s", "ab", "1", "true", " ", ":", ",", "{", "}", "\"", "\\", "\n", "\x00", "/", "u00e9", "é", "É", "я", "Я", "ß", "ẞ",
		"Ⱥ", "ⱥ", "ſ", "K", "å", "Å", "😀", "name",
		"e", "\u0301", "\u00a0", "\u200b", "Ａ", "＂", "ﬁ", "\u2011",
	}
	var text strings.Builder
	for range length {
		text.WriteString(parts[random.IntN(len(parts))])
	}
	return text.String()
}

// randomJSON returns a value with random text, escaped in all ways that JSON allows.
func randomJSON(random *rand.Rand, depth int) string {
	kinds := 6
	if depth == 0 {
		kinds = 4
	}
	space := func() string { return []string{"", "", "", " ", "\n\t"}[random.IntN(5)] }
	switch random.IntN(kinds) {
	case 0, 1:
		return randomString(random)
	case 2:
		return []string{"true", "false", "null"}[random.IntN(3)]
	case 3:
		return []string{"1", "-12.50", "1e5", "1E+5", "0", "111"}[random.IntN(6)]
	case 4:
		parts := make([]string, random.IntN(4))
		for i := range parts {
			parts[i] = space() + randomJSON(random, depth-1) + space()
		}
		return "[" + strings.Join(parts, ",") + "]"
	default:
		parts := make([]string, random.IntN(4))
		for i := range parts {
			parts[i] = space() + randomString(random) + space() + ":" + space() + randomJSON(random, depth-1) + space()
		}
		return "{" + strings.Join(parts, ",") + "}"
	}
}

func randomString(random *rand.Rand) string {
	escapes := random.IntN(2) == 0
	out := []byte{'"'}
	for _, r := range randomText(random, random.IntN(5)) {
		switch {
		case escapes && random.IntN(2) == 0 && r < 0x10000:
			out = fmt.Appendf(out, `\u%04x`, r)
		case escapes && random.IntN(2) == 0 && r >= 0x10000:
			out = fmt.Appendf(out, `\u%04X\u%04x`, 0xd800+(r-0x10000)>>10, 0xdc00+(r-0x10000)&0x3ff)
		case !escapes && (r < ' ' || r == '"' || r == '\\'):
		case r == '\n':
			out = append(out, `\n`...)
		case r < ' ':
			out = fmt.Appendf(out, `\u%04x`, r)
		case r == '"' || r == '\\':
			out = append(out, '\\', byte(r))
		default:
			out = utf8.AppendRune(out, r)
		}
	}
	if random.IntN(20) == 0 {
		out = append(out, []string{"\xff", "\xc3", "\xe1\xba", `\ud83d`, `\ude00`}[random.IntN(5)]...)
	}
	return string(append(out, '"'))
}

func TestSearchMatchesReference(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	expressions := []string{`re:a+b`, `re:^a`, `re:k`, `re:é$`, `re:true`, `re:\D\s`, `re:(я|ß)`, `re:A`, `re:"|1{3}`, `re:(?:\\|/)`, `re:ſa?`, `re:[^a]b`}
	for round := range 300 {
		var rows []string
		for range 40 {
			rows = append(rows, randomJSON(random, 3))
		}
		items := itemsOf(t, rows...)
		for range 10 {
			text := randomText(random, 1+random.IntN(3))
			if random.IntN(4) == 0 {
				text = expressions[random.IntN(len(expressions))]
			}
			compare(t, rows, items, text)
		}
		if t.Failed() {
			t.Fatalf("in round %d", round)
		}
	}
}

// compare compares the picked rows with the reference.
func compare(t *testing.T, rows []string, items item.Table, text string) {
	t.Helper()
	q := parsed(t, text)
	picked := matchingRows(q, items)
	for i, row := range rows {
		want := reference(t, row, text)
		if got := slices.Contains(picked, uint32(i)); got != want {
			t.Errorf("%q in %s, row %d: picked: %t, want %t", text, row, i, got, want)
		}
		if got := q.MatchCell(items.Item(i)); got != want {
			t.Errorf("%q in the cell %s: %t, want %t", text, row, got, want)
		}
	}
}

func FuzzSearch(f *testing.F) {
	f.Add(`{"a":"caf\u00e9","b":[1,{"c":"x\"y"}]}`, "É")
	f.Add(`{"name" : "\ud83d\ude00"}`, "name")
	f.Add(`["Ⱥ22 ẞ"]`, "ⱥ22 ß")
	f.Add("[\"1\u00a0299\",\"e\u0301\"]", "1 299")
	f.Add("[\"\uff02\u0301\u200b\"]", "é\"")
	f.Add(`[1,"a"]`, `re:a(|b)`)
	f.Fuzz(func(t *testing.T, row, s string) {
		row = strings.TrimSpace(row)
		var compact bytes.Buffer
		if json.Compact(&compact, []byte(row)) != nil || !utf8.ValidString(row) || strings.Contains(row, `\u`) && strings.Contains(s, "\ufffd") {
			return
		}
		q, err := Parse(s)
		if err != nil {
			var wrong *lang.Error
			if !errors.As(err, &wrong) || wrong.From < 0 || wrong.From > wrong.To || wrong.To > len(s) || wrong.Reason != text.Printable(wrong.Reason) {
				t.Fatalf("%q: error %#v", s, err)
			}
			return
		}
		checkSpans(t, q, row)
		if !q.IsEmpty() {
			rows := []string{`{"a":"b\n"}`, row, compact.String(), `"x"`}
			compare(t, rows, itemsOf(t, rows...), s)
		}
	})
}

// checkSpans checks that spans are in order, not empty and within the text.
func checkSpans(t *testing.T, q Query, shown string) {
	t.Helper()
	last := 0
	for _, span := range q.Spans(shown) {
		if span[0] < last || span[1] <= span[0] || span[1] > len(shown) {
			t.Fatalf("%q in %q: spans %v", q.Text(), shown, q.Spans(shown))
		}
		last = span[1]
	}
}
