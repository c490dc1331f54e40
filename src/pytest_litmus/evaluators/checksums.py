"""Checksums: whether a number is one that its issuer could have given.

Cards: ISO/IEC 7812 and the networks' ranges (https://en.wikipedia.org/wiki/Payment_card_number);
IBAN: ISO 13616 and its registry's lengths (https://www.swift.com/standards/data-standards/iban);
national numbers: https://en.wikipedia.org/wiki/National_identification_number and the pages that
it names; addresses of Bitcoin: https://en.bitcoin.it/wiki/Base58Check_encoding and BIP 173.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

_CARD = re.compile(
    r"(?:4(?:\d{12}|\d{15}|\d{18})"  # Visa
    r"|(?:5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}"  # Mastercard
    r"|3[47]\d{13}"  # American Express
    r"|3(?:0[0-59]|[689]\d)\d{11}"  # Diners Club
    r"|(?:6011|64[4-9]\d|65\d\d|62\d\d)\d{12}(?:\d{3})?"  # Discover, UnionPay
    r"|35(?:2[89]|[3-8]\d)\d{12}|(?:2131|1800)\d{11}"  # JCB
    r"|(?:50[0-9]\d|5[6-8]\d\d|6[37]\d\d)\d{8,15})"  # Maestro
)
_IBAN_LENGTHS = """
AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18
DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23
IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27
MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19
SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30
AO25 BF28 BJ28 CF27 CG27 CI28 CM27 CV25 DZ26 GA27 GQ27 GW25 IR26 KM27 MA28 MG27 ML28 MZ25 NE28
SN28 TD27 TG28
"""
_IBAN_LENGTH = {code[:2]: int(code[2:]) for code in _IBAN_LENGTHS.split()}
_DNI_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"
_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_BECH32_ENDS = {1, 0x2BC830A3}
"""What the checksum of bech32 and of bech32m comes to."""
_FISCAL_ODD = dict(
    zip(
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        (
            *(1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 1, 0, 5, 7, 9, 13, 15, 17, 19, 21),
            *(2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23),
        ),
        strict=True,
    )
)
_TIMES = (
    *("0123456789", "1234067895", "2340178956", "3401289567", "4012395678"),
    *("5987604321", "6598710432", "7659821043", "8765932104", "9876543210"),
)
"""Verhoeff's multiplication in the dihedral group of ten."""
_TURN = "1576283094"


def luhn(digits: str) -> bool:
    """ISO/IEC 7812-1, annex B."""
    doubled = (2 * int(digit) for digit in digits[-2::-2])
    total = sum(map(int, digits[-1::-2])) + sum(value // 10 + value % 10 for value in doubled)
    return total % 10 == 0 and len(set(digits)) > 1


def card(digits: str) -> bool:
    """A network's range, its length, and Luhn's digit."""
    return _CARD.fullmatch(digits) is not None and luhn(digits)


def iban(text: str) -> bool:
    """The country's length, and 1 as the rest by 97."""
    return len(text) == _IBAN_LENGTH.get(text[:2].upper()) and iso7064_97(text)


def iso7064_97(text: str) -> bool:
    """ISO 7064 MOD 97-10, the first four characters last."""
    text = text.upper()
    return int("".join(str(int(char, 36)) for char in text[4:] + text[:4])) % 97 == 1


def us_ssn(digits: str) -> bool:
    """Ranges that were never given out are none; there is no checksum."""
    never = digits[:3] in {"000", "666"} or digits[0] == "9"
    return not never and digits[3:5] != "00" and digits[5:] != "0000"


def uk_nhs(digits: str) -> bool:
    """Weights 10 to 2, modulus 11."""
    return (11 - _weighted(digits[:9], range(10, 1, -1)) % 11) % 11 == int(digits[9])


def german_tax_id(digits: str) -> bool:
    """ISO 7064 MOD 11,10, and one digit of the first ten twice or thrice."""
    counts = sorted(map(digits[:10].count, set(digits[:10])))
    if digits[0] == "0" or counts[-1] not in {2, 3} or counts[-2] != 1:
        return False
    rest = 10
    for digit in digits[:10]:
        rest = 2 * ((rest + int(digit)) % 10 or 10) % 11
    return (11 - rest) % 10 == int(digits[10])


def french_nir(text: str) -> bool:
    """97 minus the rest by 97; Corsica's letters stand for 19 and 18."""
    number = text[:13].upper().replace("2A", "19").replace("2B", "18")
    return 97 - int(number) % 97 == int(text[13:])


def spanish_id(text: str) -> bool:
    """DNI and NIE: the letter is told by the rest by 23."""
    number = text[:-1].upper().translate(str.maketrans("XYZ", "012"))
    return _DNI_LETTERS[int(number) % 23] == text[-1].upper()


def codice_fiscale(text: str) -> bool:
    """The last letter is told by the places of the others."""
    text = text.upper()
    total = sum(_FISCAL_ODD[char] for char in text[:15:2])
    total += sum(int(char) if char.isdigit() else ord(char) - 65 for char in text[1:15:2])
    return chr(65 + total % 26) == text[15]


def dutch_bsn(digits: str) -> bool:
    """Weights 9 to 2 and -1, modulus 11."""
    return digits != "000000000" and _weighted(digits, (9, 8, 7, 6, 5, 4, 3, 2, -1)) % 11 == 0


def pesel(digits: str) -> bool:
    """Weights 1, 3, 7, 9 and the last digit; the middle is a date of birth."""
    born = 1 <= int(digits[2:4]) % 20 <= 12 and 1 <= int(digits[4:6]) <= 31
    return born and _weighted(digits, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1)) % 10 == 0


