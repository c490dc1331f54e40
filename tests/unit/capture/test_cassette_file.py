from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pytest_litmus.capture import cassette_file
from pytest_litmus.capture.exchange import Chunk, Exchange, Request
from pytest_litmus.capture.matching import Matching
from pytest_litmus.capture.tape import Recording
from pytest_litmus.errors import CassetteError

PATH = Path("cassette.yaml")
ODD = "\x85\u2028\u2029\r\n\t \x7f\ufeff\x00😀\U0010ffff"


def recording(
    sent: bytes = b"{}", got: bytes = b'{"a": 1}', cuts: tuple[int, ...] = (), **details
) -> Recording:
    request = Request(method="POST", url="https://api.example/v1/chat/completions", body=sent)
    ends = [*cuts, len(got)]
    pieces = [got[start:end] for start, end in zip([0, *cuts], ends, strict=True)]
    exchange = {
        "request": request,
        "status": 200,
        "reason": "OK",
        "headers": (("Content-Type", "application/json"),),
        "chunks": tuple(Chunk(0.5 + n, piece) for n, piece in enumerate(pieces) if piece),
        "started_at": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        "headers_s": 0.25,
        "duration_s": 1.5,
        "ended": "eof",
        "source": "recorded",
    }
    return Recording(
        request=request, key=Matching().key(request), exchange=Exchange(**exchange | details)
    )


def text_of(*recordings: Recording, streamed: bool = False) -> str:
    return cassette_file.dump(
        [cassette_file.interaction(each, streamed=streamed) for each in recordings]
    )


def parsed(text: str) -> list[Recording]:
    return cassette_file.parse(PATH, text, key=Matching().key).recordings


def there_and_back(one: Recording, *, streamed: bool = False) -> Recording:
    (back,) = parsed(text_of(one, streamed=streamed))
    return back


texts = st.text(st.characters() | st.sampled_from(ODD), max_size=40)
bodies = st.binary(max_size=60) | texts.map(lambda text: text.encode("utf-8", "surrogatepass"))


@given(bodies, bodies)
@example(ODD.encode(), b"a\r\nb\r\n")
@example(b"a \n b\n\n", b"\n  a\n")
@example("data: é \n\ndata: \x85\n\n".encode(), b"version: 1\n")
@example(b"", b"\x1f\x8b no gzip")
def test_any_bytes_of_a_stream_come_back_as_they_were(sent, got):
    back = there_and_back(recording(b"." + sent, b"." + got), streamed=True)

    assert back.request.body == b"." + sent
    assert back.exchange.body == b"." + got


