package emulator

import (
	"math"
	"math/rand/v2"
	"time"
)

// script determines the items and the drift of one run.
type script struct {
	pages []int // number of items on each page
	drift float64
	item  itemFunc
}

// night is one run of a recipe whose runs change from dispatch to dispatch. Successive dispatches simulate the runs of
// successive nights.
type night struct {
	number int // number of the night, starting at 1
	date   time.Time
	dice   *rand.Rand
}

// scriptOf returns the number of items on each page of a run, the items and the drift. For most recipes, these are the
// same in all runs.
func (r *recipe) scriptOf(settings runSettings) script {
	evolve := r.evolve
	if evolve == nil && !settings.firstNight.IsZero() {
		evolve = r.dated
	}
	if evolve == nil {
		return script{pages: r.pages, drift: r.drift, item: r.item}
	}
	number := max(1, settings.ordinal)
	return evolve(night{
		number: number,
		date:   firstNight(settings.firstNight).AddDate(0, 0, number-1),
		dice:   rand.New(rand.NewPCG(mix(settings.seed^mix(r.hash())), uint64(number))),
	})
}

// firstNight returns the day of t. If t is zero, it returns 5 January 2026, a Monday.
func firstNight(t time.Time) time.Time {
	if t.IsZero() {
		return time.Date(2026, time.January, 5, 0, 0, 0, 0, time.UTC)
	}
	return day(t)
}

// day returns the start of the day of t, in UTC.
func day(t time.Time) time.Time { return t.UTC().Truncate(24 * time.Hour) }

// dateShift returns the duration to add to the times of a run, so that the runs of a recipe are one day apart. now is
// the time of the dispatch. The duration is 0 if Options.FirstNight is not set.
func (s runSettings) dateShift(now time.Time) time.Duration {
	if s.firstNight.IsZero() {
		return 0
	}
	return day(s.firstNight).AddDate(0, 0, max(1, s.ordinal)-1).Sub(day(now))
}

// nightlyShop describes a shop on one night.
type nightlyShop struct {
	items   float64 // number of items
	drift   float64
	prices  float64 // share of the items that have a price
	ratings float64 // share of the items that have a rating
}

// Properties of the shop on an ordinary night. steadyNoise and strongNoise are relative: 0.01 changes the number of
// items by up to 1%.
const (
	nightlyItems  = 240
	itemsPerPage  = 24
	redesignNight = 21
	nightlyLimit  = 1_000 // maximum number of pages; the shop never grows beyond it

	steadyNoise = 0.01
	strongNoise = 0.08
)

// nightly returns a recipe whose shop changes from night to night. The function change modifies the values of an
// ordinary night. Then random noise is added to the number of items, the drift and the coverage.
func nightly(id, summary string, products productWriter, noise float64, change func(n night, shop *nightlyShop)) recipe {
	return recipe{
		id: id, summary: summary,
		pages: spreadEvenly(nightlyItems, nightlyItems/itemsPerPage), limit: nightlyLimit, duration: 20 * time.Second,
		evolve: func(n night) script {
			shop := nightlyShop{items: nightlyItems, drift: 0.05, prices: 0.97, ratings: 0.92}
			change(n, &shop)
			vary := func() float64 { return noise * (2*n.dice.Float64() - 1) }
			items := int(math.Round(min(nightlyLimit*itemsPerPage, shop.items*(1+vary()))))
			shop.drift += vary() / 2
			shop.prices *= 1 + min(0, vary())
			shop.ratings *= 1 + vary()/2
			return script{
				pages: spreadEvenly(items, max(1, (items+itemsPerPage-1)/itemsPerPage)),
				drift: math.Round(100*min(1, max(0, shop.drift))) / 100,
				item:  products.nightlyItem(n.number, shop),
			}
		},
	}
}

// nightlyRecipes returns the recipes that evolve from dispatch to dispatch.
func nightlyRecipes(products productWriter) []recipe {
	return []recipe{
		nightly("redesign001", "from night 21 on, a redesign hides the prices", products, steadyNoise, func(n night, shop *nightlyShop) {
			if n.number >= redesignNight {
				shop.prices, shop.drift = 0, 0.44
			}
		}),
		nightly("newlook0001", "on night 21, a redesign that hides no values", products, steadyNoise, func(n night, shop *nightlyShop) {
			if n.number >= redesignNight {
				shop.drift = 0.38
			}
		}),
		nightly("fading00001", "the coverage of the rating falls by 2 points a night", products, steadyNoise, func(n night, shop *nightlyShop) {
			shop.ratings -= 0.02 * float64(n.number-1)
			shop.drift += 0.01 * float64(n.number-1)
		}),
		nightly("seasons0001", "more items before the weekend, every week", products, steadyNoise, func(n night, shop *nightlyShop) {
			shop.items *= []float64{time.Sunday: 0.7, 0.9, 0.95, 1, 1.1, 1.3, 1.15}[n.date.Weekday()]
		}),
		nightly("growing0001", "1% more items every night", products, steadyNoise, func(n night, shop *nightlyShop) {
			shop.items *= math.Pow(1.01, float64(n.number-1))
		}),
		nightly("sundays0001", "no items on Sundays", products, steadyNoise, func(n night, shop *nightlyShop) {
			if n.date.Weekday() == time.Sunday {
				shop.items = 0
			}
		}),
		nightly("noisy000001", "items, drift and coverage vary at random", products, strongNoise, func(night, *nightlyShop) {}),
	}
}

// nightlyItem returns a function that writes the products of one night. Each product has a fixed random number from 0
// to 1, and has a price if this number is below shop.prices. A second random number and shop.ratings decide in the same
// way whether the product has a rating.
func (p productWriter) nightlyItem(number int, shop nightlyShop) itemFunc {
	return func(dst []byte, dice *dice, at position) []byte {
		product := at.index + 1 + productsReplaced*(number-1)
		price := p.price(dice, product, number)
		inStock := p.inStock(dice, product, number)
		dice.reseed("product", product)
		name := p.name(dice, product)
		brand := dice.pick(p.brands)
		stars := dice.between(10, 50)
		hasPrice, hasRating := dice.Float64() < shop.prices, dice.Float64() < shop.ratings

		o := newObject(dst)
		o.text("name", name)
		if hasPrice {
			o.text("price", price)
		}
		o.text("brand", brand)
		if hasRating {
			o.decimal("rating", stars, 1)
		}
		o.boolean("in_stock", inStock)
		o.text("url", "https://shop.example.com/p/"+slug(name))
		return o.end()
	}
}

// The nights on which the catalog's shop changes. From night catalogueBroken on, the shop has a new design, and the
// recipe finds no prices. On night catalogueRepaired, the recipe has been authored again and finds the prices.
const (
	catalogueBroken   = 14
	catalogueRepaired = 18
)

// catalogueNight returns the items and the drift of the run of recipe catalogue01 in night n.
func (p productWriter) catalogueNight(n night) script {
	s := script{
		pages: spreadUnevenly(catalogueItems-n.dice.IntN(40), cataloguePages),
		drift: float64(5+n.dice.IntN(4)) / 100,
		item:  p.catalogueItem,
	}
	if n.number >= catalogueBroken && n.number < catalogueRepaired {
		s.drift, s.item = float64(41+n.dice.IntN(4))/100, p.catalogueItemWithoutPrice
	}
	return s
}