def cpf(digits: str) -> bool:
    """Two digits, each by modulus 11."""
    told = (
        _weighted(digits[:end], range(end + 1, 1, -1)) * 10 % 11 % 10 == int(digits[end])
        for end in (9, 10)
    )
    return len(set(digits)) > 1 and all(told)


def aadhaar(digits: str) -> bool:
    """Verhoeff's checksum; 0 and 1 begin none."""
    return digits[0] not in "01" and verhoeff(digits)


def verhoeff(digits: str) -> bool:
    """https://en.wikipedia.org/wiki/Verhoeff_algorithm."""
    check = 0
    for place, digit in enumerate(reversed(digits)):
        for _ in range(place % 8):
            digit = _TURN[int(digit)]  # noqa: PLW2901
        check = int(_TIMES[check][int(digit)])
    return check == 0


def canadian_sin(digits: str) -> bool:
    """Luhn; 0 and 8 begin none."""
    return digits[0] not in "08" and luhn(digits)


def australian_tfn(digits: str) -> bool:
    """Weights of the tax office, modulus 11."""
    return _weighted(digits, (1, 4, 3, 7, 5, 8, 6, 9, 10)) % 11 == 0


def chinese_id(text: str) -> bool:
    """ISO 7064 MOD 11-2, and a date of birth in the middle."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    told = "10X98765432"[_weighted(text[:17], weights) % 11]
    return _born(text[10:12], text[12:14]) and told == text[17].upper()


def swedish_number(digits: str) -> bool:
    """Luhn over ten digits, of which six are a date of birth; 60 is added for coordination."""
    digits = digits[-10:]
    return _born(digits[2:4], str(int(digits[4:6]) % 60)) and luhn(digits)


def finnish_number(text: str) -> bool:
    """The letter is told by the rest by 31."""
    told = "0123456789ABCDEFHJKLMNPRSTUVWXY"[int(text[:6] + text[7:10]) % 31]
    return _born(text[2:4], text[:2]) and told == text[10].upper()


def danish_number(digits: str) -> bool:
    """A date of birth; the modulus has not held since 2007."""
    return _born(digits[2:4], digits[:2])


def norwegian_number(digits: str) -> bool:
    """Two digits, each by modulus 11, behind a date of birth; 40 is added to D-numbers' days."""
    first = _weighted(digits[:10], (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)) % 11
    second = _weighted(digits, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)) % 11
    return first == second == 0 and _born(digits[2:4], str(int(digits[:2]) % 40))


def turkish_number(digits: str) -> bool:
    """The tenth and the eleventh digit are told by the sums of the others."""
    odd, even = sum(map(int, digits[0:9:2])), sum(map(int, digits[1:8:2]))
    tenth = (7 * odd - even) % 10
    return digits[0] != "0" and digits[9:] == f"{tenth}{(odd + even + tenth) % 10}"


def czech_number(digits: str) -> bool:
    """The tenth digit is the rest by 11 of the others, behind a date of birth.

    Women's months have 50 added; numbers of nine digits, until 1953, had no checksum.
    """
    held = len(digits) == 9 or int(digits[:9]) % 11 % 10 == int(digits[9])
    return held and _born(str(int(digits[2:4]) % 50 % 20), digits[4:6])


