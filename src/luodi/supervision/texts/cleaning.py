"""
A clean view of a damaged text: simplified, one width, without pinyin glosses, needless spaces and line breaks inside
sentences; each of its characters knows where it stood in the raw text.

Masks of any kind (＊＊, ××, ○○) become * and X. Nothing else is mended: a name that was torn stays torn.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from luodi.kernel.chinese import is_han, readings_of, to_simplified
from luodi.supervision.texts.lexicon import any_of, rules

# Full-width letters, digits and signs become ASCII; punctuation goes the other way.
_FULL = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F) if chr(code) not in "，；：！？（）"}
_TABLE: dict[int, int] = {
    **_FULL,
    **{ord(old): ord(new) for old, new in zip(",;:!?()", "，；：！？（）", strict=True)},
    **{ord(character): ord("（") for character in "〔【［[﹙{｛"},
    **{ord(character): ord("）") for character in "〕】］]﹚}｝"},
    **{ord(character): ord("*") for character in "＊∗﹡※"},
    **{ord(character): ord("X") for character in "×Ｘ✕╳○◯"},
    **{ord(character): ord(" ") for character in "\t\u3000\xa0\u2002\u2003\u2009\u200b\u200c\u200d\u2060\ufeff\xad"},
    **{ord(character): ord("\n") for character in "\x0b\x0c\x85\u2028\u2029"},
    **{ord(character): ord("、") for character in "､﹑"},
    ord("．"): ord("."),
    ord("｡"): ord("。"),
    ord("﹒"): ord("."),
    ord("～"): ord("~"),
}
_PRIVATE = {code: ord("□") for code in range(0xE000, 0xF900)}  # the parser marks units with these
# Traditional forms that GB2312 has too, and simplified texts do not use.
_OLD_FORMS = frozenset("後於徵菸麽夥摺")
_SPACES = re.compile(r" +")
_GLOSS = re.compile(r"（([A-Za-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüńňǹḿɡêĀÁǍÀĒÉĚÈŌÓǑÒ' ’·0-5]{1,60})）")
_TONES = str.maketrans("āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüńňǹḿɡê", "aaaaeeeeiiiioooouuuuvvvvvnnnmge")
_NO_LETTER = re.compile(r"[^a-z]")
_FULL_STOP = re.compile(r"(?<=[\u3400-\u9fff）”])\.(?![0-9A-WYZa-wyz])")
# A circle in a year is a zero and no mask: 二○二六年.
_ZEROS = re.compile("(?<=[一二])[○◯]{1,2}(?=[一二三四五六七八九年])")
_DOUBLED = re.compile("，(?=[，、。；：！？])")
_LINE = re.compile(r"[^\n]+")

MARKER = re.compile(
    r"[（]?(?:第?[一二三四五六七八九十]{1,3}|[0-9]{1,2})(?:[、.．）]|，(?<=第.，)|(?=[是要]))|[①-⑳]|第[一二三四五六七八九十]+[，、：]"
)
# 责任单位：… and 问题一：… begin lines of their own.
_KEYED = re.compile(r"[\u3400-\u9fff]{2,7}[0-9]{0,2}：")
_ENDS = "。！？；…：!?;"
_CLOSERS = '”’）》」』"'
_HANGING = re.compile(
    r"[，、（“《‘和与及并由把将对为的在向]$|(?:抓紧|尽快|进一步|切实|认真|及时|立即|继续|[月日年]底?前)$|(?<![纪主重需首必纲摘概提])要$"
)
_CONTINUES = tuple("，、。；：）”》’！？的了和与及")
_ORDERS = re.compile(r"(?<![主重需首必纪纲摘])要(?!求|素|点)|必须|责成|牵头|负责|配合|抓紧|尽快")
MIN_WIDTH = 12  # nobody breaks lines sooner than this
LONG_LINE = 25  # a numbered line that is shorter is a heading
UNEVEN = 6  # lines that were broken hard differ by no more
TITLE_LENGTH = 40  # a line as long as this is no title


@dataclass(frozen=True)
class Clean:
    """`text[i]` stood at `raw[at[i]]`."""

    raw: str
    text: str
    at: array[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Carry a span that is not empty back to the raw text."""
        return self.at[start], self.at[end - 1] + 1


def clean(raw: str) -> Clean:
    """Make the clean view of a text."""
    returns = {ord("\r"): ord(" ") if "\n" in raw else ord("\n")}
    zeros = _ZEROS.sub(lambda found: "〇" * len(found[0]), raw)
    plain = zeros.translate({**_TABLE, **_PRIVATE, **returns, **_simplifying(raw)})
    plain = _FULL_STOP.sub("。", plain)
    dropped = sorted([*_glosses(plain), *_spaces(plain), *_breaks(plain), *_doubled(plain)])
    pieces, at, done = [], array("L"), 0
    for start, end in [*dropped, (len(plain), len(plain))]:
        if start > done:
            pieces.append(plain[done:start])
            at.extend(range(done, start))
        done = max(done, end)
    return Clean(raw, "".join(pieces), at)


