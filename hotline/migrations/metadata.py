"""Every table of the hotline in one place, for migrations and tests."""

from sqlmodel import SQLModel

import hotline.access.models
import hotline.access.oidc_tables
import hotline.agents.models
import hotline.citizens.models
import hotline.classification.models
import hotline.directory.cvr
import hotline.directory.models
import hotline.duties
import hotline.guidance.models
import hotline.inquiries.journal
import hotline.inquiries.messages
import hotline.inquiries.models
import hotline.inquiries.notes
import hotline.inquiries.offer
import hotline.inquiries.there
import hotline.inquiries.unserved
import hotline.intake.models
import hotline.integrations.ari.models
import hotline.integrations.cti.models
import hotline.integrations.mail.models
import hotline.integrations.sms.models
import hotline.integrations.webhooks.models
import hotline.privacy.models
import hotline.queue.models
import hotline.settlement.models
import hotline.simulation.models
import hotline.statistics.models  # noqa: F401

metadata = SQLModel.metadata
