"""The site of the docs is built without a warning, and has a page for each wing and each name of the public face."""

import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote

import pytest

import dood

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every link and anchor between pages is checked by mkdocs; a warning fails the build."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def test_every_public_name_has_its_reference(site: Path) -> None:
    page = (site / "reference" / "index.html").read_text()
    for name in set(dood.__all__) - {"__version__"}:
        home = getattr(dood, name)
        assert f'id="{home.__module__}.{home.__qualname__}"' in page, name


def test_every_wing_has_its_page(site: Path) -> None:
    code = {path.parts[-2] for path in (ROOT / "src" / "dood").glob("*/*.py") if path.name != "__init__.py"}
    assert code <= {path.stem for path in (site / "reference").glob("*.html")}


def test_every_equation_links_to_its_code(site: Path) -> None:
    page = (site / "paper.html").read_text()
    for number in range(1, 10):
        row = re.search(rf"<td>\({number}\)</td>.*?</tr>", page, re.DOTALL)
        assert row, number
        assert "reference/" in row[0], number


def test_every_link_and_picture_leads_to_a_file(site: Path) -> None:
    """Of the notebook, too, whose links mkdocs does not look at."""
    missing = []
    for page in site.rglob("*.html"):
        if page.name == "404.html":  # its links are absolute
            continue
        for link in re.findall(r'(?:href|src)="(?![a-z]+:)([^"#?]+)', page.read_text()):
            if not (page.parent / unquote(link)).exists():
                missing.append(f"{page.relative_to(site)}: {link}")
    assert missing == []


def test_a_dead_link_fails_the_build(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.md").write_text("[there](nowhere.md)")
    settings = re.search(r"^validation:\n.*?\n\n", (ROOT / "mkdocs.yml").read_text(), re.DOTALL | re.MULTILINE)
    assert settings
    (tmp_path / "mkdocs.yml").write_text("site_name: x\nstrict: true\n" + settings[0])
    done = subprocess.run([sys.executable, "-m", "mkdocs", "build"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 1
    assert "nowhere.md" in done.stderr
