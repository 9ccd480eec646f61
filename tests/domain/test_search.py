"""Finding sessions by words: which are found, in which order, why, and what is proposed instead."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.strategies import examples

from app.domain.program import Person, Program, Room
from app.domain.search import MAX_WORDS, fold, query_of, words_of
from app.domain.search_index import SearchIndex
from app.domain.session import Item, Session, Slot
from app.domain.word_index import LONGEST_EXCERPT, Reason

NINE = datetime(2025, 7, 18, 9, 0, tzinfo=UTC)
HALF_AN_HOUR = timedelta(minutes=30)
# Letters of several scripts, marks, joiners, points and signs of which words may be made.
CHARACTERS = st.sampled_from("abcdeéßΣςİΩ k8S5+#.-–'’_/&計画ไทยि́\u200bــليلى ‍🙂\t")
TEXTS = st.text(CHARACTERS, max_size=40) | st.text(max_size=20)


def session(name: str, title: str = "On roots", **values: object) -> Session:
    slot = Slot(start=NINE, end=NINE + HALF_AN_HOUR, room="a")
    return replace(Session(id=name, title=title if title.strip() else "-", slot=slot, scheduled=slot), **values)


def later(one: Session, hours: int) -> Session:
    slot = one.slot.starting_at(one.start + timedelta(hours=hours))
    return replace(one, slot=slot, scheduled=slot)


def program_of(*sessions: Session) -> Program:
    return Program(
        id="trees",
        title="Trees",
        timezone="UTC",
        domain="trees.example",
        days=(NINE.date(),),
        rooms=(Room("a", "Greenhouse"), Room("b", "Shed")),
        speakers=(
            Person(id="zoe", name="Zoë Straße", affiliations=("Kew Gardens",)),
            Person(id="emile", name="Émile Noir"),
        ),
        sessions=sessions,
    )


def found(query: str, *sessions: Session, now: datetime = NINE) -> list[str]:
    return [one.id for one in SearchIndex(program_of(*sessions)).find(query_of(query), now)]


def titles_found(query: str, *titles: str) -> list[str]:
    sessions = [session(f"s{number}", title) for number, title in enumerate(titles)]
    return [titles[int(name[1:])] for name in found(query, *sessions)]


TALK = session(
    "talk",
    speakers=("zoe",),
    abstract="How Bäume grow",
    track="Botany",
    kind="lightning-talk",
    items=(Item(title="Leaves", number="P7", authors=("Émile Noir",)), Item(title="Bark and leaves")),
)
COFFEE = session("coffee", "Coffee", kind="break", slot=Slot(start=NINE, end=NINE + HALF_AN_HOUR, room=None))


@pytest.mark.parametrize(
    "query",
    [
        "roots",
        "ROOTS",
        "zoe",
        "strasse",
        "STRAßE",
        "baume",
        "botany",
        "p7",
        "emile",
        "bark",
        "kew",
        "greenhouse",
        "lightning",
    ],
)
def test_titles_people_items_tracks_rooms_affiliations_kinds_and_abstracts_are_searched(query: str) -> None:
    assert found(query, TALK, COFFEE) == ["talk"]


def test_a_word_is_found_whole_or_by_its_beginning_and_never_in_the_middle() -> None:
    assert titles_found("rust", "Rust", "Rustic", "Trusted") == ["Rust", "Rustic"]


def test_every_word_must_be_there_in_whatever_field() -> None:
    assert (found("zoe roots", TALK, COFFEE), found("zoe coffee", TALK, COFFEE)) == (["talk"], [])


def test_without_words_nothing_is_found() -> None:
    assert [found(text, TALK) for text in ("", "  ", "…", "?!")] == [[], [], [], []]


@pytest.mark.parametrize(
    "query", ["open", "source", "opensource", "open-source", "Open‑Source", "open-sou", "open source"]
)
def test_a_compound_is_found_by_its_parts_and_as_one_word(query: str) -> None:
    assert titles_found(query, "An open-source day", "A day") == ["An open-source day"]


def test_a_compound_is_searched_side_by_side() -> None:
    titles = ("An opensource day", "An open source day", "Open the source", "The source is open")
    assert titles_found("open-source", *titles) == ["An opensource day", "An open source day"]


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("c++", ["C++ and C"]),
        ("C++20", ["C++20 for all"]),
        ("c#", ["C# in C"]),
        (".net", ["Inside .NET"]),
        ("net", ["Inside .NET"]),
        (".net-core", ["A .NET-Core"]),
        ("ipv6", ["IPv6 at home"]),
        ("5g", ["5G at home"]),
        ("10.6", ["MariaDB 10.6"]),
        ("node.js", ["Node.js"]),
        ("js", ["Node.js"]),
        ("don't", ["Don’t panic"]),
    ],
)
def test_names_with_signs_and_numbers_are_words(query: str, titles: list[str]) -> None:
    others = (
        "A cat",
        "C++ and C",
        "C++20 for all",
        "C# in C",
        "Inside .NET",
        "A .NET-Core",
        "IPv6 at home",
        "5G at home",
        "MariaDB 10.6",
        "Node.js",
        "Don’t panic",
    )
    assert titles_found(query, *others)[:1] == titles


@pytest.mark.parametrize(
    ("query", "title"), [("計画", "年次計画書"), ("ไทย", "ภาษาไทยวันนี้"), ("ليلى", "مع ليلى"), ("계획", "연간 계획서")]
)
def test_words_of_scripts_without_spaces_are_found_in_longer_runs(query: str, title: str) -> None:
    assert titles_found(query, title, "Roots") == [title]


def test_characters_of_such_a_script_must_stand_side_by_side() -> None:
    assert titles_found("計画", "画計", "計年画", "新計画") == ["新計画"]


def test_what_is_to_come_stands_before_what_is_over() -> None:
    over, cancelled = session("over", "Roots"), session("cancelled", "Roots", cancelled=True)
    to_come = later(session("to-come", "On leaves", abstract="Their roots"), 1)
    assert found("roots", over, to_come, now=over.end) == ["to-come", "over"]
    assert found("roots", cancelled, to_come, now=cancelled.end) == ["to-come", "cancelled"]
    assert found("roots", over, to_come, now=NINE) == ["over", "to-come"]


def test_titles_stand_before_names_items_places_and_abstracts() -> None:
    sessions = (
        session("title", "Noir"),
        session("name", speakers=("emile",)),
        session("item", items=(Item(title="A noir"),)),
        session("place", track="Noir"),
        session("abstract", abstract="In noir"),
    )
    assert found("noir", *reversed(sessions)) == ["title", "name", "item", "place", "abstract"]


def test_whole_words_stand_before_beginnings() -> None:
    assert titles_found("go", "A good day", "Why Go") == ["Why Go", "A good day"]


def test_words_side_by_side_stand_before_scattered_ones() -> None:
    side_by_side = later(session("side", "Deep learning"), 2)
    scattered = later(session("scattered", "Learning in deep water"), 1)
    in_two_fields = session("two", "Learning", track="Deep")
    assert found("deep learning", in_two_fields, scattered, side_by_side) == ["side", "scattered", "two"]


def test_what_fits_alike_stands_in_the_order_of_time() -> None:
    assert found("roots", later(session("b"), 1), session("c"), session("a")) == ["a", "c", "b"]


def test_of_more_than_eight_words_the_first_eight_count() -> None:
    assert query_of("a b c d e f g h i j").words == tuple("abcdefgh")
    assert query_of("a-b-c-d-e-f-g-h-i-j").words == tuple("abcdefgh")


def test_a_word_that_comes_twice_counts_once() -> None:
    assert query_of("on On ÓN").words == ("on",)


def marked(query: str, text: str) -> list[str]:
    return [text[start:end] for start, end in query_of(query).spans(text)]


@pytest.mark.parametrize(
    ("query", "text", "parts"),
    [
        ("strasse", "Zoë Straße, Straßen", ["Straße", "Straßen"]),
        ("emile", "E\u0301mile", ["E\u0301mile"]),
        ("opensource", "An open-source day", ["open", "source"]),
        ("open", "An open-source day", ["open"]),
        ("計画", "年次計画書", ["計", "画"]),
        ("c++", "On C++20", ["C++"]),
        ("none", "On C++20", []),
    ],
)
def test_whole_words_as_they_are_written_are_marked(query: str, text: str, parts: list[str]) -> None:
    assert marked(query, text) == parts


def reasons(query: str, one: Session) -> tuple[str, ...]:
    return tuple(reason.text for reason in SearchIndex(program_of(one)).reasons(query_of(query), one))


def test_what_the_title_and_the_names_have_needs_no_reason() -> None:
    assert reasons("roots zoe", TALK) == ()


def test_items_say_why_with_the_number_or_author_that_was_found() -> None:
    assert reasons("leaves", TALK) == ("Leaves", "Bark and leaves")
    assert reasons("emile", TALK) == ("Leaves · Émile Noir",)
    assert reasons("roots p7", TALK) == ("Leaves · P7",)


def test_at_most_three_items_are_named() -> None:
    items = tuple(Item(title=f"Leaf {number}") for number in range(9))
    assert reasons("leaf", session("many", items=items)) == ("Leaf 0", "Leaf 1", "Leaf 2")


def test_a_track_a_room_and_an_affiliation_say_why() -> None:
    assert reasons("botany greenhouse", TALK) == ("Botany", "Greenhouse")
    assert reasons("kew", TALK) == ("Kew Gardens",)


def test_a_part_of_the_abstract_around_the_first_word_says_why() -> None:
    words = " ".join(f"word{number}" for number in range(100))
    [excerpt] = reasons("needle", session("long", abstract=f"{words} needle {words}"))
    assert (excerpt[:1], excerpt[-1:], "needle" in excerpt) == ("…", "…", True)
    assert set(excerpt.strip("…").split()) <= {"needle", *words.split()}
    assert len(excerpt) <= LONGEST_EXCERPT + len("……")


def test_a_short_abstract_is_a_reason_as_a_whole() -> None:
    assert reasons("baume", TALK) == ("How Bäume grow",)


def test_the_plain_text_of_an_abstract_is_searched() -> None:
    index = SearchIndex(program_of(TALK), lambda text: text.replace("Bäume", "Trees"))
    assert (index.find(query_of("baume"), NINE), index.reasons(query_of("trees"), TALK)) == (
        (),
        (Reason("How Trees grow"),),
    )


def proposals(query: str, *titles: str) -> tuple[str, ...]:
    index = SearchIndex(program_of(*(session(f"s{number}", title) for number, title in enumerate(titles))))
    return index.proposals(query_of(query), index.find(query_of(query), NINE))


def shorter(query: str, *titles: str) -> tuple[str, ...]:
    index = SearchIndex(program_of(*(session(f"s{number}", title) for number, title in enumerate(titles))))
    return index.shorter(query_of(query), index.find(query_of(query), NINE))


@pytest.mark.parametrize(
    ("query", "proposed"),
    [
        ("kuberntes", ("kubernetes",)),
        ("pyhton", ("python",)),
        ("kuberntes pyhton", ("kubernetes python",)),
        ("web assembly", ("webassembly",)),
        ("zzzz", ()),
        ("kubernetes", ()),
    ],
)
def test_where_nothing_is_found_words_that_are_spelt_alike_are_proposed(query: str, proposed: tuple[str, ...]) -> None:
    assert proposals(query, "Kubernetes and Python", "WebAssembly", "Pynchon") == proposed


def test_a_mistake_that_an_abstract_has_too_is_mended() -> None:
    mistyped = session("mistyped", abstract="Of pyhton")
    index = SearchIndex(program_of(mistyped, session("a", "Python"), session("b", "Python two")))
    assert index.proposals(query_of("pyhton"), (mistyped,)) == ("python",)


def test_a_word_that_a_title_has_is_no_mistake() -> None:
    assert proposals("pynchon", "Pynchon", "Python", "Python two", "Python three") == ()


def test_where_all_words_find_nothing_fewer_are_proposed() -> None:
    assert shorter("deep blue Water", "Deep water", "Blue grass") == ("deep Water", "deep", "blue")
    assert shorter("c++20", "C++ today") == ("c++",)
    assert (shorter("grass", "Deep water"), shorter("deep water", "Deep water")) == ((), ())


@examples(300)
@given(TEXTS)
def test_folding_is_idempotent(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(("name", "typed"), [("Lætitia Øster", "laetitia oster"), ("Michał Đặng", "michal dang")])
def test_folding_gives_the_letters_that_people_type_without_a_keyboard_for_them(name: str, typed: str) -> None:
    assert fold(name) == typed


def test_folding_leaves_other_scripts_alone() -> None:
    assert fold("ليلى 計画 ÅSE") == "ليلى 計画 ase"


@examples(300)
@given(TEXTS)
def test_every_session_is_found_by_its_title(title: str) -> None:
    has_words = bool(query_of(title).terms)
    assert found(title, session("one", title)) == (["one"] if has_words else [])


@examples(300)
@given(TEXTS, st.lists(TEXTS, max_size=4))
def test_no_query_raises_and_each_result_has_all_its_words(text: str, titles: list[str]) -> None:
    sessions = [session(f"s{number}", title, abstract=title[::-1]) for number, title in enumerate(titles)]
    index, query = SearchIndex(program_of(*sessions)), query_of(text)
    results = index.find(query, NINE)
    for one in results:
        texts = [one.title, one.abstract, "Greenhouse", "talk"]
        assert all(any(term.matches(words_of(where)) for where in texts) for term in query.terms)
        assert all(query.spans(reason.text) for reason in index.reasons(query, one))
    index.proposals(query, results)
    index.shorter(query, results)


@examples(100)
@given(
    st.lists(st.sampled_from(["roots", "open-source", "noir", "deep", "go", "計画", "c++"]), max_size=4, unique=True),
    st.data(),
)
def test_the_order_of_the_results_does_not_depend_on_the_order_of_the_words(
    words: list[str], data: st.DataObject
) -> None:
    titles = data.draw(st.lists(st.permutations(words).map(" ".join), max_size=4))
    sessions = [session(f"s{number}", title) for number, title in enumerate(titles)]
    orders = {tuple(found(" ".join(order), *sessions)) for order in permutations(words)}
    assert len(orders) == 1


@examples(300)
@given(TEXTS, TEXTS)
def test_what_is_marked_lies_in_the_text_in_order_and_apart(query: str, text: str) -> None:
    edges = [edge for span in query_of(query).spans(text) for edge in span]
    assert edges == sorted(edges)
    assert all(0 <= edge <= len(text) for edge in edges)
    assert len(query_of(query).words) <= MAX_WORDS
