"""People, posts, tokens, and what they open."""

from __future__ import annotations

from datetime import date

import pytest

from luodi.codebook.values import Permission as P
from luodi.identity import actions, permissions, queries
from luodi.identity.models import AccessLog, ApiToken, Person, Post, UnitVersion
from luodi.identity.values import EvidenceAccess, PersonAt
from luodi.kernel import instant
from luodi.ledger import models, rebuilding, texts
from luodi.ledger.values import Actor

from .conftest import DAY, OPERATOR

pytestmark = pytest.mark.django_db
LATER = date(2024, 7, 1)
PROJECTIONS = (UnitVersion, Person, Post, ApiToken)


def test_names_stand_in_no_fact(post):
    post("p1", "reporter", "YL01")

    assert queries.person("p1").name == "虚构p1"
    assert not any("虚构".encode() in bytes(fact.body) for fact in models.Fact.objects.all())


def test_the_last_row_of_a_person_counts(post):
    post("p1", "reporter", "YL01")
    actions.register_person(person="p1", name="改名", actor=OPERATOR, on=DAY, left_on=LATER)

    assert queries.person("p1").name == "改名"
    assert queries.people() == {"p1": queries.person("p1")}
    assert permissions.may("p1", P.FILL_FORM, unit="YL01", on=DAY)
    assert not permissions.may("p1", P.FILL_FORM, unit="YL01", on=LATER)
    assert Person.objects.count() == 2


@pytest.mark.parametrize("person", ["", "local", "p 1", "a:b"])
def test_some_ids_are_no_persons(city, person):
    with pytest.raises(actions.BadPerson):
        actions.register_person(person=person, name="某", actor=OPERATOR, on=DAY)


def test_a_post_gives_a_role_in_a_part_of_the_tree(post):
    post("p1", "reporter", "YL01")

    assert permissions.may("p1", P.FILL_FORM, unit="YL0101", on=DAY)
    assert not permissions.may("p1", P.FILL_FORM, unit="YL02", on=DAY)
    assert permissions.acts_for("p1", P.FILL_FORM, unit="YL01", on=DAY)
    assert permissions.may_anywhere("p1", P.FILL_FORM, on=DAY)
    assert permissions.scope_units("p1", P.FILL_FORM, on=DAY).units == {"YL01", "YL0101", "YL0102"}
    assert not permissions.may("unknown", P.FILL_FORM, unit="YL01", on=DAY)


def test_a_refusal_names_the_permission_and_the_unit(post):
    actor = post("p1", "reporter", "YL01")

    permissions.require(actor.person, P.FILL_FORM, unit="YL01", on=DAY)
    permissions.require_seat(actor.person, P.FILL_FORM, unit="YL01", on=DAY)
    with pytest.raises(permissions.NotAllowed) as refusal:
        permissions.require(actor.person, P.FILL_FORM, unit="YL02", on=DAY)
    assert refusal.value.problems[0].params == {"permission": "fill_form", "unit": "YL02"}
    with pytest.raises(permissions.NotAllowed):
        permissions.require_seat(actor.person, P.FILL_FORM, unit="YL", on=DAY)
    with pytest.raises(permissions.NotAllowed) as refusal:
        permissions.require(actor.person, P.FILL_FORM, on=DAY)
    assert refusal.value.problems[0].params["unit"] == "*"


def test_a_standing_answers_several_questions_without_asking_again(post, django_assert_num_queries):
    post("p1", "reporter", "YL01")
    who = permissions.who("p1", on=DAY)

    with django_assert_num_queries(0):
        assert permissions.may(who, P.FILL_FORM, unit="YL01", on=DAY)
        assert permissions.acts_for(who, P.FILL_FORM, unit="YL01", on=DAY)


def test_a_post_ends_on_its_day(post):
    post("p1", "reporter", "YL01")
    actions.end_post(person="p1", unit="YL01", role="reporter", valid_to=LATER, actor=OPERATOR, on=DAY)

    assert permissions.may("p1", P.FILL_FORM, unit="YL01", on=date(2024, 6, 30))
    assert not permissions.may("p1", P.FILL_FORM, unit="YL01", on=LATER)
    assert [held.valid_to for held in queries.posts(unit="YL01")] == [LATER]
    assert queries.posts(unit="YL01", on=LATER) == ()
    with pytest.raises(actions.NoSuchPost):
        actions.end_post(person="p1", unit="YL01", role="reporter", valid_to=LATER, actor=OPERATOR, on=DAY)


def test_a_post_that_can_not_be_held_is_refused(post):
    post("p1", "system_admin", "YL")

    with pytest.raises(actions.BadPost) as refusal:
        actions.give_post(person="p1", unit="YL", role="audit_admin", valid_from=DAY, actor=OPERATOR, on=DAY)
    assert [problem.code for problem in refusal.value.problems] == ["identity.post.excluded"]


def test_only_the_security_administrator_gives_posts(post):
    reporter, admin = post("p1", "reporter", "YL01"), post("p2", "security_admin", "YL")

    for act in (
        lambda by: actions.register_person(person="p3", name="某", actor=by, on=DAY),
        lambda by: actions.give_post(person="p3", unit="YL02", role="reporter", valid_from=DAY, actor=by, on=DAY),
        lambda by: actions.end_post(person="p3", unit="YL02", role="reporter", valid_to=LATER, actor=by, on=DAY),
    ):
        with pytest.raises(permissions.NotAllowed):
            act(reporter)
        act(admin)


# Tokens -----------------------------------------------------------------------------------------------------------


