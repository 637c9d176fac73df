"""Write docs/what_numbers_rest_on.svg: for each layer of knowledge, what the pairs of finding and disease rest on."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PICTURE = ROOT / "docs" / "what_numbers_rest_on.svg"

LAYERS = {"documents": "documents", "published": "+ cohorts", "full": "+ judgement"}
WIDTH, LEFT, TOP, BAR, STEP = 720, 110, 34, 30, 46
STYLE = """
text { font: 14px system-ui, sans-serif; fill: #22272b }
.cohorts { fill: #1f6f8b } .documents { fill: #7fb3c8 } .judgement { fill: url(#stripes) } .nothing { fill: #d9dcde }
@media (prefers-color-scheme: dark) { text { fill: #e6eaed } .nothing { fill: #3a4147 } }
"""
STRIPES = (
    '<pattern id="stripes" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect width="8" height="8" fill="#e8c27a"/><rect width="3" height="8" fill="#b98a2f"/></pattern>'
)


def counts(layer: str) -> Counter[str]:
    """Ground -> number of pairs of finding and table row that rest on it."""
    from model import believed, load_network
    from model.network.beliefs import GROUND

    found = believed(load_network(knowledge=layer).at_mean())
    rows = found.knowledge.rows
    return Counter(GROUND[found.of(finding, row).basis] for finding in found.probabilities for row in rows)


def bar(name: str, counted: Counter[str], y: int) -> str:
    """One layer: its name, and a part for each ground, as long as its share."""
    from model.network.beliefs import GROUNDS

    parts, x = [f'<text x="{LEFT - 10}" y="{y + 20}" text-anchor="end">{name}</text>'], float(LEFT)
    for ground in GROUNDS:
        if n := counted[ground]:
            width = (WIDTH - LEFT - 10) * n / counted.total()
            parts.append(
                f'<rect class="{ground}" x="{x:.1f}" y="{y}" width="{width:.1f}" height="{BAR}">'
                f"<title>{ground}: {n:,} of {counted.total():,} pairs</title></rect>"
            )
            x += width
    return "\n".join(parts)


def key(counted: Counter[str]) -> str:
    """The names of the grounds above the bars, with the counts of the last layer."""
    from model.network.beliefs import GROUNDS

    parts, x = [], LEFT
    for ground in GROUNDS:
        text = f"{ground} {counted[ground]:,}" if counted[ground] else ground
        parts.append(f'<rect class="{ground}" x="{x}" y="8" width="14" height="14"/>')
        parts.append(f'<text x="{x + 20}" y="20">{text}</text>')
        x += 150
    return "\n".join(parts)


def picture() -> str:
    """The picture as SVG; made from the tables alone, so that it can be compared with the file."""
    found = {layer: counts(layer) for layer in LAYERS}
    height = TOP + STEP * len(LAYERS)
    bars = [bar(name, found[layer], TOP + STEP * i) for i, (layer, name) in enumerate(LAYERS.items())]
    said = "; ".join(
        f"{name}: " + ", ".join(f"{ground} {n:,}" for ground, n in found[layer].most_common())
        for layer, name in LAYERS.items()
    )
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">',
            f"<title>What the pairs of finding and disease rest on. {said}</title>",
            f"<style>{STYLE}</style><defs>{STRIPES}</defs>",
            key(found["full"]),
            *bars,
            "</svg>\n",
        ]
    )


if __name__ == "__main__":
    PICTURE.write_text(picture(), encoding="utf-8")
    print(f"written: {PICTURE.relative_to(ROOT)}")
