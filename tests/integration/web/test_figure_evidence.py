"""Evidence beside the figure on the pages: attached in the grid, counted for the acceptor, opened by few, every try logged."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from luodi.codebook import queries as codebook
from luodi.identity.models import AccessLog
from luodi.kernel.period import month
from luodi.ledger import evidence
from luodi.statistics.actions import closing, drafts, filing, judging
from luodi.statistics.models import Draft, Figure
from luodi.web.models import Account
from tests import city

pytestmark = pytest.mark.django_db
MAY, TODAY = month(2025, 5), date(2025, 6, 2)
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40
FORM = "/filing/YL-T2/2025-05/YL01/"
KEY = "P1|funds_in_place"
NAMES = {"head": "甲", "statistician": "乙", "filler": "丙", "telephone": "0000", "filled_on": "2025-06-02"}


@pytest.fixture(autouse=True)
def a_city(tmp_path, settings):
    settings.HOME = tmp_path
    city.make()
    city.project("P1")
    for person, _, _ in city.PEOPLE:
        Account.objects.create_account(login=person, person=person, password=None)


def client(person):
    browser = Client()
    browser.force_login(Account.objects.get(login=person), backend="django.contrib.auth.backends.ModelBackend")
    return browser


def upload(content=PNG, name="回单.png"):
    return SimpleUploadedFile(name, content, "image/png")


def page(person, address):
    answer = client(person).get(address)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def where():
    return {"profile": codebook.profile(), "form": "YL-T2", "period": MAY, "unit": "YL01"}


def filled():
    """Fill the grid and attach a slip as a browser without script sends both: with the page's own form."""
    given = {"act": "save", f"cell:{KEY}": "800", f"proof:bank_slip:{KEY}": upload(), "scan": upload(), **NAMES}
    assert client("rep1").post(FORM, given).status_code == 302


def filed(accept=True):
    filled()
    for step, person in (("check", "chk1"), ("sign", "sig1")):
        client(person).post(FORM, {"act": step})
    asked = [one for one in filing.preview(**where(), today=TODAY).findings if one.severity == "soft"]
    judging.explain(findings=asked, words="已核实", actor=city.actor("rep1", "YL01"), today=TODAY)
    one = filing.submit(**where(), actor=city.actor("sig1", "YL01"), today=TODAY)
    if accept:
        actor = city.actor("promo", "YLD01")
        judging.judge(submission=one.id, verdict="accepted", unit="YLD01", actor=actor, today=TODAY)
    return one


def figure():
    return Figure.objects.get(subject="P1", measure="funds_in_place")


def test_a_slip_goes_up_with_the_form_and_stands_in_the_cell_and_in_what_will_be_sent():
    filled()
    (file,) = Draft.objects.get().evidence[KEY]
    assert file[0] == "bank_slip"
    assert evidence.read(file[1]) == PNG
    assert "银行回单 ×1" in page("rep1", FORM)
    assert "到位资金以银行到账回单为准" in page("rep1", FORM)  # the page names the rule that asks for it
    assert "银行回单 ×1" in page("sig1", f"{FORM}send/")
    assert "银行回单 ×1" in page("rep1", f"{FORM}sheet/")
    client("rep1").post(FORM, {"act": "save", "detach": f"{file[1]} {KEY}"})
    assert Draft.objects.get().evidence == {}


def test_with_script_one_cell_answers_by_itself_and_says_what_is_wrong_there():
    rep, address = client("rep1"), f"{FORM}evidence/"
    answer = rep.post(address, {"cell": KEY, f"proof:bank_slip:{KEY}": upload()})
    assert "银行回单 ×1" in answer.content.decode()
    wrong = rep.post(address, {"cell": KEY, f"proof:bank_slip:{KEY}": upload(b"MZ program", "回单.exe")})
    assert wrong.status_code == 422
    assert "回单.exe" in wrong.content.decode()
    strange = rep.post(address, {"cell": KEY, f"proof:site_photo:{KEY}": upload()})
    assert strange.status_code == 422
    ((_kind, digest, _by),) = Draft.objects.get().evidence[KEY]
    assert rep.get(address, {"file": digest}).content == PNG
    assert client("promo").get(address, {"file": digest}).status_code in (403, 404)
    assert rep.get(address, {"file": "f" * 64}).status_code == 404
    assert "附佐证" in rep.post(address, {"cell": KEY, "detach": f"{digest} {KEY}"}).content.decode()
    assert client("rep2").post(address, {"cell": KEY, f"proof:bank_slip:{KEY}": upload()}).status_code in (403, 404)
    assert Draft.objects.get().evidence == {}


