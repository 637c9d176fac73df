"""Write docs/api.md: the public names of `model`, each with its signature and the first lines of its docstring."""

from __future__ import annotations

import inspect
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "api.md"


def page() -> str:
    """The page as Markdown; made from the code alone, so that it can be compared with the file."""
    import model

    lines = [
        "# Library",
        "",
        "The public names of `model`, made by `python scripts/api_page.py` from their docstrings; `help(model.posterior)`",
        "and the like say more. Results are frozen records with the raw array, `.to_frame()` and `.summary()`.",
        "",
    ]
    for name in sorted(set(model.__all__) - {"__version__"}, key=lambda name: (name.lower(), name)):
        lines += entry(name, getattr(model, name))
    return "\n".join(lines)


def entry(name: str, thing: object) -> list[str]:
    """Heading, signature, and everything of the docstring before its first section."""
    said = inspect.getdoc(thing) or ""
    about = re.split(r"\n\n(?:\w[\w ]*\n-{3,}|\.\. math)", said)[0].strip()
    kind = "class" if inspect.isclass(thing) else "function"
    home = getattr(thing, "__module__", "model")
    head = [f"## `{name}`", "", f"*{kind} in `{home}`*", ""]
    if kind == "function":
        head += ["```python", signature(name, thing), "```", ""]
    return [*head, about, ""]


def signature(name: str, function: object) -> str:
    """Parameters of a function with their types, one a line where they are many."""
    found = inspect.signature(function)  # type: ignore[arg-type]
    # Annotations are kept as text by the modules; their quotes are no part of the type. Functions go by their name.
    parameters = [re.sub(r": '([^']*)'", r": \1", str(p)) for p in found.parameters.values()]
    parameters = [re.sub(r"<function (\w+) at \w+>", r"\1", p) for p in parameters]
    kinds = [parameter.kind for parameter in found.parameters.values()]
    if inspect.Parameter.KEYWORD_ONLY in kinds and inspect.Parameter.VAR_POSITIONAL not in kinds:
        parameters.insert(kinds.index(inspect.Parameter.KEYWORD_ONLY), "*")
    returned = "" if found.return_annotation is inspect.Signature.empty else f" -> {found.return_annotation}"
    flat = f"{name}({', '.join(parameters)}){returned}"
    if len(flat) <= 100:
        return flat
    inner = "".join(f"    {parameter},\n" for parameter in parameters)
    return f"{name}(\n{inner}){returned}"


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    PAGE.write_text(page(), encoding="utf-8")
