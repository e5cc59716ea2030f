import re
import threading

import pytest
from django.db import IntegrityError, connection, transaction

from consumers.models import Consent, Consumer, Identity
from consumers.services.consents import give_consent, withdraw_consent
from consumers.services.erasure import erase
from consumers.services.identity import LocalIdentityOff, sign_in_local
from core.errors import Invalid
from core.models import AuditEntry
from tests.factories.consumers import ConsumerFactory
from tests.factories.stores import NOON, BrandFactory
from tests.locks import wait_for_a_lock


def test_a_new_name_is_a_new_consumer_with_a_member_code(db):
    consumer = sign_in_local(brand=BrandFactory(), name=" 小 王 ", now=NOON)
    assert (consumer.name, consumer.created_at) == ("小 王", NOON)
    assert re.fullmatch(r"C[0-9A-HJKMNP-TV-Z]{16}", consumer.c_code)


def test_the_same_name_is_the_same_person_in_one_brand_only(db):
    one, other = BrandFactory(), BrandFactory()
    first = sign_in_local(brand=one, name="Ann", now=NOON)
    assert sign_in_local(brand=one, name="ann", now=NOON) == first
    assert sign_in_local(brand=other, name="Ann", now=NOON) != first


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "a\x00b", "a\x07b"])
def test_a_name_has_one_to_sixty_printable_characters(db, name):
    with pytest.raises(Invalid) as refusal:
        sign_in_local(brand=BrandFactory(), name=name, now=NOON)
    assert list(refusal.value.fields) == ["name"]


def test_where_the_local_identity_is_off_nobody_signs_in_by_name(db, settings):
    settings.LOCAL_IDENTITY = False
    with pytest.raises(LocalIdentityOff):
        sign_in_local(brand=BrandFactory(), name="Ann", now=NOON)


@pytest.mark.django_db(transaction=True)
def test_first_sign_ins_at_once_make_one_person():
    brand = BrandFactory()
    barrier = threading.Barrier(6)
    found = []

    def run():
        connection.ensure_connection()
        barrier.wait()
        found.append(sign_in_local(brand=brand, name="Ann", now=NOON).pk)
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(6)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert len(found) == 6
    assert len(set(found)) == 1
    assert (Consumer.objects.count(), Identity.objects.count()) == (1, 1)


def test_a_consent_is_kept_once_per_version(db):
    consumer = ConsumerFactory()
    first = give_consent(consumer=consumer, purpose=Consent.Purpose.TERMS, version="1", now=NOON)
    assert give_consent(consumer=consumer, purpose=Consent.Purpose.TERMS, version="1", now=NOON) == first
    newer = give_consent(consumer=consumer, purpose=Consent.Purpose.TERMS, version="2", now=NOON)
    first.refresh_from_db()
    assert (first.withdrawn_at, newer.withdrawn_at) == (NOON, None)


def test_a_consent_can_be_taken_back_once(db):
    consumer = ConsumerFactory()
    give_consent(consumer=consumer, purpose=Consent.Purpose.PLACE, version="1", now=NOON)
    assert withdraw_consent(consumer=consumer, purpose=Consent.Purpose.PLACE, now=NOON) is True
    assert withdraw_consent(consumer=consumer, purpose=Consent.Purpose.PLACE, now=NOON) is False


def test_erasing_removes_name_identities_and_sessions_and_is_audited(db):
    consumer = ConsumerFactory(session_epoch=3)
    give_consent(consumer=consumer, purpose=Consent.Purpose.TERMS, version="1", now=NOON)
    erased = erase(consumer=consumer, now=NOON)
    assert (erased.name, erased.erased_at, erased.session_epoch) == ("", NOON, 4)
    assert not Identity.objects.exists()
    assert not Consent.objects.filter(withdrawn_at=None).exists()
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.object_id, consumer.name in str(entry.before)) == (
        "consumer.erase",
        str(consumer.pk),
        False,
    )


def test_erasing_twice_changes_nothing(db):
    consumer = ConsumerFactory()
    erase(consumer=consumer, now=NOON)
    assert erase(consumer=consumer, now=NOON).session_epoch == 1
    assert AuditEntry.objects.count() == 1


def test_who_was_erased_comes_back_as_a_new_person(db):
    brand = BrandFactory()
    before = sign_in_local(brand=brand, name="Ann", now=NOON)
    erase(consumer=before, now=NOON)
    assert sign_in_local(brand=brand, name="Ann", now=NOON) != before


def test_a_member_code_drawn_twice_joins_nobody(db, monkeypatch):
    known = ConsumerFactory()
    monkeypatch.setattr("consumers.services.identity.new_code", lambda _: known.c_code)
    with pytest.raises(IntegrityError):
        sign_in_local(brand=known.brand, name="Somebody new", now=NOON)
    assert Consumer.objects.get() == known


@pytest.mark.django_db(transaction=True)
def test_who_signs_in_while_the_name_is_being_joined_is_the_same_person():
    brand, found = BrandFactory(), []

    def late():
        found.append(sign_in_local(brand=brand, name="Ann", now=NOON))
        connection.close()

    thread = threading.Thread(target=late)
    with transaction.atomic():
        known = sign_in_local(brand=brand, name="Ann", now=NOON)
        thread.start()
        wait_for_a_lock()
    thread.join()
    assert found == [known]
