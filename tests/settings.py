"""The product's settings, made quick for tests: cheap password hashes, no manifest, files in a temporary folder."""

import tempfile
from pathlib import Path

from shop.settings import *  # noqa: F403
from shop.settings import STORAGES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
_folder = tempfile.TemporaryDirectory(prefix="chophien-tests-")  # goes when the process ends
_scratch = Path(_folder.name)
MEDIA_ROOT = _scratch / "media"
STATIC_ROOT = _scratch / "static"
STATIC_ROOT.mkdir()
DEMO = False
# The suite searches in the database, whatever is configured; tests of the province's engine go to the
# node that tests/elastic.py names.
SEARCH_URL = ""
