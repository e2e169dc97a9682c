"""The demo's small world: a seaside town with restaurants, films, games and shops.

A thing is a dictionary of facts. Names are composed from lists or from syllables, so a model
must copy them from the text instead of knowing them.
"""
import zlib

ADJECTIVES = """Golden Silver Quiet Red Blue Green Hidden Lucky Little Broken Bright Crooked Wild Gentle Hungry Lazy
Proud Secret Sleepy Happy Frozen Velvet Copper Painted Wooden Singing Distant Curious Brave Salty Early Honest""".split()
NOUNS = """Anchor Lantern Fox Harp Kettle Bridge Garden Spoon River Tower Rose Owl Wheel Crown Moon Boat Dragon Apple
Mirror Feather Stone Candle Whale Bell Clock Pepper Forest Island Rabbit Window Letter Crane Button Ladder""".split()
FIRST = """Mara Otto Lena Pavel Rosa Idris Nora Hugo Yuki Samir Clara Boris Amina Felix Greta Tomas Vera Karim
Alma Jonas Freya Dario Edith Milan""".split()
SYLLABLES = """bal ven tor mi ra kel dri no sa lo wick mar du en fi gan hol ja ku lim os pra qui ru sto tal
um vi zar bren cas""".split()
PLACES = 'Larkhaven Norwick Eastmere Dunmore Saltby Ravenna Oakford Brimley'.split()

FOODS = 'Thai Italian French Indian Greek Mexican Korean Polish Spanish Turkish Lebanese Vietnamese'.split()
PRICES = ['cheap', 'moderate', 'expensive']
AREAS = ['old town', 'harbour', 'city centre', 'market square', 'riverside', 'north hill', 'station', 'university']
RATINGS = ['excellent', 'good', 'average', 'poor']
FILM_GENRES = 'comedy drama thriller western mystery musical romance fantasy documentary'.split()
GAME_GENRES = 'puzzle racing strategy adventure card farming space football'.split()
PLAYERS = ['one player', 'two players', 'three players', 'two teams', 'the whole family']
GOODS = 'books shoes flowers toys tea bread lamps hats tools records maps cheese'.split()

# Facts of each kind of thing, in the order in which notes (and the demo's answers) give them.
KEYS = {
    'restaurant': ['name', 'food', 'price', 'area', 'rating'],
    'film': ['name', 'genre', 'director', 'rating'],
    'game': ['name', 'genre', 'players', 'price'],
    'shop': ['name', 'goods', 'price', 'area'],
}
KINDS = list(KEYS)


def invented(rng):
    """A word that is in no list: two or three syllables."""
    return ''.join(rng.choice(SYLLABLES) for _ in range(rng.choice([2, 2, 3]))).capitalize()


def person(rng):
    return f'{rng.choice(FIRST)} {invented(rng)}'


def title(rng, kind):
    """A name for a thing of this kind."""
    pair = f'{rng.choice(ADJECTIVES)} {rng.choice(NOUNS)}'
    own = {
        'restaurant': [f"{rng.choice(FIRST)}'s Kitchen", f'Cafe {invented(rng)}', f'{invented(rng)} Grill'],
        'film': [f'{rng.choice(NOUNS)} of {rng.choice(PLACES)}', f'The Last {rng.choice(NOUNS)}', f'Return to {invented(rng)}'],
        'game': [f'{rng.choice(NOUNS)} Quest', f'Lords of {invented(rng)}', f'{invented(rng)} {rng.randint(2, 9)}'],
        'shop': [f'{invented(rng)} and {invented(rng)}', f"{invented(rng)}'s", f'House of {rng.choice(NOUNS)}s'],
    }[kind]
    return rng.choice([pair, pair, invented(rng), *own])


def is_reserved(name):
    """Names kept for the held-out rows: no thing of the corpus or of the training rows has one."""
    return zlib.crc32(name.encode()) % 8 == 0


def name_of(rng, kind, reserved=False):
    while True:
        name = title(rng, kind)
        if is_reserved(name) == reserved:
            return name


def make_thing(rng, kind, reserved=False, praised=False):
    """A thing with all facts of its kind, plus 'kind' itself; `praised` ones have a high rating."""
    thing = {'kind': kind, 'name': name_of(rng, kind, reserved)}
    values = {
        'food': FOODS, 'area': AREAS, 'rating': RATINGS[:2] if praised else RATINGS, 'players': PLAYERS, 'goods': GOODS,
        'genre': FILM_GENRES if kind == 'film' else GAME_GENRES,
    }
    for key in KEYS[kind][1:]:
        if key == 'director':
            thing[key] = person(rng)
        elif key == 'price':
            thing[key] = f'{rng.randint(3, 60)} coins' if kind == 'game' else rng.choice(PRICES)
        else:
            thing[key] = rng.choice(values[key])
    return thing


def some_facts(rng, thing, fewest=2, most=4, named=True):
    """A copy of the thing with only some of its facts; the name stays where `named`."""
    keys = [k for k in KEYS[thing['kind']] if k != 'name']
    count = rng.randint(fewest, most) - (1 if named else 0)
    kept = set(rng.sample(keys, max(1, min(count, len(keys)))))
    if rng.random() < 0.6:
        kept.add(MAIN[thing['kind']])
    order = [k for k in KEYS[thing['kind']] if k in kept or (k == 'name' and named)]
    return {'kind': thing['kind'], **{k: thing[k] for k in order}}


# The fact that says most about a thing of this kind.
MAIN = {'restaurant': 'food', 'film': 'genre', 'game': 'genre', 'shop': 'goods'}


def facts(thing):
    """(key, value) pairs in the order of KEYS, without 'kind'."""
    return [(k, thing[k]) for k in KEYS[thing['kind']] if k in thing]
