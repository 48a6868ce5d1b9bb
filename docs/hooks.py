"""What mkdocs cannot find in docs/: files that lie beside it, and a page of reference for each wing."""

import json
import re
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "dood"
BESIDE = {"CONTRIBUTING.md": "contributing.md", "CHANGELOG.md": "changelog.md"}
DATA = ("png", "svg", "csv", "md", "json", "jsonl")
DEFINES = re.compile("^(def|class) [^_]", re.MULTILINE)
LINK = re.compile(r"(\]\()\.\./((?:\.\./)*results/)")
NOTEBOOK_LINK = re.compile(r"(href=\"(?![a-z]+:)[^\"#]+)\.md(?=[#\"])")


def wings() -> dict[str, str]:
    """The wings with code that can be imported, from the top down, each with its line in docs/design.md."""
    listing = (ROOT / "docs" / "design.md").read_text().split("```")[1]
    lines = dict(line.split(maxsplit=1) for line in listing.strip().splitlines())
    return {name: line for name, line in lines.items() if modules(name)}


def modules(wing: str) -> list[str]:
    """The public modules of a wing that define something, by their dotted names."""
    if (SOURCE / f"{wing}.py").is_file():
        return [f"dood.{wing}"]
    paths = [path for path in sorted((SOURCE / wing).rglob("*.py")) if DEFINES.search(path.read_text())]
    parts = [path.relative_to(SOURCE.parent).with_suffix("").parts for path in paths]
    return [".".join(part[:-1] if part[-1] == "__init__" else part) for part in parts]


def block(module: str) -> str:
    """The reference of a module, without the names that the page on the public face has."""
    face = (ROOT / "docs" / "reference" / "index.md").read_text()
    hidden = re.findall(rf"^::: {re.escape(module)}\.(\w+)$", face, re.M)
    filters = ["!^_[^_]", *(f"!^{name}$" for name in hidden)]
    return f"::: {module}\n    options:\n      filters: {json.dumps(filters)}\n"


def on_config(config: MkDocsConfig) -> None:
    """Put the wings into the navigation, behind the public face."""
    (section,) = (entry["Reference"] for entry in config.nav or [] if "Reference" in entry)
    section.append({"Modules": [{name: f"reference/{name}.md"} for name in wings()]})


def on_files(files: Files, config: MkDocsConfig) -> None:
    """Add the results, the files at the root, and the reference."""
    for path in sorted((ROOT / "results").rglob("*")):
        if path.suffix[1:] in DATA:
            files.append(File.generated(config, path.relative_to(ROOT).as_posix(), abs_src_path=str(path)))
    for name, uri in BESIDE.items():
        files.append(File.generated(config, uri, abs_src_path=str(ROOT / name)))
    for name, line in wings().items():
        blocks = "\n".join(block(module) for module in modules(name))
        files.append(File.generated(config, f"reference/{name}.md", content=f"# {name}\n\n{line}\n\n{blocks}\n"))


def on_page_markdown(markdown: str, **_: Any) -> str:
    """The results lie beside docs/ in the repository, and inside of it on the site."""
    return LINK.sub(r"\1\2", markdown)


def on_page_content(html: str, *, page: Page, **_: Any) -> str:
    """The links of a notebook are to pages of the repository, and mkdocs leaves them as they are."""
    return NOTEBOOK_LINK.sub(r"\1.html", html) if page.file.src_uri.endswith(".ipynb") else html
