"""`python -m bench [NAME ...]`: runs the benches of the table below, prints a table and writes `results.json`."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from bench import board_cpu, catalogue, control, fanout, first_paint, fold, gate, history, ingest, lists, memory, playing, seal, wire
from bench.results import Row, show, write

BENCHES: dict[str, Callable[[], list[Row]]] = {
    "ingest": ingest.run,
    "fold": fold.run,
    "wire": wire.run,
    "memory": memory.run,
    "fanout": fanout.run,
    "board_cpu": board_cpu.run,
    "first_paint": first_paint.run,
    "history": history.run,
    "catalogue": catalogue.run,
    "control": control.run,
    "lists": lists.run,
    "gate": gate.run,
    "seal": seal.run,
    "playing": playing.run,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"some of: {', '.join(BENCHES)}; all when none is given")
    names = parser.parse_args().names or list(BENCHES)
    unknown = set(names) - set(BENCHES)
    if unknown:
        parser.error(f"no such bench: {', '.join(sorted(unknown))}; there are {', '.join(BENCHES)}")
    for name in names:
        rows = BENCHES[name]()
        show(rows)
        write(rows)


if __name__ == "__main__":
    main()
