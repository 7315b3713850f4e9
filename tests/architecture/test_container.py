"""The Dockerfile, walked step by step without a Docker engine: what it copies is there, what it installs resolves and
runs on a slim image, and the final image holds no build tools."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SLIM_LIBRARIES = re.compile(
    r"^(ld-linux|linux-vdso|lib(c|m|dl|rt|pthread|util|resolv|gcc_s|stdc\+\+|z|lzma|bz2|ffi)\.so)"
)
"""What python:slim has: the C and C++ runtime and what CPython itself links to."""
# OpenVINO loads this plugin only where a graphics card and its driver are; the reading asks for the processor by name.
FOR_OTHER_PROCESSORS = frozenset({"libopenvino_intel_gpu_plugin.so"})


def steps() -> list[tuple[str, str]]:
    text = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(word, rest) for word, _, rest in (line.partition(" ") for line in lines)]


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The build stage's virtual environment, made by its own RUN steps with the folders moved to a temporary place."""
    source, venv = tmp_path_factory.mktemp("src"), tmp_path_factory.mktemp("opt") / "piaoku"
    for word, rest in steps():
        if word == "FROM" and "AS build" not in rest:
            break
        if word == "COPY":
            *names, target = rest.split()
            for name in names:
                destination = source / target / (name if target == "./" else "")
                subprocess.run(["cp", "-r", str(ROOT / name), str(destination)], check=True)
        if word == "RUN":
            command = rest.replace("/opt/piaoku", str(venv)).replace("python -m venv", f"{sys.executable} -m venv")
            subprocess.run(["sh", "-ec", command], cwd=source, check=True)
    return venv


def test_every_copied_path_exists_and_reaches_the_build() -> None:
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().split() if line.startswith("!")}
    copied = [rest.split()[:-1] for word, rest in steps() if word == "COPY" and "--from" not in rest]
    assert copied
    for name in (name for names in copied for name in names):
        assert (ROOT / name).exists(), name
        assert name in allowed, f".dockerignore leaves out {name}"


def test_the_service_does_not_run_as_root_and_keeps_its_data_in_a_volume() -> None:
    found = dict(steps())
    assert found["USER"] not in ("root", "0")
    assert found["VOLUME"] == "/data"


@pytest.mark.slow
def test_the_entry_point_starts_from_what_the_build_stage_made(image: Path, tmp_path: Path) -> None:
    entry = next(rest for word, rest in steps() if word == "ENTRYPOINT")
    command = image / "bin" / entry.strip('[]"')
    answer = subprocess.run([command, "--help"], capture_output=True, text=True, cwd=tmp_path, check=True)
    assert "serve" in answer.stdout
    # A link needs the catalog, and so the migrations that the package must carry.
    answer = subprocess.run(
        [command, "link", "--data", tmp_path / "data"], capture_output=True, text=True, cwd=tmp_path
    )
    assert "/enter/" in answer.stdout, answer.stderr


@pytest.mark.slow
def test_the_image_holds_no_build_tools_and_only_the_headless_opencv(image: Path) -> None:
    packages = {path.name.split("-")[0].lower() for path in image.glob("lib/python*/site-packages/*.dist-info")}
    assert "opencv_python_headless" in packages
    assert not packages & {"opencv_python", "setuptools", "pip", "wheel", "pytest", "mypy", "ruff"}
    gui = "import cv2; print(next(line for line in cv2.getBuildInformation().splitlines() if 'GUI:' in line))"
    answer = subprocess.run([image / "bin/python", "-c", gui], capture_output=True, text=True, check=True)
    assert answer.stdout.split() == ["GUI:", "NONE"]


@pytest.mark.slow
def test_the_packages_need_no_system_library_beyond_a_slim_image(image: Path) -> None:
    wanted = set()
    libraries = [path for path in image.rglob("*.so*") if path.name not in FOR_OTHER_PROCESSORS]
    brought = {path.name for path in libraries}  # some name each other without a path: who loads one has loaded both
    for library in libraries:
        answer = subprocess.run(["ldd", library], capture_output=True, text=True)
        for line in answer.stdout.splitlines():
            name, _, place = line.strip().partition(" => ")
            if not place.startswith(str(image)) and "statically linked" not in name:
                wanted.add(Path(name.split()[0]).name)
    beyond = {name for name in wanted - brought if not SLIM_LIBRARIES.match(name)}
    assert not beyond, f"not on a slim image: {sorted(beyond)}"
