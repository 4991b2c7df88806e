"""BERT weights → an ONNX graph of our own: few nodes, weights compressed one way or another, pooling inside.

Inputs `input_ids` and `attention_mask`, int64 [batch, length]; output `embedding`, float32 [batch, dimension], the
mean of the last layer over unmasked tokens, L2-normalised. With a head (the reader's): `token_type_ids` beside them, and
the output is `scores`, float32 [batch, length, outputs of the head]. Written by hand because the exporters' graphs hide where
each weight went, and the way back (export.to_sentence_transformers) must find them by name. Inside, tokens of all
texts stand in one matrix [batch × length, dimension]. The operators of the domain com.microsoft are onnxruntime's.
"""

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from training.weights import Int8Blocks, Int8Rows, Matrix

# fp32, fp16: as they say, computed in fp32. int8: weights only, computed in fp32. dynamic: activations too, one scale
# per tensor. rows: activations too, one scale per token, outlying channels smoothed. block: MatMulNBits of 8 bits.
Compression = Literal["fp32", "fp16", "int8", "dynamic", "rows", "block"]
COMPRESSIONS: tuple[Compression, ...] = ("fp32", "fp16", "int8", "dynamic", "rows", "block")
BLOCK = 128
OPSET, MICROSOFT = 20, "com.microsoft"
TABLE = "embeddings.word_embeddings.weight"
POSITIONS = "embeddings.position_embeddings.weight"


@dataclass(frozen=True)
class Shape:
    """Sizes of the encoder."""

    layers: int
    heads: int
    dimension: int
    epsilon: float


