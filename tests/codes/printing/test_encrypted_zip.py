import io
import zipfile

import pytest
import pyzipper

from codes.printing.encrypted_zip import PASSWORD_ALPHABET, new_password, write_encrypted_zip

ROWS = b"serial,role,code,url\r\n" + b"0000000000001,item_inner,1ABC,HTTPS://ONE.CN/C/1ABC\r\n" * 50_000
PASSWORD = "ABCDE-FGHJK-23456-789QR"


@pytest.fixture
def archive():
    out = io.BytesIO()
    write_encrypted_zip(out=out, source=io.BytesIO(ROWS), name="print.csv", password=PASSWORD)
    return out


def test_the_password_opens_it_and_gives_back_every_byte(archive):
    with pyzipper.AESZipFile(archive) as opened:
        assert opened.namelist() == ["print.csv"]
        assert opened.read("print.csv", pwd=PASSWORD.encode()) == ROWS


def test_another_password_does_not_open_it(archive):
    with pyzipper.AESZipFile(archive) as opened, pytest.raises(RuntimeError, match="password"):
        opened.read("print.csv", pwd=b"ABCDE-FGHJK-23456-789QS")


def test_a_reader_without_aes_can_not_open_it(archive):
    with zipfile.ZipFile(archive) as opened, pytest.raises((NotImplementedError, RuntimeError)):
        opened.read("print.csv", pwd=PASSWORD.encode())


def test_it_is_aes_256_and_authenticated(archive):
    with pyzipper.AESZipFile(archive) as opened:
        (member,) = opened.infolist()
        assert (member.wz_aes_strength, member.wz_aes_version) == (3, 2)


def test_nothing_of_the_rows_lies_in_it_in_clear(archive):
    assert b"HTTPS" not in archive.getvalue()
    assert b"item_inner" not in archive.getvalue()


def test_progress_tells_the_bytes_that_were_read():
    told = []
    write_encrypted_zip(out=io.BytesIO(), source=io.BytesIO(ROWS), name="a", password=PASSWORD, on_progress=told.append)
    assert (told[0], told[-1]) == (1 << 20, len(ROWS))


def test_a_password_has_twenty_unambiguous_signs_in_groups():
    groups = new_password().split("-")
    assert [len(group) for group in groups] == [5, 5, 5, 5]
    assert set("".join(groups)) <= set(PASSWORD_ALPHABET)
    assert not set(PASSWORD_ALPHABET) & set("0O1IL")
    assert len(PASSWORD_ALPHABET) ** 20 > 2**80


def test_no_two_passwords_are_alike():
    assert len({new_password() for _ in range(100)}) == 100
