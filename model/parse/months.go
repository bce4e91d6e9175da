package parse

// monthOf returns the number of the month that word names in full or abbreviated, in any of the major languages, or 0 if
// it names none.
func monthOf(word []byte) int {
	if month := englishMonth(word); month > 0 {
		return month
	}
	return foreignMonth(word)
}

// englishMonth returns the number of the month that word names in English.
func englishMonth(word []byte) int {
	switch lowerPrefix3(word) {
	case "jan":
		return matchName(word, "january", 1)
	case "feb":
		return matchName(word, "february", 2)
	case "mar":
		return matchName(word, "march", 3)
	case "apr":
		return matchName(word, "april", 4)
	case "may":
		return matchName(word, "may", 5)
	case "jun":
		return matchName(word, "june", 6)
	case "jul":
		return matchName(word, "july", 7)
	case "aug":
		return matchName(word, "august", 8)
	case "sep":
		return matchName(word, "september", 9)
	case "oct":
		return matchName(word, "october", 10)
	case "nov":
		return matchName(word, "november", 11)
	case "dec":
		return matchName(word, "december", 12)
	default:
		return 0
	}
}

// maxNameLen is the maximum length of the name of a month or a weekday, in bytes.
const maxNameLen = len("październik") + len("понедельник")

// foreignMonth returns the number of the month that word names in German, French, Spanish, Italian, Portuguese, Dutch,
// Polish, Czech, Russian, Ukrainian, Turkish, Romanian, Hungarian, Greek or a Nordic language, or 0.
func foreignMonth(word []byte) int {
	var buffer [maxNameLen]byte
	switch string(lower(word, buffer[:0])) {
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
	switch string(lower(word, buffer[:0])) {
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

// isEnglishWeekday reports whether word is the English name of a weekday, in full or abbreviated.
func isEnglishWeekday(word []byte) bool {
	n := 0
	switch lowerPrefix3(word) {
	case "mon":
		n = matchName(word, "monday", 1)
	case "tue":
		n = matchName(word, "tuesday", 2)
	case "wed":
		n = matchName(word, "wednesday", 3)
	case "thu":
		n = matchName(word, "thursday", 4)
	case "fri":
		n = matchName(word, "friday", 5)
	case "sat":
		n = matchName(word, "saturday", 6)
	case "sun":
		n = matchName(word, "sunday", 7)
	}
	return n > 0
}

// lowerPrefix3 returns the first three letters of word in lower case, or "" if it is shorter.
func lowerPrefix3(word []byte) string {
	if len(word) < 3 {
		return ""
	}
	return string([]byte{word[0] | ' ', word[1] | ' ', word[2] | ' '})
}

// matchName returns n if word is a prefix of name in any case ("Sep", "Sept", "September"), and 0 otherwise. The first
// three letters must already match.
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
