"""Puts into the wheel what stands elsewhere: the version of the POM, and the jars."""

import re
import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

LINES = ("3.5", "4.1")
HERE = Path(__file__).resolve().parent


def version():
    """Returns the version of the project, which the POM states."""
    pom = (HERE / "../../pom.xml").read_text(encoding="utf-8")
    return re.search(
        r"<artifactId>coppice-parent</artifactId>\s*<version>([^<]+)</version>", pom
    ).group(1)


class BuildWithJars(build_py):
    """Adds the library's jar of each Spark line."""

    def run(self):
        super().run()
        if self.editable_mode:
            raise SystemExit("coppice cannot be installed editable: it holds jars")
        target = Path(self.build_lib, "coppice", "jars")
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        for line in LINES:
            name = f"coppice-ml-{version()}-spark-{line}_2.13.jar"
            jar = HERE / "../target" / f"quick-spark-{line}_2.13" / name
            if not jar.is_file():
                raise SystemExit(f"{jar} is missing: run spark-ml/python/bin/build")
            shutil.copy2(jar, target)


setup(version=version(), cmdclass={"build_py": BuildWithJars})
