"""Pictures of 32 × 32 pixels with captions, for the small model that compares pictures with texts, and drawings on coloured paper.

A picture has one of the shapes of shapes.py in a named colour, on paper of another. A caption names some of what is to be seen, never
all of it, so that several pictures may fit.
"""
import math

import numpy as np

from shapes import OUTLINES, SIDE, THINGS, finished, mask, placed, thing

COLOURS = {
    'red': (0.85, 0.12, 0.12), 'orange': (0.96, 0.55, 0.1), 'yellow': (0.95, 0.9, 0.2), 'green': (0.15, 0.6, 0.2), 'blue': (0.15, 0.3, 0.85),
    'purple': (0.5, 0.15, 0.65), 'pink': (0.97, 0.6, 0.75), 'brown': (0.45, 0.27, 0.12), 'white': (0.96, 0.96, 0.96),
    'grey': (0.55, 0.55, 0.55), 'black': (0.06, 0.06, 0.06),
}
SHAPES = ['circle', 'triangle', 'square', 'bar', 'star', 'cross', 'heart', 'crescent']
WORDS = {'colour': list(COLOURS), 'shape': SHAPES, 'look': ['full', 'hollow'], 'size': ['small', 'big'], 'paper': list(COLOURS)}
STARTS = ['a photo of a', 'a picture of a', 'a drawing of a', 'a', 'one']
BODIES = [
    '{shape}', '{colour} {shape}', '{look} {shape}', '{size} {shape}', '{colour} {look} {shape}', '{size} {colour} {shape}', '{colour} shape',
    '{shape} on {paper}', '{colour} {shape} on {paper}', 'shape on {paper}', '{shape} on {paper} paper', 'shape on {paper} paper',
    '{either}', '{either} one',
]
# The task's classes: the colours of the paper.
PAPERS = ['blue', 'brown', 'green', 'grey', 'orange', 'pink', 'purple', 'red']


def shade(rng, name, spread=0.05):
    return np.clip(np.asarray(COLOURS[name]) + rng.normal(0, spread, 3), 0, 1)


def paper(rng, name, fade=0.0):
    """[SIDE, SIDE, 3] from 0 to 1: a colour, or one that gets a little lighter in a direction. `fade` is the share of grey in it."""
    ramp = np.zeros((SIDE, SIDE, 1))
    if rng.random() < 0.5:
        angle, (y, x) = rng.random() * 2 * math.pi, np.mgrid[-1:1:SIDE * 1j, -1:1:SIDE * 1j]
        ramp = 0.08 * (x * math.cos(angle) + y * math.sin(angle))[..., None]
    return np.clip(shade(rng, name) * (1 - fade) + rng.uniform(0.3, 0.9) * fade + ramp, 0, 1)


def seen(rng, ease=0.0):
    """A picture [SIDE, SIDE, 3] and what it shows, as a number of each kind of WORDS. `ease` is the share of upright shapes in the middle."""
    shown = {kind: rng.integers(len(words)) for kind, words in WORDS.items()}
    while shown['paper'] == shown['colour']:
        shown['paper'] = rng.integers(len(COLOURS))
    easy, size = rng.random() < ease, rng.uniform(6, 9) if shown['size'] == 0 else rng.uniform(11, 14)
    x, y = (SIDE - 1) / 2 + rng.uniform(-1, 1, 2) * (1 if easy else (SIDE - 1) / 2 - size + 2)
    angle = rng.normal(0, 0.05 if easy else 0.2)
    points = placed([(px * width, py) for width in [rng.uniform(0.75, 1.2)] for px, py in OUTLINES[WORDS['shape'][shown['shape']]]], size, angle, x, y)
    inside = mask(points, rng.uniform(1.8, 2.6) if shown['look'] == 1 else 0)
    name, under = (WORDS[kind][shown[kind]] for kind in ('colour', 'paper'))
    return finished(rng, paper(rng, under) * (1 - inside) + shade(rng, name) * inside), [shown[kind] for kind in WORDS]


def caption(rng, shown):
    """
    A sentence about a picture, and which numbers it names (−1 where it says nothing): one of each kind of WORDS, and one for a colour that may
    be that of the shape or of the paper.
    """
    body = BODIES[rng.integers(len(BODIES))]
    text = f'{STARTS[rng.integers(len(STARTS))]} {body}.'
    number = dict(zip(WORDS, shown))
    number['either'] = number[('colour', 'paper')[rng.integers(2)]]
    words = {kind: {**WORDS, 'either': WORDS['colour']}[kind][at] for kind, at in number.items()}
    return text.format(**words), [at if f'{{{kind}}}' in body else -1 for kind, at in number.items()]


def every_caption():
    """All words that captions have, in sentences."""
    for start in STARTS:
        for body in BODIES:
            for i in range(max(map(len, WORDS.values()))):
                yield f'{start} {body}.'.format(either=list(COLOURS)[i], **{kind: words[i % len(words)] for kind, words in WORDS.items()})


def drawing(rng, colour):
    """A drawing of some thing on faded paper of a colour of PAPERS."""
    return thing(rng, list(THINGS)[rng.integers(len(THINGS))], paper(rng, colour, rng.uniform(0.2, 0.6)))
