import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from core.at_once import AtOnce


class Migration(AtOnce):

    # Other apps' migrations come first: while few models hang on the user, each of their steps is cheap.
    dependencies = [
        ('admin', '__latest__'),
        ('axes', '__latest__'),
        ('oauth2_provider', '__latest__'),
        ('sessions', '__latest__'),
        ('stores', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Region',
            fields=[
                ('code', models.CharField(help_text='Six digits of GB/T 2260; 000000 is the nation.', max_length=6, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=60)),
                ('level', models.PositiveSmallIntegerField(choices=[(0, 'nation'), (1, 'province'), (2, 'city'), (3, 'district')])),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='stores.region')),
                ('lineage', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=6), help_text='Codes from the nation down to this region, this one last.', size=None)),
            ],
            options={
                'verbose_name': 'region',
                'verbose_name_plural': 'regions',
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['lineage'], name='region_lineage')],
                'constraints': [models.CheckConstraint(condition=models.Q(('code__regex', '^\\d{6}$')), name='region_code_form'), models.CheckConstraint(condition=models.Q(models.Q(('level', 0), ('parent__isnull', True)), models.Q(('level__gt', 0), ('parent__isnull', False)), _connector='OR'), name='region_only_nation_is_root')],
            },
        ),
        migrations.CreateModel(
            name='Dealer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('brand', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='dealers', to='stores.brand')),
                ('number', models.CharField(help_text='Dealer number, unique within the brand.', max_length=30)),
                ('name', models.CharField(max_length=80)),
                ('phone', models.CharField(blank=True, max_length=20)),
                ('is_active', models.BooleanField(default=True)),
                ('regions', models.ManyToManyField(help_text='Where it may sell.', related_name='dealers', to='stores.region')),
            ],
            options={
                'verbose_name': 'dealer',
                'verbose_name_plural': 'dealers',
                'constraints': [models.UniqueConstraint(fields=('brand', 'number'), name='dealer_number_once')],
            },
        ),
        migrations.CreateModel(
            name='StoreOwner',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('brand', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='store_owners', to='stores.brand')),
                ('user', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='store_owner', to=settings.AUTH_USER_MODEL)),
                ('name', models.CharField(max_length=60)),
                ('phone', models.CharField(blank=True, max_length=20)),
                ('wallet', models.CharField(blank=True, help_text='Account at the payment provider, sealed; empty: grants wait until it is known.', max_length=255)),
            ],
            options={
                'verbose_name': 'store owner',
                'verbose_name_plural': 'store owners',
            },
        ),
        migrations.CreateModel(
            name='Salesperson',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('brand', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='salespeople', to='stores.brand')),
                ('user', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='salesperson', to=settings.AUTH_USER_MODEL)),
                ('number', models.CharField(help_text='Staff number, unique within the brand.', max_length=30)),
                ('name', models.CharField(max_length=60)),
                ('phone', models.CharField(blank=True, max_length=20)),
                ('region', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.region')),
                ('leader', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='squad', to='stores.salesperson')),
                ('is_squad_leader', models.BooleanField(default=False)),
                ('is_active', models.BooleanField(default=True)),
            ],
            options={
                'verbose_name': 'salesperson',
                'verbose_name_plural': 'salespeople',
                'constraints': [models.UniqueConstraint(fields=('brand', 'number'), name='salesperson_number_once'), models.CheckConstraint(condition=models.Q(('leader__isnull', True), models.Q(('leader', models.F('id')), _negated=True), _connector='OR'), name='salesperson_not_own_leader')],
            },
        ),
        migrations.CreateModel(
            name='Store',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('brand', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stores', to='stores.brand')),
                ('number', models.CharField(help_text='Store number, unique within the brand.', max_length=30)),
                ('name', models.CharField(max_length=80)),
                ('kind', models.CharField(choices=[('supermarket', 'supermarket'), ('convenience', 'convenience store'), ('tobacco', 'tobacco and liquor shop'), ('restaurant', 'restaurant'), ('other', 'other')], default='other', max_length=12)),
                ('b_code', models.CharField(help_text='B and 16 random Crockford characters.', max_length=17, unique=True)),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='stores', to='stores.storeowner')),
                ('dealer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='stores', to='stores.dealer')),
                ('salesperson', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='stores', to='stores.salesperson')),
                ('region', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stores', to='stores.region')),
                ('address', models.CharField(blank=True, max_length=160)),
                ('latitude', models.FloatField(blank=True, help_text='WGS-84, degrees.', null=True)),
                ('longitude', models.FloatField(blank=True, help_text='WGS-84, degrees.', null=True)),
                ('is_active', models.BooleanField(default=True)),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'store',
                'verbose_name_plural': 'stores',
                'indexes': [models.Index(fields=['brand', 'region'], name='store_brand_region'), models.Index(fields=['brand', 'latitude', 'longitude'], name='store_brand_place')],
                'constraints': [models.UniqueConstraint(fields=('brand', 'number'), name='store_number_once'), models.CheckConstraint(condition=models.Q(('b_code__regex', '^B[0-9A-HJKMNP-TV-Z]{16}$')), name='store_b_code_form'), models.CheckConstraint(condition=models.Q(models.Q(('latitude__isnull', True), ('longitude__isnull', True)), models.Q(('latitude__range', (-90, 90)), ('longitude__range', (-180, 180))), _connector='OR'), name='store_on_earth')],
            },
        ),
        migrations.CreateModel(
            name='LadderRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('brand', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ladder_rules', to='stores.brand')),
                ('version', models.PositiveIntegerField()),
                ('thresholds', models.JSONField(help_text='Names and defaults: stores.ladder.Thresholds.')),
                ('in_force', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('brand', 'version'), name='ladder_rule_version_once'), models.UniqueConstraint(condition=models.Q(('in_force', True)), fields=('brand',), name='ladder_rule_one_in_force')],
            },
        ),
        migrations.CreateModel(
            name='PartnerClient',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('application', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='partner', to=settings.OAUTH2_PROVIDER_APPLICATION_MODEL)),
                ('brand', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='partners', to='stores.brand')),
                ('name', models.CharField(max_length=80)),
                ('scopes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=30), help_text="What its tokens may do: names of OAUTH2_PROVIDER's scopes.", size=None)),
                ('is_active', models.BooleanField(default=True)),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'partner client',
                'verbose_name_plural': 'partner clients',
                'constraints': [models.UniqueConstraint(fields=('brand', 'name'), name='partner_client_name_once'), models.CheckConstraint(condition=models.Q(('scopes', []), _negated=True), name='partner_client_may_something')],
            },
        ),
        migrations.CreateModel(
            name='RegionDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('received', models.PositiveIntegerField(default=0, help_text='Items in cases that were received.')),
                ('opened', models.PositiveIntegerField(default=0, help_text='Items opened and bound to the store.')),
                ('users', models.PositiveIntegerField(default=0, help_text='Distinct consumers with an opening that day.')),
                ('new_users', models.PositiveIntegerField(default=0, help_text='Of them, with their first opening of the brand.')),
                ('reward_fen', models.PositiveBigIntegerField(default=0, help_text='Promised to consumers and to the store, in fen.')),
                ('brand', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.brand')),
                ('region', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='days', to='stores.region')),
                ('moving_stores', models.PositiveIntegerField(default=0, help_text='Stores with an opening that day.')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('brand', 'region', 'day'), name='region_day_once')],
            },
        ),
        migrations.CreateModel(
            name='StoreStanding',
            fields=[
                ('store', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='standing', serialize=False, to='stores.store')),
                ('step', models.PositiveSmallIntegerField(choices=[(0, 'silent'), (1, 'lit'), (2, 'active'), (3, 'rising'), (4, 'breakthrough')], default=0)),
                ('since', models.DateField()),
                ('failed_evaluations', models.PositiveSmallIntegerField(default=0, help_text="Evaluations in a row in which the present step's rule failed; a step down needs two.")),
                ('evaluated_on', models.DateField(null=True)),
                ('figures', models.JSONField(default=dict, help_text='The window figures behind the last evaluation.')),
            ],
            options={
                'indexes': [models.Index(fields=['step'], name='standing_step')],
            },
        ),
        migrations.CreateModel(
            name='StepChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('store', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='step_changes', to='stores.store')),
                ('from_step', models.PositiveSmallIntegerField(choices=[(0, 'silent'), (1, 'lit'), (2, 'active'), (3, 'rising'), (4, 'breakthrough')])),
                ('to_step', models.PositiveSmallIntegerField(choices=[(0, 'silent'), (1, 'lit'), (2, 'active'), (3, 'rising'), (4, 'breakthrough')])),
                ('day', models.DateField()),
                ('happened_at', models.DateTimeField()),
                ('figures', models.JSONField()),
                ('reason', models.CharField(max_length=300)),
                ('rule', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.ladderrule')),
            ],
            options={
                'indexes': [models.Index(fields=['store', '-happened_at'], name='step_change_newest')],
            },
        ),
        migrations.CreateModel(
            name='PendingCount',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('store', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='stores.store')),
                ('day', models.DateField()),
            ],
        ),
        migrations.CreateModel(
            name='StoreDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('received', models.PositiveIntegerField(default=0, help_text='Items in cases that were received.')),
                ('opened', models.PositiveIntegerField(default=0, help_text='Items opened and bound to the store.')),
                ('users', models.PositiveIntegerField(default=0, help_text='Distinct consumers with an opening that day.')),
                ('new_users', models.PositiveIntegerField(default=0, help_text='Of them, with their first opening of the brand.')),
                ('reward_fen', models.PositiveBigIntegerField(default=0, help_text='Promised to consumers and to the store, in fen.')),
                ('store', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='days', to='stores.store')),
            ],
            options={
                'indexes': [models.Index(fields=['day'], name='store_day_day')],
                'constraints': [models.UniqueConstraint(fields=('store', 'day'), name='store_day_once')],
            },
        ),
        migrations.CreateModel(
            name='Visit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('store', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='visits', to='stores.store')),
                ('salesperson', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='visits', to='stores.salesperson')),
                ('visited_at', models.DateTimeField()),
                ('distance_m', models.PositiveIntegerField(blank=True, help_text='Metres between the phone and the store, where the phone told its place.', null=True)),
                ('note', models.CharField(blank=True, max_length=400)),
            ],
            options={
                'verbose_name': 'visit',
                'verbose_name_plural': 'visits',
                'indexes': [models.Index(fields=['store', '-visited_at'], name='visit_store_newest')],
            },
        ),
        migrations.CreateModel(
            name='WarehouseWorker',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('brand', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='warehouse_workers', to='stores.brand')),
                ('dealer', models.ForeignKey(blank=True, help_text="Whose warehouse it is; empty: the brand's own.", null=True, on_delete=django.db.models.deletion.PROTECT, related_name='workers', to='stores.dealer')),
                ('user', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='warehouse_worker', to=settings.AUTH_USER_MODEL)),
                ('name', models.CharField(max_length=60)),
                ('phone', models.CharField(blank=True, max_length=20)),
                ('is_active', models.BooleanField(default=True)),
            ],
            options={
                'verbose_name': 'warehouse worker',
                'verbose_name_plural': 'warehouse workers',
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='stepchange',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='25f1fb20e4611757b4aacb9ca982c00ac3d10f03', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_93887', table='stores_stepchange', when='BEFORE')),
        ),
    ]
