"""Entering on the screen "Case", in memory: the normal rest is refused in one line; the layers stand with the answer."""

from app_pages.shared.examples import findings, published
from app_pages.shared.texts import percent
from model import encode, load_knowledge_base, load_network
from model.figures import WORDS
from model.why.reliance import reliance

SPINE = {
    name: v
    for name, v in load_knowledge_base().of_role("finding").items()
    if v.order == "spine_mri" and name != "spinal_cord_involvement"
}


def page_text(app):
    return "\n".join([*(block.proto.body for block in app.get("html")), *(m.value for m in app.markdown)])


def test_a_normal_rest_that_contradicts_what_is_known_is_refused_in_one_line(open_app):
    known = {name: v.state_ids[0] for name, v in SPINE.items()} | {"cord_lesion_count": "one"}
    link = "~".join(f"{name}.{state}" for name, state in known.items())
    app = open_app(f=link)
    app.pills(key="panel").set_value("Spine MRI").run()
    app.button(key="rest_normal").click().run()
    assert not app.exception
    [line] = [b.proto.body for b in app.get("html") if "Nothing was recorded" in b.proto.body]
    assert "contradicts what is known: Spinal cord involvement." in line
    assert "spinal_cord_involvement" not in app.query_params["f"]
    assert not [one for one in app.button if one.key == "undo_normal"]


def test_the_share_of_each_layer_and_what_decides_without_a_source_stand_with_the_answer(open_app):
    network = load_network()
    asked = {
        name: reliance(network, encode(network, findings(network, case)))
        for name, case in published().items()
    }
    unsourced = next(name for name, found in asked.items() if found.unsourced)
    sourced = next(name for name, found in asked.items() if found.shares and not found.unsourced)
    for name in (unsourced, sourced):
        app = open_app()
        app.selectbox(key="example").set_value(name).run()
        text, found = page_text(app), asked[name]
        kinds = {ground: n for ground, n in found.findings.items() if n}
        for ground, n in kinds.items() if len(kinds) > 1 else ():
            row = text.partition(f"{WORDS[f'ground_{ground}']}</span>")[2].partition('role="row"')[0]
            assert row.count("<i ") == n
            assert f"{percent(found.shares[ground])} of the weight" in row
        assert ("all come from one kind of source" in text) == (len(kinds) == 1)
        labels = [network.knowledge.variables[finding].label for finding in found.unsourced]
        assert text.count("is judgement at best") == len(labels)
        assert all(f"{label}. How often it is seen in" in text for label in labels)
