from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('intake', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='returncell',
            name='printed_decimals',
            field=models.SmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='returncell',
            name='unit',
            field=models.TextField(blank=True),
        ),
    ]
