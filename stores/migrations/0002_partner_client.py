import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('oauth2_provider', '__first__'),
        ('stores', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='PartnerClient',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80)),
                ('scopes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=30), help_text="What its tokens may do: names of OAUTH2_PROVIDER's scopes.", size=None)),
                ('is_active', models.BooleanField(default=True)),
                ('created_at', models.DateTimeField()),
                ('application', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='partner', to=settings.OAUTH2_PROVIDER_APPLICATION_MODEL)),
                ('brand', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='partners', to='stores.brand')),
            ],
            options={
                'verbose_name': 'partner client',
                'verbose_name_plural': 'partner clients',
            },
        ),
        migrations.AddConstraint(
            model_name='partnerclient',
            constraint=models.UniqueConstraint(fields=('brand', 'name'), name='partner_client_name_once'),
        ),
        migrations.AddConstraint(
            model_name='partnerclient',
            constraint=models.CheckConstraint(condition=models.Q(('scopes', []), _negated=True), name='partner_client_may_something'),
        ),
    ]
