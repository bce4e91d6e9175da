package faults

import (
	"fmt"
	"math/rand/v2"
	"os"
	"runtime/debug"
	"strconv"
	"testing"
	"time"
)

// Environment variables that select how many seeds, or which seed, the randomized tests use.
const (
	// sizeVariable selects how many seeds the tests use: "nightly" for the number in nightly tests, or a percentage of
	// that number, such as "10%".
	sizeVariable = "SBWATCH_ATTACK"
	// seedVariable selects a single seed to run.
	seedVariable = "SBWATCH_SEED"
)

// maxFailures is the number of failing seeds after which Each stops the test.
const maxFailures = 5

// Each calls attack, the body of a randomized test, once for each of several seeds: by default, the seeds 1 to
// shortCount. If SBWATCH_ATTACK is "nightly", Each uses nightlyCount seeds, starting with a random one. SBWATCH_SEED
// selects a single seed. If attack panics or returns an error, Each fails the test and prints the seed.
func Each(t *testing.T, shortCount, nightlyCount int, attack func(t *testing.T, seed uint64) error) {
	t.Helper()
	first, count := seeds(t, shortCount, nightlyCount)
	started := time.Now()
	failures := 0
	for n := range uint64(count) {
		seed := first + n
		if err := guard(func() error { return attack(t, seed) }); err != nil {
			t.Errorf("seed %d: %v\nto repeat it: %s=%d go test -run '^%s$'", seed, err, seedVariable, seed, t.Name())
			if failures++; failures == maxFailures {
				t.Fatalf("stopped after %d failures: %d of %d seeds were used", failures, n+1, count)
			}
		}
	}
	t.Logf("used %d seeds, starting with %d, in %v", count, first, time.Since(started).Round(time.Millisecond))
}

// raceShare is the divisor for the number of seeds with the race detector, which makes attacks many times slower.
const raceShare = 3

// seeds returns the first seed to run and the number of seeds.
func seeds(t *testing.T, shortCount, nightlyCount int) (first uint64, count int) {
	t.Helper()
	if text := os.Getenv(seedVariable); text != "" {
		seed, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			t.Fatalf("%s: %v", seedVariable, err)
		}
		return seed, 1
	}
	switch size := os.Getenv(sizeVariable); size {
	case "":
		if isRace {
			shortCount = (shortCount + raceShare - 1) / raceShare
		}
		return 1, shortCount
	case "nightly":
		return uint64(rand.Uint32()), nightlyCount
	default:
		var percent int
		if _, err := fmt.Sscanf(size, "%d%%", &percent); err != nil || percent < 1 {
			t.Fatalf("%s is %q: set it to nightly, or to a percentage such as 10%%", sizeVariable, size)
		}
		return uint64(rand.Uint32()), max(1, nightlyCount*percent/100)
	}
}

// guard calls f and turns a panic into an error.
func guard(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return f()
}

// newDice returns a source of random numbers for a seed. Sources with the same seed but different topics are
// independent of each other.
func newDice(seed uint64, topic string) *rand.Rand {
	hash := uint64(14695981039346656037) // FNV-1a
	for i := range len(topic) {
		hash = (hash ^ uint64(topic[i])) * 1099511628211
	}
	return rand.New(rand.NewPCG(seed, hash))
}

func pick[T any](dice *rand.Rand, values []T) T { return values[dice.IntN(len(values))] }
