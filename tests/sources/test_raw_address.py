"""The address of a file itself, for one of a page that shows it."""

from __future__ import annotations

import pytest

from app.sources.raw_address import raw_address

SHEET = "https://docs.google.com/spreadsheets/d/1aB-c_D"
PUBLISHED = "https://docs.google.com/spreadsheets/d/e/2PACX-1v_x"


@pytest.mark.parametrize(
    ("shown", "fetched"),
    [
        (f"{SHEET}/edit#gid=7", f"{SHEET}/export?format=csv&gid=7"),
        (f"{SHEET}/edit?gid=7#gid=7", f"{SHEET}/export?format=csv&gid=7"),
        (f"{SHEET}/edit?usp=sharing", f"{SHEET}/export?format=csv"),
        (f"{SHEET}/view?usp=sharing&resourcekey=0-k", f"{SHEET}/export?format=csv&resourcekey=0-k"),
        (f"{SHEET}/htmlview", f"{SHEET}/export?format=csv"),
        (f"{SHEET}/", f"{SHEET}/export?format=csv"),
        (SHEET, f"{SHEET}/export?format=csv"),
        (f"{PUBLISHED}/pubhtml", f"{PUBLISHED}/pub?output=csv"),
        (f"{PUBLISHED}/pubhtml?gid=7&single=true", f"{PUBLISHED}/pub?output=csv&gid=7&single=true"),
    ],
)
def test_the_address_of_a_google_sheet_becomes_that_of_its_csv(shown: str, fetched: str) -> None:
    assert raw_address(shown) == fetched


@pytest.mark.parametrize(
    "address",
    [
        f"{SHEET}/export?format=csv&gid=0",
        f"{SHEET}/export?format=xlsx",
        f"{PUBLISHED}/pub?output=csv",
        "https://docs.google.com/document/d/1aB/edit",
        "https://example.org/spreadsheets/d/1aB/edit",
        "http://[",
    ],
)
def test_any_other_address_stays_as_it_is(address: str) -> None:
    assert raw_address(address) == address


@pytest.mark.parametrize(
    ("page", "raw"),
    [
        (
            "https://github.com/a/b/blob/main/_data/plan.yml",
            "https://raw.githubusercontent.com/a/b/main/_data/plan.yml",
        ),
        ("https://github.com/a/b/raw/main/plan.csv", "https://raw.githubusercontent.com/a/b/main/plan.csv"),
        ("https://github.com/a/b/blob/main/plan.csv?plain=1#L3", "https://raw.githubusercontent.com/a/b/main/plan.csv"),
        (
            "https://gitlab.com/g/s/b/-/blob/main/plan.csv?ref_type=heads",
            "https://gitlab.com/g/s/b/-/raw/main/plan.csv",
        ),
        ("https://git.example.org/g/b/-/blob/v1/plan.csv", "https://git.example.org/g/b/-/raw/v1/plan.csv"),
        ("https://codeberg.org/a/b/src/branch/main/d/plan.csv", "https://codeberg.org/a/b/raw/branch/main/d/plan.csv"),
        ("https://gitea.example/a/b/src/commit/1f2e/plan.csv", "https://gitea.example/a/b/raw/commit/1f2e/plan.csv"),
        ("https://bitbucket.org/a/b/src/main/plan.csv", "https://bitbucket.org/a/b/raw/main/plan.csv"),
    ],
)
def test_the_page_of_a_file_at_a_git_host_becomes_the_file(page: str, raw: str) -> None:
    assert raw_address(page) == raw


@pytest.mark.parametrize(
    "address",
    [
        "https://github.com/a/b",
        "https://github.com/a/b/tree/main/data",
        "https://raw.githubusercontent.com/a/b/main/plan.csv",
        "https://codeberg.org/a/b/raw/branch/main/plan.csv",
        "https://workshop.example/src/schedule.html",
        "https://workshop.example/2025/blob/plan.csv",
    ],
)
def test_other_addresses_at_git_hosts_stay_as_they_are(address: str) -> None:
    assert raw_address(address) == address