documents = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(texts, documents), st.booleans())
@example({"a": ODD, ODD: "\ud800"}, False)
def test_any_json_means_the_same_when_it_comes_back(document, ascii_only):
    body = json.dumps(document, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")

    back = there_and_back(recording(body, body))

    assert back.request.json == Request(method="POST", url="", body=body).json
    assert back.exchange.body == body or json.loads(back.exchange.body) == document


@pytest.mark.parametrize("odd", list(ODD))
def test_a_json_body_stays_a_readable_block_whatever_character_is_in_it(odd):
    body = json.dumps({"role": "user", "content": f"x{odd}y"}, ensure_ascii=False).encode()

    text = text_of(recording(body, body))

    assert text.count("|-\n") == 2
    assert '\n        "role": "user",\n' in text


@pytest.mark.parametrize("body", [b'{"a": 1e400}', b'{"a": NaN}', b'{"a": "\\ud800"}', b"{", b"[1"])
def test_what_has_no_other_spelling_in_json_is_kept_to_the_letter(body):
    assert there_and_back(recording(got=body)).exchange.body == body


@given(st.binary(min_size=3, max_size=40), st.data())
def test_a_stream_comes_back_in_the_pieces_in_which_it_came(body, data):
    cuts = tuple(sorted(data.draw(st.sets(st.integers(1, len(body) - 1), max_size=4))))
    body = b"." + body  # not compressed by accident
    one = recording(got=body, cuts=cuts)

    assert there_and_back(one, streamed=True).exchange.chunks == one.exchange.chunks


def test_times_and_ends_come_back():
    one = recording(ended="closed")

    back = there_and_back(one).exchange

    assert (back.started_at, back.headers_s, back.duration_s, back.ended) == (
        one.exchange.started_at,
        0.25,
        1.5,
        "closed",
    )


def test_a_transport_error_comes_back_without_a_status():
    error = {"status": None, "reason": "", "headers": (), "headers_s": None, "ended": "failed"}
    one = recording(got=b"", error_type="ConnectError", error_message="refused", **error)

    text = text_of(one)
    (back,) = parsed(text)

    assert "code: 599" in text
    assert back.exchange.status is None
    assert (back.exchange.error_type, back.exchange.error_message) == ("ConnectError", "refused")


def test_the_file_reads_as_it_is_meant_to():
    sent = b'{"model":"m","messages":[{"role":"user","content":"Hi \xf0\x9f\x98\x80"}]}'

    text = text_of(recording(sent, b'{"embedding":[0.5,-1,2e-05]}'))

    assert text == (
        """\
# Recorded by pytest-litmus; vcrpy plays it too. Edit tests, not this file.
interactions:
- request:
    method: POST
    uri: https://api.example/v1/chat/completions
    headers: {}
    body: |-
      {
        "model": "m",
        "messages": [
          {
            "role": "user",
            "content": "Hi 😀"
          }
        ]
      }
  response:
    status:
      code: 200
      message: OK
    headers:
      content-type: [application/json]
    body:
      string: |-
        {
          "embedding": [0.5, -1, 2e-05]
        }
  litmus:
    recorded_at: '2026-01-02T03:04:05.000Z'
    headers_s: 0.25
    duration_s: 1.5
version: 1
"""
    )


def test_a_file_cut_off_anywhere_is_an_error_that_names_the_line():
    text = text_of(recording(), recording(b'{"a": 2}', ODD.encode()))
    whole = text.encode()
    cuts = sorted({*range(0, len(whole), 7), *range(len(whole) - 30, len(whole))})
    assert len(cuts) > 100

    for cut in cuts:
        part = whole[:cut].decode("utf-8", "ignore")
        with pytest.raises(CassetteError, match=r"^cassette\.yaml:\d+: .*(cut off|not YAML)"):
            parsed(part)
    assert len(parsed(text)) == 2


def test_a_file_cut_off_within_a_character_names_the_line(tmp_path):
    path = tmp_path / "cassette.yaml"
    whole = text_of(recording('{"a": "😀"}'.encode())).encode()
    path.write_bytes(whole[: whole.index("😀".encode()) + 2])

    with pytest.raises(CassetteError, match=r"cassette\.yaml:9: not UTF-8: unexpected end of data"):
        cassette_file.read(path, key=Matching().key)


def test_the_error_of_a_cut_off_file_says_what_to_do():
    text = text_of(recording())[: -len("version: 1\n")]

    with pytest.raises(CassetteError) as caught:
        parsed(text)

    assert str(caught.value) == (
        "cassette.yaml:23: the cassette ends here, before its last line `version: 1`: it was cut "
        "off\n"
        "  mend      restore the file from version control, or delete it and record it anew"
    )


def test_a_file_with_the_line_ends_of_windows_is_the_same():
    text = text_of(recording(), recording(b'{"a": "b\\r\\nc"}'))

    assert parsed(text.replace("\n", "\r\n")) == parsed(text)
    with pytest.raises(CassetteError, match="cut off"):
        parsed(text.replace("\n", "\r\n")[:-2])


@pytest.mark.parametrize(
    "hostile",
    [
        "!!python/object/apply:os.system ['echo hacked > hacked']",
        "!!python/object/new:os.system ['echo hacked > hacked']",
        "!!python/name:os.system",
        "!!python/module:os",
        "!unknown {}",
    ],
)
def test_a_hostile_file_is_refused_and_runs_nothing(tmp_path, monkeypatch, hostile):
    monkeypatch.chdir(tmp_path)
    text = f"interactions:\n- request: {hostile}\n  response: {{}}\nversion: 1\n"

    with pytest.raises(CassetteError, match=r"^cassette\.yaml:2: refused, it is no plain data: "):
        parsed(text)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "item",
    [
        "null",
        "[]",
        "{}",
        "{request: {}, response: {}}",
        "{request: {method: 1, uri: a}, response: {}}",
        "{request: {method: GET, uri: 'http://a'}, response: {status: {code: many}}}",
        "{request: {method: GET, uri: 'http://a', body: 5}, response: {status: {code: 200}}}",
        "{request: {method: GET, uri: 'http://a'}, response: {status: {code: 200}}, litmus: 3}",
    ],
)
def test_an_interaction_that_is_none_is_named_by_its_number(item):
    with pytest.raises(CassetteError, match=r"^cassette\.yaml: interaction 0 cannot be read: "):
        parsed(f"interactions: [{item}]\n")


@pytest.mark.parametrize("text", ["", "a: [", "- 1", "interactions: {}", "interactions: 1", "\x00"])
def test_what_is_no_cassette_is_an_error(text):
    with pytest.raises(CassetteError, match=r"^cassette\.yaml"):
        parsed(text)


def test_chunks_that_do_not_fit_their_body_are_an_error():
    text = text_of(recording(got=b"abcdef", cuts=(3,)), streamed=True)

    with pytest.raises(CassetteError, match=r"the chunks hold 6 bytes and the body 7: edited"):
        parsed(text.replace("abcdef", "abcdefg"))


def test_writing_leaves_the_new_file_and_nothing_else(tmp_path):
    path = tmp_path / "folder" / "cassette.yaml"

    cassette_file.write(path, "one")
    cassette_file.write(path, "two")

    assert path.read_text() == "two"
    assert list(path.parent.iterdir()) == [path]


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "cassette.yaml"
    cassette_file.write(path, "old")

    with pytest.raises(UnicodeEncodeError):
        cassette_file.write(path, "new \ud800")

    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]
