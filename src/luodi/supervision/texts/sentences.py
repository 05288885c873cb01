"""
Paragraphs and sentences of the clean text. ； ends a sentence too, for minutes give each task such a part; nothing is
cut inside brackets. Numbers in front (一、 （二） 3. 一是 二要) are told from what they number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_PARAGRAPH = re.compile(r"[^\n]+")
_MARKER = re.compile(
    r"(?P<outer>（[一二三四五六七八九十]{1,3}）|（[0-9]{1,2}）|[0-9]{1,2}(?:[、）]|\.(?![0-9]))|[①-⑳]"
    r"|[一二三四五六七八九十]{1,3}、|第[一二三四五六七八九十]{1,3}(?:(?:件事|个方面|个问题|个|点|项)?[，、：]|(?![季次批届个条期件点项]))|[●◆■▪•·\-—]+)"
    r"|(?P<inner>[一二三四五六七八九十](?:(?=要(?!求))|是要?|来，?|则))|(?P<also>(?:其[一二三四五]|首先|其次|再次)，?)"
)
_STOP = re.compile(r"[。！？；…]+[”’）》]*|[（）]|：(?=[一1]是|一要|（一）|（1）|1[.、]|①|$)")
_NAMES_ROLES = re.compile("(?:单位|部门|领导|牵头|时限)[^，。；]{0,2}：|牵头")
LONGEST_NUMBER = 5  # （二十三
MAX_SENTENCE = 2000
MAX_BRACKET = 300  # a bracket that is longer was never closed


@dataclass(frozen=True)
class Sentence:
    """
    One sentence in the clean text, without its end mark.

    `body` is where it begins behind its number; `number` is '', 'outer' (一、 1.) or 'inner' (一是); `opens_list`: it
    ended with ：; `mark` is how it ended; `first` and `last` tell its place in the paragraph.
    """

    start: int
    body: int
    end: int
    number: str
    opens_list: bool
    mark: str
    paragraph: int
    first: bool
    last: bool


def sentences(text: str) -> Iterator[list[Sentence]]:
    """Yield the sentences of each paragraph."""
    for at, paragraph in enumerate(_PARAGRAPH.finditer(text)):
        cut = _spans(text, paragraph.start(), paragraph.end())
        spans = [part for span in cut for part in _short(text, span)]
        found = [_sentence(text, span, at, first=i == 0, last=i == len(spans) - 1) for i, span in enumerate(spans)]
        if found:
            yield found


def _spans(text: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    """Cut a paragraph: start, end without the end mark, end mark."""
    depth, at = 0, start
    closes = _closing(text, start, end)
    for stop in _STOP.finditer(text, start, end):
        if stop[0] == "（":
            depth += stop.start() in closes
        elif stop[0] == "）":
            depth = max(depth - 1, 0)
            if closes.get(at) == stop.start() and not depth and _alone(text, at, stop.start()):
                yield at, stop.end(), "）"
                at = stop.end()
        elif not depth:
            if text[at : stop.start()].strip():
                yield at, stop.start(), stop[0]
            at = stop.end()
    if text[at:end].strip():
        yield at, end, ""


def _alone(text: str, start: int, end: int) -> bool:
    """Tell a bracket that is a sentence by itself from a number: it names roles, or is longer than one."""
    return end - start > LONGEST_NUMBER or bool(_NAMES_ROLES.search(text, start, end))


def _short(text: str, span: tuple[int, int, str]) -> Iterator[tuple[int, int, str]]:
    """Cut what is longer than any sentence at a comma, so that the work grows with the text and not with its square."""
    start, end, mark = span
    while end - start > MAX_SENTENCE:
        comma = text.rfind("，", start + 1, start + MAX_SENTENCE)
        at = comma if comma > 0 else start + MAX_SENTENCE
        yield start, at, ""
        start = at
    yield start, end, mark


def _closing(text: str, start: int, end: int) -> dict[int, int]:
    """Find where opening brackets are closed again within reach; a lone one must not swallow the paragraph."""
    open_at: list[int] = []
    closed = {}
    for bracket in re.finditer("[（）]", text[start:end]):
        if bracket[0] == "（":
            open_at.append(start + bracket.start())
        elif open_at:
            begun = open_at.pop()
            if start + bracket.start() - begun <= MAX_BRACKET:
                closed[begun] = start + bracket.start()
    return closed


def _sentence(text: str, span: tuple[int, int, str], paragraph: int, *, first: bool, last: bool) -> Sentence:
    start, end, mark = span
    while start < end and text[start] in " ，、”’":
        start += 1
    marker = _MARKER.match(text, start, end)
    number = (marker.lastgroup or "") if marker else ""
    body = marker.end() if marker else start
    second = _MARKER.match(text, body, end) if marker and number == "outer" else None
    if second and second.lastgroup == "inner":
        body = second.end()
    while body < end and text[body] in " ，、":
        body += 1
    opens = mark.startswith("：") or text[start:end].endswith("：")
    return Sentence(
        start, min(body, end), end, "inner" if number == "also" else number, opens, mark, paragraph, first, last
    )