@dataclass
class Graph:
    """Nodes and initialisers under construction."""

    compression: Compression
    nodes: list[onnx.NodeProto] = field(default_factory=list)
    initialisers: dict[str, onnx.TensorProto] = field(default_factory=dict)

    def node(self, op: str, *inputs: str, out: str = "", domain: str = "", **attributes: Any) -> str:
        """Add a node of one output (once, where `out` names it); give back the output's name."""
        name = out or f"{op}_{len(self.nodes)}"
        if all(name not in n.output for n in self.nodes):
            self.nodes.append(helper.make_node(op, list(inputs), [name], name=name, domain=domain, **attributes))
        return name

    def constant(self, name: str, value: Any, kind: type[np.generic] = np.float32) -> str:
        """Add an initialiser once; give back its name. Arrays keep their type, numbers take `kind`."""
        array = value if isinstance(value, np.ndarray) else np.array(value, kind)
        self.initialisers.setdefault(
            name, numpy_helper.from_array(array if not array.ndim else np.ascontiguousarray(array), name)
        )
        return name

    def integers(self, *values: int) -> str:
        return self.constant("int64_" + "_".join(map(str, values)), list(values), np.int64)

    def product(self, x: str, name: str, weight: Matrix, smooth: NDArray[np.float32] | None = None) -> str:
        """x [tokens, inputs] · weightᵀ, `weight` [outputs, inputs] stored as the compression says.

        `smooth` [inputs]: what each channel of x is divided by before it is quantised (compression `rows`).
        """
        match self.compression:
            case "fp32":
                return self.node("MatMul", x, self.constant(name, weight.T))
            case "fp16":
                stored = self.constant(name, weight.T.astype(np.float16))
                return self.node("MatMul", x, self.node("Cast", stored, to=TensorProto.FLOAT))
            case "int8":
                packed = Int8Rows.of(weight)
                stored = self.node("Cast", self.constant(name, packed.data.T), to=TensorProto.FLOAT)
                # onnxruntime computes this product of constants once, when the session opens.
                scaled = self.node("Mul", stored, self.constant(f"{name}.scale", packed.scale[:, 0]))
                return self.node("MatMul", x, scaled)
            case "dynamic":
                return self.tensor_product(x, name, weight, smooth)
            case "rows":
                return self.row_product(x, name, weight, smooth)
            case "block":
                blocks = Int8Blocks.of(weight, BLOCK)
                sizes = {"K": weight.shape[1], "N": weight.shape[0], "bits": 8, "block_size": BLOCK}
                data, scale = self.constant(name, blocks.data), self.constant(f"{name}.scale", blocks.scale)
                return self.node("MatMulNBits", x, data, scale, domain=MICROSOFT, accuracy_level=4, **sizes)

    def smoothed(self, x: str, name: str, weight: Matrix, smooth: NDArray[np.float32] | None) -> tuple[str, Matrix]:
        """x with its channels evened out, and the weights that make up for it."""
        if smooth is None:
            return x, weight
        return self.node("Div", x, self.constant(f"{name}.smooth", smooth), out=f"{x}_smooth"), weight * smooth

    def tensor_product(self, x: str, name: str, weight: Matrix, smooth: NDArray[np.float32] | None) -> str:
        """int8 × uint8 with one activation scale per tensor, found at run time."""
        x, weight = self.smoothed(x, name, weight, smooth)
        packed = Int8Rows.of(weight, saturating_pairs=True)
        key = f"{x}_bytes"
        if all(key not in n.output for n in self.nodes):
            outputs = [key, f"{x}_scale", f"{x}_zero"]
            self.nodes.append(helper.make_node("DynamicQuantizeLinear", [x], outputs, name=key))
        raw = self.node("MatMulInteger", key, self.constant(name, packed.data.T), f"{x}_zero")
        factor = self.node("Mul", f"{x}_scale", self.constant(f"{name}.scale", packed.scale[:, 0]))
        return self.node("Mul", self.node("Cast", raw, to=TensorProto.FLOAT), factor)

    def row_product(self, x: str, name: str, weight: Matrix, smooth: NDArray[np.float32] | None) -> str:
        """uint8 × int8 with one activation scale per token: no text changes another's vector."""
        x, weight = self.smoothed(x, name, weight, smooth)
        packed = Int8Rows.of(weight, saturating_pairs=True)
        middle = self.constant("middle", 128, np.uint8)
        largest = self.node("ReduceMax", self.node("Abs", x, out=f"{x}_abs"), self.integers(1), out=f"{x}_largest")
        scale = self.node("Mul", largest, self.constant("step", 1 / 127), out=f"{x}_scale")
        flat = self.node("Squeeze", scale, self.integers(1), out=f"{x}_flat")
        middles = self.node("Expand", middle, self.node("Shape", flat, out="tokens"), out="middles")
        data = self.node("QuantizeLinear", x, flat, middles, out=f"{x}_bytes", axis=0)
        stored, one = self.constant(name, packed.data.T), self.constant("one", 1.0)
        weight_scale = self.constant(f"{name}.scale", packed.scale[:, 0])
        raw = self.node("MatMulIntegerToFloat", data, stored, one, weight_scale, middle, domain=MICROSOFT)
        return self.node("Mul", raw, scale)

    def add_and_norm(self, x: str, skip: str, bias: str, name: str, weights: dict[str, Matrix], epsilon: float) -> str:
        """Residual connection and layer normalisation: norm(x + bias + skip)."""
        scale, shift, bias = (self.constant(n, weights[n]) for n in (f"{name}.weight", f"{name}.bias", bias))
        total = self.node("Add", self.node("Add", x, bias), skip)
        return self.node("LayerNormalization", total, scale, shift, axis=-1, epsilon=epsilon)

    def rows(self, ids: str, table: Matrix) -> str:
        """Rows of the embedding table for int64 `ids`; int8 rows are dequantised after the look-up, never all."""
        match self.compression:
            case "fp32":
                return self.node("Gather", self.constant(TABLE, table), ids)
            case "fp16":
                found = self.node("Gather", self.constant(TABLE, table.astype(np.float16)), ids)
                return self.node("Cast", found, to=TensorProto.FLOAT)
            case _:
                packed = Int8Rows.of(table)
                found = self.node("Gather", self.constant(TABLE, packed.data), ids)
                scale = self.node("Gather", self.constant(f"{TABLE}.scale", packed.scale), ids)
                return self.node("Mul", self.node("Cast", found, to=TensorProto.FLOAT), scale)


