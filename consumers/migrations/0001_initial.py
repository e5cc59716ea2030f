import django.db.models.deletion
import uuid_utils.compat
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('stores', '0002_stores'),
    ]

    operations = [
        migrations.CreateModel(
            name='Consumer',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('c_code', models.CharField(help_text='The member code: C and 16 random Crockford characters.', max_length=17, unique=True)),
                ('name', models.CharField(blank=True, max_length=60)),
                ('session_epoch', models.PositiveIntegerField(default=0, help_text='Raised to end all sessions at once.')),
                ('created_at', models.DateTimeField()),
                ('erased_at', models.DateTimeField(blank=True, null=True)),
                ('brand', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consumers', to='stores.brand')),
            ],
        ),
        migrations.CreateModel(
            name='Consent',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('purpose', models.CharField(choices=[('terms', 'terms of use'), ('place', 'use of the place'), ('contact', 'being contacted')], max_length=10)),
                ('version', models.CharField(max_length=20)),
                ('given_at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('consumer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='consents', to='consumers.consumer')),
            ],
        ),
        migrations.CreateModel(
            name='Identity',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('provider', models.CharField(max_length=20)),
                ('subject', models.CharField(max_length=128)),
                ('brand', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.brand')),
                ('consumer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='identities', to='consumers.consumer')),
            ],
            options={
                'verbose_name_plural': 'identities',
            },
        ),
        migrations.AddIndex(
            model_name='consumer',
            index=models.Index(fields=['brand', '-created_at'], name='consumer_brand_newest'),
        ),
        migrations.AddConstraint(
            model_name='consumer',
            constraint=models.CheckConstraint(condition=models.Q(('c_code__regex', '^C[0-9A-HJKMNP-TV-Z]{16}$')), name='consumer_c_code_form'),
        ),
        migrations.AddConstraint(
            model_name='consent',
            constraint=models.UniqueConstraint(condition=models.Q(('withdrawn_at__isnull', True)), fields=('consumer', 'purpose'), name='consent_open_once'),
        ),
        migrations.AddConstraint(
            model_name='identity',
            constraint=models.UniqueConstraint(fields=('brand', 'provider', 'subject'), name='identity_once'),
        ),
    ]
