"""The site's own settings, in a folder that the tests may fill."""

import os
import tempfile

os.environ["STEPWELL_DATA"] = tempfile.mkdtemp(prefix="stepwell-test-")

from stepwell.config.settings import *  # noqa: F403  the data folder must be set before
from stepwell.config.settings import DATABASES, INSTALLED_APPS, SITE, STORAGES

# Threads of a concurrency test need a database that they can share: a file, not memory.
if DATABASES["default"]["ENGINE"].endswith("sqlite"):
    DATABASES["default"]["TEST"] = {"NAME": SITE.data / "test.sqlite3"}
DATABASES["default"]["CONN_MAX_AGE"] = 0
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# The live server of the tests would take every address for a media file if this were empty.
MEDIA_URL = "/no-media-here/"
(SITE.data / "static").mkdir(parents=True)
# As where single sign-on is set up; what is set up is for each test to say.
INSTALLED_APPS.append("allauth.socialaccount.providers.openid_connect")
