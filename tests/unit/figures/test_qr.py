"""A QR code says what it was given, and refuses what no camera could read."""

import re

import pytest

from model.errors import EvidenceError
from model.figures.qr import MAX_CHARACTERS, qr_code


def test_it_is_drawn_dark_on_light_with_the_frame_that_cameras_need():
    drawn = qr_code("https://example.org/ballot/ABCDE", '<"label">')
    size = int(re.search(r'viewBox="0 0 (\d+)', drawn)[1])
    assert (size - 8 - 17) % 4 == 0  # modules of some version, and four on either side
    assert 'stroke="#000' in drawn
    assert 'fill="#fff' in drawn
    assert 'aria-label="&lt;&quot;label&quot;&gt;"' in drawn


def test_another_text_gives_another_code():
    assert qr_code("a", "x") != qr_code("b", "x")


def test_a_text_that_is_too_long_is_refused_in_one_line():
    assert qr_code("a" * MAX_CHARACTERS, "x")
    with pytest.raises(EvidenceError, match="use the link itself"):
        qr_code("a" * (MAX_CHARACTERS + 1), "x")
