"""``python -m drawdown_sim``: the same as the command ``drawdown-sim``."""

from __future__ import annotations

from .cli import main

if __name__ == "__main__":
    main()
