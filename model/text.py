"""
Plain text for people: aligned tables, small bars, percentages, and the scope line that every output carries.

Knows: characters. Must not know: diagnoses, findings, networks.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping, Sequence
from itertools import zip_longest
from string import Formatter
from typing import Final

from priors.shown import WIDTH

# What an English label may begin with that keeps its capital inside a sentence.
NAMES = (
    *(
        "Africa",
        "Caucasian",
        "Central America",
        "Far East",
        "Mediterranean",
        "Middle East",
        "North America",
        "South Asia",
    ),
    *("Baló", "Dawson", "Erdheim", "Lhermitte", "Lyme", "Marburg", "Schilder", "Susac", "Uhthoff"),
    *("Borrelia", "Candida", "Cryptococcus", "Histoplasma"),
)
SCOPE = "For education and research; not a medical device."

JUDGEMENT = (
    "Judgement was written by a language model that saw neither patients nor documents, not by clinicians."
)


PARTED, UNPARTED = " %", "\N{NO-BREAK SPACE}%"

NARROW: Final = 16
"""Columns below which no column of a table is made narrower."""

ENGLISH: Final[Mapping[str, str]] = {"decimal": "."}
"""Words of a language, as far as numbers need them: the sign before the decimals; the other one parts thousands."""


def localised(number: str, words: Mapping[str, str] = ENGLISH) -> str:
    """
    A number that was written in English, as the language of the words writes it.

    Examples
    --------
    >>> localised("1,234.5"), localised("1,234.5", {"decimal": ","})
    ('1,234.5', '1.234,5')
    """
    return number.translate({44: 46, 46: 44}) if words.get("decimal", ".") == "," else number


class _Filling(Formatter):
    """Fills blanks in; numbers become those of a language."""

    def __init__(self, words: Mapping[str, str]) -> None:
        self.words = words

    def format_field(self, value: object, format_spec: str) -> str:
        text = str(super().format_field(value, format_spec))
        return localised(text, self.words) if isinstance(value, int | float) else text


def filled(sentence: str, words: Mapping[str, str] = ENGLISH, /, **values: object) -> str:
    """
    A sentence with its blanks filled in, its numbers as the language of the words writes them.

    Raises
    ------
    KeyError
        If a blank is not given.

    Examples
    --------
    >>> filled("{who}: {bits:.2f} Bit", {"decimal": ","}, who="A.B.", bits=1.5)
    'A.B.: 1,50 Bit'
    """
    return _Filling(words).vformat(sentence, (), values)


def percent(probability: float, words: Mapping[str, str] = ENGLISH) -> str:
    """
    A probability as a person reads it; never rounds to certainty.

    Examples
    --------
    >>> percent(0.4567), percent(0.0234), percent(0.0002), percent(0.99996), percent(0.0), percent(1.0)
    ('46 %', '2.3 %', '<0.1 %', '>99.9 %', '0 %', '100 %')
    >>> percent(0.0234, {"decimal": ","})
    '2,3 %'
    """
    if probability in (0.0, 1.0):
        return f"{probability:.0%}".replace("%", " %")
    if probability < 0.001:
        return localised("<0.1 %", words)
    if probability > 0.999:
        return localised(">99.9 %", words)
    digits = 1 if probability < 0.0995 or probability > 0.9905 else 0
    return localised(f"{100 * probability:.{digits}f} %", words)


def span(low: str, high: str, words: Mapping[str, str]) -> str:
    """
    From one text to another, in the words of ``interval``; one text where both read alike.

    Examples
    --------
    >>> words = {"interval": "{low} to {high}"}
    >>> span("2 %", "5 %", words), span("<0.1 %", "<0.1 %", words)
    ('2 % to 5 %', '<0.1 %')
    """
    return low if low == high else filled(words["interval"], words, low=low, high=high)


def unparted(text: str) -> str:
    r"""
    A text in which no line ends between a number and its per cent sign; for pages, where a browser breaks the lines.

    Programs, files and what is searched keep the plain space of `percent`.

    Examples
    --------
    >>> unparted("19 % of 1,000")
    '19\xa0% of 1,000'
    """
    return text.replace(PARTED, UNPARTED)


def within(label: str) -> str:
    """
    An English label inside a sentence: in small letters, unless it begins with an abbreviation or a name.

    Examples
    --------
    >>> within("Ring or nodule"), within("CNS lymphoma"), within("3 or more")
    ('ring or nodule', 'CNS lymphoma', '3 or more')
    >>> within("North America"), within("Northern Europe"), within("T1 black holes")
    ('North America', 'northern Europe', 'T1 black holes')
    """
    is_short = label[1:2].isupper() or label[1:2].isdigit() or label[1:2] == "-"
    return label if is_short or label.startswith(NAMES) else label[:1].lower() + label[1:]


def decimals(value: float) -> str:
    """
    A small number to three decimals, or to as many as its first digit needs; only nothing is written as 0.

    Examples
    --------
    >>> decimals(0.1234), decimals(0.00042), decimals(0.0)
    ('0.123', '0.0004', '0')
    """
    return f"{value:.{max(3, -math.floor(math.log10(abs(value))))}f}" if value else "0"


def bar(fraction: float, width: int = 16) -> str:
    """
    A bar of block characters, in eighths of a character; `fraction` in [0, 1] fills `width`.

    Examples
    --------
    >>> bar(0.5, 4), bar(0.0, 4), bar(1.0, 4)
    ('██', '', '████')
    """
    eighths = round(max(0.0, min(1.0, fraction)) * width * 8)
    return "█" * (eighths // 8) + " ▏▎▍▌▋▊▉"[eighths % 8].strip()


def fitted(text: str, width: int = WIDTH) -> str:
    r"""
    Lines that are too long in several, set in by two more; what was set in stays so.

    Examples
    --------
    >>> print(fitted("one\n  two three four", 10))
    one
      two
        three
        four
    """
    return "\n".join(piece for line in text.splitlines() for piece in _pieces(line, width))


def _pieces(line: str, width: int) -> list[str]:
    if len(line) <= width:
        return [line]
    indent = line[: len(line) - len(line.lstrip())]
    return _wrapped(line.strip(), width, first=indent, then=f"{indent}  ") or [line]


def _wrapped(text: str, width: int, *, first: str = "", then: str = "", is_cut: bool = False) -> list[str]:
    """A text in lines of a width, each number beside its per cent sign; too long a word is cut only if said so."""
    lines = textwrap.wrap(
        unparted(text),
        width,
        initial_indent=first,
        subsequent_indent=then,
        break_long_words=is_cut,
        break_on_hyphens=False,
    )
    return [line.replace(UNPARTED, PARTED) for line in lines]


def table(header: Sequence[str], rows: Sequence[Sequence[str]], *, right: Sequence[int] = ()) -> str:
    """
    An aligned table in `WIDTH` columns; those numbered in `right` are flushed right, the others broken where they must.

    Examples
    --------
    >>> print(table(("diagnosis", "p"), [("MS", "5 %"), ("other", "95 %")], right=(1,)))
    diagnosis     p
    MS          5 %
    other      95 %
    """
    return "\n".join(table_rows(header, rows, right=right))


def table_rows(
    header: Sequence[str], rows: Sequence[Sequence[str]], *, right: Sequence[int] = ()
) -> list[str]:
    """The header and the rows of such a table; a row that had to be broken holds several lines."""
    lines = [tuple(header), *(tuple(row) for row in rows)]
    widths = _widths(lines, right)
    return [
        "\n".join(
            "  ".join(
                cell.rjust(width) if column in right else cell.ljust(width)
                for column, (cell, width) in enumerate(zip(piece, widths, strict=True))
            ).rstrip()
            for piece in _broken(line, widths)
        )
        for line in lines
    ]


def _widths(lines: Sequence[Sequence[str]], right: Sequence[int]) -> list[int]:
    """Widths of the columns; those not in `right` give way, words are broken only where nothing else helps."""
    columns = list(zip(*lines, strict=True))
    widths = [max(map(len, column)) for column in columns]
    words = [
        max((len(word) for cell in column for word in unparted(cell).split(" ")), default=0)
        for column in columns
    ]
    for least in (words, [NARROW] * len(columns)):
        while sum(widths) + 2 * (len(widths) - 1) > WIDTH:
            ready = [i for i, width in enumerate(widths) if i not in right and width > least[i]]
            if not ready:
                break
            widths[max(ready, key=widths.__getitem__)] -= 1
    return widths


def _broken(line: Sequence[str], widths: Sequence[int]) -> list[tuple[str, ...]]:
    """A line of a table as several, if a cell is wider than its column."""
    cells = [
        _wrapped(cell, width, is_cut=True) if len(cell) > width else [cell]
        for cell, width in zip(line, widths, strict=True)
    ]
    return list(zip_longest(*cells, fillvalue=""))


def csv_cell(value: object) -> object:
    """
    A cell that no spreadsheet takes for a formula: text that starts like one gets an apostrophe.

    References
    ----------
    OWASP, CSV injection: cells that start with = + - @, a tab or a carriage return.

    Examples
    --------
    >>> csv_cell("=1+1"), csv_cell("PVS +"), csv_cell(-1.5)
    ("'=1+1", 'PVS +', -1.5)
    """
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


def counted(n: int, singular: str, plural: str | None = None) -> str:
    """
    A number with its noun.

    Examples
    --------
    >>> counted(1, "finding"), counted(2, "finding"), counted(2, "diagnosis", "diagnoses")
    ('1 finding', '2 findings', '2 diagnoses')
    """
    return f"{n} {singular if n == 1 else plural or singular + 's'}"


__all__ = [
    "ENGLISH",
    "JUDGEMENT",
    "SCOPE",
    "WIDTH",
    "bar",
    "counted",
    "csv_cell",
    "decimals",
    "filled",
    "fitted",
    "localised",
    "percent",
    "span",
    "table",
    "table_rows",
    "unparted",
]
