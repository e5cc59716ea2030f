from django.urls import path

from codes.api import exports, leaks, orders, rolls, statements

ORDER = "code-orders/<int:order_id>"
urlpatterns = [
    path("code-orders", orders.Orders.as_view(), name="code-orders"),
    path(ORDER, orders.OneOrder.as_view(), name="code-order"),
    path(f"{ORDER}/review", orders.Review.as_view(), name="code-order-review"),
    path(f"{ORDER}/release", orders.Release.as_view(), name="code-order-release"),
    path(f"{ORDER}/cancel", orders.Cancel.as_view(), name="code-order-cancel"),
    path(f"{ORDER}/statements", orders.Statements.as_view(), name="statements"),
    path(f"{ORDER}/activations", orders.Activations.as_view(), name="activations"),
    path(f"{ORDER}/voids", orders.Voids.as_view(), name="voids"),
    path(f"{ORDER}/freezes", orders.Freezes.as_view(), name="freezes"),
    path(f"{ORDER}/recalls", orders.Recalls.as_view(), name="recalls"),
    path(f"{ORDER}/rolls", rolls.Rolls.as_view(), name="rolls"),
    path("rolls/<int:roll_id>/uses", rolls.RollUses.as_view(), name="roll-uses"),
    path("printer-profiles", rolls.PrinterProfiles.as_view(), name="printer-profiles"),
    path("leaks", leaks.LeakReport.as_view(), name="leaks"),
    path("statements", statements.BrandStatements.as_view(), name="brand-statements"),
    path("statements/preview", statements.StatementsPreview.as_view(), name="statements-preview"),
    path("statements/<int:span_id>/revocations", statements.Revocations.as_view(), name="revocations"),
    path(f"{ORDER}/exports", exports.Exports.as_view(), name="exports"),
    path(f"{ORDER}/exports/<int:file_id>", exports.OneExport.as_view(), name="export"),
    path(f"{ORDER}/exports/<int:file_id>/retries", exports.Retries.as_view(), name="export-retries"),
    path(f"{ORDER}/exports/<int:file_id>/content", exports.Content.as_view(), name="export-content"),
    path(f"{ORDER}/marks/<int:serial>/<slug:role>.svg", exports.MarkDrawing.as_view(form="svg"), name="mark-svg"),
    path(f"{ORDER}/marks/<int:serial>/<slug:role>.png", exports.MarkDrawing.as_view(form="png"), name="mark-png"),
    path(f"{ORDER}/marks/<int:serial>/<slug:role>.eps", exports.MarkDrawing.as_view(form="eps"), name="mark-eps"),
]
