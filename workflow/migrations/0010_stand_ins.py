import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('workflow', '0009_words'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='duty',
            name='reason',
            field=models.CharField(blank=True, max_length=100, verbose_name='reason of the absence'),
        ),
        migrations.AddField(
            model_name='duty',
            name='stands_in_for',
            field=models.ForeignKey(blank=True, help_text='Somebody absent who has this duty; such a duty needs a last day and a reason.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='stands in for'),
        ),
        migrations.AddConstraint(
            model_name='duty',
            constraint=models.CheckConstraint(condition=models.Q(('stands_in_for', None), models.Q(('ends_on__isnull', False), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='stand_in_has_end_and_reason'),
        ),
        migrations.AddConstraint(
            model_name='duty',
            constraint=models.CheckConstraint(condition=models.Q(('stands_in_for', None), models.Q(('stands_in_for', models.F('user')), _negated=True), _connector='OR'), name='stand_in_is_somebody_else'),
        ),
    ]
