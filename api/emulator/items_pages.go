package emulator

import (
	"strconv"
	"strings"
)

// listingWriter writes apartments for rent, as scraped from sites with different conventions: rents, areas and dates
// come in many formats.
type listingWriter struct {
	cities, agents, streets []string
}

func newListingWriter() listingWriter {
	return listingWriter{cities: cities(), agents: agents(), streets: streets()}
}

func (l listingWriter) item(dst []byte, dice *dice, at position) []byte {
	number := at.index + 1 + max(0, at.ordinal-1)
	dice.reseed("listing", number)
	street := dice.pick(l.streets) + " Street " + strconv.Itoa(dice.between(1, 240))
	o := newObject(dst)
	rooms := dice.between(2, 11) // number of half rooms: a small room counts half
	o.text("title", strconv.Itoa(rooms/2)+"-room flat, "+street)
	l.rent(o, dice)
	o.text("city", dice.pick(l.cities))
	l.area(o, dice)
	o.decimal("rooms", 5*rooms, 1)
	l.available(o, dice)
	l.agent(o, dice)
	id := string(appendPadded([]byte("f"), number, 6))
	photos := []string{}
	for i := range dice.IntN(4) {
		photos = append(photos, "https://img.example.net/"+id+"/"+strconv.Itoa(i+1)+".jpg")
	}
	o.texts("photos", photos...)
	o.text("url", "https://flats.example.org/"+id)
	if dice.percent(40) {
		o.boolean("pets", dice.percent(50))
	}
	if at.page >= 4 && dice.percent(15) {
		o.text("virtual_tour", "https://tours.example.org/"+id)
	}
	return o.end()
}

// rent writes a rent in the format of a random country, or as a number. Some items get no rent.
func (l listingWriter) rent(o *object, dice *dice) {
	amount := dice.between(9, 90) * 50
	switch dice.IntN(12) {
	case 0, 1:
		o.text("rent", "€"+grouped(amount, "."))
	case 2:
		o.text("rent", grouped(amount, "\u00a0")+"\u00a0€")
	case 3, 4:
		o.text("rent", "£"+grouped(amount, ",")+" pcm")
	case 5:
		o.text("rent", "¥"+grouped(amount*100, ","))
	case 6:
		o.text("rent", "CHF "+grouped(amount, "’")+".–")
	case 7:
		o.text("rent", "from $"+grouped(amount, ",")+".00")
	case 8:
		o.text("rent", grouped(amount*10, " ")+" kr")
	case 9:
		o.integer("rent", amount)
	case 10:
		o.text("rent", "on request")
	default:
		o.raw("rent", "null")
	}
}

func (l listingWriter) area(o *object, dice *dice) {
	switch n := dice.IntN(10); {
	case n < 6:
		o.decimal("area_m2", dice.between(180, 1600), 1)
	case n < 9:
		o.text("area_m2", strconv.Itoa(dice.between(18, 160))+" m²")
	}
}

func (l listingWriter) available(o *object, dice *dice) {
	switch dice.IntN(6) {
	case 0:
		o.text("available", "now")
	case 1:
		o.text("available", "")
	case 2:
		o.raw("available", "null")
	default:
		o.text("available", date(dice, "2026-"))
	}
}

func (l listingWriter) agent(o *object, dice *dice) {
	if dice.percent(15) {
		o.raw("agent", "null")
		return
	}
	o.key("agent")
	inner := newObject(o.out)
	inner.text("name", dice.pick(l.agents))
	if dice.percent(80) {
		inner.text("phone", "+41 44 "+strconv.Itoa(dice.between(100, 999))+" "+strconv.Itoa(dice.between(10, 99)))
	}
	o.out = inner.end()
}

// date returns prefix followed by a random month and day.
func date(dice *dice, prefix string) string {
	day := appendPadded([]byte(prefix), dice.between(1, 12), 2)
	return string(appendPadded(append(day, '-'), dice.between(1, 28), 2))
}

// articleWriter writes the articles of a news site.
type articleWriter struct {
	subjects, verbs, objects, sections, authors, summaries, tags []string
}

func newArticleWriter() articleWriter {
	return articleWriter{
		subjects: headlineSubjects(), verbs: headlineVerbs(), objects: headlineObjects(),
		sections: sections(), authors: agents(), summaries: summaries(), tags: tags(),
	}
}

func (a articleWriter) item(dst []byte, dice *dice, at position) []byte {
	number := at.index + 1 + 3*max(0, at.ordinal-1)
	dice.reseed("article", number)
	o := newObject(dst)
	o.text("headline", strings.Join([]string{dice.pick(a.subjects), dice.pick(a.verbs), dice.pick(a.objects)}, " "))
	switch dice.IntN(8) {
	case 0:
		o.texts("author", dice.pick(a.authors), dice.pick(a.authors))
	case 1:
		o.raw("author", "null")
	default:
		o.text("author", dice.pick(a.authors))
	}
	if dice.percent(70) {
		o.text("published", date(dice, "2026-")+"T"+string(appendPadded(nil, dice.between(5, 22), 2))+":30:00Z")
	} else {
		o.text("published", strconv.Itoa(dice.between(2, 23))+" hours ago")
	}
	o.text("section", dice.pick(a.sections))
	o.integer("words", dice.between(120, 4800))
	if dice.percent(60) {
		o.integer("comments", dice.IntN(900))
	}
	if dice.percent(30) {
		o.boolean("premium", true)
	}
	o.text("summary", dice.pick(a.summaries))
	o.text("url", "https://news.example.com/a/"+strconv.Itoa(410_000+number))
	if at.page >= 2 && dice.percent(25) {
		o.key("image")
		inner := newObject(o.out)
		inner.text("src", "https://news.example.com/i/"+strconv.Itoa(number)+".webp")
		inner.text("alt", dice.pick(a.objects))
		o.out = inner.end()
	}
	return o.end()
}