def _simplifying(raw: str) -> dict[int, int]:
    """Map each traditional character of the text to one simplified character, so that places stay."""
    table = {}
    for character in set(raw):
        if character in _OLD_FORMS or (is_han(character) and not _is_gb2312(character)):
            simple = to_simplified(character)
            if len(simple) == 1 and simple != character:
                table[ord(character)] = ord(simple)
    return table


def _is_gb2312(character: str) -> bool:
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _glosses(text: str) -> Iterator[tuple[int, int]]:
    """Find pinyin in brackets behind the characters it spells; an abbreviation such as （PPP） spells none."""
    for found in _GLOSS.finditer(text):
        letters = _NO_LETTER.sub("", found[1].casefold().translate(_TONES))
        before = text[max(0, found.start() - 12) : found.start()].replace(" ", "")
        if letters and any(_spells(letters, before[-count:]) for count in range(1, len(before) + 1)):
            yield found.start(), found.end()


def _spells(letters: str, characters: str) -> bool:
    """Tell whether letters spell the characters, each by one of its readings (or with ü typed as u or v)."""
    reached = {0}
    for character in characters:
        if not is_han(character):
            return False
        reached = {at + len(one) for at in reached for one in readings_of(character) if letters.startswith(one, at)}
    return len(letters) in reached


def _spaces(text: str) -> Iterator[tuple[int, int]]:
    """Find spaces that stand for nothing: all but those between two ASCII words."""
    for found in _SPACES.finditer(text):
        around = text[found.start() - 1 : found.start()] + text[found.end() : found.end() + 1]
        if not (len(around) == 2 and around.isascii() and around.isalnum()):
            yield found.span()


def _doubled(text: str) -> Iterator[tuple[int, int]]:
    """Find commas before another mark, which copying has doubled: 会议召开，。"""
    for found in _DOUBLED.finditer(text):
        yield found.span()


def _breaks(text: str) -> Iterator[tuple[int, int]]:
    """Find line breaks to drop: those inside a sentence, and all but one of a blank run."""
    lines = [(found.start(), found.end(), found[0].strip()) for found in _LINE.finditer(text)]
    lines = [line for line in lines if line[2]]
    if not lines:
        return
    width = _wrapped_at([line for _, _, line in lines])
    for (_, end, line), (start, _, following) in pairwise(lines):
        blank = text.count("\n", end, start) > 1
        joined = _joins(line, following, width, blank)
        for at in [at for at in range(end, start) if text[at] == "\n"][0 if joined else 1 :]:
            yield at, at + 1


def _wrapped_at(lines: list[str]) -> int | None:
    """Find the width at which a text was broken hard, or None: most lines are near one length and end in mid-sentence."""
    open_lines = [line for line in lines if line[-1] not in _ENDS + _CLOSERS and not MARKER.match(line)]
    if len(open_lines) < 3 or len(open_lines) * 3 < len(lines):
        return None
    width = max(map(len, open_lines))
    near = sum(len(line) >= width - 4 for line in open_lines)
    return width if MIN_WIDTH <= width <= 120 and near * 2 >= len(open_lines) else None


def _joins(line: str, following: str, width: int | None, blank: bool) -> bool:
    """Tell whether a sentence goes on in the following line."""
    if line.endswith(("，", "、")) or following[0] in "，、。；）”》’":
        return True
    if blank or MARKER.match(following) or _KEYED.match(following):
        return False
    if line[-1] in _ENDS + "）" or (line[-1] in _CLOSERS and line[-2:-1] in tuple(_ENDS)):
        return False
    if len(line) >= TITLE_LENGTH or (width is not None and len(line) >= width - 4):
        return True
    if _role_line().match(line):
        return False
    if _HANGING.search(line):
        return True
    even = len(line) >= MIN_WIDTH and abs(len(line) - len(following)) <= UNEVEN
    if MARKER.match(line):
        tail = following[-1] in _ENDS and len(following) < len(line)
        return len(line) >= LONG_LINE and "，" in line and (even or tail)
    if following.startswith(_CONTINUES):
        return True
    return bool(_ORDERS.search(line) or "，" in line) and (even or following[-1] in _ENDS)


@cache
def _role_line() -> re.Pattern[str]:
    """Give the pattern of a line that names roles (配合单位：…), which ends where it ends."""
    words = rules()
    keys = any_of(key for some in words["role_keys"].values() for key in some)
    return re.compile(f"{any_of(words['role_key_openings'])}?{keys}：")
