"""What takes long to make, and may be made after the start."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

Made = TypeVar("Made")


class Late(Generic[Made]):
    """Made once, by whoever asks for it first; who asks meanwhile waits. `make` is asked again after it has raised."""

    def __init__(self, make: Callable[[], Made]) -> None:
        self._make: Callable[[], Made] | None = make
        self._made: Made | None = None
        self._lock = Lock()

    @property
    def is_made(self) -> bool:
        return self._made is not None

    def get(self) -> Made:
        """Raises what `make` raises."""
        if self._made is None:
            with self._lock:
                if self._make is not None:
                    self._made = self._make()
                    self._make = None  # and what it was to be made of
        assert self._made is not None
        return self._made
