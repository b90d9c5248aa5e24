"""What would help, for a reader: what saves days, what saves loads, what binds and yet saves nothing, and pairs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from .tables import WIDE, Section, table
from .words import count, day, interval, listed, percent, plural, reason, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from ..experiment.answers import Answer

#: Relaxations and pairs that are printed or drawn; the answer holds all.
MOST_HELPING, MOST_SPARING, MOST_IDLE, MOST_PAIRS, MOST_DRAWN = 6, 3, 3, 2, 14

#: Shown where a difference is not detectable among all that were compared.
NOTHING = "–"

Row = dict[str, Any]

_HEAD = ("chain", "saved", "chance", "loads", "km", "hurt")
_MEASURES = ("saved_days", "chance_gained", "losses_change", "exposure_change", "hurt_change")
_PLACES = {**dict.fromkeys(_MEASURES, 1), "interaction_days": 1, "exposure_change": 0}


def relief_report(answer: Answer, width: int) -> list[Section]:
    """All sections of the answer, lines of at most `width` characters."""
    rows: list[Row] = answer.table("alone").records()
    helping = [row for row in rows if _helps(row)]
    sparing = sorted((row for row in rows if not _helps(row) and _spares(row)), key=lambda row: row["losses_change"])
    idle = sorted((row for row in rows if not _moves(row) and row["chain_days"]), key=lambda row: -row["chain_days"])
    plain, relaxed = answer.plain(), f"relaxed by {plural(answer.asked['steps'], 'step')}"
    return [
        Section(f"{plain['base']['title']} ({answer.scenario})", _verdict(plain, helping, idle, width)),
        Section("Alone: out earlier, or likelier in time", _alone(helping[:MOST_HELPING], relaxed, width)),
        Section("Alone: not earlier, but fewer loads gone", _alone(sparing[:MOST_SPARING], relaxed, width)),
        Section("Alone: days on the binding chain, yet the finish does not move", _idle(idle, relaxed, width)),
        Section("In pairs whose holds act in parallel", _pairs(answer, relaxed, width)),
        Section("How to read this", _reading(answer, width)),
    ]


def _helps(row: Row) -> bool:
    """Whether it detectably saves days or gains chance."""
    return any(row[f"{measure}_detectable"] and row[measure] > 0 for measure in _MEASURES[:2])


def _spares(row: Row) -> bool:
    return bool(row["losses_change_detectable"]) and row["losses_change"] < 0


def _moves(row: Row) -> bool:
    """Whether it detectably changes the finish or the chance, either way."""
    return any(row[f"{measure}_detectable"] for measure in _MEASURES[:2])


def _called(row: Row) -> str:
    return f"{row['subject']}: {row['step']}"


# --- the verdict ---------------------------------------------------------------------------------


def _verdict(found: Row, helping: Sequence[Row], idle: Sequence[Row], width: int) -> list[str]:
    base, tried = found["base"], plural(found["measured"], "relaxation")
    tried += f" measured alone, picked from {found['screened']}," if found["screened"] else " tried alone,"
    words = f"{' to '.join(base['words'])}, " if base["words"] else ""
    half = f"half of the runs by {day(base['p50'])}" if base["p50"] else "not in half of the runs"
    chance = f"{percent(base['probability'])} of {plural(base['replications'], 'run')} ({words}95 % interval"
    lines = wrapped(
        f"As it stands, milestone {found['asked']['milestone']} is reached by {day(base['deadline'])} in {chance}"
        f" {interval(base['low'], base['high'])}; {half}), with {_mean(base['losses'])} loads gone"
        " (destroyed, lost or left behind),"
        f" {_mean(base['exposure'])} convoy-km under threat and {_mean(base['hurt'])} people hurt in the"
        f" mean{_censored(base)}.",
        width,
    )
    if helping:
        save, gain = ("saves", "gains") if found["helping"] == 1 else ("save", "gain")
        text = (
            f"Of {tried} {found['helping']} detectably {save} days or {gain} chance, on these assumptions;"
            f" most of all {_called(helping[0])}: {_effect(helping[0])}."
        )
    else:
        text = f"None of {tried} detectably saves days or gains chance, on these assumptions."
    lines += wrapped(text, width)
    if idle:
        text = f"Cause is not value: {_called(idle[0])} acts on {idle[0]['chain_days']:.1f} days of the binding chain"
        lines += wrapped(f"{text}, and has no detectable effect on the finish.", width)
    return lines


def _effect(row: Row) -> str:
    """What a relaxation does, price included; what is not detectable is said to be so."""
    saved = row["saved_days"]
    told = {
        "saved_days": f"{abs(saved):.1f} days {'earlier' if saved > 0 else 'later'}",
        "chance_gained": f"chance {_signed(100 * row['chance_gained'], 1)} points",
        "losses_change": f"{_signed(row['losses_change'], 1)} loads gone",
        "exposure_change": f"{_signed(row['exposure_change'], 0)} convoy-km under threat",
        "hurt_change": f"{_signed(row['hurt_change'], 1)} people hurt",
    }
    names = ("the date", "the chance", "loads gone", "exposure", "people hurt")
    seen = [text for measure, text in told.items() if row[f"{measure}_detectable"]]
    unseen = [name for measure, name in zip(told, names, strict=True) if not row[f"{measure}_detectable"]]
    return listed(seen) + (f", with no detectable effect on {listed(unseen)}" if unseen else "")


def _mean(number: float) -> str:
    return count(round(number, 1))


def _censored(base: dict[str, Any]) -> str:
    if not base["censored"]:
        return ""
    return (
        f"; {plural(base['censored'], 'run')} never reached it and count as the horizon, so days saved are at least so"
    )


# --- tables --------------------------------------------------------------------------------------


def _alone(rows: Sequence[Row], relaxed: str, width: int) -> list[str]:
    wide = width >= WIDE
    head = (relaxed, *_HEAD, *(("earlier", "later") if wide else ()))
    cells = [
        (
            _called(row) + (" *" if row["lever"] else ""),
            f"{row['chain_days']:.1f}",
            *_effects(row, wide),
            *((percent(row["earlier_share"]), percent(row["later_share"])) if wide else ()),
        )
        for row in rows
    ]
    return table(head, cells, width, tuple(range(1, len(head))))


def _idle(rows: Sequence[Row], relaxed: str, width: int) -> list[str]:
    cells = [(_called(row), f"{row['chain_days']:.1f}", _effect_apart(row)) for row in rows[:MOST_IDLE]]
    return table((relaxed, "chain", "effect"), cells, width, (1,))


def _effect_apart(row: Row) -> str:
    """What is detectable of a relaxation that does not move the finish."""
    return _effect(row).partition(", with")[0] if row["detectable"] else "no detectable effect"


def _effects(row: Row, wide: bool) -> tuple[str, ...]:
    """A cell for each measure."""
    return tuple(_cell(row, measure, wide or measure == "saved_days") for measure in _MEASURES)


def _cell(row: Row, measure: str, with_interval: bool) -> str:
    """A difference with half the width of its interval; a sign for nothing where it is not detectable."""
    if not row[f"{measure}_detectable"]:
        return NOTHING
    scale = 100 if measure == "chance_gained" else 1
    shown = _signed(scale * row[measure], _PLACES[measure])
    half = scale * (row[f"{measure}_high"] - row[f"{measure}_low"]) / 2
    return f"{shown}±{half:,.{_PLACES[measure]}f}" if with_interval else shown


def _signed(number: float, places: int) -> str:
    shown = f"{number:+,.{places}f}"
    return shown if float(shown.replace(",", "")) else f"{0:.{places}f}"


def _pairs(answer: Answer, relaxed: str, width: int) -> list[str]:
    """Each pair: what both do alone, what they do together, and how many days that is more than the sum."""
    alone: dict[str, Row] = {str(row["id"]): row for row in answer.table("alone").records()}
    wide, head = width >= WIDE, (relaxed, *_HEAD)
    cells: list[tuple[str, ...]] = []
    pairs: list[Row] = answer.table("pairs").records()[:MOST_PAIRS]
    for pair in pairs:
        for row in (alone[pair["one"]], alone[pair["other"]]):
            cells.append((_called(row), f"{row['chain_days']:.1f}", *_effects(row, wide)))
        cells.append((f"  together (less the sum {_cell(pair, 'interaction_days', True)})", "", *_effects(pair, wide)))
    return table(head, cells, width, tuple(range(1, len(head)))) or ["No two holds were seen to act in parallel."]


# --- how to read it ------------------------------------------------------------------------------


def _reading(answer: Answer, width: int) -> list[str]:
    found, asked = answer.found, answer.asked
    how = f"{plural(found['measured'], 'relaxation')} measured with {plural(asked['replications'], 'run')} each"
    if found["screened"]:
        how += f", picked from {found['screened']} by {asked['screening']} other runs each"
    text = (
        "chain: mean days of the base's binding chains on which it acts. saved: mean days earlier. chance: points."
        " loads, km, hurt: change in loads gone, convoy-km under threat, people hurt. ±: all intervals hold together"
        f" with 95 %. {NOTHING}: no detectable effect among {plural(found['comparisons'], 'comparison')} (Holm, 5 %)."
        f" *: a lever of the scenario. {how}. What is not known is not varied here."
    )
    lines = wrapped(text, width)
    if found["refused"]:
        lines += wrapped(f"{plural(len(found['refused']), 'relaxation')} made no plan and could not be played.", width)
    rest = answer.table("not_relaxed").records()[:3]
    if rest:
        told = [f"{reason(str(row['hold']), str(row['subject']))} {row['chain_days']:.1f} days" for row in rest]
        lines += wrapped(f"On the chain, and acted on by nothing tried: {listed(told)}.", width)
    return lines


# --- picture -------------------------------------------------------------------------------------

_PANELS = (
    ("chain_days", "on the chain\n[day]", 1.0),
    ("saved_days", "saved\n[day]", 1.0),
    ("chance_gained", "chance\n[point]", 100.0),
    ("losses_change", "loads gone\n[load]", 1.0),
    ("exposure_change", "exposure\n[convoy-km]", 1.0),
    ("hurt_change", "people hurt\n[person]", 1.0),
)


#: Rows that a picture has room for at least.
_LEAST_DRAWN = 8


def draw_relief(answer: Answer, figure: Figure) -> None:
    """Days on the chain beside days saved, and the price, relaxation by relaxation."""
    rows: list[Row] = [row for row in answer.table("alone").records() if row["chain_days"] or row["detectable"]]
    first = [row for row in rows if _helps(row)][: MOST_DRAWN // 2]
    binding = sorted(rows, key=lambda row: -float(row["chain_days"]))
    sparing = sorted((row for row in rows if _spares(row)), key=lambda row: row["losses_change"])
    chosen = list({row["id"]: row for row in (*first, *binding[: MOST_DRAWN // 4], *sparing)}.values())[:MOST_DRAWN]
    axes = figure.subplots(1, len(_PANELS), sharey=True, width_ratios=(1, 1.3, 1, 1, 1, 1))
    for axis, (measure, label, scale) in zip(axes, _PANELS, strict=True):
        _draw_panel(axis, chosen, measure, scale)
        axis.set_xlabel(label, fontsize=8)
        axis.tick_params(axis="x", labelsize=8)
        axis.tick_params(axis="y", length=0)
    axes[0].set_yticks(range(len(chosen)), [_called(row) for row in chosen], fontsize=8)
    # few bars are no thicker than many
    axes[0].set_ylim(max(len(chosen), _LEAST_DRAWN) - 0.5, -0.5)
    steps = plural(answer.asked["steps"], "step")
    title = f"Each constraint relaxed by {steps}: days it binds, days it saves, and the price"
    note = "filled: detectable; hollow: not distinguishable from luck; lines: 95 % intervals that hold together"
    figure.suptitle(f"{title}\n{note}", x=0.01, ha="left", fontsize=9.5)


def _draw_panel(axis: Axes, rows: Sequence[Row], measure: str, scale: float) -> None:
    """Bars of one measure; pale where the difference is not detectable."""
    from .figures import BLUE, INK, MUTED

    values = [scale * row[measure] for row in rows]
    if measure == "chain_days":
        axis.barh(range(len(rows)), values, color=MUTED, height=0.6)
    else:
        clear = [bool(row[f"{measure}_detectable"]) for row in rows]
        faces = [BLUE if each else "none" for each in clear]
        axis.barh(
            range(len(rows)), values, color=faces, edgecolor=[BLUE if each else MUTED for each in clear], height=0.6
        )
        half = [scale * (row[f"{measure}_high"] - row[f"{measure}_low"]) / 2 for row in rows]
        centres = [scale * (row[f"{measure}_high"] + row[f"{measure}_low"]) / 2 for row in rows]
        axis.errorbar(centres, range(len(rows)), xerr=half, fmt="none", ecolor=INK, elinewidth=0.9, capsize=2)
        axis.axvline(0, color=INK, linewidth=0.8)
    if not any(values):
        axis.set_xlim(-1, 1)
        axis.set_xticks([0])
    axis.grid(axis="y", visible=False)
