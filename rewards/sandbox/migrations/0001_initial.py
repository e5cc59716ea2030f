from django.db import migrations, models

from core.at_once import AtOnce


class Migration(AtOnce):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Instruction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('account', models.CharField(blank=True, max_length=128, unique=True)),
                ('behaviour', models.CharField(choices=[('succeed', 'pay at once'), ('wait', 'accept and pay later'), ('confirm', 'wait until the payee confirms'), ('refuse', 'refuse for good: no such payee'), ('fail', 'accept, then fail for a reason of its own'), ('allowance', 'accept, then fail: the payee has had enough for the day'), ('time_out', 'neither answer nor pay'), ('arrive_late', 'lose the request for a while, then pay'), ('lose_answer', 'pay, but lose the answer')], default='succeed', max_length=12)),
                ('delay_ms', models.PositiveIntegerField(default=0, help_text='In milliseconds. Pay later: when, after acceptance. Confirm: when an unconfirmed bill is closed (0: never). Fail: when. Lost request: when it arrives.')),
            ],
            options={
                'verbose_name': 'instruction',
                'verbose_name_plural': 'instructions to the sandbox',
            },
        ),
        migrations.CreateModel(
            name='Bill',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('bill_no', models.CharField(max_length=32, unique=True)),
                ('account', models.CharField(max_length=128)),
                ('amount_fen', models.PositiveIntegerField()),
                ('state', models.CharField(choices=[('accepted', 'accepted'), ('waiting', 'waiting for the payee'), ('success', 'success'), ('fail', 'failed'), ('closed', 'closed without confirmation')], max_length=8)),
                ('fault', models.CharField(blank=True, max_length=40)),
                ('received_at', models.DateTimeField(help_text='In the future while the request is on its way.')),
                ('due_at', models.DateTimeField(help_text='When it turns to its next state by itself.', null=True)),
                ('finished_at', models.DateTimeField(null=True)),
            ],
            options={
                'verbose_name': 'bill',
                'verbose_name_plural': 'bills',
                'indexes': [models.Index(fields=['finished_at'], name='sandbox_bill_finished')],
                'constraints': [models.CheckConstraint(condition=models.Q(('amount_fen__gte', 1)), name='sandbox_bill_positive')],
            },
        ),
    ]
