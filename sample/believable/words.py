"""Dutch names and words. All of them exist; the people and organisations made of them do not."""

TRADES = (
    "Bakkerij", "Slagerij", "Garage", "Installatiebedrijf", "Schildersbedrijf", "Tandartspraktijk", "Fysiotherapie",
    "Administratiekantoor", "Notariskantoor", "Bouwbedrijf", "Hoveniersbedrijf", "Transportbedrijf", "Drukkerij",
    "Makelaardij", "Rijwielhandel", "Bloemenkwekerij", "Restaurant", "Kapsalon", "Apotheek", "Uitvaartzorg",
    "Kinderopvang", "Architectenbureau", "Dierenkliniek", "Meubelmakerij",
)  # fmt: skip
IT_NAMES = ("Netwerk", "Systeembeheer", "ICT Diensten", "Automatisering", "Hosting", "IT Partners")
FAMILIES = (
    "Jansen", "De Vries", "Bakker", "Visser", "Smit", "Meijer", "De Boer", "Mulder", "De Groot", "Bos", "Vos",
    "Peters", "Hendriks", "Van Leeuwen", "Dekker", "Brouwer", "De Wit", "Dijkstra", "Smits", "De Graaf", "Kok",
    "Jacobs", "De Haan", "Vermeulen", "Van Dijk", "Van der Heijden", "Schouten", "Van Beek", "Willems", "Van Vliet",
    "Hoekstra", "Maas", "Verhoeven", "Koster", "Prins", "Blom", "Huisman", "Kuipers", "Veenstra", "Postma",
    "Kuiper", "Wolters", "Yilmaz", "El Idrissi", "Nguyen", "Kaya", "Bouzid", "Ramdin", "Santos", "Kowalski",
)  # fmt: skip
FIRST_NAMES = (
    "Anna", "Bas", "Carla", "Daan", "Emma", "Farid", "Gijs", "Hanna", "Ilse", "Jeroen", "Karin", "Lotte", "Mark",
    "Noor", "Omar", "Petra", "Ruud", "Sanne", "Thomas", "Umit", "Vera", "Wim", "Yasmina", "Zoe", "Bram", "Eline",
    "Fatima", "Jasper", "Kim", "Lars", "Marieke", "Niels", "Priya", "Rachid", "Sofie", "Tijn",
)  # fmt: skip
TOWNS = (
    "Breda", "Zwolle", "Assen", "Goes", "Venlo", "Hoorn", "Ede", "Deventer", "Roosendaal", "Heerenveen", "Almelo",
    "Gouda", "Leiden", "Alkmaar", "Sneek", "Tiel", "Oss", "Weert", "Zutphen", "Emmen", "Delft", "Apeldoorn",
    "Middelburg", "Meppel", "Veghel", "Woerden", "Zeist", "Hengelo", "Drachten", "Bergen op Zoom",
)  # fmt: skip
JOB_TITLES = (
    "Directeur", "Administratie", "Hoofd verkoop", "Bedrijfsleider", "Planner", "Medewerker binnendienst",
    "Hoofd werkplaats", "Receptie", "Inkoper", "Medewerker buitendienst", "Stagiair", "Logistiek medewerker",
)  # fmt: skip
DEPARTMENTS = ("Directie", "Administratie", "Verkoop", "Werkplaats", "Planning", "Magazijn", "Klantenservice")
# Name, back within hours, work that may be lost in hours.
SYSTEMS = (
    ("Telefonie en internet", 4, None),
    ("Klantenbestand", 24, 24),
    ("Planning", 8, 12),
    ("E-mail en agenda", 8, 4),
    ("Boekhouding", 72, 24),
    ("Bestanden op de server", 24, 24),
    ("Kassa en pinnen", 4, 24),
    ("Urenregistratie", 72, 48),
    ("Voorraadbeheer", 24, 24),
    ("Webwinkel", 12, 24),
    ("Salarisverwerking", 120, 48),
)
# Name, attractive to others, holds personal data.
DATA_SETS = (
    ("Klantgegevens", True, True),
    ("Personeelsdossiers", True, True),
    ("Offertes en prijzen", True, False),
    ("Financiële administratie", False, False),
    ("Contracten", False, False),
    ("Werktekeningen", False, False),
)
PROTECTIONS = (
    "Afgesloten map, alleen voor directie en administratie.",
    "Tweestapsaanmelding en een logboek van wie erin kijkt.",
    "Versleuteld opgeslagen; laptops krijgen alleen een kopie van deze week.",
)
SUPPLIERS = ("Netwerk Zuid", "Belpartner", "Cijferhuis Online", "Kantoorhuis", "Datahuis Noord", "Softwarepunt")
TASKS = (
    "Stelt vast wat er is uitgevallen en houdt het logboek bij.",
    "Belt klanten en leveranciers volgens de lijst.",
    "Besluit, betaalt en spreekt met verzekeraar en bank.",
    "Zet de back-up terug met de IT-beheerder.",
)
NOTES = (
    "Ging goed, binnen de afgesproken tijd.",
    "Werkte na een tweede poging; de handleiding is aangepast.",
    "Duurde langer dan verwacht.",
    "Volgende keer ook buiten kantooruren proberen.",
)
CHANGES = (
    "Nieuwe vestiging geopend.",
    "Overgestapt op een andere boekhouding.",
    "Afdeling planning samengevoegd met verkoop.",
    "Nieuwe telefooncentrale in gebruik genomen.",
)
REASONS = (
    "Wij hebben dit niet en schaffen het dit jaar niet aan.",
    "Dit doet onze IT-beheerder voor ons; zie de overeenkomst.",
    "Past niet bij een bedrijf van onze omvang.",
)
SIGNS = (
    "De website en de mail doen het allebei niet.",
    "De IT-beheerder meldt dat de server niet opstart.",
    "Op een scherm staat dat er losgeld betaald moet worden.",
)
OVER = "Alles werkt weer een dag zonder hulp, en wat op papier stond is ingevoerd."
AUDIENCES = ("Verhuurder", "Vaste leveranciers", "Gemeente")
