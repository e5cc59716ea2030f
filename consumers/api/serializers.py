import datetime as dt

from rest_framework import serializers

from consumers.models import Consumer


class LocalSignIn(serializers.Serializer[None]):
    name = serializers.CharField(max_length=200)
    brand = serializers.SlugField(required=False, allow_blank=True, default="")


class SignedIn(serializers.Serializer[None]):
    id = serializers.UUIDField()
    c_code = serializers.CharField()
    name = serializers.CharField()
    token = serializers.CharField(help_text="Send as Authorization: Bearer; the same session is set as a cookie.")


class Profile(serializers.Serializer[Consumer]):
    id = serializers.UUIDField()
    c_code = serializers.CharField()
    name = serializers.CharField()
    brand = serializers.SlugField(source="brand.slug")
    created_at = serializers.DateTimeField(default_timezone=dt.UTC)
