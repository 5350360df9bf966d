"""The demo's rules for recordings and quality, as files of its plan: three classes, of which one is over soon, a form, and small samples.

Not an example to start from (`examples/plan/retention.toml`, `quality.toml`), and not the recordings (`andon/demo_past.py`).
"""

from __future__ import annotations

from typing import Final

SHORT, BANK, USUAL = "thirty-days", "bank", "cn-bpo-default"
"""Classes: of the campaign on trial, of the bank's, of everything else."""

RETENTION: Final = f"""\
# How long recordings are kept, and by which rule. The trial's are over after thirty days, so that something is due in a demo.
[retention]
default = "{USUAL}"
hear_own = true
missing_after_s = 60

[[class]]
id = "{USUAL}"
name = "Usual practice, three years"
name_zh = "通行做法，三年"
presets = ["cn-bpo-default"]

[[class]]
id = "{SHORT}"
name = "Campaign on trial, thirty days"
name_zh = "试运行项目，三十天"
presets = ["cn-callcentre"]

[[class]]
id = "{BANK}"
name = "North Bank, five years"
name_zh = "北方银行，五年"
presets = ["cn-callcentre"]
burn = true

[[class.rule]]
id = "contract"
clock = "call"
least = "5 years"
dispute = true
dispute_least = "1 year"
note = "Contract NB-2026-207, article 9."

[discs]
media = "cd"
"""

QUALITY: Final = """\
# How calls are scored. A form that was used stays as it was: change it under a new version.
[sampling]
new = 3
young = 2
steady = 2
shortest_s = 10

[[kpi]]
id = "quality"
number = "quality"
below = 75
least = 4

[[form]]
id = "call"
name = "Service and sales call"
name_zh = "服务与销售通话"

[[form.section]]
id = "opening"
name = "Opening and identity"
name_zh = "开场与身份核实"
weight = 20

[[form.section.item]]
id = "greeting"
text = "Greets with company and own name"
text_zh = "问候并报出公司和本人姓名"
help = "Both names, within ten seconds"
help_zh = "十秒内报出两个名称"

[[form.section.item]]
id = "identity"
text = "Verifies who is on the line before any detail"
text_zh = "透露任何信息前先核实身份"
critical = "customer"
comment = "failing"
may_skip = false

[[form.section]]
id = "compliance"
name = "Compliance"
name_zh = "合规"
weight = 20

[[form.section.item]]
id = "notice"
text = "Says that the call is recorded"
text_zh = "告知通话录音"

[[form.section.item]]
id = "honest"
text = "No false statement, no threat, no abusive language"
text_zh = "无虚假陈述、无威胁、无辱骂"
critical = "compliance"
comment = "failing"
may_skip = false

[[form.section.item]]
id = "card"
text = "No card data while recording"
text_zh = "录音期间不涉及银行卡敏感信息"
critical = "compliance"
comment = "failing"

[[form.section]]
id = "need"
name = "Need and solution"
name_zh = "需求与解决"
weight = 40

[[form.section.item]]
id = "listens"
text = "Finds out what the customer needs"
text_zh = "了解客户需求"
kind = "scale"
weight = 2.0

[[form.section.item]]
id = "solves"
text = "Offers what fits, or passes on to who can"
text_zh = "提供合适方案或转交处理"
kind = "scale"

[[form.section]]
id = "manner"
name = "Manner"
name_zh = "沟通"
weight = 20

[[form.section.item]]
id = "clear"
text = "Speaks clearly, lets the customer finish"
text_zh = "表达清晰，不打断客户"
kind = "scale"
"""
