"""The answer to what would help: its tables, and which differences stay detectable among all that were tried."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...analysis.many import ALPHA, holm, p_value, together
from ...analysis.measures import final_deadlines
from ...analysis.paired import Difference
from ...analysis.sample import Sample, days
from ...analysis.summary import likelihood
from ...model.plan import Ints
from ..answers import Answer, Cell, Table
from ..blocks import BLOCK, Block, Cause, stack
from ..run import Prepared
from ..summarise import day_by, last_day
from .effects import MEASURES, Tried, interaction, shares
from .relaxations import Relaxation


@dataclass(frozen=True, slots=True)
class Size:
    """How much is played."""

    replications: int = 500
    """Of the base and of each relaxation that is measured."""
    screening: int = BLOCK
    """Of the base and of each relaxation, to pick those that are measured."""
    kept: int = 40
    """Up to so many relaxations all are measured; of more, about so many."""
    pairs: int = 6


@dataclass(frozen=True, eq=False)
class Asked:
    """The question."""

    base: Prepared
    milestone: str
    steps: int
    size: Size


@dataclass(frozen=True, eq=False)
class Found:
    """What was played for it."""

    listed: Sequence[Relaxation]
    """Everything that can be relaxed."""
    blocks: Sequence[Block]
    """Of the base, a block for each replication."""
    alone: Sequence[Tried]
    """Measured."""
    pairs: Sequence[Tried]
    screened: Sequence[Tried]
    """With other replications; empty if all were measured."""
    refused: Mapping[str, str]
    played: int


@dataclass(frozen=True, slots=True)
class _Judged:
    """A difference among many: its interval with those of all others, and whether it stays detectable."""

    mean: float
    low: float
    high: float
    is_detectable: bool


def answer_of(asked: Asked, found: Found) -> Answer:
    """The answer with its tables, the relaxations that save most first."""
    base = asked.base
    sample = Sample(base.plan, stack(list(found.blocks)).rows)
    finish = sample.finish(asked.milestone)
    own = {each.relaxation.id: each for each in found.alone}
    extra = [
        interaction(finish, own[one.id].finish, other.finish, each.finish)
        for each in found.pairs
        for one, other in [(each.relaxations[0], own[each.relaxations[1].id])]
    ]
    differences = [d for each in (*found.alone, *found.pairs) for d in each.effects.values()] + extra
    judged = iter(_judged(differences))
    rows = [(each, [next(judged) for _ in MEASURES]) for each in found.alone]
    pair_rows = [(each, [next(judged) for _ in MEASURES]) for each in found.pairs]
    interactions = list(judged)
    rows.sort(key=lambda row: (-row[1][0].mean, -row[1][1].mean, row[1][2].mean, row[0].relaxation.id))
    order = sorted(range(len(pair_rows)), key=lambda at: -pair_rows[at][1][0].mean)
    tables = (
        _alone_table(rows, found.blocks, finish),
        _pair_table([(*pair_rows[at], interactions[at]) for at in order], own, found.blocks),
        _screened_table(found),
        _unrelaxed_table(found),
    )
    return base.answer(
        question="relief",
        replications=found.played,
        asked={
            "milestone": asked.milestone,
            "steps": asked.steps,
            **_sizes(asked.size),
        },
        found={
            "base": _base(asked, sample),
            "relaxations": len(found.listed),
            "measured": len(found.alone),
            "screened": len(found.screened),
            "comparisons": len(differences),
            "helping": sum(_helps(judged) for _, judged in rows),
            "refused": dict(found.refused),
        },
        tables=tables,
    )


def _sizes(size: Size) -> dict[str, int]:
    return {"replications": size.replications, "screening": size.screening, "kept": size.kept, "pairs": size.pairs}


def _judged(differences: Sequence[Difference]) -> list[_Judged]:
    """Each difference among all of them."""
    adjusted = holm([p_value(each) for each in differences])
    return [
        _Judged(each.mean, *together(each, len(differences)), p < ALPHA)
        for each, p in zip(differences, adjusted, strict=True)
    ]


def _helps(judged: Sequence[_Judged]) -> bool:
    """Whether it detectably saves days or gains chance."""
    return any(each.is_detectable and each.mean > 0 for each in judged[:2])


def _base(asked: Asked, sample: Sample) -> dict[str, Any]:
    """The base scenario in the replications of the measurement: chance, losses and exposure together."""
    plan, milestone = asked.base.plan, asked.milestone
    given, times = sample.chance(milestone), sample.quantiles(milestone)
    row = plan.milestone_ids.index(milestone)
    return {
        "title": asked.base.bundle.scenario.title,
        "deadline": last_day(plan, int(final_deadlines(plan)[row])),
        "replications": len(sample),
        "probability": given.probability,
        "low": given.low,
        "high": given.high,
        "words": list(likelihood(given)),
        **{name: day_by(plan, getattr(times, name)) for name in ("p10", "p50", "p90")},
        "censored": times.never,
        "losses": round(float(sample.losses().mean()), 3),
        "exposure": round(float(sample.exposure().mean()), 3),
        "hurt": round(float(sample.hurt().mean()), 3),
    }


# --- tables --------------------------------------------------------------------------------------

_JUDGED = tuple(f"{measure}{part}" for measure in MEASURES for part in ("", "_low", "_high", "_detectable"))
_UNITS = {
    f"{measure}{part}": unit for measure, unit in MEASURES.items() for part in ("", "_low", "_high")
}  # fmt: skip


def _cells(measure: str, judged: _Judged) -> tuple[Cell, ...]:
    """A difference as it is told: days for minutes."""
    tell = days if measure == "saved_days" else _rounded
    return tell(judged.mean), tell(judged.low), tell(judged.high), judged.is_detectable


def _rounded(number: float) -> float:
    return round(number, 6)


def _all_cells(judged: Sequence[_Judged]) -> tuple[Cell, ...]:
    return tuple(cell for measure, each in zip(MEASURES, judged, strict=True) for cell in _cells(measure, each))


def _chain(relaxation: Relaxation, blocks: Sequence[Block]) -> tuple[float, float]:
    """Mean days on the binding chains of the base, and the share of replications in which there are any."""
    minutes = np.array([relaxation.minutes(block.causes) for block in blocks], dtype=np.int64)
    return days(float(minutes.mean())), round(float((minutes > 0).mean()), 6)


def _holds(relaxation: Relaxation) -> str:
    told = sorted((hold, subject) for hold, subject in relaxation.holds)
    return "; ".join(f"{hold.name.lower()}: {subject}" if subject else hold.name.lower() for hold, subject in told)


def _alone_table(rows: Sequence[tuple[Tried, list[_Judged]]], blocks: Sequence[Block], finish: Ints) -> Table:
    own = ("id", "subject", "step", "holds", "lever", "values", "chain_days", "binding_share")
    columns = (*own, "earlier_share", "later_share", *_JUDGED, "detectable")
    cells = [
        (
            each.relaxation.id,
            each.relaxation.subject,
            each.relaxation.step,
            _holds(each.relaxation),
            each.relaxation.is_lever,
            len(each.relaxation.values),
            *_chain(each.relaxation, blocks),
            *(round(share, 6) for share in shares(finish, each.finish)),
            *_all_cells(judged),
            any(one.is_detectable for one in judged),
        )
        for each, judged in rows
    ]
    return Table("alone", columns, tuple(cells), {"chain_days": "day", **_UNITS})


def _pair_table(
    rows: Sequence[tuple[Tried, list[_Judged], _Judged]], own: Mapping[str, Tried], blocks: Sequence[Block]
) -> Table:
    parts = ("", "_low", "_high", "_detectable")
    of_each = ("", "_chain_days", "_binding_share", "_saved_days")
    columns = tuple(f"{which}{what}" for what in of_each for which in ("one", "other"))
    columns = (*columns, *_JUDGED, *(f"interaction_days{part}" for part in parts))
    cells: list[tuple[Cell, ...]] = []
    for each, judged, extra in rows:
        (one_days, one_share), (other_days, other_share) = (_chain(r, blocks) for r in each.relaxations)
        one, other = each.relaxations
        cells.append(
            (
                one.id,
                other.id,
                one_days,
                other_days,
                one_share,
                other_share,
                days(own[one.id].saved),
                days(own[other.id].saved),
                *_all_cells(judged),
                *_cells("saved_days", extra),
            )
        )
    units = {name: "day" for name in columns if name.endswith("_days")}
    return Table("pairs", columns, tuple(cells), units | _UNITS)


def _screened_table(found: Found) -> Table:
    """Those that were screened and not measured: means only, with few replications."""
    measured = {each.relaxation.id for each in found.alone}
    columns = ("id", "subject", "step", "holds", "chain_days", *MEASURES)
    cells: list[tuple[Cell, ...]] = [
        (
            each.relaxation.id,
            each.relaxation.subject,
            each.relaxation.step,
            _holds(each.relaxation),
            _chain(each.relaxation, found.blocks)[0],
            *((days if measure == "saved_days" else _rounded)(each.effects[measure].mean) for measure in MEASURES),
        )
        for each in found.screened
        if each.relaxation.id not in measured
    ]
    return Table("screened_out", columns, tuple(cells), {"chain_days": "day", **MEASURES})


def _unrelaxed_table(found: Found) -> Table:
    """What the finish waited for and no relaxation acts on."""
    causes: Counter[Cause] = stack(list(found.blocks)).causes
    rest = {
        cause: minutes for cause, minutes in causes.items() if not any(each.acts_on(cause) for each in found.listed)
    }
    ordered = sorted(rest, key=lambda cause: (-rest[cause], cause))
    cells: list[tuple[Cell, ...]] = [
        (hold.name.lower(), subject, days(rest[hold, subject] / len(found.blocks))) for hold, subject in ordered
    ]
    return Table("not_relaxed", ("hold", "subject", "chain_days"), tuple(cells), {"chain_days": "day"})
