"""The build backend of the wheel: maturin, after the program was built and put where it packs files."""

import os
import pathlib
import shutil
import subprocess

import maturin
from maturin import (  # noqa: F401
    get_requires_for_build_editable,
    get_requires_for_build_sdist,
    get_requires_for_build_wheel,
    prepare_metadata_for_build_editable,
    prepare_metadata_for_build_wheel,
)

ROOT = pathlib.Path(__file__).resolve().parents[2]


def _program():
    """Builds the program for the machine that installs the package."""
    scripts = ROOT / "dist/flowship.data/scripts"
    target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    command = ["cargo", "build", "--release", "--locked", "--package", "flowship"]
    subprocess.run([*command, "--target-dir", target], check=True, cwd=ROOT)
    name = "flowship.exe" if os.name == "nt" else "flowship"
    scripts.mkdir(exist_ok=True)
    shutil.copy2(target / "release" / name, scripts / name)


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    _program()
    return maturin.build_wheel(wheel_directory, config_settings, metadata_directory)


def build_editable(wheel_directory, config_settings=None, metadata_directory=None):
    _program()
    return maturin.build_editable(wheel_directory, config_settings, metadata_directory)


def build_sdist(sdist_directory, config_settings=None):
    return maturin.build_sdist(sdist_directory, config_settings)
