"""
Whose sentences these are, and under which headings.

A subject: it holds for the sentences after it in its paragraph; inside an item (一是 …) only to the item's
end; what opens a list (：) holds for the list's items, over paragraphs too. 我们 and the like end it, and so does 会议强调.
"""

from __future__ import annotations

from dataclasses import dataclass

from luodi.kernel.gov_units import Mention
from luodi.supervision.texts.sentences import Sentence


@dataclass
class Scope:
    """Whose sentences these are: of the list, the paragraph, the item; and under which headings."""

    listed: tuple[Mention, ...] | None = None
    base: tuple[Mention, ...] | None = None
    item: tuple[Mention, ...] | None = None
    in_item: bool = False
    heading: str = ""
    inner_heading: str = ""
    open_list: bool = False
    numbered: bool = False
    duties: bool = False
    topic: bool = False
    written_to: tuple[Mention, ...] = ()

    def begin_paragraph(self, first: Sentence) -> None:
        """Carry a list's subject into its items, and nothing else over a paragraph's end."""
        if not (self.listed is not None and (first.number or self.open_list)):
            self.listed = None
        self.base, self.item, self.in_item, self.inner_heading, self.topic = None, None, False, "", False
        self.numbered = first.number == "outer"

    def begin_item(self) -> None:
        """Forget what the item before was about."""
        self.item, self.in_item, self.inner_heading, self.topic = None, True, "", False

    def name(self, leads: tuple[Mention, ...] | None, *, duties: bool = False) -> None:
        """Set the subject; None is nobody's. `duties`: 市水利局：…；…, what follows is all his."""
        self.duties, self.topic = duties, False
        if self.in_item:
            self.item = leads if leads is not None else ()
        else:
            self.base = leads

    def carried(self) -> tuple[tuple[Mention, ...], str]:
        """Give the subject that holds here, and how it was carried."""
        if self.item is not None:
            return self.item, "carried" if self.item else "none"
        if self.base:
            listed = self.duties or (self.in_item and self.base is self.listed)
            return self.base, "carried_list" if listed else "carried"
        return (self.listed, "carried_list") if self.listed else ((), "none")
