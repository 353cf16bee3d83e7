"""Every variable that the product reads is explained in .env.example, and nothing else is."""

import ast
import re

from tests.house.tree import ROOT, files, relative

READERS = {"text", "words", "number", "flag"}


def read_by_settings() -> set[str]:
    tree = ast.parse((ROOT / "shop/settings.py").read_text(encoding="utf-8"))
    found = set()
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in READERS):
            continue
        if isinstance(node.func.value, ast.Name) and node.func.value.id == "env":
            assert isinstance(node.args[0], ast.Constant), (
                f"line {node.lineno}: the variable's name must be written out"
            )
            found.add(node.args[0].value)
    return found


def read_by_compose() -> set[str]:
    return set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text(encoding="utf-8")))


def test_the_example_lists_exactly_what_is_read() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    listed = re.findall(r"^(?:# )?([A-Z_]+)=", example, re.MULTILINE)
    assert len(listed) == len(set(listed))
    assert set(listed) == read_by_settings() | read_by_compose()


def test_every_variable_has_a_comment() -> None:
    before = ""
    for line in (ROOT / ".env.example").read_text(encoding="utf-8").splitlines():
        if re.match(r"(?:# )?[A-Z_]+=", line):
            assert before.startswith("#"), f"{line}: not explained"
            assert not before.startswith("# --"), f"{line}: not explained"
        before = line


def test_only_settings_read_the_environment() -> None:
    # Two places that answer "what is configured?" give two answers one day.
    allowed = {"shop/env.py", "shop/wsgi.py", "manage.py", "dev.py", "docs/pictures/take.py"}
    readers = [
        relative(path)
        for path in files(".py")
        if re.search(r"os\.(environ|getenv)", path.read_text(encoding="utf-8"))
        and not relative(path).startswith(("tests/", "benchmarks/"))
    ]
    assert set(readers) <= allowed
