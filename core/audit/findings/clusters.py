"""Do a class's pictures fall into groups by where their evidence lies? Groups to look at, and no verdict.

Spectral relevance analysis (Lapuschkin et al. 2019, arXiv:1902.10178) of evidence rather than of gradients, whose
clusters do not know a stamp; beside it t-SNE (van der Maaten and Hinton 2008), which draws who is near whom.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.csgraph import laplacian
from sklearn.cluster import KMeans
from sklearn.manifold import TSNE
from sklearn.neighbors import kneighbors_graph
from threadpoolctl import threadpool_limits

from core.audit.findings.suspects import Shares

LEAST = 20  # pictures
MOST = 2_000  # pictures: the work grows with their cube
NEIGHBOURS = 8
MOST_GROUPS = 8


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """group: of each picture, from 0, the largest first. places: (N, 2), near where the evidence is alike."""

    group: NDArray[np.int64]
    places: NDArray[np.float32]

    @property
    def sizes(self) -> tuple[int, ...]:
        """How many pictures each group has."""
        return tuple(np.bincount(self.group).tolist())


@threadpool_limits.wrap(limits=1)  # so little work that threads would only wait for each other
def groups_of(shares: Shares, seed: int = 0) -> Groups | None:
    """Of one class's evidence, (N, rows, columns) shares; as many groups as the largest gap between eigenvalues says.

    None for fewer than LEAST pictures. Raises ValueError for more than MOST.
    """
    if len(shares) < LEAST:
        return None
    if len(shares) > MOST:
        raise ValueError(f"{len(shares)} pictures are too many, take {MOST} of them")
    points = np.sqrt(shares.reshape(len(shares), -1).astype(np.float64)) + 1e-6  # Hellinger: how shares differ
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    graph = kneighbors_graph(points, NEIGHBOURS)
    values, vectors = np.linalg.eigh(laplacian(((graph + graph.T) / 2).toarray(), normed=True))
    count = 2 + int(np.argmax(np.diff(values[1 : MOST_GROUPS + 1])))
    rows = vectors[:, :count]
    rows = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    found = KMeans(count, n_init=10, random_state=seed).fit_predict(rows)
    order = np.argsort(-np.bincount(found, minlength=count), kind="stable")
    near = TSNE(perplexity=min(30, (len(points) - 1) / 3), init="pca", random_state=seed).fit_transform(points)
    return Groups(np.argsort(order)[found], near.astype(np.float32))
