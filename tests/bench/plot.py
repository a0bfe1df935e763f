"""A plot of a few points as SVG, the horizontal axis logarithmic: sizes grow by factors. Zero is always shown, so that flat looks
flat."""

import math
from html import escape

WIDTH, HEIGHT, LEFT, BOTTOM, TOP, RIGHT = 480, 300, 64, 48, 40, 24


def write(path, title, size_title, points):
    """Points are (size, cost), sizes above zero."""
    path.write_text(picture(title, size_title, points))


def picture(title, size_title, points):
    top = nice(max(cost for _, cost in points) or 1)
    least, most = (math.log10(f(size for size, _ in points)) for f in (min, max))
    spread = (most - least) or 1

    def place(size, cost):
        x = LEFT + (math.log10(size) - least) / spread * (WIDTH - LEFT - RIGHT)
        return x, HEIGHT - BOTTOM - cost / top * (HEIGHT - BOTTOM - TOP)

    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">',
             f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
             text(LEFT, 22, title, "start", 'font-size="14" font-weight="bold"'),
             text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, size_title, "middle")]
    for part in range(5):
        y = place(points[0][0], top * part / 4)[1]
        parts.append(f'<line x1="{LEFT}" y1="{y:.1f}" x2="{WIDTH - RIGHT}" y2="{y:.1f}" stroke="#ddd"/>')
        parts.append(text(LEFT - 6, y + 4, f"{top * part / 4:g}", "end"))
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in (place(*point) for point in points))
    parts.append(f'<polyline points="{line}" fill="none" stroke="#1a5fb4" stroke-width="2"/>')
    for size, cost in points:
        x, y = place(size, cost)
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="#1a5fb4"/>')
        parts.append(text(x, HEIGHT - BOTTOM + 18, f"{size:,}", "middle"))
    return "\n".join([*parts, "</svg>", ""])


def text(x, y, words, anchor, more=""):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" {more}>{escape(words)}</text>'


def nice(value):
    """The next number above that begins with 1, 2 or 5."""
    power = 10 ** math.floor(math.log10(value))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= value)
