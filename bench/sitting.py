"""What the scripts of bench/ share: where things are, and the settings the peers run fastest with."""
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
BUILD = os.path.join(ROOT, "build", "release")
INKLING = os.path.join(BUILD, "bin", "inkling")
AVX2 = {"ATEN_CPU_CAPABILITY": "avx2", "ONEDNN_MAX_CPU_ISA": "AVX2", "DNNL_MAX_CPU_ISA": "AVX2"}


def find_mnist():
    candidates = [os.path.join(os.environ.get("INKLING_DATA", ""), "mnist"),
                  os.path.join(ROOT, "data", "mnist"),
                  os.path.join(os.path.expanduser(os.environ.get("XDG_CACHE_HOME", "~/.cache")),
                               "inkling", "mnist")]
    for folder in candidates:
        if any(os.path.exists(os.path.join(folder, "train-images-idx3-ubyte" + end)) for end in ("", ".gz")):
            return folder
    sys.exit("no MNIST: inkling data fetch mnist")


def best_settings():
    """Environment of PyTorch, found for two cores."""
    libraries = "/usr/lib/x86_64-linux-gnu"
    return {"OMP_NUM_THREADS": "2", "ATEN_CPU_CAPABILITY": "avx512",
            "LD_LIBRARY_PATH": f"{libraries}/openblas-openmp",
            "LD_PRELOAD": f"{libraries}/libtcmalloc_minimal.so.4"}
