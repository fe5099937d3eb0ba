"""QR: words as a square that a phone's camera reads."""


def qr_svg(content: str, label: str) -> str:
    """A QR code as a drawing, dark on light whatever the theme, for cameras want it so."""
    import segno
    from markupsafe import escape

    made = segno.make(content, error="m", micro=False)
    size = made.symbol_size(border=4)[0]
    path = "".join(
        f"M{x},{y}h1v1h-1z" for y, row in enumerate(made.matrix_iter(border=4)) for x, dark in enumerate(row) if dark
    )
    return (
        f'<svg class="qr" viewBox="0 0 {size} {size}" width="232" height="232" role="img" aria-label="{escape(label)}"'
        f' shape-rendering="crispEdges"><rect width="{size}" height="{size}" fill="#fff"/>'
        f'<path d="{path}" fill="#000"/></svg>'
    )
