import pytest
from django.db import connection, migrations, models
from django.db.migrations.state import ModelState, ProjectState

from core.at_once import AtOnce

pytestmark = pytest.mark.django_db


class TwoTables(AtOnce):
    operations = [
        migrations.CreateModel(name="Bottle", fields=[("id", models.BigAutoField(primary_key=True))]),
        migrations.CreateModel(
            name="Label",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
                ("bottle", models.ForeignKey(to="core.Bottle", on_delete=models.PROTECT)),
            ],
        ),
    ]


def test_all_operations_work_on_models_that_are_drawn_up_once(monkeypatch):
    drawn = []
    render = ModelState.render
    monkeypatch.setattr(ModelState, "render", lambda state, apps: drawn.append(state.name) or render(state, apps))
    state = ProjectState()
    assert state.apps.get_models() == []
    with connection.schema_editor(atomic=False) as editor:
        after = TwoTables("0001_initial", "core").apply(state, editor)
    assert sorted(drawn) == ["Bottle", "Label"]
    label = after.apps.get_model("core", "Label")
    assert label._meta.get_field("bottle").related_model is after.apps.get_model("core", "Bottle")
    assert {"core_bottle", "core_label"} <= set(connection.introspection.table_names())


def test_what_it_would_do_can_be_read_statement_by_statement():
    with connection.schema_editor(collect_sql=True, atomic=False) as editor:
        TwoTables("0001_initial", "core").apply(ProjectState(), editor, collect_sql=True)
    told = "\n".join(editor.collected_sql)
    assert told.index('CREATE TABLE "core_bottle"') < told.index('CREATE TABLE "core_label"')
    assert "-- Create model Label" in told
