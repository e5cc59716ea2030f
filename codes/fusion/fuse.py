"""Many pieces of evidence, one store and one confidence.

For each store, its pieces are joined by noisy-or: belief = 1 - Π(1 - weight), as if each piece were an independent
witness who is right with that probability. Two pieces by one road are one witness heard twice: the heavier counts.
The store with the highest belief is chosen (of equals, the lower id). What speaks for other stores speaks against it:

    confidence = belief of the chosen × Π over the others (1 - belief of the other ÷ 2)

so a rival just as strong halves at most what is left, and no contradiction ever raises the confidence. Source of
noisy-or: J. Pearl, Probabilistic Reasoning in Intelligent Systems (1988), 4.3.2.
"""

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from codes.fusion.evidence import Piece

RIVALRY = 0.5


@dataclass(frozen=True, slots=True)
class Decision:
    """The store that most probably sold the item, and how sure that is, in [0, 1]. No store: nothing points to one."""

    store_id: int | None
    confidence: float


def decide(pieces: Iterable[Piece]) -> Decision:
    """Fuse the pieces; their order does not matter."""
    beliefs = beliefs_of(pieces)
    if not beliefs:
        return Decision(store_id=None, confidence=0.0)
    chosen = min(beliefs, key=lambda store: (-beliefs[store], store))
    doubt = math.prod(1 - RIVALRY * beliefs[store] for store in sorted(beliefs) if store != chosen)
    return Decision(store_id=chosen, confidence=beliefs[chosen] * doubt)


def beliefs_of(pieces: Iterable[Piece]) -> dict[int, float]:
    """Store -> belief in [0, 1]; stores without weight are left out."""
    heaviest: dict[int, dict[str, float]] = defaultdict(dict)
    for piece in pieces:
        if piece.weight > 0:
            roads = heaviest[piece.store_id]
            roads[piece.road] = max(piece.weight, roads.get(piece.road, 0.0))
    return {store: 1 - math.prod(sorted(1 - weight for weight in roads.values())) for store, roads in heaviest.items()}
