package reading

// Learner finds out how the texts of one column are written, from some of them. Its zero value has seen none.
type Learner struct {
	dots, commas         int
	dayFirst, monthFirst int
}

// Add takes in one text of the column. Only those that can be read in one way count.
func (l *Learner) Add(text []byte) {
	if _, shown, ok := (Numbers{}).read(text); ok {
		switch shown {
		case habitDot:
			l.dots++
		case habitComma:
			l.commas++
		case habitUnknown:
		}
		return
	}
	switch slashOrder(text) {
	case dayFirst:
		l.dayFirst++
	case monthFirst:
		l.monthFirst++
	case noOrder:
	}
}

// Style is how the column writes numbers: as most of its texts do.
func (l *Learner) Style() Numbers { return Numbers{CommaIsDecimal: l.commas > l.dots} }

// Dates is how the column writes dates: as all of its texts do.
func (l *Learner) Dates() Dates {
	return Dates{DayFirst: l.dayFirst > 0 && l.monthFirst == 0, MonthFirst: l.monthFirst > 0 && l.dayFirst == 0}
}
