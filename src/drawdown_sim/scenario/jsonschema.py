"""The JSON schema of scenario files, by which editors complete and explain keys."""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel

from .. import units
from .descriptions import descriptions
from .grounds import GROUNDS
from .patches import OVERRIDES
from .quantities import COUNT, DATE, EXAMPLES
from .schema import Scenario, Strict

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_NUMBER = r"[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?"
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"

_GROUND_TEXTS = {
    "fact": "Documented: the fact, or the list of facts, that gives the value.",
    "from": "Derived: arithmetic over facts in braces and numbers; a comment may follow ' -- '.",
    "like": "Analogy: a fact about another operation, or a text with one in braces.",
    "fitted": "Calibrated: a text that names the observations it was fitted to.",
    "because": "Assumed: the reason.",
}


def schema_text() -> str:
    """The schema as JSON text, equal for equal models."""
    return json.dumps(_schema(), indent=2, ensure_ascii=False) + "\n"


def _schema() -> dict[str, Any]:
    scenario: dict[str, Any] = _tidy(Scenario.model_json_schema(by_alias=True))
    definitions = scenario.pop("$defs")
    for model in Strict.__subclasses__():
        _describe(scenario if model is Scenario else definitions[model.__name__], model)
    for dimension in (*units.DIMENSIONS, DATE, COUNT):
        definitions[_name(dimension)] = _value(dimension)
        definitions[_name(dimension, "quantity")] = _quantity(dimension)
        definitions[_name(dimension, "distribution")] = _distribution(dimension)
    definitions.update({f"key-{key}": entry for key, entry in _shared().items()})
    definitions["Scenario"] = scenario
    definitions["Extension"] = _extension(scenario["properties"])
    return {
        "$schema": _DRAFT,
        "title": "A drawdown-sim scenario",
        "if": {"type": "object", "required": ["extends"]},
        "then": {"$ref": "#/$defs/Extension"},
        "else": {"$ref": "#/$defs/Scenario"},
        "$defs": definitions,
    }


def _describe(definition: dict[str, Any], model: type[BaseModel]) -> None:
    """Put the text under each field of a model into its definition."""
    for name, text in descriptions().get(model.__name__, {}).items():
        definition["properties"][model.model_fields[name].alias or name]["description"] = text


def _name(dimension: str, what: str = "value") -> str:
    """The name of a definition: a value, a quantity or a distribution of a dimension."""
    return f"{what} {dimension}".replace(" ", "-")


def _ref(dimension: str, what: str = "value") -> dict[str, str]:
    return {"$ref": f"#/$defs/{_name(dimension, what)}"}


def _tidy(entry: Any, are_names: bool = False) -> Any:
    """A generated schema without invented titles and nulls, its values pointing to their definition.

    `are_names`: the keys of `entry` are names of properties or definitions, not of the schema language.
    """
    if isinstance(entry, list):
        return [_tidy(item) for item in entry]
    if not isinstance(entry, dict):
        return entry
    if are_names:
        return {name: _tidy(item) for name, item in entry.items()}
    entry = {key: item for key, item in entry.items() if key != "title" and (key, item) != ("default", None)}
    if "x-dimension" in entry:
        entry.update(_ref(entry.pop("x-dimension")))
    choices = entry.get("anyOf", [])
    given = [choice for choice in choices if choice != {"type": "null"}]
    if len(given) == 1 and len(choices) == 2:
        del entry["anyOf"]
        return _tidy({**given[0], **entry})
    return {key: _tidy(item, key in ("properties", "$defs")) for key, item in entry.items()}


def _extension(properties: dict[str, Any]) -> dict[str, Any]:
    """A file that extends another one."""
    path = {"propertyNames": {"pattern": r"^[-+]?[a-z0-9_-]+(\.[a-z0-9_-]+)*$"}}
    return {
        "description": "A scenario that says only in what it differs from another one.",
        "type": "object",
        "properties": {
            "format": properties["format"],
            "extends": {
                "description": "A scenario beside this file, or a shipped one.",
                "type": "string",
                "examples": ["baseline.yaml"],
            },
            **{key: properties[key] for key in OVERRIDES},
            "patch": {
                "description": "Dotted paths and what to put there; '+path' adds, '-path' removes and states"
                " why. A list applies in its order.",
                "anyOf": [
                    {"type": "object", **path},
                    {"type": "array", "items": {"type": "object", "maxProperties": 1, "minProperties": 1, **path}},
                ],
            },
        },
        "required": ["format", "extends"],
        "additionalProperties": False,
    }


