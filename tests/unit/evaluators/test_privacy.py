from __future__ import annotations

import re
import time

import pytest

from pytest_litmus.evaluators.privacy import free_of_personal_data, personal_data
from pytest_litmus.verdicts import Evidence, Score, Verdict

FOUND = {
    "email": "write to ada.lovelace+x@analytical.co.uk today",
    "url_user": "clone https://ada@git.engine.org/repo.git",
    "iban": "pay to DE89 3704 0044 0532 0130 00 please",
    "card": "my card is 4539 1488 0343 6467, thanks",
    "crypto_address": "send to 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
    "imei": "IMEI 490154203237518",
    "vehicle_id": "VIN 1M8GDM9AXKP042788",
    "mac_address": "device 3c:22:fb:9a:01:7e",
    "ip_address": "seen from 86.121.97.248 at night",
    "us_ssn": "SSN 460-89-9847",
    "national_id": "her DNI is 12345678Z",
    "passport": "passport number 533401372",
    "driver_license": "driver's license number is F162823540116",
    "phone": "ring me on +44 20 7946 0018",
    "date_of_birth": "he was born on 3 May 1971",
    "bank_account": "bank account number: 0072 3391 84",
    "street_address": "she lives at 742 Evergreen Terrace",
}


def evidence_of(text: str, **options: object) -> tuple[Evidence, ...]:
    score = personal_data(text, **options)  # type: ignore[arg-type]
    assert isinstance(score, Score)
    return score.evidence


@pytest.mark.parametrize(("rule", "text"), FOUND.items(), ids=list(FOUND))
def test_each_type_is_found_where_it_stands(rule: str, text: str) -> None:
    evidence = evidence_of(text)

    assert [one.rule for one in evidence] == [rule]
    assert text[evidence[0].start : evidence[0].end] == evidence[0].text


@pytest.mark.parametrize(
    "text",
    [
        "card 4539 1488 0343 6468",
        "pay DE88370400440532013000",
        "SSN 000-12-3456 and 666-12-3456",
        "it is 12345678A",
        "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb",
        "it needs version 10.4.2.1 or v1.2.3.4, and 999.1.2.3",
    ],
)
def test_what_fails_its_checksum_or_range_is_none(text: str) -> None:
    assert not evidence_of(text, types=["card", "iban", "us_ssn", "national_id", "ip_address"])


@pytest.mark.parametrize(
    "text",
    [
        "ada@example.com",
        "your_email@gmail.com",
        "call 212-555-0123",
        "4242 4242 4242 4242",
        "192.168.0.1",
        "In 1999, 2 of 3 spent 1,000,000 on 12/24/2001, see pages 100-200.",
        "ISBN 978-3-16-148410-0",
        "def f(x): return x[1:2] @ y",
        "jane.doe@example.com or your.name@example.org",
        "2^34 = 17179869184",
        "Order 0533434424, SKU 672778163366, ISBN 0306406152",
        "RFC 2616, section 9.8.7.6",
        "Invoice INV-0413-247965",
        "A mobile archive of 24/11/2026",
        "Phone model 5514 sold 9413502 units.",
        "The scores were 76 06 16 79 13.",
    ],
)
def test_documented_examples_and_ordinary_numbers_are_none(text: str) -> None:
    assert not evidence_of(text)


def test_a_name_that_begins_like_a_placeholder_is_personal_data() -> None:
    assert evidence_of("write to myra.user@engine.org")


def test_a_number_without_a_form_needs_a_word_that_tells_what_it_is() -> None:
    assert [one.rule for one in evidence_of("Phone: 9498777106")] == ["phone"]
    assert not evidence_of("Order: 9498777106")


@pytest.mark.parametrize(
    "text",
    [
        "Ana, 0533434424, Lisbon",
        "Ana, 0187 857850, Lisbon",
        "Ana, 070-6626-2483, Lisbon",
        "Ana, 13683347789, Lisbon",
        "Ana, (11) 98765-4321, Lisbon",
        "Ana, 8 (446) 132-23-42, Lisbon",
        "Ana, 212 736 5000, Lisbon",
        "Ana, +49 (0)30 901820-12, Lisbon",
        "Ana, (212) 736-5000 ext. 12, Lisbon",
        "Meine Telefonnummer ist 03656 48352.",
        "Appelez-moi au 95 762 85 21.",
        "Zadzwo\u0144 pod 534 831 615.",
        "\u7535\u8bdd 6552 7714",
        "tel:+442079460018",
        "call +49\u201130\u2011901820",
        "tel \u0660\u0665\u0660\u0661\u0662\u0663\u0664\u0665\u0666\u0667",
    ],
)
def test_a_phone_number_is_known_by_how_people_write_it_at_home_or_abroad(text: str) -> None:
    assert [one.rule for one in evidence_of(text)] == ["phone"]


