"""Trains the package implicit's AlternatingLeastSquares on a file in LightGCN's form.

Arguments: train file, directory for the factors, threads, length of the lists, settings as
KEY=VALUE. Prints one line of JSON: processor seconds and seconds of fit and of the lists of all
users without the items they have seen, and the shape of the factors, which are written as float32,
row after row.
"""

import gzip
import json
import os
import sys
import time

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as implicit asks for

import numpy as np  # noqa: E402
import scipy.sparse  # noqa: E402
from implicit.als import AlternatingLeastSquares  # noqa: E402


def number(text):
    return {"True": True, "False": False}.get(text) if text in ("True", "False") else (
        float(text) if "." in text else int(text)
    )


def timed(work):
    cpu, start = time.process_time(), time.perf_counter()
    work()
    return time.process_time() - cpu, time.perf_counter() - start


train, out, threads, k = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
settings = {key: number(value) for key, value in (a.split("=", 1) for a in sys.argv[5:])}
alpha = settings.pop("alpha", 1)
users, items = [], []
with (gzip.open if train.endswith(".gz") else open)(train, "rt") as lines:
    for line in lines:
        ids = [int(word) for word in line.split()]
        users += ids[:1] * (len(ids) - 1)
        items += ids[1:]
pairs = scipy.sparse.csr_matrix(
    (np.full(len(users), alpha, dtype=np.float32), (users, items))
)
model = AlternatingLeastSquares(num_threads=threads, random_state=1, **settings)
fit = timed(lambda: model.fit(pairs, show_progress=False))
lists = timed(lambda: model.recommend(np.arange(pairs.shape[0]), pairs, N=k))
model.user_factors.astype("<f4").tofile(os.path.join(out, "users"))
model.item_factors.astype("<f4").tofile(os.path.join(out, "items"))
print(
    json.dumps(
        {
            "fitCpu": fit[0],
            "fitSeconds": fit[1],
            "listsCpu": lists[0],
            "listsSeconds": lists[1],
            "users": int(model.user_factors.shape[0]),
            "items": int(model.item_factors.shape[0]),
            "factors": int(model.item_factors.shape[1]),
        }
    )
)
