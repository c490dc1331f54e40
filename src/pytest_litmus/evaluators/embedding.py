"""Embedding: texts as vectors, and how near two texts are in meaning.

An embedder is a function: texts in, one vector each out. Ours that needs nothing
(`lexical_embedder`) compares words and letters and knows no meaning; `sentence_embedder` runs a
model on this machine (https://sbert.net, https://github.com/MinishLab/model2vec,
https://github.com/qdrant/fastembed), `endpoint_embedder` asks an endpoint that speaks OpenAI's
embeddings API (https://platform.openai.com/docs/api-reference/embeddings/create).
"""

from __future__ import annotations

import math
import os
import zlib
from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from operator import mul
from typing import TYPE_CHECKING, Any

from pytest_litmus.errors import LitmusError
from pytest_litmus.evaluators.quoting import quoted
from pytest_litmus.evaluators.said import Said, text_of
from pytest_litmus.evaluators.terms import terms
from pytest_litmus.posting import post_json
from pytest_litmus.purpose import asking_as
from pytest_litmus.verdicts import Evidence, Score, Verdict, decided

if TYPE_CHECKING:
    from typing import TypeAlias

Vector: TypeAlias = "Sequence[float]"
Embedder: TypeAlias = "Callable[[Sequence[str]], Sequence[Vector]]"
"""Texts in, a vector for each out, in the same order and all of one length."""

SIZE = 1024
"""Numbers in a lexical vector; words that share one by chance move a cosine by about 0.03."""
_GRAMS = (3, 4)
_GRAMS_SHARE = 1.0
"""What the letters of a word weigh together, beside the word: they tie `refund` to `refunding`."""

LOCAL = {
    "sentence_transformers": "sentence-transformers",
    "model2vec": "model2vec",
    "fastembed": "fastembed",
}
"""The packages that run a model here, in the order in which they are tried."""


def semantically_similar(
    said: Said,
    reference: str | Sequence[str],
    *,
    embed: Embedder | None = None,
    at_least: float | None = None,
    at_most: float | None = None,
) -> Score | Verdict:
    """How near an output is in meaning to a reference, or to the nearest of several.

    The value is the cosine of the two vectors, in [-1, 1]: 1 for the same, about 0 for nothing in
    common. Which value is near enough depends on the embedder, so there is no limit of its own:
    measure a few pairs that you would pass and fail, and put `at_least` between them.

    None where a text is empty or the embedder gives no usable vectors.

    Blind spots: the default embedder sees words, not meaning (a paraphrase in other words is far,
    a negation is near). Models also put a sentence near its negation; for wrong facts use
    `grounded` or `correct`.

    Args:
        said: The output.
        reference: What it should say; of several, the nearest counts.
        embed: The embedder; `lexical_embedder` if None.
        at_least: The lowest cosine that passes.
        at_most: The highest.
    """
    references = [reference] if isinstance(reference, str) else reference
    told = [one for one in references if one.strip()]
    score = _similarity(text_of(said), told, embed or lexical_embedder)
    return decided(score, at_least=at_least, at_most=at_most)


def lexical_embedder(texts: Sequence[str]) -> list[list[float]]:
    """Vectors of words and their letters, hashed; rare words weigh more. The same everywhere.

    No model and no package is needed; two texts are near if they share words or parts of words.
    """
    return [_lexical(text) for text in texts]


def sentence_embedder(name_or_path: str | os.PathLike[str]) -> Embedder:
    """An embedder that runs a model on this machine, by its name or folder.

    Tries sentence-transformers, then model2vec, then fastembed (which knows names alone); the first
    that is installed runs it, loaded once, when it is first used. Set `HF_HUB_OFFLINE=1` where
    nothing may be downloaded.

    Raises:
        LitmusError: None of the packages is installed.
    """
    load = _loader()
    model: list[Embedder] = []

    def embed(texts: Sequence[str]) -> Sequence[Vector]:
        if not model:
            model.append(load(os.fspath(name_or_path)))
        return model[0](texts)

    return embed


def endpoint_embedder(
    base_url: str,
    model: str,
    *,
    api_key_env: str = "OPENAI_API_KEY",
    batch: int = 128,
    timeout_s: float = 60.0,
    **parameters: Any,
) -> Embedder:
    """An embedder that asks an endpoint; its calls are captured and recorded like any other.

    They are marked as a judge's, so that they are not counted as the program's.

    Args:
        base_url: Such as `http://127.0.0.1:8080/v1`.
        model: Such as `text-embedding-3-small`.
        api_key_env: The environment variable that holds the key, if one is needed.
        batch: How many texts go into one request.
        timeout_s: For one request.
        **parameters: Into the request as they are, such as `dimensions=256`.

    Raises:
        LitmusError: When it is used: the endpoint cannot be reached, or does not answer with a
            vector for each text.
    """

    def embed(texts: Sequence[str]) -> list[Vector]:
        found: list[Vector] = []
        for start in range(0, len(texts), batch):
            body = {"model": model, "input": list(texts[start : start + batch]), **parameters}
            found += _asked(base_url, body, api_key_env, timeout_s)
        return found

    return embed


