"""`python -m tests.simulation SEED [--days N] [--set name=value ...]`: these days, and what went wrong on each.

With `--shifts` they are shifts under control (`shift.py`) instead of days that are only watched (`day.py`), with `--dialling` outbound
days (`dialling.py`).
"""

from __future__ import annotations

import argparse
import sys
import traceback
from ast import literal_eval
from dataclasses import replace
from time import perf_counter

from tests.simulation.day import Day
from tests.simulation.dialling import Dialling
from tests.simulation.dialling_plan import DialPlan, dialling_of
from tests.simulation.plan import Plan, plan_of
from tests.simulation.shift import Shift
from tests.simulation.shift_plan import ShiftPlan, shift_of


def main() -> int:
    options = argparse.ArgumentParser(prog="python -m tests.simulation", description="Bad days in virtual time.")
    options.add_argument("seed", type=int)
    options.add_argument("--days", type=int, default=1, help="this many seeds, from SEED on")
    options.add_argument("--set", action="append", default=[], help="a parameter of the plan, as cuts=0")
    options.add_argument("--shifts", action="store_true", help="shifts under control, with people who ask")
    options.add_argument("--dialling", action="store_true", help="outbound days, with gates and a ledger")
    options.add_argument("--trace", action="store_true", help="whole tracebacks")
    chosen = options.parse_args()
    given = {name: literal_eval(value) for name, _, value in (each.partition("=") for each in chosen.set)}
    failed = 0
    began = perf_counter()
    for seed in range(chosen.seed, chosen.seed + chosen.days):
        plan = replace(dialling_of(seed) if chosen.dialling else shift_of(seed) if chosen.shifts else plan_of(seed), **given)
        try:
            run(plan)
        except Exception as wrong:
            failed += 1
            text = traceback.format_exc() if chosen.trace or not isinstance(wrong, AssertionError) else str(wrong)
            sys.stdout.write(f"seed {seed} ({plan})\n  {text[-3000:]}\n")
            sys.stdout.flush()
    what = "outbound days" if chosen.dialling else "shifts" if chosen.shifts else "days"
    sys.stdout.write(f"{chosen.days} {what} in {perf_counter() - began:.0f} s, {failed} failed\n")
    return 1 if failed else 0


def run(plan: Plan | ShiftPlan | DialPlan) -> None:
    match plan:
        case DialPlan():
            Dialling(plan).run()
        case ShiftPlan():
            Shift(plan).run()
        case Plan():
            Day(plan).run()


if __name__ == "__main__":
    raise SystemExit(main())