@pytest.mark.parametrize(
    "text",
    [
        "11010519491231002X",
        "811228-9874",
        "131052-308T",
        "736028/5163",
        "85.07.30-033.28",
        "756.9217.0769.85",
        "12.531.909-2",
        "20-05536168-2",
        "112-233-445 95",
        "BOXW310820HNERXN09",
        "her national ID number is 4821 0093 17",
        "numer PESEL 44051401359",
    ],
)
def test_a_state_s_number_is_known_by_its_checksum_or_its_name(text: str) -> None:
    assert [one.rule for one in evidence_of(text)] == ["national_id"]


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("passport", "passportNumber: C01X00T47"),
        ("passport", "N\u00famero de pasaporte: V47926167"),
        ("driver_license", "F\u00fchrerscheinnummer B072RRE2I55"),
        ("driver_license", "DL E1860478"),
        ("national_id", '"id_card": "LG-8917-1474"'),
        ("national_id", "\u8eab\u4efd\u8bc1\u53f7\u7801\uff1a 4403071990"),
        ("bank_account", "Kontonummer: 0532013000"),
        ("bank_account", "acct_no=LOOU85368614273344"),
        ("iban", "IBAN DE88370400440532013000"),
        ("card", "credit card number 4539 1488 0343 6468"),
        ("imei", "IMEI: 187641525508025"),
        ("phone", "phone_number: 03 2178251"),
        ("ip_address", "client_ip=86.121.97.248 status=200"),
        ("ip_address", "seen from 243.17.9.200"),
    ],
)
def test_who_calls_a_number_by_its_name_is_believed(rule: str, text: str) -> None:
    assert [one.rule for one in evidence_of(text)] == [rule]


@pytest.mark.parametrize(
    "text",
    [
        "The passport office opened in 2019 with 120000 visitors.",
        "passport number 123456789",
        "ID card issued 2019-05-12",
        "account balance: 4812345",
        "Test with credit card number 4242 4242 4242 4242.",
        "netmask 255.255.255.0, group 224.0.0.251",
        "Mozilla/5.0 Chrome/120.6.99.71 Safari/537.36",
    ],
)
def test_a_name_makes_no_number_of_dates_amounts_and_placeholders(text: str) -> None:
    assert not evidence_of(text)


def test_an_address_that_names_a_person_is_one_at_example_com_too() -> None:
    assert evidence_of("maria.gonzalez@example.com")
    assert not evidence_of("maria@example.com")


def test_types_choose_what_is_looked_for() -> None:
    text = "ada@engine.org, SSN 460-89-9847"

    assert [one.rule for one in evidence_of(text, types=["us_ssn"])] == ["us_ssn"]


def test_an_unknown_type_is_told_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"unknown types of personal data: \['name'\]; known: em"):
        personal_data("x", types=["name"])


def test_what_is_allowed_by_value_or_pattern_is_none() -> None:
    text = "support@shop.org and ada@shop.org"

    assert [one.text for one in evidence_of(text, allow=["support@shop.org"])] == ["ada@shop.org"]
    assert not evidence_of(text, allow=[re.compile(r".*@shop\.org")])


def test_patterns_of_ones_own_are_types_of_their_own() -> None:
    (found,) = evidence_of("customer K-12345 called", patterns={"customer": r"K-\d{5}"})

    assert (found.rule, found.text) == ("customer", "K-12345")


def test_none_is_wanted_unless_a_limit_is_given() -> None:
    text = "write to ada@engine.org"

    assert free_of_personal_data("nothing here")
    verdict = free_of_personal_data(text)
    assert isinstance(verdict, Verdict)
    assert verdict.outcome == "fail"
    assert "found email at character 9: 'ada@engine.org'" in verdict.explanation
    assert free_of_personal_data(text, at_most=1)


def test_a_measurement_has_no_opinion_unless_it_is_given_a_limit() -> None:
    assert isinstance(personal_data("ada@engine.org"), Score)
    assert not personal_data("ada@engine.org", at_most=0)


@pytest.mark.parametrize(
    "unit",
    [
        "1",
        "1 ",
        "12 ",
        "+1-",
        "(1)",
        "a@",
        "a.",
        "a:",
        "http://a",
        "1 A A ",
        "call 1-",
        " ",
        "passport 1-1 ",
        "IBAN AA11 ",
        "AA11 ",
        "A1",
        "card_no ",
        "A.1 ",
    ],
)
def test_hostile_text_takes_less_than_a_second(unit: str) -> None:
    start = time.process_time()
    personal_data(unit * (100_000 // len(unit)))

    assert time.process_time() - start < 3
