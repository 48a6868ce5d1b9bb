"""The walker's weights: whole, of the right kind, and as they were when they were learned."""

from importlib import resources
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from dood import checksums
from dood.errors import DoodError
from dood.tracing.walker import Walker, load_walker

BUNDLED = Path(str(resources.files("dood") / "weights" / "pen" / "walker.safetensors"))


def test_the_bundled_weights_are_as_listed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    listed = {path.name: sha256 for path, sha256 in checksums._listed().items()}
    checksums.check_digest(BUNDLED, load_file(BUNDLED), None)
    copy = tmp_path / BUNDLED.name
    monkeypatch.setattr(checksums, "_listed", lambda: {copy.resolve(): listed[BUNDLED.name]})
    content = bytearray(BUNDLED.read_bytes())
    copy.write_bytes(content)
    load_walker(copy)
    content[-3] ^= 1
    copy.write_bytes(content)
    with pytest.raises(DoodError, match=r"walker\.safetensors is damaged"):
        load_walker(copy)


def test_weights_are_checked_by_the_checksum_in_their_header(tmp_path: Path) -> None:
    weights, path = load_file(BUNDLED), tmp_path / "own.safetensors"
    save_file(weights, path, {checksums.SHA256: checksums.digest(weights)})
    load_walker(path)
    changed = {**weights, "own.0.bias": weights["own.0.bias"] + np.float16(0.01)}
    save_file(changed, path, {checksums.SHA256: checksums.digest(weights)})
    with pytest.raises(DoodError, match="damaged"):
        load_walker(path)


def changed(name: str, value: np.ndarray) -> dict[str, np.ndarray]:
    return {**load_file(BUNDLED), name: value}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("own.0.weight", np.zeros(3)),
        ("own.0.weight", np.zeros((2, 3, 4))),
        ("own.0.weight", np.zeros((7, 3))),
        ("score.3.bias", np.array([np.nan])),
        ("score.3.bias", np.array([np.inf, 0])),
    ],
)
def test_weights_of_another_kind_are_refused(name: str, value: np.ndarray) -> None:
    with pytest.raises(DoodError, match=r"not the weights of a pen: .* is not finite or has another shape"):
        Walker(changed(name, value))


def test_a_layer_is_a_matrix_and_a_shift() -> None:
    weights = load_file(BUNDLED)
    generator = np.random.default_rng(0)
    x = generator.normal(size=(3, weights["own.0.weight"].shape[1])).astype(np.float32)
    wanted = x @ weights["own.0.weight"].astype(np.float32).T + weights["own.0.bias"].astype(np.float32)
    np.testing.assert_allclose(Walker(weights).layer("own.0", x), wanted, rtol=1e-5)
