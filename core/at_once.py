"""Migrations that make many tables at once."""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import Migration
from django.db.migrations.state import ProjectState


class AtOnce(Migration):
    """A migration whose operations all work on the models as they are after the last of them.

    Django renders a model, and all that are related to it, anew after each operation, which for a hundred new tables
    is ten times the work of making them. For operations only that don't change what another of them makes: new
    models, whole with their indexes and constraints, and triggers.
    """

    def apply(
        self, project_state: ProjectState, schema_editor: BaseDatabaseSchemaEditor, collect_sql: bool = False
    ) -> ProjectState:
        """Make the tables; answers the state after it. For `sqlmigrate` each operation goes by itself."""
        if collect_sql:
            return super().apply(project_state, schema_editor, collect_sql)
        before = project_state.clone()
        project_state.__dict__.pop("apps", None)  # rendered anew when it is asked for
        for operation in self.operations:
            operation.state_forwards(self.app_label, project_state)
        for operation in self.operations:
            operation.database_forwards(self.app_label, schema_editor, before, project_state)
        return project_state
