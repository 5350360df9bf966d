"""Words for what supervisors order, and for whom they may reach."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "reach.all": ("You may act on everybody.", "您可以管理所有人。"),
    "reach.own": ("It is your own.", "这是您本人的操作。"),
    "reach.team": ("{team} is your team.", "{team}是您的班组。"),
    "reach.other_team": (
        "{agent} is not in a team that you lead; ask that team's leader or a supervisor.",
        "{agent}不在您带的班组；请联系该组组长或现场主管。",
    ),
    "reach.nobody": ("The role {role} may not act on {agent}; ask a supervisor.", "角色{role}不能管理{agent}；请联系现场主管。"),
}