def _value(dimension: str) -> dict[str, Any]:
    """A value of one dimension: a mapping with its ground, or bare where the file has a default ground."""
    steps = {
        "description": "What holds from each day on; 'start' is the start of the scenario.",
        "type": "object",
        "propertyNames": {"pattern": f"^(start|{_DAY})$"},
        "additionalProperties": _ref(dimension, "distribution"),
        "minProperties": 1,
    }
    bare = [_ref(dimension, "distribution"), _only("by_date", steps)]
    what = "a day" if dimension == DATE else dimension
    return {
        "description": f"A value: {what}, such as {EXAMPLES[dimension]}.",
        "anyOf": [*bare, _grounded({"anyOf": bare}, _ref(dimension, "quantity"))],
    }


def _distribution(dimension: str) -> dict[str, Any]:
    """A quantity, or a distribution over quantities."""
    quantity = _ref(dimension, "quantity")
    forms = {
        "fixed": quantity,
        "uniform": _list_of(quantity, 2, "Low and high."),
        "triangular": _list_of(quantity, 3, "Low, mode and high."),
        "lognormal": {
            "description": "Median and P90.",
            "type": "object",
            "properties": {"median": quantity, "p90": quantity},
            "required": ["median", "p90"],
            "additionalProperties": False,
        },
        "empirical": {
            "description": "Observations, equally likely.",
            "type": "array",
            "items": quantity,
            "minItems": 1,
        },
    }
    return {"anyOf": [quantity, *(_only(form, entry) for form, entry in forms.items())]}


def _quantity(dimension: str) -> dict[str, Any]:
    """A number with its unit, or a date."""
    if dimension == DATE:
        return {"type": "string", "pattern": f"^{_DAY[:-9]}(-[0-9]{{2}})?$", "examples": [EXAMPLES[DATE]]}
    names = units.DIMENSIONS["people"] | units.DIMENSIONS["load"] if dimension == COUNT else units.DIMENSIONS[dimension]
    text = {
        "type": "string",
        "pattern": f"^{_NUMBER} *[A-Za-z%].*$",
        "description": f"A number and its unit: {', '.join(names)}.",
        "examples": [EXAMPLES[dimension]],
    }
    return {"anyOf": [{"type": "number", "minimum": 0}, text]} if dimension == "ratio" else text


def _list_of(quantity: dict[str, Any], length: int, description: str) -> dict[str, Any]:
    return {
        "description": description,
        "type": "array",
        "items": quantity,
        "minItems": length,
        "maxItems": length,
    }


def _only(key: str, entry: dict[str, Any]) -> dict[str, Any]:
    """A mapping with this one key."""
    return {"type": "object", "properties": {key: entry}, "required": [key], "additionalProperties": False}


def _shared() -> dict[str, Any]:
    """The keys of a value that mean the same in every dimension."""
    text = {"type": "string", "minLength": 1}
    reason = {"anyOf": [{"type": "boolean"}, text]}
    keys: dict[str, Any] = {key: {**text, "description": _GROUND_TEXTS[key]} for key in GROUNDS}
    keys["fact"] = {
        "anyOf": [text, {"type": "array", "items": text, "minItems": 1}],
        "description": _GROUND_TEXTS["fact"],
    }
    return {
        **keys,
        "lever": {"type": "boolean", "description": "Planners could change it."},
        "free": {"type": "boolean", "description": "Nothing but a choice sets it: no evidence bounds it."},
        "hindsight": {**reason, "description": "Known only after as_of: true, or why it is used."},
        "replay": {**reason, "description": "The date of a decision or of a hold's end: true, or why."},
        "note": {"type": "string"},
    }


def _grounded(content: dict[str, Any], quantity: dict[str, Any]) -> dict[str, Any]:
    ends = {"anyOf": [quantity, {"type": "number"}]}
    return {
        "type": "object",
        "properties": {
            "value": content,
            "range": _list_of(ends, 2, "Plausible least and most; for a value by date factors on all its steps."),
            **{key: {"$ref": f"#/$defs/key-{key}"} for key in _shared()},
        },
        "oneOf": [{"required": [key]} for key in GROUNDS],
        "anyOf": [{"required": ["value"]}, {"required": ["fact"]}],
        "additionalProperties": False,
    }
