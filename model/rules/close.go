package rules

// closest is the name that a word is probably meant to be; "" where none is near.
func closest(word string, names []string) string {
	best, least := "", max(1, len(word)/3)+1
	for _, name := range names {
		if distance := editDistance(word, name); distance < least {
			best, least = name, distance
		}
	}
	return best
}

// longestName is how much of a name is compared.
const longestName = 64

// editDistance is how many letters have to be put in, left out or changed to make one word of another.
func editDistance(a, b string) int {
	from, to := []rune(a[:min(len(a), longestName)]), []rune(b[:min(len(b), longestName)])
	row := make([]int, len(to)+1)
	for j := range row {
		row[j] = j
	}
	for i, r := range from {
		before := row[0]
		row[0] = i + 1
		for j, s := range to {
			change := before
			if r != s {
				change++
			}
			before = row[j+1]
			row[j+1] = min(change, row[j+1]+1, row[j]+1)
		}
	}
	return row[len(to)]
}
