"""Writes reference-ids.json: texts with the token ids that Hugging Face's transformers gives, for demo.test.ts.

    python reference_ids.py --demo ../../../public/demo --out reference-ids.json
"""
import argparse
import json
from pathlib import Path

from transformers import AutoTokenizer

TEXTS = [
    '', 'a', 'The', ' leading and trailing ', 'two  spaces,   three', 'line\nbreak\n\nand\ttab', "It's Clara's; we'll see", 'UPPER lower 0123456789 42 coins',
    'inform(name[Golden Anchor], price[cheap])', '[](){}<>;:!?"\'`~@#$%^&*-_=+|\\/', 'naïve café, Übergröße, señor', '简体中文也可以', 'emoji 🦊🏳️‍🌈 e\u0301', '\r\n mixed\u00a0space\u3000wide',
]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--demo', type=Path, required=True)
    parser.add_argument('--out', type=Path, required=True)
    args = parser.parse_args()
    tokenizer = AutoTokenizer.from_pretrained(args.demo)
    rows = (args.demo / 'heldout.jsonl').read_text(encoding='utf-8').splitlines()[:10]
    texts = TEXTS + [f'{row["prompt"]}\n{row["completion"]}' for row in map(json.loads, rows)]
    items = [json.dumps({'text': text, 'ids': tokenizer(text).input_ids}, ensure_ascii=False) for text in texts]
    args.out.write_text('[\n  ' + ',\n  '.join(items) + '\n]\n', encoding='utf-8')


if __name__ == '__main__':
    main()
