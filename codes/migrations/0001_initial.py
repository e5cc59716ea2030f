import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.expressions
import pgtrigger.compiler
import pgtrigger.migrations
import uuid_utils.compat
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('consumers', '0001_initial'),
        ('stores', '0002_stores'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Batch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('lot', models.CharField(help_text='GS1 AI 10: at most 20 characters.', max_length=20)),
                ('produced_on', models.DateField(blank=True, null=True)),
                ('expires_on', models.DateField(blank=True, null=True)),
            ],
            options={
                'verbose_name': 'batch',
                'verbose_name_plural': 'batches',
            },
        ),
        migrations.CreateModel(
            name='Opening',
            fields=[
                ('serial', models.BigIntegerField(help_text='Of the item.', primary_key=True, serialize=False)),
                ('opened_at', models.DateTimeField()),
                ('day', models.DateField(help_text='Business day of the brand.')),
                ('brand', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.brand')),
                ('consumer', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='openings', to='consumers.consumer')),
            ],
            options={
                'verbose_name': 'opening',
                'verbose_name_plural': 'openings',
            },
        ),
        migrations.CreateModel(
            name='CaseCursor',
            fields=[
                ('name', models.CharField(max_length=10, primary_key=True, serialize=False)),
                ('position', models.CharField(blank=True, help_text='Key of the last examined row.', max_length=36)),
            ],
        ),
        migrations.CreateModel(
            name='CaseRule',
            fields=[
                ('brand', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='case_rule', serialize=False, to='stores.brand')),
                ('thresholds', models.JSONField(blank=True, default=dict, help_text='Names and defaults: docs/cases.md.')),
                ('travel', models.JSONField(blank=True, default=dict, help_text='Share of any shipment that travel brings to a region, by its code, as {"460200": 0.3}.')),
                ('changed_by', models.CharField(max_length=150)),
                ('changed_at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'rule of market cases',
                'verbose_name_plural': 'rules of market cases',
            },
        ),
        migrations.CreateModel(
            name='CodeOrder',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('level', models.CharField(choices=[('item', 'item'), ('case', 'case'), ('pallet', 'pallet')], max_length=6)),
                ('roles', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), help_text='Numbers of codes.formats.code_text.Role.', size=None)),
                ('quantity', models.PositiveBigIntegerField(help_text='Units; each bears one mark per role.')),
                ('serials', django.contrib.postgres.fields.ranges.BigIntegerRangeField(help_text='The block: first serial, and the one after the last.')),
                ('key_version', models.CharField(max_length=1)),
                ('state', models.CharField(choices=[('draft', 'waiting for review'), ('reviewed', 'reviewed'), ('released', 'released for printing'), ('exported', 'print file handed over'), ('cancelled', 'cancelled')], default='draft', max_length=10)),
                ('created_by', models.CharField(max_length=150)),
                ('created_at', models.DateTimeField()),
                ('reviewed_by', models.CharField(blank=True, max_length=150)),
                ('reviewed_at', models.DateTimeField(blank=True, null=True)),
                ('released_at', models.DateTimeField(blank=True, null=True)),
                ('exported_at', models.DateTimeField(blank=True, help_text='When its codes first left the house.', null=True)),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='code_orders', to='codes.batch')),
                ('brand', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='code_orders', to='stores.brand')),
            ],
            options={
                'verbose_name': 'code order',
                'verbose_name_plural': 'code orders',
                'permissions': [('review_codeorder', 'Can review orders that another person placed'), ('release_codeorder', 'Can release reviewed orders for printing'), ('export_codeorder', 'Can have print files made and take them away'), ('activate_codeorder', 'Can activate, void, freeze and recall codes')],
            },
        ),
        migrations.CreateModel(
            name='EpcisEvent',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('event_id', models.TextField(help_text="A URI: the sender's, or the hash of the event.")),
                ('key', models.UUIDField(help_text="Hash of the event's ID.")),
                ('declaration', models.UUIDField(help_text='Hash of the error declaration, where there is one.', null=True)),
                ('content', models.UUIDField(help_text='Hash of what the event says, without ID and error declaration.')),
                ('type', models.TextField()),
                ('action', models.CharField(max_length=7)),
                ('biz_step', models.TextField()),
                ('disposition', models.TextField()),
                ('read_point', models.TextField()),
                ('biz_location', models.TextField()),
                ('event_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField()),
                ('captured_by', models.CharField(max_length=150)),
                ('document', models.TextField(help_text='JSON-LD, as it came, with the namespaces that it uses.')),
                ('normal', models.TextField(help_text='JSON: the form in which equal events are equal.')),
                ('written_xid', models.BigIntegerField(help_text='Of the transaction: rows below the oldest running one are all there.')),
                ('brand', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.brand')),
            ],
            options={
                'verbose_name': 'EPCIS event',
                'verbose_name_plural': 'EPCIS events',
            },
        ),
        migrations.CreateModel(
            name='EpcisFollower',
            fields=[
                ('brand', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='stores.brand')),
                ('cursor', models.TextField(blank=True)),
                ('followed_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Scan',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('serial', models.BigIntegerField(help_text='Of the unit; empty where the text named none of ours.', null=True)),
                ('role', models.PositiveSmallIntegerField(help_text="Of the mark; empty for a store's B-code.", null=True)),
                ('masked_code', models.CharField(help_text='Never the whole code.', max_length=40)),
                ('verdict', models.CharField(choices=[('genuine_first', 'genuine, first scan'), ('genuine_repeat', 'genuine, scanned before'), ('not_activated', 'not activated'), ('frozen', 'frozen'), ('recalled', 'recalled'), ('voided', 'voided'), ('unknown', 'unknown'), ('malformed', 'malformed')], max_length=14)),
                ('visitor', models.CharField(help_text='Random name of the browser, from its signed cookie.', max_length=40)),
                ('nonce', models.CharField(help_text='Idempotency key of the post, unique per visitor.', max_length=200)),
                ('latitude', models.FloatField(null=True)),
                ('longitude', models.FloatField(null=True)),
                ('accuracy_m', models.FloatField(null=True)),
                ('region_code', models.CharField(blank=True, max_length=6)),
                ('via', models.CharField(blank=True, help_text='Share link or channel that led here.', max_length=40)),
                ('address', models.GenericIPAddressField(null=True)),
                ('scanned_at', models.DateTimeField()),
                ('brand', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.brand')),
                ('consumer', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='scans', to='consumers.consumer')),
                ('store', models.ForeignKey(db_index=False, help_text='Whose B-code was scanned.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.store')),
            ],
            options={
                'verbose_name': 'scan',
                'verbose_name_plural': 'scans',
            },
        ),
        migrations.CreateModel(
            name='Binding',
            fields=[
                ('opening', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='binding', serialize=False, to='codes.opening')),
                ('confidence', models.FloatField(help_text='0 to 1: how sure the fused evidence makes us of the store.')),
                ('day', models.DateField(help_text='Business day of the opening, copied for counting.')),
                ('bound_at', models.DateTimeField()),
                ('brand', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.brand')),
                ('consumer', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='bindings', to='consumers.consumer')),
                ('store', models.ForeignKey(db_index=False, help_text='Empty where no evidence points to a store.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='bindings', to='stores.store')),
            ],
            options={
                'verbose_name': 'binding',
                'verbose_name_plural': 'bindings',
            },
        ),
        migrations.CreateModel(
            name='CaptureJob',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('capturing', 'being captured'), ('captured', 'captured'), ('rejected', 'rejected')], default='waiting', max_length=9)),
                ('behaviour', models.CharField(choices=[('rollback', 'all events or none'), ('proceed', 'all events that can be taken')], max_length=8)),
                ('is_xml', models.BooleanField(default=False)),
                ('size_bytes', models.PositiveIntegerField()),
                ('events', models.PositiveIntegerField(help_text='In the document.')),
                ('seen', models.PositiveIntegerField(default=0, help_text='Of them, so far: captured, repeated or with a fault.')),
                ('captured', models.PositiveIntegerField(default=0)),
                ('repeated', models.PositiveIntegerField(default=0, help_text='Had been captured before, and say the same.')),
                ('faulty', models.PositiveIntegerField(default=0)),
                ('errors', models.JSONField(default=list, help_text='The first faults: place, code and message.')),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('captured_by', models.CharField(max_length=150)),
                ('created_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField(null=True)),
                ('brand', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='capture_jobs', to='stores.brand')),
            ],
            options={
                'verbose_name': 'capture job',
                'verbose_name_plural': 'capture jobs',
            },
        ),
        migrations.CreateModel(
            name='CaptureChunk',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('first', models.PositiveIntegerField(help_text='Place of its first event in the document, from 0.')),
                ('packed', models.BinaryField()),
                ('job', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='chunks', to='codes.capturejob')),
            ],
        ),
        migrations.AddField(
            model_name='opening',
            name='order',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='codes.codeorder'),
        ),
        migrations.CreateModel(
            name='EpcisEffect',
            fields=[
                ('event', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='effect', serialize=False, to='codes.epcisevent')),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('done', 'taken down'), ('refused', 'not taken down')], default='waiting', max_length=7)),
                ('code', models.CharField(blank=True, help_text='Of the refusal.', max_length=60)),
                ('detail', models.TextField(blank=True)),
                ('decided_at', models.DateTimeField(null=True)),
            ],
            options={
                'verbose_name': 'effect of an event',
                'verbose_name_plural': 'effects of events',
            },
        ),
        migrations.AddField(
            model_name='epcisevent',
            name='job',
            field=models.ForeignKey(db_index=False, help_text='Empty for single events and for those of our own histories.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='codes.capturejob'),
        ),
        migrations.CreateModel(
            name='EpcisFigure',
            fields=[
                ('pk', models.CompositePrimaryKey('brand_id', 'field', 'value', 'event_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('field', models.TextField(db_collation='C')),
                ('value', models.FloatField()),
                ('brand', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='stores.brand')),
                ('event', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='codes.epcisevent')),
            ],
        ),
        migrations.CreateModel(
            name='EpcisPlace',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('inside', models.CharField(max_length=500)),
                ('place', models.CharField(max_length=500)),
                ('brand', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.brand')),
            ],
        ),
        migrations.CreateModel(
            name='EpcisTerm',
            fields=[
                ('pk', models.CompositePrimaryKey('brand_id', 'kind', 'value', 'event_at', 'event_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('kind', models.PositiveSmallIntegerField()),
                ('value', models.TextField(db_collation='C')),
                ('event_at', models.DateTimeField()),
                ('brand', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='stores.brand')),
                ('event', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='codes.epcisevent')),
            ],
        ),
        migrations.CreateModel(
            name='MarketCase',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('diversion', 'diversion'), ('clone', 'copied mark'), ('not_activated', 'codes not activated'), ('not_shipped', 'codes not shipped'), ('unknown', 'codes not ours')], max_length=13)),
                ('subject', models.CharField(help_text='What it is about: codes.cases.subjects.', max_length=60)),
                ('state', models.CharField(choices=[('open', 'case open'), ('looking', 'being looked into'), ('closed', 'case closed')], default='open', max_length=7)),
                ('outcome', models.CharField(blank=True, choices=[('confirmed', 'suspicion confirmed'), ('taken_back', 'confirmed, goods taken back'), ('permitted', 'sold there by permission'), ('false_alarm', 'false alarm'), ('unresolved', 'could not be cleared up')], max_length=11)),
                ('score', models.PositiveSmallIntegerField(help_text='0 to 100: 50 where the thresholds are just passed.')),
                ('reasons', models.JSONField(default=list, help_text='The conditions that hold, with what was found.')),
                ('figures', models.JSONField(default=dict, help_text='What was counted at the newest judgement.')),
                ('serial', models.BigIntegerField(help_text='Of the unit whose mark was copied.', null=True)),
                ('role', models.PositiveSmallIntegerField(null=True)),
                ('counted_from', models.DateTimeField(help_text='What happened before belongs to the case before.', null=True)),
                ('opened_at', models.DateTimeField()),
                ('newest_at', models.DateTimeField(help_text='When the newest evidence happened.')),
                ('closed_at', models.DateTimeField(null=True)),
                ('closed_by', models.CharField(blank=True, max_length=150)),
                ('assignee', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('brand', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='market_cases', to='stores.brand')),
                ('dealer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='market_cases', to='stores.dealer')),
                ('previous', models.ForeignKey(help_text='The closed case before it.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='following', to='codes.marketcase')),
                ('region', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.region')),
            ],
            options={
                'verbose_name': 'market case',
                'verbose_name_plural': 'market cases',
            },
        ),
        migrations.CreateModel(
            name='CaseRemark',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('author', models.CharField(max_length=150)),
                ('text', models.CharField(max_length=1000)),
                ('written_at', models.DateTimeField()),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='remarks', to='codes.marketcase')),
            ],
        ),
        migrations.CreateModel(
            name='Movement',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('ship', 'shipped'), ('receive', 'received'), ('return', 'returned'), ('destroy', 'destroyed'), ('sample', 'taken as sample')], max_length=8)),
                ('reference', models.CharField(blank=True, help_text='Delivery note or order number.', max_length=60)),
                ('flag', models.CharField(blank=True, choices=[('moved_after_destroyed', 'moved after it was destroyed'), ('received_elsewhere', 'received by another than the one that it was sent to'), ('returned_elsewhere', 'returned by one that never had it'), ('destroyed_elsewhere', 'destroyed by one that did not have it'), ('sampled_elsewhere', 'sampled at one that did not have it'), ('moved_after_sampled', 'moved after it was taken as a sample'), ('shipped_from_a_store', 'sent away from a store that has it'), ('shipped_twice', 'sent twice'), ('received_twice', 'received twice'), ('returned_twice', 'returned twice'), ('short', 'fewer than expected'), ('surplus', 'more than expected'), ('received_not_shipped', 'received but never sent'), ('returned_not_received', 'returned but never sent')], help_text='Code of the gravest contradiction with custody, to be looked into.', max_length=60)),
                ('recorded_by', models.CharField(max_length=150)),
                ('happened_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField()),
                ('brand', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='movements', to='stores.brand')),
                ('dealer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='movements', to='stores.dealer')),
                ('store', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='movements', to='stores.store')),
            ],
            options={
                'verbose_name': 'movement',
                'verbose_name_plural': 'movements',
            },
        ),
        migrations.AddField(
            model_name='marketcase',
            name='shipment',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='market_cases', to='codes.movement'),
        ),
        migrations.CreateModel(
            name='ForeignReceipt',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('items', models.PositiveIntegerField()),
                ('distance_m', models.FloatField(help_text="From the store to the dealer's territory.", null=True)),
                ('received_at', models.DateTimeField()),
                ('area', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.region')),
                ('brand', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.brand')),
                ('dealer', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.dealer')),
                ('store', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.store')),
                ('movement', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='codes.movement')),
                ('shipment', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='codes.movement')),
            ],
        ),
        migrations.CreateModel(
            name='MovementException',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('moved_after_destroyed', 'moved after it was destroyed'), ('received_elsewhere', 'received by another than the one that it was sent to'), ('returned_elsewhere', 'returned by one that never had it'), ('destroyed_elsewhere', 'destroyed by one that did not have it'), ('sampled_elsewhere', 'sampled at one that did not have it'), ('moved_after_sampled', 'moved after it was taken as a sample'), ('shipped_from_a_store', 'sent away from a store that has it'), ('shipped_twice', 'sent twice'), ('received_twice', 'received twice'), ('returned_twice', 'returned twice'), ('short', 'fewer than expected'), ('surplus', 'more than expected'), ('received_not_shipped', 'received but never sent'), ('returned_not_received', 'returned but never sent')], max_length=24)),
                ('holder_serial', models.BigIntegerField(blank=True, help_text='Serial of the case or pallet that was counted.', null=True)),
                ('expected', models.PositiveIntegerField(blank=True, help_text='Units said to be there: in the case or pallet, or items of the delivery.', null=True)),
                ('counted', models.PositiveIntegerField(blank=True, help_text='Units that were found.', null=True)),
                ('raised_at', models.DateTimeField()),
                ('brand', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.brand')),
                ('movement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='exceptions', to='codes.movement')),
            ],
            options={
                'verbose_name': 'movement exception',
                'verbose_name_plural': 'movement exceptions',
                'permissions': [('solve_movementexception', 'Can solve exceptions of movements')],
            },
        ),
        migrations.CreateModel(
            name='ExceptionLine',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('serials', django.contrib.postgres.fields.ranges.BigIntegerRangeField()),
                ('exception', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='codes.movementexception')),
            ],
            options={
                'verbose_name': 'range of units',
                'verbose_name_plural': 'ranges of units',
            },
        ),
        migrations.CreateModel(
            name='MovementLine',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('serials', django.contrib.postgres.fields.ranges.BigIntegerRangeField()),
                ('items', models.PositiveIntegerField(help_text='Items inside at that moment, without those that the store had received already.')),
                ('counted', models.PositiveIntegerField(blank=True, help_text='How many units were found directly inside of this one, where it was told.', null=True)),
                ('movement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='codes.movement')),
            ],
        ),
        migrations.CreateModel(
            name='MovementSolution',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('outcome', models.CharField(choices=[('accepted', 'accepted as it is'), ('corrected', 'corrected by another movement'), ('written_off', 'written off'), ('mistake', 'reported by mistake')], max_length=11)),
                ('remark', models.CharField(blank=True, max_length=200)),
                ('solved_by', models.CharField(max_length=150)),
                ('solved_at', models.DateTimeField()),
                ('corrected_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='codes.movement')),
                ('exception', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='solution', to='codes.movementexception')),
            ],
            options={
                'verbose_name': 'solution',
                'verbose_name_plural': 'solutions',
            },
        ),
        migrations.CreateModel(
            name='NamedQuery',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=200)),
                ('query', models.JSONField()),
                ('created_by', models.CharField(max_length=150)),
                ('created_at', models.DateTimeField()),
                ('brand', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.brand')),
            ],
            options={
                'verbose_name': 'named query',
                'verbose_name_plural': 'named queries',
            },
        ),
        migrations.CreateModel(
            name='Packing',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('parent_serial', models.BigIntegerField(help_text='Serial of the case or pallet.')),
                ('children', django.contrib.postgres.fields.ranges.BigIntegerRangeField(help_text='Serials of the items or cases inside.')),
                ('packed_by', models.CharField(max_length=150)),
                ('packed_at', models.DateTimeField()),
                ('unpacked_by', models.CharField(blank=True, max_length=150)),
                ('unpacked_at', models.DateTimeField(blank=True, null=True)),
                ('brand', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.brand')),
            ],
            options={
                'verbose_name': 'packing',
                'verbose_name_plural': 'packings',
            },
        ),
        migrations.CreateModel(
            name='PrinterProfile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40)),
                ('columns', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('serial', 'serial'), ('role', 'role of the mark'), ('code', 'code'), ('url', 'address with the code')], max_length=6), help_text='In their order, with commas between: some of serial, role, code and url; code or url is needed.', size=None)),
                ('delimiter', models.CharField(choices=[('comma', 'comma'), ('semicolon', 'semicolon'), ('tab', 'tab'), ('bar', 'vertical bar')], default='comma', max_length=9)),
                ('line_ending', models.CharField(choices=[('crlf', 'CR LF (Windows)'), ('lf', 'LF (Unix)')], default='crlf', max_length=4)),
                ('has_header', models.BooleanField(default=True)),
                ('one_row_a_unit', models.BooleanField(default=False, help_text='All marks of a unit in one row, instead of a row for each mark.')),
                ('created_at', models.DateTimeField()),
                ('retired_at', models.DateTimeField(blank=True, null=True)),
                ('brand', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='printer_profiles', to='stores.brand')),
            ],
            options={
                'verbose_name': 'printer profile',
                'verbose_name_plural': 'printer profiles',
            },
        ),
        migrations.CreateModel(
            name='PrintFile',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('csv', 'CSV for the printer'), ('zip', 'CSV in an encrypted ZIP'), ('labels', 'label sheets, PDF'), ('zpl', 'ZPL for label printers'), ('roll', 'pre-matched roll, CSV')], default='csv', max_length=6)),
                ('labels', models.JSONField(blank=True, default=dict, help_text='How labels look; of label sheets and ZPL alone, empty: the default.')),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('writing', 'being written'), ('ready', 'ready'), ('failed', 'failed')], default='waiting', max_length=8)),
                ('recipient', models.CharField(help_text='Who will get it: printer or factory.', max_length=80)),
                ('serials', django.contrib.postgres.fields.ranges.BigIntegerRangeField(help_text='The part of the order that is printed.')),
                ('url_prefix', models.CharField(help_text='What stands before each code; kept, so that a resumed file is of one piece.', max_length=200)),
                ('rows_done', models.PositiveBigIntegerField(default=0)),
                ('rows_total', models.PositiveBigIntegerField()),
                ('path', models.CharField(blank=True, help_text='Below the private files folder.', max_length=400)),
                ('sha256', models.CharField(blank=True, max_length=64)),
                ('size_bytes', models.PositiveBigIntegerField(blank=True, null=True)),
                ('fault', models.CharField(blank=True, max_length=200)),
                ('sealed_password', models.TextField(blank=True, editable=False, help_text='Of an encrypted file; never in clear.')),
                ('downloads_allowed', models.PositiveSmallIntegerField(default=3)),
                ('requested_by', models.CharField(max_length=150)),
                ('requested_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('expires_at', models.DateTimeField(blank=True, help_text='From then on it is not given any more.', null=True)),
                ('removed_at', models.DateTimeField(blank=True, help_text='When it was taken off the disk, its time being over.', null=True)),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='print_files', to='codes.codeorder')),
                ('profile', models.ForeignKey(blank=True, help_text='How the rows are written; empty: the default.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='codes.printerprofile')),
            ],
            options={
                'verbose_name': 'print file',
                'verbose_name_plural': 'print files',
                'permissions': [('reveal_printfile', 'Can see the passwords of encrypted print files')],
            },
        ),
        migrations.CreateModel(
            name='PasswordReveal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('shown_to', models.CharField(max_length=150)),
                ('shown_at', models.DateTimeField()),
                ('address', models.GenericIPAddressField(null=True)),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reveals', to='codes.printfile')),
            ],
            options={
                'verbose_name': 'showing of a password',
                'verbose_name_plural': 'showings of passwords',
            },
        ),
        migrations.CreateModel(
            name='Download',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('taken_by', models.CharField(max_length=150)),
                ('taken_at', models.DateTimeField()),
                ('address', models.GenericIPAddressField(null=True)),
                ('sha256', models.CharField(max_length=64)),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='downloads', to='codes.printfile')),
            ],
            options={
                'verbose_name': 'download',
                'verbose_name_plural': 'downloads',
            },
        ),
        migrations.CreateModel(
            name='Product',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('gtin', models.CharField(help_text='GTIN-14, 14 digits with a right check digit.', max_length=14, unique=True)),
                ('name', models.CharField(max_length=80)),
                ('name_en', models.CharField(blank=True, max_length=80)),
                ('specification', models.CharField(blank=True, help_text='Such as 500 ml, 53 % vol.', max_length=60)),
                ('margin_fen', models.PositiveIntegerField(default=0, help_text="The brand's margin on one item, in fen.")),
                ('story', models.TextField(blank=True, help_text="Shown to the consumer under the product's name.")),
                ('created_at', models.DateTimeField()),
                ('brand', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='products', to='stores.brand')),
            ],
            options={
                'verbose_name': 'product',
                'verbose_name_plural': 'products',
            },
        ),
        migrations.AddField(
            model_name='batch',
            name='product',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='batches', to='codes.product'),
        ),
        migrations.CreateModel(
            name='ProductLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('link_type', models.CharField(choices=[('gs1:pip', 'product information'), ('gs1:instructions', 'instructions'), ('gs1:recallStatus', 'recall status'), ('gs1:certificationInfo', 'certification'), ('gs1:dpp', 'digital product passport'), ('gs1:productSustainabilityInfo', 'sustainability'), ('gs1:ingredientsInfo', 'ingredients'), ('gs1:nutritionalInfo', 'nutrition'), ('gs1:allergenInfo', 'allergens'), ('gs1:safetyInfo', 'safety'), ('gs1:traceability', 'traceability'), ('gs1:hasRetailers', 'where to buy'), ('gs1:promotion', 'promotion'), ('gs1:review', 'reviews'), ('gs1:faqs', 'questions and answers'), ('gs1:support', 'support'), ('gs1:socialMedia', 'social media'), ('gs1:masterData', 'master data'), ('gs1:epcis', 'EPCIS events')], max_length=40)),
                ('language', models.CharField(blank=True, choices=[('', 'any language'), ('zh', 'Chinese'), ('en', 'English')], default='', max_length=5)),
                ('context', models.CharField(blank=True, help_text='Where it holds, such as the country CN; empty: everywhere.', max_length=20)),
                ('href', models.URLField(help_text='The whole address, with https://', max_length=500)),
                ('title', models.CharField(help_text='What a person reads of it.', max_length=100)),
                ('is_default', models.BooleanField(default=False, help_text='Where a phone is led that asks for nothing in particular. Another default gives way.')),
                ('forwards_query', models.BooleanField(default=True, help_text='Whether what stands behind the question mark goes on to the address.')),
                ('batch', models.ForeignKey(blank=True, help_text='Only for this batch, such as its certificate; empty: for the whole product.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='links', to='codes.batch')),
                ('product', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='links', to='codes.product')),
            ],
            options={
                'verbose_name': 'product link',
                'verbose_name_plural': 'product links',
            },
        ),
        migrations.CreateModel(
            name='Roll',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first_case', models.BigIntegerField(help_text='Serial of the first case.')),
                ('cases', models.PositiveIntegerField()),
                ('items_per_case', models.PositiveIntegerField()),
                ('first_pallet', models.BigIntegerField(blank=True, help_text='Serial of the first pallet.', null=True)),
                ('cases_per_pallet', models.PositiveIntegerField(blank=True, null=True)),
                ('case_order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='codes.codeorder')),
                ('file', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='roll', to='codes.printfile')),
                ('pallet_order', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='codes.codeorder')),
            ],
            options={
                'verbose_name': 'pre-matched roll',
                'verbose_name_plural': 'pre-matched rolls',
            },
        ),
        migrations.CreateModel(
            name='RollUse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cases', django.contrib.postgres.fields.ranges.BigIntegerRangeField(help_text='Serials of the cases that were used.')),
                ('packings', models.PositiveIntegerField(help_text='Packings that were written; others were there before.')),
                ('used_by', models.CharField(max_length=150)),
                ('used_at', models.DateTimeField()),
                ('roll', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='uses', to='codes.roll')),
            ],
            options={
                'verbose_name': 'use of a roll',
                'verbose_name_plural': 'uses of rolls',
            },
        ),
        migrations.CreateModel(
            name='Sighting',
            fields=[
                ('scan', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='sighting', serialize=False, to='codes.scan')),
                ('cause', models.CharField(choices=[('home', 'where it may be sold'), ('foreign', 'where it may not be sold'), ('not_activated', 'not activated'), ('not_shipped', 'not shipped'), ('unknown', 'not ours')], max_length=13)),
                ('code', models.CharField(help_text='Which code: the serial, or where there is none the masked code.', max_length=40)),
                ('serial', models.BigIntegerField(null=True)),
                ('person', models.CharField(help_text='Name of the consumer, or else of the browser.', max_length=40)),
                ('region_code', models.CharField(max_length=6)),
                ('latitude', models.FloatField(null=True)),
                ('longitude', models.FloatField(null=True)),
                ('accuracy_m', models.FloatField(null=True)),
                ('distance_m', models.FloatField(help_text="To the dealer's territory, at least.", null=True)),
                ('seen_at', models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name='opening',
            name='scan',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='opening', to='codes.scan'),
        ),
        migrations.CreateModel(
            name='Mark',
            fields=[
                ('id', models.BigIntegerField(help_text='serial × 16 + role', primary_key=True, serialize=False)),
                ('serial', models.BigIntegerField()),
                ('role', models.PositiveSmallIntegerField()),
                ('first_scanned_at', models.DateTimeField()),
                ('first_region_code', models.CharField(blank=True, max_length=6)),
                ('first_scan', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='codes.scan')),
            ],
        ),
        migrations.CreateModel(
            name='CaseEvidence',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('serial', models.BigIntegerField(null=True)),
                ('items', models.PositiveIntegerField(default=0, help_text='Items of a receipt.')),
                ('region_code', models.CharField(blank=True, max_length=6)),
                ('latitude', models.FloatField(null=True)),
                ('longitude', models.FloatField(null=True)),
                ('accuracy_m', models.FloatField(null=True)),
                ('distance_m', models.FloatField(help_text="To the dealer's territory, at least.", null=True)),
                ('happened_at', models.DateTimeField()),
                ('noted_at', models.DateTimeField()),
                ('dealer', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.dealer')),
                ('store', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='case_evidence', to='stores.store')),
                ('case', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='evidence', to='codes.marketcase')),
                ('movement', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='codes.movement')),
                ('shipment', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='codes.movement')),
                ('scan', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='codes.scan')),
            ],
            options={
                'verbose_name_plural': 'case evidence',
            },
        ),
        migrations.CreateModel(
            name='SerialCounter',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('next_serial', models.BigIntegerField(default=1)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='serial_counter_single'), models.CheckConstraint(condition=models.Q(('next_serial__range', (1, 1099511627776))), name='serial_counter_40_bits')],
            },
        ),
        migrations.CreateModel(
            name='Span',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('active', 'active'), ('voided', 'voided'), ('frozen', 'frozen'), ('recalled', 'recalled')], max_length=8)),
                ('serials', django.contrib.postgres.fields.ranges.BigIntegerRangeField()),
                ('reason', models.CharField(blank=True, max_length=200)),
                ('stated_by', models.CharField(max_length=150)),
                ('stated_at', models.DateTimeField()),
                ('effective_at', models.DateTimeField(help_text='From then on it holds; later than it was said for an activation alone.')),
                ('call', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, help_text='Ranges said together share it.')),
                ('revoked_by', models.CharField(blank=True, max_length=150)),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('revoke_reason', models.CharField(blank=True, max_length=200)),
                ('batch', models.ForeignKey(blank=True, db_index=False, help_text='Where it was said of the whole batch: later orders are frozen or recalled with it.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='codes.batch')),
                ('brand', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.brand')),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='spans', to='codes.codeorder')),
            ],
            options={
                'verbose_name': 'span',
                'verbose_name_plural': 'spans',
            },
        ),
        migrations.CreateModel(
            name='Subscription',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('dest', models.URLField(max_length=500)),
                ('sealed_secret', models.TextField(blank=True, help_text="The client's signature token, sealed.")),
                ('is_stream', models.BooleanField()),
                ('schedule', models.JSONField(null=True)),
                ('report_if_empty', models.BooleanField(default=False)),
                ('epc_format', models.CharField(blank=True, max_length=30)),
                ('initial_record_time', models.DateTimeField(null=True)),
                ('state', models.CharField(choices=[('active', 'active'), ('failing', 'the last call failed')], default='active', max_length=7)),
                ('reached_xid', models.BigIntegerField(default=0)),
                ('reached_event', models.BigIntegerField(default=0, help_text='The last event told of an unfinished run.')),
                ('until_xid', models.BigIntegerField(help_text='Where the unfinished run ends.', null=True)),
                ('next_at', models.DateTimeField(help_text='When it is looked after again.')),
                ('attempts', models.PositiveIntegerField(default=0, help_text='Failed calls in a row.')),
                ('fault', models.CharField(blank=True, max_length=200)),
                ('created_by', models.CharField(max_length=150)),
                ('created_at', models.DateTimeField()),
                ('last_notified_at', models.DateTimeField(null=True)),
                ('executed_at', models.DateTimeField(help_text='When the query last ran to its end.', null=True)),
                ('query', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='subscriptions', to='codes.namedquery')),
            ],
            options={
                'verbose_name': 'subscription',
                'verbose_name_plural': 'subscriptions',
            },
        ),
        migrations.CreateModel(
            name='Evidence',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('road', models.CharField(choices=[('case', "the item's case was received by the store"), ('b_code', "the store's B-code was scanned shortly before"), ('place', 'the phone was at the store'), ('c_code', 'the store scanned the member code'), ('share', 'a share link of the store led here')], max_length=6)),
                ('weight', models.FloatField(help_text='0 to 1: how far this piece alone would convince.')),
                ('facts', models.JSONField(default=dict)),
                ('store', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.store')),
                ('binding', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='evidence', to='codes.binding')),
            ],
            options={
                'verbose_name_plural': 'evidence',
            },
        ),
        migrations.AddIndex(
            model_name='capturejob',
            index=models.Index(fields=['brand', '-id'], name='capture_job_brand_newest'),
        ),
        migrations.AddIndex(
            model_name='capturejob',
            index=models.Index(condition=models.Q(('state__in', ['waiting', 'capturing'])), fields=['id'], name='capture_job_unfinished'),
        ),
        migrations.AddConstraint(
            model_name='capturejob',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('finished_at__isnull', True), ('state__in', ['waiting', 'capturing'])), models.Q(('finished_at__isnull', False), ('state__in', ['captured', 'rejected'])), _connector='OR'), name='capture_job_finished'),
        ),
        migrations.AddConstraint(
            model_name='capturejob',
            constraint=models.CheckConstraint(condition=models.Q(('seen', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('captured'), '+', models.F('repeated')), '+', models.F('faulty')))), name='capture_job_counts'),
        ),
        migrations.AddConstraint(
            model_name='capturechunk',
            constraint=models.UniqueConstraint(fields=('job', 'first'), name='capture_chunk_once'),
        ),
        migrations.AddIndex(
            model_name='codeorder',
            index=models.Index(fields=['brand', '-created_at'], name='code_order_brand_newest'),
        ),
        migrations.AddConstraint(
            model_name='codeorder',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('serials', '&&')], name='code_order_serials_apart'),
        ),
        migrations.AddConstraint(
            model_name='codeorder',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gte', 1)), name='code_order_not_empty'),
        ),
        migrations.AddConstraint(
            model_name='codeorder',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'cancelled']), models.Q(('reviewed_by', ''), _negated=True), _connector='OR'), name='code_order_reviewed'),
        ),
        migrations.AddConstraint(
            model_name='codeorder',
            constraint=models.CheckConstraint(condition=models.Q(('reviewed_by', ''), models.Q(('reviewed_by', models.F('created_by')), _negated=True), _connector='OR'), name='code_order_second_person'),
        ),
        migrations.AddField(
            model_name='epciseffect',
            name='movement',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='epcis_effect', to='codes.movement'),
        ),
        migrations.AddIndex(
            model_name='epcisevent',
            index=models.Index(fields=['brand', 'event_at', 'id'], name='epcis_event_in_time'),
        ),
        migrations.AddIndex(
            model_name='epcisevent',
            index=models.Index(fields=['brand', 'recorded_at', 'id'], name='epcis_event_as_recorded'),
        ),
        migrations.AddIndex(
            model_name='epcisevent',
            index=models.Index(fields=['brand', 'written_xid'], name='epcis_event_as_written'),
        ),
        migrations.AddConstraint(
            model_name='epcisevent',
            constraint=models.UniqueConstraint(fields=('brand', 'key', 'declaration'), name='epcis_event_once', nulls_distinct=False),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='epcisevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='05fcab686e970270dc216c317add0a8fd62b9f81', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_4ac98', table='codes_epcisevent', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='epcisfigure',
            index=models.Index(fields=['event', 'field', 'value'], name='epcis_figure_of_event'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='epcisfigure',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='3a37e3cdc8323c84500fe4fb7c562bf3ade3c892', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_31e9d', table='codes_epcisfigure', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='epcisplace',
            constraint=models.UniqueConstraint(fields=('brand', 'inside', 'place'), name='epcis_place_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='epcisplace',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='194e9d08c80cc60bc0dad35cc9ce25e16836648e', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_c83ae', table='codes_epcisplace', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='epcisterm',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='099c6174e597a901cf5a56fd5877a8880620babc', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_7df28', table='codes_epcisterm', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='caseremark',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='9bf23d9d0891826708ab1b68c7157e9c83c01c9a', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_b14c2', table='codes_caseremark', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='movement',
            index=models.Index(fields=['store', '-happened_at'], name='movement_store_newest'),
        ),
        migrations.AddIndex(
            model_name='movement',
            index=models.Index(fields=['brand', '-happened_at'], name='movement_brand_newest'),
        ),
        migrations.AddIndex(
            model_name='movement',
            index=models.Index(condition=models.Q(('reference', ''), _negated=True), fields=['brand', 'reference'], name='movement_brand_reference'),
        ),
        migrations.AddConstraint(
            model_name='movement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('dealer__isnull', True), ('kind__in', ['destroy', 'sample']), ('store__isnull', True)), models.Q(('dealer__isnull', False), ('store__isnull', True)), models.Q(('dealer__isnull', True), ('store__isnull', False)), _connector='OR'), name='movement_one_partner'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='movement',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='4eb8e3588e212f779dda0d7fc137376a540bcbec', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_f3cf9', table='codes_movement', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='marketcase',
            index=models.Index(fields=['brand', 'kind', 'subject', '-closed_at'], name='market_case_subject'),
        ),
        migrations.AddIndex(
            model_name='marketcase',
            index=models.Index(fields=['brand', 'state', '-score'], name='market_case_work'),
        ),
        migrations.AddConstraint(
            model_name='marketcase',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'closed'), _negated=True), fields=('brand', 'kind', 'subject'), name='market_case_one_open'),
        ),
        migrations.AddConstraint(
            model_name='marketcase',
            constraint=models.CheckConstraint(condition=models.Q(('score__lte', 100)), name='market_case_score'),
        ),
        migrations.AddConstraint(
            model_name='marketcase',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', False), ('state', 'closed'), models.Q(('outcome', ''), _negated=True)), models.Q(models.Q(('state', 'closed'), _negated=True), ('closed_at__isnull', True), ('outcome', '')), _connector='OR'), name='market_case_closed_with_outcome'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='marketcase',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='023ba1ace7a9464bced6eec8992cbaad168964bd', operation='DELETE', pgid='pgtrigger_never_deleted_9f9f0', table='codes_marketcase', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='marketcase',
            trigger=pgtrigger.compiler.Trigger(name='closed_for_good', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."state" = \'closed\')', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='fcb9720ad19a397a393146b01b2f12e1898e8153', operation='UPDATE', pgid='pgtrigger_closed_for_good_f1393', table='codes_marketcase', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='foreignreceipt',
            index=models.Index(fields=['shipment', 'area', 'received_at'], name='foreign_receipt_of_shipment'),
        ),
        migrations.AddConstraint(
            model_name='foreignreceipt',
            constraint=models.UniqueConstraint(fields=('movement', 'shipment'), name='foreign_receipt_once'),
        ),
        migrations.AddIndex(
            model_name='movementexception',
            index=models.Index(fields=['brand', '-id'], name='movement_exception_newest'),
        ),
        migrations.AddConstraint(
            model_name='movementexception',
            constraint=models.UniqueConstraint(fields=('movement', 'kind', 'holder_serial'), name='movement_exception_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='movementexception',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('counted__isnull', True), ('expected__isnull', True)), models.Q(('counted__isnull', False), ('expected__isnull', False)), _connector='OR'), name='movement_exception_both_numbers'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='movementexception',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='d599196cf36a55b68537a7ced90005f99948b70e', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_e08c7', table='codes_movementexception', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='exceptionline',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='400fae8b19289947a6e2be2f24b4d35687630fa1', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_8d099', table='codes_exceptionline', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='movementline',
            index=django.contrib.postgres.indexes.GistIndex(fields=['serials'], name='movement_line_serials'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='movementline',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='f7c9b067098243f7e2a54e14228b46e8080f7b49', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_56917', table='codes_movementline', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='movementsolution',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('corrected_by__isnull', False), ('outcome', 'corrected')), models.Q(models.Q(('outcome', 'corrected'), _negated=True), ('corrected_by__isnull', True)), _connector='OR'), name='movement_solution_names_correction'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='movementsolution',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='ef07574ffc38d8c4bf98fc980b547a6e095cd06a', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_5573a', table='codes_movementsolution', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='namedquery',
            constraint=models.UniqueConstraint(fields=('brand', 'name'), name='named_query_once'),
        ),
        migrations.AddIndex(
            model_name='packing',
            index=models.Index(fields=['parent_serial'], name='packing_parent'),
        ),
        migrations.AddIndex(
            model_name='packing',
            index=models.Index(condition=models.Q(('unpacked_at__isnull', False)), fields=['brand', 'unpacked_at', 'id'], name='packing_unpacked_in_time'),
        ),
        migrations.AddIndex(
            model_name='packing',
            index=django.contrib.postgres.indexes.GistIndex(condition=models.Q(('unpacked_at__isnull', False)), fields=['children'], name='packing_past_children'),
        ),
        migrations.AddConstraint(
            model_name='packing',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('unpacked_at__isnull', True)), expressions=[('children', '&&')], name='packing_one_parent'),
        ),
        migrations.AddConstraint(
            model_name='printerprofile',
            constraint=models.UniqueConstraint(fields=('brand', 'name'), name='printer_profile_name_once'),
        ),
        migrations.AddConstraint(
            model_name='printerprofile',
            constraint=models.CheckConstraint(condition=models.Q(('columns__contained_by', ['serial', 'role', 'code', 'url']), ('columns__overlap', ['code', 'url'])), name='printer_profile_columns', violation_error_message='Some of serial, role, code and url, each once, and code or url among them; without role where a row holds a unit.'),
        ),
        migrations.AddConstraint(
            model_name='printerprofile',
            constraint=models.CheckConstraint(condition=models.Q(('one_row_a_unit', False), models.Q(('columns__contains', ['role']), _negated=True), _connector='OR'), name='printer_profile_unit_row_without_role', violation_error_message='Some of serial, role, code and url, each once, and code or url among them; without role where a row holds a unit.'),
        ),
        migrations.AddConstraint(
            model_name='printerprofile',
            constraint=models.CheckConstraint(condition=models.Q(('delimiter__in', ['comma', 'semicolon', 'tab', 'bar']), ('line_ending__in', ['crlf', 'lf'])), name='printer_profile_known_signs'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='printerprofile',
            trigger=pgtrigger.compiler.Trigger(name='never_changed', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."brand_id" IS DISTINCT FROM (NEW."brand_id") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."columns" IS DISTINCT FROM (NEW."columns") OR OLD."delimiter" IS DISTINCT FROM (NEW."delimiter") OR OLD."line_ending" IS DISTINCT FROM (NEW."line_ending") OR OLD."has_header" IS DISTINCT FROM (NEW."has_header") OR OLD."one_row_a_unit" IS DISTINCT FROM (NEW."one_row_a_unit") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='1136acc6d6260ed743ff3e40a406b68290be7e64', operation='UPDATE', pgid='pgtrigger_never_changed_12297', table='codes_printerprofile', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='printerprofile',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='93eb2aadec13d1596d1fa466fa6b2514a723f456', operation='DELETE', pgid='pgtrigger_never_deleted_2e832', table='codes_printerprofile', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='printfile',
            index=models.Index(condition=models.Q(('state__in', ['waiting', 'writing'])), fields=['id'], name='print_file_unfinished'),
        ),
        migrations.AddIndex(
            model_name='printfile',
            index=models.Index(condition=models.Q(('removed_at__isnull', True), ('state', 'ready')), fields=['expires_at'], name='print_file_on_disk'),
        ),
        migrations.AddConstraint(
            model_name='printfile',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'ready'), _negated=True), models.Q(models.Q(('sha256', ''), _negated=True), models.Q(('path', ''), _negated=True)), _connector='OR'), name='print_file_ready_is_whole'),
        ),
        migrations.AddConstraint(
            model_name='printfile',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'ready'), _negated=True), ('expires_at__isnull', False), _connector='OR'), name='print_file_ready_expires'),
        ),
        migrations.AddConstraint(
            model_name='printfile',
            constraint=models.CheckConstraint(condition=models.Q(('kind', 'zip'), ('sealed_password', ''), _connector='XOR'), name='print_file_zip_has_password'),
        ),
        migrations.AddConstraint(
            model_name='printfile',
            constraint=models.CheckConstraint(condition=models.Q(('removed_at__isnull', True), models.Q(('expires_at__lte', models.F('removed_at')), ('state', 'ready')), _connector='OR'), name='print_file_removed_when_over'),
        ),
        migrations.AddConstraint(
            model_name='printfile',
            constraint=models.CheckConstraint(condition=models.Q(('labels', {}), ('kind__in', ['labels', 'zpl']), _connector='OR'), name='print_file_labels_look'),
        ),
        migrations.AddConstraint(
            model_name='printfile',
            constraint=models.CheckConstraint(condition=models.Q(('rows_done__lte', models.F('rows_total'))), name='print_file_rows_within_total'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='passwordreveal',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='03edb15905089c91630d64edc70646fe86ef9da8', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_5199e', table='codes_passwordreveal', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='download',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='06ec959a626ea1a107d0d0ea17b060c6ca718739', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_6784f', table='codes_download', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='product',
            constraint=models.CheckConstraint(condition=models.Q(('gtin__regex', '^\\d{14}$')), name='product_gtin_form'),
        ),
        migrations.AddConstraint(
            model_name='batch',
            constraint=models.UniqueConstraint(fields=('product', 'lot'), name='batch_lot_once'),
        ),
        migrations.AddConstraint(
            model_name='batch',
            constraint=models.CheckConstraint(condition=models.Q(('produced_on__isnull', True), ('expires_on__isnull', True), ('expires_on__gte', models.F('produced_on')), _connector='OR'), name='batch_expires_after_production'),
        ),
        migrations.AddConstraint(
            model_name='productlink',
            constraint=models.UniqueConstraint(fields=('product', 'batch', 'link_type', 'language', 'context'), name='product_link_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='productlink',
            constraint=models.UniqueConstraint(condition=models.Q(('is_default', True)), fields=('product', 'batch'), name='product_link_one_default', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='productlink',
            constraint=models.CheckConstraint(condition=models.Q(('href__regex', '^https?://[^/\\s]+')), name='product_link_address'),
        ),
        migrations.AddConstraint(
            model_name='roll',
            constraint=models.CheckConstraint(condition=models.Q(('cases__gte', 1), ('items_per_case__gte', 1)), name='roll_holds_something'),
        ),
        migrations.AddConstraint(
            model_name='roll',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('cases_per_pallet', None), ('first_pallet', None), ('pallet_order', None)), models.Q(('cases_per_pallet__gte', 1), ('first_pallet__isnull', False), ('pallet_order__isnull', False)), _connector='OR'), name='roll_pallets_whole_or_none'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='roll',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='4642372458e5c54cac655e00f8c991293467d6b0', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_844b3', table='codes_roll', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='rolluse',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='5c2ac13faeaa5de55bdecedcf1a28c3fffde615d', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_c82e1', table='codes_rolluse', when='BEFORE')),
        ),
        migrations.AddField(
            model_name='sighting',
            name='area',
            field=models.ForeignKey(db_index=False, help_text='The city, or a municipality.', on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.region'),
        ),
        migrations.AddField(
            model_name='sighting',
            name='brand',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.brand'),
        ),
        migrations.AddField(
            model_name='sighting',
            name='dealer',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.dealer'),
        ),
        migrations.AddField(
            model_name='sighting',
            name='shipment',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='codes.movement'),
        ),
        migrations.AddField(
            model_name='sighting',
            name='store',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.store'),
        ),
        migrations.AddIndex(
            model_name='scan',
            index=models.Index(condition=models.Q(('serial__isnull', False)), fields=['serial', 'role', 'scanned_at'], name='scan_mark_history'),
        ),
        migrations.AddIndex(
            model_name='scan',
            index=models.Index(condition=models.Q(('store__isnull', False)), fields=['consumer', '-scanned_at'], name='scan_b_code_of_consumer'),
        ),
        migrations.AddIndex(
            model_name='scan',
            index=models.Index(condition=models.Q(('store__isnull', False)), fields=['visitor', '-scanned_at'], name='scan_b_code_of_visitor'),
        ),
        migrations.AddIndex(
            model_name='scan',
            index=models.Index(condition=models.Q(('role', 2), ('verdict', 'genuine_first')), fields=['visitor', '-scanned_at'], name='scan_first_of_visitor'),
        ),
        migrations.AddIndex(
            model_name='scan',
            index=models.Index(models.Func(models.F('address'), template='network(set_masklen(%(expressions)s, CASE family(%(expressions)s) WHEN 4 THEN 24 ELSE 48 END))'), models.OrderBy(models.F('scanned_at'), descending=True), condition=models.Q(('role', 2), ('verdict', 'genuine_first')), name='scan_first_of_network'),
        ),
        migrations.AddIndex(
            model_name='scan',
            index=models.Index(condition=models.Q(('verdict', 'unknown')), fields=['visitor', '-scanned_at'], name='scan_guess_of_visitor'),
        ),
        migrations.AddIndex(
            model_name='scan',
            index=models.Index(condition=models.Q(('verdict', 'unknown')), fields=['consumer', '-scanned_at'], name='scan_guess_of_consumer'),
        ),
        migrations.AddIndex(
            model_name='scan',
            index=models.Index(condition=models.Q(('verdict', 'unknown')), fields=['address', '-scanned_at'], name='scan_guess_of_address'),
        ),
        migrations.AddIndex(
            model_name='scan',
            index=models.Index(condition=models.Q(('verdict', 'unknown')), fields=['-scanned_at'], name='scan_guess_in_time'),
        ),
        migrations.AddConstraint(
            model_name='scan',
            constraint=models.UniqueConstraint(fields=('visitor', 'nonce'), name='scan_once_per_nonce'),
        ),
        migrations.AddConstraint(
            model_name='scan',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('latitude__isnull', True), ('longitude__isnull', True)), models.Q(('latitude__range', (-90, 90)), ('longitude__range', (-180, 180))), _connector='OR'), name='scan_on_earth'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='scan',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='b2594924eaeb087454f48a374984b59a926176f8', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_ffaf2', table='codes_scan', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='opening',
            index=models.Index(fields=['brand', 'consumer', 'opened_at'], name='opening_of_consumer'),
        ),
        migrations.AddIndex(
            model_name='opening',
            index=models.Index(fields=['brand', 'opened_at', 'serial'], name='opening_brand_in_time'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='opening',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='7568ae701596f83488b639dba477dc45e8b56092', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_8a2fb', table='codes_opening', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='mark',
            constraint=models.CheckConstraint(condition=models.Q(('id', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('serial'), '*', models.Value(16)), '+', models.F('role')))), name='mark_id_names_it'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='mark',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='62f290f4597baee9db45c3d7e1a7a2522c9e00f3', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_579aa', table='codes_mark', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='caseevidence',
            constraint=models.UniqueConstraint(fields=('case', 'scan'), name='case_evidence_scan_once'),
        ),
        migrations.AddConstraint(
            model_name='caseevidence',
            constraint=models.UniqueConstraint(fields=('case', 'movement'), name='case_evidence_movement_once'),
        ),
        migrations.AddConstraint(
            model_name='caseevidence',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('movement__isnull', True), ('scan__isnull', False)), models.Q(('movement__isnull', False), ('scan__isnull', True)), _connector='OR'), name='case_evidence_of_one_thing'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='caseevidence',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='bd58af1cba091db66dcb86254d84e5efe2217b70', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_cbeda', table='codes_caseevidence', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='span',
            index=django.contrib.postgres.indexes.GistIndex(condition=models.Q(('revoked_at__isnull', True)), fields=['serials'], name='span_serials_live'),
        ),
        migrations.AddIndex(
            model_name='span',
            index=models.Index(fields=['call'], name='span_call'),
        ),
        migrations.AddIndex(
            model_name='span',
            index=models.Index(condition=models.Q(('batch__isnull', False)), fields=['batch'], name='span_batch_held'),
        ),
        migrations.AddConstraint(
            model_name='span',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('kind', 'active'), ('revoked_at__isnull', True)), expressions=[('serials', '&&')], name='span_activated_once'),
        ),
        migrations.AddConstraint(
            model_name='span',
            constraint=models.CheckConstraint(condition=models.Q(('effective_at', models.F('stated_at')), models.Q(('effective_at__gt', models.F('stated_at')), ('kind', 'active')), _connector='OR'), name='span_only_activations_wait'),
        ),
        migrations.AddConstraint(
            model_name='span',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'voided'), _negated=True), ('revoked_at__isnull', True), _connector='OR'), name='span_void_is_final'),
        ),
        migrations.AddConstraint(
            model_name='span',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('revoke_reason', ''), ('revoked_at__isnull', True), ('revoked_by', '')), models.Q(('revoked_at__isnull', False), models.Q(('revoke_reason', ''), _negated=True), models.Q(('revoked_by', ''), _negated=True)), _connector='OR'), name='span_revoked_with_reason'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='span',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='01f505232aa38802967948678c40ce7f3686dab4', operation='DELETE', pgid='pgtrigger_never_deleted_d5c4a', table='codes_span', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='span',
            trigger=pgtrigger.compiler.Trigger(name='only_revoked', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."brand_id" IS DISTINCT FROM (NEW."brand_id") OR OLD."order_id" IS DISTINCT FROM (NEW."order_id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."serials" IS DISTINCT FROM (NEW."serials") OR OLD."reason" IS DISTINCT FROM (NEW."reason") OR OLD."stated_by" IS DISTINCT FROM (NEW."stated_by") OR OLD."stated_at" IS DISTINCT FROM (NEW."stated_at") OR OLD."effective_at" IS DISTINCT FROM (NEW."effective_at") OR OLD."call" IS DISTINCT FROM (NEW."call") OR OLD."batch_id" IS DISTINCT FROM (NEW."batch_id"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='1da9d392ed5a1dcdbb07a21e228b5ef56d2ec170', operation='UPDATE', pgid='pgtrigger_only_revoked_2aa4c', table='codes_span', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='subscription',
            index=models.Index(fields=['next_at'], name='subscription_due'),
        ),
        migrations.AddConstraint(
            model_name='subscription',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('is_stream', True), ('schedule__isnull', True)), models.Q(('is_stream', False), ('schedule__isnull', False)), _connector='OR'), name='subscription_one_trigger'),
        ),
        migrations.AddConstraint(
            model_name='evidence',
            constraint=models.CheckConstraint(condition=models.Q(('weight__range', (0, 1))), name='evidence_weight_share'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='evidence',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='9ec4110cb753c07e03cae7f50d210c8ae6863312', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_de0a9', table='codes_evidence', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='binding',
            index=models.Index(fields=['store', 'day'], include=('consumer',), name='binding_store_day'),
        ),
        migrations.AddIndex(
            model_name='binding',
            index=models.Index(fields=['consumer'], name='binding_consumer'),
        ),
        migrations.AddConstraint(
            model_name='binding',
            constraint=models.CheckConstraint(condition=models.Q(('confidence__range', (0, 1))), name='binding_confidence_share'),
        ),
        migrations.AddIndex(
            model_name='epciseffect',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['event'], name='epcis_effect_waiting'),
        ),
        migrations.AddIndex(
            model_name='sighting',
            index=models.Index(condition=models.Q(('shipment__isnull', False)), fields=['shipment', 'seen_at'], name='sighting_of_shipment'),
        ),
        migrations.AddIndex(
            model_name='sighting',
            index=models.Index(fields=['brand', 'cause', 'area', 'seen_at'], name='sighting_cluster'),
        ),
        migrations.AddIndex(
            model_name='sighting',
            index=models.Index(condition=models.Q(('cause', 'not_shipped')), fields=['serial'], name='sighting_not_shipped'),
        ),
    ]
