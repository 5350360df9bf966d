"""Words for meetings."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "meeting.expected": ("{people} people are expected.", "应到{people}人。"),
    "meeting.nobody": (
        "Nobody of these teams is logged in, so there is nobody to meet.",
        "这些班组无人签入，无法开会。",
    ),
    "meeting.no_team": ("The plan has no team {team}; look at its name.", "方案中没有班组{team}；请核对名称。"),
    "meeting.kind": (
        "{kind} is no kind of meeting: meeting, training or coaching.",
        "{kind}不是会议类型；可选 meeting、training、coaching。",
    ),
    "meeting.length": ("{minutes} minutes is not from 1 to {most}.", "{minutes}分钟不在1至{most}之间。"),
    "meeting.not_planned": (
        "The plan has no meeting {meeting}; start one by hand, or look at its name.",
        "方案中没有会议{meeting}；可临时召集，或核对名称。",
    ),
    "meeting.none_left": (
        "Nothing of {meeting} is left to begin today; start one by hand.",
        "今天{meeting}已无可开始的场次；可临时召集。",
    ),
    "meeting.not_on": ("{meeting} is not on.", "{meeting}未在进行。"),
    "meeting.stops": ("{people} people go back to work.", "{people}人返回工作。"),
    "meeting.after_call": (
        "{meeting} is on; it begins for you when your call and its wrap-up are over.",
        "{meeting}正在进行；通话与整理结束后您即入会。",
    ),
}
