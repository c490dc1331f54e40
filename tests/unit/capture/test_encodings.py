from __future__ import annotations

import gzip
import zlib
from importlib.util import find_spec

import pytest

from pytest_litmus.capture.encodings import decoder, known, sniff

PLAIN = b'{"choices": [{"message": {"content": "' + b"refund " * 200 + b'"}}]}'


def raw_deflate(data: bytes) -> bytes:
    compressor = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return compressor.compress(data) + compressor.flush()


def decoded(coding: str | None, data: bytes, *, piece_bytes: int = 1 << 20) -> bytes:
    under_test = decoder(coding)
    pieces = [data[at : at + piece_bytes] for at in range(0, len(data), piece_bytes)]
    return b"".join([*map(under_test.feed, pieces), under_test.finish()])


CODED = {
    "gzip": gzip.compress(PLAIN),
    "x-gzip": gzip.compress(PLAIN),
    "GZIP ": gzip.compress(PLAIN),
    "deflate": zlib.compress(PLAIN),
    "deflate, gzip": gzip.compress(zlib.compress(PLAIN)),
    "identity": PLAIN,
}


@pytest.mark.parametrize("piece_bytes", [1, 7, 1 << 20])
@pytest.mark.parametrize("coding", CODED)
def test_a_coded_body_is_decoded_however_it_is_cut(coding, piece_bytes):
    assert decoded(coding, CODED[coding], piece_bytes=piece_bytes) == PLAIN


def test_deflate_without_its_zlib_header_is_decoded():
    assert decoded("deflate", raw_deflate(PLAIN), piece_bytes=3) == PLAIN


def test_several_gzip_members_are_one_body():
    assert (
        decoded("gzip", gzip.compress(b"one ") + gzip.compress(b"two"), piece_bytes=1) == b"one two"
    )


def test_padding_behind_a_gzip_member_is_dropped():
    assert decoded("gzip", gzip.compress(PLAIN) + b"\0" * 20) == PLAIN


@pytest.mark.parametrize("coding", ["gzip", "deflate", "gzip, deflate"])
@pytest.mark.parametrize("body", [PLAIN, b"{}", b"", b"data: [DONE]\n\n", "日本語".encode() * 9])
@pytest.mark.parametrize("piece_bytes", [1, 5, 1 << 20])
def test_plain_bytes_behind_a_lying_header_pass_untouched(coding, body, piece_bytes):
    assert decoded(coding, body, piece_bytes=piece_bytes) == body


def test_gzip_without_a_header_is_decoded():
    assert decoded(None, CODED["gzip"], piece_bytes=2) == PLAIN


def test_identity_leaves_a_gzip_file_as_it_is():
    assert decoded("identity", CODED["gzip"]) == CODED["gzip"]


def test_a_body_in_an_unknown_coding_passes_untouched():
    assert decoded("compress", b"\x1f\x9d whatever") == b"\x1f\x9d whatever"


def test_a_truncated_body_gives_what_could_be_read():
    body = bytes(range(256)) * 4096

    read = decoded("gzip", gzip.compress(body)[:-500])

    assert len(read) > 0
    assert body.startswith(read)


def test_a_body_that_breaks_in_the_middle_keeps_its_beginning():
    compressor = zlib.compressobj(wbits=31)
    sound = compressor.compress(PLAIN) + compressor.flush(zlib.Z_FULL_FLUSH)
    under_test = decoder("gzip")

    pieces = [under_test.feed(sound), under_test.feed(b"\xff" * 99), under_test.feed(sound)]

    assert b"".join([*pieces, under_test.finish()]) == PLAIN


def test_a_stream_is_decoded_as_it_comes():
    compressor = zlib.compressobj(wbits=31)
    under_test = decoder("gzip")

    first = compressor.compress(b"data: one\n\n") + compressor.flush(zlib.Z_SYNC_FLUSH)

    assert under_test.feed(first) == b"data: one\n\n"


def test_a_bomb_is_cut_at_the_cap():
    under_test = decoder("gzip", cap_bytes=1000)

    read = under_test.feed(gzip.compress(bytes(10_000_000))) + under_test.feed(b"more")

    assert len(read) == 1000
    assert under_test.overflow


def test_a_bomb_within_a_bomb_is_cut_at_the_cap():
    under_test = decoder("gzip, gzip", cap_bytes=1000)

    read = under_test.feed(gzip.compress(gzip.compress(bytes(10_000_000))))

    assert len(read + under_test.finish()) <= 1000
    assert under_test.overflow


def test_a_body_of_exactly_the_cap_does_not_overflow():
    under_test = decoder("gzip", cap_bytes=len(PLAIN))

    assert under_test.feed(CODED["gzip"]) + under_test.finish() == PLAIN
    assert not under_test.overflow


@pytest.mark.parametrize(
    ("coding", "expected"),
    [
        (None, True),
        ("", True),
        ("identity", True),
        ("gzip, deflate", True),
        ("compress", False),
        ("gzip, compress", False),
        (", ".join(["gzip"] * 6), False),
    ],
)
def test_known_tells_whether_a_header_can_be_taken_off(coding, expected):
    assert known(coding) is expected


def test_sniff_names_the_coding_of_the_first_bytes():
    assert sniff(CODED["gzip"]) == "gzip"
    assert sniff(b"\x28\xb5\x2f\xfd rest") == "zstd"
    assert sniff(PLAIN) is None


@pytest.mark.skipif(not find_spec("brotli"), reason="brotli is not installed")
@pytest.mark.parametrize("piece_bytes", [1, 1 << 20])
def test_brotli_is_decoded_where_it_is_installed(piece_bytes):
    import brotli

    coded = brotli.compress(PLAIN)

    assert decoded("br", coded, piece_bytes=piece_bytes) == PLAIN
    assert decoded("gzip, br", brotli.compress(CODED["gzip"]), piece_bytes=piece_bytes) == PLAIN
    assert decoded("br", PLAIN, piece_bytes=piece_bytes) == PLAIN


@pytest.mark.skipif(not find_spec("brotli"), reason="brotli is not installed")
def test_a_brotli_bomb_is_cut_at_the_cap():
    import brotli

    under_test = decoder("br", cap_bytes=1000)

    assert len(under_test.feed(brotli.compress(bytes(10_000_000)))) == 1000
    assert under_test.overflow


@pytest.mark.skipif(not known("zstd"), reason="no zstd module is installed")
@pytest.mark.parametrize("piece_bytes", [1, 1 << 20])
def test_zstd_is_decoded_where_it_is_installed(piece_bytes):
    # A frame with one raw block: magic, descriptor (single segment), size, block header, bytes.
    frame = b"\x28\xb5\x2f\xfd\x20\x05\x29\x00\x00hello"

    assert decoded("zstd", frame * 2, piece_bytes=piece_bytes) == b"hellohello"
    assert decoded("zstd", PLAIN, piece_bytes=piece_bytes) == PLAIN
