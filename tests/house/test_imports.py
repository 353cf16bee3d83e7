"""The floors hold, and what runs before the installation needs no installation."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.tree import ROOT

LINT = Path(sys.executable).with_name("lint-imports")


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([LINT, "--no-cache"], cwd=folder, capture_output=True, text=True, timeout=120)


def test_every_import_contract_is_kept() -> None:
    done = lint_imports(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr
    assert " 0 broken" in done.stdout


def test_an_import_upward_would_be_named(tmp_path: Path) -> None:
    # The contracts are only worth something if they can break: the same ones, over a house with one wrong import.
    (tmp_path / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text(encoding="utf-8"), encoding="utf-8")
    for package in ("base", "cooperatives", "catalog", "orders", "payments", "storefront", "shop"):
        for source in (ROOT / package).rglob("*.py"):
            copy = tmp_path / source.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
    with (tmp_path / "base/__init__.py").open("a", encoding="utf-8") as lowest:
        lowest.write("\nimport payments\n")
    done = lint_imports(tmp_path)
    assert done.returncode == 1
    assert "base is not allowed to import payments" in done.stdout


@pytest.mark.parametrize("name", ["dev.py", "tests/postgres.py", "tests/elastic.py", "tests/wrapping.py"])
def test_only_the_standard_library_is_imported(name: str) -> None:
    imported = set()
    for node in ast.walk(ast.parse((ROOT / name).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            imported |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add((node.module or ".").partition(".")[0])
    assert imported - sys.stdlib_module_names - {"tests"} == set()


def test_imports_stand_at_the_top_of_the_file() -> None:
    # An import inside a function hides a knot. Django's ready() is the one place where apps are loaded late.
    inside = []
    for package in ("base", "cooperatives", "catalog", "orders", "payments", "storefront", "shop"):
        for path in sorted((ROOT / package).rglob("*.py")):
            for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef) or function.name == "ready":
                    continue
                nodes = [node for node in ast.walk(function) if isinstance(node, ast.Import | ast.ImportFrom)]
                inside += [f"{path.relative_to(ROOT)}:{node.lineno}" for node in nodes]
    assert inside == []


def test_adapters_know_no_database() -> None:
    # import-linter cannot forbid a part of an outside package. Of Django an adapter needs translated texts alone.
    known = set()
    for package in ("payments/providers", "payments/statements", "payments/carriers"):
        for path in sorted((ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
                modules += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
                known |= {module for module in modules if module.partition(".")[0] == "django"}
    assert known <= {"django.utils.translation"}
