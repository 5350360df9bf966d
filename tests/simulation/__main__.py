"""`python -m tests.simulation SEED [--days N] [--set name=value ...]`: these days, and what went wrong on each."""

from __future__ import annotations

import argparse
import sys
import traceback
from ast import literal_eval
from dataclasses import replace
from time import perf_counter

from tests.simulation.day import Day
from tests.simulation.plan import plan_of


def main() -> int:
    options = argparse.ArgumentParser(prog="python -m tests.simulation", description="Bad days in virtual time.")
    options.add_argument("seed", type=int)
    options.add_argument("--days", type=int, default=1, help="this many seeds, from SEED on")
    options.add_argument("--set", action="append", default=[], help="a parameter of the plan, as cuts=0")
    options.add_argument("--trace", action="store_true", help="whole tracebacks")
    chosen = options.parse_args()
    given = {name: literal_eval(value) for name, _, value in (each.partition("=") for each in chosen.set)}
    failed = 0
    began = perf_counter()
    for seed in range(chosen.seed, chosen.seed + chosen.days):
        plan = replace(plan_of(seed), **given)
        try:
            Day(plan).run()
        except Exception as wrong:
            failed += 1
            text = traceback.format_exc() if chosen.trace or not isinstance(wrong, AssertionError) else str(wrong)
            sys.stdout.write(f"seed {seed} ({plan})\n  {text[-3000:]}\n")
            sys.stdout.flush()
    sys.stdout.write(f"{chosen.days} days in {perf_counter() - began:.0f} s, {failed} failed\n")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
