"""
One patient in all draws by plain products: taking logs would cost more than all the rest.

A product of many findings may underflow. So it is taken in batches, none of which can, and only the logs of those add up.

Knows: parts. Must not know: how a part finds its products.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from model.inference.graph import FloatArray
from model.inference.numeric import SAFE_LOG
from model.inference.part import Part, Rows

Batch = list[tuple[Part, Rows]]


def factors(prior: FloatArray, log_floor: float, rows: Mapping[Part, Rows]) -> list[FloatArray] | None:
    """
    Numbers whose product is P(context, evidence) of one patient.

    Parameters
    ----------
    prior : ndarray of shape (n_draws, n_context)
        P(context).
    log_floor : float
        Natural log of its smallest positive number.
    rows : mapping of part to its evidence
        Of one patient; a part that speaks without evidence has none.

    Returns
    -------
    list of ndarray, each of shape (n_draws or 1, n_context), or None
        Usually one. None if a part offers no products for such evidence.
    """
    found, product = [], prior
    for batch in _batches(log_floor, rows):
        if batch is None:
            return None
        multiplied = _multiplied(product, batch)
        if multiplied is None:
            return None
        found.append(multiplied)
        product = np.ones((1, 1))
    return found


def _batches(log_floor: float, rows: Mapping[Part, Rows]) -> Iterator[Batch | None]:
    """Evidence whose product with the prior, or by itself, stays above `SAFE_LOG`; None if some cannot."""
    batch: Batch = []
    left = log_floor - SAFE_LOG
    for part, members in rows.items():
        for some, log_bound in part.bundles(members):
            if left + log_bound < 0:
                yield batch
                batch, left = [], -SAFE_LOG
                if left + log_bound < 0:
                    yield None
            batch.append((part, some))
            left += log_bound
    yield batch


def _multiplied(product: FloatArray, batch: Batch) -> FloatArray | None:
    """Times what the parts say, on the states of the whole context; None if one offers none."""
    totals: dict[tuple[int, ...], FloatArray] = {}
    seen_from = {}
    for part, rows in batch:
        found = part.products(rows)
        if found is None:
            return None
        total = np.add.reduce(found, axis=0) if len(found) > 1 else found[0]
        totals[part.context] = totals[part.context] * total if part.context in totals else total
        seen_from[part.context] = part.where
    for context, total in totals.items():
        product = product * (total[:, seen_from[context]] if total.shape[-1] > 1 else total)
    return product
