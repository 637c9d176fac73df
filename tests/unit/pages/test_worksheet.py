"""Worksheet and key of a case: the sheet never gives the diagnosis away, both say the same as HTML and PDF."""

import io
import re
import tomllib
from dataclasses import replace

import pypdf
import pytest
from PIL import Image

from model import Case, load_network, stages
from model.pages.worksheet import Sheet, page_html
from model.pages.worksheet_pdf import UNKNOWN, page_pdf
from model.teaching.own_case import OwnCase, picture
from tests.support.source import ROOT

NETWORK = load_network()
TEXTS = tomllib.loads((ROOT / "app_pages" / "texts.toml").read_text(encoding="utf-8"))
WORDS = TEXTS["worksheet"] | {"scope": TEXTS["app"]["scope"]}
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
CASE = Case(
    "<b>Title</b>",
    {"fever": "present", "serum_aqp4_igg": "positive"},
    "nmosd",
    confirmatory=("serum_aqp4_igg",),
    source="<i>Book</i>",
)
OWN = OwnCase(CASE, "A woman of ł and 漢", ("Ask for the antibody",), (picture(PNG, "a.png"),))
SHEET = Sheet(OWN, stages(NETWORK, CASE), NETWORK.knowledge, lambda n, v: f"{n}={v}", WORDS, "en")
LABEL = NETWORK.knowledge.diagnoses["nmosd"].label


def text_of(pdf):
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


@pytest.mark.parametrize("made", [page_html, lambda *a, **k: text_of(page_pdf(*a, **k))], ids=["html", "pdf"])
def test_the_sheet_hides_the_answer_and_the_key_tells_it(made):
    sheet, key = made("Sheet", SHEET.worksheet(), SHEET), made("Key", SHEET.key(), SHEET)
    assert LABEL not in sheet
    assert "Ask for the antibody" not in sheet
    assert sheet.index("A woman of") < sheet.index("fever=present") < sheet.index("serum_aqp4_igg=positive")
    assert LABEL in key
    assert "Ask for the antibody" in key
    assert "Book" in key
    for page in (sheet, key):
        assert WORDS["scope"] in page.replace("\n", " ")


@pytest.mark.parametrize(
    "vignette",
    ["A woman of ł", "漢 and \U0001f9e0\ufe0f", "\U0001ee00", "".join(map(chr, range(0x6F22, 0x6F2C)))],
)
def test_the_pdf_says_which_characters_it_cannot_draw(vignette):
    sheet = replace(SHEET, own=replace(OWN, vignette=vignette))
    said = " ".join(text_of(page_pdf("x", sheet.worksheet(), sheet)).split())
    strange = [c for c in vignette if ord(c) > 0x3000 and c != "\ufe0f"]
    assert said.count(UNKNOWN) == (len(strange) + 1 if strange else 0)
    assert said.count("U+") == min(len(strange), 8)
    assert all(f"U+{ord(c):X}" in said for c in strange[:8])
    assert ("and 2 more" in said) == (len(strange) == 10)
    assert ("BRAIN" in said) == ("\U0001f9e0" in vignette)


def test_what_comes_from_a_person_is_escaped():
    page = page_html(CASE.id, SHEET.key(), SHEET)
    assert "&lt;i&gt;Book&lt;/i&gt;" in page
    assert "<b>Title" not in page


def test_pictures_stand_on_the_page_that_wants_them():
    assert "data:image/png;base64," in page_html("x", SHEET.worksheet(), SHEET, pictures=True)
    assert "data:image" not in page_html("x", SHEET.key(), SHEET)
    with_picture = pypdf.PdfReader(io.BytesIO(page_pdf("x", SHEET.worksheet(), SHEET, pictures=True)))
    assert len(with_picture.pages[0].images) == 1


def test_a_picture_of_a_camera_that_was_held_upright_stands_upright():
    on_its_side, noted = io.BytesIO(), Image.Exif()
    noted[0x0112] = 6
    Image.new("RGB", (40, 20)).save(on_its_side, "JPEG", exif=noted)
    own = replace(OWN, pictures=(picture(on_its_side.getvalue(), "a.jpg"),))
    made = page_pdf("x", SHEET.worksheet(), replace(SHEET, own=own), pictures=True)
    [drawn] = pypdf.PdfReader(io.BytesIO(made)).pages[0].images
    assert drawn.image.size == (20, 40)


def test_numbers_are_written_as_the_language_writes_them():
    english, german = (
        page_html("x", replace(SHEET, words=WORDS | words).key(), SHEET).partition("</head>")[2]
        for words in ({}, {"decimal": ","})
    )
    assert re.search(r">\d\.\d\W", english)
    assert not re.search(r"\d\.\d", german)
