"""Codes scanned in one city that nobody should hold yet, or that nobody ever issued."""

from dataclasses import dataclass

from codes.cases.judging import Judgement, Reason, judged
from codes.cases.thresholds import Thresholds


@dataclass(frozen=True, slots=True)
class Cluster:
    """How many different codes were scanned there, and by how many different people."""

    codes: int
    people: int


def judge(cluster: Cluster, thresholds: Thresholds) -> Judgement:
    """One person may mistype, or try; many people with many codes have bought something."""
    return judged(
        [
            (
                Reason("cluster_codes", cluster.codes, thresholds.cluster_codes),
                Reason("cluster_people", cluster.people, thresholds.cluster_people),
            )
        ]
    )
