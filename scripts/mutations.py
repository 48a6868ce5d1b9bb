"""Changes of one node of a module's syntax tree: what a slip of the pen might have made of it."""

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["Mutation", "mutations"]

COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}

OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}


@dataclass(frozen=True)
class Mutation:
    """A changed module.

    Attributes:
        line: from 1.
        column: from 0.
        what: the code before and after.
        text: of the whole module.
    """

    line: int
    column: int
    what: str
    text: str


def mutations(text: str) -> Iterator[Mutation]:
    """Every change of one node of the module's code; annotations and texts are left alone."""
    for node in _nodes(ast.parse(text)):
        for kind in range(2):
            changed = copy.deepcopy(node)
            if _change(changed, kind):
                what = f"{_shown(node)} -> {_shown(changed)}"
                yield Mutation(node.lineno, node.col_offset, what, _spliced(text, changed))


def _nodes(tree: ast.AST) -> list[ast.expr | ast.Return]:
    """Nodes that there is a change of, in order of the walk, but for annotations and `__all__`."""
    return [node for node in _walk(tree) if isinstance(node, CHANGED)]


def _walk(node: ast.AST) -> Iterator[ast.AST]:
    yield node
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "type_params", "decorator_list") or _is_listing(node):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield from _walk(child)


def _is_listing(node: ast.AST) -> bool:
    if isinstance(node, ast.Raise | ast.JoinedStr | ast.Import | ast.ImportFrom):
        return True  # words are no behaviour
    return isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == "__all__"


CHANGED = (ast.Compare, ast.BinOp, ast.BoolOp, ast.UnaryOp, ast.Constant, ast.Return, ast.IfExp)


def _change(node: ast.expr | ast.Return, kind: int) -> bool:
    """Change the node in place; false where it has no change of that kind."""
    if isinstance(node, ast.Constant):
        return _change_constant(node, kind)
    if kind:
        return False
    if isinstance(node, ast.Compare):
        node.ops[0] = COMPARISONS[type(node.ops[0])]()
    elif isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
        node.op = OPERATORS[type(node.op)]()
    elif isinstance(node, ast.BoolOp):
        node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.USub):
        node.op = ast.UAdd() if isinstance(node.op, ast.USub) else ast.Not()
        return isinstance(node.op, ast.UAdd)
    elif isinstance(node, ast.IfExp):
        node.body, node.orelse = node.orelse, node.body
    elif isinstance(node, ast.Return) and node.value is not None and not _is_none(node.value):
        node.value = ast.Constant(None)
    else:
        return False
    return True


def _change_constant(node: ast.Constant, kind: int) -> bool:
    if isinstance(node.value, bool):
        node.value = not node.value
        return not kind
    if isinstance(node.value, int | float):
        node.value = node.value + 1 if not kind else node.value * 2 or -1
        return not kind or node.value not in (0, 2, -1)
    return False


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _shown(node: ast.AST) -> str:
    return " ".join(ast.unparse(node).split())[:80]


def _spliced(text: str, node: ast.expr | ast.Return) -> str:
    """The text with the changed node in brackets in the place of the one that was there: lines stay where they are."""
    lines = text.encode().splitlines(keepends=True)
    assert node.end_lineno is not None
    assert node.end_col_offset is not None
    start = sum(map(len, lines[: node.lineno - 1])) + node.col_offset
    stop = sum(map(len, lines[: node.end_lineno - 1])) + node.end_col_offset
    changed = ast.unparse(node)
    changed = changed if isinstance(node, ast.Return) else f"({changed})"
    whole = b"".join(lines)
    return (whole[:start] + changed.encode() + whole[stop:]).decode()
