"""Fine-tuned weights as their difference from the published ones, in four bits a number.

Rows of a matrix are cut into blocks of 64 numbers with a scale each. Fine-tuning moves weights
little, so the error, about 8% of the move, is well below a thousandth of the weights; vectors
(biases, norms) stay in fp16.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

Arrays = Mapping[str, NDArray[np.float32]]
BLOCK = 64
HIGHEST = 7
SCALE, VECTOR = ".scale", ".vector"


def pack(tuned: Arrays, published: Arrays) -> dict[str, NDArray[np.generic]]:
    """Returns what `unpack` needs beside the published weights."""
    packed: dict[str, NDArray[np.generic]] = {}
    for name, array in tuned.items():
        move = array - published[name]
        if move.ndim < 2:
            packed[name + VECTOR] = move.astype(np.float16)
            continue
        blocks = move.reshape(-1, BLOCK)
        scale = (np.abs(blocks).max(axis=1) / HIGHEST).astype(np.float16)
        steps = np.where(scale > 0, scale, 1).astype(np.float32)[:, None]
        levels = np.clip(np.rint(blocks / steps), -HIGHEST, HIGHEST).astype(np.int8) + HIGHEST
        pairs = levels.reshape(-1, 2).astype(np.uint8)
        packed[name] = pairs[:, 0] | (pairs[:, 1] << 4)
        packed[name + SCALE] = scale
    return packed


def unpack(
    packed: Mapping[str, NDArray[np.generic]], published: Arrays
) -> dict[str, NDArray[np.float32]]:
    """Returns the published weights with the differences added, those untouched as they are."""
    merged = dict(published)
    for name, array in packed.items():
        if name.endswith(SCALE):
            continue
        if name.endswith(VECTOR):
            plain = name.removesuffix(VECTOR)
            merged[plain] = published[plain] + array.astype(np.float32)
            continue
        bits = array.astype(np.uint8)
        pairs = np.stack([bits & 15, bits >> 4], axis=1)
        levels = pairs.astype(np.float32).reshape(-1, BLOCK) - HIGHEST
        move = levels * packed[name + SCALE].astype(np.float32)[:, None]
        merged[name] = published[name] + move.reshape(published[name].shape)
    return merged
