"""Plain drawings: shapes and colours, and nothing that could act inside a page."""

from __future__ import annotations

import pytest

from app.formats.svg_drawing import NoDrawing, read_drawing

HEAD = 'xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 5"'


def drawing(inside: str, head: str = HEAD, before: str = "") -> bytes:
    return f"{before}<svg {head}>{inside}</svg>".encode()


def test_a_drawing_is_written_anew_with_its_shapes_and_colours() -> None:
    shapes = (
        '<title>Oak &amp; elm</title><g fill="none" transform="rotate(45 1 1)"><path d="M0 0l1,1z" stroke="#c8102e"/>'
        '<circle cx="1" cy="2" r=".5" fill="rgb(0 10 20)"/></g>'
    )
    made = read_drawing(drawing(shapes, before='<?xml version="1.0" encoding="UTF-8"?><!-- made by hand -->'))
    assert made.text == f"<svg {HEAD}>{shapes}</svg>"
    assert (made.width, made.height) == (10, 5)


def test_the_colours_of_the_page_may_be_used() -> None:
    made = read_drawing(drawing('<rect fill="currentColor"/><rect fill="var(--accent)"/>'))
    assert '<rect fill="currentColor"/><rect fill="var(--accent,currentColor)"/>' in made.text


def test_what_drawing_programs_add_is_left_out() -> None:
    head = f'{HEAD} id="a" class="b" version="1.1" width="10mm" height="5mm" data-name="x" xml:space="preserve"'
    inside = '<defs/><metadata><any xmlns="urn:x"/></metadata><desc>Made by</desc><path id="p" class="q" d="M0 0"/>\n'
    assert read_drawing(drawing(inside, head)).text == f'<svg {HEAD}><path d="M0 0"/></svg>'


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        '<svg x="5" y="5" viewBox="0 0 1 1"/>',
        "<style>@import 'x'</style>",
        "<foreignObject><b/></foreignObject>",
        '<image href="https://example.org/x.png"/>',
        '<use href="#a"/>',
        "<text>x</text>",
        "<a><rect/></a>",
        "<animate/>",
        "<defs><rect/></defs>",
        '<b xmlns="http://www.w3.org/1999/xhtml"/>',
        '<rect onclick="alert(1)"/>',
        '<rect style="fill:red"/>',
        '<rect href="x"/>',
        '<rect xmlns:x="http://www.w3.org/1999/xlink" x:href="x"/>',
        '<rect fill="url(#a)"/>',
        '<rect fill="URL( https://example.org )"/>',
        '<rect fill="var(--ink)"/>',
        '<rect fill="red;background:url(x)"/>',
        '<rect filter="blur(1)"/>',
        '<rect clip-path="circle()"/>',
        '<path d="M0 0&quot;&gt;&lt;script&gt;"/>',
        "<g>" * 30 + "</g>" * 30,
        "<![CDATA[<script/>]]>",
        "&unknown;",
        '<path stroke-dasharray="0.001"/>',
        "<rect>",
    ],
)
def test_anything_else_is_refused(inside: str) -> None:
    with pytest.raises(NoDrawing):
        read_drawing(drawing(inside))


@pytest.mark.parametrize(
    ("attribute", "is_read"),
    [
        ('d="M0-100000l1e5,.5z"', True),
        ('fill="#900000"', True),
        ('d="M0 0a1e9 1e9 0 1 1 1 1"', False),
        ('d="M0-100001"', False),
        ('transform="scale(1e400)"', False),
        ('stroke-width="100000.5"', False),
    ],
)
def test_numbers_have_a_bound(attribute: str, is_read: bool) -> None:
    data = drawing(f"<path {attribute}/>")
    if is_read:
        assert attribute in read_drawing(data).text
    else:
        with pytest.raises(NoDrawing, match="numbers up to 100,000"):
            read_drawing(data)


@pytest.mark.parametrize(
    "before",
    [
        "<!DOCTYPE svg>",
        '<!DOCTYPE svg [<!ENTITY a "b">]>',
        '<!DOCTYPE svg SYSTEM "file:///etc/passwd">',
        '<?xml version="1.0"?>\n<!doctype svg>',
    ],
)
def test_document_types_and_entities_are_refused(before: str) -> None:
    with pytest.raises(NoDrawing, match="without a document type"):
        read_drawing(drawing("", before=before))


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ('xmlns="http://www.w3.org/2000/svg"', "viewBox"),
        ('xmlns="http://www.w3.org/2000/svg" viewBox="0 0 0 5"', "viewBox"),
        ('xmlns="http://www.w3.org/2000/svg" viewBox="0 0 nan 5"', "viewBox"),
        ('xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1e9 5"', "viewBox"),
        ('xmlns="http://www.w3.org/2000/svg" viewBox="0 0 5"', "viewBox"),
        ('viewBox="0 0 10 5"', "an SVG drawing"),
    ],
)
def test_a_drawing_says_its_size(head: str, said: str) -> None:
    with pytest.raises(NoDrawing, match=said):
        read_drawing(drawing("", head))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe",
        drawing("<rect/>" * 3000),
        drawing("", before='<?xml version="1.0" encoding="UTF-16"?>').decode().encode("utf-16"),
        b'<?xml version="1.0" encoding="UTF-7"?>+ADw-svg/+AD4-',
    ],
)
def test_bytes_that_are_no_text_or_too_many_are_refused(data: bytes) -> None:
    with pytest.raises(NoDrawing):
        read_drawing(data)
