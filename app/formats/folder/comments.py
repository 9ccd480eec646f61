"""What a written program says of itself, so that the next one can be made by reading it."""

from __future__ import annotations

PROGRAM = """\
# The program of a workshop. To make the next one, copy this folder and change this file;
# `agenda check FOLDER` says all that is wrong with it, with the line.

# `id` stands in addresses and file names, `domain` in calendar entries: a host's name of your own, or one
# that ends in .invalid. Neither may change once the program is public: calendars would show everything
# twice. All times below are those of `timezone`, such as "America/Vancouver", unless they say otherwise.
# `subtitle`, `series`, `description` and `url` may be left out.
# Texts stand in pages/, one Markdown file each, with its title after "# " in the first line; a number
# before a file's name ("1-about.md") puts them in order. The pages of the venue, the organizers and the
# important dates are made from what is said here."""
LINKS = """\
# Addresses that belong to the whole program, each a [[link]]."""
VENUE = """\
# Without a [[room]] the venue is the one room. With several, give each an id and a name, and each
# session its `room`; one without stands in all rooms."""
DAYS = """\
# Each [[day]] holds its sessions. `time` is "start-end"; after midnight go on counting: "23:30-24:30".
#   id        its address and its code for life: at most 24 of a-z, 0-9 and "-"
#   kind      talk, contributed, panel, posters, break, lunch, social, opening, closing
#   title     as announced; "TBA" while it is not known
#   speakers  ids from below
#   pinned = true     never moves when the day slips
#   min_minutes = 10  may shrink to this when the day slips; where nothing is said a break may shrink
#                     to 10 and posters to 30; false: not at all
#   cancelled = true  shown struck through; never take a session out that was public
#   room, abstract, track, language, links = [{label = "Slides", url = "https://…"}]
# Papers, posters and demos without a time of their own follow their session, each as a
# [[day.session.items]] with title, number, authors, links."""
PEOPLE = """\
# People: a [[speaker]] for each who presents, an [[organizer]] for each who organizes. A biography is
# Markdown. Photographs are not shown, initials are."""
DATES = """\
# Important dates. A deadline has `at`, a day and time with its offset (AoE is -12:00) or in this
# program's zone; anything else has `day`. `former_day` is the one before an extension."""
