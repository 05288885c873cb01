"""What papers are written from, loaded; and the papers that were made."""

from luodi.documents.queries.made import papers
from luodi.documents.queries.sources import FinalNeedsSeal, NoSuchPaper, paper_of, sources

__all__ = ["FinalNeedsSeal", "NoSuchPaper", "paper_of", "papers", "sources"]
