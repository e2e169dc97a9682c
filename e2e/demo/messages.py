"""Plain English messages about a thing: statements, suggestions and requests in many patterns."""

PRE = {  # key -> words before the noun
    'food': lambda v: v, 'rating': lambda v: v, 'genre': lambda v: v,
    'price': lambda v: {'moderate': 'moderately priced'}.get(v, v),
}
POST = {  # key -> phrases after the noun
    'area': ['in the {} area', 'near the {}', 'by the {}'],
    'director': ['by {}', 'directed by {}', 'from director {}'],
    'players': ['for {}', 'made for {}'],
    'goods': ['for {}', 'that sells {}', 'selling {}'],
    'price': ['with {} prices', 'at {} prices'],
    'coins': ['for {}', 'that costs {}', 'priced at {}'],
    'food': ['with {} food', 'that serves {} food', 'serving {} dishes'],
    'rating': ['with a rating of {}', 'that people rate as {}', 'rated {}'],
}
FOLLOW = {  # key -> whole sentences after the first one
    'area': ['It is near the {}.', 'You find it by the {}.', 'The area is the {}.'],
    'director': ['{} directed it.', 'The director is {}.', 'It was made by {}.'],
    'players': ['It is for {}.', 'It is made for {}.'],
    'goods': ['It sells {}.', 'You can buy {} there.'],
    'price': ['The prices are {}.', 'It is {}.', 'Prices there are {}.'],
    'coins': ['It costs {}.', 'You pay {} for it.', 'The price is {}.'],
    'food': ['The food is {}.', 'It serves {} food.', 'They cook {} dishes.'],
    'rating': ['Its rating is {}.', 'People say it is {}.', 'Most visitors call it {}.'],
    'genre': ['The genre is {}.', 'Its genre is {}.'],
}
WANT = {  # key -> whole sentences after a request
    'area': ['It should be near the {}.', 'I will be by the {}.'],
    'director': ['It should be by {}.', 'I like films by {}.'],
    'players': ['It must be for {}.', 'It should work for {}.'],
    'goods': ['I need {}.', 'I want to buy {}.'],
    'price': ['The prices should be {}.', 'It should be {}.'],
    'coins': ['I can pay {}.', 'It should cost {}.'],
    'food': ['I like {} food.', 'The food should be {}.'],
    'rating': ['The rating should be {}.', 'It should be rated {}.'],
    'genre': ['The genre should be {}.', 'I like the genre {}.'],
}
NOUN = {
    'restaurant': ['restaurant', 'restaurant', 'place to eat', 'eating house'],
    'film': ['film', 'film', 'movie'], 'game': ['game'], 'shop': ['shop', 'shop', 'store'],
}
FRAMES = {
    'statement': [
        '{name} is {np}.', '{name} is {np}.', 'There is {np} called {name}.', 'There is {np} named {name}.',
        '{name}, {np}, is well known here.', 'Have you heard of {name}? It is {np}.', 'My sister told me about {name}, {np}.',
        'People talk about {name}. It is {np}.', 'Yesterday I saw {name}. It is {np}.', 'The name is {name}. It is {np}.',
        'I know {np} with the name {name}.', 'They call it {name}. It is {np}.',
    ],
    'suggestion': [
        'You should try {name}, {np}.', 'I recommend {name}. It is {np}.', 'Why not try {name}? It is {np}.',
        'How about {name}? It is {np}.', 'Try {name} if you want {np}.', 'If you want {np}, then {name} is right for you.',
        'You will love {name}, {np}.', 'My advice is {name}, {np}.', 'I suggest {name}. It is {np}.',
    ],
    'request': [
        'I am looking for {np}.', 'Can you find me {np}?', 'We would like {np}, please.', 'Is there {np} around here?',
        'Please show me {np}.', 'Do you know {np}?', 'My friend and I want {np}.', 'I need {np}.',
    ],
}
ACTS = list(FRAMES)


def with_article(words):
    return ('an ' if words[0] in 'aeiouAEIO' and not words.startswith('university') else 'a ') + words


def slot(key, value):
    """Which patterns a fact uses: a price in coins reads differently from a cheap one."""
    return 'coins' if key == 'price' and value.endswith('coins') else key


def level(key, value):
    """The word that goes with "prices": a cheap thing has low ones."""
    return {'cheap': 'low', 'expensive': 'high'}.get(value, value) if key == 'price' else value


def follow_up(rng, key, value, table):
    pattern = rng.choice(table[slot(key, value)])
    if key == 'price' and 'rices' not in pattern:
        return pattern.format(PRE['price'](value))
    return pattern.format(level(key, value))


def message(rng, thing, act, follow_share=0.35):
    """One or more sentences that hold exactly the facts in `thing` (its name only where it has one)."""
    before, after, later = [], [], []
    for key, value in thing.items():
        if key in ('kind', 'name'):
            continue
        patterns = slot(key, value)
        ways = [w for w, table in (('before', PRE), ('after', POST)) if patterns in table]
        if rng.random() < follow_share or not ways:
            later.append((key, value))
        elif rng.choice(ways) == 'before':
            before.append((key, PRE[key](value)))
        else:
            after.append(rng.choice(POST[patterns]).format(level(key, value)))
    order = ['rating', 'price', 'food', 'genre']
    before.sort(key=lambda pair: order.index(pair[0]))
    rng.shuffle(after)
    rng.shuffle(later)
    noun_phrase = with_article(' '.join([*(w for _, w in before), rng.choice(NOUN[thing['kind']]), *after]))
    sentences = [rng.choice(FRAMES[act]).format(name=thing.get('name'), np=noun_phrase)]
    table = WANT if act == 'request' else FOLLOW
    sentences += [follow_up(rng, key, value, table) for key, value in later]
    return ' '.join(sentences)
