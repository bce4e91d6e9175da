package emulator

import (
	"fmt"
	"hash/fnv"
	"time"

	"sbwatch/model/run"
)

// RecipeInfo describes a recipe of the emulator.
type RecipeInfo struct {
	ID string
	// Pages and Items are the totals of a run that reaches its regular end.
	Pages int
	Items int
	// Duration is the duration of a run at speed 1.
	Duration time.Duration
	// Summary describes the recipe's runs in one line.
	Summary string
	// Evolves is true if the runs change from dispatch to dispatch.
	Evolves bool
}

// Recipes returns the recipes in the order in which a newcomer might try them.
func Recipes() []RecipeInfo {
	var infos []RecipeInfo
	for _, r := range recipeTable(defaultItems) {
		info := RecipeInfo{ID: r.id, Pages: len(r.pages), Duration: r.duration, Summary: r.summary, Evolves: r.evolve != nil}
		for _, items := range r.pages {
			info.Items += items
		}
		infos = append(infos, info)
	}
	return infos
}

// recipe holds the properties of a recipe that determine what happens in its runs.
type recipe struct {
	id       string
	summary  string
	pages    []int // number of items on each page
	limit    int   // maximum number of pages that the recipe configures
	duration time.Duration
	tail     time.Duration // time from the last page to the end of the run

	ending run.Status
	err    string // error text of runs that fail or are cancelled

	// The result of a completed run.
	mode     string
	drift    float64
	warnings func(pages int, truncated bool) []string
	item     itemFunc

	// evolve, if set, returns the script of one run, which replaces the fields pages, drift and item. It is for recipes
	// whose runs change from dispatch to dispatch.
	evolve func(night) script
	// dated, if set, returns the script of one run. It is used only if [Options.FirstNight] is set.
	dated func(night) script

	flaky bool // whether some polls of its runs fail
}

// hash returns a hash of the recipe id, as a seed for random numbers.
func (r *recipe) hash() uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(r.id)) // never fails
	return h.Sum64()
}

const (
	catalogueItems = 1204
	cataloguePages = 40
)

