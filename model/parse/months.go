package parse

// monthOf returns the number of a month. The parameter word is the name of the month in a major language, in full or
// abbreviated. It returns 0 for any other word.
func monthOf(word []byte) int {
	if month := englishMonth(word); month > 0 {
		return month
	}
	return foreignMonth(word)
}

func englishMonth(word []byte) int {
	switch firstLetters(word) {
	case 'j'<<16 | 'a'<<8 | 'n':
		return matchName(word, "january", 1)
	case 'f'<<16 | 'e'<<8 | 'b':
		return matchName(word, "february", 2)
	case 'm'<<16 | 'a'<<8 | 'r':
		return matchName(word, "march", 3)
	case 'a'<<16 | 'p'<<8 | 'r':
		return matchName(word, "april", 4)
	case 'm'<<16 | 'a'<<8 | 'y':
		return matchName(word, "may", 5)
	case 'j'<<16 | 'u'<<8 | 'n':
		return matchName(word, "june", 6)
	case 'j'<<16 | 'u'<<8 | 'l':
		return matchName(word, "july", 7)
	case 'a'<<16 | 'u'<<8 | 'g':
		return matchName(word, "august", 8)
	case 's'<<16 | 'e'<<8 | 'p':
		return matchName(word, "september", 9)
	case 'o'<<16 | 'c'<<8 | 't':
		return matchName(word, "october", 10)
	case 'n'<<16 | 'o'<<8 | 'v':
		return matchName(word, "november", 11)
	case 'd'<<16 | 'e'<<8 | 'c':
		return matchName(word, "december", 12)
	default:
		return 0
	}
}

// maxNameLen is the maximum length of the name of a month or a weekday, in bytes.
const maxNameLen = len("październik") + len("понедельник")

// foreignMonth returns the number of the month with this name, or 0. It knows German, French, Spanish, Italian,
// Portuguese, Dutch, Polish, Czech, Russian, Ukrainian, Turkish, Romanian, Hungarian, Greek and the Nordic languages.
func foreignMonth(word []byte) int {
	var buffer [maxNameLen]byte
	return lowerMonth(appendLower(word, buffer[:0]))
}

// lowerMonth is foreignMonth for a word in lower case.
func lowerMonth(word []byte) int {
	switch string(word) {
	case "januar", "janv", "janvier", "enero", "ene", "gennaio", "gen", "janeiro", "januari", "január", "leden", "ledna",
		"led", "styczeń", "stycznia", "sty", "ocak", "oca", "января", "январь", "янв", "січня", "січ", "ianuarie", "ian", "tammikuu",
		"tammikuuta", "tammi", "jän", "jänner", "siječanj", "ιανουαρίου":
		return 1
	case "februar", "febr", "feber", "février", "févr", "fév", "febrero", "febbraio", "fevereiro", "fev", "februari", "február",
		"únor", "února", "úno", "luty", "lutego", "lut", "şubat", "şub", "февраля", "февраль", "фев", "февр", "лютого", "лют",
		"februarie", "helmikuu", "helmikuuta", "helmi", "φεβρουαρίου":
		return 2
	case "märz", "maerz", "mrz", "mär", "mars", "marzo", "março", "maart", "mrt", "marts", "marec", "březen", "března", "bře",
		"marzec", "marca", "mart", "марта", "март", "мар", "березня", "бер", "martie", "maaliskuu", "maaliskuuta", "maalis", "március",
		"márc", "μαρτίου":
		return 3
	case "avril", "avr", "abril", "abr", "aprile", "april", "aprel", "duben", "dubna", "dub", "kwiecień", "kwietnia", "kwi", "nisan",
		"nis", "апреля", "апрель", "апр", "квітня", "квіт", "кві", "aprilie", "huhtikuu", "huhtikuuta", "huhti", "április", "ápr",
		"απριλίου":
		return 4
	case "mai", "mayo", "maggio", "mag", "maio", "mei", "maj", "května", "květen", "kvě", "maja", "mayıs", "мая", "май", "травня",
		"трав", "тра", "toukokuu", "toukokuuta", "touko", "május", "máj", "μαΐου":
		return 5
	case "juni", "juin", "junio", "giugno", "giu", "junho", "červen", "června", "čvn", "czerwiec", "czerwca", "cze", "haziran", "haz",
		"июня", "июнь", "июн", "червня", "черв", "чер", "iunie", "iun", "kesäkuu", "kesäkuuta", "kesä", "június", "jún", "ιουνίου":
		return 6
	case "juli", "juil", "juillet", "julio", "luglio", "lug", "julho", "červenec", "července", "čvc", "lipiec", "lipca", "lip",
		"temmuz", "tem", "июля", "июль", "июл", "липня", "лип", "iulie", "iul", "heinäkuu", "heinäkuuta", "heinä", "július", "júl",
		"ιουλίου":
		return 7
	case "août", "aout", "agosto", "ago", "augustus", "augusti", "srpen", "srpna", "srp", "sierpień", "sierpnia", "sie", "ağustos",
		"ağu", "августа", "август", "авг", "серпня", "серп", "сер", "elokuu", "elokuuta", "elo", "augusztus", "αυγούστου":
		return 8
	case "septembre", "septiembre", "setiembre", "settembre", "set", "sett", "setembro", "září", "zář", "wrzesień", "września", "wrz",
		"eylül", "eyl", "сентября", "сентябрь", "сент", "сен", "вересня", "вер", "septembrie", "syyskuu", "syyskuuta", "syys",
		"szeptember", "szept", "σεπτεμβρίου":
		return 9
	case "oktober", "okt", "octobre", "octubre", "ottobre", "ott", "outubro", "out", "říjen", "října", "říj", "październik",
		"października", "paź", "ekim", "eki", "октября", "октябрь", "окт", "жовтня", "жовт", "жов", "octombrie", "lokakuu", "lokakuuta",
		"loka", "október", "οκτωβρίου":
		return 10
	case "novembre", "noviembre", "novembro", "listopad", "listopadu", "listopada", "lis", "kasım", "kas", "ноября", "ноябрь", "нояб",
		"ноя", "noiembrie", "noi", "marraskuu", "marraskuuta", "marras", "νοεμβρίου":
		return 11
	case "dezember", "dez", "décembre", "déc", "diciembre", "dic", "dicembre", "dezembro", "desember", "des", "prosinec", "prosince",
		"pro", "grudzień", "grudnia", "gru", "aralık", "ara", "декабря", "декабрь", "дек", "грудня", "груд", "гру", "decembrie",
		"joulukuu", "joulukuuta", "joulu", "δεκεμβρίου":
		return 12
	default:
		return 0
	}
}

