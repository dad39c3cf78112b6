"""Settings of the tests: the clinic's own, with a folder that is thrown away and a password hash that is quick.

SQLite by default; with SEXTANT_TEST_POSTGRES=postgres://... the same tests run on PostgreSQL.
"""

import atexit
import os
import shutil
from tempfile import mkdtemp

for name in [name for name in os.environ if name.startswith("SEXTANT_") and name != "SEXTANT_TEST_POSTGRES"]:
    del os.environ[name]
os.environ["SEXTANT_DATA_DIR"] = mkdtemp(prefix="sextant-tests-")
os.environ["SEXTANT_DATABASE_URL"] = os.environ.get("SEXTANT_TEST_POSTGRES", "")
atexit.register(shutil.rmtree, os.environ["SEXTANT_DATA_DIR"], ignore_errors=True)

from sextant.clinic.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
