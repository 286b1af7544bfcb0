"""What all stages have in common: a Java object, its Params, how it is saved and read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Dict, TypeVar

import pyspark
from py4j.java_gateway import JavaClass
from py4j.protocol import Py4JJavaError
from pyspark import SparkContext
from pyspark.errors import IllegalArgumentException
from pyspark.ml.param import Param
from pyspark.ml.util import JavaMLReadable, JavaMLReader, JavaMLWritable, MLReader
from pyspark.ml.wrapper import JavaParams
from pyspark.sql.utils import is_remote

if TYPE_CHECKING:
    from py4j.java_gateway import JavaObject
    from typing_extensions import Self

T = TypeVar("T")

# What the server answers for every stage.
_CONNECT_METHODS = ("toString",)


class _NotOnServer(RuntimeError, AttributeError):
    """Also what PySpark takes for an absent attribute: it looks whether a model has a Param
    by asking for the attribute of its name, such as ``rank``."""


class Stage(JavaParams, JavaMLReadable[Any], JavaMLWritable):
    """A stage whose Java class is ``_java_class``."""

    _java_class: str

    # What keyword_only leaves of a call.
    _input_kwargs: Dict[str, Any]

    # Looked at when a stage goes, even one whose constructor has failed.
    _java_obj: Any = None

    def _create(self, **params: Any) -> None:
        """Makes the Java object, and sets the Params that were given."""
        if connected():
            # The server makes the object when it is asked for something.
            self._java_obj = self._java_class
        else:
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
        if not connected():
            self._transfer_params_to_java()
        return self._call_java(method, *args)

    def _call_java(self, name: str, *args: Any) -> Any:
        if name not in _CONNECT_METHODS:
            self._in_jvm(name)
        return super()._call_java(name, *args)

    def _in_jvm(self, method: str) -> JavaObject:
        """Returns the Java object, for a method that only a JVM beside Python runs.

        Raises
        ------
        RuntimeError
            If the object is on a server of Spark Connect.
        """
        if connected():
            raise _NotOnServer(
                f"a server of Spark Connect does not run {method} of"
                f" {type(self).__name__}: it runs fit, transform, evaluate, save and"
                " load; save the model, and load it in a session without remote()"
                " (lists: transform with listLength)"
            )
        return self._java_obj

    @classmethod
    def read(cls) -> MLReader[Any]:
        """Returns a reader of saved stages of this class."""
        if connected():
            from pyspark.ml.connect.readwrite import RemoteMLReader

            # It names the Java class by the module that the Python class says it is in.
            named = type(cls.__name__, (cls,), {"__module__": "dev.coppice.spark"})
            return RemoteMLReader(named)
        return _Reader(cls)


class _Reader(JavaMLReader[Any]):
    """Reads with the Java class that a Python class names."""

    @classmethod
    def _load_java_obj(cls, clazz: Any) -> JavaClass:
        return java_class(clazz._java_class)


def connected() -> bool:
    """Returns whether stages are run by a server of Spark Connect.

    Raises
    ------
    RuntimeError
        If they should be, and this PySpark cannot.
    """
    if not is_remote():
        return False
    version = tuple(int(part) for part in pyspark.__version__.split(".")[:2])
    if version < (4, 1):
        raise RuntimeError(
            "Coppice works through Spark Connect with PySpark 4.1 or newer, and this is"
            f" {pyspark.__version__}: start the session without remote()"
        )
    return True


def java_class(name: str) -> JavaClass:
    """Returns a class of the session's JVM.

    Raises
    ------
    RuntimeError
        If there is no session, or it does not have the library's jar.
    """
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
