package flagvalue

import "github.com/spf13/pflag"

// Label sets the word that stands for the value of a flag in the help, such as "format" in "--format format". Without a
// label, the help shows the name of a Go type, such as "stringSlice".
func Label(flags *pflag.FlagSet, name, word string) { label(flags.Lookup(name), word) }

func label(flag *pflag.Flag, word string) {
	one := labeled{flag.Value, word}
	if list, isList := flag.Value.(pflag.SliceValue); isList {
		flag.Value = labeledList{one, list}
	} else {
		flag.Value = one
	}
}

// LabelNumbers calls [Label] with the word "number" for all flags that take a number.
func LabelNumbers(flags *pflag.FlagSet) {
	flags.VisitAll(func(flag *pflag.Flag) {
		switch flag.Value.Type() {
		case "int", "uint64", "float64":
			label(flag, "number")
		}
	})
}

// labeled is a flag value for which the help shows a given word as the placeholder, such as "number" in "--items
// number".
type labeled struct {
	pflag.Value

	word string
}

// Type returns the word that the help shows as the placeholder for the value.
func (l labeled) Type() string { return l.word }

// labeledList is like labeled, but for a value that is a list. The methods of pflag.SliceValue tell cobra that the flag
// can be repeated.
type labeledList struct {
	labeled
	pflag.SliceValue
}

// TypeOf returns the original type of the value of a flag, such as "int". It ignores a word set with [Label], such as
// "number".
func TypeOf(value pflag.Value) string {
	switch value := value.(type) {
	case labeled:
		return TypeOf(value.Value)
	case labeledList:
		return TypeOf(value.Value)
	case restricted:
		return TypeOf(value.Value)
	case restrictedList:
		return TypeOf(value.Value)
	default:
		return value.Type()
	}
}