def embeddings(graph: Graph, weights: dict[str, Matrix], epsilon: float, typed: bool) -> str:
    """Words, positions and token types (the one type, or those given), summed and normalised: [tokens, dimension]."""
    sizes = graph.node("Shape", "input_ids", out="text_sizes")
    length = graph.node("Slice", sizes, graph.integers(1), graph.integers(2))
    table = (weights[POSITIONS] + weights["embeddings.token_type_embeddings.weight"][0]).astype(np.float32)
    positions = graph.node("Slice", graph.constant(POSITIONS, table), graph.integers(0), length)
    words = graph.node("Add", graph.rows("input_ids", weights[TABLE]), positions)
    if typed:
        # the first type lies in the positions already
        types = weights["embeddings.token_type_embeddings.weight"]
        beyond = graph.constant("token_types", (types - types[0]).astype(np.float32))
        words = graph.node("Add", words, graph.node("Gather", beyond, "token_type_ids"))
    flat = graph.node("Reshape", words, graph.integers(-1, table.shape[1]))
    name = "embeddings.LayerNorm"
    scale, shift = (graph.constant(f"{name}.{part}", weights[f"{name}.{part}"]) for part in ("weight", "bias"))
    return graph.node("LayerNormalization", flat, scale, shift, axis=-1, epsilon=epsilon)


def attention(
    graph: Graph,
    x: str,
    mask: str,
    layer: str,
    weights: dict[str, Matrix],
    shape: Shape,
    smooth: dict[str, NDArray[np.float32]],
) -> str:
    """Multi-head self-attention with residual, one product for queries, keys and values; `mask` is added to scores."""
    name = f"{layer}.attention.self"
    parts = [f"{name}.{part}" for part in ("query", "key", "value")]
    weight = np.concatenate([weights[f"{p}.weight"] for p in parts])
    bias = graph.constant(f"{name}.qkv.bias", np.concatenate([weights[f"{p}.bias"] for p in parts]))
    joined = graph.node("Add", graph.product(x, f"{name}.qkv.weight", weight, smooth.get(name)), bias)
    size = shape.dimension // shape.heads
    whole = graph.node("Concat", "text_sizes", graph.integers(3, shape.heads, size), out="head_sizes", axis=0)
    joined = graph.node("Reshape", joined, whole)
    query, key, value = (
        graph.node("Squeeze", graph.node("Slice", joined, *map(graph.integers, (i, i + 1, 2))), graph.integers(2))
        for i in range(3)
    )
    query, value = (graph.node("Transpose", part, perm=[0, 2, 1, 3]) for part in (query, value))
    key = graph.node("Transpose", key, perm=[0, 2, 3, 1])
    raw = graph.node("MatMul", graph.node("Mul", query, graph.constant("query_scale", size**-0.5)), key)
    scores = graph.node("Softmax", graph.node("Add", raw, mask), axis=-1)
    context = graph.node("Transpose", graph.node("MatMul", scores, value), perm=[0, 2, 1, 3])
    flat = graph.node("Reshape", context, graph.integers(-1, shape.dimension))
    name = f"{layer}.attention.output"
    out = graph.product(flat, f"{name}.dense.weight", weights[f"{name}.dense.weight"])
    return graph.add_and_norm(out, x, f"{name}.dense.bias", f"{name}.LayerNorm", weights, shape.epsilon)


