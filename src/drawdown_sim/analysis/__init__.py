"""What trajectories say: measures of one replication, the chain that binds it, and summaries of many."""

from __future__ import annotations

from .critical import Link, binding_chain, binds
from .measures import Measures, columns, deadline_of, final_deadlines, measure, primary_milestone
from .summary import Chance, Quantiles, chance, likelihood, quantiles, wilson

__all__ = [
    "Chance",
    "Link",
    "Measures",
    "Quantiles",
    "binding_chain",
    "binds",
    "chance",
    "columns",
    "deadline_of",
    "final_deadlines",
    "likelihood",
    "measure",
    "primary_milestone",
    "quantiles",
    "wilson",
]
