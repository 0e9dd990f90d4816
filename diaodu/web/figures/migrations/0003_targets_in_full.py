from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('figures', '0002_figures_by_period'),
    ]

    operations = [
        migrations.AddField(
            model_name='targetrecord',
            name='period',
            field=models.CharField(blank=True, default='', max_length=32),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='targetrecord',
            name='against',
            field=models.CharField(blank=True, default='', max_length=130),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='targetrecord',
            name='text',
            field=models.TextField(blank=True, default=''),
            preserve_default=False,
        ),
    ]
