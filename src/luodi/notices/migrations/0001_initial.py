
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Bookmark',
            fields=[
                ('name', models.CharField(max_length=40, primary_key=True, serialize=False)),
                ('value', models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='Preference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person', models.CharField(max_length=40, unique=True)),
                ('way', models.CharField(max_length=10)),
                ('rhythm', models.CharField(max_length=10)),
                ('digest_hour', models.PositiveSmallIntegerField()),
                ('quiet_from', models.PositiveSmallIntegerField()),
                ('quiet_to', models.PositiveSmallIntegerField()),
                ('muted', models.JSONField(default=list)),
                ('wecom', models.CharField(blank=True, max_length=64)),
                ('mail', models.CharField(blank=True, max_length=120)),
                ('language', models.CharField(default='zh', max_length=8)),
            ],
        ),
        migrations.CreateModel(
            name='Reminder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(db_index=True, max_length=160)),
                ('by', models.CharField(max_length=40)),
                ('at', models.BigIntegerField()),
                ('people', models.PositiveIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person', models.CharField(max_length=40)),
                ('channel', models.CharField(max_length=10)),
                ('text', models.TextField()),
                ('made_at', models.BigIntegerField()),
                ('state', models.CharField(default='waiting', max_length=10)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('next_at', models.BigIntegerField()),
                ('sent_at', models.BigIntegerField(null=True)),
                ('error', models.CharField(blank=True, max_length=200)),
            ],
            options={
                'indexes': [models.Index(fields=['state', 'next_at'], name='message_waiting')],
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person', models.CharField(max_length=40)),
                ('key', models.CharField(db_index=True, max_length=160)),
                ('kind', models.CharField(max_length=20)),
                ('params', models.JSONField(default=dict)),
                ('due_on', models.DateField(null=True)),
                ('raised_at', models.BigIntegerField()),
                ('times', models.PositiveIntegerField(default=1)),
                ('read_at', models.BigIntegerField(null=True)),
                ('settled_at', models.BigIntegerField(null=True)),
                ('told_at', models.BigIntegerField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['person', 'read_at', 'settled_at'], name='notice_waiting'), models.Index(fields=['told_at', 'raised_at'], name='notice_untold')],
                'constraints': [models.UniqueConstraint(fields=('person', 'key'), name='one_notice_per_matter')],
            },
        ),
    ]
