from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("web", "0002_savedview")]

    operations = [migrations.AddField(model_name="account", name="toured", field=models.BooleanField(default=False))]
