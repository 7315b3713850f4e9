"""XML from strangers: what could harm the reader is refused before it can."""

import pytest

from ingest.errors import UnreadableError
from ingest.readers import limits
from ingest.readers.markup import child, name, parse, parse_leniently, text, texts

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
HOSTILE = {
    "external entity": ('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>', "XML-DTD"),
    "external subset": ('<!DOCTYPE a SYSTEM "http://example.invalid/a.dtd"><a/>', "XML-DTD"),
    "entities in entities": (f'<!DOCTYPE a [<!ENTITY l0 "ha">{LAUGHS}]><a b="&l9;">&l9;</a>', "XML-DTD"),
    "document type without use": ("<!DOCTYPE a><a/>", "XML-DTD"),
    "entity nobody declared": ("<a>&x;</a>", "BROKEN"),
    "deep": ("<a>" * 300 + "</a>" * 300, "XML-TOO-DEEP"),
    "a million levels": ("<a>" * 1_000_000, "XML-TOO-LARGE"),
    "a million children": ("<a>" + "<b/>" * 1_000_000 + "</a>", "XML-TOO-LARGE"),
    "cut off": ("<a><b>", "BROKEN"),
    "two roots": ("<a/><a/>", "BROKEN"),
    "nothing": ("", "BROKEN"),
}


@pytest.mark.parametrize("case", HOSTILE)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_what_is_hostile_or_broken_has_a_code_of_its_own(case: str, encoding: str) -> None:
    content, code = HOSTILE[case]
    with pytest.raises(UnreadableError) as refused:
        parse(content.encode(encoding))
    assert refused.value.code == code


def test_a_file_beyond_the_limit_is_refused_by_its_size() -> None:
    with pytest.raises(UnreadableError) as refused:
        parse(b"<a>" + b" " * limits.MAX_XML_BYTES + b"</a>")
    assert refused.value.code == "XML-TOO-LARGE"


def test_parts_with_a_document_type_are_no_more_lenient() -> None:
    assert parse_leniently(HOSTILE["external entity"][0].encode()) is None
    assert parse_leniently(b"") is None


@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "gb18030", "utf-16"])
def test_encodings_are_those_that_the_file_declares(encoding: str) -> None:
    assert text(parse(f'<?xml version="1.0" encoding="{encoding}"?><名>票库</名>'.encode(encoding))) == "票库"


def test_names_go_without_their_name_space_and_texts_without_their_space() -> None:
    root = parse(b'<f:a xmlns:f="urn:f"><!-- note --><f:b> 1\n</f:b><b>2</b><c><![CDATA[ 3 ]]></c><d/></f:a>')
    assert name(root) == "a"
    assert texts(root) == {"b": "1", "c": "3"}
    assert text(child(root, "c")) == "3"
    assert child(root, "c", "none") is None


def test_elements_whose_prefix_is_empty_are_read_all_the_same() -> None:
    root = parse_leniently(b'<:eInvoice xmlns:=""><No><ofd:ObjectRef PageRef="1">64</ofd:ObjectRef></No></:eInvoice>')
    assert root is not None
    assert [text(part) for part in root.iter() if name(part) == "ObjectRef"] == ["64"]
