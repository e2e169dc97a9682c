"""Writes the corpus of the demo's base model, and the demo's data set: train.jsonl and heldout.jsonl.

    python generate.py --corpus /tmp/tabtune-demo --data ../../../public/demo
"""
import argparse
import json
import random
import re
from pathlib import Path

from documents import document
from messages import ACTS, message
from world import KINDS, facts, make_thing, some_facts

VERBS = {'statement': 'inform', 'suggestion': 'recommend', 'request': 'request'}
# The functional form: a word with a bracket right behind it. It must not occur in the corpus.
FUNCTIONAL = re.compile(r'\w[\[(]')


def functional(act, thing):
    """`inform(name[Golden Anchor], food[Thai])`: the verb of the act, then the facts in their fixed order."""
    return f'{VERBS[act]}({", ".join(f"{key}[{value}]" for key, value in facts(thing))})'


def rows(rng, count, reserved):
    """Different rows {prompt, completion}; with `reserved`, only names that nothing else uses."""
    seen, out = set(), []
    while len(out) < count:
        act = rng.choices(ACTS, [5, 3, 2])[0]
        thing = make_thing(rng, rng.choice(KINDS), reserved, praised=act == 'suggestion')
        thing = some_facts(rng, thing, 2, 4, named=act != 'request')
        prompt = message(rng, thing, act)
        answer = functional(act, thing)
        if prompt in seen or len(prompt) > 105 or len(answer) > 85:
            continue
        seen.add(prompt)
        out.append({'prompt': prompt, 'completion': answer})
    return out


def write_jsonl(path, items):
    path.write_text(''.join(json.dumps(item, ensure_ascii=False) + '\n' for item in items), encoding='utf-8')


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--corpus', type=Path, required=True, help='folder for corpus.jsonl and validation.jsonl')
    parser.add_argument('--data', type=Path, required=True, help='folder for train.jsonl and heldout.jsonl')
    parser.add_argument('--documents', type=int, default=80_000)
    parser.add_argument('--seed', type=int, default=2)
    args = parser.parse_args()
    args.corpus.mkdir(parents=True, exist_ok=True)

    train = rows(random.Random(args.seed + 1), 720, reserved=False)
    used = {row['prompt'] for row in train}
    heldout = [row for row in rows(random.Random(args.seed + 2), 100, reserved=True) if row['prompt'] not in used][:64]
    write_jsonl(args.data / 'train.jsonl', train)
    write_jsonl(args.data / 'heldout.jsonl', heldout)

    forbidden = {row['prompt'] for row in heldout}
    for name, count, seed in (('corpus', args.documents, args.seed), ('validation', 500, args.seed + 3)):
        rng, texts = random.Random(seed), []
        while len(texts) < count:
            text = document(rng)
            if FUNCTIONAL.search(text):
                raise ValueError(f'corpus: expected plain English, got a functional form in {text!r}. Fix documents.py.')
            if not any(line in forbidden for line in text.split('\n')):
                texts.append(text)
        write_jsonl(args.corpus / f'{name}.jsonl', ({'text': t} for t in texts))


if __name__ == '__main__':
    main()
