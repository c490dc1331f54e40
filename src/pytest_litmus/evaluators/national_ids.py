"""National ids: the numbers that states give to people, by form, checksum and what they are called.

Forms are described at https://en.wikipedia.org/wiki/National_identification_number and the pages
that it names; `checksums` holds what their digits must come to.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from pytest_litmus.evaluators import checksums
from pytest_litmus.evaluators.named_numbers import stands_for_one

_SEPARATORS = re.compile(r"[ .()/+-]")

IdForm = tuple[str, Callable[[str], bool], str]
"""A pattern, what the value must hold, and what must stand before it, if the form is too plain."""


def national_id_forms() -> Iterator[IdForm]:
    """The forms, those first that need nothing in front of them."""
    yield from ((pattern, bool, "") for pattern in _BY_FORM)
    yield r"[0-3]\d[01]\d{3}[-+A-FU-Y]\d{3}[\dA-FHJ-NPR-Y]", checksums.finnish_number, ""
    for pattern, holds in _BY_CHECKSUM:
        yield pattern, _without_separators(holds), ""
    for pattern, holds, called in _BY_NAME:
        yield pattern, _without_separators(holds), called
    yield _ANY, _has_digits, _CALLED
    yield _ANY, _is_not_american, r"ssn|social security(?: (?:no|number))?"


def _without_separators(holds: Callable[[str], bool]) -> Callable[[str], bool]:
    return lambda text: holds(_SEPARATORS.sub("", text))


def _has_digits(text: str) -> bool:
    return sum(map(str.isdigit, text)) > 5 and stands_for_one(text)


def _is_not_american(text: str) -> bool:
    """Whether a number of social security is another state's: America's have nine digits."""
    return _has_digits(text) and sum(map(str.isdigit, text)) != 9


_BY_FORM = (
    r"[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d\d ?\d\d ?\d\d ?[A-D]",  # United Kingdom, NINO
    r"[A-Z]{3}[ABCFGHJLPT][A-Z]\d{4}[A-Z]",  # India, PAN
    r"[A-Z][AEIOUX][A-Z]{2}\d\d(?:0[1-9]|1[0-2])[0-3]\d[HM][A-Z]{5}[A-Z\d]\d",  # Mexico, CURP
    r"9\d\d-[5-9]\d-\d{4}",  # United States, ITIN
)
_BY_CHECKSUM: tuple[tuple[str, Callable[[str], bool]], ...] = (
    (r"\d{8}-?[A-HJ-NP-TV-Z]|[XYZ]-?\d{7}-?[A-HJ-NP-TV-Z]", checksums.spanish_id),
    (r"(?i:[A-Z]{6}\d\d[A-EHLMPR-T]\d\d[A-Z]\d{3}[A-Z])", checksums.codice_fiscale),
    (
        r"[12] ?\d\d ?(?:0[1-9]|1[0-2]|[2-9]\d) ?(?:\d\d|2[AB]) ?\d{3} ?\d{3} ?\d\d",
        checksums.french_nir,
    ),
    (r"\d{3}\.\d{3}\.\d{3}-\d\d", checksums.cpf),
    (r"[1-9]\d{5}(?:19|20)\d{9}[\dXx]", checksums.chinese_id),
    (r"(?:19|20)?\d{6}[-+]\d{4}", checksums.swedish_number),
    (r"\d{6}/\d{3,4}", checksums.czech_number),
    (r"\d{6}-[1-8]\d{6}", checksums.korean_number),
    (r"\d\d\.\d\d\.\d\d-\d{3}\.\d\d", checksums.belgian_number),
    (r"756\.?\d{4}\.?\d{4}\.?\d\d", checksums.ean13),
    (r"\d{1,2}\.\d{3}\.\d{3}-[\dkK]", checksums.chilean_rut),
    (r"(?:2[0347]|3[034])-\d{8}-\d", checksums.argentine_cuit),
    (r"\d{3}-\d{3}-\d{3}[ -]\d\d", checksums.russian_snils),
    (r"[1-8]\d\d[01]\d[0-3]\d{7}", checksums.romanian_cnp),
    (r"[0-7]\d[01]\d{8}", checksums.norwegian_number),
)
_BY_NAME: tuple[tuple[str, Callable[[str], bool], str], ...] = (
    (r"\d{11}", checksums.cpf, "cpf"),
    (r"\d{3}[ -]?\d{3}[ -]?\d{4}", checksums.uk_nhs, "nhs"),
    (
        r"\d\d ?\d{3} ?\d{3} ?\d{3}",
        checksums.german_tax_id,
        r"steuer(?:liche)?[- ]?(?:id\w*|nummer)|idnr|tax (?:id|number)",
    ),
    (
        r"\d{3}[ .]?\d{3}[ .]?\d{3}|\d{4}[ .]\d\d[ .]\d{3}",
        checksums.dutch_bsn,
        "bsn|burgerservicenummer|sofi",
    ),
    (r"\d{11}", checksums.pesel, "pesel"),
    (r"\d{4}[ -]?\d{4}[ -]?\d{4}", checksums.aadhaar, "aadhaar|uidai"),
    (r"\d{3}[ -]?\d{3}[ -]?\d{3}", checksums.canadian_sin, "sin|social insurance"),
    (r"\d{3}[ -]?\d{3}[ -]?\d{3}", checksums.australian_tfn, "tfn|tax file"),
    (r"\d{6}-?\d{4}", checksums.danish_number, "cpr|personnummer"),
    (r"\d{12}|\d{10}", checksums.swedish_number, "personnummer|samordningsnummer"),
    (r"\d{11}", checksums.turkish_number, r"kimlik\w*|t\.?c\.?(?: no)?|turkish id"),
    (r"\d{13}", checksums.south_african_id, "south african|sa id|rsa id|id (?:no|number)"),
    (r"\d{7}[A-Wa-w][A-IWa-iw]?", checksums.irish_pps, "pps|ppsn"),
    (r"[STFGM]\d{7}[A-Z]", checksums.singapore_nric, "nric|fin|identity"),
    (r"\d{3} ?\d{3} ?\d{3}", checksums.portuguese_nif, "nif|contribuinte"),
)
_ANY = r"(?:[A-Z]{1,4}[ -]?)?\d[\dA-Z]{0,5}(?:[ ./-]?[\dA-Z]{1,8}){1,5}"
_CALLED = (
    r"national (?:id|insurance|identity|identification)(?: (?:no|card|number|code))*"
    r"|identity (?:card|number|no)(?: (?:no|number))?"
    r"|(?:personal|citizen|resident) (?:id|identity|identification)(?: (?:code|card|number))*"
    r"|id card(?: (?:no|number))?|personalausweis\w*|sozialversicherungsnummer"
    r"|numéro de sécurité sociale|número de la seguridad social|codice fiscale|cédula|curp|cnic"
)
"""What is called so is one, whoever's it is: too many states give numbers to list them all."""
