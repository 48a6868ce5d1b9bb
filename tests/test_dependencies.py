"""What is installed: what every command needs, and extras that are named where they are missing."""

import ast
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import dood
from dood.samples import sample_paths

ROOT = Path(__file__).parents[1]
SOURCE = Path(dood.__file__).parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
IMPORTED_AS = {"pillow": "PIL", "scikit-image": "skimage", "scikit-learn": "sklearn"}
BEHIND_A_DOOR = {"starlette": SOURCE / "studio", "tensorboard": SOURCE / "runs" / "board.py"}
"""Where a whole wing, or a part of another package, is imported only after a check of its own; what needs torch is
in `test_without_torch.py`."""


def names(requirements: list[str]) -> set[str]:
    """Import names of requirements."""
    found = {re.split(r"[\[><=]", requirement)[0] for requirement in requirements}
    return {IMPORTED_AS.get(name, name) for name in found}


REQUIRED = names(PROJECT["dependencies"])
EXTRAS = {
    name: names(wanted) for name, wanted in PROJECT["optional-dependencies"].items() if name not in ("docs", "dev")
}
OPTIONAL = set().union(*EXTRAS.values()) - REQUIRED


def foreign(node: ast.AST) -> set[str]:
    """Packages of others that a statement imports."""
    if isinstance(node, ast.Import):
        found = {alias.name.split(".")[0] for alias in node.names}
    elif isinstance(node, ast.ImportFrom) and node.module:
        found = {node.module.split(".")[0]}
    else:
        return set()
    return found - sys.stdlib_module_names - {"dood"}


def imports(path: Path) -> tuple[set[str], set[str]]:
    """Packages imported with the module, and those imported in a `try` whose `except ImportError` names an extra."""
    tree = ast.parse(path.read_text())
    with_module = {name for node in tree.body for name in foreign(node)}
    guarded = set()
    for attempt in (node for node in ast.walk(tree) if isinstance(node, ast.Try)):
        said = "".join(ast.unparse(handler) for handler in attempt.handlers if "ImportError" in ast.unparse(handler))
        for name in set().union(*map(foreign, ast.walk(attempt))):
            if any(f"dood[{extra}]" in said for extra, brought in EXTRAS.items() if name in brought):
                guarded.add(name)
    return with_module, guarded


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("*.py")), ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_what_is_not_always_there_is_imported_where_it_is_used_and_its_extra_named(path: Path) -> None:
    with_module, guarded = imports(path)
    everything = set().union(*map(foreign, ast.walk(ast.parse(path.read_text()))))
    door = EXTRAS["torch"] | {name for name, place in BEHIND_A_DOOR.items() if place in (path, *path.parents)}
    assert everything <= REQUIRED | OPTIONAL, "pyproject.toml does not name it"
    assert with_module - door <= REQUIRED
    assert everything - REQUIRED - door <= guarded


def test_nothing_is_required_that_is_not_imported() -> None:
    trees = [ast.parse(path.read_text()) for path in SOURCE.rglob("*.py")]
    used = set().union(*(foreign(node) for tree in trees for node in ast.walk(tree)))
    assert used >= REQUIRED


WITHOUT = """
import sys
for name in {optional!r}:
    sys.modules[name] = None
from dood.cli import main
raise SystemExit(main(sys.argv[1:]))
"""


def ran_without_extras(cache: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", WITHOUT.format(optional=sorted(OPTIONAL)), *arguments]
    environment = {**os.environ, "DOOD_CACHE": str(cache)}
    environment.pop("DOOD_DATA", None)
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


def test_drawing_needs_no_extra(tmp_path: Path) -> None:
    ended = ran_without_extras(tmp_path / "cache", "draw", str(sample_paths()[0]), "--out", str(tmp_path / "out"))
    assert (ended.returncode, len(list((tmp_path / "out").iterdir()))) == (0, 2), ended.stderr


def test_fetching_without_its_extra_names_it(tmp_path: Path) -> None:
    ended = ran_without_extras(tmp_path, "data", "fetch", "mnist")
    assert ended.returncode == 1
    (line,) = ended.stderr.splitlines()
    assert line.startswith("dood: mnist: downloads need requests: pip install 'dood[fetch]'; ")
    assert "--from DIR" in line


def test_the_page_on_dependencies_names_every_package_and_extra() -> None:
    page = (ROOT / "docs" / "dependencies.md").read_text()
    rows = [row.split("|")[1:-1] for row in page.splitlines() if row.startswith("|")]
    first = {word.strip(" `") for row in rows for word in row[0].split(",")}
    assert first >= {re.split(r"[><=]", requirement)[0] for requirement in PROJECT["dependencies"]}
    assert first >= set(PROJECT["optional-dependencies"])


def test_the_torch_that_is_to_be_installed_is_the_one_that_is_tested() -> None:
    (pinned,) = re.findall(r"^torch==(.*)$", (ROOT / "requirements.lock").read_text(), re.MULTILINE)
    said = re.findall(r"pip install torch==([\d.]+)", (ROOT / "docs" / "index.md").read_text())
    assert set(said) == {pinned}
