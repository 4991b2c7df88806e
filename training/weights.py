"""fp32 matrices ↔ what the ONNX file stores."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]


@dataclass(frozen=True)
class Int8Rows:
    """A matrix [rows, columns] as int8 with one scale per row: value = data × scale (symmetric, −127…127)."""

    data: NDArray[np.int8]
    scale: NDArray[np.float32]  # [rows, 1]

    @classmethod
    def of(cls, matrix: Matrix, saturating_pairs: bool = False) -> "Int8Rows":
        """`saturating_pairs`: leave room for processors without VNNI.

        They add the products of two neighbouring uint8 × int8 in 16 bits, saturating; no sum passes 32,767 where
        two neighbours never pass 128 together (255 × 128 = 32,640). It costs a third of a bit, not one.
        """
        size = np.abs(matrix).astype(np.float32)
        largest = size.max(axis=1, keepdims=True) / 127
        if saturating_pairs:
            # 127, not 128: two roundings may add one.
            largest = np.maximum(largest, (size[:, 0::2] + size[:, 1::2]).max(axis=1, keepdims=True) / 127)
        scale = np.maximum(largest, 1e-12).astype(np.float32)
        return cls(np.rint(matrix / scale).astype(np.int8), scale)

    def matrix(self) -> Matrix:
        return self.data.astype(np.float32) * self.scale


@dataclass(frozen=True)
class Int8Blocks:
    """A weight [outputs, inputs] as uint8 around 128, one scale per output and block of inputs.

    The layout is that of onnxruntime's MatMulNBits (bits = 8): data [outputs, blocks, block], scale [outputs, blocks].
    """

    data: NDArray[np.uint8]
    scale: NDArray[np.float32]

    @classmethod
    def of(cls, weight: Matrix, block: int) -> "Int8Blocks":
        outputs, inputs = weight.shape
        assert inputs % block == 0, (inputs, block)
        blocks = weight.reshape(outputs, inputs // block, block)
        scale = np.maximum(np.abs(blocks).max(axis=2), 1e-12).astype(np.float32) / np.float32(127)
        return cls((np.rint(blocks / scale[:, :, None]) + 128).astype(np.uint8), scale)

    def matrix(self) -> Matrix:
        values = (self.data.astype(np.float32) - 128) * self.scale[:, :, None]
        return values.reshape(len(values), -1)
