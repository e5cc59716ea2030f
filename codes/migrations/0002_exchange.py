import datetime

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('codes', '0001_initial'),
        ('stores', '0002_stores'),
    ]

    operations = [
        migrations.CreateModel(
            name='ExaminationFault',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('history', models.CharField(choices=[('scans', 'scan'), ('movements', 'movement')], max_length=9)),
                ('row', models.CharField(help_text='Key of the scan or movement.', max_length=36)),
                ('fault', models.CharField(help_text='What went wrong the last time.', max_length=200)),
                ('attempts', models.PositiveIntegerField(default=1)),
                ('failed_at', models.DateTimeField(help_text='For the first time.')),
                ('next_at', models.DateTimeField()),
                ('brand', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.brand')),
            ],
            options={
                'verbose_name': 'row that could not be examined',
                'verbose_name_plural': 'rows that could not be examined',
                'indexes': [models.Index(fields=['next_at'], name='examination_fault_due')],
                'constraints': [models.UniqueConstraint(fields=('history', 'row'), name='examination_fault_once')],
            },
        ),
        migrations.AddField(
            model_name='packing',
            name='recorded_at',
            field=models.DateTimeField(default=datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='packing',
            name='unpacking_recorded_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.RunSQL(
            'UPDATE codes_packing SET recorded_at = packed_at, unpacking_recorded_at = unpacked_at',
            migrations.RunSQL.noop,
        ),
        migrations.RemoveIndex(
            model_name='packing',
            name='packing_unpacked_in_time',
        ),
        migrations.AddIndex(
            model_name='packing',
            index=models.Index(condition=models.Q(('unpacking_recorded_at__isnull', False)), fields=['brand', 'unpacking_recorded_at', 'id'], name='packing_unpacking_in_time'),
        ),
        migrations.AddConstraint(
            model_name='packing',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('unpacked_at__isnull', True), ('unpacking_recorded_at__isnull', True)), models.Q(('unpacked_at__isnull', False), ('unpacking_recorded_at__isnull', False)), _connector='OR'), name='packing_unpacking_recorded'),
        ),
        migrations.AlterField(
            model_name='movement',
            name='flag',
            field=models.CharField(blank=True, choices=[('moved_after_destroyed', 'moved after it was destroyed'), ('received_elsewhere', 'received by another than the one that it was sent to'), ('returned_elsewhere', 'returned by one that never had it'), ('destroyed_elsewhere', 'destroyed by one that did not have it'), ('sampled_elsewhere', 'sampled at one that did not have it'), ('moved_after_sampled', 'moved after it was taken as a sample'), ('shipped_from_a_store', 'sent away from a store that has it'), ('shipped_twice', 'sent twice'), ('received_twice', 'received twice'), ('returned_twice', 'returned twice'), ('short', 'fewer than expected'), ('surplus', 'more than expected'), ('received_not_shipped', 'received but never sent'), ('returned_not_received', 'returned but never sent'), ('declared_an_error', 'declared to be an error by who reported it')], help_text='Code of the gravest contradiction with custody, to be looked into.', max_length=60),
        ),
        migrations.AlterField(
            model_name='movementexception',
            name='kind',
            field=models.CharField(choices=[('moved_after_destroyed', 'moved after it was destroyed'), ('received_elsewhere', 'received by another than the one that it was sent to'), ('returned_elsewhere', 'returned by one that never had it'), ('destroyed_elsewhere', 'destroyed by one that did not have it'), ('sampled_elsewhere', 'sampled at one that did not have it'), ('moved_after_sampled', 'moved after it was taken as a sample'), ('shipped_from_a_store', 'sent away from a store that has it'), ('shipped_twice', 'sent twice'), ('received_twice', 'received twice'), ('returned_twice', 'returned twice'), ('short', 'fewer than expected'), ('surplus', 'more than expected'), ('received_not_shipped', 'received but never sent'), ('returned_not_received', 'returned but never sent'), ('declared_an_error', 'declared to be an error by who reported it')], max_length=24),
        ),
    ]
