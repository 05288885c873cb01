"""Headings and topics: words that say what the sentences behind them are about, and order nothing themselves."""

from __future__ import annotations

from luodi.supervision.texts import lexicon, subjects
from luodi.supervision.texts.scope import Scope
from luodi.supervision.texts.sentences import Sentence
from luodi.supervision.texts.template import Template
from luodi.supervision.texts.values import Every, When

HEADING_LENGTH = 40
TOPIC_LENGTH = 22


def is_heading(
    sentence: Sentence, following: Sentence | None, made: Template, found: list[subjects.Subject], scope: Scope
) -> bool:
    """Tell a heading: numbered or alone, short, naming nobody and no day, with what it heads behind it."""
    if len(made.text) > HEADING_LENGTH or any(one.kind != "generic" for one in found):
        return False
    if any(isinstance(piece, When | Every) for piece in made.pieces.values()):
        return False
    if sentence.first and sentence.number == "outer":
        goes_on = following is not None and not following.number and not following.mark.startswith("；")
        return goes_on or (sentence.last and not sentence.mark and scope.listed is None)
    if sentence.number == "inner":
        return following is not None and not following.number and not scope.carried()[0] and sentence.mark[:1] == "。"
    return sentence.first and sentence.last and not sentence.mark and scope.listed is None


def is_topic(sentence: Sentence, following: Sentence | None, made: Template, scope: Scope) -> bool:
    """Tell 要打造优美的环境。, which says what the following sentences are about: short, of no named unit's work."""
    carried = scope.carried()[0]
    if following is None or made.pieces or len(made.text) > TOPIC_LENGTH or not made.text.startswith("要"):
        return False
    named = bool(carried) and not any(mention.collective for mention in carried)
    return "，" not in made.text and not named and not lexicon.words("products").search(made.text)


def set_heading(scope: Scope, sentence: Sentence, text: str) -> None:
    said = text[sentence.body : sentence.end].strip()
    if sentence.number == "inner":
        scope.inner_heading = said
    else:
        scope.heading = said
