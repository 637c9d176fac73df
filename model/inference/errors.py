"""What can go wrong in the array core."""

from __future__ import annotations


class ImpossibleEvidenceError(ValueError):
    """
    Evidence that has probability 0 under every state of the hub.

    Parameters
    ----------
    patients : tuple of int
        Rows of the patients whose evidence is impossible in some draw.
    """

    def __init__(self, patients: tuple[int, ...]) -> None:
        shown = ", ".join(map(str, patients[:10])) + (" ..." if len(patients) > 10 else "")
        super().__init__(
            f"evidence: impossible under every diagnosis for patient rows {shown}; "
            "at least one diagnosis must allow all findings; correct or remove a finding"
        )
        self.patients = patients

    def __reduce__(self) -> tuple[type, tuple[object, ...]]:
        """The patients travel, not the message: a pool of processes hands errors on."""
        return type(self), (self.patients,)
