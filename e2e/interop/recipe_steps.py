"""Near duplicates, leaks and splits of `tabtune data`, against the same rules in plain Python.

python3 e2e/interop/recipe_steps.py [ROWS [SEED]]: makes ROWS (5,000) rows with planted duplicates, leaks and generated rows, runs the
steps on them, and compares every row that is left with what all pairs, compared one by one, say. It needs no packages.
"""
import json
import random
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
THRESHOLD, SIZE = 0.7, 3


def make_rows(count, rng):
    vocabulary = [f'{a}{b}' for a in 'ba de fi go hu ja ke li mo nu'.split() for b in 'l r s t n café 你好 x'.split()]
    rows = []
    for _ in range(count):
        if rows and rng.random() < 0.4:
            row = dict(rng.choice(rows))
            words = row['prompt'].split()
            for _ in range(rng.randint(0, 4)):
                words[rng.randrange(len(words))] = rng.choice(vocabulary)
            row['prompt'] = rng.choice([' '.join(words), '  '.join(words).upper(), ', '.join(words) + '!'])
            if rng.random() < 0.2:
                row['completion'] = rng.choice(vocabulary)
        else:
            row = {'prompt': ' '.join(rng.choices(vocabulary, k=rng.randint(1, 30))), 'completion': rng.choice(vocabulary)}
        rows.append(row | {'kind': rng.choice('abcde')})
    return rows


def words_of(text):
    return re.findall(r'[一-鿿]|(?:(?![一-鿿])[^\W_])+', text.lower())


def shingles(text):
    words = words_of(text)
    return {tuple(words[i:i + SIZE]) for i in range(max(1, len(words) - SIZE + 1))} if words else set()


def alike(a, b):
    return len(a & b) / len(a | b) >= THRESHOLD if a and b else False


def without_near(rows):
    kept, by_shingle = [], {}
    for row in rows:
        own = shingles(row['prompt'] + '\n' + row['completion'])
        others = {i for each in own for i in by_shingle.get(each, ())}
        if any(alike(own, kept[i][1]) for i in others):
            continue
        for each in own:
            by_shingle.setdefault(each, []).append(len(kept))
        kept.append((row, own))
    return [row for row, _ in kept]


def without_leaks(rows, evaluation):
    same = {' '.join(row['prompt'].lower().split()) for row in evaluation}
    held = [shingles(row['prompt']) for row in evaluation]

    def leaks(row):
        own = shingles(row['prompt'])
        return ' '.join(row['prompt'].lower().split()) in same or any(own & each and alike(own, each) for each in held)

    return [row for row in rows if not leaks(row)]


def splitmix(seed):
    """src/data/random.ts"""
    state = seed & 0xffffffff
    while True:
        state = (state + 0x9e3779b9) & 0xffffffff
        z = (state ^ (state >> 16)) * 0x85ebca6b & 0xffffffff
        z = (z ^ (z >> 13)) * 0xc2b2ae35 & 0xffffffff
        yield (z ^ (z >> 16)) / 2 ** 32


def split(rows, share, seed):
    """By share, with rows of the same prompt together and every kind's share. Gives the prompts for evaluation."""
    groups = {}
    for row in rows:
        groups.setdefault(' '.join(row['prompt'].lower().split()), []).append(row)
    groups = list(groups.values())
    random_ = splitmix(seed ^ (0x5eed + 1) * 0x9e3779b1 & 0xffffffff)
    order = list(range(len(groups)))
    for i in range(len(order) - 1, 0, -1):
        j = int(next(random_) * (i + 1))
        order[i], order[j] = order[j], order[i]
    seen = taken = 0
    evaluation = []
    for i in sorted(order, key=lambda i: groups[i][0]['kind']):
        seen += len(groups[i])
        if share * seen - taken > len(groups[i]) / 2:
            taken += len(groups[i])
            evaluation += groups[i]
    return evaluation


def run(folder, steps, rows, evaluation=None):
    """What `tabtune data` leaves for training and for evaluation."""
    write = lambda name, lines: (folder / name).write_text(''.join(json.dumps(line, ensure_ascii=False) + '\n' for line in lines))
    write('rows.jsonl', rows)
    (folder / 'recipe.json').write_text(json.dumps({'tabtuneRecipe': 1, 'steps': [{'step': s, 'settings': v} for s, v in steps]}))
    options = ['--in', 'rows.jsonl', '--recipe', 'recipe.json', '--out', 'out.jsonl']
    if evaluation is not None:
        write('held.jsonl', evaluation)
        options += ['--eval', 'held.jsonl']
    paths = [str(folder / each) if each.endswith(('.json', '.jsonl')) else each for each in options]
    subprocess.run(['npm', 'run', '-s', 'tabtune', '--', 'data', *paths], cwd=ROOT, check=True, capture_output=True)
    read = lambda name: [json.loads(line) for line in (folder / name).read_text().splitlines()] if (folder / name).exists() else []
    return [[{k: v for k, v in row.items() if k != '_origin'} for row in read(name)] for name in ('out.jsonl', 'out.eval.jsonl')]


def check(name, got, expected):
    print(f'{name}: {len(got)} rows, {"as in Python" if got == expected else f"Python has {len(expected)}"}')
    return got == expected


def main():
    count, seed = (int(sys.argv[i]) if len(sys.argv) > i else default for i, default in ((1, 5000), (2, 1)))
    rng = random.Random(seed)
    rows = make_rows(count, rng)
    held = count // 10
    by_key = lambda each: (each['prompt'], each['completion'], each['kind'])
    fine = []
    near = {'threshold': THRESHOLD, 'size': SIZE}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        got, _ = run(folder, [('drop-near-duplicates', near)], rows)
        fine.append(check('near duplicates', got, without_near(rows)))
        got, _ = run(folder, [('drop-leaks', near)], rows[held:], rows[:held])
        fine.append(check('leaks', got, without_leaks(rows[held:], rows[:held])))
        settings = {'share': 0.15, 'seed': seed, 'together': 'prompt', 'evenly': 'column', 'evenlyColumn': 'kind'}
        (folder / 'out.eval.jsonl').unlink(missing_ok=True)
        train, evaluation = run(folder, [('split', settings)], rows)
        fine.append(check('split, evaluation', sorted(evaluation, key=by_key), sorted(split(rows, 0.15, seed), key=by_key)))
        fine.append(check('split, all rows', sorted(train + evaluation, key=by_key), sorted(rows, key=by_key)))
    sys.exit(0 if all(fine) else 1)


if __name__ == '__main__':
    main()
