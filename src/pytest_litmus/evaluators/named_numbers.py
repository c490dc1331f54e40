"""Named numbers: those without a form of their own, known by the name that stands right before.

The names are those that forms and letters have for them in some thirty languages, as at
https://en.wikipedia.org/wiki/National_identification_number and the pages that it names.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

_NUMBER = (
    r"(?:[A-Z] |[A-Z]{1,6}[-./])?[A-Z]{0,8}\d[A-Z\d]{0,26}"
    r"(?:[-./][A-Z\d]{1,12}| \d[A-Z\d]{0,11}){0,4}"
)
"""Letters and digits in groups; each further one begins with a separator, which keeps it linear."""
_IBAN = r"[A-Z]{2}\d\d(?:[ -]?[A-Z\d]{4}){2,7}(?:[ -]?[A-Z\d]{1,3})?"

_PASSPORT = (
    r"passports?|passeports?|pasaportes?|passaport[oe]|paspoort\w*|reisepass\w*|pass-?n(?:umme)?r|"
    r"paszport\w*|pașaport\w*|passi ?(?:numero|number)|passnummer|útlevél\w*|putovnic\w*|pasoš\w*|"
    r"pasaport\w*|cestovn\w* pas\w*|hộ chiếu|paspor|загранпаспорт\w*|паспорт\w*|διαβατηρί\w*|护照|"
    r"護照|パスポート|旅券|여권|جواز(?: السفر)?|דרכון|पासपोर्ट|หนังสือเดินทาง"
)
_LICENCE = (
    r"driver'?s?'?[ _-]?licen[cs]es?|driving[ _-]?licen[cs]es?|(?-i:DLN?)|führerschein\w*|"
    r"fuehrerschein\w*|fahrerlaubnis\w*|permis de conduire|permiso de conducir|"
    r"(?:licencia|carn[eé]t?) de conducir|licencia de manejo|patente(?: di guida)?|rijbewijs\w*|"
    r"carta de condução|carteira (?:nacional )?de (?:motorista|habilitação)|cnh|praw[oa] jazdy|"
    r"körkort\w*|førerkort\w*|kørekort\w*|ajokortti\w*|řidičsk\w*|vodičsk\w*|vozačk\w*|"
    r"jogosítvány\w*|permis auto|ehliyet\w*|sürücü belge\w*|giấy phép lái xe|"
    r"водительск\w* удостоверени\w*|驾驶证|驾照|運転免許証?|운전면허(?:증|번호)?|רישיון נהיגה"
)
_STATE_ID = (
    r"national[ _-]?(?:id\w*|insurance|tax)|id[ _-]?cards?|identity|identification|citizen[ _-]?id|"
    r"social[ _-]?(?:security|insurance|number|num)|socialnum\w*|"
    r"tax[ _-]?(?:payer)?[ _-]?(?:id\w*|file|ref\w*|number)|taxpayer|"
    r"(?-i:TIN|NIR|NIK|KTP|PAN|RG|IIN|INN|EGN|CNP)|"
    r"steuer(?:liche)?[- ]?(?:id\w*|n(?:umme)?r)|(?:personal)?ausweis\w*|versicherten\w*|"
    r"(?:sozial|renten|kranken)versicherung\w*|ahv\w*|svnr|carte (?:nationale )?d.identité|cni|"
    r"(?:numéro|n°) (?:fiscal|de sécu\w*(?: sociale)?)|insee|dni|nie|nif|niss|"
    r"documento(?: nacional)? de identi\w*|c[eé]dula\w*|curp|segur(?:o|idad) social|"
    r"carta d.identità|carn[eé]t? de identidad|kennitala|pps|rut|ird|"
    r"codice fiscale|tessera sanitaria|bsn|burgerservicenummer|"
    r"identiteits\w*|rijksregister\w*|cpf|(?:bilhete|cartão|carteira) de (?:identidade|cidadão)|"
    r"dow[oó]d\w*(?: osobist\w*)?|pesel|person(?:al)?[ _]?nummer|fødselsnummer|cpr|"
    r"henkilötunnus|hetu|isikukood|asmens kod\w*|personas kod\w*|rodné číslo|jmbg|oib|emšo|amka|"
    r"kimlik\w*|aadhaar|nric|mykad|cccd|cmnd|cnic|philsys|iqama|emirates id|medicare|medicaid|nhs|"
    r"health[ _-]?(?:insurance|card)|снилс|инн|егн|рнокпп|ταυτότητας?|αφμ|αμκα|"
    r"身份证(?:号码?)?|身分證|マイナンバー|個人番号|주민등록번호|आधार|ת\.?ז\.?|"
    r"(?:رقم )?الهوية|الرقم القومي|کد ملی|บัตรประชาชน"
)
_ACCOUNT = (
    r"(?:(?:bank|checking|savings?)[ _-]?)?acc(?:oun)?ts?|bank details|"
    r"a/c|bban|iban|clabe|konto\w*|"
    r"bankkonto\w*|(?:numéro de )?compte(?: bancaire)?|cuenta(?: bancaria)?|"
    r"conto(?: corrente| bancario)?|(?:bank)?rekening\w*|conta(?: bancária| corrente| poupança)?|"
    r"konta|tilinumero|účt\w*|bankszámla\w*|banka hesa\w*|hesap\w*|счёт\w*|счет\w*|"
    r"λογαριασμ\w*|口座番号|银行账号|账号|帳號|계좌(?:번호)?|खाता"
)
_CARD = (
    r"(?:credit|debit|payment|bank|visa|mastercard|amex)[ _-]?cards?|card[ _-]?(?:number|num|no)|"
    r"kreditkarte\w*|kartennummer|carte (?:bancaire|bleue|de crédit)|numéro de carte|"
    r"tarjeta de (?:crédito|débito)|carta di credito|cart[ãa]o de (?:crédito|débito)|"
    r"creditcard\w*|kart[ay] (?:kredytow\w*|płatnicz\w*)|номер карты|"
    r"信用卡|クレジットカード|신용카드"
)
_LINK = (
    r"(?:[\W_]{0,3}(?:numbers?|numb|num|no|nr|nos|nummer|n[uú]m[eé]ros?|numer|n[°º]|id|ids|codes?|"
    r"cards?|details|security|insurance|identification|sociale?|is|was|of|to|under|with|ist|lautet|"
    r"es|est|le|la|è|é|er|on|je|номер|号码|番号|號碼|번호)(?![^\W_])){0,4}[\W_]{0,8}"
)
"""What may stand between a name and its number; of bounded length."""
_PLACEHOLDER = "12345678901234567890"
_DATE = re.compile(r"\d{4}([-/.])\d{1,2}\1\d{1,2}|\d{1,2}([-/.])\d{1,2}\2\d{2,4}")


@dataclass(frozen=True, slots=True)
class Named:
    """What a number is called, and what it must hold then."""

    type: str
    pattern: re.Pattern[str]
    anywhere: re.Pattern[str]
    """Finds a name: a text without one need not be looked at."""
    before: re.Pattern[str]
    """Matches what ends with a name and at most a few linking words."""
    holds: Callable[[str], bool]


def _named(type_: str, names: str, holds: Callable[[str], bool], pattern: str = _NUMBER) -> Named:
    start = rf"(?<![^\W_])(?:{names})"
    return Named(
        type_,
        re.compile(rf"(?<![\w@])(?:{pattern})(?!\w)"),
        re.compile(start, re.IGNORECASE),
        re.compile(f"{start}{_LINK}$", re.IGNORECASE),
        holds,
    )


def _of(digits: int) -> Callable[[str], bool]:
    return lambda text: _holds(text, digits)


def stands_for_one(text: str) -> bool:
    """Whether it may be somebody's number: neither a date nor 123456789 nor 000000."""
    several = len({char for char in text if char.isdigit()}) > 2
    return several and text not in _PLACEHOLDER and not _DATE.fullmatch(text)


def _holds(text: str, digits: int) -> bool:
    """Enough digits, or nearly so among letters."""
    told = "".join(filter(str.isdigit, text))
    if not stands_for_one(text):
        return False
    letters = sum(map(str.isalpha, text))
    return len(told) >= digits or (letters > 0 and len(told) >= 4 and len(told) + letters >= 7)


def _may_be_card(text: str) -> bool:
    """A network's first digit and a length; mistyped and made-up ones lack Luhn's digit."""
    told = re.sub(r"[-. ]", "", text)
    may = told.isdecimal() and 13 <= len(told) <= 19 and told[0] in "23456"
    return may and len(set(told)) > 2


NAMED = (
    # Made-up and mistyped ones fail their checksum; who calls them so is believed.
    _named("iban", r"ibans?|international bank account", bool, _IBAN),
    _named("card", _CARD, _may_be_card),
    _named("passport", _PASSPORT, _of(6)),
    _named("driver_license", _LICENCE, _of(6)),
    _named("national_id", _STATE_ID, _of(6)),
    _named("bank_account", _ACCOUNT, _of(7)),
)
