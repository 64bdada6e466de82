import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from workflow.triggers import create_triggers


def create(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    create_triggers(schema_editor.connection, ["accounts_signin"])


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0005_texts'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='must_change_password',
            field=models.BooleanField(default=False, verbose_name='must change the password'),
        ),
        migrations.AddField(
            model_name='user',
            name='password_changed_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='password changed at'),
        ),
        migrations.CreateModel(
            name='Limit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=30)),
                ('key', models.CharField(max_length=64)),
                ('tries', models.PositiveIntegerField(default=0)),
                ('since', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['since'], name='limit_since')],
                'constraints': [models.UniqueConstraint(fields=('kind', 'key'), name='limit_once')],
            },
        ),
        migrations.CreateModel(
            name='OldPassword',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128)),
                ('until', models.DateTimeField()),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='old_passwords', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='SignIn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('entry', models.CharField(blank=True, choices=[('person', 'Individual'), ('unit', 'Unit'), ('officer', 'Officer')], max_length=10, verbose_name='entry')),
                ('way', models.CharField(choices=[('password', 'Password'), ('code', 'Code by text message'), ('identity_service', 'Identity service of the government'), ('demo', 'One click of the demo')], max_length=20, verbose_name='way')),
                ('outcome', models.CharField(choices=[('entered', 'Signed in'), ('wrong', 'Wrong name, password or code'), ('wrong_entry', 'Wrong entry'), ('wrong_second', 'Wrong second factor'), ('locked', 'Locked after too many failures'), ('inactive', 'Account closed')], max_length=20, verbose_name='outcome')),
                ('address', models.CharField(max_length=45, verbose_name='network address')),
                ('agent', models.CharField(blank=True, max_length=200, verbose_name='browser')),
                ('at', models.DateTimeField(verbose_name='time')),
                ('user', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sign_ins', to=settings.AUTH_USER_MODEL, verbose_name='user')),
            ],
            options={
                'verbose_name': 'sign-in',
                'verbose_name_plural': 'sign-in log',
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['user', '-id'], name='sign_in_of_user')],
            },
        ),
        migrations.RunPython(create, migrations.RunPython.noop),
    ]