// recipeTable returns all recipes. A recipe that fails on page 4 also has items: if the plan allows only 3 pages, its
// run completes.
func recipeTable(hugeItems int) []recipe {
	products := newProductWriter()
	hostile, broken := newHostileWriter(products), newBrokenWriter(products)
	recipes := []recipe{
		{
			id: SampleRecipeID, summary: "the published sample: completes, drift 0.02, no warnings",
			pages: spreadEvenly(87, 3), duration: 90 * time.Second, drift: 0.02, item: sampleItem,
		},
		{
			id: "catalogue01", summary: "a shop's catalog: completes, drift 0.07, one warning",
			pages: spreadUnevenly(catalogueItems, cataloguePages), duration: 120 * time.Second, drift: 0.07, warnings: catalogueWarnings, item: products.catalogueItem,
			dated: products.catalogueNight,
		},
		{
			id: "stalled0001", summary: "pagination stalls before the limit of 50 pages: completes, no new items in the last 25 s",
			pages: spreadUnevenly(339, 12), limit: 50, duration: 60 * time.Second, tail: 25 * time.Second,
			drift: 0.09, warnings: stalledWarnings, item: newListingWriter().item,
		},
		{
			id: "drifted0001", summary: "completes with drift 0.61: no price from page 3 on, few items, three warnings",
			pages: []int{9, 9, 8, 7, 7, 7, 7, 7}, duration: 45 * time.Second,
			drift: 0.61, warnings: driftedWarnings, item: products.driftedItem,
		},
		{
			id: "failing0001", summary: "fails on page 4; costs nothing",
			pages: spreadEvenly(61, 3), limit: 20, duration: 37 * time.Second, tail: 6 * time.Second,
			ending: run.StatusFailed, err: "page 4: element not found: a.next-page", drift: 0.18, item: products.catalogueItem,
		},
		{
			id: "cancelled01", summary: "is force-stopped partway; costs nothing",
			pages: spreadEvenly(140, 5), limit: 30, duration: 30 * time.Second, tail: 3 * time.Second,
			ending: run.StatusCancelled, err: "force-stopped by the service after 5 pages", drift: 0.04, item: products.catalogueItem,
		},
		{
			id: "empty000001", summary: "completes with no items, one warning",
			pages: []int{0}, duration: 10 * time.Second, drift: 0.34, item: products.catalogueItem,
			warnings: func(int, bool) []string { return []string{"page 1: the item selector matched nothing"} },
		},
		{
			id: "huge0000001", summary: "100,000 items by default, up to 1,000,000",
			pages: spreadEvenly(hugeItems, 400), duration: 60 * time.Second, drift: 0.01, item: products.hugeItem,
		},
		{
			id: "hostile0001", summary: "items designed to break terminals and tables; they obey the published schema",
			pages: spreadEvenly(hostile.count(), 4), duration: 30 * time.Second, drift: 0.21, mode: hostile.mode(),
			warnings: func(int, bool) []string { return hostile.warnings() }, item: hostile.item,
		},
		{
			id: "broken00001", summary: "items that break the schema: not objects, numbers too large for float64, lone surrogates, deep nesting",
			pages: spreadEvenly(broken.count(), 2), duration: 15 * time.Second, drift: 0.48, item: broken.item,
		},
		{
			id: "flaky000001", summary: "some polls fail: 429, 500, 502, 503, truncated bodies, HTML; completes",
			pages: spreadEvenly(180, 6), duration: 60 * time.Second, drift: 0.05, item: newArticleWriter().item, flaky: true,
		},
	}
	recipes = append(recipes, nightlyRecipes(products)...)
	for i := range recipes {
		recipes[i].setDefaults()
	}
	return recipes
}

// setDefaults sets the fields that most recipes have in common.
func (r *recipe) setDefaults() {
	if r.limit == 0 {
		r.limit = len(r.pages)
	}
	if r.tail == 0 {
		r.tail = min(time.Second, r.duration/20)
	}
	if r.ending == run.StatusUnknown {
		r.ending = run.StatusCompleted
	}
	if r.mode == "" {
		r.mode = "replay"
	}
}

// spreadEvenly distributes items over pages; page sizes differ by at most one item. For example, 10 items on 3 pages
// give 3, 3 and 4.
func spreadEvenly(items, pages int) []int {
	spread := make([]int, pages)
	for i := range spread {
		spread[i] = items*(i+1)/pages - items*i/pages
	}
	return spread
}

// spreadUnevenly distributes items over pages as real sites do: similar numbers on all pages except the last, which has
// the remaining items.
func spreadUnevenly(items, pages int) []int {
	each := items / pages
	more := []int{1, -2, 0, 2, -1}
	spread := make([]int, pages)
	for i := range spread {
		spread[i] = each + more[i%len(more)]
		if i == pages-1 {
			spread[i] = items
		}
		items -= spread[i]
	}
	return spread
}

func catalogueWarnings(pages int, _ bool) []string {
	if pages < pageWithoutPrices {
		return nil
	}
	return []string{fmt.Sprintf("page %d: 4 products without a price were kept", pageWithoutPrices)}
}

func stalledWarnings(pages int, truncated bool) []string {
	if truncated {
		return nil
	}
	return []string{
		fmt.Sprintf("pagination stalled on page %d before reaching the configured limit of 50 pages", pages),
		fmt.Sprintf("page %d: the link to the next page led back to the same page", pages),
	}
}

func driftedWarnings(pages int, _ bool) []string {
	warnings := []string{
		"rating: selector matched an empty element on some items",
		"about 8 items per page; when the recipe was authored, there were 30 per page",
	}
	if pages < 3 {
		return warnings
	}
	return append([]string{"price: selector matched nothing from page 3 on"}, warnings...)
}