def cosine(one: Vector, other: Vector) -> float | None:
    """The cosine of two vectors, in [-1, 1]; None where one has no direction or they do not fit."""
    if len(one) != len(other):
        return None
    long, wide = math.hypot(*one), math.hypot(*other)
    if not (0 < long < math.inf and 0 < wide < math.inf):
        return None
    dot = math.fsum(map(mul, one, other)) / long / wide
    return max(-1.0, min(1.0, dot))


def embedded(texts: Sequence[str], embed: Embedder) -> list[list[float]]:
    """The vectors of texts, as plain numbers.

    Raises:
        LitmusError: The embedder did not give one for each.
    """
    vectors = [list(map(float, vector)) for vector in embed(texts)]
    if len(vectors) != len(texts):
        raise LitmusError(f"the embedder gave {len(vectors)} vectors for {len(texts)} texts")
    return vectors


def _similarity(text: str, references: list[str], embed: Embedder) -> Score:
    why = _nothing(text, references)
    mine, *theirs = [[]] if why else embedded([text, *references], embed)
    near = [(cosine(mine, one), ref) for one, ref in zip(theirs, references, strict=False)]
    known = [(value, reference) for value, reference in near if value is not None]
    if not known:
        why = why or "the embedder gave vectors without a direction, or of different lengths"
        return Score(name="semantically_similar", explanation=why)
    value, nearest = max(known)
    return Score(
        name="semantically_similar",
        value=value,
        explanation=_told(value, nearest, len(references), embed),
        evidence=(
            Evidence(rule="nearest-reference", text=text, start=0, end=len(text), nearest=nearest),
        ),
    )


def _nothing(text: str, references: list[str]) -> str:
    if not text.strip():
        return "the output is empty"
    return "" if references else "there is no reference to compare with: all are empty"


def _told(value: float, nearest: str, among: int, embed: Embedder) -> str:
    of = f"the nearest of {among} references" if among > 1 else "the reference"
    by = "by words alone; pass embed= to compare meaning" if embed is lexical_embedder else ""
    return f"cosine {value:.3f} with {of}, {quoted(nearest)}{by and f' ({by})'}"


def _lexical(text: str) -> list[float]:
    vector = [0.0] * SIZE
    for term in terms(text):
        for place, weight in _features(term.stem):
            vector[place] += weight * term.weight
    return vector


@lru_cache(maxsize=20_000)
def _features(stem: str) -> tuple[tuple[int, float], ...]:
    """A word's places in the vector: itself, and its runs of letters."""
    edged = f"<{stem[:40]}>"
    grams = [edged[at : at + n] for n in _GRAMS for at in range(len(edged) - n + 1)]
    share = _GRAMS_SHARE / math.sqrt(len(grams)) if grams else 0.0
    return (_placed(f"={stem}", 1.0), *(_placed(gram, share) for gram in grams))


def _placed(feature: str, weight: float) -> tuple[int, float]:
    # The hash of Python itself differs from run to run.
    hashed = zlib.crc32(feature.encode("utf-8", "surrogatepass"))
    return hashed % SIZE, weight if hashed >> 31 else -weight


def _loader() -> Callable[[str], Embedder]:
    loaders = (_sentence_transformers, _model2vec, _fastembed)
    for package, load in zip(LOCAL, loaders, strict=True):
        if find_spec(package):
            return load
    raise LitmusError(
        f"sentence_embedder needs one of {', '.join(LOCAL.values())}, and none is installed: "
        "pip install 'pytest-litmus[embeddings]'"
    )


def _sentence_transformers(name: str) -> Embedder:
    model = import_module("sentence_transformers").SentenceTransformer(name)
    return lambda texts: _lists(model.encode(list(texts), show_progress_bar=False))


def _model2vec(name: str) -> Embedder:
    model = import_module("model2vec").StaticModel.from_pretrained(name)
    return lambda texts: _lists(model.encode(list(texts)))


def _fastembed(name: str) -> Embedder:
    model = import_module("fastembed").TextEmbedding(name)
    return lambda texts: _lists(model.embed(list(texts)))


def _lists(arrays: Any) -> list[Vector]:
    return [array.tolist() for array in arrays]


def _asked(base_url: str, body: dict[str, Any], api_key_env: str, timeout_s: float) -> list[Vector]:
    url = base_url.rstrip("/") + "/embeddings"
    with asking_as("judge"):
        answer = post_json(url, body, api_key_env=api_key_env, timeout_s=timeout_s)
    try:
        rows = sorted(answer["data"], key=lambda row: row["index"])
        vectors: list[Vector] = [list(map(float, row["embedding"])) for row in rows]
    except (KeyError, TypeError, ValueError) as error:
        raise LitmusError(f"{url} answered without embeddings: {str(answer)[:200]}") from error
    if len(vectors) != len(body["input"]):
        raise LitmusError(f"{url} gave {len(vectors)} vectors for {len(body['input'])} texts")
    return vectors
