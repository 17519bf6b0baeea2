"""Every table of the hotline in one place, for migrations and tests."""

from sqlmodel import SQLModel

import hotline.access.identities
import hotline.access.models
import hotline.directory.models
import hotline.handling.models
import hotline.intake.models
import hotline.journal
import hotline.offers.models
import hotline.privacy.models
import hotline.statistics.models  # noqa: F401

metadata = SQLModel.metadata
