"""`python -m benchmarks`: seconds of Millet, pyAgrum and pgmpy, their ratios, and how far the answers differ."""

from __future__ import annotations

import argparse
import json
import warnings
from dataclasses import asdict

warnings.filterwarnings("ignore", message=".*StructureScore.*")
warnings.filterwarnings("ignore", message="builtin type .* has no __module__ attribute")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--network", choices=("random", "millet", "both"), default="both")
    parser.add_argument("--json", action="store_true", help="print one object instead of tables")
    parser.add_argument("--growth", action="store_true", help="how Millet's cost grows, instead of its peers")
    parser.add_argument("--picture", metavar="FILE", help="with --growth: draw it as well (docs/growth.svg)")
    parser.add_argument(
        "--app", action="store_true", help="click to picture in Chromium, and the start of the app"
    )
    parser.add_argument(
        "--visitors", action="store_true", help="1, 10 and 60 visitors at once: waiting and memory"
    )
    parser.add_argument(
        "--tables", action="store_true", help="millet batch by number of patients (half an hour)"
    )
    parser.add_argument("--dask", action="store_true", help="a table of patients under Dask, by workers")
    parser.add_argument(
        "--patients",
        type=int,
        metavar="N",
        help="one table of so many patients by millet batch: seconds, and memory as it goes (10000000: an hour)",
    )
    parser.add_argument("--questions", action="store_true", help="seconds of our own heavier questions")
    parser.add_argument("--notebooks", action="store_true", help="seconds of every notebook")
    parser.add_argument("--reading", action="store_true", help="how good and how quick reading of texts is")
    parser.add_argument(
        "--structures",
        action="store_true",
        help="ways of putting cohorts and judgement together, by what they predict",
    )
    parser.add_argument(
        "--left-out",
        action="store_true",
        help="how the elicited model predicts publications that it has not read (half an hour)",
    )
    options = parser.parse_args()
    for chosen, printed in (
        (options.structures, print_structures),
        (options.left_out, print_left_out),
        (options.reading, lambda: print_reading(as_json=options.json)),
        (options.growth, lambda: print_growth(as_json=options.json, drawn=options.picture)),
        (options.visitors, print_visitors),
        (options.tables, print_tables),
        (options.dask, print_dask),
        (options.patients, lambda: print_large(options.patients)),
        (options.app, lambda: print_quickness(as_json=options.json)),
        (
            options.questions or options.notebooks,
            lambda: print_seconds(of_notebooks=options.notebooks, as_json=options.json),
        ),
    ):
        if chosen:
            printed()
            return

    from benchmarks.subjects import millet, random_network
    from benchmarks.works import WORKS, peak_memory_bytes

    makers = {"random": random_network, "millet": millet}
    found = {}
    for name in makers if options.network == "both" else (options.network,):
        subject = makers[name]()
        if not options.json:
            print(f"\n{name}: {len(subject.network.names)} nodes, {subject.network.n_draws} draws")
            print(f"{'':50}{'Millet':>11}{'pyAgrum':>11}{'pgmpy':>11}   ratio to Millet (goal)     agree to")
        lines = []
        for work in WORKS:
            lines.append(work(subject))
            if not options.json:
                print(as_text(lines[-1]), flush=True)
        found[name] = {
            "lines": [
                asdict(line) | {"ratio": {p: line.ratio(p) for p in line.difference}} for line in lines
            ],
            "peak_memory_bytes": peak_memory_bytes(),
        }
    if options.json:
        print(json.dumps(found, indent=1))
    else:
        print(f"\npeak memory {peak_memory_bytes() / 2**20:.0f} MiB; peers timed on a part where it says so")


def print_quickness(*, as_json: bool) -> None:
    """Quickness of the app, beside its goals."""
    from benchmarks.app import quickness

    found = quickness()
    if as_json:
        print(json.dumps(asdict(found), indent=1))
        return
    print("                                                ours    an empty page")
    print(f"change of one finding to the new picture   {found.change_ms:6.0f} ms {found.empty_ms:9.0f} ms")
    for what, own, empty in (
        ("start of the server to a usable page", found.cold_start_s, found.empty_cold_start_s),
        ("a further visit", found.further_visit_s, found.empty_further_visit_s),
    ):
        print(f"{what:42} {own:6.1f} s  {empty:9.1f} s")


def print_visitors() -> None:
    """Waiting of all who open a page, and of all who change a finding, at once: for the answer, and for the whole."""
    from statistics import median

    from benchmarks.visitors import visits

    print("median and most s   page: answer   complete        change: answer   complete       memory")
    for v in visits():
        line = f"{v.n_visitors:4} visitors     "
        for pictures in (v.opened, v.changed):
            for seconds in zip(*pictures, strict=True):
                line += f" {median(seconds):5.2f} {max(seconds):5.2f} "
            line += "    "
        print(f"{line}{v.memory_mib:6.0f} MiB", flush=True)


