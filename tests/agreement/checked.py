"""Plays a sample of plans in a kernel that checks every look-up, and reads its code: run by `test_memory.py`.

A look-up outside its table raises EngineError. The kernel is compiled in this process, whose code can be read.
"""

from __future__ import annotations

import re
import sys

from worlds import world

from drawdown_sim.engine.compiled import cache, run
from drawdown_sim.engine.compiled.kernel import play_replications
from drawdown_sim.errors import DrawdownError
from drawdown_sim.model.compile import compile_plan
from drawdown_sim.scenario import load, shipped_names
from engine_support import plan_of
from twins import difference, play_both

#: Types and instructions of floating point in LLVM's language.
FLOAT = re.compile(
    r"\b(?:half|bfloat|float|double|fp128|x86_fp80|fadd|fsub|fmul|fdiv|frem|fneg|fcmp|sitofp|uitofp|fptosi|fptoui)\b"
)

assert run.CHECKED
cache._compiled_apart = cache.compiled
PLANS = 150
plans = [compile_plan(load(name)) for name in shipped_names()[::4]]
for number in range(PLANS):
    try:
        plans.append(plan_of(world(number)))
    except DrawdownError:
        continue
unlike = [told for told in (difference(plan, *play_both(plan, 1, 0)) for plan in plans) if told]
code = "\n".join(play_replications.inspect_llvm().values())
assert "define" in code, "the kernel's code cannot be read"
floats = sorted({line.strip() for line in code.splitlines() if FLOAT.search(re.sub(r'"[^"]*"|;.*', "", line))})
sys.stdout.write(f"plans: {len(plans)}, differ: {len(unlike)}, floats: {floats[:5]}\n" + "\n".join(unlike[:1]))
