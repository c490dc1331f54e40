from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import ModuleType, SimpleNamespace

import pytest

from pytest_litmus import capturing
from pytest_litmus.errors import LitmusError
from pytest_litmus.evaluators import embedding
from pytest_litmus.evaluators.embedding import (
    SIZE,
    cosine,
    endpoint_embedder,
    lexical_embedder,
    semantically_similar,
    sentence_embedder,
)
from pytest_litmus.verdicts import Score


def by_first_letter(texts: Sequence[str]) -> list[list[float]]:
    return [[1.0, float(text[0] == "b"), -float(text[0] == "c")] for text in texts]


def score(said: str, reference: str | list[str], **options: object) -> Score:
    found = semantically_similar(said, reference, **options)  # type: ignore[arg-type]
    assert isinstance(found, Score)
    return found


class Vectors(BaseHTTPRequestHandler):
    """Answers with the length of each text, last text first; or with an error."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.asked.append((self.path, self.headers, asked))  # type: ignore[attr-defined]
        rows = [
            {"object": "embedding", "index": n, "embedding": [1.0, len(text)]}
            for n, text in enumerate(asked["input"])
        ]
        answer = {"object": "list", "data": rows[::-1], "model": asked["model"]}
        status = {"broken": 500}.get(asked["model"], 200)
        if asked["model"] == "short":
            rows.pop()
            answer["data"] = rows
        if asked["model"] == "chat":
            answer = {"choices": []}
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ThreadingHTTPServer]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with ThreadingHTTPServer(("127.0.0.1", 0), Vectors) as running:
        running.asked = []  # type: ignore[attr-defined]
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield running
        running.shutdown()


def url(server: ThreadingHTTPServer) -> str:
    return f"http://127.0.0.1:{server.server_port}/v1/"


# The evaluator


def test_the_same_text_has_cosine_one_and_one_of_other_words_none() -> None:
    assert score("Refunds take 5 days", "refunds take 5 days.").value == pytest.approx(1)
    assert score("Refunds take 5 days", "Cats sleep").value == pytest.approx(0, abs=0.1)


def test_words_of_one_family_are_nearer_than_others() -> None:
    near = score("certify", "certification").value
    far = score("certify", "landscape").value
    assert near is not None
    assert far is not None
    assert near > far + 0.15


def test_the_nearest_of_several_references_counts_and_is_named() -> None:
    found = score("b", ["a", "b too", "c"], embed=by_first_letter)

    assert found.value == pytest.approx(1)
    assert found.evidence[0].nearest == "b too"
    assert "the nearest of 3 references, 'b too'" in found.explanation


def test_a_cosine_may_be_negative() -> None:
    found = score("a", "b", embed=lambda texts: [[1.0], [-1.0]])
    assert found.value == -1


def test_there_is_a_verdict_only_where_a_limit_is_given() -> None:
    assert semantically_similar("b", "b", embed=by_first_letter, at_least=0.9)
    assert not semantically_similar("a", "c", embed=by_first_letter, at_least=0.9)
    assert semantically_similar("a", "c", embed=by_first_letter, at_most=0.9)


def test_the_explanation_says_that_the_default_knows_no_meaning() -> None:
    assert "by words alone; pass embed=" in score("a cat", "a cat").explanation
    assert "by words alone" not in score("a", "a", embed=by_first_letter).explanation


@pytest.mark.parametrize(
    ("said", "reference", "why"),
    [
        (" ", "a", "the output is empty"),
        ("a", [], "no reference"),
        ("a", [" "], "no reference"),
        ("...", "a cat", "without a direction"),
    ],
)
def test_what_cannot_be_compared_has_no_value(
    said: str, reference: str | list[str], why: str
) -> None:
    found = score(said, reference)
    assert found.value is None
    assert why in found.explanation
    verdict = semantically_similar(said, reference, at_least=0.1)
    assert not verdict


@pytest.mark.parametrize("vectors", [[[1.0], [1.0, 2.0]], [[float("nan")], [1.0]], [[0.0], [1.0]]])
def test_vectors_that_do_not_fit_have_no_cosine(vectors: list[list[float]]) -> None:
    assert score("a", "b", embed=lambda texts: vectors).value is None


def test_an_embedder_that_gives_too_few_vectors_is_told_of() -> None:
    with pytest.raises(LitmusError, match="gave 1 vectors for 2 texts"):
        semantically_similar("a", "b", embed=lambda texts: [[1.0]])


@pytest.mark.parametrize("piece", ["a", " ", "word ", "n'", "1,", "東京", "\u0301", "\ud800"])
def test_a_hundred_kilobytes_of_anything_take_less_than_a_second(piece: str) -> None:
    start = time.process_time()
    semantically_similar(piece * (100_000 // len(piece)), "a word")
    assert time.process_time() - start < 3


# The embedder that needs nothing


def test_lexical_vectors_are_of_one_length_and_the_same_each_time() -> None:
    first, second = lexical_embedder(["A cat sat.", "Zürich 東京"])
    assert len(first) == len(second) == SIZE
    assert lexical_embedder(["A cat sat."]) == [first]
    # Another Python, or another machine, must not give others.
    assert round(sum(n * place for place, n in enumerate(first)), 1) == 280.0


def test_a_rare_word_weighs_more_than_a_common_one() -> None:
    rare = score("the zeppelin", "a zeppelin").value
    common = score("the zeppelin", "the people").value
    assert rare is not None
    assert common is not None
    assert rare > 0.9 > 0.2 > common


def test_cosine_is_within_its_range_despite_rounding() -> None:
    assert cosine([0.1] * 3, [0.1] * 3) == 1.0


# A model on this machine


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    names: set[str] = set()
    monkeypatch.setattr(embedding, "find_spec", lambda name: name in names or None)
    return names


def test_without_a_package_it_says_what_to_type(installed: set[str]) -> None:
    with pytest.raises(LitmusError, match=r"pip install 'pytest-litmus\[embeddings\]'"):
        sentence_embedder("all-MiniLM-L6-v2")


class Model:
    """Stands for a model of each of the packages."""

    loaded: list[str] = []  # noqa: RUF012 - counted by the test

    def __init__(self, name: str) -> None:
        self.loaded.append(name)

    from_pretrained = classmethod(lambda cls, name: cls(name))

    def encode(self, texts: list[str], **_: object) -> list[SimpleNamespace]:
        return [SimpleNamespace(tolist=lambda text=text: [float(len(text))]) for text in texts]

    embed = encode


@pytest.mark.parametrize(
    ("package", "name"),
    [
        ("sentence_transformers", "SentenceTransformer"),
        ("model2vec", "StaticModel"),
        ("fastembed", "TextEmbedding"),
    ],
)
def test_a_model_is_loaded_once_when_it_is_first_used(
    package: str, name: str, installed: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    module = ModuleType(package)
    setattr(module, name, Model)
    monkeypatch.setitem(sys.modules, package, module)
    monkeypatch.setattr(Model, "loaded", [])
    installed.add(package)

    embed = sentence_embedder("some-model")
    assert Model.loaded == []
    assert [embed(["a", "bb"]), embed(["ccc"])] == [[[1.0], [2.0]], [[3.0]]]
    assert Model.loaded == ["some-model"]


# An endpoint


def test_an_endpoint_is_asked_in_batches_and_its_vectors_put_in_order(
    server: ThreadingHTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("A_KEY", "secret")
    embed = endpoint_embedder(url(server), "m", api_key_env="A_KEY", batch=2, dimensions=2)

    assert embed(["a", "bb", "ccc"]) == [[1.0, 1.0], [1.0, 2.0], [1.0, 3.0]]
    asked = server.asked  # type: ignore[attr-defined]
    assert [path for path, _, _ in asked] == ["/v1/embeddings"] * 2
    assert asked[0][1]["authorization"] == "Bearer secret"
    assert asked[0][2] == {"model": "m", "input": ["a", "bb"], "dimensions": 2}


def test_its_calls_are_captured_as_a_judges(server: ThreadingHTTPServer) -> None:
    with capturing() as llm:
        found = semantically_similar("a", "bb", embed=endpoint_embedder(url(server), "m"))
    assert isinstance(found, Score)
    assert found.value == pytest.approx(0.949, abs=0.001)
    assert [(one.operation_name, one.purpose) for one in llm.model_calls] == [
        ("embeddings", "judge")
    ]
    assert llm.calls == ()


@pytest.mark.parametrize(
    ("model", "why"),
    [
        ("broken", "answered 500"),
        ("short", "gave 1 vectors for 2 texts"),
        ("chat", "without embeddings"),
    ],
)
def test_an_endpoint_that_fails_is_told_of(
    server: ThreadingHTTPServer, model: str, why: str
) -> None:
    with pytest.raises(LitmusError, match=why):
        endpoint_embedder(url(server), model)(["a", "bb"])


def test_an_endpoint_that_cannot_be_reached_is_told_of() -> None:
    with pytest.raises(LitmusError, match="cannot be asked"):
        endpoint_embedder("http://127.0.0.1:9/v1", "m", timeout_s=1)(["a"])
    with pytest.raises(LitmusError, match="no http"):
        endpoint_embedder("file:///etc", "m")(["a"])