def test_the_acceptor_sees_the_slip_beside_the_figure_and_opens_it():
    one = filed(accept=False)
    assert "银行回单 ×1" in page("promo", "/acceptance/?period=2025-05")
    promo = client("promo")
    shown = promo.get(reverse("submission", args=[one.id])).content.decode()
    (address,) = re.findall(r'href="(/evidence/[^"]+)"', shown)
    assert promo.get(address).content == PNG
    last = AccessLog.objects.latest("id")
    assert (last.person, last.act, last.allowed, last.subject) == (
        "promo",
        "evidence.opened",
        True,
        figure().evidence[0],
    )


@pytest.mark.parametrize(
    ("person", "opens"), [("rep1", True), ("sig1", True), ("promo", True), ("audit", True), ("leader", False), ("rep2", False), ("centre", False)]
)  # fmt: skip
def test_few_open_it_and_every_try_is_logged(person, opens):
    filed()
    answer = client(person).get(f"/evidence/{figure().evidence[0]}/?figure={figure().id}")
    assert answer.status_code == (200 if opens else 403)
    tries = AccessLog.objects.filter(act="evidence.opened")
    assert list(tries.values_list("person", "allowed")) == [(person, opens)]


def test_a_digest_opens_only_with_the_figure_it_proves():
    filed()
    other = Figure.objects.exclude(id=figure().id).first()
    assert client("audit").get(f"/evidence/{figure().evidence[0]}/?figure={other.id}").status_code == 404
    assert client("audit").get(f"/evidence/{figure().evidence[0]}/?figure={'9' * 40}").status_code == 404


def test_a_removed_slip_says_so_instead_of_opening():
    filed()
    evidence.remove(figure().evidence[0], reason="含个人账号", actor=city.OPERATOR)
    answer = client("audit").get(f"/evidence/{figure().evidence[0]}/?figure={figure().id}")
    assert answer.status_code in (404, 409, 410, 422)
    assert "撤除" in answer.content.decode()


def test_others_see_that_it_exists_and_who_checked_it_and_when_the_month_was_sealed():
    filed()
    said = "银行回单 ×1 · 审核 部门01 演示promo · 2025年6月2日"
    assert f"已审核 · {said}" in page("leader", "/indicators/funds_in_place/rows/?period=2025-05")
    assert "银行回单 ×1" in page("leader", "/projects/P1/")
    assert "审核： 部门01 演示promo" in page("leader", "/projects/P1/").replace("审核：部", "审核： 部")
    for label in ("2025-05",):
        day = city.stand(date(2025, 6, 20))
        closing.seal_period(
            period=month(2025, 5), profile=codebook.profile(), actor=city.actor("centre", "YLD02"), today=day
        )
        assert f"已审核、已封账 · {said}" in page("leader", f"/indicators/funds_in_place/rows/?period={label}")


def test_the_pages_ask_as_often_whatever_the_number_of_slips():
    def asked() -> list[int]:
        counts = []
        for person, address in (("rep1", FORM), ("promo", "/acceptance/?period=2025-05"), ("leader", "/projects/P1/")):
            browser = client(person)
            browser.get(address)
            with CaptureQueriesContext(connection) as queries:
                browser.get(address)
            counts.append(len(queries))
        return counts

    filed()
    few = asked()
    row = figure()
    row.evidence, row.evidence_kinds = row.evidence * 6, row.evidence_kinds * 6
    row.save()
    assert asked() == few
    assert drafts.draft(form="YL-T2", period="2025-05", unit="YL01").evidence == {}
