package emulator

import (
	"strconv"
	"strings"
)

// productWriter writes the items of a shop's catalog. From one run to the next, a few products leave the catalog and
// the same number of new ones join it. Some others change their price or sell out.
type productWriter struct {
	adjectives, goods, brands, tags []string
}

func newProductWriter() productWriter {
	return productWriter{adjectives: adjectives(), goods: goods(), brands: brands(), tags: tags()}
}

// How fast the catalog changes from run to run.
const (
	productsReplaced = 2  // products replaced per run
	priceLasts       = 40 // runs between price changes
	stockLasts       = 12 // runs between stock changes
)

// pageWithoutPrices is the page on which some products have no price. A warning of the run names this page.
const pageWithoutPrices = 23

// catalogueItem writes a product in which some values are missing. Some columns appear only on later pages.
func (p productWriter) catalogueItem(dst []byte, dice *dice, at position) []byte {
	hasPrice := at.page != pageWithoutPrices || at.pageIndex%7 != 2 || at.pageIndex > 23
	return p.catalogueProduct(dst, dice, at, hasPrice)
}

// catalogueItemWithoutPrice writes a product of the catalog, but without its price, because the recipe does not find
// prices in the new design of the shop.
func (p productWriter) catalogueItemWithoutPrice(dst []byte, dice *dice, at position) []byte {
	return p.catalogueProduct(dst, dice, at, false)
}

func (p productWriter) catalogueProduct(dst []byte, dice *dice, at position, hasPrice bool) []byte {
	number := at.index + 1 + productsReplaced*max(0, at.ordinal-1)
	price := p.price(dice, number, at.ordinal)
	inStock := p.inStock(dice, number, at.ordinal)
	dice.reseed("product", number)
	name := p.name(dice, number)

	o := newObject(dst)
	o.text("name", name)
	brandFirst := dice.percent(12)
	if brandFirst {
		p.brand(o, dice)
	}
	if hasPrice {
		o.text("price", price)
	}
	if !brandFirst {
		p.brand(o, dice)
	}
	rating(o, dice)
	if !dice.percent(1) {
		o.boolean("in_stock", inStock)
	}
	o.text("url", "https://shop.example.com/p/"+slug(name))
	p.lateColumns(o, dice, at.page)
	return o.end()
}

// lateColumns writes the columns that are missing on the first pages.
func (p productWriter) lateColumns(o *object, dice *dice, page int) {
	if page >= 3 && dice.percent(35) {
		switch dice.IntN(8) {
		case 0:
			o.texts("tags")
		case 1, 2:
			o.texts("tags", dice.pick(p.tags), dice.pick(p.tags))
		default:
			o.texts("tags", dice.pick(p.tags))
		}
	}
	if page >= 6 && dice.percent(20) {
		dims(o, dice)
	}
	if page >= 9 && dice.percent(5) {
		o.text("badge", "⭐️ Bestseller")
	}
}

// driftedItem writes a product of a shop that has changed its pages. From page 3 on, products have no price.
func (p productWriter) driftedItem(dst []byte, dice *dice, at position) []byte {
	number := at.index + 1
	price := p.price(dice, number, at.ordinal)
	dice.reseed("product", number)
	name := p.name(dice, number)

	o := newObject(dst)
	o.text("name", name)
	switch {
	case at.page > 2:
	case at.index%6 == 4:
		o.decimal("price", dice.between(1_000, 99_999), 2)
	case at.index%6 == 0:
		o.text("price", "$19.99")
	default:
		o.text("price", price)
	}
	o.text("brand", "Acme")
	if at.index%7 == 3 {
		o.raw("rating", "null")
	} else {
		o.decimal("rating", dice.between(10, 50), 1)
	}
	o.boolean("in_stock", at.index%7 != 1 && at.index%7 != 5)
	o.text("url", "https://shop.example.com/p/"+slug(name))
	if at.index != 40 {
		dims(o, dice)
	}
	return o.end()
}

