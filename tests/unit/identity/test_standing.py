"""Who may do what: posts, roles and the tree."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from luodi.codebook.load import SHIPPED, load_profile
from luodi.codebook.values import Permission as P
from luodi.identity.rules import standing as rules
from luodi.identity.tree import Version, tree_on
from luodi.identity.values import PersonAt, PostAt, Scope

DAY = date(2024, 6, 1)
START = date(2024, 1, 1)


def unit(code, parent, kind, *, until=None, successor=""):
    return Version(code, code, parent, kind, "", successor, START, until)


ROWS = [
    unit("YL", "", "city"),
    unit("YL01", "YL", "district"),
    unit("YL02", "YL", "district"),
    unit("YL0101", "YL01", "town"),
    unit("YLD01", "YL", "department"),
    unit("YLD02", "YL", "department"),
    unit("YLO1", "YLD01", "office"),
    unit("YL09", "YL", "district", until=date(2024, 3, 1), successor="YL01"),
]
TREE = tree_on(ROWS, on=DAY)
SOMEBODY = PersonAt("p1", "某人", None)


@pytest.fixture(scope="module")
def profile():
    return load_profile(SHIPPED)


@pytest.fixture
def holding(profile):
    """Give the standing of somebody who holds these (role, unit) posts."""

    def held(*posts, person=SOMEBODY, on=DAY):
        given = tuple(PostAt("p1", unit, role, START) for role, unit in posts)
        return rules.standing(person=person, posts=given, profile=profile, tree=TREE, on=on)

    return held


def test_nobody_may_anything_without_a_post(holding):
    nobody = holding()

    assert not any(rules.may_anywhere(nobody, permission) for permission in P)
    assert not any(rules.may(nobody, permission, unit="YL01") for permission in P)


def test_a_reporter_fills_for_the_own_part_of_the_tree(holding):
    reporter = holding(("reporter", "YL01"))

    assert rules.may(reporter, P.FILL_FORM, unit="YL01")
    assert rules.may(reporter, P.FILL_FORM, unit="YL0101")
    assert not rules.may(reporter, P.FILL_FORM, unit="YL02")
    assert not rules.may(reporter, P.FILL_FORM, unit="YL")
    assert not rules.may(reporter, P.FILL_FORM)
    assert not rules.may(reporter, P.ACCEPT_FORM, unit="YL01")


def test_a_city_leader_sees_everything_and_files_nothing(holding):
    leader = holding(("city_leader", "YL"))

    assert rules.may(leader, P.SEE_FIGURES)
    assert rules.may(leader, P.SEE_INVESTORS, unit="YL02")
    assert not rules.may_anywhere(leader, P.FILL_FORM)


def test_a_secretary_acts_for_own_projects_only(holding):
    secretary = holding(("project_secretary", "YL01"))

    assert rules.may(secretary, P.CLAIM_STAGE, unit="YL02", answers_for=True)
    assert not rules.may(secretary, P.CLAIM_STAGE, unit="YL01")
    assert rules.scope(secretary, P.CLAIM_STAGE) == Scope(own_projects=True)
    assert rules.may_anywhere(secretary, P.CLAIM_STAGE)


def test_several_posts_add_up(holding):
    both = holding(("reporter", "YL0101"), ("checker", "YL02"))

    assert rules.scope(both, P.EXPLAIN_FINDING).units == {"YL0101", "YL02"}


def test_the_part_below_the_root_is_everything(holding):
    assert rules.scope(holding(("reporter", "YL")), P.FILL_FORM) == Scope(everything=True)


def test_a_role_can_be_held_to_one_unit(profile, holding):
    clerk = holding(("reporter", "YL01"))
    narrow = [(post, role.model_copy(update={"reach": "unit"})) for post, role in clerk.posts]

    assert rules.scope(replace(clerk, posts=tuple(narrow)), P.FILL_FORM).units == {"YL01"}


def test_who_sat_in_a_merged_unit_sits_in_the_new_one(holding):
    moved = holding(("reporter", "YL09"))

    assert rules.may(moved, P.FILL_FORM, unit="YL01")
    assert rules.may(moved, P.FILL_FORM, unit="YL09")
    assert not rules.may(moved, P.FILL_FORM, unit="YL02")


def test_a_post_counts_while_it_is_held_and_the_person_acts(profile, holding):
    post = PostAt("p1", "YL01", "reporter", date(2024, 2, 1), date(2024, 4, 1))

    def may_on(day, person=SOMEBODY):
        who = rules.standing(person=person, posts=(post,), profile=profile, tree=TREE, on=day)
        return rules.may(who, P.FILL_FORM, unit="YL01")

    days = [date(2024, 1, 31), date(2024, 2, 1), date(2024, 3, 31), date(2024, 4, 1)]
    assert [may_on(day) for day in days] == [False, True, True, False]
    assert not may_on(date(2024, 3, 1), PersonAt("p1", None, None, left_on=date(2024, 3, 1)))
    assert not may_on(date(2024, 3, 1), None)


def test_roles_that_are_gone_or_local_give_nothing(holding):
    assert holding(("dancer", "YL01"), ("local_operator", "YL")).posts == ()


def test_the_operator_at_the_machine_may_all_but_read_the_audit_log(profile):
    operator = rules.local_operator(profile=profile, tree=TREE, on=DAY)

    assert operator.local
    assert {permission for permission in P if not rules.may(operator, permission)} == {P.READ_AUDIT}
    assert rules.acts_for(operator, P.VERIFY_STAGE, unit="YLD01")
    assert not rules.acts_for(operator, P.READ_AUDIT, unit="YLD01")


def test_a_local_operator_may_nothing_in_a_city_without_such_a_role(profile):
    roles = tuple(role for role in profile.roles if not role.local)
    operator = rules.local_operator(profile=profile.model_copy(update={"roles": roles}), tree=TREE, on=DAY)

    assert not operator.local
    assert not rules.may_anywhere(operator, P.FILL_FORM)


def test_only_who_sits_in_the_owning_office_accepts_for_it(holding):
    acceptor = holding(("acceptor", "YLD01"))

    assert rules.acts_for(acceptor, P.ACCEPT_FORM, unit="YLD01")
    assert not rules.acts_for(acceptor, P.ACCEPT_FORM, unit="YLD02")
    assert not rules.acts_for(acceptor, P.FILL_FORM, unit="YLD01")


def test_an_office_acts_for_its_bureau_but_a_county_not_for_the_city(holding):
    assert rules.acts_for(holding(("acceptor", "YLO1")), P.ACCEPT_FORM, unit="YLD01")
    assert not rules.acts_for(holding(("checker", "YL01")), P.VERIFY_STAGE, unit="YL")
    assert not rules.acts_for(holding(("checker", "YL99")), P.VERIFY_STAGE, unit="YL")


POST = PostAt("p1", "YL01", "reporter", DAY)


@pytest.fixture
def refused(profile):
    """Give the codes of what speaks against a post."""

    def codes(post, *others, person=SOMEBODY):
        problems = rules.post_problems(post=post, person=person, others=others, profile=profile, tree=TREE)
        for problem in problems:
            assert "{" not in problem.message("zh") + problem.message("en")
        return [problem.code.removeprefix("identity.post.") for problem in problems]

    return codes


def test_a_post_is_given_to_a_person_at_a_unit_in_a_role(refused):
    assert refused(POST) == []
    assert refused(POST, person=None) == ["no_person"]
    assert refused(POST, person=PersonAt("p1", None, None, left_on=DAY)) == ["no_person"]
    assert refused(replace(POST, unit="YL09")) == ["no_unit"]
    assert refused(replace(POST, unit="YL77")) == ["no_unit"]
    assert refused(replace(POST, role="dancer")) == ["no_role"]
    assert refused(replace(POST, role="local_operator")) == ["no_role"]
    assert refused(replace(POST, valid_to=date(2024, 5, 31))) == ["ends_before"]


ADMIN = PostAt("p1", "YL", "system_admin", START)


def test_the_three_administrators_are_three_people(refused):
    assert refused(replace(ADMIN, role="security_admin"), ADMIN) == ["excluded"]
    assert refused(replace(ADMIN, role="audit_admin"), ADMIN) == ["excluded"]
    assert refused(replace(POST, role="checker"), replace(POST, role="auditor")) == ["excluded"]
    assert refused(replace(POST, role="auditor"), replace(POST, role="checker")) == ["excluded"]


def test_one_may_follow_the_other(refused):
    before = replace(ADMIN, valid_to=DAY)
    after = replace(ADMIN, valid_from=date(2025, 1, 1))

    assert refused(replace(ADMIN, role="audit_admin", valid_from=DAY), before) == []
    assert refused(replace(ADMIN, role="audit_admin", valid_to=date(2025, 1, 1)), after) == []
    assert refused(replace(ADMIN, role="audit_admin"), after) == ["excluded"]
    assert refused(replace(ADMIN, role="audit_admin"), replace(ADMIN, role="gone")) == []
    assert refused(replace(ADMIN, role="reporter"), ADMIN) == []
