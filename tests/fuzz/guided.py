"""One target under atheris, which watches what each input reaches: ``python -m tests.fuzz.guided NAME FOLDER …``.

Started by ``python -m tests.fuzz``, in a process of its own, because libFuzzer ends the process it runs in. What comes
after FOLDER (the corpus) goes to libFuzzer.
"""

import logging
import os
import sys

import atheris

with atheris.instrument_imports(include=["base", "payments"]):
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    from tests.fuzz.running import thrown
    from tests.fuzz.targets import TARGETS


def main() -> None:
    logging.disable(logging.CRITICAL)  # refusals are logged, as they should be; here there are millions
    name, *given = sys.argv[1:]
    target = TARGETS[name]
    atheris.Setup([sys.argv[0], *given, f"-max_len={target.longest}"], lambda data: thrown(target, data) and None)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
