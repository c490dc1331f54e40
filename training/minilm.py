"""MiniLM: all-MiniLM-L6-v2's vectors of short texts, with numpy alone.

The model (Apache-2.0, https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2) is BERT with
six layers (https://arxiv.org/abs/1810.04805) whose last layer's mean is the text's vector.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import erf
from tokenizers import Tokenizer

LAYERS, HEADS, WIDTH = 6, 12, 384
BATCH = 500
FAR = -1e9
Array = Any


class MiniLM:
    """The model, read from a folder with `model.safetensors` and `tokenizer.json`."""

    def __init__(self, folder: Path) -> None:
        self.weights = read(folder / "model.safetensors")
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.enable_truncation(128)
        self.tokenizer.enable_padding()

    def vectors(self, texts: Sequence[str]) -> Array:
        """A row of length 1 for each text."""
        batches = [texts[at : at + BATCH] for at in range(0, len(texts), BATCH)]
        return np.concatenate([self.batch(batch) for batch in batches])

    def batch(self, texts: Sequence[str]) -> Array:
        """The same for a few."""
        told = self.tokenizer.encode_batch(list(texts))
        mask = np.array([one.attention_mask for one in told], dtype=np.float32)
        state = self.embedded(np.array([one.ids for one in told]))
        for layer in range(LAYERS):
            state = self.layer(state, (1 - mask)[:, None, None, :] * FAR, layer)
        mean = (state * mask[:, :, None]).sum(1) / mask.sum(1, keepdims=True)
        return mean / np.linalg.norm(mean, axis=1, keepdims=True)

    def embedded(self, ids: Array) -> Array:
        """What goes into the first layer."""
        name = "embeddings.{}_embeddings.weight".format
        places = self.weights[name("position")][: ids.shape[1]]
        words = self.weights[name("word")][ids]
        return self.normed(
            words + places + self.weights[name("token_type")][0], "embeddings.LayerNorm"
        )

    def layer(self, state: Array, hidden: Array, number: int) -> Array:
        """One layer: attention, then two linear maps with GELU between them."""
        at = f"encoder.layer.{number}."
        query, key, value = (
            self.linear(state, f"{at}attention.self.{name}")
            .reshape(*state.shape[:2], HEADS, WIDTH // HEADS)
            .transpose(0, 2, 1, 3)
            for name in ("query", "key", "value")
        )
        looks = np.exp(query @ key.transpose(0, 1, 3, 2) / float(WIDTH // HEADS) ** 0.5 + hidden)
        seen = (looks / looks.sum(-1, keepdims=True) @ value).transpose(0, 2, 1, 3)
        state = self.normed(
            state + self.linear(seen.reshape(state.shape), f"{at}attention.output.dense"),
            f"{at}attention.output.LayerNorm",
        )
        inner = self.linear(state, f"{at}intermediate.dense")
        inner = inner * (1 + erf(inner * np.float32(0.5**0.5))) / 2
        return self.normed(state + self.linear(inner, f"{at}output.dense"), f"{at}output.LayerNorm")

    def linear(self, state: Array, name: str) -> Array:
        """A linear map."""
        return state @ self.weights[f"{name}.weight"].T + self.weights[f"{name}.bias"]

    def normed(self, state: Array, name: str) -> Array:
        """Each vector with mean 0 and variance 1, stretched as was learned."""
        spread = np.sqrt(state.var(-1, keepdims=True) + 1e-12)
        scaled = (state - state.mean(-1, keepdims=True)) / spread
        return scaled * self.weights[f"{name}.weight"] + self.weights[f"{name}.bias"]


def read(path: Path) -> dict[str, Array]:
    """The tensors of a file (https://huggingface.co/docs/safetensors)."""
    raw = path.read_bytes()
    start = 8 + struct.unpack("<Q", raw[:8])[0]
    tensors = json.loads(raw[8:start])
    tensors.pop("__metadata__", None)
    return {
        name: np.frombuffer(
            raw[slice(*(start + end for end in one["data_offsets"]))], dtype=np.float32
        ).reshape(one["shape"])
        for name, one in tensors.items()
        if one["dtype"] == "F32"
    }
