import django.db.models.deletion
import uuid_utils.compat
from django.db import migrations, models

from core.at_once import AtOnce


class Migration(AtOnce):

    initial = True

    dependencies = [
        ('stores', '0002_stores'),
    ]

    operations = [
        migrations.CreateModel(
            name='Consumer',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('brand', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consumers', to='stores.brand')),
                ('c_code', models.CharField(help_text='The member code: C and 16 random Crockford characters.', max_length=17, unique=True)),
                ('name', models.CharField(blank=True, max_length=60)),
                ('session_epoch', models.PositiveIntegerField(default=0, help_text='Raised to end all sessions at once.')),
                ('created_at', models.DateTimeField()),
                ('erased_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['brand', '-created_at'], name='consumer_brand_newest')],
                'constraints': [models.CheckConstraint(condition=models.Q(('c_code__regex', '^C[0-9A-HJKMNP-TV-Z]{16}$')), name='consumer_c_code_form')],
            },
        ),
        migrations.CreateModel(
            name='Consent',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('consumer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='consents', to='consumers.consumer')),
                ('purpose', models.CharField(choices=[('terms', 'terms of use'), ('place', 'use of the place'), ('contact', 'being contacted')], max_length=10)),
                ('version', models.CharField(max_length=20)),
                ('given_at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('withdrawn_at__isnull', True)), fields=('consumer', 'purpose'), name='consent_open_once')],
            },
        ),
        migrations.CreateModel(
            name='Identity',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('brand', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.brand')),
                ('consumer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='identities', to='consumers.consumer')),
                ('provider', models.CharField(max_length=20)),
                ('subject', models.CharField(max_length=128)),
            ],
            options={
                'verbose_name_plural': 'identities',
                'constraints': [models.UniqueConstraint(fields=('brand', 'provider', 'subject'), name='identity_once')],
            },
        ),
    ]