// hugeItem writes a product of about 200 bytes. For speed, the products vary little.
func (p productWriter) hugeItem(dst []byte, dice *dice, at position) []byte {
	dice.reseed("huge", at.index)
	o := object{out: append(dst, `{"sku":"SKU-`...), count: 1}
	o.out = appendPadded(o.out, at.index+1, 7)
	o.out = append(o.out, `","name":"`...)
	o.out = append(o.out, dice.pick(p.adjectives)...)
	o.out = append(o.out, ' ')
	o.out = append(o.out, dice.pick(p.goods)...)
	o.out = append(o.out, ` `...)
	o.out = appendPadded(o.out, at.index+1, 7)
	o.out = append(o.out, `"`...)
	if !dice.percent(2) {
		o.out = append(o.out, `,"price":"$`...)
		o.out = appendDecimal(o.out, dice.between(199, 99_999), 2)
		o.out = append(o.out, `","currency":"USD"`...)
	}
	o.text("brand", dice.pick(p.brands))
	rating(&o, dice)
	o.boolean("in_stock", dice.percent(70))
	o.integer("reviews", dice.IntN(2_000))
	o.out = append(o.out, `,"url":"https://shop.example.com/p/`...)
	o.out = appendPadded(o.out, at.index+1, 7)
	o.out = append(o.out, '"')
	return o.end()
}

func (p productWriter) name(dice *dice, number int) string {
	name := dice.pick(p.adjectives) + " " + dice.pick(p.goods) + " "
	return string(appendPadded([]byte(name), number, 4))
}

// price returns a price such as $1,138.99. Each product changes its price once every priceLasts runs. The products do
// not all change in the same run.
func (p productWriter) price(dice *dice, number, ordinal int) string {
	dice.reseed("price from", number)
	phase := dice.IntN(priceLasts)
	dice.reseed("price", number<<16+(ordinal+phase)/priceLasts)
	cents := dice.between(299, 399_999)
	if dice.percent(40) {
		cents += 99 - cents%100
	}
	return "$" + grouped(cents/100, ",") + string(appendPadded([]byte("."), cents%100, 2))
}

func (p productWriter) inStock(dice *dice, number, ordinal int) bool {
	dice.reseed("stock from", number)
	phase := dice.IntN(stockLasts)
	dice.reseed("stock", number<<16+(ordinal+phase)/stockLasts)
	return dice.percent(65)
}

func (p productWriter) brand(o *object, dice *dice) {
	switch n := dice.IntN(100); {
	case n < 2: // missing
	case n < 4:
		o.text("brand", "")
	default:
		o.text("brand", dice.pick(p.brands))
	}
}

// rating writes a rating from 1.0 to 5.0. Some products get null or no rating.
func rating(o *object, dice *dice) {
	switch n := dice.IntN(100); {
	case n < 2:
	case n < 6:
		o.raw("rating", "null")
	default:
		o.decimal("rating", dice.between(10, 50), 1)
	}
}

// dims writes a width and a height in centimeters.
func dims(o *object, dice *dice) {
	o.key("dims")
	inner := newObject(o.out)
	inner.integer("w", dice.between(2, 120))
	inner.decimal("h", dice.between(20, 900), 1)
	o.out = inner.end()
}

// slug returns name in the form used in URLs: "Desk Lamp" becomes "desk-lamp".
func slug(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		case r >= 'A' && r <= 'Z':
			return r - 'A' + 'a'
		case r == ' ' || r == '-':
			return '-'
		}
		return -1
	}, name)
}

// grouped formats n with a separator between thousands.
func grouped(n int, separator string) string {
	digits := strconv.Itoa(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + separator + digits[i:]
	}
	return digits
}

// sampleItem writes an item of the sample run: Product A for $19.99, Product B for $29.99 and so on.
func sampleItem(dst []byte, dice *dice, at position) []byte {
	var price string
	switch at.index {
	case 0:
		price = "$19.99"
	case 1:
		price = "$29.99"
	case 2:
		price = "$24.50"
	default:
		dice.reseed("sample", at.index)
		price = "$" + strconv.Itoa(dice.between(4, 189)) + dice.pick([]string{".99", ".50", ".00", ".49"})
	}
	o := newObject(dst)
	o.text("name", "Product "+letters(at.index))
	o.text("price", price)
	return o.end()
}

// letters returns the n-th label, counted from 0, of the sequence A to Z, AA to AZ, BA and so on: letters(27) returns
// "AB".
func letters(n int) string {
	text := ""
	for n++; n > 0; n = (n - 1) / 26 {
		text = string(rune('A'+(n-1)%26)) + text
	}
	return text
}
