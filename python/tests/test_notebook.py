"""examples/quickstart.ipynb, executed from the first cell to the last."""

import os
import shutil
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from conftest import SOURCE

MNIST = Path(os.environ.get("INKLING_DATA", "data")) / "mnist" / "train-images-idx3-ubyte.gz"


@pytest.mark.skipif(not MNIST.exists(), reason="needs MNIST in $INKLING_DATA")
def test_the_quickstart_runs(tmp_path: Path) -> None:
    for name in ("quickstart.ipynb", "cheque.jpg"):
        shutil.copy(SOURCE / "examples" / name, tmp_path)
    notebook = nbformat.read(tmp_path / "quickstart.ipynb", as_version=4)
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(tmp_path)}}).execute()
    said = "\n".join(
        output.get("text", "") for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs
    )
    accuracy = float(next(line for line in said.splitlines() if " % (" in line).split(" ")[0])
    assert accuracy > 98.5 and "420675" in said and (tmp_path / "swift.safetensors").exists()
