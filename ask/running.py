"""A service that runs on this machine: the note that it leaves, and the questions put to it over the loopback."""

import fcntl
import hashlib
import http.client
import ipaddress
import json
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from service.answer import Answer
    from service.engine import Wishes
