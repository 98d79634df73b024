"""Tiny ONNX models of the right shapes, made when a test needs them: what they see is easy to foretell."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import NodeProto, TensorProto, helper, numpy_helper

STRIDES = (8, 16, 32)
BOX = (0.5, 0.5, float(np.log(4)), float(np.log(4)))
POINTS = (-0.3, -0.2, 1.3, -0.2, 0.5, 0.6, -0.2, 1.2, 1.2, 1.2)
"""Right eye, left eye, nose, right and left corner of the mouth, as (x, y) in cells of 32 pixels from the cell's own corner."""


def detector() -> bytes:
    """A YuNet that finds a face of 128 x 128 around each white cell of 32 x 32 pixels."""
    nodes: list[NodeProto] = []
    weights: list[TensorProto] = []
    for stride in STRIDES:
        looks = np.full((1, 3, stride, stride), 1 / (3 * 255 * stride**2) if stride == 32 else 0, dtype=np.float32)
        blind = {channels: np.zeros((channels, 3, stride, stride), dtype=np.float32) for channels in (4, 10)}
        for name, kernel, bias in (("cls", looks, (0,)), ("obj", looks, (0,)), ("bbox", blind[4], BOX), ("kps", blind[10], POINTS)):
            label = f"{name}_{stride}"
            weights += [_tensor(f"{label}_w", kernel), _tensor(f"{label}_b", np.array(bias, dtype=np.float32))]
            weights.append(_tensor(f"{label}_shape", np.array([1, -1, len(bias)], dtype=np.int64)))
            nodes += [
                helper.make_node("Conv", ["input", f"{label}_w", f"{label}_b"], [f"{label}_map"], strides=[stride, stride]),
                helper.make_node("Transpose", [f"{label}_map"], [f"{label}_last"], perm=[0, 2, 3, 1]),
                helper.make_node("Reshape", [f"{label}_last", f"{label}_shape"], [label]),
            ]
    outputs = {
        f"{name}_{stride}": [1, None, size] for name, size in (("cls", 1), ("obj", 1), ("bbox", 4), ("kps", 10)) for stride in STRIDES
    }
    return _model(nodes, weights, [1, 3, 640, 640], outputs)


def recogniser(length: int = 16, seed: int = 7) -> bytes:
    """An ArcFace whose embedding is `length` drawn projections of the chip, each of which sees its left and right differently."""
    drawn = np.random.default_rng(seed).normal(0, 0.01, (length, 3, 112, 112)).astype(np.float32)
    nodes = [helper.make_node("Conv", ["input", "w"], ["map"]), helper.make_node("Flatten", ["map"], ["embedding"])]
    return _model(nodes, [_tensor("w", drawn)], [1, 3, 112, 112], {"embedding": [1, length]})


def classifier(size: int = 80) -> bytes:
    """Two classes, attack and live, whose scores are the mean blue and the mean red of the piece of 0..255, divided by ten."""
    kernel = np.zeros((2, 3, size, size), dtype=np.float32)
    kernel[0, 0], kernel[1, 2] = 0.1 / size**2, 0.1 / size**2  # input is BGR
    nodes = [helper.make_node("Conv", ["input", "w"], ["map"]), helper.make_node("Flatten", ["map"], ["scores"])]
    return _model(nodes, [_tensor("w", kernel)], [1, 3, size, size], {"scores": [1, 2]})


def write_manifest(folder: Path, text: str = "", **files: bytes) -> None:
    """Write files and a manifest; in `text`, {name} stands for the `file` and `sha256` lines of the file of this name."""
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        (folder / f"{name}.onnx").write_bytes(content)
    entries = {name: f'file = "{name}.onnx"\nsha256 = "{sha256(content).hexdigest()}"\n' for name, content in files.items()}
    (folder / "models.toml").write_text(text.format(**entries), "utf-8")


def write_engine(folder: Path, options: str = "mean = 127.5\nscale = 0.0078431", **changes: bytes) -> None:
    """Write the two models of a face engine, whole unless `changes` says otherwise."""
    files = {"detector": detector(), "recogniser": recogniser()} | changes
    write_manifest(folder, "[detector]\n{detector}\n[recogniser]\n{recogniser}\n" + options, **files)


def _tensor(name: str, values: Any) -> TensorProto:
    return numpy_helper.from_array(values, name)


def _model(nodes: list[NodeProto], weights: list[TensorProto], shape: list[int], outputs: dict[str, list[Any]]) -> bytes:
    given = [helper.make_tensor_value_info("input", TensorProto.FLOAT, shape)]
    wanted = [helper.make_tensor_value_info(name, TensorProto.FLOAT, size) for name, size in outputs.items()]
    graph = helper.make_graph(nodes, "drawn", given, wanted, weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    onnx.checker.check_model(model)
    return model.SerializeToString()
