"""Steps of the bridge in words: what kind of act moved a published value, for which projects, and the reason given."""

from __future__ import annotations

from collections.abc import Sequence

from luodi.kernel.problem import words as say

# Beginning of an act's name -> what it moved. The first that fits counts.
KINDS = (
    ("statistics.target", "targets"),
    ("statistics.", "figures"),
    ("projects.stage", "stages"),
    ("projects.claim", "stages"),
    ("projects.attribution", "shares"),
    ("projects.list", "lists"),
    ("projects.plan", "plans"),
    ("projects.", "versions"),
    ("identity.unit", "units"),
)
CAUSES = ("units", "targets", "profile")
NAMED = 3  # projects named in one step


def words(cause: str, acts: Sequence[str], projects: Sequence[str], reason: str) -> str:
    """Say a step: 填报数调整（“某某项目”）：审计核减. `acts` are names of facts, `projects` names that may be printed."""
    kinds = [cause] if cause in CAUSES else list(dict.fromkeys(kind_of(act) for act in acts)) or ["rows"]
    text = "、".join(say(f"bulletin.step.{kind}") for kind in kinds)
    if projects:
        more = f"等{len(projects)}个项目" if len(projects) > NAMED else ""
        text += f"（{'、'.join(projects[:NAMED])}{more}）"
    return f"{text}：{reason}" if reason else text


def kind_of(act: str) -> str:
    """Tell what an act moved by its name."""
    return next((kind for start, kind in KINDS if act.startswith(start)), "rows")
