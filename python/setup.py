"""Builds libinkling by CMake and puts it into the package; the rest is in pyproject.toml."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from setuptools import Distribution, setup
from setuptools.command.build_py import build_py

try:
    from setuptools.command.bdist_wheel import bdist_wheel
except ImportError:  # setuptools below 70
    from wheel.bdist_wheel import bdist_wheel

SOURCE = Path(__file__).resolve().parent.parent
BUILD = SOURCE / "build" / "release"


def version() -> str:
    if "INKLING_VERSION" in os.environ:  # the sources around may not be there
        return os.environ["INKLING_VERSION"]
    text = (SOURCE / "CMakeLists.txt").read_text(encoding="utf-8")
    found = re.search(r"project\(inkling VERSION ([0-9.]+)", text)
    assert found is not None
    return found.group(1)


class BuildWithLibrary(build_py):
    """Copies the shared library to inkling/lib. INKLING_LIBRARY names one that is built already."""

    def run(self) -> None:
        super().run()
        library = os.environ.get("INKLING_LIBRARY")
        if library is None:
            subprocess.run(["cmake", "-S", SOURCE, "-B", BUILD, "-DCMAKE_BUILD_TYPE=Release"], check=True)
            subprocess.run(
                ["cmake", "--build", BUILD, "--parallel", str(os.cpu_count()), "--target", "inkling_shared"],
                check=True,
            )
            library = str(BUILD / "lib" / "libinkling.so")
        folder = Path(self.build_lib) / "inkling" / "lib"
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(library, folder / "libinkling.so")  # follows the link


class WheelOfPlatform(bdist_wheel):
    """The library is the machine's, the Python code any Python's."""

    def get_tag(self):
        return ("py3", "none", super().get_tag()[2])


class WithLibrary(Distribution):
    def has_ext_modules(self) -> bool:
        return True


setup(distclass=WithLibrary, version=version(), cmdclass={"build_py": BuildWithLibrary, "bdist_wheel": WheelOfPlatform})
