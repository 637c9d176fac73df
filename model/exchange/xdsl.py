"""
XDSL, the format of GeNIe and SMILE, with layout, labels and diagnostic roles.

The node itself runs fastest, then the last parent: in GeNIe's example network Asia, whose node `dysp` has the parents
`either bronc`, the second pair of numbers is 0.2 0.8, and P(dyspnoea | bronchitis alone) is 0.8 in Lauritzen and
Spiegelhalter (1988). pgmpy reads it so; pyAgrum 3.3 takes the first parent as the fastest and is wrong for two parents.

A diagnosis is a target with fault states, a finding a ranked observation. GeNIe keeps no cost of an observation in the
node; it is written as a property of the node's user properties.

Knows: its grammar. Must not know: networks.

References
----------
BayesFusion, SMILE documentation: diagnostic roles are saved in the .xdsl file.
Lauritzen SL, Spiegelhalter DJ. Local computations with probabilities on graphical structures and their application to
expert systems. J R Stat Soc B 1988;50:157-224. doi:10.1111/j.2517-6161.1988.tb01721.x
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from model.exchange.content import number

if TYPE_CHECKING:
    from model.exchange.content import Node

ROLES: Final = {
    "fault": ' diagtype="target"',
    "observation": ' diagtype="observation" ranked="true"',
    "auxiliary": "",
}
COLOURS: Final = {"fault": "f5b7b1", "observation": "d6eaf8", "auxiliary": "fdebd0"}
WIDTH, HEIGHT = 160, 44


def xdsl(nodes: list[Node], about: str) -> str:
    """The nodes as XDSL."""
    cpts = "".join(map(_cpt, nodes))
    pictures = "".join(map(_picture, nodes))
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<!-- {about.replace("--", "-")} -->\n'
        '<smile version="1.0" id="millet" numsamples="10000" discsamples="10000">\n'
        f"<nodes>\n{cpts}</nodes>\n<extensions>\n"
        f'<genie version="1.0" app="Millet" name="millet" faultnameformat="nodestate">\n{pictures}</genie>\n'
        "</extensions>\n</smile>\n"
    )


def _cpt(node: Node) -> str:
    states = "".join(
        f'<state id="{state}"'
        + (' fault="true"' if node.role == "fault" else "")
        + (' default="true"' if node.role == "observation" and state == node.reference else "")
        + " />"
        for state in node.states
    )
    parents = f"<parents>{' '.join(node.parents)}</parents>" if node.parents else ""
    values = " ".join(map(number, node.rows.ravel()))
    cost = "" if node.cost is None else f'<property id="cost">{node.cost:g}</property>'
    return f'<cpt id="{node.name}"{ROLES[node.role]}>{states}{parents}<probabilities>{values}</probabilities>{cost}</cpt>\n'


def _picture(node: Node) -> str:
    x, y = node.position
    box = f"{x - WIDTH // 2} {y - HEIGHT // 2} {x + WIDTH // 2} {y + HEIGHT // 2}"
    return (
        f'<node id="{node.name}"><name>{escape(node.label)}</name><interior color="{COLOURS[node.role]}" />'
        '<outline color="555555" /><font color="000000" name="Arial" size="8" />'
        f"<position>{box}</position></node>\n"
    )
