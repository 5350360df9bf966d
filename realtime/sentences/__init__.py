"""Findings in plain words, Chinese and English: the one place where a code of a rule becomes a sentence for a person.

Each module is the catalogue of one subject: code -> (English, Chinese), filled by a finding's values as str.format does.
A sentence says what happened and what to do. Times come as values that are words already (`14:40`); what has a Chinese name of its own
comes twice, as `team` and `team_zh`.
"""

from __future__ import annotations

from realtime.decision import Finding
from realtime.sentences import alerts, breaks, campaigns, cards, dialling, duty, gate, meetings, pace, pauses, plan, results, supervise

Catalogue = dict[str, tuple[str, str]]

CATALOGUES: tuple[Catalogue, ...] = (
    breaks.WORDS,
    pauses.WORDS,
    duty.WORDS,
    meetings.WORDS,
    supervise.WORDS,
    cards.WORDS,
    alerts.WORDS,
    plan.WORDS,
    gate.WORDS,
    pace.WORDS,
    results.WORDS,
    campaigns.WORDS,
    dialling.WORDS,
)
WORDS: Catalogue = {code: said for catalogue in CATALOGUES for code, said in catalogue.items()}
LANGUAGES = ("en", "zh")
NAMED: dict[str, dict[str, tuple[str, str]]] = {
    "kind": breaks.KINDS,
    "state": duty.STATES,
    "activity": duty.ACTIVITIES,
    **campaigns.NAMED,
    **dialling.NAMED,
}
"""Values that are codes, each with its words."""


def sentence(finding: Finding, language: str) -> str:
    """In `en` or `zh`. A code that this version does not know is said as it is: an older log may have one."""
    said = WORDS.get(finding.rule)
    if said is None:
        return finding.rule
    values, number = finding.values, LANGUAGES.index(language)
    for name, names in NAMED.items():
        if (known := names.get(str(values.get(name, "")))) is not None:
            values = {**values, name: known[number]}
    if str(who := values.get("who", "")).startswith("user:"):  # a person, as the trail tells them from programs; here it is a sentence
        values = {**values, "who": str(who).removeprefix("user:")}
    if language == "zh":
        values = {**values, **{name.removesuffix("_zh"): value for name, value in values.items() if name.endswith("_zh") and value}}
    try:
        return said[number].format_map(values)
    except (KeyError, ValueError, IndexError):
        return finding.rule


def both(finding: Finding) -> dict[str, str]:
    """By language, as rows carry it."""
    return {language: sentence(finding, language) for language in LANGUAGES}
