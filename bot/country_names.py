"""Names of countries in all languages at once: CLDR (through Babel), and a small table of what CLDR lacks."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator

from babel import Locale, localedata

# The product's first languages: their names are taken even when short. Elsewhere a short name in Latin letters is
# more often an ordinary word of another language than a country (CLDR has "sin", "end", "man", "mari", "siri"),
# and names of languages with few speakers collide even when long ("killing", the Cocos Islands).
FIRST_LANGUAGES = frozenset("en fr es de it nl pt pl ro bg sq ru uk tr ar vi zh".split())
OTHER_LANGUAGES = frozenset(
    "af am az be bn bs ca ckb cs cy da el et eu fa fi fil ga gl gu ha he hi hr hu hy id ig is ja ka kk km kn ko ku ky "
    "lb ln lo lt lv mg mk ml mn mr ms mt my nb ne nn no om pa ps rw si sk sl sn so sr sv sw ta te tg th ti tk tl ur uz "
    "wo xh yo zu".split()
)
SHORTEST_LATIN_ELSEWHERE = 6
LONGEST_WORDS = 6

# What people say and CLDR does not.
ALIASES = {
    "GB": "uk; u k; britain; great britain; grande bretagne; gran bretana; grossbritannien; gran bretagna; "
    "gra bretanha; groot brittannie; wielka brytania; marea britanie; великобритания; великобританія; британия; "
    "британія; ingiliz; بريطانيا; 英國",
    "US": "usa; u s a; america; the states; etats unis d amerique; amerika; america de norte; америка; امريكا; 美國",
    "NL": "holland; hollande; holanda; hollanda; olanda; голландия; голландія; холандия",
    "AE": "uae; u a e; emirates; emirats; emiratos; الامارات; эмираты; емірати",
    "CZ": "czech republic; republique tcheque; republica checa; repubblica ceca; tschechische republik",
    "TR": "turkey; turkiye",
    "CI": "ivory coast; cote d ivoire",
    "MM": "burma; birmanie; birmania; birma",
    "MK": "macedonia; macedoine; mazedonien",
    "PS": "palestine; palestina; فلسطين; палестина",
    "HK": "hong kong",
    "SY": "سوريه; سوريا",
    "DE": "almania",
    "CD": "congo kinshasa; rdc; rd congo; dr congo; drc",
    "CG": "congo brazzaville",
    "MD": "moldavia; moldavie; moldawien; молдавия",
    "BY": "belorussia; bielorussie; белоруссия; білорусь",
    "CN": "中國",
}

# The four legal areas of the United Kingdom; regions as in the case file (contract).
UK_NATIONS = {
    "GB-EAW": "england; wales; angleterre; pays de galles; inglaterra; gales; inghilterra; galles; engeland; anglia; "
    "anglii; walia; walii; tara galilor; англия; англии; англию; англія; англії; англію; уэльс; уэльсе; "
    "уельс; уельсі; уелс; "
    "ingiltere; galler; angli; uells; انجلترا; انكلترا; "
    "ويلز; 英格兰; 英格蘭; 威尔士; pais de gales",
    "GB-SCT": "scotland; ecosse; schottland; escocia; scozia; schotland; szkocja; szkocji; scotia; "
    "шотландия; шотландии; "
    "шотландія; шотландії; "
    "iskocya; skoci; اسكتلندا; اسكوتلندا; 苏格兰",
    "GB-NIR": "northern ireland; north ireland; irlande du nord; nordirland; irlanda del norte; irlanda del nord; "
    "noord ierland; irlanda do norte; irlandia polnocna; irlandii polnocnej; irlanda de nord; "
    "северная ирландия; северной ирландии; північна ірландія; північній ірландії; "
    "северна ирландия; kuzey irlanda; irlanda e veriut; ايرلندا الشماليه; 北爱尔兰",
}

# Country names that are first names, ordinary words or cities too. Taken only as the whole message or after a
# word such as "in": "in Chad", but not "Chad hit me", "a small island", "la reunion", "mi amigo Mauricio".
ALSO_A_WORD = frozenset(
    "chad jordan georgia israel maurice mauricio dominique dominica island reunion jersey chile chili mali turkey "
    "man guinea guinee granada grenada niger kina indie maroc polen peru oman togo benin cuba samoa "
    "jordania mariana barbuda marino fiji figi fidji palau tonga kosova dania indi america "
    "somali amerika monaco montserrat guernsey aruba anguilla curacao malt malta malata benim sark mari cipro chypre egit cina cile gana "
    "مالي عمان بنين كوبا قطر توجو تشاد мали чад оман перу того гана чили куба".split()
) | {"la reunion"}
PLACE_WORDS = frozenset(
    "in at to from into inside near leave left reach en au aux vers depuis de du dans pour pres chez nach aus im bei von nahe raum "
    "desde hacia hasta para da di na no dal dalla nel nella naar uit w z do din spre ne nga prej v из в на до у "
    "від из от къде във под около біля коло недалеко близо pod kolo obok okolicach okolice cerca perto langa aproape afer prane bij buurt "
    "vicino presso zona tai sang den den o tu gan ben ve в у по в'їзд في فى من الي الى على عند وفي ومن ب".split()
)
#: Words that say "in" in one language and something else in others: enough before a city whose name is no other word.
WEAK_PLACE_WORDS = frozenset("a la el al o u f fi b bi te op kod per sur ot i".split())

_TERRITORY = re.compile(r"[A-Z]{2}")
_NOT_COUNTRIES = frozenset(("EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"))
_LETTERS = str.maketrans(
    {
        "ı": "i",
        "ø": "o",
        "đ": "d",
        "ł": "l",
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
        "ð": "d",
        "أ": "ا",
        "إ": "ا",
        "آ": "ا",
        "ٱ": "ا",
        "ى": "ي",
        "ة": "ه",
        "ـ": None,
        "ی": "ي",
        "ک": "ك",
    }
)
_ENDINGS = {
    "ru": (("ия", "ии ию ией"), ("а", "е у ой ы"), ("я", "е ю ей и"), ("", "а е у ом")),
    "uk": (("ія", "ії ію ією"), ("а", "і у ою и"), ("я", "ї ю ею і"), ("", "а і у ом")),
    "pl": (
        ("ska", "sce ski ske"),
        ("ia", "ii ie ia"),
        ("ja", "ji je"),
        ("a", "y ie e i"),
        ("cy", "czech iec"),
        ("y", "ach"),
    ),
    "sq": (("", "a ne se n"),),
    "ro": (("ia", "iei"), ("a", "ei")),
    "tr": (("", "da de ta te dan den tan ten ya ye a e nin nda nde"),),
}
_IRREGULAR = {"DE": "niemiec; niemczech", "IT": "wloszech; wloch", "HU": "wegrzech; wegier", "CN": "chinach"}


def normalise(text: str) -> str:
    """The text in one case, without accents and with one form of each Arabic letter."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return "".join(c for c in plain if unicodedata.category(c) not in ("Mn", "Cf")).translate(_LETTERS)


