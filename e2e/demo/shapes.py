"""Pictures of 32 × 32 pixels: coloured shapes for the small picture model, and drawings of things for the demo's own task.

A shape is filled or an outline, of any colour, size, angle and place, on a plain or a shaded ground, with noise. A drawing is made of
a few shapes; its classes are not among those of the shapes.
"""
import math

import numpy as np
from PIL import Image, ImageDraw

SIDE = 32
SCALE = 4


def ring(count, radius, start=0.0):
    """Points on a circle."""
    return [(radius * math.sin(start + 2 * math.pi * i / count), -radius * math.cos(start + 2 * math.pi * i / count)) for i in range(count)]


def star(points, inner):
    outer, inside = ring(points, 1), ring(points, inner, math.pi / points)
    return [point for pair in zip(outer, inside) for point in pair]


def box(width, height):
    return [(-width, -height), (width, -height), (width, height), (-width, height)]


def heart():
    turns = [2 * math.pi * i / 40 for i in range(40)]
    return [(math.sin(t) ** 3, -(13 * math.cos(t) - 5 * math.cos(2 * t) - 2 * math.cos(3 * t) - math.cos(4 * t)) / 16) for t in turns]


def crescent():
    outer = [(math.cos(t), math.sin(t)) for t in np.linspace(0.25 * math.pi, 1.75 * math.pi, 30)]
    inner = [(0.35 + 0.75 * math.cos(t), 0.75 * math.sin(t)) for t in np.linspace(1.68 * math.pi, 0.32 * math.pi, 30)]
    return outer + inner


# Outlines within −1 … 1, with y downwards.
OUTLINES = {
    'circle': ring(40, 1), 'oval': [(x, 0.5 * y) for x, y in ring(40, 1)], 'triangle': ring(3, 1), 'square': box(0.8, 0.8),
    'bar': box(1, 0.25), 'board': box(0.9, 0.5), 'pentagon': ring(5, 1), 'hexagon': ring(6, 1), 'star': star(5, 0.42), 'spark': star(4, 0.3),
    'cross': [(-0.3, -1), (0.3, -1), (0.3, -0.3), (1, -0.3), (1, 0.3), (0.3, 0.3), (0.3, 1), (-0.3, 1), (-0.3, 0.3), (-1, 0.3), (-1, -0.3), (-0.3, -0.3)],
    'heart': heart(), 'crescent': crescent(),
    'arrow': [(-1, -0.25), (0.1, -0.25), (0.1, -0.75), (1, 0), (0.1, 0.75), (0.1, 0.25), (-1, 0.25)],
    'tee': [(-1, -1), (1, -1), (1, -0.35), (0.35, -0.35), (0.35, 1), (-0.35, 1), (-0.35, -0.35), (-1, -0.35)],
    'ell': [(-0.8, -1), (-0.2, -1), (-0.2, 0.4), (0.9, 0.4), (0.9, 1), (-0.8, 1)],
    'cup': [(-0.9, -1), (-0.35, -1), (-0.35, 0.4), (0.35, 0.4), (0.35, -1), (0.9, -1), (0.9, 1), (-0.9, 1)],
    'wedge': [(-1, 0.6), (1, -0.6), (1, 0.6)], 'diamond': [(0, -1), (0.6, 0), (0, 1), (-0.6, 0)],
    'trapezium': [(-0.5, -0.6), (0.5, -0.6), (1, 0.6), (-1, 0.6)],
}
CLASSES = [f'{look} {name}' for name in OUTLINES for look in ('full', 'hollow')]

# A thing is a list of (outline, x, y, width, height); later ones lie over earlier ones.
THINGS = {
    'house': [('square', 0, 0.35, 0.8, 0.75), ('triangle', 0, -0.45, 1, 0.75), ('board', 0, 0.6, 0.2, 0.7)],
    'tree': [('bar', 0, 0.7, 0.15, 1.4), ('circle', 0, -0.3, 0.65, 0.65)],
    'boat': [('trapezium', 0, 0.6, 0.95, -0.5), ('wedge', 0.1, -0.25, 0.6, 1)],
    'fish': [('oval', 0.15, 0, 0.75, 0.95), ('triangle', -0.7, 0, 0.35, 0.4), ('circle', 0.55, -0.08, 0.08, 0.08)],
    'mug': [('circle', 0.6, 0.1, 0.42, 0.42), ('square', -0.15, 0.1, 0.75, 0.9)],
    'flag': [('bar', -0.6, 0, 0.08, 4), ('board', 0.1, -0.5, 0.75, 0.7)],
}


