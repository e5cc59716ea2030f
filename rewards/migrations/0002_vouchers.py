import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('consumers', '0001_initial'),
        ('rewards', '0001_initial'),
        ('stores', '0002_stores'),
    ]

    operations = [
        migrations.CreateModel(
            name='Voucher',
            fields=[
                ('grant', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='voucher', serialize=False, to='rewards.grant')),
                ('code', models.CharField(help_text='V and 11 random Crockford characters.', max_length=12, unique=True)),
                ('state', models.CharField(choices=[('issued', 'can be redeemed'), ('redeemed', 'redeemed'), ('lapsed', 'lapsed'), ('cancelled', 'cancelled')], default='issued', max_length=9)),
                ('issued_at', models.DateTimeField()),
                ('valid_until', models.DateTimeField()),
                ('redeemed_at', models.DateTimeField(help_text='When the store handed it over.', null=True)),
                ('redeemed_by', models.CharField(blank=True, max_length=150)),
                ('closed_at', models.DateTimeField(help_text='When it lapsed or was cancelled.', null=True)),
                ('remark', models.CharField(blank=True, help_text='Why it was cancelled.', max_length=300)),
            ],
            options={
                'verbose_name': 'voucher',
                'verbose_name_plural': 'vouchers',
                'permissions': [('cancel_voucher', 'Can cancel vouchers')],
            },
        ),
        migrations.RemoveConstraint(
            model_name='grant',
            name='grant_one_payee',
        ),
        migrations.RemoveConstraint(
            model_name='grant',
            name='grant_settled_when_final',
        ),
        migrations.AddField(
            model_name='grant',
            name='locked_until',
            field=models.DateTimeField(help_text='Until when a voucher or a locked envelope is good.', null=True),
        ),
        migrations.AddField(
            model_name='grant',
            name='unlocked_by',
            field=models.ForeignKey(db_index=False, help_text='The opening that unlocked this second envelope.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='unlocked', to='rewards.claim'),
        ),
        migrations.AddField(
            model_name='prize',
            name='any_store',
            field=models.BooleanField(default=False, help_text='Vouchers: redeemed at every store of the brand, not at that of the purchase alone.'),
        ),
        migrations.AddField(
            model_name='prize',
            name='kind',
            field=models.CharField(choices=[('cash', 'cash'), ('thanks', 'thank-you'), ('bottle', 'one more bottle'), ('exchange', 'a bottle for a price'), ('store_voucher', 'store voucher'), ('locked', 'second envelope, locked')], default='cash', max_length=13),
        ),
        migrations.AddField(
            model_name='prize',
            name='pays_fen',
            field=models.PositiveIntegerField(default=0, help_text='A bottle for a price alone: what the consumer pays at the store, in fen.'),
        ),
        migrations.AddField(
            model_name='prize',
            name='valid_days',
            field=models.PositiveSmallIntegerField(default=0, help_text='Vouchers and locked envelopes: for how many days.'),
        ),
        migrations.AddField(
            model_name='prize',
            name='worth_fen',
            field=models.PositiveIntegerField(default=0, help_text='Store voucher alone: what the store takes off, in fen.'),
        ),
        migrations.AlterField(
            model_name='grant',
            name='payee',
            field=models.CharField(choices=[('consumer', 'consumer'), ('store_owner', 'store owner'), ('redeemer', 'owner of the redeeming store')], max_length=12),
        ),
        migrations.AlterField(
            model_name='grant',
            name='state',
            field=models.CharField(choices=[('promised', 'promised'), ('held', 'held for review'), ('locked', 'set aside'), ('paid', 'paid'), ('released', 'released')], default='promised', max_length=8),
        ),
        migrations.AlterField(
            model_name='prize',
            name='amount_fen',
            field=models.PositiveIntegerField(help_text="In fen: the consumer's cash; of a voucher, what the owner of the store gets that redeems it."),
        ),
        migrations.AddIndex(
            model_name='grant',
            index=models.Index(condition=models.Q(('state', 'locked')), fields=['locked_until'], name='grant_locked_due'),
        ),
        migrations.AddIndex(
            model_name='grant',
            index=models.Index(condition=models.Q(('payee', 'consumer'), ('state', 'locked')), fields=['consumer'], name='grant_second_envelope'),
        ),
        migrations.AddConstraint(
            model_name='grant',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('consumer__isnull', False), ('payee', 'consumer'), ('store_owner__isnull', True)), models.Q(('consumer__isnull', True), ('payee', 'store_owner'), ('store_owner__isnull', False)), models.Q(('consumer__isnull', True), ('payee', 'redeemer'), ('store_owner__isnull', False), ('state__in', ['promised', 'paid', 'released'])), models.Q(('consumer__isnull', True), ('payee', 'redeemer'), ('store_owner__isnull', True), ('state__in', ['held', 'locked', 'released'])), _connector='OR'), name='grant_one_payee'),
        ),
        migrations.AddConstraint(
            model_name='grant',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('settled_at__isnull', True), ('state__in', ('held', 'locked', 'promised'))), models.Q(models.Q(('state__in', ('held', 'locked', 'promised')), _negated=True), ('settled_at__isnull', False)), _connector='OR'), name='grant_settled_when_final'),
        ),
        migrations.AddConstraint(
            model_name='grant',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'locked'), _negated=True), ('locked_until__isnull', False), _connector='OR'), name='grant_locked_for_a_time'),
        ),
        migrations.AddConstraint(
            model_name='prize',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['cash', 'thanks', 'bottle', 'exchange', 'store_voucher', 'locked'])), name='prize_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='prize',
            constraint=models.CheckConstraint(condition=models.Q(('valid_days__lte', 730)), name='prize_valid_for_two_years'),
        ),
        migrations.AddField(
            model_name='voucher',
            name='brand',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.brand'),
        ),
        migrations.AddField(
            model_name='voucher',
            name='consumer',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='vouchers', to='consumers.consumer'),
        ),
        migrations.AddField(
            model_name='voucher',
            name='prize',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='vouchers', to='rewards.prize'),
        ),
        migrations.AddField(
            model_name='voucher',
            name='redeemed_store',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='redeemed_vouchers', to='stores.store'),
        ),
        migrations.AddField(
            model_name='voucher',
            name='store',
            field=models.ForeignKey(db_index=False, help_text='Where alone it can be redeemed; empty: at every store of the brand.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.store'),
        ),
        migrations.AddIndex(
            model_name='voucher',
            index=models.Index(fields=['consumer', 'grant'], name='voucher_of_consumer'),
        ),
        migrations.AddIndex(
            model_name='voucher',
            index=models.Index(condition=models.Q(('state', 'redeemed')), fields=['redeemed_store', 'redeemed_at'], name='voucher_redeemed_at_store'),
        ),
        migrations.AddIndex(
            model_name='voucher',
            index=models.Index(condition=models.Q(('state', 'redeemed')), fields=['brand', 'redeemed_at'], name='voucher_redeemed'),
        ),
        migrations.AddConstraint(
            model_name='voucher',
            constraint=models.CheckConstraint(condition=models.Q(('code__regex', '^V[0-9A-HJKMNP-TV-Z]{11}$')), name='voucher_code_form'),
        ),
        migrations.AddConstraint(
            model_name='voucher',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('redeemed_at__isnull', False), ('redeemed_store__isnull', False), ('state', 'redeemed'), models.Q(('redeemed_by', ''), _negated=True)), models.Q(('redeemed_at__isnull', True), ('redeemed_store__isnull', True), ('state__in', ['lapsed', 'cancelled']), ('closed_at__isnull', False), ('redeemed_by', '')), models.Q(('redeemed_at__isnull', True), ('redeemed_by', ''), ('redeemed_store__isnull', True), ('state', 'issued'), ('closed_at__isnull', True)), _connector='OR'), name='voucher_end_whole'),
        ),
        migrations.AddConstraint(
            model_name='voucher',
            constraint=models.CheckConstraint(condition=models.Q(('remark', ''), ('state', 'cancelled'), _negated=True), name='voucher_cancelled_for_reason'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='voucher',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='8f74c9071e0279bb958b5e7d4dc23412f5a648f3', operation='DELETE', pgid='pgtrigger_never_deleted_af3c1', table='rewards_voucher', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='voucher',
            trigger=pgtrigger.compiler.Trigger(name='allowed_moves', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{issued:cancelled,issued:lapsed,issued:redeemed}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='4bd9b35188d934085233678ab1be24acc2274888', operation='UPDATE', pgid='pgtrigger_allowed_moves_9b9f3', table='rewards_voucher', when='BEFORE')),
        ),
    ]
