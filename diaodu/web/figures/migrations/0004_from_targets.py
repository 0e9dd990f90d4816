from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('figures', '0003_targets_in_full'),
    ]

    operations = [
        migrations.AlterField(
            model_name='entry',
            name='origin',
            field=models.CharField(choices=[('import', '导入'), ('return', '报送'), ('correction', '更正'), ('targets', '目标')], max_length=16),
        ),
    ]
