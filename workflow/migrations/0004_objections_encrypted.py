from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

import workflow.fields

CHUNK = 500


def encrypt(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Move the plain texts into the encrypted columns, and blank them: a dropped column leaves its values on disk."""
    objections = apps.get_model("workflow", "Objection").objects
    for objection in objections.only("name_plain", "content_plain").iterator(chunk_size=CHUNK):
        objections.filter(pk=objection.pk).update(
            name=objection.name_plain, content=objection.content_plain, name_plain="", content_plain=""
        )


class Migration(migrations.Migration):
    dependencies = [("workflow", "0003_one_file_of_an_act")]

    operations = [
        migrations.RenameField("objection", "name", "name_plain"),
        migrations.RenameField("objection", "content", "content_plain"),
        migrations.AddField(
            model_name="objection",
            name="name",
            field=workflow.fields.EncryptedTextField(default="", max_length=60, verbose_name="name of the objector"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="objection",
            name="content",
            field=workflow.fields.EncryptedTextField(default="", verbose_name="content"),
            preserve_default=False,
        ),
        migrations.RunPython(encrypt),
        migrations.RemoveField("objection", "name_plain"),
        migrations.RemoveField("objection", "content_plain"),
    ]
