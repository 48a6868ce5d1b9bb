"""The recipes of docs/scaling.md: `dood.parse_batch` under engines that read, share out and write batches."""

import io
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import dood
from dood.checkpoints import checkpoint
from dood.drawing import Drawing, Stroke
from tests.tiny import tiny_model


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("model") / "tiny.safetensors"
    checkpoint.save(tiny_model(), path)
    return str(path)


def png(left: int) -> bytes:
    image, file = Image.new("L", (60, 40), 255), io.BytesIO()
    image.paste(0, (left, 5, left + 4, 35))
    image.save(file, "PNG")
    return file.getvalue()


PICTURES = [png(left) for left in (5, 15, 25, 35, 45)]
BROKEN = [*PICTURES[:4], b"no picture"]


def expected(pictures: list[bytes], model: str) -> list[Drawing | None]:
    texts = dood.parse_batch({"image": pictures}, model=model, strokes=2)["drawing"]
    return [Drawing.from_json(text) if text else None for text in texts]


def drawing_of(row: dict[str, Any]) -> Drawing | None:
    """A nested row, as Arrow gives it back."""
    if row["error"]:
        return None
    strokes = tuple(Stroke(np.array(list(map(list, s["points"]))), s["widths"]) for s in row["strokes"])
    return Drawing(row["width"], row["height"], strokes)


def assert_close(found: list[Drawing | None], wanted: list[Drawing | None]) -> None:
    """The same drawings; other batches may change the last digits."""
    assert [each is None for each in found] == [each is None for each in wanted]
    for one, other in zip(found, wanted, strict=True):
        if one is None or other is None:
            continue
        assert (one.width, one.height, len(one.strokes)) == (other.width, other.height, len(other.strokes))
        for stroke, same in zip(one.strokes, other.strokes, strict=True):
            np.testing.assert_allclose(stroke.points, same.points, atol=1e-3)


def test_arrow_takes_nested_rows_and_parquet_gives_them_back(model: str, tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    columns = dood.parse_batch({"image": BROKEN}, model=model, strokes=2, form="nested")
    parquet.write_table(pyarrow.Table.from_pydict(columns), tmp_path / "a.parquet")
    table = parquet.read_table(tmp_path / "a.parquet")
    assert table.column_names == ["width", "height", "strokes", "error"]
    assert [drawing_of(row) for row in table.to_pylist()] == expected(BROKEN, model)


@pytest.mark.parametrize("form", ["json", "nested"])
def test_datasets_map(model: str, form: str, tmp_path: Path) -> None:
    datasets = pytest.importorskip("datasets")
    datasets.disable_progress_bars()
    pictures = datasets.Dataset.from_dict(
        {"image": [{"bytes": each, "path": None} for each in BROKEN], "id": list("abcde")},
        features=datasets.Features({"image": datasets.Image(decode=False), "id": datasets.Value("string")}),
    )
    drawn = pictures.map(
        dood.parse_batch,
        batched=True,
        batch_size=2,
        remove_columns="image",
        fn_kwargs={"model": model, "strokes": 2, "form": form},
    )
    assert drawn["id"][:] == list("abcde")
    rows = [drawn[i] for i in range(len(drawn))]
    read = [Drawing.from_json(row["drawing"]) if row["drawing"] else None for row in rows] if form == "json" else None
    assert_close(read or [drawing_of(row) for row in rows], expected(BROKEN, model))
    assert "no image that can be read" in rows[-1]["error"]
    drawn.to_parquet(tmp_path / "strokes.parquet")
    assert datasets.Dataset.from_parquet(str(tmp_path / "strokes.parquet"), cache_dir=str(tmp_path)).num_rows == 5


@pytest.fixture(scope="module")
def ray_data() -> Iterator[Any]:
    """Ray Data on one core; Ray is no requirement of the tests, for its size, and is installed by hand."""
    ray = pytest.importorskip("ray", reason="Ray is installed by hand: pip install 'ray[data]'")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ray.init(num_cpus=1, include_dashboard=False, log_to_driver=False, object_store_memory=200_000_000)
        yield pytest.importorskip("ray.data")
        ray.shutdown()


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("form", ["json", "nested"])
def test_ray_map_batches(ray_data: Any, model: str, form: str) -> None:
    pictures = ray_data.from_items([{"id": i, "image": each} for i, each in enumerate(BROKEN)])
    rows = pictures.map_batches(
        dood.parse_batch, batch_size=2, fn_kwargs={"model": model, "strokes": 2, "form": form}
    ).take_all()
    rows.sort(key=lambda row: row["id"])
    read = [Drawing.from_json(row["drawing"]) if row["drawing"] else None for row in rows] if form == "json" else None
    assert_close(read or [drawing_of(row) for row in rows], expected(BROKEN, model))


def test_a_pandas_frame_as_spark_gives_it(model: str) -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"path": list("abcde"), "image": BROKEN})
    made = pandas.DataFrame(dood.parse_batch(frame, model=model, strokes=2))  # of a mapInPandas function
    assert list(made.columns) == ["path", "drawing", "error"]
    column = pandas.Series(dood.parse_batch({"image": frame["image"]}, model=model, strokes=2)["drawing"])  # of a UDF
    assert [Drawing.from_json(text) if text else None for text in column] == expected(BROKEN, model)
    assert list(made["drawing"]) == list(column)