def words_of(text: str) -> list[tuple[int, int, str]]:
    """(start, end, normalised word) of each run of letters, marks and digits."""
    words: list[tuple[int, int, str]] = []
    start = -1
    for position, sign in enumerate(text + " "):
        if unicodedata.category(sign)[0] in "LMN":
            start = position if start < 0 else start
        elif start >= 0:
            words.append((start, position, normalise(text[start:position])))
            start = -1
    return words


def key_of(name: str) -> str:
    """The form under which a name is looked up: normalised words, one space apart."""
    return " ".join(word for _, _, word in words_of(name))


def country_names() -> dict[str, str]:
    """{name as looked up: ISO 3166 code or GB region}, some 30,000 names; takes about two seconds.

    Where languages disagree about a name the first languages decide, then the number of languages. Our own tables
    win over CLDR.
    """
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for identifier in localedata.locale_identifiers():
        language = identifier.split("_")[0]
        if language not in FIRST_LANGUAGES and language not in OTHER_LANGUAGES:
            continue
        for code, name in Locale.parse(identifier).territories.items():
            if _TERRITORY.fullmatch(code) and code not in _NOT_COUNTRIES:
                for key in _keys(name, language):
                    votes[key][code] += 1000 if language in FIRST_LANGUAGES else 1
    names = {key: counted.most_common(1)[0][0] for key, counted in votes.items()}
    for table in (_IRREGULAR, ALIASES, UK_NATIONS):
        names.update({key_of(name): code for code, all_names in table.items() for name in all_names.split(";")})
    names.pop("", None)
    return names


def _keys(name: str, language: str) -> Iterator[str]:
    """Yield the look-up keys of one CLDR name: without "SAR China", both names of "Myanmar (Burma)", case forms."""
    for part in re.split(r"[()（）]", re.sub(r"\bSAR China\b|特别行政区", "", name)):
        key = key_of(part)
        latin = key.replace(" ", "").isascii()
        if len(key) < (3 if language in FIRST_LANGUAGES else 4) and latin:
            continue
        if latin and language not in FIRST_LANGUAGES and len(key) < SHORTEST_LATIN_ELSEWHERE:
            continue
        if len(key) < 2 or len(key.split()) > LONGEST_WORDS:
            continue
        yield key
        if len(key) >= 5:
            yield from _case_forms(key, language)


def _case_forms(key: str, language: str) -> Iterator[str]:
    """Yield the forms a name takes after "in" and "from" where CLDR gives the dictionary form only."""
    for ending, forms in _ENDINGS.get(language, ()):
        if key.endswith(ending):
            stem = key[: len(key) - len(ending)]
            yield from (stem + form for form in forms.split())
            return
