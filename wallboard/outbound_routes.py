"""The addresses of outbound calls: a part of the one table of `routes.py`, in a file of its own because there are many.

Numbers are in bodies only, so that none gets into an address, a log of addresses or the trail (`shown` names what the trail may have).
"""

from __future__ import annotations

import msgspec

from realtime.settlement import Statement
from realtime.view_campaign import CampaignDetail
from realtime.view_dial import DialSaid, GateSaid
from wallboard import campaign_handlers, number_handlers, outbound_wishes
from wallboard.answers import Answered
from wallboard.authorise import Action
from wallboard.campaign_handlers import CampaignList, PaceAnswer, StatementQuery
from wallboard.door import Asked
from wallboard.number_handlers import ListList, NumberSaid
from wallboard.rates import Cost
from wallboard.row import Handler, Row

READ = Asked(Action.CAMPAIGNS_READ)
NUMBERS = Asked(Action.NUMBERS_MANAGE)


def deed(path: str, action: Action, handler: Handler, summary: str, act: str, body: type[msgspec.Struct], *shown: str) -> Row:
    """What the engine is asked for, and answers."""
    cost = Cost.PRESS if action is Action.BREAK_OWN else Cost.USUAL
    return Row("POST", path, Asked(action), handler, summary, body=body, gives=Answered, cost=cost, act=act, shown=shown, engine=True)


OUTBOUND: tuple[Row, ...] = (
    Row("GET", "/api/campaigns", READ, campaign_handlers.campaigns, "Campaigns and what they did today.", gives=CampaignList),
    deed(
        "/api/campaigns/stop",
        Action.DIALLING_STOP,
        campaign_handlers.stop,
        "Stop all dialling: no dial starts from now on, and what rings is hung up.",
        "stop all dialling",
        outbound_wishes.StopWish,
        "reason",
    ),
    deed(
        "/api/campaigns/resume",
        Action.CAMPAIGNS_MANAGE,
        campaign_handlers.resume,
        "Lift the stop of all dialling: two people.",
        "resume dialling",
        outbound_wishes.ResumeWish,
        "reason",
    ),
    deed(
        "/api/campaigns/withdraw",
        Action.CAMPAIGNS_MANAGE,
        campaign_handlers.withdraw,
        "Take back a step that waits for its second person.",
        "withdraw a step",
        outbound_wishes.WithdrawWish,
        "step",
    ),
    Row("GET", "/api/campaigns/{id}", READ, campaign_handlers.one, "One campaign: its life, its day, its refusals.", gives=CampaignDetail),
    Row(
        "GET",
        "/api/campaigns/{id}/pace",
        Asked(Action.PACE_READ),
        campaign_handlers.pace_of,
        "How fast it may be dialled now, and why.",
        gives=PaceAnswer,
    ),
    deed(
        "/api/campaigns/{id}/step",
        Action.CAMPAIGNS_MANAGE,
        campaign_handlers.step,
        "Move it to another state: trial, review, formal, rectifying, settling, closed.",
        "move a campaign",
        outbound_wishes.StepWish,
        *("to", "evidence", "reason"),
    ),
    deed(
        "/api/campaigns/{id}/stop",
        Action.DIALLING_STOP,
        campaign_handlers.stop,
        "Stop its dialling: no dial starts from now on, and what rings is hung up.",
        "stop a campaign",
        outbound_wishes.StopWish,
        "reason",
    ),
    deed(
        "/api/campaigns/{id}/items",
        Action.CAMPAIGNS_MANAGE,
        campaign_handlers.keep_item,
        "An item of its rectification: new, changed or done.",
        "rectification item",
        outbound_wishes.ItemWish,
        *("item", "owner", "due", "done"),
    ),
    deed(
        "/api/campaigns/{id}/complaints",
        Action.RESULTS_KEEP,
        campaign_handlers.complain,
        "Somebody complained about one of its calls.",
        "complaint",
        outbound_wishes.ComplaintWish,
        "dial",
    ),
    Row(
        "GET",
        "/api/campaigns/{id}/statement",
        READ,
        campaign_handlers.read_statement,
        "Its statement by day, with the digest that both sides confirm.",
        query=StatementQuery,
        gives=Statement,
    ),
    deed(
        "/api/campaigns/{id}/statement",
        Action.CAMPAIGNS_MANAGE,
        campaign_handlers.confirm,
        "Confirm the statement, for our side or the client's.",
        "confirm a statement",
        outbound_wishes.StatementWish,
        *("side", "digest", "evidence"),
    ),
    deed(
        "/api/dials/result",
        Action.RESULTS_KEEP,
        campaign_handlers.keep_result,
        "What came of a call, by its result code.",
        "call result",
        outbound_wishes.ResultWish,
        *("agent", "dial", "code", "block"),
    ),
    Row("GET", "/api/dials/{id}", READ, number_handlers.one_dial, "One decision of the gate, explained.", gives=DialSaid, cost=Cost.HEAVY),
    deed(
        "/api/do-not-call",
        Action.NUMBERS_MANAGE,
        number_handlers.block,
        "Do not call this number any more: in force everywhere at once.",
        "block a number",
        outbound_wishes.BlockWish,
        *("agent", "dial", "scope", "about", "source"),
    ),
    Row(
        "POST",
        "/api/do-not-call/look",
        NUMBERS,
        number_handlers.look_up,
        "What is known of one number: requests, consents, lists.",
        body=outbound_wishes.LookUp,
        gives=NumberSaid,
        act="look up a number",
    ),
    deed(
        "/api/do-not-call/unblock",
        Action.CAMPAIGNS_MANAGE,
        number_handlers.unblock,
        "It may be called again: two people, and a consent newer than the request.",
        "unblock a number",
        outbound_wishes.UnblockWish,
        *("scope", "about", "consent", "reason"),
    ),
    deed(
        "/api/consents",
        Action.NUMBERS_MANAGE,
        number_handlers.keep_consent,
        "Keep a consent with its evidence.",
        "keep a consent",
        outbound_wishes.ConsentWish,
        *("client", "purpose", "basis", "method"),
    ),
    deed(
        "/api/consents/revoke",
        Action.NUMBERS_MANAGE,
        number_handlers.revoke,
        "All consents of this number for this client are over.",
        "revoke consents",
        outbound_wishes.RevokeWish,
        "client",
    ),
    Row("GET", "/api/lists", READ, number_handlers.lists, "Lists that are in force, and how old they are.", gives=ListList),
    Row(
        "POST",
        "/api/gate/ask",
        READ,
        number_handlers.ask_gate,
        "What would the gate say to this number, now or at that time, and why.",
        body=outbound_wishes.GateQuestion,
        gives=GateSaid,
        act="ask the gate",
        shown=("campaign", "agent"),
    ),
    deed(
        "/api/me/result",
        Action.BREAK_OWN,
        campaign_handlers.own_result,
        "What came of my call.",
        "own call result",
        outbound_wishes.ResultWish,
        *("dial", "code", "block"),
    ),
    deed(
        "/api/me/do-not-call",
        Action.BREAK_OWN,
        number_handlers.block_own,
        "The customer of my call wants no more calls.",
        "own block",
        outbound_wishes.BlockWish,
        *("dial", "scope"),
    ),
)
