"""Model files that an operator brings: one folder, a manifest that names each file with its SHA-256, nothing loaded that differs.

The manifest, `models.toml`, has one table a model: `file` (a name in the same folder), `sha256`, and what else the model's reader asks
for. The hash stops a file that was damaged or exchanged; whoever may write the folder is trusted, as is whoever may change the settings.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from checks_app.imaging import RgbImage

MANIFEST = "models.toml"


class ModelRefused(ValueError):
    """A model or its manifest is missing, is not what the manifest says, or cannot be used."""


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A model whose bytes have the SHA-256 that the manifest names, with the rest of its table there."""

    name: str
    sha256: str
    content: bytes
    options: dict[str, Any]

    def number(self, key: str, default: float) -> float:
        """Return a number of the model's table. Raises ModelRefused when it is something else."""
        value = self.options.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ModelRefused(f"{MANIFEST}: {key} of {self.name} must be a number")
        return float(value)

    def network(self) -> cv2.dnn.Net:
        """Load the ONNX network from the very bytes that were checked. Raises ModelRefused."""
        try:
            return cv2.dnn.readNetFromONNX(np.frombuffer(self.content, dtype=np.uint8))
        except cv2.error as failure:
            raise self.refused(failure) from failure

    def emptied(self) -> ModelFile:
        """Return the same model without its bytes, which a loaded network has no need of."""
        return replace(self, content=b"")

    def refused(self, failure: Exception) -> ModelRefused:
        """Say that OpenCV cannot use this model."""
        return ModelRefused(f"OpenCV {cv2.__version__} cannot use {self.name}: {' '.join(str(failure).split())}")


def read_manifest(folder: Path) -> dict[str, Any]:
    """Read the manifest of the operator's folder. Raises ModelRefused."""
    try:
        return tomllib.loads((folder / MANIFEST).read_text("utf-8"))
    except (OSError, ValueError) as failure:
        raise ModelRefused(f"{folder / MANIFEST} cannot be read: {failure}") from failure


def read_model(folder: Path, table: object) -> ModelFile:
    """Read the file that a table of the manifest names. Raises ModelRefused unless it is there and has the SHA-256 of the table."""
    if not isinstance(table, dict) or not isinstance(table.get("file"), str) or not isinstance(table.get("sha256"), str):
        raise ModelRefused(f"{MANIFEST}: a model needs a table with file and sha256")
    name, expected = table["file"], table["sha256"].lower()
    path = folder / name
    if Path(name).name != name or not path.is_file():  # neither a path out of the folder nor a pipe that never ends
        raise ModelRefused(f"{path} is no file in {folder}")
    try:
        content = path.read_bytes()
    except OSError as failure:
        raise ModelRefused(f"{path} cannot be read: {failure}") from failure
    found = sha256(content).hexdigest()
    if found != expected:
        raise ModelRefused(f"{path} is not the file that {MANIFEST} names: its SHA-256 is {found}")
    return ModelFile(name, found, content, table)


def blob(image: RgbImage, model: ModelFile, channels: str) -> NDArray[np.float32]:
    """Turn an image into a network's input: 1 x 3 x height x width of (value - mean) * scale, channels "RGB" or "BGR".

    mean (0..255, default 0), scale (default 1) and channels come from the model's table; `channels` is what counts without it.
    Raises ModelRefused.
    """
    order = model.options.get("channels", channels)
    if order not in ("RGB", "BGR"):
        raise ModelRefused(f"{MANIFEST}: channels of {model.name} must be RGB or BGR")
    planes = image if order == "RGB" else image[:, :, ::-1]
    values = (planes.astype(np.float32) - model.number("mean", 0.0)) * model.number("scale", 1.0)
    return np.ascontiguousarray(values.transpose(2, 0, 1)[None], dtype=np.float32)
