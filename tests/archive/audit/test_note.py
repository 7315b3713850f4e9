"""Signed notes and checkpoints: the published examples, and everything that must not pass."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.audit import checkpoint, note
from archive.audit.checkpoint import Checkpoint
from archive.audit.key import new
from archive.audit.note import Signer, Verifier

# golang.org/x/mod/sumdb/note, documentation of the package
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
NOTE = (
    TEXT + "\n— PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
SECRET = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
PUBLIC = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"

# https://c2sp.org/signed-note
OTHER_PUBLIC = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
OTHER_NOTE = (
    "This is an example message.\n\n— example.com/foo "
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)


def test_the_published_examples() -> None:
    signer = Signer.parse(SECRET)
    assert str(signer.verifier) == PUBLIC
    assert signer.secret == SECRET
    assert signer.sign(TEXT) == NOTE
    assert note.opened(NOTE, (Verifier.parse(PUBLIC),)) == TEXT
    assert note.opened(OTHER_NOTE, (Verifier.parse(OTHER_PUBLIC),)) == "This is an example message.\n"


@pytest.mark.parametrize(
    "text",
    [
        NOTE.replace("your", "our", 1),
        NOTE.replace("x08go/ZJ", "x08go/ZK"),
        NOTE.replace("x08g", "y08g"),
        NOTE.replace("PeterNeumann", "PeterNewmann"),
        NOTE.replace("—", "--"),
        NOTE.removesuffix("\n"),
        NOTE.replace("\n\n", "\n"),
        NOTE[:-20] + "\n",
        TEXT,
        "",
        OTHER_NOTE,
    ],
)
def test_whatever_the_key_did_not_sign_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        note.opened(text, (Verifier.parse(PUBLIC),))


def test_a_strange_signature_beside_a_good_one_is_ignored_and_a_wrong_one_of_a_known_key_is_not() -> None:
    known, stranger = new(), new()
    text = known.sign("head\n")
    both = text + stranger.sign("head\n").split("\n\n")[1]
    forged = text + stranger.sign("another\n").split("\n\n")[1]
    assert note.opened(both, (known.verifier,)) == "head\n"
    assert note.opened(forged, (known.verifier,)) == "head\n"
    with pytest.raises(ValueError, match="wrong"):
        note.opened(forged, (known.verifier, stranger.verifier))


@pytest.mark.parametrize("text", ["", "PeterNeumann", PUBLIC.replace("c74f", "c74e"), PUBLIC[:-4], PUBLIC[:-1], SECRET])
def test_what_is_no_verifier_key_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        Verifier.parse(text)


@pytest.mark.parametrize("text", ["", PUBLIC, SECRET.replace("c74f", "c74e"), SECRET[:-4]])
def test_what_is_no_private_key_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(ValueError) as raised:
        Signer.parse(text)
    assert "AYEK" not in str(raised.value)
    assert "AYEK" not in repr(Signer.parse(SECRET))


@pytest.mark.parametrize("text", ["", "no line break", "two\n\n"])
def test_a_text_that_could_not_be_told_from_its_signatures_is_not_signed(text: str) -> None:
    with pytest.raises(ValueError):
        new().sign(text)


@given(st.integers(0, 10**17), st.binary(min_size=32, max_size=32))
def test_a_checkpoint_comes_back_as_it_was_signed(size: int, root: bytes) -> None:
    signer = Signer.parse(SECRET)
    text = checkpoint.signed(size, root, signer)
    assert checkpoint.opened(text, (signer.verifier,)) == Checkpoint("PeterNeumann", size, root)


def test_a_checkpoint_reads_like_the_published_one() -> None:
    # https://c2sp.org/tlog-checkpoint
    published = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    assert str(checkpoint.parsed(published)) == published
    assert checkpoint.parsed(published).size == 20852163
    assert checkpoint.parsed(published + "further line\n") == checkpoint.parsed(published)


@pytest.mark.parametrize("text", ["", "a\n1\n", "a\n01\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n", "a\n1\nxx\n"])
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        checkpoint.parsed(text)


def test_the_head_of_another_log_is_refused_although_the_key_signed_it() -> None:
    signer = new()
    text = signer.sign(str(Checkpoint("another", 1, bytes(32))))
    with pytest.raises(ValueError, match="another log"):
        checkpoint.opened(text, (signer.verifier,))
