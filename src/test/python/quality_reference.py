"""Writes what scikit-learn finds for principal components and nearest neighbours, as the fixture of
QualityReferenceTest.

    python3 -m venv /tmp/reference && /tmp/reference/bin/pip install scikit-learn==1.9.1 numpy==2.4.6
    /tmp/reference/bin/python src/test/python/quality_reference.py src/test/resources/engram/encoder

The rows come from a formula that both sides compute exactly, so the fixture holds results only.
"""

import json
import pathlib
import sys

import numpy
from sklearn.decomposition import PCA
from sklearn.neighbors import NearestNeighbors

ROWS, COLUMNS, WIDTHS, NEIGHBOURS = 60, 12, (1, 3, 8), 10


def number(index, salt):
    """A number in [0,1) for an index: a hash of 32 bits, exact in 64-bit floating point."""
    x = (index * 2654435761 + salt * 40503 + 1) & 0xFFFFFFFF
    x = ((x ^ (x >> 15)) * 2246822519) & 0xFFFFFFFF
    x = ((x ^ (x >> 13)) * 3266489917) & 0xFFFFFFFF
    return (x ^ (x >> 16)) / 4294967296


def row(index):
    """Twelve columns out of four numbers, so that some directions matter more; the fifth column never varies."""
    causes = [number(index * 4 + c, 1) for c in range(4)]
    values = [causes[c % 4] * (c + 1) / 13 + number(index * COLUMNS + c, 2) / 16 for c in range(COLUMNS)]
    values[4] = 0.25
    return values


rows = numpy.array([row(i) for i in range(ROWS)], dtype=numpy.float32).astype(numpy.float64)
pca = PCA(svd_solver="full").fit(rows)
fixture = {
    "variance": [float(v) for v in pca.explained_variance_[: COLUMNS - 1]],
    "widths": [],
    "neighbours": [],
}
for width in WIDTHS:
    narrow = PCA(n_components=width, svd_solver="full").fit(rows)
    rebuilt = narrow.inverse_transform(narrow.transform(rows))
    fixture["widths"].append({"width": width, "error": float(((rebuilt - rows) ** 2).mean())})
found = NearestNeighbors(n_neighbors=NEIGHBOURS + 1).fit(rows).kneighbors(rows, return_distance=False)
for query in range(ROWS):
    fixture["neighbours"].append([int(i) for i in found[query] if i != query][:NEIGHBOURS])

path = pathlib.Path(sys.argv[1]) / "quality-reference.json"
path.write_text(json.dumps(fixture) + "\n")
