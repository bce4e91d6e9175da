package faults

import (
	"math/rand/v2"
	"strings"
	"unicode/utf8"
)

// Text returns a hostile text, such as one with control sequences that a terminal would obey, or with characters whose
// width is easily miscounted. It may be invalid UTF-8, and is up to about 5,000 characters long.
func Text(seed uint64) string { return text(newDice(seed, "text")) }

func text(dice *rand.Rand) string {
	var b strings.Builder
	for range 1 + dice.IntN(6) {
		part := pick(dice, textParts())(dice)
		if dice.IntN(30) == 0 {
			part = strings.Repeat(part, 1+dice.IntN(1+5000/(1+len(part))))
		}
		b.WriteString(part)
		if dice.IntN(3) == 0 {
			b.WriteString(pick(dice, []string{" ", "Kettle", "price 12.50", "1,299", "a", ""}))
		}
	}
	return b.String()
}

// textParts returns functions that return pieces of hostile text.
func textParts() []func(*rand.Rand) string {
	return []func(*rand.Rand) string{
		escapeSequence, escapeSequence, escapeSequence,
		controlCharacter, c1Control, randomBytes, randomRunes,
		bidirectional, marks, emoji, wideText, invisible, replacement, plainText,
	}
}

// escapeSequence returns a terminal escape sequence, complete or truncated.
func escapeSequence(dice *rand.Rand) string {
	argument := pick(dice, []string{"0;owned", "52;c;ZXZpbA==", "8;;https://evil.example/", "9;4;1;50", "4;1;rgb:00/00/00", "7501;x", "1337;File=:AAAA"})
	sequence := pick(dice, []string{
		"\x1b[2J\x1b[3J\x1b[H", "\x1b[31m", "\x1b[?1049l", "\x1b[?25l", "\x1b[?1000h", "\x1b[?2004h", "\x1b[?2026h",
		"\x1b[6n", "\x1b[c", "\x1b[>q", "\x1b[8;1;1t", "\x1b[99999999;99999999H", "\x1b[>31u", "\x1b[4:3m", "\x1b[1;1r",
		"\x1b]" + argument + "\x07", "\x1b]" + argument + "\x1b\\", "\x9d" + argument + "\x9c", "\u009d" + argument + "\u009c",
		"\x1bP+q544e\x1b\\", "\x1bPq#0;2;0;0;0#0~~@@vv\x1b\\", "\x1b_Gf=24,s=1,v=1;AAAA\x1b\\", "\x1b^PM\x1b\\", "\x1bXSOS\x1b\\",
		"\x1bc", "\x1b(0", "\x1b#8", "\x1b7", "\x1bD", "\x9b31m", "\u009b2J", "\u0090q\u009c",
	})
	if dice.IntN(4) == 0 {
		sequence = sequence[:1+dice.IntN(len(sequence))]
	}
	return sequence
}

func controlCharacter(dice *rand.Rand) string {
	return pick(dice, []string{"\x00", "\a", "\b\b\b", "\t", "\n", "\r", "\r\n", "\v", "\f", "\x0e", "\x1b", "\x7f", "\u0085", "\u2028", "\u2029", "\n\n\n\n"})
}

func c1Control(dice *rand.Rand) string { return string(rune(0x80 + dice.IntN(0x20))) }

func randomBytes(dice *rand.Rand) string {
	b := make([]byte, 1+dice.IntN(12))
	for i := range b {
		b[i] = byte(dice.IntN(256))
	}
	return string(b)
}

// randomRunes returns runes from all planes, including unassigned ones.
func randomRunes(dice *rand.Rand) string {
	var b strings.Builder
	for range 1 + dice.IntN(8) {
		limit := pick(dice, []int{0x300, 0x3000, 0x10000, utf8.MaxRune + 1})
		b.WriteRune(rune(dice.IntN(limit)))
	}
	return b.String()
}

func bidirectional(dice *rand.Rand) string {
	return pick(dice, []string{
		"\u202egpj.exe", "\u202d", "\u202c", "\u2066", "\u2067abc\u2069", "\u2068", "\u2069", "\u200f", "\u200e", "\u061c",
		"עברית", "العربية 123", "\u202e\u202e\u202e",
	})
}

// marks returns a few letters with many combining marks each.
func marks(dice *rand.Rand) string {
	var b strings.Builder
	for range 1 + dice.IntN(3) {
		b.WriteString(pick(dice, []string{"e", "", "長", "👩"}))
		for range dice.IntN(60) {
			b.WriteRune(pick(dice, []rune{0x300, 0x301, 0x323, 0x35c, 0x489, 0x20dd, 0xfe0f, 0xfe0e, 0xe0100, 0x0e31, 0x093c}) + rune(dice.IntN(3)))
		}
	}
	return b.String()
}

func emoji(dice *rand.Rand) string {
	return pick(dice, []string{
		"👨‍👩‍👧‍👦", "👩🏽‍🚀", "🏳️‍🌈", "🇨🇭🇯🇵", "🇨", "1️⃣", "❤️", "☺︎", "👍🏿", "👩\u200d", "\u200d👩", "\U0001f3ff", "🏴\U000e0067\U000e0062\U000e007f", "⌚︎", "#️⃣*️⃣",
	})
}

func wideText(dice *rand.Rand) string {
	return pick(dice, []string{"日本電機株式会社", "ﾊﾝｶｸ", "한국어", "가각", "﷽", "𒐫", "꧅", "ｆｕｌｌ", "±×÷①", "नमस्ते", "ภาษาไทย", "བོད་སྐད", "\u1100\u1161\u11a8\u1100"})
}

func invisible(dice *rand.Rand) string {
	return pick(dice, []string{
		"\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u180e", "\u2062", "\U000e0041\U000e0042\U000e007f",
		"\u3164", "\u115f", "\u2800", "\u00a0", "\u3000", "\ufff9a\ufffab\ufffb", "\U0001d173", "\ue0b0", "\uf8ff", "\U0010ffff",
	})
}

// replacement returns a random text from a list with U+FFFD, encoded surrogates and other invalid UTF-8.
func replacement(dice *rand.Rand) string {
	return pick(dice, []string{"\ufffd", "\ufffd\ufffd\ufffd", "\xed\xa0\x80", "\xed\xbf\xbf", "\xc0\xaf", "\xf4\x90\x80\x80", "\xff", "\xe2\x82", "\uffff", "\ufffe"})
}

func plainText(dice *rand.Rand) string {
	return pick(dice, []string{
		"Rugged Kettle", "=cmd|' /C calc'!A0", "$(reboot)", "../../../etc/passwd", "%s%n%!v", "\"'`,;\\", "{{.Exec}}", "a,b;c",
		"https://user:password@evil.example/", "null", "NaN", "1e400", strings.Repeat("a", 1+dice.IntN(300)), strings.Repeat("word ", 1+dice.IntN(60)),
	})
}
