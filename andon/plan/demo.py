"""The plan of the demo, as files: its people as the simulated centre has them, its times around now, everything shorter than in life.

Not an example to start from (`examples/plan/`): there a break lasts a quarter of an hour and a shift begins in the morning. Here a
shift is on whenever somebody starts the demo, and the first team meets three to four minutes later, while people look.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from agi.simulator.centre import Centre, Person
from andon.plan.demo_archive import QUALITY, RETENTION
from andon.plan.demo_campaigns import campaign_files
from realtime.words import SECOND, Micros

TEAMS: Final = (("A", "Team A", "A组"), ("B", "Team B", "B组"), ("C", "Team C", "C组"), ("D", "Team D", "D组"))
LEADERS: Final = (("1901", "Chen Min", "陈敏"), ("1902", "Zhou Lan", "周岚"))
"""At the phones that the simulated supervisors have."""
SUPERVISOR: Final = "demo"
"""Who signs in as this is the first of them, so that listening rings a phone that there is."""
SMALL_TEAM: Final = 4
SHIFT_BEFORE: Final = timedelta(hours=2)
SHIFT: Final = timedelta(hours=9)


def demo_plan(agents: int, now: Micros, timezone: str, seed: int = 1) -> dict[str, str]:
    """Name of a file -> its text, for a centre of so many agents. `boards.toml` is not among them."""
    local = datetime.fromtimestamp(now // SECOND, ZoneInfo(timezone)).replace(second=0, microsecond=0)
    people = Centre(agents=agents).people(seed)
    teams = teams_of(agents)
    return {
        "people.csv": _people(people, len(teams)),
        "teams.toml": _teams(teams, people),
        "shifts.toml": _shifts(local, teams),
        "meetings.toml": _meetings(local, teams),
        "breaks.toml": BREAKS,
        "alerts.toml": 'extends = ["floor-basics"]\n',
        **campaign_files([name for name, _, _ in teams]),
        "retention.toml": RETENTION,
        "quality.toml": QUALITY,
    }


def teams_of(agents: int) -> tuple[tuple[str, str, str], ...]:
    return TEAMS[: max(1, min(len(TEAMS), agents // SMALL_TEAM))]


def phones_of_teams(agents: int, seed: int) -> dict[str, tuple[str, ...]]:
    """The devices at which each team's people sit."""
    people, teams = Centre(agents=agents).people(seed), teams_of(agents)
    placed = [(team_of(place, agents, len(teams)), person.device) for place, person in enumerate(people)]
    return {name: tuple(device for team, device in placed if team == name) for name, _, _ in teams}


def team_of(place: int, agents: int, teams: int) -> str:
    """The staff list in so many equal parts: neighbours serve the same queues."""
    return TEAMS[place * teams // agents][0]


def _people(people: list[Person], teams: int) -> str:
    lines = ["id,name,team,roles,skills,phone,login"]
    for place, person in enumerate(people):
        lines.append(f"{person.number},{person.name},{team_of(place, len(people), teams)},agent,{';'.join(person.queues)},{person.device},")
    for place, (number, _, chinese) in enumerate(LEADERS):
        lines.append(f"{number},{chinese},,leader,,PJSIP/{number},{'' if place else SUPERVISOR}")
    return "\n".join(lines) + "\n"


def _teams(teams: tuple[tuple[str, str, str], ...], people: list[Person]) -> str:
    said, served = [], {queue for person in people for queue in person.queues}
    for place, (name, english, chinese) in enumerate(teams):
        leader = LEADERS[place * len(LEADERS) // len(teams)][0]
        said.append(f'[[team]]\nid = "{name}"\nname = "{english}"\nname_zh = "{chinese}"\nleaders = ["{leader}"]\nsite = "demo"\n')
    for queue in (each for each in Centre().queues if each.name in served):
        said.append(f'[[skill]]\nid = "{queue.name}"\nqueues = ["{queue.name}"]\npenalty = {queue.penalty}\nleast = 1\n')
    return "\n".join(said)


def _shifts(local: datetime, teams: tuple[tuple[str, str, str], ...]) -> str:
    begins = (local - SHIFT_BEFORE).replace(minute=0)
    names = ", ".join(f'"{name}"' for name, _, _ in teams)
    return f"""\
[shifts]
enforced = false

[[pattern]]
id = "demo"
teams = [{names}]
begins = "{begins:%H:%M}"
ends = "{begins + SHIFT:%H:%M}"
days = "every day"
"""


def _meetings(local: datetime, teams: tuple[tuple[str, str, str], ...]) -> str:
    """The first one soon, the others staggered behind it; another one after the shift."""
    said = []
    for place, (name, _, _) in enumerate(teams):
        at = local + timedelta(minutes=4 + 12 * place)
        said.append(f"""\
[[meeting]]
id = "morning-{name.lower()}"
name = "Morning meeting, team {name}"
name_zh = "{name}组早会"
teams = ["{name}"]
at = "{at:%H:%M}"
minutes = 5
groups = 2
least = 1
""")
    names = ", ".join(f'"{name}"' for name, _, _ in teams)
    said.append(f"""\
[[meeting]]
id = "evening"
name = "Evening meeting"
name_zh = "夕会"
teams = [{names}]
after_shift_min = 0
minutes = 10
""")
    return "\n".join(said)


BREAKS: Final = """\
extends = ["cn-bpo-standard"]

[breaks]
blackout_begin_min = 0
blackout_end_min = 0
hold_s = 60
spacing_s = 10
aged_min = 5
aged_red_min = 10

[breaks.load]
target = 0.7
occupancy = 0.95
patience_s = 70
aht_s = 160

[breaks.overrun]
prompt_s = 20
leader_s = 40
overrun_s = 60
welfare_s = 180

[kind.short]
minutes = 3
shortest_min = 1
longest_min = 5
quota_min = 30
quota_half_min = 15
cool_down_min = 4

[kind.meal]
minutes = 6
shortest_min = 1
longest_min = 30
times = 2

[kind.comfort]
minutes = 2
longest_min = 5

[kind.recovery]
minutes = 3
longest_min = 5
"""