def test_a_token_opens_as_its_person_until_it_ends(post):
    actor = post("p1", "reporter", "YL01")
    token, secret = actions.issue_token(person="p1", actor=actor, on=DAY, label="月报脚本", valid_to=LATER)

    assert queries.person_of_token(secret, on=DAY) == "p1"
    assert queries.person_of_token(secret, on=LATER) is None
    assert queries.person_of_token(secret + "x", on=DAY) is None
    assert [(one.token, one.label) for one in queries.tokens(person="p1")] == [(token, "月报脚本")]
    assert not any(secret in str(row.__dict__) for row in ApiToken.objects.all())


def test_a_revoked_token_opens_nothing(post):
    actor = post("p1", "reporter", "YL01")
    token, secret = actions.issue_token(person="p1", actor=actor, on=DAY)
    actions.revoke_token(person="p1", token=token, actor=actor, on=DAY)

    assert queries.person_of_token(secret, on=DAY) is None
    for wrong in (token, "none"):
        with pytest.raises(actions.NoSuchToken):
            actions.revoke_token(person="p1", token=wrong, actor=actor, on=DAY)


def test_a_token_ends_with_its_person(post):
    actor = post("p1", "reporter", "YL01")
    _, secret = actions.issue_token(person="p1", actor=actor, on=DAY)
    actions.register_person(person="p1", name="某", actor=OPERATOR, on=DAY, left_on=LATER)

    assert queries.person_of_token(secret, on=DAY) == "p1"
    assert queries.person_of_token(secret, on=LATER) is None
    with pytest.raises(actions.NoSuchPerson):
        actions.issue_token(person="p1", actor=OPERATOR, on=LATER)
    with pytest.raises(actions.NoSuchPerson):
        actions.issue_token(person="nobody", actor=OPERATOR, on=DAY)


def test_another_persons_token_is_the_security_administrators_matter(post):
    post("p1", "reporter", "YL01")
    other, admin = post("p2", "reporter", "YL02"), post("p3", "security_admin", "YL")

    with pytest.raises(permissions.NotAllowed):
        actions.issue_token(person="p1", actor=other, on=DAY)
    token, _ = actions.issue_token(person="p1", actor=admin, on=DAY, secret="seeded")
    with pytest.raises(permissions.NotAllowed):
        actions.revoke_token(person="p1", token=token, actor=other, on=DAY)
    actions.revoke_token(person="p1", token=token, actor=admin, on=DAY)
    assert queries.person_of_token("seeded", on=DAY) is None


# What is seen -----------------------------------------------------------------------------------------------------


def test_a_code_name_stays_when_the_ledger_grows(post):
    key = queries.code_name_key()
    post("p1", "reporter", "YL01")

    assert queries.code_name_key() == key


def test_an_empty_store_has_a_key_too(db):
    assert len(queries.code_name_key()) == 32


PHOTO = EvidenceAccess("ab" * 32, filed_by="p1", filed_unit="YL01", checking_units=frozenset({"YLD01"}))
NOON = instant.start_of(DAY) + 12 * 3600 * 10**6


def test_each_view_of_evidence_is_logged_and_each_refusal(post):
    filer, sibling = post("p1", "reporter", "YL01"), post("p2", "reporter", "YL02")

    actions.open_evidence(PHOTO, actor=filer, at=NOON, address="10.0.0.7")
    with pytest.raises(actions.EvidenceClosed):
        actions.open_evidence(PHOTO, actor=sibling, at=NOON + 1)

    log = queries.accesses(since=NOON, until=NOON + 2)
    assert [(one.person, one.allowed, one.address) for one in log] == [("p1", True, "10.0.0.7"), ("p2", False, "")]
    assert [one.person for one in queries.accesses(since=NOON, until=NOON + 1, subject=PHOTO.digest)] == ["p1"]


def test_rows_say_what_they_are(post):
    actor = post("p1", "reporter", "YL01")
    token, _ = actions.issue_token(person="p1", actor=actor, on=DAY)
    actions.log_access(person="p1", act="signed_in", at=NOON)

    assert str(UnitVersion.objects.get(code="YL")) == "YL 云岭市"
    assert str(Person.objects.get()) == "p1"
    assert str(Post.objects.get()) == "p1 reporter@YL01"
    assert str(ApiToken.objects.get()) == f"{token} of p1"
    assert str(AccessLog.objects.get()) == "p1 signed_in "


def test_a_web_actor_of_another_name_is_not_the_operator(city):
    assert not permissions.may("Local", P.SEE_FIGURES, on=DAY)
    assert permissions.may(Actor("local", "cli").person, P.KEEP_UNITS, on=DAY)


# What the ledger promises of these tables -------------------------------------------------------------------------


def test_a_name_removed_by_law_is_gone_and_the_rest_stays(post):
    post("p1", "reporter", "YL01")
    row = Person.objects.get()
    texts.remove(row=row.id, columns=("name", "phone"), reason="本人申请", actor=OPERATOR)

    assert queries.person("p1") == PersonAt("p1", None, None)
    assert permissions.may("p1", P.FILL_FORM, unit="YL01", on=DAY)


def test_a_rebuild_gives_every_row_again(post):
    actor = post("p1", "reporter", "YL01")
    actions.issue_token(person="p1", actor=actor, on=DAY)
    actions.end_post(person="p1", unit="YL01", role="reporter", valid_to=LATER, actor=OPERATOR, on=DAY)
    before = [list(model.objects.order_by("id").values()) for model in PROJECTIONS]
    rebuilding.rebuild()

    assert [list(model.objects.order_by("id").values()) for model in PROJECTIONS] == before
    assert all(before)
