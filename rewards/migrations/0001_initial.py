import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.lookups
import pgtrigger.compiler
import pgtrigger.migrations
import uuid_utils.compat
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('codes', '0001_initial'),
        ('consumers', '0001_initial'),
        ('stores', '0002_stores'),
    ]

    operations = [
        migrations.CreateModel(
            name='Campaign',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('brand', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='campaigns', to='stores.brand')),
                ('name', models.CharField(max_length=80)),
                ('name_en', models.CharField(blank=True, max_length=80)),
                ('terms', models.TextField(blank=True, help_text='Who may take part, how to claim, how and when prizes are paid. Organiser, period, prizes and odds stand above it by themselves.')),
                ('terms_en', models.TextField(blank=True, help_text='The same in English; without it the Chinese is shown.')),
                ('draw', models.CharField(choices=[('sealed', 'sealed: so many of each prize'), ('live', 'live: by weights, while the budget lasts')], default='sealed', help_text="Sealed: the table's quantities are the exact numbers of prizes. Live: they are weights.", max_length=6)),
                ('organiser', models.CharField(blank=True, max_length=120)),
                ('state', models.CharField(choices=[('draft', 'draft'), ('review', 'to be reviewed'), ('published', 'published'), ('running', 'running'), ('ended', 'ended'), ('settled', 'settled')], default='draft', max_length=9)),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('budget_fen', models.PositiveBigIntegerField(help_text='In fen; never overspent. Covers consumers and stores.')),
                ('owner_share_fen', models.PositiveIntegerField(default=0, help_text="What the store's owner gets for each opening bound to the store, in fen.")),
                ('units', models.PositiveBigIntegerField(default=0, help_text='Items taking part; fixed on publication.')),
                ('sealed_key', models.BinaryField(help_text='Secret of the draw until the campaign has ended.', max_length=32)),
                ('commitment', models.CharField(blank=True, help_text='SHA-256 of key and prize table, published.', max_length=64)),
                ('created_by', models.CharField(max_length=150)),
                ('created_at', models.DateTimeField()),
                ('submitted_by', models.CharField(blank=True, max_length=150)),
                ('submitted_at', models.DateTimeField(blank=True, null=True)),
                ('remark', models.CharField(blank=True, help_text='Why the review sent it back.', max_length=300)),
                ('published_by', models.CharField(blank=True, help_text='The second person, who reviewed it.', max_length=150)),
                ('published_at', models.DateTimeField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('settled_at', models.DateTimeField(blank=True, help_text='When the last promise had been paid or given up.', null=True)),
                ('orders', models.ManyToManyField(blank=True, help_text='Orders of items that take part.', related_name='campaigns', to='codes.codeorder')),
            ],
            options={
                'verbose_name': 'campaign',
                'verbose_name_plural': 'campaigns',
                'permissions': [('review_campaign', 'Can review and publish campaigns that another person submitted')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='campaign_ends_after_start'), models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'review', 'published', 'running', 'ended', 'settled'])), name='campaign_state_known'), models.CheckConstraint(condition=models.Q(('draw__in', ['sealed', 'live'])), name='campaign_draw_known'), models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'review']), models.Q(models.Q(('commitment', ''), _negated=True), ('units__gte', 1)), _connector='OR'), name='campaign_published_is_sealed'), models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'review']), models.Q(('terms', ''), ('organiser', ''), _connector='OR', _negated=True), _connector='OR'), name='campaign_published_has_terms'), models.CheckConstraint(condition=models.Q(('state', 'draft'), models.Q(('state', 'review'), models.Q(('submitted_by', ''), _negated=True)), models.Q(models.Q(('submitted_by', ''), _negated=True), models.Q(('published_by', ''), _negated=True), models.Q(('published_by', models.F('submitted_by')), _negated=True)), _connector='OR'), name='campaign_four_eyes'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', False), ('state__in', ['ended', 'settled'])), models.Q(models.Q(('state__in', ['ended', 'settled']), _negated=True), ('ended_at__isnull', True)), _connector='OR'), name='campaign_ended_when_over'), models.CheckConstraint(condition=models.Q(models.Q(('settled_at__isnull', False), ('state', 'settled')), models.Q(models.Q(('state', 'settled'), _negated=True), ('settled_at__isnull', True)), _connector='OR'), name='campaign_settled_when_settled')],
            },
        ),
        migrations.CreateModel(
            name='Prize',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='prizes', to='rewards.campaign')),
                ('name', models.CharField(max_length=60)),
                ('name_en', models.CharField(blank=True, max_length=60)),
                ('amount_fen', models.PositiveIntegerField(help_text='Cash for the consumer, in fen; 0 is a thank-you.')),
                ('most_fen', models.PositiveIntegerField(blank=True, help_text='Live draw alone: the amount lies between the other and this, in fen.', null=True)),
                ('quantity', models.PositiveBigIntegerField(help_text='Sealed draw: how many; live draw: the weight.')),
                ('rank', models.PositiveSmallIntegerField(help_text='Order of the rows; part of the sealed table.')),
            ],
            options={
                'verbose_name': 'prize',
                'verbose_name_plural': 'prizes',
                'ordering': ['campaign', 'rank'],
                'constraints': [models.UniqueConstraint(fields=('campaign', 'rank'), name='prize_rank_once'), models.CheckConstraint(condition=models.Q(('quantity__gte', 1)), name='prize_at_least_one'), models.CheckConstraint(condition=models.Q(('amount_fen__lte', 5000000)), name='prize_legal_ceiling'), models.CheckConstraint(condition=models.Q(('most_fen__isnull', True), models.Q(('amount_fen__gte', 1), ('most_fen__gt', models.F('amount_fen')), ('most_fen__lte', 5000000)), _connector='OR'), name='prize_range_whole')],
            },
        ),
        migrations.CreateModel(
            name='Claim',
            fields=[
                ('opening', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='claim', serialize=False, to='codes.opening')),
                ('brand', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.brand')),
                ('consumer', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='claims', to='consumers.consumer')),
                ('campaign', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='claims', to='rewards.campaign')),
                ('prize', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rewards.prize')),
                ('state', models.CharField(choices=[('promised', 'promised'), ('held', 'held for review'), ('refused', 'refused')], max_length=8)),
                ('reason', models.CharField(blank=True, help_text='Code of the refusal.', max_length=40)),
                ('claimed_at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'claim',
                'verbose_name_plural': 'claims',
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('campaign__isnull', False), ('prize__isnull', False), ('reason', ''), ('state__in', ['promised', 'held'])), models.Q(('prize__isnull', True), ('state', 'refused'), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='claim_outcome_whole')],
            },
        ),
        migrations.CreateModel(
            name='RiskJudgement',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('brand', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.brand')),
                ('claim', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='judgements', to='rewards.claim')),
                ('mode', models.CharField(choices=[('on', 'on: hold and refuse'), ('watch', 'watch: write findings down, hold and refuse nothing'), ('off', 'off')], max_length=5)),
                ('outcome', models.CharField(help_text='What the rules said; in watch mode nothing followed.', max_length=6)),
                ('score', models.PositiveSmallIntegerField()),
                ('findings', models.JSONField()),
                ('facts', models.JSONField()),
                ('thresholds', models.JSONField()),
                ('judged_at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'risk judgement',
                'verbose_name_plural': 'risk judgements',
                'indexes': [models.Index(fields=['brand', '-judged_at'], name='risk_judgement_newest')],
            },
        ),
        migrations.CreateModel(
            name='RiskReview',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('claim', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='review', to='rewards.claim')),
                ('brand', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.brand')),
                ('state', models.CharField(choices=[('open', 'to be decided'), ('released', 'let pass'), ('refused', 'refused')], default='open', max_length=8)),
                ('score', models.PositiveSmallIntegerField(help_text='0 to 100: 50 where one rule is just met.')),
                ('rules', models.JSONField(default=list, help_text='Names of the rules that hold, the gravest first.')),
                ('held_at', models.DateTimeField()),
                ('decides_by', models.DateTimeField(help_text='What the consumer was told.')),
                ('decided_at', models.DateTimeField(null=True)),
                ('decided_by', models.CharField(blank=True, max_length=150)),
                ('remark', models.CharField(blank=True, max_length=1000)),
            ],
            options={
                'verbose_name': 'held envelope',
                'verbose_name_plural': 'held envelopes',
                'permissions': [('decide_riskreview', 'Can release or refuse held envelopes')],
                'indexes': [models.Index(fields=['brand', 'state', '-score'], name='risk_review_work'), models.Index(condition=models.Q(('state', 'open')), fields=['decides_by'], name='risk_review_due')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('decided_by', ''), ('state', 'open')), models.Q(('decided_at__isnull', False), ('state__in', ['released', 'refused']), models.Q(('decided_by', ''), _negated=True)), _connector='OR'), name='risk_review_decided_by_somebody')],
            },
        ),
        migrations.CreateModel(
            name='RiskRule',
            fields=[
                ('brand', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='risk_rule', serialize=False, to='stores.brand')),
                ('mode', models.CharField(choices=[('on', 'on: hold and refuse'), ('watch', 'watch: write findings down, hold and refuse nothing'), ('off', 'off')], default='on', max_length=5)),
                ('thresholds', models.JSONField(blank=True, default=dict, help_text='Names and defaults: docs/risk.md.')),
                ('review_hours', models.PositiveSmallIntegerField(default=24, help_text='Within so many hours a held envelope is decided; the consumer is told the moment.')),
                ('after_time', models.CharField(choices=[('release', 'release it'), ('refuse', 'refuse it')], default='release', help_text='What happens to a held envelope that nobody has decided by then.', max_length=7)),
                ('changed_by', models.CharField(max_length=150)),
                ('changed_at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'risk rule',
                'verbose_name_plural': 'risk rules',
                'constraints': [models.CheckConstraint(condition=models.Q(('review_hours__range', (1, 168))), name='risk_rule_within_a_week')],
            },
        ),
        migrations.CreateModel(
            name='Account',
            fields=[
                ('id', models.BigIntegerField(help_text='Campaign × 8 + the number of the kind.', primary_key=True, serialize=False)),
                ('brand', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='accounts', to='stores.brand')),
                ('campaign', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='accounts', to='rewards.campaign')),
                ('kind', models.CharField(choices=[('source', 'paid in by the brand'), ('budget', 'free budget'), ('reserved', 'reserved for promises'), ('payable', 'on its way to payees'), ('paid', 'paid out'), ('returned', 'returned to the brand')], max_length=8)),
            ],
            options={
                'verbose_name': 'account',
                'verbose_name_plural': 'accounts',
                'constraints': [models.UniqueConstraint(fields=('campaign', 'kind'), name='account_once'), models.CheckConstraint(condition=models.Q(models.Q(('id', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('campaign'), '*', models.Value(8)), '+', models.Value(0))), ('kind', 'source')), models.Q(('id', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('campaign'), '*', models.Value(8)), '+', models.Value(1))), ('kind', 'budget')), models.Q(('id', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('campaign'), '*', models.Value(8)), '+', models.Value(2))), ('kind', 'reserved')), models.Q(('id', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('campaign'), '*', models.Value(8)), '+', models.Value(3))), ('kind', 'payable')), models.Q(('id', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('campaign'), '*', models.Value(8)), '+', models.Value(4))), ('kind', 'paid')), models.Q(('id', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('campaign'), '*', models.Value(8)), '+', models.Value(5))), ('kind', 'returned')), _connector='OR'), name='account_id_names_it')],
            },
        ),
        migrations.CreateModel(
            name='Grant',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('brand', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.brand')),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='grants', to='rewards.campaign')),
                ('claim', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='grants', to='rewards.claim')),
                ('payee', models.CharField(choices=[('consumer', 'consumer'), ('store_owner', 'store owner')], max_length=12)),
                ('consumer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='grants', to='consumers.consumer')),
                ('store_owner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='grants', to='stores.storeowner')),
                ('store', models.ForeignKey(db_index=False, help_text='The store bound by the opening; its figures count this amount.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='grants', to='stores.store')),
                ('day', models.DateField(help_text='Business day of the opening.')),
                ('amount_fen', models.PositiveIntegerField()),
                ('budget_slot', models.PositiveSmallIntegerField(help_text='Where the money came from, and goes back to.')),
                ('state', models.CharField(choices=[('promised', 'promised'), ('held', 'held for review'), ('paid', 'paid'), ('released', 'released')], default='promised', max_length=8)),
                ('reason', models.CharField(blank=True, help_text='Why it was released.', max_length=40)),
                ('promised_at', models.DateTimeField()),
                ('settled_at', models.DateTimeField(null=True)),
            ],
            options={
                'verbose_name': 'grant',
                'verbose_name_plural': 'grants',
                'indexes': [models.Index(fields=['store', 'day'], include=('amount_fen',), name='grant_store_day'), models.Index(condition=models.Q(('payee', 'store_owner'), ('state', 'promised')), fields=['store_owner'], name='grant_owner_waiting')],
                'constraints': [models.UniqueConstraint(fields=('claim', 'payee'), name='grant_once_per_payee'), models.CheckConstraint(condition=models.Q(('amount_fen__gte', 1)), name='grant_not_empty'), models.CheckConstraint(condition=models.Q(models.Q(('consumer__isnull', False), ('payee', 'consumer'), ('store_owner__isnull', True)), models.Q(('consumer__isnull', True), ('payee', 'store_owner'), ('store_owner__isnull', False)), _connector='OR'), name='grant_one_payee'), models.CheckConstraint(condition=models.Q(models.Q(('settled_at__isnull', True), ('state__in', ['promised', 'held'])), models.Q(models.Q(('state__in', ['promised', 'held']), _negated=True), ('settled_at__isnull', False)), _connector='OR'), name='grant_settled_when_final')],
            },
        ),
        migrations.CreateModel(
            name='Payout',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('brand', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.brand')),
                ('grant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payouts', to='rewards.grant')),
                ('provider', models.CharField(max_length=20)),
                ('bill_no', models.CharField(help_text='Derived from the id: its 32 hexadecimal digits.', max_length=32, unique=True)),
                ('payee_account', models.CharField(help_text='The account at the provider; one of a person is sealed (see Payee accounts).', max_length=255)),
                ('amount_fen', models.PositiveIntegerField()),
                ('state', models.CharField(choices=[('created', 'created'), ('sending', 'being sent'), ('accepted', 'accepted by the provider'), ('awaiting_confirmation', 'waiting for the payee to confirm'), ('unknown', 'unknown; the provider must be asked'), ('paid', 'paid'), ('failed', 'failed'), ('cancelled', 'cancelled')], default='created', max_length=21)),
                ('attempts', models.PositiveSmallIntegerField(default=0, help_text='Calls to the provider so far.')),
                ('next_at', models.DateTimeField(help_text='Not to be touched before this moment; a claim pushes it forward as a lease.')),
                ('sent_at', models.DateTimeField(help_text='When it was last taken to be handed over.', null=True)),
                ('package_info', models.CharField(blank=True, help_text="What the payee's app needs to confirm the bill, as the provider gave it.", max_length=512)),
                ('provider_ref', models.CharField(blank=True, max_length=64)),
                ('fault', models.CharField(blank=True, help_text='Code of the last fault, as the provider names it.', max_length=80)),
                ('created_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField(null=True)),
            ],
            options={
                'verbose_name': 'payout',
                'verbose_name_plural': 'payouts',
                'indexes': [models.Index(condition=models.Q(('state__in', ['paid', 'failed', 'cancelled']), _negated=True), fields=['next_at'], name='payout_due'), models.Index(condition=models.Q(('provider', 'sandbox'), _negated=True), fields=['payee_account'], name='payout_of_payee'), models.Index(condition=models.Q(('fault__startswith', 'told_')), fields=['fault'], name='payout_contradicted')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['failed', 'cancelled']), _negated=True), fields=('grant',), name='payout_one_alive_per_grant'), models.CheckConstraint(condition=models.Q(('amount_fen__gte', 1)), name='payout_not_empty'), models.CheckConstraint(condition=models.Q(models.Q(('finished_at__isnull', False), ('state__in', ['paid', 'failed', 'cancelled'])), models.Q(models.Q(('state__in', ['paid', 'failed', 'cancelled']), _negated=True), ('finished_at__isnull', True)), _connector='OR'), name='payout_finished_when_final'), models.CheckConstraint(condition=models.Q(('state__in', ['created', 'sending', 'accepted', 'awaiting_confirmation', 'unknown', 'paid', 'failed', 'cancelled'])), name='payout_state_known')],
            },
        ),
        migrations.CreateModel(
            name='Posting',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('brand', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.brand')),
                ('from_account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='postings_out', to='rewards.account')),
                ('to_account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='postings_in', to='rewards.account')),
                ('amount_fen', models.PositiveBigIntegerField()),
                ('reason', models.CharField(choices=[('fund', 'funding'), ('promise', 'promise'), ('send', 'payout created'), ('pay', 'paid'), ('fail', 'payout failed'), ('release', 'promise released'), ('refund', 'returned to the brand'), ('correct', 'correction of a mistake')], max_length=8)),
                ('grant', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='postings', to='rewards.grant')),
                ('payout', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rewards.payout')),
                ('reverses', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reversed_by', to='rewards.posting')),
                ('posted_by', models.CharField(max_length=150)),
                ('posted_at', models.DateTimeField()),
                ('day', models.DateField(editable=False, help_text='Business day in the books; the database gives it, and never one that is closed.')),
            ],
            options={
                'verbose_name': 'posting',
                'verbose_name_plural': 'postings',
                'indexes': [models.Index(fields=['brand', 'day', 'id'], name='posting_in_the_books')],
                'constraints': [models.CheckConstraint(condition=models.Q(('amount_fen__gte', 1)), name='posting_positive'), models.CheckConstraint(condition=models.Q(('from_account', models.F('to_account')), _negated=True), name='posting_moves'), models.CheckConstraint(condition=models.Q(models.Q(('reason', 'fund'), ('to_account', models.ExpressionWrapper(django.db.models.expressions.CombinedExpression(models.F('from_account'), '+', models.Value(1)), output_field=models.BigIntegerField())), django.db.models.lookups.Exact(models.ExpressionWrapper(django.db.models.expressions.CombinedExpression(models.F('from_account'), '%%', models.Value(8)), output_field=models.BigIntegerField()), 0)), models.Q(('reason', 'promise'), ('to_account', models.ExpressionWrapper(django.db.models.expressions.CombinedExpression(models.F('from_account'), '+', models.Value(1)), output_field=models.BigIntegerField())), django.db.models.lookups.Exact(models.ExpressionWrapper(django.db.models.expressions.CombinedExpression(models.F('from_account'), '%%', models.Value(8)), output_field=models.BigIntegerField()), 1)), models.Q(('reason', 'send'), ('to_account', models.ExpressionWrapper(django.db.models.expressions.CombinedExpression(models.F('from_account'), '+', models.Value(1)), output_field=models.BigIntegerField())), django.db.models.lookups.Exact(models.ExpressionWrapper(django.db.models.expressions.CombinedExpression(models.F('from_account'), '%%', models.Value(8)), output_field=models.BigIntegerField()), 2)), models.Q(('reason', 'pay'), ('to_account', models.ExpressionWrapper(django.db.models.expressions.CombinedExpression(models.F('from_account'), '+', models.Value(1)), output_field=models.BigIntegerField())), django.db.models.lookups.Exact(models.ExpressionWrapper(django.db.models.expressions.CombinedExpression(models.F('from_account'), '%%', models.Value(8)), output_field=models.BigIntegerField()), 3)), models.Q(('reason', 'fail'), ('to_account', models.ExpressionWrapper(django.db.models.expressions.CombinedExpression(models.F('from_account'), '+', models.Value(-1)), output_field=models.BigIntegerField())), django.db.models.lookups.Exact(models.ExpressionWrapper(django.db.models.expressions.CombinedExpression(models.F('from_account'), '%%', models.Value(8)), output_field=models.BigIntegerField()), 3)), models.Q(('reason', 'release'), ('to_account', models.ExpressionWrapper(django.db.models.expressions.CombinedExpression(models.F('from_account'), '+', models.Value(-1)), output_field=models.BigIntegerField())), django.db.models.lookups.Exact(models.ExpressionWrapper(django.db.models.expressions.CombinedExpression(models.F('from_account'), '%%', models.Value(8)), output_field=models.BigIntegerField()), 2)), models.Q(('reason', 'refund'), ('to_account', models.ExpressionWrapper(django.db.models.expressions.CombinedExpression(models.F('from_account'), '+', models.Value(4)), output_field=models.BigIntegerField())), django.db.models.lookups.Exact(models.ExpressionWrapper(django.db.models.expressions.CombinedExpression(models.F('from_account'), '%%', models.Value(8)), output_field=models.BigIntegerField()), 1)), models.Q(django.db.models.lookups.Exact(models.ExpressionWrapper(django.db.models.expressions.CombinedExpression(models.F('from_account'), '/', models.Value(8)), output_field=models.BigIntegerField()), models.ExpressionWrapper(django.db.models.expressions.CombinedExpression(models.F('to_account'), '/', models.Value(8)), output_field=models.BigIntegerField())), ('reason', 'correct')), _connector='OR'), name='posting_on_its_route'), models.CheckConstraint(condition=models.Q(models.Q(('reason__in', ('fail', 'release', 'correct')), ('reverses__isnull', False)), models.Q(models.Q(('reason__in', ('fail', 'release', 'correct')), _negated=True), ('reverses__isnull', True)), _connector='OR'), name='posting_reversal_names_it'), models.UniqueConstraint(condition=models.Q(('grant__isnull', False), ('reason__in', ['promise', 'pay', 'release'])), fields=('grant', 'reason'), name='posting_once_per_grant'), models.UniqueConstraint(condition=models.Q(('payout__isnull', False)), fields=('payout', 'reason'), name='posting_once_per_payout')],
            },
        ),
        migrations.CreateModel(
            name='Transfer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('brand', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.brand')),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='transfers', to='rewards.campaign')),
                ('direction', models.CharField(choices=[('pay_in', 'paying in'), ('refund', 'refund to the brand')], max_length=6)),
                ('amount_fen', models.PositiveBigIntegerField()),
                ('reference', models.CharField(blank=True, help_text="Of the bank's statement, or why.", max_length=80)),
                ('state', models.CharField(choices=[('asked', 'waits for a second person'), ('approved', 'approved and posted'), ('refused', 'refused'), ('withdrawn', 'withdrawn')], default='asked', max_length=9)),
                ('asked_by', models.CharField(max_length=150)),
                ('asked_at', models.DateTimeField()),
                ('decided_by', models.CharField(blank=True, max_length=150)),
                ('decided_at', models.DateTimeField(null=True)),
                ('remark', models.CharField(blank=True, help_text='Of who decided.', max_length=200)),
                ('posting', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='transfer', to='rewards.posting')),
            ],
            options={
                'verbose_name': 'transfer',
                'verbose_name_plural': 'transfers',
                'permissions': [('approve_transfer', 'Can approve transfers')],
                'constraints': [models.CheckConstraint(condition=models.Q(('amount_fen__gte', 1)), name='transfer_not_empty'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['approved', 'refused']), _negated=True), models.Q(('decided_by', models.F('asked_by')), _negated=True), _connector='OR'), name='transfer_four_eyes'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'withdrawn'), _negated=True), ('decided_by', models.F('asked_by')), _connector='OR'), name='transfer_withdrawn_by_who_asked'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('decided_by', ''), ('state', 'asked')), models.Q(models.Q(('state', 'asked'), _negated=True), models.Q(('decided_by', ''), _negated=True), ('decided_at__isnull', False)), _connector='OR'), name='transfer_decided_when_final'), models.CheckConstraint(condition=models.Q(models.Q(('posting__isnull', False), ('state', 'approved')), models.Q(models.Q(('state', 'approved'), _negated=True), ('posting__isnull', True)), _connector='OR'), name='transfer_posted_when_approved'), models.UniqueConstraint(condition=models.Q(('state', 'asked')), fields=('campaign',), name='transfer_one_waits')],
            },
        ),
        migrations.CreateModel(
            name='Reconciliation',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('provider', models.CharField(max_length=20)),
                ('day', models.DateField(help_text="In the provider's time zone.")),
                ('lines', models.PositiveIntegerField(help_text="Bills in the provider's list of that day.")),
                ('found', models.PositiveIntegerField(help_text='Differences of this run, known ones included.')),
                ('ran_by', models.CharField(max_length=150)),
                ('ran_at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'reconciliation',
                'verbose_name_plural': 'reconciliations',
                'indexes': [models.Index(fields=['provider', 'day'], name='reconciliation_of_day')],
            },
        ),
        migrations.CreateModel(
            name='BillDifference',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('brand', models.ForeignKey(help_text='None: no bill of ours.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.brand')),
                ('payout', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='differences', to='rewards.payout')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='first_found', to='rewards.reconciliation')),
                ('provider', models.CharField(max_length=20)),
                ('day', models.DateField()),
                ('kind', models.CharField(choices=[('not_ours', 'missing here'), ('missing_there', 'missing there'), ('amount', 'amount'), ('payee', 'payee'), ('date', 'date'), ('duplicate', 'listed twice'), ('paid_there_failed_here', 'state: paid there, given up here'), ('paid_here_failed_there', 'state: paid here, given up there'), ('still_open_here', 'state: finished there, open here')], max_length=30)),
                ('bill_no', models.CharField(max_length=64)),
                ('ours', models.CharField(blank=True, max_length=200)),
                ('theirs', models.CharField(blank=True, max_length=200)),
            ],
            options={
                'verbose_name': 'bill difference',
                'verbose_name_plural': 'bill differences',
                'constraints': [models.UniqueConstraint(fields=('provider', 'day', 'bill_no', 'kind'), name='bill_difference_once')],
            },
        ),
        migrations.CreateModel(
            name='BudgetSlot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='budget_slots', to='rewards.campaign')),
                ('slot', models.PositiveSmallIntegerField()),
                ('free_fen', models.BigIntegerField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('campaign', 'slot'), name='budget_slot_once'), models.CheckConstraint(condition=models.Q(('free_fen__gte', 0)), name='budget_slot_never_overspent')],
            },
        ),
        migrations.CreateModel(
            name='CampaignSpan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='spans', to='rewards.campaign')),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='campaign_spans', to='codes.codeorder')),
                ('serials', django.contrib.postgres.fields.ranges.BigIntegerRangeField()),
                ('first_position', models.BigIntegerField(help_text='Position of the first serial in the sealed draw.')),
            ],
            options={
                'indexes': [django.contrib.postgres.indexes.GistIndex(fields=['serials'], name='campaign_span_serials')],
                'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('campaign', '='), ('serials', '&&')], name='campaign_span_apart')],
            },
        ),
        migrations.CreateModel(
            name='Closing',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('brand', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.brand')),
                ('day', models.DateField()),
                ('balances', models.JSONField(help_text="Account → balance in fen at the day's end; accounts at 0 are left out.")),
                ('postings', models.PositiveBigIntegerField(help_text='How many the day has.')),
                ('turnover_fen', models.PositiveBigIntegerField(help_text="Sum of the day's postings.")),
                ('digest', models.CharField(help_text="SHA-256 of the day's postings, one line each.", max_length=64)),
                ('previous_hash', models.CharField(blank=True, help_text='Of the day before; empty at the first.', max_length=64)),
                ('hash', models.CharField(help_text='SHA-256 of all of this, and so of all days before.', max_length=64)),
                ('closed_by', models.CharField(max_length=150)),
                ('closed_at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'closed day',
                'verbose_name_plural': 'closed days',
                'constraints': [models.UniqueConstraint(fields=('brand', 'day'), name='closing_once'), models.CheckConstraint(condition=models.Q(('hash__regex', '^[0-9a-f]{64}$')), name='closing_has_a_hash')],
            },
        ),
        migrations.CreateModel(
            name='DifferenceRemark',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('difference', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='remarks', to='rewards.billdifference')),
                ('outcome', models.CharField(blank=True, choices=[('explained', 'explained: nothing to do'), ('settled_here', 'put right here by a posting'), ('settled_there', 'put right by the provider'), ('loss', 'accepted as a loss')], max_length=13)),
                ('text', models.CharField(max_length=500)),
                ('written_by', models.CharField(max_length=150)),
                ('written_at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'remark',
                'verbose_name_plural': 'remarks',
                'constraints': [models.UniqueConstraint(condition=models.Q(('outcome', ''), _negated=True), fields=('difference',), name='difference_one_outcome'), models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='difference_remark_says_something')],
            },
        ),
        migrations.CreateModel(
            name='PayeeAccount',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('brand', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.brand')),
                ('consumer', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='payee_accounts', to='consumers.consumer')),
                ('store_owner', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='payee_accounts', to='stores.storeowner')),
                ('provider', models.CharField(max_length=20)),
                ('app', models.CharField(blank=True, help_text='The app under which the account is known.', max_length=64)),
                ('account', models.CharField(help_text='Sealed.', max_length=255)),
                ('name', models.CharField(blank=True, help_text='The real name, sealed; large amounts need it.', max_length=255)),
                ('hint', models.CharField(help_text='What lists show of the account.', max_length=12)),
                ('verified_at', models.DateTimeField(help_text='When the person last proved it.')),
            ],
            options={
                'verbose_name': 'payee account',
                'verbose_name_plural': 'payee accounts',
                'indexes': [models.Index(fields=['provider', 'account'], name='payee_by_account')],
                'constraints': [models.UniqueConstraint(fields=('consumer', 'provider'), name='payee_consumer_once'), models.UniqueConstraint(fields=('store_owner', 'provider'), name='payee_owner_once'), models.CheckConstraint(condition=models.Q(models.Q(('consumer__isnull', False), ('store_owner__isnull', True)), models.Q(('consumer__isnull', True), ('store_owner__isnull', False)), _connector='OR'), name='payee_is_one_person')],
            },
        ),
        migrations.CreateModel(
            name='PayoutStep',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('payout', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='rewards.payout')),
                ('from_state', models.CharField(max_length=21)),
                ('to_state', models.CharField(max_length=21)),
                ('cause', models.CharField(max_length=80)),
                ('happened_at', models.DateTimeField()),
            ],
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reconciliation',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='b17b4acd094ebea07229c411588d4c190dbdd86d', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_508a0', table='rewards_reconciliation', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='campaign',
            trigger=pgtrigger.compiler.Trigger(name='allowed_moves', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{draft:review,ended:settled,published:ended,published:running,review:draft,review:published,review:running,running:ended}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='84d0b0bb0c1e9d35f454f08ff258751b291e4d2d', operation='UPDATE', pgid='pgtrigger_allowed_moves_ef0f8', table='rewards_campaign', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='campaign',
            trigger=pgtrigger.compiler.Trigger(name='keeps_its_word', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (OLD.state NOT IN ('draft', 'review'))", func='\n      IF OLD."brand_id" IS DISTINCT FROM NEW."brand_id" OR OLD."name" IS DISTINCT FROM NEW."name" OR OLD."name_en" IS DISTINCT FROM NEW."name_en" OR OLD."terms" IS DISTINCT FROM NEW."terms" OR OLD."terms_en" IS DISTINCT FROM NEW."terms_en" OR OLD."organiser" IS DISTINCT FROM NEW."organiser" OR OLD."draw" IS DISTINCT FROM NEW."draw" OR OLD."starts_at" IS DISTINCT FROM NEW."starts_at" OR OLD."units" IS DISTINCT FROM NEW."units" OR OLD."sealed_key" IS DISTINCT FROM NEW."sealed_key" OR OLD."commitment" IS DISTINCT FROM NEW."commitment" OR NEW."ends_at" < OLD."ends_at" OR NEW."budget_fen" < OLD."budget_fen" OR NEW."owner_share_fen" < OLD."owner_share_fen" THEN\n        RAISE EXCEPTION \'campaign % was published: nothing of it may get worse\', OLD.id\n          USING ERRCODE = \'check_violation\', CONSTRAINT = \'campaign_keeps_its_word\';\n      END IF;\n      IF NEW.state = \'ended\' AND OLD.state <> \'ended\' AND NEW.ended_at < OLD.ends_at AND OLD.units > (\n          SELECT count(*) FROM rewards_claim WHERE campaign_id = OLD.id AND state = \'promised\') THEN\n        RAISE EXCEPTION \'campaign % has prizes left and may not end before its time\', OLD.id\n          USING ERRCODE = \'check_violation\', CONSTRAINT = \'campaign_not_ended_early\';\n      END IF;\n      RETURN NEW;\n    ', hash='9701acba3295b066b70eb07320d8d48d4cfc7e10', operation='UPDATE', pgid='pgtrigger_keeps_its_word_37ce5', table='rewards_campaign', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='campaign',
            trigger=pgtrigger.compiler.Trigger(name='stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (OLD.state NOT IN ('draft', 'review'))", func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='262a53a9d90110ef1f1806318a5afc5b750dc8f7', operation='DELETE', pgid='pgtrigger_stays_d7623', table='rewards_campaign', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='campaignspan',
            trigger=pgtrigger.compiler.Trigger(name='sealed', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n      IF EXISTS (SELECT FROM rewards_campaign WHERE id = CASE TG_OP WHEN 'DELETE' THEN OLD.campaign_id\n            ELSE NEW.campaign_id END AND state NOT IN ('draft', 'review') FOR SHARE)\n        OR (TG_OP = 'UPDATE' AND EXISTS (\n            SELECT FROM rewards_campaign WHERE id = OLD.campaign_id AND state NOT IN ('draft', 'review'))) THEN\n        RAISE EXCEPTION 'a published campaign''s % is sealed', TG_TABLE_NAME\n          USING ERRCODE = 'check_violation', CONSTRAINT = 'campaign_sealed';\n      END IF;\n      IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n      RETURN NEW;\n    ", hash='4a8b6ab5bbfe295d85a3bd51367e1376cb13f7f1', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_sealed_07412', table='rewards_campaignspan', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='closing',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='eafd4c52fcaa06ef9fe56db3a6448aaf60f8ee5a', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_d3e0b', table='rewards_closing', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='closing',
            trigger=pgtrigger.compiler.Trigger(name='in_order', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE last_day DATE; last_hash TEXT;', func="\n    PERFORM pg_advisory_xact_lock(5183, NEW.brand_id::int);\n    SELECT c.day, c.hash INTO last_day, last_hash\n        FROM rewards_closing c WHERE c.brand_id = NEW.brand_id ORDER BY c.day DESC LIMIT 1;\n    IF last_day IS NOT NULL AND (NEW.day <> last_day + 1 OR NEW.previous_hash <> last_hash)\n        OR last_day IS NULL AND NEW.previous_hash <> '' THEN\n        RAISE EXCEPTION 'closing_in_order: the day does not follow the last closed one'\n            USING ERRCODE = 'check_violation', CONSTRAINT = 'closing_in_order';\n    END IF;\n    IF NEW.day >= (SELECT (NEW.closed_at AT TIME ZONE b.timezone)::date FROM stores_brand b WHERE b.id = NEW.brand_id)\n    THEN\n        RAISE EXCEPTION 'closing_of_a_past_day: the day is not over'\n            USING ERRCODE = 'check_violation', CONSTRAINT = 'closing_of_a_past_day';\n    END IF;\n    RETURN NEW;\n", hash='a50e83ee94aa8a8d9bdc27b18111bc7518935bce', operation='INSERT', pgid='pgtrigger_in_order_d73c6', table='rewards_closing', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='differenceremark',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='d2a6160fd6a8420e3ecd5a292d75e6d6afa0006a', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_f5a31', table='rewards_differenceremark', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='payout',
            trigger=pgtrigger.compiler.Trigger(name='allowed_moves', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{accepted:awaiting_confirmation,accepted:cancelled,accepted:failed,accepted:paid,awaiting_confirmation:accepted,awaiting_confirmation:cancelled,awaiting_confirmation:failed,awaiting_confirmation:paid,created:sending,sending:accepted,sending:awaiting_confirmation,sending:cancelled,sending:created,sending:failed,sending:paid,sending:unknown,unknown:accepted,unknown:awaiting_confirmation,unknown:cancelled,unknown:created,unknown:failed,unknown:paid}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='5f7d20a16900d7f59d4c0baceef56417ff5e0599', operation='UPDATE', pgid='pgtrigger_allowed_moves_1b740', table='rewards_payout', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='payoutstep',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='81369a92365ab3868aca93535885beea4f3ddb66', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_d5b42', table='rewards_payoutstep', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='posting',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='87f5b48b9e3506eb693588efb865838ce382234a', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_04451', table='rewards_posting', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='posting',
            trigger=pgtrigger.compiler.Trigger(name='dated_in_an_open_day', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE own DATE; closed DATE;', func="\n    PERFORM pg_advisory_xact_lock_shared(5183, NEW.brand_id::int);\n    SELECT (NEW.posted_at AT TIME ZONE b.timezone)::date,\n        (SELECT max(c.day) FROM rewards_closing c WHERE c.brand_id = b.id)\n        INTO own, closed FROM stores_brand b WHERE b.id = NEW.brand_id;\n    IF NEW.day IS NULL THEN\n        NEW.day = GREATEST(own, closed + 1);\n    ELSIF NEW.day <= closed THEN\n        RAISE EXCEPTION 'posting_in_an_open_day: % is closed', NEW.day\n            USING ERRCODE = 'check_violation', CONSTRAINT = 'posting_in_an_open_day';\n    END IF;\n    RETURN NEW;\n", hash='be5dafcbd2b960394d24e44afb879512a94b9b56', operation='INSERT', pgid='pgtrigger_dated_in_an_open_day_94c57', table='rewards_posting', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='prize',
            trigger=pgtrigger.compiler.Trigger(name='sealed', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n      IF EXISTS (SELECT FROM rewards_campaign WHERE id = CASE TG_OP WHEN 'DELETE' THEN OLD.campaign_id\n            ELSE NEW.campaign_id END AND state NOT IN ('draft', 'review') FOR SHARE)\n        OR (TG_OP = 'UPDATE' AND EXISTS (\n            SELECT FROM rewards_campaign WHERE id = OLD.campaign_id AND state NOT IN ('draft', 'review'))) THEN\n        RAISE EXCEPTION 'a published campaign''s % is sealed', TG_TABLE_NAME\n          USING ERRCODE = 'check_violation', CONSTRAINT = 'campaign_sealed';\n      END IF;\n      IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n      RETURN NEW;\n    ", hash='d90bace819b9e753fe1389c547cda5ad5942b257', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_sealed_faa7f', table='rewards_prize', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='billdifference',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='579b853dabff18d383a0930dbda23c127b0df7a1', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_9238d', table='rewards_billdifference', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='riskjudgement',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='ca9b4739ae8fe31d575b56b36314639bfed269f3', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_934b3', table='rewards_riskjudgement', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='riskreview',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='1ded8bcad025fdee8ef64f1161b572f7495fb7b9', operation='DELETE', pgid='pgtrigger_never_deleted_9790f', table='rewards_riskreview', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='riskreview',
            trigger=pgtrigger.compiler.Trigger(name='decided_for_good', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NOT (OLD."state" = \'open\'))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='5345a0ec57c9b6edc8b7ae467c3e3a710a02e64a', operation='UPDATE', pgid='pgtrigger_decided_for_good_a6842', table='rewards_riskreview', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='transfer',
            trigger=pgtrigger.compiler.Trigger(name='allowed_moves', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{asked:approved,asked:refused,asked:withdrawn}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='3a286ec8de95ac5b15cffbdd3b2dda0bfb22f501', operation='UPDATE', pgid='pgtrigger_allowed_moves_0d6c5', table='rewards_transfer', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='transfer',
            trigger=pgtrigger.compiler.Trigger(name='decided_for_good', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NOT (OLD."state" = \'asked\'))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='73491172e1ef05b33bf3f62588911ccbffece81a', operation='UPDATE', pgid='pgtrigger_decided_for_good_e9989', table='rewards_transfer', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='transfer',
            trigger=pgtrigger.compiler.Trigger(name='asked_as_written', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."brand_id" IS DISTINCT FROM (NEW."brand_id") OR OLD."campaign_id" IS DISTINCT FROM (NEW."campaign_id") OR OLD."direction" IS DISTINCT FROM (NEW."direction") OR OLD."amount_fen" IS DISTINCT FROM (NEW."amount_fen") OR OLD."reference" IS DISTINCT FROM (NEW."reference") OR OLD."asked_by" IS DISTINCT FROM (NEW."asked_by") OR OLD."asked_at" IS DISTINCT FROM (NEW."asked_at"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='048bb4bfa9b75abaaf672b79692916c1a004bd6d', operation='UPDATE', pgid='pgtrigger_asked_as_written_6f1fd', table='rewards_transfer', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='transfer',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='1197683d06bb1f6305c29691e44b3e1f88cff4fc', operation='DELETE', pgid='pgtrigger_never_deleted_c07a2', table='rewards_transfer', when='BEFORE')),
        ),
    ]
