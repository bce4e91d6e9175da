package emulator

// The vocabulary of the generated items. It covers many scripts, as the web does.

func adjectives() []string {
	return []string{
		"Rugged", "Compact", "Steel", "Slim", "Foldable", "Quiet", "Deluxe", "Solar", "Vintage", "Cordless", "Insulated",
		"Bamboo", "Wall-mounted", "Extra-Large",
	}
}

func goods() []string {
	return []string{
		"Kettle", "Xylophone", "Backpack", "Toolbox", "Chair", "Lamp", "Radio", "Café Grinder", "Bicycle Pump", "Tent",
		"Jalapeño Slicer", "Crème Brûlée Torch", "Headphones", "Desk Organiser", "Fjällräv Jacket",
	}
}

func brands() []string {
	return []string{
		"Acme", "Globex", "Initech", "Umbrella", "Hooli", "Søren", "日本電機", "Café Müller", "O'Hara & Sons", "Žižka",
		"Заря", "Φωτεινή", "삼원전자", "مصنع النور", "אור תעשיות", "แสงดาว",
	}
}

func tags() []string {
	return []string{"new", "eco", "sale", "gift idea", "last chance", "staff pick", "für draußen", "限定", "🔥 hot", "refurbished"}
}

func cities() []string {
	return []string{
		"Zürich", "København", "Łódź", "São Paulo", "東京", "서울", "Αθήνα", "Київ", "القاهرة", "תל אביב", "New York", "Bengaluru",
		"İstanbul", "Reykjavík",
	}
}

func agents() []string {
	return []string{
		"Søren Ångström", "María-José Núñez", "佐藤 花子", "김민준", "Αλέξανδρος Παπαδόπουλος", "Олена Шевченко", "ليلى حداد",
		"נועה לוי", "Siobhán O'Brien", "Nguyễn Thị Hương", "Jean-François L’Écuyer", "Priya Raghavan",
	}
}

func streets() []string {
	return []string{"Harbour", "Linden", "Station", "Mill", "Cathedral", "Orchard", "Old Market", "Observatory", "Canal", "Poplar"}
}

func sections() []string {
	return []string{"World", "Science", "Business", "Culture", "Sport", "Opinion", "Météo", "科技"}
}

func headlineSubjects() []string {
	return []string{
		"City council", "A small team of engineers", "The last lighthouse keeper", "A lab in Reykjavík", "Le conseil d’État",
		"日銀", "The rail union", "A 19-year-old beekeeper", "One astronomer", "The museum's new director",
	}
}

func headlineVerbs() []string {
	return []string{
		"rethinks", "quietly abandons", "is suing over", "explains", "“will not rush”", "maps", "votes 7–4 for", "finds water in",
		"says no to",
	}
}

func headlineObjects() []string {
	return []string{
		"the night bus", "a 40-year-old bridge", "open data", "glacier forecasts", "its own budget", "the four-day week 🎉",
		"a plan for 1,200 trees", "the harbour tunnel", "paper tickets",
	}
}

func summaries() []string {
	return []string{
		"It took three votes and a power cut, but the decision stands.",
		"Nobody had asked the neighbours. They had a great deal to say, and most of it was about parking.",
		"The figures, first published on Tuesday, were corrected twice:\nonce for rain, once for a typing error.",
		"“We will know more in spring,” a spokesperson said, “or at the latest by the summer after that.”",
		"What began as a hobby now covers 14 km² and employs eleven people, two of them full-time.",
		"",
	}
}
