"""The corpus: short plain-English documents about the small world.

Most teach two things a language model needs here: to copy names exactly, and to say again in
another form what a message said. The functional form of the demo's task never occurs.
"""
from messages import ACTS, message
from world import AREAS, FIRST, FOODS, GOODS, KEYS, KINDS, NOUNS, facts, invented, make_thing, name_of, person, some_facts

JOINS = [('; ', '.'), (', ', '.'), (' / ', ''), ('\n', ''), (' | ', ''), ('. ', '.'), (' and ', '.')]
PAIRS = ['{k}: {v}', '{k}: {v}', '{k} {be} {v}', '{k} - {v}', '{k} = {v}', 'the {k} {be} {v}', '{k} "{v}"', '{v} ({k})', '{v} as {k}']
HEADS = ['', '', '', 'Notes: ', 'In short: ', 'Note - ', '{act}: ', '{act} - ', 'This is a {act}: ', '{act} with ']
STAGE = ['[smiling]', '[nodding]', '[after a while]', '[laughing]', '[looking at the map]', '[quietly]']


def be(key):
    return 'are' if key in ('players', 'goods') else 'is'


def notes_style(rng):
    """A way to write notes, kept through one document: a function from (act, thing) to text."""
    head, pair = rng.choice(HEADS), rng.choice(PAIRS)
    join, end = rng.choice(JOINS)
    upper = rng.random() < 0.3

    def write(act, thing):
        items = [pair.format(k=k.capitalize() if upper else k, v=v, be=be(k)) for k, v in facts(thing)]
        return head.format(act=act) + join.join(items) + end

    return write


def random_message(rng):
    act = rng.choice(ACTS)
    whole = make_thing(rng, rng.choice(KINDS), praised=act == 'suggestion')
    thing = some_facts(rng, whole, named=act != 'request')
    return act, thing, message(rng, thing, act)


def notes(rng):
    """Messages, each followed by notes of its facts, all in one style."""
    write, lines = notes_style(rng), []
    for _ in range(rng.randint(1, 4)):
        act, thing, text = random_message(rng)
        lines.append(f'{text}\n{write(act, thing)}')
    return rng.choice(['\n', '\n\n']).join(lines)


def questions(rng):
    """A message, questions about single facts, and what kind of message it was."""
    act, thing, text = random_message(rng)
    asked = facts(thing)
    rng.shuffle(asked)
    lines = [text]
    for key, value in asked:
        lines.append(rng.choice(['Question: What {be} the {key}?', 'What {be} the {key}?', 'Tell me the {key}.']).format(be=be(key), key=key))
        lines.append(rng.choice(['Answer: The {} {} {}.', 'The {} {} {}.']).format(key, be(key), value))
    missing = [k for k in KEYS[thing['kind']] if k not in thing]
    if missing:
        absent = rng.choice(missing)
        lines += [f'What {be(absent)} the {absent}?', 'The message does not say.']
    lines.append(f'What kind of message is it? It is a {act} about a {thing["kind"]}.')
    return '\n'.join(lines)


def dialogue(rng):
    """Two people talk about one thing; its name is said several times."""
    a, b = rng.sample(FIRST, 2)
    thing = make_thing(rng, rng.choice(KINDS), praised=True)
    wish = some_facts(rng, thing, 1, 3, named=False)
    hint = some_facts(rng, thing, 2, 4)
    stage = f' {rng.choice(STAGE)}' if rng.random() < 0.4 else ''
    lines = [f'{a}: {message(rng, wish, "request")}', f'{b}{stage}: {message(rng, hint, "suggestion")}']
    lines.append(f'{a}: {rng.choice(["Thank you", "That sounds good", "I see"])}. So the name is {hint["name"]}?')
    lines.append(f'{b}: {rng.choice(["Yes", "That is right", "Exactly"])}, {hint["name"]}.')
    for key, value in facts(hint)[1:]:
        lines += [f'{a}: And the {key}?', f'{b}: The {key} {be(key)} {value}.']
    lines.append(f'{a}: Then I will tell {rng.choice(FIRST)} about {hint["name"]}.')
    return '\n'.join(lines)


def story(rng):
    """A short day in town."""
    who, friend = rng.sample(FIRST, 2)
    place, shop = make_thing(rng, 'restaurant', praised=True), make_thing(rng, 'shop')
    film = make_thing(rng, rng.choice(['film', 'game']))
    area = rng.choice(AREAS)
    told = some_facts(rng, place)
    shown = some_facts(rng, film)
    parts = [
        f'{who} and {friend} met near the {area}.',
        f'{who} wanted {rng.choice(FOODS)} food, but {friend} wanted to buy {rng.choice(GOODS)} first.',
        f'So they went to {shop["name"]}, a shop for {shop["goods"]} near the {shop["area"]}, and {friend} bought a small {rng.choice(NOUNS).lower()}.',
        f'"{message(rng, told, "suggestion")}" said {who}.',
        f'They ate at {place["name"]} and it was {place["rating"]}.',
        f'In the evening they talked about {film["name"]}. "{message(rng, shown, "statement")}" said {friend}.',
        f'{rng.choice(["At home", "Late at night", "The next day"])} {who} wrote a letter about {shop["name"]}, {place["name"]} and {film["name"]}.',
    ]
    keep = sorted(rng.sample(range(len(parts)), rng.randint(4, len(parts))))
    return ' '.join(parts[i] for i in keep)


def reading_aloud(rng):
    """Lists of names that are said twice, or backwards: plain practice in copying."""
    make = rng.choice([person, invented, lambda r: name_of(r, r.choice(KINDS))])
    names = [make(rng) for _ in range(rng.randint(2, 7))]
    who = rng.choice(FIRST)
    lines = [f'{who} has a list of names: {", ".join(names)}.', f'{who} reads it again: {", ".join(names)}.']
    if rng.random() < 0.5:
        lines.append(f'The other way round it is {", ".join(reversed(names))}.')
    lines.append(f'The first name is {names[0]} and the last name is {names[-1]}.')
    return ' '.join(lines)


KINDS_OF_DOCUMENT = [(notes, 52), (questions, 20), (dialogue, 10), (story, 8), (reading_aloud, 10)]


def document(rng):
    make = rng.choices([d for d, _ in KINDS_OF_DOCUMENT], [w for _, w in KINDS_OF_DOCUMENT])[0]
    return make(rng)
