"""How a question's command ends: the answer is kept, drawn and printed."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .printing import print_plain, print_sections, width

if TYPE_CHECKING:
    from ..experiment.answers import Answer
    from ..report.figures import Draw
    from ..report.tables import Section


@dataclass(frozen=True, slots=True)
class Giving:
    """What a command was told to do with its answer."""

    as_json: bool
    plot: Path | None
    out: Path
    store: bool

    def check(self) -> None:
        """Raise DrawdownError for a place that cannot be written, before the work begins."""
        if self.store:
            from ..experiment.store import check_writable

            check_writable(self.out)
        if self.plot is not None:
            from ..report.figures import check_figure

            check_figure(self.plot)

    def give(
        self,
        ask: Callable[[], Answer],
        report: Callable[[Answer, int], list[Section]],
        draw: Draw | None = None,
    ) -> None:
        """Ask, then print the answer, as sections within the terminal's width or as JSON; keep it and draw it."""
        self.check()
        began = time.monotonic()
        answer = ask()
        folder = None
        try:
            folder = self._kept(answer, time.monotonic() - began)
            if self.plot is not None and draw is not None:
                from ..report.figures import save_figure

                save_figure(answer, draw, self.plot)
        finally:
            # an answer that cannot be kept or drawn is still shown
            self._print(answer, report, folder)

    def _kept(self, answer: Answer, seconds: float) -> Path | None:
        if not self.store:
            return None
        from ..experiment.store import save_answer

        return save_answer(answer, self.out, seconds, sys.argv[1:])

    def _print(self, answer: Answer, report: Callable[[Answer, int], list[Section]], folder: Path | None) -> None:
        if self.as_json:
            print_plain(answer.plain() | {"results": str(folder) if folder else None})
            return
        from ..report.tables import Section
        from ..report.words import plural, wrapped

        where = f"; written to {folder}" if folder else "; not written to disk"
        played = f"seed {answer.seed}, {plural(answer.replications, 'replication')} in all"
        told = f"digest {answer.digest}, {played if answer.replications else 'nothing simulated'}{where}"
        print_sections([*report(answer, width()), Section("Result", wrapped(told, width()))])
