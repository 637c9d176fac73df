"""Screen 8, "About": scope, assumptions, versions, digest of the tables, and how to cite."""

from __future__ import annotations

import platform
from html import escape
from importlib.metadata import version

import streamlit as st

from app_pages.shared import answers, manners
from app_pages.shared.controls import link_problems
from app_pages.shared.texts import figure_words, say, section
from model import __version__, load_knowledge_base
from model.network.storage import load_record
from priors.schema import LAYERS

PACKAGES = ("numpy", "pandas", "streamlit", "pymc", "arviz", "pgmpy")


def listing(items: dict[str, str]) -> None:
    """Names and what they stand for."""
    lines = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in items.items())
    st.html(f'<dl class="about">{lines}</dl>')


def made_with() -> dict[str, str]:
    """Versions and digests."""
    record, tables = load_record(layer=answers.layer()), answers.knowledge()
    return {
        say("about.version"): __version__,
        say("about.python"): platform.python_version(),
        say("about.packages"): ", ".join(f"{name} {version(name)}" for name in PACKAGES),
        say("about.digest"): tables.digest,
        say("about.draws_digest"): str(record["draws_digest"]),
    }


def elicitation() -> dict[str, str]:
    """How the run that made the draws was judged."""
    record = load_record(layer=answers.layer())
    judged = list(record["variables"].values())
    r_hat = max(one["r_hat"] for one in judged)
    ess = min(min(one["ess_bulk"], one["ess_tail"]) for one in judged)
    return {
        say("about.run"): say(
            "about.run_text",
            chains=record["chains"],
            draws=record["draws"],
            kept=record["keep"],
            mapping=figure_words()[f"switch words {record['mapping']}"],
            seed=record["seed"],
        ),
        say("about.judged"): say(
            "about.judged_text", r_hat=r_hat, ess=ess, divergences=record["divergences"]
        ),
    }


def sources() -> None:
    """The documents, and how many facts each gave."""
    tables = answers.knowledge()
    for name, source in tables.sources.items():
        n = sum(fact.source == name for fact in tables.facts.values())
        linked = f"[{source.citation}]({source.address})" if source.address else source.citation
        st.markdown(say("about.source", title=source.title, citation=linked, n=n))
    everything = load_knowledge_base()
    cohorts = [fact for fact in everything.facts.values() if fact.is_cohort]
    st.markdown(
        say(
            "about.literature",
            publications=len({fact.publication for fact in cohorts}),
            n=len(cohorts),
            cells=len({(fact.finding, fact.diagnosis) for fact in cohorts if fact.finding}),
        )
    )


def layers() -> None:
    """What each layer of knowledge has, and which one this session answers from."""
    names = section("layers")
    judged = len({(finding, leaf) for finding, _, leaf in load_knowledge_base().judged})
    listing({names[name]: say(f"about.layer_{name}", n=judged) for name in LAYERS})
    st.html(
        f'<p class="soft">{escape(say("about.layer_now", layer=say(f"report.layer_{answers.layer()}")))}</p>'
    )
    st.html(f'<p class="caution">{escape(figure_words()["judgement_note"])}</p>')


link_problems()
st.markdown(f"#### {say('about.heading')}")
left, right = st.columns(2, gap="medium")
with left:
    st.markdown(say("about.what"))
    st.markdown(f"##### {say('about.must_not')}")
    st.markdown(say("about.must_not_text"))
    st.markdown(f"##### {say('about.assumptions')}")
    st.markdown(say("about.assumptions_text"))
    st.markdown(f"##### {say('about.privacy')}")
    st.markdown(say("about.privacy_text"))
    if manners.is_away():
        again = {"on_click": manners.put_away, "kwargs": {"away": False}}
        st.button(say("welcome.again"), key="welcome_again", type="tertiary", **again)
with right:
    st.markdown(f"##### {say('about.sources')}")
    sources()
    st.markdown(f"##### {say('about.layers')}")
    layers()
    st.markdown(f"##### {say('about.made_with')}")
    listing(made_with())
    st.markdown(f"##### {say('about.elicitation')}")
    listing(elicitation())
    st.markdown(f"##### {say('about.cite')}")
    st.markdown(say("about.cite_text", version=__version__))