def print_tables() -> None:
    """Seconds and memory by number of patients."""
    from benchmarks.tables import runs

    for run in runs():
        print(f"{as_run(run)}{f'{max(run.mib):8.0f} MiB' if run.mib else ''}", flush=True)


def print_dask() -> None:
    """Seconds of one table under Dask, by number of workers."""
    from benchmarks.tables import under_dask

    for run in under_dask():
        print(as_run(run), flush=True)


def print_large(n_patients: int) -> None:
    """Seconds of one table, and the most memory in each tenth of them."""
    from benchmarks.tables import large

    for run in large(n_patients):
        print(f"{as_run(run)}; MiB by tenths of it:{''.join(f'{mib:5.0f}' for mib in run.mib)}", flush=True)


def as_run(run) -> str:
    """What was run, on how many patients, and how long it took."""
    return f"{run.what:36} {run.n_patients:>10,} patients {run.seconds:9.1f} s"


def print_seconds(*, of_notebooks: bool, as_json: bool) -> None:
    """Seconds of the questions or of the notebooks, each beside its goal."""
    from benchmarks.questions import notebooks, questions

    lines = notebooks() if of_notebooks else questions()
    if as_json:
        print(json.dumps([asdict(line) for line in lines], indent=1))
        return
    for line in lines:
        goal = f" (goal {line.goal:g} s)" if line.goal else ""
        print(f"{line.what:52}{as_time(line.seconds):>12}{goal}")


def print_structures() -> None:
    from benchmarks.structures import summary

    print(summary())


def print_left_out() -> None:
    """Five folds of publications for each layer that has cohorts, with a bar for the folds."""
    from tqdm import tqdm

    from model.elicitation.left_out import left_out
    from priors import load_knowledge_base

    for layer in ("full", "published"):
        found = left_out(load_knowledge_base(layer=layer), progress=tqdm)
        print(f"{layer}\n{found.summary()}\n", flush=True)


def print_reading(*, as_json: bool) -> None:
    """Precision and recall of both halves of the texts, and seconds beside their goals."""
    from benchmarks.reading import HALVES, quality, quickness

    halves = {half: quality(half) for half in HALVES}
    quick = quickness()
    if as_json:
        print(json.dumps({name: asdict(found) for name, found in halves.items()} | asdict(quick), indent=1))
        return
    for half, found in halves.items():
        print(f"{half}: {found.texts} texts (goal: precision 0.95, recall 0.80)")
        for name, counts in (("present", found.present), ("absent", found.absent), ("all", found.all)):
            shares = f"precision {counts.precision:.3f}   recall {counts.recall:.3f}"
            print(
                f"  {name:9}{shares}   ({counts.right} right of {counts.read} read, {counts.stated} stated)"
            )
        print(
            f"  negation {found.negation.precision:.3f}   ({found.negation.right} of {found.negation.read})"
        )
    print(
        f"load what reading needs: {quick.load_s:.2f} s of processor time (goal 2), {quick.memory_mib:.0f} MiB"
    )
    print(f"a page of text:          {quick.page_s:.3f} s of processor time (goal 0.3)")


def print_growth(*, as_json: bool, drawn: str | None) -> None:
    """Every size of every axis as a table or as JSON, and as a picture where one is wanted."""
    from benchmarks.growth import Size, growth, picture

    lines = []
    if not as_json:
        base = ", ".join(f"{name} {size}" for name, size in asdict(Size()).items())
        print(f"How cost grows: posterior on random networks; one axis varied, the others at {base}\n")
        print(f"{'':12}{'size':>9}{'Millet':>13}{'to base':>10}")
    for line in growth():
        lines.append(line)
        if not as_json:
            ratio = f"{line.ratio:,.2f}" if line.ratio < 10 else f"{line.ratio:,.0f}"
            print(f"{line.axis:12}{line.size:>9,}{as_time(line.seconds):>13}{ratio:>10}", flush=True)
    if as_json:
        print(json.dumps({"base": asdict(Size()), "growth": [asdict(line) for line in lines]}, indent=1))
    if drawn:
        picture(lines).savefig(drawn, metadata={"Date": None})


def as_text(line) -> str:
    seconds = "".join(f"{as_time(line.seconds[name]):>11}" for name in ("millet", "pyagrum", "pgmpy"))
    ratios = [
        f"{line.ratio(peer):.0f}" + (f" ({line.goals[peer]:.0f})" if peer in line.goals else "")
        for peer in ("pyagrum", "pgmpy")
    ]
    agree = max(line.difference.values())
    return f"{line.work:50}{seconds}   {ratios[0]:>12} {ratios[1]:>12}   {agree:.0e}   peers: {line.sampled}"


def as_time(seconds: float) -> str:
    return f"{seconds * 1e3:.3f} ms" if seconds < 1 else f"{seconds:.2f} s"


if __name__ == "__main__":
    main()