// isForeignWeekday reports whether word is the name of a weekday in one of the languages of foreignMonth.
func isForeignWeekday(word []byte) bool {
	var buffer [maxNameLen]byte
	return isLowerWeekday(appendLower(word, buffer[:0]))
}

// isLowerWeekday is isForeignWeekday for a word in lower case.
func isLowerWeekday(word []byte) bool {
	switch string(word) {
	case "montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonnabend", "sonntag", "mo", "di", "mi", "do", "fr",
		"sa", "so", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche", "lun", "mer", "jeu", "ven", "sam", "dim",
		"lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo", "mié", "jue", "vie", "sáb", "dom", "lunedì", "martedì",
		"mercoledì", "giovedì", "venerdì", "sabato", "domenica", "mar", "gio", "sab", "segunda", "terça", "quarta", "quinta", "sexta",
		"seg", "ter", "qua", "qui", "sex", "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag", "ma", "wo",
		"vr", "za", "zo", "poniedziałek", "wtorek", "środa", "czwartek", "piątek", "sobota", "niedziela", "понедельник", "вторник",
		"среда", "четверг", "пятница", "суббота", "воскресенье", "пн", "вт", "ср", "чт", "пт", "сб", "вс", "понеділок", "вівторок",
		"середа", "четвер", "субота", "неділя", "måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag", "mandag",
		"tirsdag", "lørdag", "søndag", "pazartesi", "salı", "çarşamba", "perşembe", "cuma", "cumartesi", "pazar":
		return true
	default:
		return false
	}
}

// isForeignName reports whether word is the foreign name of a month or a weekday.
func isForeignName(word []byte) bool {
	var buffer [maxNameLen]byte
	word = appendLower(word, buffer[:0])
	return lowerMonth(word) > 0 || isLowerWeekday(word)
}

// isEnglishWeekday reports whether word is the English name of a weekday, in full or abbreviated.
func isEnglishWeekday(word []byte) bool {
	n := 0
	switch firstLetters(word) {
	case 'm'<<16 | 'o'<<8 | 'n':
		n = matchName(word, "monday", 1)
	case 't'<<16 | 'u'<<8 | 'e':
		n = matchName(word, "tuesday", 2)
	case 'w'<<16 | 'e'<<8 | 'd':
		n = matchName(word, "wednesday", 3)
	case 't'<<16 | 'h'<<8 | 'u':
		n = matchName(word, "thursday", 4)
	case 'f'<<16 | 'r'<<8 | 'i':
		n = matchName(word, "friday", 5)
	case 's'<<16 | 'a'<<8 | 't':
		n = matchName(word, "saturday", 6)
	case 's'<<16 | 'u'<<8 | 'n':
		n = matchName(word, "sunday", 7)
	}
	return n > 0
}

// firstLetters returns the first three letters of word in lower case as a number, or 0 if it is shorter.
func firstLetters(word []byte) uint32 {
	if len(word) < 3 {
		return 0
	}
	return uint32(word[0]|' ')<<16 | uint32(word[1]|' ')<<8 | uint32(word[2]|' ')
}

// matchName returns n, the number of the month, if word is name or an abbreviation of it, in upper or lower case: "Sep",
// "Sept", "September". Otherwise it returns 0. The caller must have checked that the first three letters are equal.
func matchName(word []byte, name string, n int) int {
	if len(word) > len(name) {
		return 0
	}
	for i, c := range word {
		if c|' ' != name[i] {
			return 0
		}
	}
	return n
}
