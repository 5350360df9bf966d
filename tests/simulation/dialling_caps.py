"""Caps, cool-downs and hours of an outbound day, held to what was really signalled. Reckoned once more, from the rules' words.

Nothing here is imported from what decides (`realtime/dial`): a window is what its name says, by the clocks of every zone that the person
called may be in.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from realtime.outbound import DialDecided, DialEnded
from realtime.plan.dialling import CapRule, CoolDownRule, Preset, Window
from realtime.words import SECOND, Micros
from tests.simulation.dialling_pbx import Dial

if TYPE_CHECKING:
    from tests.simulation.dialling import Dialling

SOON: Micros = 3 * SECOND
"""What became of a call is in the ledger so soon after it is in the log."""
MISHAP: Micros = 20 * SECOND
"""So long after something went wrong that may not be so."""
EDGE: Micros = SECOND
"""Of a window that is over at a moment which the PBX and a gate's clock know a little differently."""
WITHIN: Micros = 2 * SECOND
"""From the answer to the agent: the default of an abandonment rule."""


class Caps:
    def __init__(self, day: Dialling, decided: Mapping[str, DialDecided], ended: Mapping[str, tuple[DialEnded, Micros]]) -> None:
        self._day = day
        self._decided = decided
        self._ended = ended
        self._rules = day.rules.dialling
        self._campaigns = {each.id: each for each in self._rules.campaigns}
        self._began: dict[str, Micros] = {}

    def hold(self, signalled: list[Dial]) -> None:
        for fact in self._decided.values():
            if fact.decision.verdict == "allow":
                self._began[fact.campaign] = min(self._began.get(fact.campaign, fact.at), fact.at)
        self._contracts(signalled)
        for campaign in self._campaigns:
            mine = [dial for dial in signalled if dial.campaign == campaign]
            for preset in self._presets(campaign):
                for cap in preset.caps:
                    self._cap(cap, campaign, mine, signalled)
                for rule in preset.cool_downs:
                    self._cool_down(rule, mine, signalled)
                for dial in mine:
                    self._hours(preset, dial)

    def _presets(self, campaign: str) -> Iterator[Preset]:
        here = self._campaigns[campaign]
        yield from (each for each in self._rules.presets if each.name in here.presets)
        yield here.rules

    def at(self, dial: Dial) -> Micros:
        return self._decided[dial.allowed].at

    # ------------------------------------------------------------------ caps

    def _cap(self, cap: CapRule, campaign: str, mine: list[Dial], signalled: list[Dial]) -> None:
        """Of each dial that it holds for: never more than `most` in its window, itself included. What was allowed before it counts
        whatever campaign it is of; of those that were asked together with it only its own campaign's, which the same cap holds for."""
        together = defaultdict(list)
        for dial in signalled:
            together[_scope(cap, dial)].append(dial)
        for dial in mine:
            if "callback" in cap.unless and dial.callback:
                continue
            others = [each for each in together[_scope(cap, dial)] if each is not dial and self._counts(cap, campaign, dial, each)]
            assert len(others) < cap.most, (
                f"the cap {cap.most} of {cap.scope} in {cap.window} ({cap.id} of {campaign}) is exceeded by {dial}: there were {others}"
            )

    def _counts(self, cap: CapRule, campaign: str, dial: Dial, other: Dial) -> bool:
        """Certainly taken before it, and in its window."""
        bound = other.campaign == campaign and not (other.callback and "callback" in cap.unless)
        if not (other.told <= dial.asked or (bound and self._order(other) < self._order(dial))):
            return False
        return any(self._inside(cap.window, campaign, self.at(other), self.at(dial), zone) for zone in self._zones(cap.window, dial))

    def _order(self, dial: Dial) -> tuple[Micros, str]:
        """Of two that are both bound by a cap, whichever came first: the later one has no room. By their moments, as the gates say."""
        return self.at(dial), dial.allowed

    def _zones(self, window: Window, dial: Dial) -> tuple[str, ...]:
        return (window.zone,) if window.zone else dial.zones

    def _inside(self, window: Window, campaign: str, event: Micros, now: Micros, zone: str) -> bool:
        if window.kind == "rolling":
            return event > now - window.seconds * SECOND
        then, today = _date(event, zone), _date(now, zone)
        match window.kind:
            case "calendar_day":
                return then >= today
            case "calendar_month":
                return (then.year, then.month) >= (today.year, today.month)
            case "blocks":
                first = _date(self._began[campaign], zone)
                return (then - first).days // window.days >= (today - first).days // window.days
        return then > today - timedelta(days=window.days)

    def _contracts(self, signalled: list[Dial]) -> None:
        """By the floor's days, a campaign's dials."""
        for name, campaign in self._campaigns.items():
            most = campaign.contract.dials_day
            by_day: dict[date, int] = defaultdict(int)
            for dial in signalled:
                if dial.campaign == name:
                    by_day[_date(self.at(dial), "Asia/Shanghai")] += 1
            assert most < 0 or max(by_day.values(), default=0) <= most, f"{name} may make {most} calls a day and made {dict(by_day)}"
        self._at_once(signalled)

    def _at_once(self, signalled: list[Dial]) -> None:
        """Calls that ring or talk at a moment: of a campaign, and of all."""
        limits = {"": self._rules.at_once, **{each.id: each.at_once for each in self._campaigns.values()}}
        for name, most in limits.items():
            mine = [dial for dial in signalled if dial.campaign == name or not name]
            moments = sorted(dial.signalled for dial in mine)
            overs = sorted(dial.over or 10**18 for dial in mine)
            for place, moment in enumerate(moments, 1):
                on = place - bisect_left(overs, moment)
                assert not most or on <= most or self._disturbed(moment - 600 * SECOND, moment), (
                    f"{on} calls of {name or 'all'} at once: {most}"
                )

    # ------------------------------------------------------------------ what came of calls

    def _cool_down(self, rule: CoolDownRule, mine: list[Dial], signalled: list[Dial]) -> None:
        for before in signalled:
            ended, moment = self._ended.get(before.allowed), _happened(rule, before)
            if ended is None or not moment or ended[0].outcome == "unknown" or self._disturbed(ended[1] - SOON, ended[1] + SOON):
                continue
            for dial in mine:
                if dial is before or _scope(rule, dial) != _scope(rule, before) or dial.asked < ended[1] + SOON:
                    continue
                if self._disturbed(dial.asked - MISHAP, dial.asked):
                    continue
                over = moment + rule.seconds * SECOND - EDGE - 2 * round(self._day.plan.skew_s * SECOND)
                rests = dial.asked < over if rule.seconds else all(_date(moment, zone) == _date(self.at(dial), zone) for zone in dial.zones)
                assert not rests, f"called again too soon after {rule.after} by {rule}: {dial} after {before}, {ended}"

    def _disturbed(self, since: Micros, until: Micros) -> bool:
        return any(since - MISHAP < at <= until for at in self._day.mishaps.at)

    # ------------------------------------------------------------------ hours

    def _hours(self, preset: Preset, dial: Dial) -> None:
        for rule in preset.hours:
            for zone in dial.zones:
                local = datetime.fromtimestamp(self.at(dial) // SECOND, _zone(zone))
                minute = local.hour * 60 + local.minute
                inside = any(first <= minute < last for first, last in rule.days[local.weekday()])
                assert inside, f"{local} in {zone} is none of the hours of {rule}: {dial}"


def _scope(rule: CapRule | CoolDownRule, dial: Dial) -> tuple[str, ...]:
    return tuple(dial.scopes[each] for each in rule.scope)


def _happened(rule: CoolDownRule, dial: Dial) -> Micros:
    """When it did; 0: it did not."""
    match rule.after:
        case "conversation":
            return dial.spoke
        case "connect":
            return dial.up
        case "unanswered":
            return dial.over if not dial.up else 0
        case "abandoned":
            waited = (dial.spoke or dial.over) - dial.up
            return dial.up + WITHIN if dial.up and not dial.reserved and waited > WITHIN + SECOND else 0
    return 0


def _date(at: Micros, zone: str) -> date:
    return datetime.fromtimestamp(at // SECOND, _zone(zone)).date()


@lru_cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
