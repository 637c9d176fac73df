"""
A mapping that nobody can change, and that can be pickled, copied and compared.

`types.MappingProxyType` can be none of these, so that a record which holds one can be sent to no other process. Knows:
nothing.
"""

from __future__ import annotations

from typing import Any, NoReturn, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Frozen(dict[K, V]):
    """
    A dictionary without the methods that change it.

    Examples
    --------
    >>> import pickle
    >>> states = Frozen({"sex": "male"})
    >>> states["sex"], pickle.loads(pickle.dumps(states)) == states
    ('male', True)
    >>> states["sex"] = "female"
    Traceback (most recent call last):
    TypeError: a Frozen mapping cannot be changed; make a dict of it first
    """

    __slots__ = ()

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise TypeError("a Frozen mapping cannot be changed; make a dict of it first")

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (dict(self),)


__all__ = ["Frozen"]
