"""What KOMBIT's privileges say, and what is refused to be read."""

import base64

import pytest

from hotline.access.bpp import KLE, LARGEST, BrokenPrivileges, read

AGENT = "http://hotline.example/roles/usersystemrole/agent/1"
GROUP = f"""
  <PrivilegeGroup Scope="urn:dk:gov:saml:cvrNumberIdentifier:99000860">
    <Privilege>{AGENT}</Privilege>
    <Privilege> http://hotline.example/roles/usersystemrole/viewer/1 </Privilege>
    <Constraint Name="{KLE}">23.*, 09.13.01</Constraint>
    <Constraint Name="{KLE}">29.03.12</Constraint>
    <Constraint Name="urn:dk:kombit:sensitivity">3</Constraint>
  </PrivilegeGroup>"""
OF_A_UNIT = GROUP.replace("cvrNumberIdentifier:99000860", "productionUnitIdentifier:1000000001")
BOMB = """<!DOCTYPE l [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><PrivilegeList>&c;</PrivilegeList>"""
OUTSIDE = '<!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/hostname">]><PrivilegeList>&x;</PrivilegeList>'


def encoded(xml):
    return base64.b64encode(xml if isinstance(xml, bytes) else xml.encode()).decode()


def listed(*groups, open_tag='<bpp:PrivilegeList xmlns:bpp="http://itst.dk/oiosaml/basic_privilege_profile">'):
    name = open_tag[1:].split(" ")[0].rstrip(">")
    return '<?xml version="1.0" encoding="UTF-8"?>' + open_tag + "".join(groups) + f"</{name}>"


@pytest.mark.parametrize(
    "open_tag",
    [
        '<bpp:PrivilegeList xmlns:bpp="http://itst.dk/oiosaml/basic_privilege_profile">',
        '<bpp:PrivilegeList xmlns:bpp="http://digst.dk/oiosaml/basic_privilege_profile">',
        '<PrivilegeList xmlns="http://digst.dk/oiosaml/basic_privilege_profile">',
        "<PrivilegeList>",
    ],
)
def test_a_group_says_who_may_do_what_and_within_which_constraints(open_tag):
    [group] = read(encoded(listed(GROUP, OF_A_UNIT, open_tag=open_tag)))
    assert group.cvr == "99000860"
    assert group.privileges == {AGENT, "http://hotline.example/roles/usersystemrole/viewer/1"}
    assert group.constraints == {KLE: ("23.*", "09.13.01", "29.03.12"), "urn:dk:kombit:sensitivity": ("3",)}


def test_lines_of_base64_are_read_as_one():
    text = encoded(listed(GROUP))
    assert read("\n".join(text[at : at + 76] for at in range(0, len(text), 76))) == read(text)


@pytest.mark.parametrize(
    "broken, why",
    [
        ("", "no XML"),
        ("æøå", "no base64"),
        ("<PrivilegeList/>", "no base64"),
        (encoded("no XML at all"), "no XML"),
        (encoded("<PrivilegeList>"), "no XML"),
        (encoded(b"\xff\xfe\x00\xd8"), "no XML"),
        (encoded('<?xml version="1.0" encoding="klingon"?><PrivilegeList/>'), "encoding|no XML"),
        (encoded("<Somethings/>"), "no PrivilegeList"),
        (encoded('<PrivilegeList xmlns="http://elsewhere.example/"/>'), "no PrivilegeList"),
        (encoded(BOMB), "document type, entities"),
        (encoded(OUTSIDE), "document type, entities"),
        (encoded("<!DOCTYPE PrivilegeList><PrivilegeList/>"), "document type"),
        (encoded(listed(GROUP.replace("99000860", "9900086"))), "no CVR number"),
        (encoded(listed(GROUP.replace("99000860", "９9000860"))), "no CVR number"),
        (encoded(listed(GROUP.replace("29.03.12", ""))), "lacks its name or its value"),
        ("A" * (LARGEST + 4), "longer than"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(broken, why):
    with pytest.raises(BrokenPrivileges, match=why):
        read(broken)
