"""Ids of 300 texts by the tokenizers library, for each way in which GGUF names how text is cut: make_tokenizer_golden.py OUT.json

One small vocabulary, learnt without cutting, so that its merges cross every place where a way might cut. Patterns are those of the
publishers' tokenizer.json files. Ids are kept as one CRC-32 per text.
"""
import json
import random
import sys
import zlib

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

SHORT = "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
END = r"|\s*[\r\n]+|\s+(?!\S)|\s+"


def newer(digits: str) -> str:
    return SHORT + r"|[^\r\n\p{L}\p{N}]?\p{L}+|" + digits + r"| ?[^\s\p{L}\p{N}]+[\r\n]*" + END


def cased(short: str, digits: str) -> str:
    start, upper, lower = r"[^\r\n\p{L}\p{N}]?", r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]", r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"
    words = f"{start}{upper}*{lower}+{short}|{start}{upper}+{lower}*{short}"
    return words + "|" + digits + r"| ?[^\s\p{L}\p{N}]+[\r\n/]*" + END


DEEPSEEK = [
    r"\p{N}{1,3}",
    "[一-龥\u3040-ゟ゠-ヿ]+",
    r"""[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*""" + END,
]
SEED = SHORT + r"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1}| ?[^\s\p{L}\p{N}\r\n]+" + END
DIGITS, GPT2 = pre_tokenizers.Digits(individual_digits=True), "gpt-2"
# The name in GGUF, the parts of the pre-tokenizer, and whether a piece that is a token stays one.
WAYS = {
    "gpt-2": ([GPT2], False),
    "llama-bpe": ([newer(r"\p{N}{1,3}")], True),
    "smaug-bpe": ([newer(r"\p{N}{1,3}")], False),
    "qwen2": ([newer(r"\p{N}")], False),
    "smollm": ([DIGITS, GPT2], False),
    "deepseek-coder": (["[\r\n]", r"\s?\p{L}+", r"\s?\p{P}+", "[一-龥ࠀ-一가-\ud7ff]+", DIGITS], False),
    "deepseek-v3": (DEEPSEEK, False),
    "gpt-4o": ([cased(SHORT + "?", r"\p{N}{1,3}")], False),
    "tekken": ([cased("", r"\p{N}")], True),
    "seed-coder": ([SEED], False),
    "minicpm5": ([r"\p{N}{1,3}", newer(r"\p{N}+")], True),
    "viking": ([r" ?[^(\s|.,!?…。，、।۔،)]+", DIGITS], False),
    "default": ([r"[\p{P}\$\+<=>\^~\|]+", GPT2, r"\p{N}+", "[0-9][0-9][0-9]"], False),
}

PARTS = [
    "Hello", "world", "I'm", "DON'T", "we'Ll", "it's", "O'Neil", "camelCaseWord", "HTTPServer", "naïve", "Ça", "e\u0301te\u0301", "ǅungla",
    "ʰa", "ﬁne", "straße", "ΣΊΣΥΦΟΣ", "привет", "Мир", "नमस्ते", "हिन्दी", "สวัสดี", "ကမ္ဘာ", "안녕하세요", "세계", "你好", "世界和平", "我想在apple工作",
    "こんにちは", "カタカナー", "漢字かな交じり", "שלום", "مرحبا", "١٢٣", "४५६", "１２３４", "Ⅷ", "½", "x²", "1", "12", "123", "1234567", "3.14",
    "1,000,000", "0xFF", "😀", "👩‍👩‍👧‍👦", "🏳️‍🌈", "🇩🇪", "👍🏽", "→", "…", "“quoted”", "—", "!!", "?!", "...", "$5", "50%", "#tag", "@me", "a_b",
    "a-b", "a/b", "http://x.y/z?q=1", "foo(bar)", "{'a': [1, 2]}", "==", "!=", "+=", "->", "//", "/* */", "<tag>", "</s>", "<|end|>", "<|user|>",
    "\\n", "`code`", "~", "^", "|", "\t", "\n", "\r\n", "\r", "\n\n", "  ", "    ", "\t\t", " \n", "\n ", "\u00a0", "\u3000", "\u200b", "\u2028",
    "\x00", "\x01", "\x1b[0m", "\x7f", "\u0085", "\ufeff", "\ufffd", "\u0300", "'", "''", "'S", "'re", "/", "//\n", "!\n\n", ".\r\n",
]


def texts() -> list[str]:
    draw = random.Random(16)
    out = ["", " ", "\n", "a", "  a", "a  ", "def f(x):\n    return x ** 2\n\n\nclass A:\n\tpass\n", " " * 70 + "x", "\n" * 9, "\t " * 8]
    out += PARTS
    while len(out) < 300:
        out.append("".join(draw.choice(PARTS) + draw.choice(["", "", " ", " ", "  ", "\n"]) for _ in range(draw.randint(2, 9))))
    return out


def crc(ids: list[int]) -> str:
    return f"{zlib.crc32(','.join(map(str, ids)).encode()):08x}"


def main(path: str) -> None:
    every = texts()
    learnt = Tokenizer(models.BPE())
    learnt.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    plain = [text.replace("<|end|>", "").replace("<|user|>", "") for text in every]
    learnt.train_from_iterator(plain * 2, trainers.BpeTrainer(vocab_size=256 + 900, initial_alphabet=alphabet, show_progress=False))
    model = json.loads(learnt.to_str())["model"]
    # Tokens that no merge makes.
    vocab = {**model["vocab"]}
    for token in ["Ġworld", "cam", "123", "Hello"]:
        vocab.setdefault(token, len(vocab))
    merges = [m for m in (tuple(m) for m in model["merges"]) if "".join(m) not in ("Ġworld", "Hello")]
    special, user = len(vocab), len(vocab) + 1
    ways, ids = {}, {}
    for name, (parts, ignore) in WAYS.items():
        made = Tokenizer(models.BPE(vocab, merges, ignore_merges=ignore))
        byte = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=parts[-1] == GPT2)
        # GPT-2's own pattern is part of ByteLevel; in the middle of a list it needs its own part.
        gpt2 = pre_tokenizers.Split(Regex(r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"), "isolated")
        before = [
            gpt2 if part == GPT2 else pre_tokenizers.Split(Regex(part), "isolated") if isinstance(part, str) else part
            for i, part in enumerate(parts)
            if not (part == GPT2 and i == len(parts) - 1)
        ]
        made.pre_tokenizer = pre_tokenizers.Sequence([*before, byte])
        made.decoder = decoders.ByteLevel()
        made.add_special_tokens([AddedToken("<|end|>", normalized=False)])
        made.add_tokens([AddedToken("<|user|>", normalized=False)])
        ways[name] = {"pre_tokenizer": json.loads(made.to_str())["pre_tokenizer"], "ignore_merges": ignore}
        ids[name] = "".join(crc(made.encode(text, add_special_tokens=False).ids) for text in every)
        assert made.token_to_id("<|end|>") == special and made.token_to_id("<|user|>") == user
    tokens = sorted(vocab, key=vocab.get)
    out = {"texts": every, "tokens": tokens, "merges": [" ".join(m) for m in merges], "ways": ways, "ids": ids}
    with open(path, "w", encoding="utf-8") as file:
        json.dump(out, file, ensure_ascii=True, separators=(",", ":"))


if __name__ == "__main__":
    main(sys.argv[1])
