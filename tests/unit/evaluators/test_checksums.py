from __future__ import annotations

from collections.abc import Callable

import pytest

from pytest_litmus.evaluators import checksums

# Published examples: of the standards, the issuers, and the encyclopedia's pages.
RIGHT: dict[Callable[[str], bool], str] = {
    checksums.luhn: "79927398713",
    checksums.card: "4539148803436467",
    checksums.iban: "GB82WEST12345698765432",
    checksums.uk_nhs: "9434765919",
    checksums.german_tax_id: "36574261809",
    checksums.french_nir: "255081416802538",
    checksums.spanish_id: "12345678Z",
    checksums.codice_fiscale: "RSSMRA85T10A562S",
    checksums.dutch_bsn: "111222333",
    checksums.pesel: "44051401359",
    checksums.cpf: "11144477735",
    checksums.verhoeff: "2363",
    checksums.canadian_sin: "130692544",
    checksums.australian_tfn: "123456782",
    checksums.chinese_id: "11010519491231002X",
    checksums.swedish_number: "8112289874",
    checksums.finnish_number: "131052-308T",
    checksums.norwegian_number: "15108695088",
    checksums.turkish_number: "17291716060",
    checksums.czech_number: "7360285163",
    checksums.south_african_id: "7503305044089",
    checksums.romanian_cnp: "1630615123457",
    checksums.belgian_number: "85073003328",
    checksums.ean13: "7569217076985",
    checksums.chilean_rut: "125319092",
    checksums.argentine_cuit: "20055361682",
    checksums.russian_snils: "11223344595",
    checksums.irish_pps: "6433435F",
    checksums.singapore_nric: "S0000001I",
    checksums.portuguese_nif: "501964843",
    checksums.vin: "1M8GDM9AXKP042788",
    checksums.iso7064_97: "GB82WEST12345698765432",
    checksums.base58check: "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
    checksums.bech32: "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
}
CASES = [pytest.param(holds, value, id=holds.__name__) for holds, value in RIGHT.items()]


@pytest.mark.parametrize(("holds", "value"), CASES)
def test_a_published_example_is_right(holds: Callable[[str], bool], value: str) -> None:
    assert holds(value)


@pytest.mark.parametrize(("holds", "value"), CASES)
def test_one_wrong_character_is_seen(holds: Callable[[str], bool], value: str) -> None:
    place = max(at for at, char in enumerate(value[:-1]) if char in "12345678")
    wrong = str(int(value[place]) + 1)

    assert not holds(value[:place] + wrong + value[place + 1 :])


def test_numbers_that_were_never_given_out_are_none() -> None:
    assert checksums.us_ssn("460899847")
    assert not any(map(checksums.us_ssn, ("000123456", "666123456", "912345678", "123001234")))
    assert not checksums.aadhaar("034567890124")
