"""What all stages have in common: a Java object, its Params, how it is saved and read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Dict, TypeVar

from py4j.java_gateway import JavaClass
from py4j.protocol import Py4JJavaError
from pyspark import SparkContext
from pyspark.errors import IllegalArgumentException
from pyspark.ml.param import Param
from pyspark.ml.util import JavaMLReadable, JavaMLReader, JavaMLWritable
from pyspark.ml.wrapper import JavaParams
from pyspark.sql.utils import is_remote

if TYPE_CHECKING:
    from py4j.java_gateway import JavaObject
    from typing_extensions import Self

T = TypeVar("T")


class Stage(JavaParams, JavaMLReadable[Any], JavaMLWritable):
    """A stage whose Java class is ``_java_class``."""

    _java_class: str

    # What keyword_only leaves of a call.
    _input_kwargs: Dict[str, Any]

    # Looked at when a stage goes, even one whose constructor has failed.
    _java_obj: Any = None

    def _create(self, **params: Any) -> None:
        """Makes the Java object, and sets the Params that were given."""
        self._java_obj = java_class(self._java_class)(self.uid)
        self._set(**params)

    def setParams(self, **params: Any) -> Self:
        """Sets Params by name, as the constructor does."""
        return self._set(**params)

    def _make_java_param_pair(self, param: Param[T], value: T) -> JavaObject:
        try:
            return super()._make_java_param_pair(param, value)
        except (IllegalArgumentException, Py4JJavaError) as error:
            # Neither Spark nor a failed cast says what is allowed; the Param's doc does.
            raise ValueError(f"{param.name} is {value!r}; {param.doc}") from error

    def _call(self, method: str, *args: Any) -> Any:
        """Calls a method of the Java object, which is told the Params first."""
        self._transfer_params_to_java()
        return self._call_java(method, *args)

    @classmethod
    def read(cls) -> JavaMLReader[Any]:
        """Returns a reader of saved stages of this class."""
        return _Reader(cls)


class _Reader(JavaMLReader[Any]):
    """Reads with the Java class that a Python class names."""

    @classmethod
    def _load_java_obj(cls, clazz: Any) -> JavaClass:
        return java_class(clazz._java_class)


def java_class(name: str) -> JavaClass:
    """Returns a class of the session's JVM.

    Raises
    ------
    RuntimeError
        If there is no session, or it does not have the library's jar.
    """
    if is_remote():
        raise RuntimeError(
            "Coppice needs a session with a JVM beside the Python process; Spark Connect"
            " is not supported: start the session without remote()"
        )
    context = SparkContext._active_spark_context
    if context is None or context._jvm is None:
        raise RuntimeError(
            "there is no Spark session: start one with"
            " coppice.configure(SparkSession.builder).getOrCreate()"
        )
    found = context._jvm
    for part in name.split("."):
        found = getattr(found, part)
    if not isinstance(found, JavaClass):
        version = context._jvm.java.lang.System.getProperty("java.version")
        raise RuntimeError(
            f"the Spark session, on Java {version}, cannot load {name}: start it on Java"
            " 17 with coppice.configure(SparkSession.builder), or with spark.jars set to"
            " coppice.jar(); a session that runs already does not take a jar in"
        )
    return found