def feed_forward(
    graph: Graph, x: str, layer: str, weights: dict[str, Matrix], epsilon: float, smooth: dict[str, NDArray[np.float32]]
) -> str:
    """The two-layer perceptron with residual."""
    up, down = f"{layer}.intermediate.dense", f"{layer}.output.dense"
    raised = graph.product(x, f"{up}.weight", weights[f"{up}.weight"], smooth.get(up))
    inner = graph.node("Gelu", graph.node("Add", raised, graph.constant(f"{up}.bias", weights[f"{up}.bias"])))
    out = graph.product(inner, f"{down}.weight", weights[f"{down}.weight"])
    return graph.add_and_norm(out, x, f"{down}.bias", f"{layer}.output.LayerNorm", weights, epsilon)


def pooling(graph: Graph, x: str, dimension: int) -> None:
    """The mean over unmasked tokens, L2-normalised, as `embedding`."""
    whole = graph.node("Concat", "text_sizes", graph.integers(dimension), axis=0)
    mask = graph.node("Unsqueeze", graph.node("Cast", "attention_mask", to=TensorProto.FLOAT), graph.integers(2))
    kept = graph.node("Mul", graph.node("Reshape", x, whole), mask)
    total = graph.node("ReduceSum", kept, graph.integers(1), keepdims=0)
    # The mean's divisor falls out of the normalisation.
    graph.node("Div", total, graph.node("ReduceL2", total, graph.integers(1), keepdims=1), out="embedding")


def scoring(graph: Graph, x: str, head: dict[str, Matrix]) -> None:
    """A linear layer over every token, in fp32, as `scores`: head `weight` [outputs, dimension] and `bias` [outputs]."""
    weight, bias = (graph.constant(f"head.{name}", value) for name, value in
                    (("weight", np.ascontiguousarray(head["weight"].T)), ("bias", head["bias"])))  # fmt: skip
    flat = graph.node("Add", graph.node("MatMul", x, weight), bias)
    whole = graph.node("Concat", "text_sizes", graph.integers(len(head["bias"])), axis=0)
    graph.node("Reshape", flat, whole, out="scores")


def build(
    weights: dict[str, Matrix],
    shape: Shape,
    compression: Compression,
    smooth: dict[str, NDArray[np.float32]],
    head: dict[str, Matrix] | None = None,
) -> onnx.ModelProto:
    """The whole encoder, pooled, or under a head. `smooth`: divisors of the channels that enter a product, by its name
    (smoothing.py)."""
    graph = Graph(compression)
    x = embeddings(graph, weights, shape.epsilon, typed=head is not None)
    kept = graph.node("Cast", "attention_mask", to=TensorProto.FLOAT)
    away = graph.node("Mul", graph.node("Sub", graph.constant("one", 1.0), kept), graph.constant("far", -1e4))
    mask = graph.node("Unsqueeze", away, graph.integers(1, 2))
    for i in range(shape.layers):
        layer = f"encoder.layer.{i}"
        x = attention(graph, x, mask, layer, weights, shape, smooth)
        x = feed_forward(graph, x, layer, weights, shape.epsilon, smooth)
    texts = ["batch", "length"]
    names = ["input_ids", "attention_mask"]
    if head is None:
        pooling(graph, x, shape.dimension)
        output = helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["batch", shape.dimension])
    else:
        scoring(graph, x, head)
        names.append("token_type_ids")
        output = helper.make_tensor_value_info("scores", TensorProto.FLOAT, [*texts, len(head["bias"])])
    inputs = [helper.make_tensor_value_info(name, TensorProto.INT64, texts) for name in names]
    constants = list(graph.initialisers.values())
    body = helper.make_graph(
        graph.nodes, "coulisses-embedder" if head is None else "coulisses-reader", inputs, [output], constants
    )
    opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(MICROSOFT, 1)]
    model = helper.make_model(body, opset_imports=opsets, ir_version=10, producer_name="coulisses")
    sizes = {"layers": str(shape.layers), "heads": str(shape.heads), "epsilon": str(shape.epsilon)}
    helper.set_model_props(model, sizes)
    return model
