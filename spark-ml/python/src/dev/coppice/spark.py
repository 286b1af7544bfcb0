"""The package ``coppice`` under the name of the Java package whose classes it wraps.

PySpark looks for the Python class of a saved pipeline's stage where its Java class is:
``dev.coppice.spark.DynamicSparseALSModel`` in a module ``dev.coppice.spark``. Importing
``coppice`` puts itself there; this file makes it so where nobody has imported it.
``dev`` and ``dev.coppice`` are namespace packages, which others may share.
"""

import coppice  # noqa: F401
