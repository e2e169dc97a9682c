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
        if prompt in seen or len(prompt + answer) > 145:
            continue
        seen.add(prompt)
        out.append({'prompt': prompt, 'completion': answer})
    return out


def documents(rng, count, forbidden):
    """Texts of the corpus; those with a forbidden sentence on a line of its own are left out."""
    texts = []
    while len(texts) < count:
        text = document(rng)
        if FUNCTIONAL.search(text):
            raise ValueError(f'corpus: expected plain English, got a functional form in {text!r}. Fix documents.py.')
        if forbidden.isdisjoint(text.split('\n')):
            texts.append(text)
    return texts


def unseen(items, text):
    """The rows whose sentence and whose name do not occur in `text`, not even inside another name."""
    def name(row):
        found = re.search(r'name\[([^\]]*)\]', row['completion'])
        return found.group(1) if found else row['prompt']

    return [row for row in items if row['prompt'] not in text and name(row) not in text]


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
    candidates = rows(random.Random(args.seed + 2), 100, reserved=True)
    forbidden = {row['prompt'] for row in candidates}
    corpus = documents(random.Random(args.seed), args.documents, forbidden)
    heldout = unseen(candidates, '\n'.join([*corpus, *(row['prompt'] for row in train)]))[:64]

    write_jsonl(args.data / 'train.jsonl', train)
    write_jsonl(args.data / 'heldout.jsonl', heldout)
    write_jsonl(args.corpus / 'corpus.jsonl', ({'text': t} for t in corpus))
    validation = documents(random.Random(args.seed + 3), 500, forbidden)
    write_jsonl(args.corpus / 'validation.jsonl', ({'text': t} for t in validation))


if __name__ == '__main__':
    main()
