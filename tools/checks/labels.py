"""Take away labels of fields that say what the field's name says: Odoo makes the same label."""

import ast
from collections.abc import Iterator

#: type of field → how many arguments stand before the label
BEFORE = {"Many2one": 1, "One2many": 2, "Many2many": 4, "Selection": 1, "Reference": 1}
NO_LABEL = {"Json", "Id"}


def default(name: str) -> str:
    """Return the label Odoo gives a field without one."""
    for ending in ("_ids", "_id"):
        if name.endswith(ending):
            name = name.removesuffix(ending)
            break
    return name.replace("_", " ").title()


def _redundant(tree: ast.Module) -> Iterator[tuple[ast.AST, ast.AST]]:
    """Yield (the label to take away, what the file has before it)."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Call):
            continue
        call, target = node.value, node.targets[0]
        function = call.func
        if not (
            isinstance(target, ast.Name)
            and isinstance(function, ast.Attribute)
            and getattr(function.value, "id", "") == "fields"
            and function.attr not in NO_LABEL
            # its label is the one of the field it shows
            and not any(keyword.arg == "related" for keyword in call.keywords)
        ):
            continue
        place = BEFORE.get(function.attr, 0)
        label = default(target.id)
        if len(call.args) == place + 1 and getattr(call.args[place], "value", None) == label:
            yield call.args[place], call.args[place - 1] if place else function
        for keyword in call.keywords:
            if keyword.arg == "string" and getattr(keyword.value, "value", None) == label:
                others = [*call.args, *(k for k in call.keywords if k.lineno or k is keyword)]
                before = [o for o in others if _end(o) <= _begin(keyword)]
                yield keyword, max(before, key=_end) if before else function


def _begin(node: ast.AST) -> tuple[int, int]:
    return node.lineno, node.col_offset


def _end(node: ast.AST) -> tuple[int, int]:
    return node.end_lineno, node.end_col_offset


def without(source: str) -> str:
    """Return Python code without its redundant labels."""
    lines = source.encode().split(b"\n")  # columns count bytes

    def offset(row: int, column: int) -> int:
        return sum(len(line) + 1 for line in lines[: row - 1]) + column

    data = source.encode()
    for label, before in sorted(
        _redundant(ast.parse(source)), key=lambda pair: _begin(pair[0]), reverse=True
    ):
        start, stop = offset(*_end(before)), offset(*_end(label))
        if isinstance(before, ast.Attribute):  # the label stands first, after the bracket
            start = data.index(b"(", start) + 1
            comma = data[stop:].lstrip()
            if comma.startswith(b","):
                stop = len(data) - len(comma) + 1
                stop += len(data[stop:]) - len(data[stop:].lstrip(b" "))
        data = data[:start] + data[stop:]
    return data.decode()
