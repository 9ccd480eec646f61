"""What holds of a day, in words, for tests of edits that are stated by their effect."""

from __future__ import annotations

from app.domain.program import Program

# By what it is about: "a1": "hall 10:00–10:30", "a1 title": "A1", "announced": ["Move up. (hall)"], …
Facts = dict[str, object]


def facts_of(program: Program) -> Facts:
    """What holds of a day: its announcements, and when, where and whether each session takes place, and its content."""
    facts: Facts = {"announced": [f"{one.text} ({one.room or 'all'})" for one in program.announcements]}
    for one in program.sessions:
        status = " cancelled" if one.cancelled else " ended" if one.ended_by_hand else ""
        facts[one.id] = f"{one.room or 'all'} {program.clock(one.start)}–{program.clock(one.end)}{status}"
        content = {"title": one.title, "abstract": one.abstract, "speakers": one.speakers, "links": one.links}
        facts |= {f"{one.id} {name}": value for name, value in {**content, "pinned": one.pinned}.items()}
        if one.items:
            facts[f"{one.id} items"] = ", ".join(f"({item.id})" if item.absent else item.id for item in one.items)
            facts[f"{one.id} steps"] = ", ".join(f"{step.item} {program.clock(step.at)}" for step in one.steps)
    return facts
