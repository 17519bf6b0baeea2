"""The Markdown that editors write: lists, links, emphasis and paragraphs, and nothing of HTML."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

# Whatever else somebody writes, HTML, a picture or another address, is shown as it is written.
RULES = ("list", "emphasis", "link", "autolink", "newline", "escape", "entity")
ADDRESSES = ("https://", "http://", "tel:", "mailto:")


def html(text: str) -> Markup:
    """What a page shows; links open beside it, for whoever reads is in the middle of something."""
    return Markup(_markdown().render(text))


def plain(text: str) -> str:
    """The same for a field or a mail: a line a bullet or paragraph, addresses of links written out."""
    return "\n".join(_lines(_markdown().parse(text)))


@lru_cache
def _markdown() -> MarkdownIt:
    markdown = MarkdownIt("zero").enable(list(RULES))
    markdown.validateLink = lambda address: address.lower().startswith(ADDRESSES)  # type: ignore[method-assign, assignment]
    markdown.add_render_rule("link_open", _link)
    return markdown


def _link(self: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    if str(tokens[index].attrGet("href")).startswith("http"):
        tokens[index].attrSet("target", "_blank")
        tokens[index].attrSet("rel", "noopener noreferrer")
    return str(self.renderToken(tokens, index, options, env))


def _lines(tokens: Sequence[Token]) -> Iterator[str]:
    before = ""
    for token in tokens:
        if token.type == "list_item_open":
            before = f"{token.info}. " if token.info else "• "
        elif token.type == "inline":
            yield before + "".join(_words(token.children or []))
            before = ""


def _words(tokens: Sequence[Token]) -> Iterator[str]:
    address, said = "", ""
    for token in tokens:
        if token.type == "link_open":
            address, said = str(token.attrGet("href")), ""
        elif token.type == "link_close":
            if address.startswith("http") and address != said:
                yield f" ({address})"
            address = ""
        elif token.type in ("softbreak", "hardbreak"):
            yield " "
        else:
            said += token.content
            yield token.content
