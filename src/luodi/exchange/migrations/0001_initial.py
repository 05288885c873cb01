from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='ImportJob',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20)),
                ('file', models.CharField(max_length=200)),
                ('digest', models.CharField(max_length=64)),
                ('size', models.BigIntegerField()),
                ('mapped', models.BooleanField(default=False)),
                ('history', models.BooleanField(default=False)),
                ('partial', models.BooleanField(default=False)),
                ('person', models.CharField(db_index=True, max_length=40)),
                ('unit', models.CharField(blank=True, max_length=40)),
                ('state', models.CharField(default='to_check', max_length=10)),
                ('stage', models.CharField(blank=True, max_length=10)),
                ('count', models.BigIntegerField(default=0)),
                ('uploaded_at', models.BigIntegerField()),
                ('taken_at', models.BigIntegerField(null=True)),
                ('finished_at', models.BigIntegerField(null=True)),
                ('import_id', models.CharField(blank=True, max_length=40)),
                ('answer', models.JSONField(default=dict)),
                ('forgotten', models.BooleanField(default=False)),
            ],
            options={
                'indexes': [models.Index(fields=['state', 'id'], name='import_waiting')],
            },
        ),
    ]
