"""What importing costs, and who may import whom."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "dood"

DESIGN = Path(__file__).parents[1] / "docs" / "design.md"


def layers() -> list[str]:
    """The wings, from the top down, as the page on the code's layout lists them."""
    listing = DESIGN.read_text().split("```")[1]
    return [line.split()[0] for line in listing.strip().splitlines()]


FACADE = ("__init__", "__main__")
LEVEL = {"__version__": 0} | {name: level for level, name in enumerate(reversed(layers()))}
HEAVY = ("torch", "matplotlib", "PIL", "numpy", "rich")


def upward_imports(path: Path, root: Path) -> list[str]:
    """The imports in the file at `path` of package `dood` at `root` that point to a higher layer."""
    own = top_name(path, root)
    found = []
    for node in ast.walk(ast.parse(path.read_text(), str(path))):
        for target in imported(node):
            if LEVEL.get(target, len(LEVEL)) > LEVEL[own]:
                line = getattr(node, "lineno", 0)
                found.append(f"{path.relative_to(root)}:{line} ({own}) imports dood.{target}, which lies higher")
    return found


def imported(node: ast.AST) -> list[str]:
    """Names right below `dood` that the statement imports; relative imports are refused by a test of their own."""
    if isinstance(node, ast.Import):
        names = [alias.name for alias in node.names]
    elif isinstance(node, ast.ImportFrom) and node.module == "dood":
        names = [f"dood.{alias.name}" for alias in node.names]
    elif isinstance(node, ast.ImportFrom) and node.module:
        names = [node.module]
    else:
        return []
    return [name.split(".")[1] for name in names if name.startswith("dood.")]


def top_name(path: Path, root: Path) -> str:
    return path.relative_to(root).parts[0].removesuffix(".py")


def sources() -> list[Path]:
    return [path for path in sorted(SOURCE.rglob("*.py")) if top_name(path, SOURCE) not in FACADE]


def loaded_by(statement: str) -> set[str]:
    """Which of the heavy packages a fresh interpreter holds after the statement."""
    code = f"{statement}\nimport sys\nprint(*[name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(SOURCE)))
def test_imports_point_downward(path: Path) -> None:
    assert top_name(path, SOURCE) in LEVEL, f"give {top_name(path, SOURCE)} a line in {DESIGN.name}"
    assert upward_imports(path, SOURCE) == []


@pytest.mark.parametrize(
    "statement", ["from dood.tasks.draw import draw", "import dood.training.loop", "from dood import load"]
)
def test_an_upward_import_is_found(tmp_path: Path, statement: str) -> None:
    path = tmp_path / "core.py"
    path.write_text(f"import math\nfrom dood.errors import DoodError\n\ndef late():\n    {statement}\n")
    (offence,) = upward_imports(path, tmp_path)
    assert offence.startswith("core.py:5 (core) imports dood.")


def test_relative_imports_are_not_used() -> None:
    nodes = [(path, node) for path in sorted(SOURCE.rglob("*.py")) for node in ast.walk(ast.parse(path.read_text()))]
    assert [f"{path}:{node.lineno}" for path, node in nodes if isinstance(node, ast.ImportFrom) and node.level] == []


@pytest.mark.parametrize("statement", ["import dood", "import dood; dir(dood)", "import dood.cli"])
def test_import_is_cheap(statement: str) -> None:
    assert loaded_by(statement) == set()


def test_symbols_need_no_torch() -> None:
    modules = "dood.pictures, dood.training.presets, dood.runs.comparison"
    assert "torch" not in loaded_by(f"from dood import Drawing, Stroke; import {modules}")


def test_public_names_resolve() -> None:
    import dood

    assert set(dood.__all__) <= set(dir(dood))
    for name in dood.__all__:
        assert getattr(dood, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'lod'"):
        _ = dood.lod
