"""A table of figures as people read it on a terminal and in a note."""

from __future__ import annotations

from collections.abc import Sequence


def print_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Markdown, with columns as wide as what stands in them."""
    lines = [head, *rows]
    wide = [max(len(line[at]) for line in lines) for at in range(len(head))]

    def written(line: Sequence[str]) -> str:
        return "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, wide, strict=True)) + " |"

    print(written(head))
    print("|" + "|".join("-" * (width + 2) for width in wide) + "|")
    for row in rows:
        print(written(row))
    print()
