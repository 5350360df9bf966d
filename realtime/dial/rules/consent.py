"""What must be there before somebody is called: a consent, a written one, a contract, a relation. Pure.

Not where they are kept (the ledger, lists of consents). One that is over, of another client or for another purpose is none; a need that
this version does not know is met by nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from realtime.decision import Finding
from realtime.dial.model import Consent
from realtime.dial.rules.case import Case, date_of, relation, valid
from realtime.plan.dialling import ConsentRule


def consent(case: Case) -> Iterator[Finding]:
    for each in case.laid.consents:
        rule: ConsentRule = each.rule
        met, since = meets(case, rule)
        if met:
            yield Finding("dial.consent", "allow", {**each.values, "need": rule.need, "lifted_by": met, "since": since})
        else:
            yield Finding("dial.consent.missing", "deny", {**each.held, "need": rule.need})


def meets(case: Case, rule: ConsentRule) -> tuple[str, str]:
    """What meets it, and since when; empty: nothing does."""
    known = valid(case.seen, case.purpose)
    found = _first(known, "consent", written=rule.need == "written")
    if rule.need == "consent_or_contract" and found is None:
        found = _first(known, "contract")
        if found is None and "contract" in case.words:
            return "contract", ""
    if rule.need == "consent_or_relation" and found is None:
        found = relation(case.seen, case.purpose, rule.transaction_months, rule.inquiry_months)
    if found is None or rule.need not in ("consent", "written", "consent_or_contract", "consent_or_relation"):
        return "", ""
    return found.basis, date_of(found.given, case.seen.zone)


def _first(known: list[Consent], basis: str, written: bool = False) -> Consent | None:
    return next((each for each in known if each.basis == basis and (each.written or not written)), None)
