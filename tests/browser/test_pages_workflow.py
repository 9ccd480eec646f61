"""`deploy/pages.yml`, set up by the commands of docs/frozen.md: what each push publishes, read by phones."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import html
from playwright.sync_api import BrowserContext, expect
from support.checkout import commit, environment, git, repository_of_checkout, run
from support.doc_commands import commands_under
from support.journey import DELAYED, upcoming
from support.movable_clock import MovableClock
from support.pages_workflow import BASE_URL, SUB_PATH, Runner, StepFailed, read_workflow
from support.repository import ROOT
from support.static_host import hosted
from support.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.acceptance, pytest.mark.process, pytest.mark.timeout(600)]

# Another name than the one in the workflow, in the two places that it says.
PROGRAM = "day-2026"
WORKFLOW = Path(".github", "workflows", "agenda.yml")
WORKFLOW_FILE = ROOT / "deploy" / "pages.yml"


class Site:
    """The organizer's checkout of the workshop's site, its repository, and what Pages serves of it."""

    def __init__(self, folder: Path) -> None:
        repository, self.checkout = folder / "site.git", folder / "site"
        git(folder, "init", "--quiet", "--bare", "--initial-branch", "main", repository)
        git(folder, "clone", "--quiet", repository, self.checkout)
        (self.checkout / "index.md").write_text("The workshop")
        self._commit_and_push("The site")
        self.host = folder / "host"
        self.runner = Runner(folder / "runner", repository, self.host / SUB_PATH[1:])
        self.runner.folder.mkdir()
        self.program = self.checkout / PROGRAM / "program.toml"

    def set_up(self, service: Path) -> None:
        """Follow the docs, with a folder of another name."""
        for command in commands_under("docs/frozen.md", "GitHub Pages, on each push"):
            renamed = command.replace("agenda new agenda", f"agenda new {PROGRAM}")
            renamed = renamed.replace("git add agenda", f"git add {PROGRAM}")
            run(renamed, self.checkout, environment(REPOSITORY=str(service)))
            if " new " in command:
                upcoming(self.program.parent)
            if command.startswith("sed "):
                self._rename()

    def _rename(self) -> None:
        text, file = (self.checkout / WORKFLOW).read_text(), self.checkout / WORKFLOW
        named = text.replace('"agenda/**"', f'"{PROGRAM}/**"').replace(
            "AGENDA_PROGRAM: agenda", f"AGENDA_PROGRAM: {PROGRAM}"
        )
        file.write_text(named)

    def push(self, old: str, new: str) -> None:
        """Change the program's file, and push it."""
        self.program.write_text(self.program.read_text().replace(old, new))
        self._commit_and_push("A change")

    def _commit_and_push(self, message: str) -> None:
        commit(self.checkout, message)
        git(self.checkout, "push", "--quiet", "origin", "HEAD:main")

    def mark(self) -> dict[str, object]:
        """What scripts ask for."""
        return dict(json.loads((self.host / SUB_PATH[1:] / "freeze.json").read_text()))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A site whose first push was published."""
    folder = tmp_path_factory.mktemp("pages")
    site = Site(folder)
    site.set_up(repository_of_checkout(folder / "service"))
    site.runner.run(WORKFLOW.name)
    return site


@pytest.fixture
def address(site: Site) -> Iterator[str]:
    with hosted(site.host, MovableClock(datetime.now(UTC), speed=1)) as host:
        yield f"{host}{SUB_PATH}"


def test_the_workflow_asks_for_no_more_rights_than_it_needs_and_pins_each_action() -> None:
    workflow = read_workflow(WORKFLOW_FILE)
    jobs = workflow["jobs"]
    assert (workflow["permissions"], *(jobs[name]["permissions"] for name in ("freeze", "publish"))) == (
        {},
        {"contents": "read", "pages": "read"},
        {"pages": "write", "id-token": "write"},
    )
    used = [step["uses"] for job in jobs.values() for step in job["steps"] if "uses" in step]
    assert [one for one in used if not re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40}", one)] == []
    assert workflow["on"]["push"]["paths"] == [f"{workflow['env']['AGENDA_PROGRAM']}/**", str(WORKFLOW)]


def test_each_sort_of_address_is_there_below_the_repositorys_path(address: str) -> None:
    visitor = Visitor(address)
    talk = visitor.get(f"/talks/{DELAYED}/")
    # Codes have no slash at the end; hosts lead to the folder.
    code = visitor.get(f"/talks/{DELAYED}")
    assert (visitor.get("/").status, talk.status, code.leads_to) == (200, 200, f"{SUB_PATH}/talks/{DELAYED}/")
    assert f"URL:{BASE_URL}/talks/{DELAYED}" in visitor.get(f"/talks/{DELAYED}.ics").text.replace("\r\n ", "")
    assert visitor.get("/sw.js").text.startswith("const RELEASE = ")
    links = {element.get("href") for element in html.fromstring(visitor.get("/404.html").text).iterfind(".//nav//a")}
    assert links
    assert [visitor.get(link.removeprefix(SUB_PATH)).status for link in links] == [200] * len(links)


def test_a_phone_without_network_has_the_published_day(phone: BrowserContext, address: str) -> None:
    page = phone.new_page()
    page.goto(f"{address}/")
    page.evaluate("() => navigator.serviceWorker.ready.then(() => {})")
    title = page.locator(f"ol [data-session={DELAYED}] [data-part=title]").inner_text()
    phone.set_offline(True)
    page.goto(f"{address}/talks/{DELAYED}/")
    assert page.locator("h1").inner_text() == title


def test_an_open_page_takes_up_a_delay_that_is_pushed(phone: BrowserContext, address: str, site: Site) -> None:
    page, before = phone.new_page(), site.mark()
    page.goto(f"{address}/")
    page.evaluate("window.samePage = true")
    time = page.locator(f"ol [data-session={DELAYED}] time").first
    expect(time).to_contain_text("09:15")
    site.push('time = "09:15-', 'time = "09:20-')
    site.runner.run(WORKFLOW.name)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(time).to_contain_text("09:20")
    assert page.evaluate("window.samePage") is True
    after = site.mark()
    assert (after["service"], after["build"]) == (before["service"], before["build"])


def test_the_same_program_published_again_is_the_same_copy(site: Site) -> None:
    calendar = site.host / SUB_PATH[1:] / "talks" / f"{DELAYED}.ics"
    before = (site.mark(), calendar.read_bytes())
    site.runner.run(WORKFLOW.name)
    assert (site.mark(), calendar.read_bytes()) == before


def test_a_program_with_a_fault_is_not_published(site: Site) -> None:
    before = site.mark()
    title = next(line for line in site.program.read_text().splitlines() if line.startswith("title = "))
    site.push(title, "title = 5")
    with pytest.raises(StepFailed, match=r"program\.toml") as failed:
        site.runner.run(WORKFLOW.name)
    assert (failed.value.name, site.mark()) == ("Check the program", before)
    site.push("title = 5", title)
