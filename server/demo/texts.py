"""What the demo's customers write about; invented, like the customers."""

from typing import NamedTuple


class Topic(NamedTuple):
    """A reason to write: a subject and what follows; `{product}`, `{place}` and `{number}` are filled in."""

    subject: str
    content: str


PRODUCTS = ("Tideline", "Harbour", "Lockkeeper", "Millrace", "Weir", "Estuary")
CHANNELS = ("E-mail", "Form", "Phone", "Chat")
PLACES = (
    "Aberdeen", "Antwerp", "Bergen", "Bilbao", "Bologna", "Bordeaux", "Brno", "Cork", "Dresden", "Faro", "Gdańsk",
    "Ghent", "Graz", "Groningen", "Gothenburg", "Krakow", "Leeds", "Leuven", "Lille", "Linz", "Lyon", "Maastricht",
    "Malmö", "Nantes", "Odense", "Oulu", "Porto", "Riga", "Rotterdam", "Seville", "Split", "Tampere", "Tartu",
    "Trieste", "Turku", "Utrecht", "Valencia", "Vilnius", "Zadar", "Zwolle",
)  # fmt: skip
FIRST_NAMES = (
    "Aino", "Anouk", "Bram", "Carmen", "Chiara", "Dario", "Elif", "Emeka", "Femke", "Goran", "Hanna", "Ilse", "Iva",
    "Jakub", "Joana", "Kaja", "Lars", "Leila", "Lucía", "Mads", "Maren", "Mateus", "Mira", "Nadia", "Noor", "Olek",
    "Pia", "Rafael", "Rina", "Sanne", "Søren", "Tomas", "Ulrike", "Vera", "Yara", "Zofia",
)  # fmt: skip

SUPPORT = (
    Topic("{product} does not start after the update", "Since last night {product} stops at the first screen."),
    Topic("Cannot sign in to {product}", "The password is right, I changed it this morning, and still I am sent back."),
    Topic("Export of {number} rows stops half way", "The file ends in the middle of a line; we tried it three times."),
    Topic("Where do I change the language of {product}?", "Everything turned to Finnish and I cannot read the menu."),
    Topic("Search finds nothing older than a month", "Orders of last year are there when I open them by their number."),
    Topic("{product} is slow for the {place} office", "Pages take ten seconds in {place}; at home they do not."),
    Topic("Wrong time zone in the report for {place}", "The report counts the evening shift to the next day."),
    Topic("How can I give a colleague access to {product}?", "She starts on Monday and should see what I see."),
    Topic("Order {number} was delivered twice", "Two parcels came to {place}; who takes the second one back?"),
    Topic("Order {number} has not arrived in {place}", "It has been on its way for nine days."),
    Topic("Damaged parcel, order {number}", "The corner is crushed and the lid does not close. Pictures follow."),
    Topic("Printer in {place} prints blank labels", "It feeds them, cuts them, and there is nothing on them."),
    Topic("Error {number} when saving a customer", "It says that the address is wrong. It is the town hall's."),
    Topic("Attachment of {product} cannot be opened", "The file has the right size, but no program knows what it is."),
    Topic("Please delete my data", "I no longer use {product} and would like everything about me removed."),
    Topic("Feature wish: dark colours in {product}", "We work at night in {place} and the white hurts our eyes."),
    Topic("Two-factor code never comes", "I have asked for it five times now; the telephone number is right."),
    Topic("{product} mixes up two customers called Jansen", "The one in {place} gets the letters of the other."),
    Topic("Calendar shows the visit in {place} twice", "We moved it once, and since then it is there at both times."),
    Topic("Thank you, and one more question", "Everything works again. Does it also work on a telephone?"),
)  # fmt: skip
ONBOARDING = (
    Topic("Start of {product} in {place}", "We are {number} people and would like to begin on the first of the month."),
    Topic("Import of our old customers", "There are about {number} of them, in four spreadsheets that do not agree."),
    Topic("Training for the team in {place}", "Half a day would do; mornings are best."),
    Topic("Connect {product} to our mailbox", "Our administrator asks which records the domain needs."),
    Topic("Trial of {product} for {place}", "We would like to try it with one team before the others follow."),
    Topic("Who are our contacts?", "Please tell us whom we may call in the first weeks."),
)  # fmt: skip
BILLING = (
    Topic("Invoice {number} has the wrong address", "We moved from {place} in spring; please send it anew."),
    Topic("Charged twice for {product}", "The same amount was taken on Monday and on Tuesday."),
    Topic("Please cancel {product} at the end of the year", "We liked it, but the team in {place} is closing."),
    Topic("VAT number is missing on invoice {number}", "Our accountant cannot book it without one."),
    Topic("Refund for order {number}", "It went back from {place} two weeks ago."),
    Topic("Can we pay by direct debit?", "Transfers of {number} cents are a nuisance for both of us."),
)  # fmt: skip
