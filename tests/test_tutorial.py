"""The tutorial, from its first cell to its last, in a kernel of its own."""

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

DOCS = Path(__file__).parents[1] / "docs"
NOTEBOOK = DOCS / "tutorial.ipynb"

# In a process of its own: the kernel's client warns of its own doings, and warnings are errors in tests.
EXECUTE = """
import sys, nbformat
from nbclient import NotebookClient
notebook = nbformat.read(sys.argv[1], as_version=4)
NotebookClient(notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": sys.argv[2]}}).execute()
nbformat.write(notebook, sys.argv[3])
"""


@pytest.fixture(scope="module")
def executed(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What each cell of code shows, as text."""
    folder = tmp_path_factory.mktemp("tutorial")
    target = folder / "executed.ipynb"
    command = [sys.executable, "-c", EXECUTE, str(NOTEBOOK), str(folder), str(target)]
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ | {"IPYTHONDIR": str(folder)})
    assert done.returncode == 0, done.stderr
    cells = [cell for cell in nbformat.read(target, as_version=4).cells if cell.cell_type == "code"]
    return ["\n".join(map(shown, cell.outputs)) for cell in cells]


def shown(output: dict) -> str:
    return output.get("text") or output.get("data", {}).get("text/plain", "")


def test_it_says_what_the_text_around_it_does(executed: list[str]) -> None:
    house, strokes, digit, made_up, bound, evaluation = executed
    count = int(house.removeprefix("<Drawing: ").split()[0])
    assert 3 <= count <= 6  # roof, walls, chimney, door
    assert strokes.count("px long") == count
    assert digit.startswith("<Drawing:")
    assert made_up.startswith("<Drawing:")
    assert bound.startswith("1 tensor(")
    assert "bound" in evaluation


def test_it_is_kept_without_outputs() -> None:
    cells = nbformat.read(NOTEBOOK, as_version=4).cells
    assert [cell for cell in cells if cell.cell_type == "code" and (cell.outputs or cell.execution_count)] == []
