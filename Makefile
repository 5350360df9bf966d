# The verbs of this project. Each one installs what it needs first; the logic is in tools/.

.PHONY: help install demo test check format bench soak screenshots lock

help:
	@echo "make demo         a lively floor on a simulated PBX; prints a link (SEED=1 AGENTS=60)"
	@echo "make test         every test, in parallel, incl. the browser and real Asterisk servers (ARGS='-k wall')"
	@echo "make check        style, types and the laws of the house: seconds, before each commit"
	@echo "make format       what check would complain about and a machine can mend"
	@echo "make install      .venv with Andon in it, and nothing else"
	@echo "make bench        side by side with other clients; writes bench/results.json"
	@echo "make soak         a floor at work for a while, and 1,000 shifts and outbound days in virtual time (ARGS='--minutes 60 --shifts 100')"
	@echo "make screenshots  each page in both languages, into screenshots/"
	@echo "make lock         writes the pinned locks after a change of dependencies"

install:
	@MAKE_GOAL=install sh tools/install.sh runtime

demo:
	@MAKE_GOAL=demo sh tools/install.sh runtime
	@.venv/bin/andon demo $(if $(SEED),--seed $(SEED)) $(if $(AGENTS),--agents $(AGENTS)) $(ARGS)

test:
	@MAKE_GOAL=test sh tools/install.sh dev
	@sh tools/prepare-tests.sh
	@.venv/bin/pytest -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

check:
	@MAKE_GOAL=check sh tools/install.sh dev
	@sh tools/check.sh

format:
	@MAKE_GOAL=format sh tools/install.sh dev
	@.venv/bin/ruff check --fix .
	@.venv/bin/ruff format .

bench:
	@MAKE_GOAL=bench sh tools/install.sh bench
	@.venv/bin/python -m bench $(ARGS)

soak:
	@MAKE_GOAL=soak sh tools/install.sh bench
	@.venv/bin/python -m bench.soak $(ARGS)

screenshots:
	@MAKE_GOAL=screenshots sh tools/install.sh dev
	@sh tools/system.sh chromium fonts-noto-cjk
	@.venv/bin/python -m tools.screenshots $(ARGS)
	@.venv/bin/python -m tools.screenshots_signed $(ARGS)
	@.venv/bin/python -m tools.screenshots_recordings $(ARGS)

lock:
	@sh tools/lock.sh $(ARGS)