def ground(rng):
    """[SIDE, SIDE, 3] from 0 to 1: a colour, or one that changes in a direction."""
    colour = rng.random(3) if rng.random() < 0.7 else np.full(3, rng.random())
    ramp = np.zeros((SIDE, SIDE, 1))
    if rng.random() < 0.5:
        angle, (y, x) = rng.random() * 2 * math.pi, np.mgrid[-1:1:SIDE * 1j, -1:1:SIDE * 1j]
        ramp = 0.25 * (x * math.cos(angle) + y * math.sin(angle))[..., None]
    return np.clip(colour + ramp, 0, 1)


def paint(rng, base):
    """A colour that differs from the ground."""
    while True:
        colour = rng.random(3) if rng.random() < 0.7 else np.full(3, rng.random())
        if np.abs(colour - base.mean((0, 1))).max() > 0.3:
            return colour


def mask(points, hollow=0):
    """[SIDE, SIDE, 1] from 0 to 1: the share of each pixel inside the outline, or within its line."""
    image = Image.new('L', (SIDE * SCALE, SIDE * SCALE))
    draw = ImageDraw.Draw(image)
    scaled = [((x + 0.5) * SCALE, (y + 0.5) * SCALE) for x, y in points]
    if hollow:
        draw.line([*scaled, scaled[0], scaled[1]], fill=255, width=round(hollow * SCALE), joint='curve')
    else:
        draw.polygon(scaled, fill=255)
    return np.asarray(image, dtype=np.float32).reshape(SIDE, SCALE, SIDE, SCALE).mean((1, 3))[..., None] / 255


def placed(points, size, angle, x, y):
    cos, sin = math.cos(angle), math.sin(angle)
    return [(x + size * (cos * px - sin * py), y + size * (sin * px + cos * py)) for px, py in points]


def finished(rng, picture):
    noise = rng.normal(0, rng.random() * 0.06, picture.shape)
    return (np.clip(picture + noise, 0, 1) * 255).round().astype(np.uint8)


def shape(rng, label, ease=0.0):
    """
    A picture [SIDE, SIDE, 3] of a class of CLASSES. `ease` from 0 to 1 is the share of pictures that are light on dark, upright and in the
    middle.
    """
    look, name = CLASSES[label].split()
    base, size, easy = ground(rng), rng.uniform(7, 14), rng.random() < ease
    x, y = rng.uniform(size, SIDE - 1 - size, 2) + rng.uniform(-2, 2, 2)
    angle = rng.normal(0, 0.3) if rng.random() < 0.7 else rng.random() * 2 * math.pi
    if easy:
        base, size, x, y, angle = base * 0.3, rng.uniform(11, 14), *((SIDE - 1) / 2 + rng.uniform(-1, 1, 2)), rng.normal(0, 0.1)
    points = placed([(px * rng_width, py) for rng_width in [rng.uniform(0.7, 1.2)] for px, py in OUTLINES[name]], size, angle, x, y)
    inside = mask(points, rng.uniform(1.5, 2.5) if look == 'hollow' else 0)
    colour = rng.uniform(0.7, 1, 3) if easy else paint(rng, base)
    if rng.random() < 0.3:
        colour = np.clip(colour + rng.normal(0, 0.12, (SIDE, SIDE, 1)), 0, 1)
    return finished(rng, base * (1 - inside) + colour * inside)


def thing(rng, name, base=None):
    """A drawing [SIDE, SIDE, 3] of a class of THINGS, on the ground `base` if there is one."""
    picture, size = ground(rng) if base is None else base, rng.uniform(9, 13)
    x, y = (SIDE - 1) / 2 + rng.uniform(-3, 3, 2)
    angle, flipped = rng.normal(0, 0.12), rng.choice([-1, 1])
    for outline, dx, dy, width, height in THINGS[name]:
        points = [(flipped * (dx + px * width), dy + py * height) for px, py in OUTLINES[outline]]
        inside = mask(placed(points, size, angle, x, y))
        picture = picture * (1 - inside) + paint(rng, picture) * inside
    return finished(rng, picture)
