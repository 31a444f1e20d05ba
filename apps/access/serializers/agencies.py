"""Agencies as the API shows and takes them."""

from rest_framework import serializers

from apps.access.models import Agency


class AgencySerializer(serializers.ModelSerializer[Agency]):
    """An agency, since when it is on the list, and until when it was."""

    people = serializers.IntegerField(source="people_count", help_text="How many people work there.")

    class Meta:
        model = Agency
        fields = ("code", "name", "listed_at", "struck_at", "people")


class NewAgencySerializer(serializers.Serializer[Agency]):
    """An agency to be listed."""

    code = serializers.SlugField(max_length=50)
    name = serializers.CharField(max_length=100)


class StrikeSerializer(serializers.Serializer[Agency]):
    """Why an agency is struck off."""

    reason = serializers.CharField(max_length=500)
