"""What every picture is made of: shapes in points, one style, painted by matplotlib or written as SVG text."""
