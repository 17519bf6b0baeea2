"""Who sees which row: what other systems told, and what they are told."""

from hotline.rows import ACCOUNTS, ADD, ALL, CHANGE, SECRETARIAT, SEE, WORK, Line

MAIL = ("mailbox", "mail_address", "received_mail", "sent_mail", "alert_address", "alert_mail")

LINES = (
    *(Line(table, (WORK,), ALL) for table in MAIL),
    *(Line(table, (SECRETARIAT,), (SEE,)) for table in ("mail_address", "sent_mail")),
    Line("mailbox", (SECRETARIAT,), (SEE,), columns="id, name, address, active, looked_at, failures, why"),
    Line("received_mail", (SECRETARIAT,), (SEE,), columns="mailbox_id, at, became"),
    *(Line(table, (ACCOUNTS,), (SEE, ADD, CHANGE)) for table in ("mailbox", "mail_address")),
    Line("alert_address", (ACCOUNTS,), ALL),
    *(Line(table, (WORK,), ALL) for table in ("sms_gateway", "received_sms", "sent_sms")),
    Line("sms_gateway", (ACCOUNTS,), (SEE, ADD, CHANGE)),
    Line("sent_sms", (ACCOUNTS,), (SEE,)),
    *(Line(table, (WORK,), ALL) for table in ("webhook", "webhook_delivery")),
    Line(
        "webhook",
        (SECRETARIAT,),
        (SEE,),
        columns="id, integrator_id, url, events, made_at, active, ended_because, failures, rests_until",
    ),
    Line("webhook_delivery", (SECRETARIAT,), (SEE,)),
    *(
        Line(table, (WORK,), ALL)
        for table in ("cti_call", "called_number", "answering_number", "ari_call", "ari_lease")
    ),
    Line("called_number", (ACCOUNTS,), (ADD,)),  # with the sample's municipalities
    *(Line(table, (SECRETARIAT,), (SEE,)) for table in ("cti_call", "called_number", "answering_number")),
)