def korean_number(digits: str) -> bool:
    """A date of birth; numbers that are given out since 2020 have no checksum."""
    return _born(digits[2:4], digits[4:6])


def south_african_id(digits: str) -> bool:
    """Luhn behind a date of birth."""
    return _born(digits[2:4], digits[4:6]) and luhn(digits)


def romanian_cnp(digits: str) -> bool:
    """Weights 279146358279, modulus 11; 10 is written as 1."""
    told = _weighted(digits[:12], map(int, "279146358279")) % 11
    return _born(digits[3:5], digits[5:7]) and int(digits[12]) == (1 if told == 10 else told)


def belgian_number(digits: str) -> bool:
    """97 minus the rest by 97; a 2 stands in front for those born since 2000."""
    return any(97 - int(front + digits[:9]) % 97 == int(digits[9:]) for front in ("", "2"))


def ean13(digits: str) -> bool:
    """Weights 1 and 3, modulus 10: Swiss numbers of social security are written so."""
    return _weighted(digits, (1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1)) % 10 == 0


def chilean_rut(text: str) -> bool:
    """Weights 2 to 7 from behind, modulus 11; 10 is written as K."""
    weights = [2 + place % 6 for place in range(len(text) - 1)]
    told = (11 - _weighted(text[-2::-1], weights) % 11) % 11
    return "0123456789K"[told] == text[-1].upper()


def argentine_cuit(digits: str) -> bool:
    """Weights 5432765432, modulus 11; 10 is written as 9."""
    told = (11 - _weighted(digits[:10], map(int, "5432765432")) % 11) % 11
    return min(told, 9) == int(digits[10])


def russian_snils(digits: str) -> bool:
    """Weights 9 to 1, the rest by 101."""
    return _weighted(digits[:9], range(9, 0, -1)) % 101 % 100 == int(digits[9:])


def irish_pps(text: str) -> bool:
    """Weights 8 to 2 and, of a second letter, 9; the letter is told by the rest by 23."""
    text = text.upper()
    extra = 9 * (ord(text[8]) - 64) if len(text) > 8 else 0
    told = (_weighted(text[:7], range(8, 1, -1)) + extra) % 23
    return "WABCDEFGHIJKLMNOPQRSTUV"[told] == text[7]


def singapore_nric(text: str) -> bool:
    """Weights 2765432; the letter is told by the rest by 11, from a list for each first letter."""
    shift = 4 if text[0] in "TG" else 3 if text[0] == "M" else 0
    letters = {"S": "JZIHGFEDCBA", "T": "JZIHGFEDCBA", "M": "XWUTRQPNJLK"}.get(
        text[0], "XWUTRQPNMLK"
    )
    rest = (_weighted(text[1:8], (2, 7, 6, 5, 4, 3, 2)) + shift) % 11
    return letters[10 - rest if text[0] == "M" else rest] == text[8]


def portuguese_nif(digits: str) -> bool:
    """Weights 9 to 2, modulus 11; 10 and 11 are written as 0."""
    told = 11 - _weighted(digits[:8], range(9, 1, -1)) % 11
    return int(digits[8]) == (0 if told > 9 else told)


def vin(text: str) -> bool:
    """ISO 3779 as North America checks it: weights, modulus 11, the ninth character."""
    values = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", "12345678123457923456789", strict=True))
    digits = "".join(values.get(char, char) for char in text.upper())
    told = _weighted(digits, (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)) % 11
    return "0123456789X"[told] == text[8].upper()


def base58check(text: str) -> bool:
    """25 bytes, of which four are the start of the twice hashed others."""
    number = 0
    for char in text:
        number = number * 58 + _BASE58.index(char)
    if number.bit_length() > 200:
        return False
    raw = number.to_bytes(25, "big")
    return hashlib.sha256(hashlib.sha256(raw[:-4]).digest()).digest()[:4] == raw[-4:]


def bech32(text: str) -> bool:
    """BIP 173 and BIP 350, for addresses that begin with `bc1`."""
    check = 1
    for value in (3, 3, 0, 2, 3, *(_BECH32.index(char) for char in text.lower()[3:])):
        top, check = check >> 25, (check & 0x1FFFFFF) << 5 ^ value
        for bit, term in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            check ^= term if top >> bit & 1 else 0
    return check in _BECH32_ENDS


def _born(month: str, day: str) -> bool:
    """Whether two numbers may be the month and the day of a birth."""
    return 1 <= int(month) <= 12 and 1 <= int(day) <= 31


def _weighted(digits: str, weights: Iterable[int]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True))
